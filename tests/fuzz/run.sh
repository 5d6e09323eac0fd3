#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the fuzz targets in turn and adds up what each did: a table of executions, edges reached,
# seconds of processor time and findings. What breaks a target is kept, and the next one goes on.
# usage: run.sh FUZZERS CORPUS SECONDS [TARGET...]    SECONDS for each; CORPUS keeps inputs and sums
set -u
here=$(cd "$(dirname "$0")" && pwd)
fuzzers=$(realpath "$1") seconds=$3
mkdir -p "$2" && corpus=$(realpath "$2") || exit 2
shift 3
[ $# != 0 ] || set -- $(cd "$here" && ls fuzz_*.c | sed 's/\.c$//')
TIMEFORMAT='%U %S'

# One turn of one target; what it did is a line of its .sums: executions, processor seconds.
turn() {
	local name=$1 log=$corpus/$1.log
	mkdir -p "$corpus/$name" "$corpus/$name.found"
	{ time "$fuzzers/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -malloc_limit_mb=${MALLOC_MB:-600} \
		-print_final_stats=1 -artifact_prefix="$corpus/$name.found/" "$corpus/$name" "$here/$name" >"$log" 2>&1; } 2>"$log.time"
	local user system executed
	read -r user system <"$log.time"
	executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
	echo "${executed:-0} $user $system" >>"$corpus/$name.sums"
	sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1 >"$corpus/$name.edges"
}

for name; do
	turn "$name"
done
printf '%-16s%14s%8s%9s%10s\n' target executions edges seconds findings
for name; do
	awk -v name="$name" -v edges="$(cat "$corpus/$name.edges")" -v found="$(ls "$corpus/$name.found" | wc -l)" \
		'{ n += $1; s += $2 + $3 } END { printf "%-16s%14d%8d%9d%10d\n", name, n, edges, s, found }' "$corpus/$name.sums"
done
[ "$(for name; do ls "$corpus/$name.found"; done | wc -l)" = 0 ]
