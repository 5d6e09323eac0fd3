#!/bin/bash
# SPDX-License-Identifier: MIT
# Puts the report of the demo, up to its services, where README.md shows it: the first block between
# lines of three backticks. usage: readme.sh PROGRAM FOLDER, which holds the folder demo
set -eu
export LC_ALL=C.UTF-8
readme=$(cd "$(dirname "$0")/.." && pwd)/README.md
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$2" && "$program" scan --no-progress --no-cache demo) >"$work/report" || [ $? = 3 ] # a member is cut off
awk '/^SERVICES/ { exit } { line[++n] = $0 } END { while (line[n] == "") n--; for (i = 1; i <= n; i++) print line[i] }' \
	"$work/report" >"$work/shown"
awk -v shown="$work/shown" '
/^```/ && ++fences == 1 { print; while ((getline line <shown) > 0) print line; next }
fences != 1' "$readme" >"$work/readme"
cp "$work/readme" "$readme"
