#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the tests that were built into BUILD and counts them. usage: run.sh BUILD [unit|cli]
# RUNNER, when set, is put in front of every unit test (valgrind).
set -u
cd "$(dirname "$0")/.." || exit 2
build=$1 which=${2:-all}
passed=0 failed=0

# The tests may not depend on where and by whom they are run.
export LC_ALL=C TZ=UTC
unset NO_COLOR COLUMNS XDG_CACHE_HOME

run_unit() {
	local source program log good bad
	for source in tests/unit/test_*.c; do
		program=$build/unit/$(basename "$source" .c)
		log=$program.log
		# shellcheck disable=SC2086
		${RUNNER:-} "$program" >"$log" 2>&1
		local status=$?
		good=$(grep -c '^\[       OK \]' "$log")
		bad=$(grep '^\[  FAILED  \] test' "$log" | sort -u | wc -l)
		if [ $status != 0 ]; then
			# A crash or a sanitizer's finding fails no single test by name.
			[ "$bad" != 0 ] || bad=1
			cat "$log"
		else
			bad=0
		fi
		echo "$(basename "$source" .c): $good passed, $bad failed"
		passed=$((passed + good)) failed=$((failed + bad))
	done
}

run_cli() {
	local counts
	counts=$(mktemp)
	tests/cli/run.sh "$build/lineup" "$build" "$counts"
	read -r good bad <"$counts"
	rm -f "$counts"
	passed=$((passed + good)) failed=$((failed + bad))
}

[ "$which" = cli ] || run_unit
[ "$which" = unit ] || run_cli
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
