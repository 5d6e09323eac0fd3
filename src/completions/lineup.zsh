#compdef lineup
# SPDX-License-Identifier: MIT
# zsh completion for lineup
_lineup() {
	local -a commands
	commands=(
		'scan:read logs and report the suspects'
		'lines:show how each line is read'
		'rules:list, show, check, test and measure rules'
		'help:tell more of a command'
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		_arguments '--help[this text]' '--version[the version]'
		return
	fi
	local command=$words[2]
	shift words
	(( CURRENT-- ))
	case $command in
	scan)
		_arguments -s \
			'*-r+[rule file or folder, added to the built-in rules]:path:_files' \
			'*--rules=[rule file or folder, added to the built-in rules]:path:_files' \
			'--no-builtin[leave the built-in rules out]' \
			'*-e+[a pattern, as in grep -P]:regex:' \
			'*--regexp=[a pattern, as in grep -P]:regex:' \
			'*-f+[patterns from a file, one a line]:file:_files' \
			'*--file=[patterns from a file, one a line]:file:_files' \
			'-s+[only lines from this time on]:time:' \
			'--since=[only lines from this time on]:time:' \
			'-u+[only lines before this time]:time:' \
			'--until=[only lines before this time]:time:' \
			'--tz=[zone of stamps that carry none, and of times given here]:zone:' \
			'--year=[year of stamps that carry none]:yyyy:' \
			'*--layout=[layout of stamps, strptime-like, tried before the built-in ones]:layout:' \
			'*--layout-file=[layouts of stamps from FILE, one a line; lines that begin with # are none]:file:_files' \
			'--window=[width of a time bucket, such as 30s, 5m, 1h]:duration:' \
			'--incident=[when it hurt]:a to b:' \
			'--baseline=[what normal looks like]:a to b or path:' \
			'--changes=[deployments, config changes, jobs]:file:_files' \
			'*--service=[its first capture group, in the member'\''s path or else in the line, names the service]:regex:' \
			'*--include=[read only such files and members of archives]:glob:' \
			'*--exclude=[leave such files and members out]:glob:' \
			'--max-depth=[archives and compressions inside each other]:n:' \
			'--max-size=[decoded bytes of one input]:size:' \
			'--max-ratio=[decoded to encoded bytes of one input]:n:' \
			'--max-members=[members of one input, in all its archives]:n:' \
			'--max-window=[memory that one decoder may fill with what it looks back at]:size:' \
			'--max-line=[longer lines are cut there]:size:' \
			'-n+[suspects shown]:n:' \
			'--top=[suspects shown]:n:' \
			'--min-severity=[leave out what is less severe]:level:(critical high medium low info)' \
			'--format=[text, json, jsonl or csv]:format:(text json jsonl csv)' \
			'-o+[write the report there, whole or not at all]:file:_files' \
			'--output=[write the report there, whole or not at all]:file:_files' \
			'--fail-on=[exit with 1 if a suspect is at least this severe]:level:(critical high medium low info)' \
			'--redact[replace secrets and private addresses in all shown text]' \
			'--stats[bytes, lines, rules, and seconds and GB/s by stage, on standard error]' \
			'--color=[auto, always or never]:when:(auto always never)' \
			'--no-progress[no progress bar]' \
			'-q[no messages but errors]' \
			'--quiet[no messages but errors]' \
			'-v[show all]' \
			'--verbose[show all]' \
			'-j+[threads]:n:' \
			'--jobs=[threads]:n:' \
			'--cache-dir=[where compiled rules are kept]:folder:_files -/' \
			'--no-cache[neither read nor write compiled rules]' \
			'-h[this text]' \
			'--help[this text]' \
			'-V[the version, and that of every library]' \
			'--version[the version, and that of every library]' \
			'*:path:_files'
		;;
	lines)
		_arguments -s \
			'*-r+[rule file or folder, added to the built-in rules]:path:_files' \
			'*--rules=[rule file or folder, added to the built-in rules]:path:_files' \
			'--no-builtin[leave the built-in rules out]' \
			'*-e+[a pattern, as in grep -P]:regex:' \
			'*--regexp=[a pattern, as in grep -P]:regex:' \
			'*-f+[patterns from a file, one a line]:file:_files' \
			'*--file=[patterns from a file, one a line]:file:_files' \
			'-s+[only lines from this time on]:time:' \
			'--since=[only lines from this time on]:time:' \
			'-u+[only lines before this time]:time:' \
			'--until=[only lines before this time]:time:' \
			'--tz=[zone of stamps that carry none, and of times given here]:zone:' \
			'--year=[year of stamps that carry none]:yyyy:' \
			'*--layout=[layout of stamps, strptime-like, tried before the built-in ones]:layout:' \
			'*--layout-file=[layouts of stamps from FILE, one a line; lines that begin with # are none]:file:_files' \
			'*--service=[its first capture group, in the member'\''s path or else in the line, names the service]:regex:' \
			'*--include=[read only such files and members of archives]:glob:' \
			'*--exclude=[leave such files and members out]:glob:' \
			'--max-depth=[archives and compressions inside each other]:n:' \
			'--max-size=[decoded bytes of one input]:size:' \
			'--max-ratio=[decoded to encoded bytes of one input]:n:' \
			'--max-members=[members of one input, in all its archives]:n:' \
			'--max-window=[memory that one decoder may fill with what it looks back at]:size:' \
			'--max-line=[longer lines are cut there]:size:' \
			'-o+[write the report there, whole or not at all]:file:_files' \
			'--output=[write the report there, whole or not at all]:file:_files' \
			'--no-progress[no progress bar]' \
			'-q[no messages but errors]' \
			'--quiet[no messages but errors]' \
			'-j+[threads]:n:' \
			'--jobs=[threads]:n:' \
			'--cache-dir=[where compiled rules are kept]:folder:_files -/' \
			'--no-cache[neither read nor write compiled rules]' \
			'-h[this text]' \
			'--help[this text]' \
			'-V[the version, and that of every library]' \
			'--version[the version, and that of every library]' \
			'*:path:_files'
		;;
	rules)
		_arguments -s \
			'*-r+[rule file or folder, added to the built-in rules]:path:_files' \
			'*--rules=[rule file or folder, added to the built-in rules]:path:_files' \
			'--no-builtin[leave the built-in rules out]' \
			'*-e+[a pattern, as in grep -P]:regex:' \
			'*--regexp=[a pattern, as in grep -P]:regex:' \
			'*-f+[patterns from a file, one a line]:file:_files' \
			'*--file=[patterns from a file, one a line]:file:_files' \
			'--strict[rules check]' \
			'--min-severity=[leave out what is less severe]:level:(critical high medium low info)' \
			'--format=[text, json, jsonl or csv]:format:(text json jsonl csv)' \
			'-o+[write the report there, whole or not at all]:file:_files' \
			'--output=[write the report there, whole or not at all]:file:_files' \
			'--color=[auto, always or never]:when:(auto always never)' \
			'-q[no messages but errors]' \
			'--quiet[no messages but errors]' \
			'-j+[threads]:n:' \
			'--jobs=[threads]:n:' \
			'--cache-dir=[where compiled rules are kept]:folder:_files -/' \
			'--no-cache[neither read nor write compiled rules]' \
			'-h[this text]' \
			'--help[this text]' \
			'-V[the version, and that of every library]' \
			'--version[the version, and that of every library]' \
			'1:what:(list show check test cost)' '*:path:_files'
		;;
	help)
		_arguments -s \
			'-h[this text]' \
			'--help[this text]' \
			'-V[the version, and that of every library]' \
			'--version[the version, and that of every library]' \
			'1:command:(scan lines rules help)'
		;;
	esac
}
_lineup "$@"
