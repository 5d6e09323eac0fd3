#!/bin/sh
# SPDX-License-Identifier: MIT
# The same patterns over the same files by other programs: checks that all count the same lines, and
# prints wall and CPU seconds and the ratio to ours. What is not installed is said and left out.
# Drawn patterns on drawn lines are kind to others: few of their states are ever visited. So there are
# also rows with patterns of the packs, on those lines mixed with those of tests/known, as far apart
# as real ones, and one with the gaps (.{0,60}) that a fifth of them have: some take minutes for it.
# usage: peers.sh LINEUP FOLDER [LIMIT_SECONDS]   FOLDER: as data.sh makes it (app.log, 500)
set -eu
[ $# -ge 2 ] || { echo 'usage: peers.sh LINEUP FOLDER [LIMIT_SECONDS]' >&2; exit 2; }
lineup=$1 folder=$2 limit=${3:-300}
top=$(cd "$(dirname "$0")/.." && pwd)
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
for tool in rg ugrep grep zgrep zstdgrep; do
	command -v "$tool" >/dev/null 2>&1 || echo "peers: no $tool here; left out (Debian: ripgrep, ugrep, grep, gzip, zstd)"
done

# Lines that at least one pattern matches; ours is read off the report.
ours=$work/ours
cat >"$ours" <<EOF
#!/bin/sh
"$lineup" scan -q --no-builtin --format json "\$@" | tr -d ' \\n' |
	sed -n 's/.*"matched":\\([0-9]*\\),"templates".*/\\1/p'
EOF
chmod +x "$ours"

# NAME COMMAND...: runs it, remembers the count, and wall and CPU seconds.
measure() {
	name=$1
	shift
	begin=$(date +%s%N)
	count=$(
		ulimit -v 12000000
		code=0
		timeout "$limit" "$@" 2>"$work/error" || code=$?
		{ echo "$code" && times; } >"$work/times"
	)
	wall=$(($(date +%s%N) - begin))
	# the second line of times: minutes and seconds of the children, user and system
	cpu=$(sed -n '3s/[ms]/ /gp' "$work/times" | awk '{ print 60 * $1 + $2 + 60 * $3 + $4 }')
	code=$(head -n 1 "$work/times")
	if [ "$code" -gt 1 ]; then
		printf '%-14s %s\n' "$name" "gave up: exit $code after $((wall / 1000000000)) s"
		return
	fi
	count=${count:-0} # rg says nothing where nothing is found
	[ -n "$reference" ] || { reference=$count reference_wall=$wall reference_cpu=$cpu; }
	verdict=
	[ "$count" = "$reference" ] || verdict="  COUNTS DIFFER: $count, not $reference"
	awk -v n="$name" -v c="$count" -v w="$wall" -v rw="$reference_wall" -v s="$cpu" -v rs="$reference_cpu" -v v="$verdict" \
		'BEGIN { printf "%-14s %9d lines  wall %8.3f s %7.1f x  CPU %8.3f s %7.1f x%s\n", n, c, w / 1e9, w / rw,
			s, s / (rs > 0 ? rs : 0.001), v }'
}

has() { command -v "$1" >/dev/null 2>&1; }

# TITLE FILE PATTERN-ARGUMENTS-OF-GREP... : all programs over one file
compare() {
	title=$1 file=$2 flag=$3 patterns=$4
	echo "$title"
	reference=
	cat "$file" >/dev/null
	# once before, so that compiled patterns are in the cache
	"$ours" "$flag" "$patterns" "$file" >/dev/null
	measure "  lineup" "$ours" "$flag" "$patterns" "$file"
	case $file in
	*.gz)
		if has rg; then measure "  rg -z" rg -z -c --no-unicode "$flag" "$patterns" "$file"; fi
		if has ugrep; then measure "  ugrep -z" ugrep -z -c -E "$flag" "$patterns" "$file"; fi
		if has zgrep; then measure "  zgrep -E" zgrep -c -E "$flag" "$patterns" "$file"; fi
		;;
	*.zst)
		if has rg; then measure "  rg -z" rg -z -c --no-unicode "$flag" "$patterns" "$file"; fi
		if has ugrep; then measure "  ugrep -z" ugrep -z -c -E "$flag" "$patterns" "$file"; fi
		if has zstdgrep; then measure "  zstdgrep -E" zstdgrep -c -E "$flag" "$patterns" "$file"; fi
		;;
	*)
		if has rg; then measure "  rg" rg -c --no-unicode "$flag" "$patterns" "$file"; fi
		if has ugrep; then measure "  ugrep" ugrep -c -E "$flag" "$patterns" "$file"; fi
		measure "  grep -E" grep -c -E "$flag" "$patterns" "$file"
		;;
	esac
}

"$top/bench/real_patterns.sh" 500 "$top"/patterns/*.yaml >"$work/packs"
GAPS=1 "$top/bench/real_patterns.sh" 500 "$top"/patterns/*.yaml >"$work/packs-gaps"
grep -hv '^#' "$top"/tests/known/*.tsv | cut -f4- | cat - "$top/tests/known/healthy.log" >"$work/known"
mix() { # BYTES
	awk 'NR == FNR { known[n++] = $0; next } { print } FNR % 5 == 0 { print known[i++ % n] }' "$work/known" "$folder/app.log" |
		head -c "$1"
	echo
}
mix 1000000 >"$work/mixed-1M.log"
mix "$(wc -c <"$folder/app.log")" >"$work/mixed.log"
gzip -1 <"$folder/app.log" >"$work/app.log.gz"
if has zstd; then zstd -q -1 <"$folder/app.log" >"$work/app.log.zst"; fi
echo "all programs at their own choice of threads; x: times as long as lineup"
compare 'one literal' "$folder/app.log" -e 'calling inventory'
compare '500 patterns' "$folder/app.log" -f "$folder/500"
compare '500 patterns, gzip' "$work/app.log.gz" -f "$folder/500"
[ ! -e "$work/app.log.zst" ] || compare '500 patterns, zstd' "$work/app.log.zst" -f "$folder/500"
compare '500 patterns of the packs, 1 MB of mixed lines' "$work/mixed-1M.log" -f "$work/packs"
compare '500 patterns of the packs, all mixed lines' "$work/mixed.log" -f "$work/packs"
compare '500 patterns of the packs, with gaps, 1 MB of mixed lines' "$work/mixed-1M.log" -f "$work/packs-gaps"
compare '500 patterns of the packs, with gaps, all mixed lines' "$work/mixed.log" -f "$work/packs-gaps"
