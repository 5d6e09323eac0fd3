# SPDX-License-Identifier: MIT
# bash completion for lineup
_lineup() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command="" word options
	COMPREPLY=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		scan | lines | rules | help)
			command=$word
			break
			;;
		esac
	done
	case $prev in
	--min-severity | --fail-on)
		mapfile -t COMPREPLY < <(compgen -W 'critical high medium low info' -- "$cur")
		return
		;;
	--format)
		mapfile -t COMPREPLY < <(compgen -W 'text json jsonl csv' -- "$cur")
		return
		;;
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
		return
		;;
	esac
	case $command in
	scan)
		options='-r --rules --no-builtin -e --regexp -f --file -s --since -u --until --tz --year --layout --layout-file --window --incident --baseline --changes --service --include --exclude --max-depth --max-size --max-ratio --max-members --max-window --max-line -n --top --min-severity --format -o --output --fail-on --redact --stats --color --no-progress -q --quiet -v --verbose -j --jobs --cache-dir --no-cache -h --help -V --version'
		;;
	lines)
		options='-r --rules --no-builtin -e --regexp -f --file -s --since -u --until --tz --year --layout --layout-file --service --include --exclude --max-depth --max-size --max-ratio --max-members --max-window --max-line -o --output --no-progress -q --quiet -j --jobs --cache-dir --no-cache -h --help -V --version'
		;;
	rules)
		options='-r --rules --no-builtin -e --regexp -f --file --strict --min-severity --format -o --output --color -q --quiet -j --jobs --cache-dir --no-cache -h --help -V --version'
		;;
	help)
		options='-h --help -V --version'
		;;
	*)
		mapfile -t COMPREPLY < <(compgen -W 'scan lines rules help --help --version' -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
	elif [[ $command == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'scan lines rules help' -- "$cur")
	elif [[ $command == rules && $prev == rules ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'list show check test cost' -- "$cur")
	fi
}
complete -o default -o bashdefault -F _lineup lineup
