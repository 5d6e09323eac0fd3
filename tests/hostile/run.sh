#!/bin/bash
# SPDX-License-Identifier: MIT
# The table of hostile cases: what is given, what must happen. Each line prints its outcome.
# usage: run.sh LINEUP [COUNTS]
set -u
here=$(cd "$(dirname "$0")" && pwd)
lineup=$(realpath "$1")
counts=${2:-/dev/null}
passed=0 failed=0
folder=$(mktemp -d "${TMPDIR:-/tmp}/lineup-hostile-XXXXXX")
trap 'chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
cd "$folder" || exit 2
export LC_ALL=C TZ=UTC XDG_CACHE_HOME=$folder/cache
line='2026-03-01T10:00:00Z ERROR one'
# Whatever has not ended by then never ends; on a busy machine the longest case takes minutes.
hangs_s=900

verdict() { # NAME RIGHT? DETAIL
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		printf '%-34s %s\n' "$1" "$3"
	else
		failed=$((failed + 1))
		printf 'FAILED %-34s %s\n' "$1" "$3"
		head -c 600 err
	fi
}

# reads NAME STATUS LINES MESSAGE PATH [OPTION...]: what `lines` says of the path. LINES may be `-`.
reads() {
	local name=$1 status=$2 lines=$3 message=$4
	shift 4
	timeout $hangs_s "$lineup" lines --no-builtin --no-cache "$@" >out 2>err
	local got=$? count right=0
	count=$(wc -l <out)
	[ $got = "$status" ] || right=1
	[ "$lines" = - ] || [ "$count" = "$lines" ] || right=1
	[ -z "$message" ] || grep -qF -- "$message" err || right=1
	tr -d '\n' <out | grep -q '[[:cntrl:]]' && right=1
	tr -d '\n' <err | grep -q '[[:cntrl:]]' && right=1
	verdict "$name" $right "status $got, $count lines${message:+, says: $message}"
}

# ends NAME STATUS MESSAGE COMMAND...: any command.
ends() {
	local name=$1 status=$2 message=$3 right=0
	shift 3
	timeout $hangs_s "$@" >out 2>err
	local got=$?
	[ $got = "$status" ] || right=1
	[ -z "$message" ] || cat out err | grep -qF -- "$message" || right=1
	verdict "$name" $right "status $got${message:+, says: $message}"
}

made() { "$here/make.py" "$1" "$1" && echo "$1"; }

