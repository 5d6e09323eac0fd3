#!/bin/bash
# SPDX-License-Identifier: MIT
# How many known failures does a rule name, and is it silent on health?
# usage: run.sh PROGRAM table FILE.tsv   a table: what is wanted of each row, and which rules match
#        run.sh PROGRAM check [COUNTS]   asserts every row of every *.tsv here, and that nothing above
#                                        info matches healthy.log; COUNTS receives "passed failed"
#
# A row is one message, its columns parted by tabs:
#   technology   whose message it is
#   reference    where it was reported or is documented (URL)
#   rule         the id that must match it, chosen by what the failure is and not by what matches;
#                a|b where either names it rightly; - for a line that is no failure and that no rule
#                may match; ? while it is open (table shows such rows, check fails them)
#   meaning      a few words on what failed
#   line         the message as the software prints it: the rest of the row, tabs included
#
# To add rows: append them to the file of their kind, under a comment that says where the sample is
# from, when it was collected, and how many of its rows a rule named before the packs were mended for
# it. A sample is written down before the packs are looked at; afterwards it says nothing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Prints the ids of the rules that match each line of a log, separated by blanks; - where none does.
rules_of() {
	"$program" lines --no-progress "$1" | sed 's/.*"rules": \[//; s/\]}$//; s/[",]//g; s/^$/-/'
}

# Technology, wanted rule and matching rules of each row, in the order of the sample.
name_rows() {
	grep -v '^#' "$1" | cut -f5- >"$folder/sample.log"
	paste <(grep -v '^#' "$1" | cut -f1,3) <(rules_of "$folder/sample.log")
}

table() {
	name_rows "$1" | awk -F'\t' '{ named += $3 != "-"; printf "%4d %-20s want %s, got %s\n", NR, $1, $2, $3 }
		END { printf "%d of %d matched by a rule\n", named, NR }'
}

check_form() {
	local broken
	broken=$(awk -F'\t' '!/^#/ && (NF < 5 || $1 == "" || $2 == "" || $3 == "" || $4 == "" || $5 == "") {
		print FILENAME ":" FNR ": a row has technology, reference, rule, meaning, line" }' "$1")
	[ -z "$broken" ] || {
		echo "$broken"
		failed=$((failed + 1))
	}
}

check_sample() {
	local sample=$1 technology want rules id found
	while IFS=$'\t' read -r technology want rules; do
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
	done < <(name_rows "$sample")
}

check_healthy() {
	local loud=0 count rules line id
	"$program" scan --no-progress --format json "$here/healthy.log" | tr -d '\n' |
		sed 's/.*"detections"://; s/"suspects":.*//; s/{/\n{/g' |
		sed -n 's/.*"id": *"\([^"]*\)".*"severity": *"\([^"]*\)".*/\1 \2/p' |
		grep -v ' info$' | cut -d' ' -f1 >"$folder/loud"
	rules_of "$here/healthy.log" | paste - "$here/healthy.log" | grep -v $'^-\t' >"$folder/hits"
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
		check_form "$sample"
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
