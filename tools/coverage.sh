#!/bin/sh
# SPDX-License-Identifier: MIT
# Lines reached by file, from what a coverage build left. usage: coverage.sh BUILD
set -eu
cd "$(dirname "$0")/.."
find "$1" -path '*/unit' -prune -o -name '*.gcda' -print | while read -r data; do
	gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null
done | awk '
	/^File .src\// { file = $2; gsub(/\047/, "", file) }
	/^Lines executed/ && file != "" { split($0, p, /[:% ]+/); share[file] = p[3]; lines[file] = p[5]; file = "" }
	END {
		for (f in share) { printf "%6.1f %%  %5d  %s\n", share[f], lines[f], f | "sort -k 4"; all += lines[f]; hit += lines[f] * share[f] / 100 }
		close("sort -k 4")
		if (all > 0) printf "%6.1f %%  %5d  all\n", 100 * hit / all, all
	}'
