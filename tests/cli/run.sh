#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every case of tests/cli/cases: NAME.sh is run in a folder of its own, and all that it prints
# must be NAME.out, at one thread and at four, in the C locale and in UTF-8 (where NAME.utf8.out
# stands, if there is one). A case that cannot run here exits with 77 and is not counted.
# UPDATE=1 writes the snapshots anew.
# usage: run.sh PROGRAM BUILD [COUNTS] [NAME...]
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
build=$(realpath "$2")
counts=${3:-/dev/null}
shift $(($# < 3 ? $# : 3))
passed=0 failed=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

run_case() {
	local name=$1 jobs=$2 locale=$3
	rm -rf "$folder/work" && mkdir "$folder/work"
	(
		cd "$folder/work" || exit 2
		env -i PATH="$PATH" HOME="$folder/work" LC_ALL="$locale" TZ=UTC TERM=xterm \
			XDG_CACHE_HOME="$folder/cache" ASAN_OPTIONS="${ASAN_OPTIONS-}" TSAN_OPTIONS="${TSAN_OPTIONS-}" \
			LINEUP="$program" JOBS="$jobs" TESTS="$here" BUILD="$build" SOURCE="$here/../.." \
			bash -c '. "$TESTS/lib.sh"; . "$1"' case "$here/cases/$name.sh" 2>&1
	) >"$folder/out" </dev/null
	case_status=$?
}

for script in "$here"/cases/*.sh; do
	name=$(basename "$script" .sh)
	[ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
	for locale in C C.UTF-8; do
		want=$here/cases/$name.out
		[ $locale = C.UTF-8 ] && [ -e "$here/cases/$name.utf8.out" ] && want=$here/cases/$name.utf8.out
		for jobs in 1 4; do
			run_case "$name" $jobs $locale
			if [ "$case_status" = 77 ]; then
				echo "skipped cli/$name"
				continue
			fi
			if [ "${UPDATE:-0}" = 1 ]; then
				cp "$folder/out" "$want"
			fi
			if cmp -s "$folder/out" "$want"; then
				passed=$((passed + 1))
			else
				failed=$((failed + 1))
				echo "FAILED cli/$name with -j$jobs in $locale:"
				diff -u "$want" "$folder/out" | head -n 60
			fi
		done
	done
done
echo "cli: $passed passed, $failed failed"
echo "$passed $failed" >"$counts"
[ $failed = 0 ]
