#!/bin/bash
# SPDX-License-Identifier: MIT
# How many known failures does a rule name, and is it silent on health?
# usage: run.sh PROGRAM table FILE.tsv   a table: which rules match each line of the sample
#        run.sh PROGRAM check [COUNTS]   asserts FILE.expected for each sample, and that nothing above
#                                        info matches healthy.log; COUNTS receives "passed failed"
# FILE.expected has, for every line of FILE.tsv in its order, the id of the rule that must match it
# (a|b where either names the failure rightly), chosen by what the failure is; or - for a line that
# is no failure, which no rule may match.
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Prints the ids of the rules that match each line of a log, separated by blanks.
rules_of() {
	"$program" lines --no-progress "$1" | sed 's/.*"rules": \[//; s/\]}$//; s/[",]//g'
}

# Each line's technology and rules, in the order of the sample.
name_lines() {
	grep -v '^#' "$1" | cut -f4- >"$folder/sample.log"
	paste <(grep -v '^#' "$1" | cut -f1) <(rules_of "$folder/sample.log" | sed 's/^$/-/')
}

table() {
	name_lines "$1" | awk -F'\t' '{ named += $2 != "-"; printf "%3d %-20s %s\n", NR, $1, $2 }
		END { printf "%d of %d matched by a rule\n", named, NR }'
}

check_sample() {
	local sample=$1 technology rules want id found
	while IFS=$'\t' read -r technology rules want; do
		found=0
		for id in $rules; do
			[[ "|$want|" == *"|$id|"* ]] && found=1
		done
		if [ $found = 1 ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "$(basename "$sample"): $technology: want $want, got '$rules'"
		fi
	done < <(paste <(name_lines "$sample") <(grep -v '^#' "${sample%.tsv}.expected"))
}

check_healthy() {
	local loud=0 count rules line id
	"$program" scan --no-progress --format json "$here/healthy.log" | tr -d '\n' |
		sed 's/.*"detections"://; s/"suspects":.*//; s/{/\n{/g' |
		sed -n 's/.*"id": *"\([^"]*\)".*"severity": *"\([^"]*\)".*/\1 \2/p' |
		grep -v ' info$' | cut -d' ' -f1 >"$folder/loud"
	rules_of "$here/healthy.log" | paste - "$here/healthy.log" | grep -v $'^\t' >"$folder/hits"
	count=$(grep -c . "$here/healthy.log")
	while IFS=$'\t' read -r rules line; do
		for id in $rules; do
			grep -qxF "$id" "$folder/loud" || continue
			loud=$((loud + 1))
			echo "healthy.log: $id fires on: $line"
			break
		done
	done <"$folder/hits"
	passed=$((passed + count - loud)) failed=$((failed + loud))
}

case ${2-} in
table)
	table "$3"
	;;
check)
	passed=0 failed=0
	for sample in "$here"/*.tsv; do
		check_sample "$sample"
	done
	check_healthy
	echo "known: $passed passed, $failed failed"
	echo "$passed $failed" >"${3:-/dev/null}"
	[ $failed = 0 ]
	;;
*)
	echo "usage: run.sh PROGRAM table FILE.tsv | check [COUNTS]" >&2
	exit 2
	;;
esac
