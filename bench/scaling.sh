#!/bin/sh
# SPDX-License-Identifier: MIT
# Wall seconds of one scan with more and more threads: a single-frame .zst, a .tar.gz, and a tree of
# many files, with the built-in rules and with 500 plain patterns. Cores may share what they run on:
# what the machine gives at most is shown by as many programs of one thread at the same time.
# usage: scaling.sh LINEUP CORPUS [SIZE] [THREADS...]   (TMPDIR holds about 3 x SIZE; ROUNDS=3)
set -eu
[ $# -ge 2 ] || { echo 'usage: scaling.sh LINEUP CORPUS [SIZE] [THREADS...]' >&2; exit 2; }
lineup=$1 corpus=$2 size=${3:-1G}
[ $# -lt 3 ] || shift
shift 2
[ $# -gt 0 ] || set -- 1 2 4 8 16
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export XDG_CACHE_HOME="$work/cache"
mkdir -p "$work/tree"
"$corpus" lines 1 "$size" >"$work/app.log"
"$corpus" patterns 1 500 >"$work/500"
(cd "$work/tree" && split -C 4m -a 4 -d --additional-suffix=.log ../app.log part)
if command -v zstd >/dev/null 2>&1; then zstd -q -3 -T1 --single-thread "$work/app.log" -o "$work/app.log.zst"; else echo 'scaling: no zstd here; left out' >&2; fi
tar -C "$work" -cf - app.log | gzip -1 >"$work/app.tar.gz"

run() {
	begin=$(date +%s%N)
	"$lineup" scan --no-progress -o /dev/null "$@" 2>/dev/null || [ $? = 3 ]
	echo $(($(date +%s%N) - begin))
}
best() {
	least=
	for round in $(seq "${ROUNDS:-3}"); do
		ns=$(run "$@")
		[ -n "$least" ] && [ "$least" -le "$ns" ] || least=$ns
	done
	echo "$least"
}

# NUMBER ARGUMENT...: so many scans of one thread at the same time, each of all the input
several() {
	begin=$(date +%s%N)
	number=$1
	shift
	for one in $(seq "$number"); do
		"$lineup" scan --no-progress -j1 -o /dev/null "$@" 2>/dev/null &
	done
	wait
	echo $(($(date +%s%N) - begin))
}

echo "$(nproc) cores, $size of lines; best wall seconds of ${ROUNDS:-3}, and the ratio to the first"
for rules in built-in 500; do
	set_rules=
	[ "$rules" = built-in ] || set_rules="-q --no-builtin -f $work/500"
	# shellcheck disable=SC2086
	first=$(several 1 $set_rules "$work/app.tar.gz")
	for threads in "$@"; do
		[ "$threads" -le "$(nproc)" ] || continue
		# shellcheck disable=SC2086
		several "$threads" $set_rules "$work/app.tar.gz" |
			awk -v r="$rules" -v t="$threads" -v f="$first" \
				'{ printf "%-9s %-12s x%-4d %8.3f s  %5.2f x\n", r, "(machine)", t, $1 / 1e9, t * f / $1 }'
	done
	for input in app.log.zst app.tar.gz tree; do
		[ -e "$work/$input" ] || continue
		first=
		# shellcheck disable=SC2086
		run $set_rules "$work/$input" >/dev/null
		for threads in "$@"; do
			# shellcheck disable=SC2086
			ns=$(best -j"$threads" $set_rules "$work/$input")
			[ -n "$first" ] || first=$ns
			awk -v r="$rules" -v i="$input" -v t="$threads" -v n="$ns" -v f="$first" \
				'BEGIN { printf "%-9s %-12s -j%-3d %8.3f s  %5.2f x\n", r, i, t, n / 1e9, f / n }'
		done
	done
done