echo "$line" >good.log
# --- names, links, kinds of files
mkdir names && cp good.log "names/$(printf 'a\033[31m\n\377.log')"
reads 'control bytes and bad UTF-8 in names' 0 1 '' names
mkdir kinds && cp good.log kinds/ && mkfifo kinds/pipe && ln -s kinds kinds/loop && ln -s . kinds/self
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("kinds/socket")'
reads 'pipe, socket, links in a folder' 0 1 '' kinds
ln -s knot2 knot && ln -s knot knot2
reads 'a knot of links' 2 0 'symbolic link' knot
reads 'a device' 2 0 'a device' /dev/zero
reads 'a file of /proc, which says no size' 0 1 '' /proc/version
mkdir links && cp good.log links/ && ln -s /proc/version links/away && ln -s nothing links/dangling && ln -s good.log links/same
reads 'links that leave a folder' 0 1 'which is not followed' links
reads 'a link to nothing' 0 1 'not there' links
ends 'the output among the input' 0 '' bash -c 'mkdir -p own && cp good.log own/ && "$1" lines --no-builtin --no-cache own >own/out.log 2>own.err && grep -q "output of this run" own.err && [ "$(wc -l <own/out.log)" = 1 ]' - "$lineup"
reads 'specials in a tar' 0 1 '' "$(made specials.tar)"
reads 'absolute, .. and control in a tar' 0 3 '' "$(made names.tar)"
[ ! -e /etc/abs.log ] && [ ! -e ../../up.log ]
verdict 'nothing is unpacked' $? 'no file appeared'
reads 'one name twice in a tar' 0 3 '' "$(made double.tar)"
reads 'one name twice in a zip' 0 2 '' "$(made double.zip)"
reads 'an empty member' 0 1 '' "$(made empty.tar)"
# --- damage
reads 'a wrong size in a header' 3 - '' "$(made wrong_size.tar)"
reads 'a tar whose first header is bad' 3 2 'first header is damaged' "$(made first_header.tar)"
reads 'a name of 4 GB' 3 0 'allocate' "$(made long_name.cpio)"
reads 'a bad checksum behind good lines' 3 3 'checksum' "$(made bad_crc.gz)"
reads 'a broken member in a good zip' 3 - 'a.log' "$(made bad_member.zip)"
reads 'an encrypted member' 3 1 'encrypted' "$(made locked.zip)"
reads 'a sparse member' 0 3 '' "$(made sparse.tar)"
: >empty.log
reads 'an empty file' 0 0 '' empty.log
truncate -s 1T hole.log
reads 'a hole of a terabyte' 0 0 'NUL' hole.log
# --- whole, but odd: the names of the files say what must come of them
"$here/odd.py" odd
for file in odd/*; do
	IFS=- read -r lines status name <<<"${file#odd/}"
	reads "$name" "$status" "${lines/'*'/-}" '' "$file"
done
# Where the data ends is found, so that its checksum is too.
"$lineup" lines --no-builtin --no-cache odd/*-forward-no-directory-* 2>&1 >/dev/null | grep -qE '!.*(lost|follows)'
[ $? = 1 ]
verdict 'ends of streamed members' $? 'are found without a directory'
for file in odd/*-bytes-lost-*; do
	"$lineup" lines --no-builtin --no-cache "$file" 2>err | grep -c '!b.log"' >out
	[ "$(cat out)" = 2 ]
	verdict "${file#odd/*-3-}" $? 'the next member is read'
done
# --- bombs
reads 'archives of archives (42.zip)' 3 - 'limit' "$(made bomb.zip)" --max-size 64M
ends 'a ratio of hundreds' 3 '--max-ratio' "$lineup" scan --no-builtin --no-cache -e nothing --max-ratio 50 "$(made even.gz)"
reads 'zeros' 3 0 '--max-size' "$(made zeros.gz)" --max-size 8M
reads 'overlapping members' 3 - '' "$(made overlapping.zip)" --max-size 1M
reads 'tiny members, all of them' 0 20000 '' "$(made tiny.tar)"
reads 'more members than allowed' 3 500 '--max-members' tiny.tar --max-members 500
reads 'a zstd window of gigabytes' 3 - '' "$(made window.zst)"
head -c 3000000 /dev/zero | tr '\0' x >endless.log
reads 'a line without an end' 3 1 'limit' endless.log --max-line 64K
reads 'a window that data fills' 3 - '--max-window' "$(made dictionary.xz)" --max-window 1M
reads 'the same window, allowed' 0 300000 '' dictionary.xz
ends 'members of 50,000 names' 0 '50,000 lines' "$lineup" scan --no-builtin --no-cache -e ERROR "$(made names.zip)"
reads 'members twice, listed once' 3 120000 'lost' "$(made listed_once.zip)"
reads 'a gzip of itself' 3 0 '--max-depth' "$(made quine.gz)"
reads 'a thousand layers' 3 0 '--max-depth' "$(made deep.gz)"
ends 'a million members and one' 3 '--max-members' "$lineup" scan --no-builtin --no-cache -e ERROR "$(made a_million.tar.gz)"
grep -qF '1,000,000 lines' out
verdict 'up to the limit' $? 'all are counted'
cp good.log deep && for i in 1 2 3 4 5 6 7 8 9; do gzip -nc deep >deep2 && mv deep2 deep; done
reads 'nine layers' 3 0 '--max-depth' deep
# --- rules
rules() { ends "$1" "$2" "$3" "$lineup" scan --no-builtin --no-cache --format json -e ERROR -r "$4" good.log; }
rules 'aliases of aliases' 0 'rejected' "$(made rules_alias.yaml)"
rules 'a hundred thousand brackets' 0 'rules_deep.yaml' "$(made rules_deep.yaml)"
rules 'three thousand bad rules' 0 'pattern cannot be used' "$(made rules_many.yaml)"
{ head -c 60000 /dev/zero | tr '\0' a; printf ' b c\n'; head -c 40 /dev/zero | tr '\0' a; printf ' c\n'; cat good.log; } >backtrack.log
made explosions.txt >/dev/null
ends 'patterns that explode' 3 '"title": "ERROR"' "$lineup" scan --no-builtin --no-cache --format json -f explosions.txt good.log backtrack.log
made rules_capture.yaml >/dev/null
ends 'captures that backtrack' 3 '"id": "slow/good"' "$lineup" scan --no-builtin --no-cache --format json -r rules_capture.yaml good.log backtrack.log
ends 'a pattern of a million states' 0 '' "$lineup" scan --no-builtin --no-cache -e '(a{1,1000}){1,1000}' -e ERROR good.log
ends 'backtracking without end' 3 'given up' "$lineup" scan --no-builtin --no-cache --format json -e '(?!x)(a+)+\1(?<!a) c' -e '(?=(a+)+$)(a|aa)+(?<!x)b\1' -e '(a+)+(?=c)' -e ERROR backtrack.log
made rules_jq.yaml >/dev/null
echo '{"time":"2026-03-01T10:00:00Z","level":"error"}' >json.log
ends 'a jq program without end' 3 'given up' "$lineup" scan --no-builtin --no-cache --format json -r rules_jq.yaml -e error json.log
grep -q '"id": "jq/good"' out && grep -q 'may not use def' out
verdict 'the rules beside it' $? 'fire; what defines functions is rejected'
mkdir -p pack/folder.yaml && mkfifo pack/pipe.yaml && ln -s /dev/zero pack/zero.yaml && ln -s . pack/loop
printf 'pack: own\nrules:\n  - {id: own/one, title: t, severity: low, match: ERROR}\n' >pack/own.yaml
ends 'a pack with a pipe, folder, device' 0 '"id": "own/one"' "$lineup" scan --no-builtin --no-cache --format json -r pack good.log
for option in -r -f --changes --layout-file; do
	ends "an endless $option" 2 '/dev/zero' "$lineup" scan --no-builtin --no-cache -e ERROR $option /dev/zero good.log
	ends "a folder as $option" $([ $option = -r ] && echo 0 || echo 2) '' "$lineup" scan --no-builtin --no-cache -e ERROR $option kinds good.log
done
{ echo time,service,change; seq -f '2026-03-01T09:59:59Z,good,change %.0f' 200000; } >changes.csv
ends '200,000 changes' 0 'change' "$lineup" scan --no-builtin --no-cache --format json -e ERROR --changes changes.csv good.log
# --- output, cache, signals
ends 'a full disk' 2 'No space left' "$lineup" scan --no-builtin --no-cache -e ERROR -o /dev/full good.log
ends 'standard output on a full disk' 2 'No space left' bash -c '"$1" scan --no-builtin --no-cache -e ERROR good.log >/dev/full' - "$lineup"
made evil.log >/dev/null
for format in text json jsonl csv; do
	ends "hostile text in $format" 0 '' bash -c '"$1" scan --no-builtin --no-cache --format "$2" -e EVIL evil.log >evil.out && ! tr -d "\n" <evil.out | grep -q "[[:cntrl:]]"' - "$lineup" $format
done
"$lineup" scan --no-builtin --no-cache --format csv -e EVIL evil.log | python3 -c 'import csv, sys
sys.exit(any(cell[:1] in "=+-@" and not cell[1:2].isdigit() for row in csv.reader(sys.stdin) for cell in row if cell))'
verdict 'formulas in CSV' $? 'no cell begins one'
ends 'a closed pipe' 0 '' bash -c 'for i in {1..3000}; do cat good.log; done >many.log; "$1" lines --no-builtin --no-cache many.log | head -n 1 >/dev/null; [ ${PIPESTATUS[0]} = 2 ]' - "$lineup"
ends 'a limit on the size of files' 2 'too large' bash -c 'ulimit -f 1; "$1" scan --no-builtin --no-cache --format json -e ERROR -o large.json $(for i in {1..300}; do echo -e word$i; done) good.log' - "$lineup"
[ ! -e large.json ]
verdict 'what was begun of it' $? 'is gone'
# A disk of 64 KB, where this user may have one.
mkdir disk
cat >small_disk <<'END'
exec unshare -rm bash -c 'mount -t tmpfs -o size=64k none disk && { head -c 100000 /dev/zero >disk/full 2>/dev/null; "$@"; }' - "$@"
END
if bash small_disk true 2>/dev/null; then
	printf 'word%d\n' {1..600} >words.txt
	ends 'a small disk for the report' 2 'No space left' bash small_disk "$lineup" scan --no-builtin --no-cache --format json -f words.txt -o disk/report.json good.log
	ends 'a small disk for the cache' 0 '"title": "word1"' bash small_disk "$lineup" scan --no-builtin --cache-dir disk/cache --format json -f words.txt -e word1 words.txt
	TMPDIR=$folder/disk ends 'a small disk for temporary files' 3 'TMPDIR' bash small_disk bash -c 'gzip -c double.zip | "$1" lines --no-builtin --no-cache -' - "$lineup"
fi
ends 'no standard streams at all' 2 '' bash -c '"$1" scan --no-builtin --no-cache -e ERROR good.log <&- >&- 2>&-' - "$lineup"
ends 'a report to a pipe that closes' 0 '' bash -c '"$1" scan --no-builtin --no-cache --format json -e ERROR good.log | true; got=${PIPESTATUS[0]}; [ $got = 2 ] || [ $got = 0 ]' - "$lineup"
cached() { "$lineup" scan --no-builtin -e ERROR --format json --cache-dir "$folder/mine" good.log "$@"; }
cached >first.json
for file in mine/*; do printf X | dd of="$file" bs=1 seek=200 conv=notrunc status=none; done
cached >second.json
cmp -s first.json second.json
verdict 'a damaged cache' $? 'the same report'
chmod o+w mine/* && cached >third.json && cmp -s first.json third.json
verdict 'a cache that others may write' $? 'the same report'
for kind in link pipe file unwritable; do
	rm -rf mine
	case $kind in
	link) mkdir -p elsewhere && ln -s elsewhere mine ;;
	pipe) mkfifo mine ;;
	file) echo text >mine ;;
	unwritable) mkdir mine && chmod 500 mine ;;
	esac
	cached >odd.json && cmp -s first.json odd.json
	verdict "a cache folder that is a $kind" $? 'the same report'
done
chmod u+w mine; rm -rf mine && cached >third.json
for file in mine/*; do rm -f "$file" && mkfifo "$file"; done
timeout $hangs_s "$lineup" scan --no-builtin -e ERROR --format json --cache-dir mine good.log >odd.json && cmp -s first.json odd.json
verdict 'a pipe instead of a saved matcher' $? 'the same report'
rm -rf mine && cached >third.json
if [ "$(id -u)" = 0 ]; then
	chown 65534 mine && cached >fourth.json && cmp -s first.json fourth.json
	verdict 'a cache folder of another user' $? 'the same report'
	chown 0 mine
	chmod go-w mine/* && chown 65534 mine/* && cached >fourth.json && cmp -s first.json fourth.json
	verdict 'a cache of another user' $? 'the same report'
fi
rm -rf mine
for i in 1 2 3 4 5 6; do cached >"together$i.json" & done
wait
right=0
for i in 1 2 3 4 5 6; do cmp -s first.json "together$i.json" || right=1; done
verdict 'six runs that fill one cache' $right 'the same report'
right=0
for i in 1 2 3 4 5 6 7 8; do
	rm -rf mine
	cached -o killed.json >/dev/null 2>&1 &
	victim=$!
	python3 -c "import time; time.sleep(0.01 * $i)"
	kill -9 $victim 2>/dev/null
	wait $victim 2>/dev/null
	cached >after.json && cmp -s first.json after.json || right=1
done
verdict 'kill -9 at eight moments' $right 'the next run is the same'
# Whenever it is killed: the next run is the same, and nothing is left beside the report.
right=0
mkdir report
for i in {1..25}; do
	[ $((i % 5)) != 0 ] || rm -rf mine
	cached -o report/killed.json >/dev/null 2>&1 &
	victim=$!
	python3 -c "import time; time.sleep(0.0015 * $i)"
	kill -9 $victim 2>/dev/null
	wait $victim 2>/dev/null
	cached -o report/after.json 2>err || true
	cmp -s first.json report/after.json && cmp -s first.json report/after.json || right=1
done
verdict 'kill -9 at 25 moments more' $right 'the next run is the same'
[ "$(ls report | grep -vcE '^(killed|after)\.json$')" = 0 ]
verdict 'what killed runs leave' $? 'nothing beside the report'
mkfifo silent
ends 'a pipe that nobody writes to' 3 'interrupted' bash -c '"$1" scan --no-builtin --no-cache --format json -e ERROR silent good.log & sleep 0.5; kill -TERM $!; wait $!; status=$?; [ $status = 130 ] && exit 3' - "$lineup"
ends 'zeros without end, interrupted' 3 'interrupted' bash -c 'exec 3< <(exec cat /dev/zero); "$1" scan --no-builtin --no-cache --format json -e ERROR - <&3 & sleep 0.5; kill -TERM $!; wait $!; status=$?; [ $status = 130 ] && exit 3' - "$lineup"
[ ! -r /proc/self/pagemap ] || reads 'zeros without end, in /proc' 0 0 'NUL bytes on and on' /proc/self/pagemap
# --- files that change meanwhile
for i in {1..2000}; do cat good.log; done >shrinks.log
cp shrinks.log vanishes.log
mkdir moving && mv shrinks.log vanishes.log moving/
(
	truncate -s 1000 moving/shrinks.log
	rm moving/vanishes.log
) &
timeout $hangs_s "$lineup" lines --no-builtin --no-cache moving >out 2>err
got=$?
wait
[ $got = 0 ] || [ $got = 2 ] || [ $got = 3 ]
verdict 'files that shrink and vanish' $? 'no crash'
mkdir mixed && cp good.log mixed/ && cp good.log mixed/secret.log && cp good.log secret.log && chmod 0 secret.log mixed/secret.log
# Root reads all, unless it gives that up.
unable=()
[ "$(id -u)" != 0 ] || unable=(setpriv --bounding-set -dac_override,-dac_read_search)
ends 'an unreadable file' 3 'Permission denied' "${unable[@]}" "$lineup" lines --no-builtin --no-cache secret.log
ends 'an unreadable file among others' 3 'Permission denied' "${unable[@]}" "$lineup" lines --no-builtin --no-cache mixed
TMPDIR=/nonexistent ends 'no place for temporary files' 0 '' bash -c 'gzip -c double.zip >double.zip.gz; "$1" lines --no-builtin --no-cache double.zip.gz >twice && [ "$(wc -l <twice)" = 2 ]' - "$lineup"

echo "hostile cases: $passed passed, $failed failed"
echo "$passed $failed" >"$counts"
[ $failed = 0 ]
