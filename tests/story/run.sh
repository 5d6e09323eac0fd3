#!/bin/sh
# SPDX-License-Identifier: MIT
# Does the report tell the story of imagined shops? tests/story/run.sh LINEUP CORPUS PERCENT SEED...
# For each seed three weeks are made, with so many percent of the usual requests: a job that locks a
# table at the same hours each day, a migration that left an index out, and health. check.py says
# what must be in each report. The last line counts.
set -u
lineup=$1 corpus=$2 percent=$3
shift 3
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
passed=0 failed=0

for seed in "$@"; do
	for cause in lock index none; do
		"$corpus" story "$seed" "$cause" "$folder/logs" "$percent" >"$folder/truth.json" || exit 2
		"$lineup" scan --no-progress --format json "$folder/logs" >"$folder/report.json" 2>/dev/null
		if python3 "$here/check.py" "$folder/truth.json" "$folder/report.json" >"$folder/said" 2>&1; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAILED seed $seed, $cause"
			cat "$folder/said"
		fi
		rm -rf "$folder/logs"
	done
done
echo "stories: $passed passed, $failed failed"
[ "$failed" = 0 ]
