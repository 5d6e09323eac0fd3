#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the tests that were built into BUILD and counts them. usage: run.sh BUILD [unit|cli|rules|hostile|story]
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

# Every parser of bytes over the seeds of its fuzz target, and over some changes of them.
run_fuzz() {
	local source name log
	local good=0 bad=0
	for source in tests/fuzz/fuzz_*.c; do
		name=$(basename "$source" .c)
		log=$build/fuzz/$name.log
		# shellcheck disable=SC2086
		if ${RUNNER:-} "$build/fuzz/$name" "tests/fuzz/$name" >"$log" 2>&1; then
			good=$((good + 1))
		else
			bad=$((bad + 1))
			echo "FAILED $name"
			tail -n 40 "$log"
		fi
	done
	echo "fuzz targets over their seeds: $good passed, $bad failed"
	passed=$((passed + good)) failed=$((failed + bad))
}

run_cli() {
	local counts
	counts=$(mktemp)
	tests/cli/run.sh "$build/lineup" "$build" "$counts"
	read -r good bad <"$counts"
	rm -f "$counts"
	passed=$((passed + good)) failed=$((failed + bad))
}

# No rule may have PCRE2 asked of line after line in vain: of a hundred lines of everyday logs so
# many looks at most, by all rules and by the one that takes most. One worker's count is the same
# on every machine.
LOOKS_OF_ALL=5 LOOKS_OF_ONE=2
run_looks() {
	local stats lines looks most
	stats=$("$build/bench/corpus" lines 1 8M |
		"$build/lineup" scan --stats --no-progress -j1 -o /dev/null - 2>&1)
	lines=$(sed -n 's/^files .* lines \([0-9]*\),.*/\1/p' <<<"$stats")
	looks=$(sed -n 's/^PCRE2 asked of \([0-9]*\) lines.*/\1/p' <<<"$stats")
	most=$(sed -n 's/^PCRE2 asked of .* lines, of \([0-9]*\) for .*/\1/p' <<<"$stats")
	echo "PCRE2 asked of $looks of $lines lines, for one rule of ${most:-0}"
	[ "${lines:-0}" -gt 10000 ] && [ $((looks * 100)) -le $((lines * LOOKS_OF_ALL)) ] &&
		[ $((${most:-0} * 100)) -le $((lines * LOOKS_OF_ONE)) ] && return
	echo "FAILED: too many looks: $(grep '^PCRE2' <<<"$stats")"
	return 1
}

# The built-in rules: their form, their own examples, and the samples of failures and of health.
run_rules() {
	local out counts
	for out in "$("$build/lineup" rules check --strict)" "$("$build/lineup" rules test)"; do
		if [[ $out == *' 0 errors, 0 warnings' ]]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "$out"
		fi
	done
	if run_looks; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	# By what the contract of rules says: a model of it, over random rules and logs.
	if out=$(python3 -B tests/model/fires.py "$build/lineup" 1 60); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	echo "$out"
	# Rules of products, over lines that no product prints.
	if out=$(python3 -B tests/known/chance.py "$build/lineup" 1 150000); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	echo "$out"
	# Known failures, as a container's runtime writes them.
	if out=$(python3 -B tests/known/wrapped.py "$build/lineup"); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	echo "$out" | tail -n 20
	counts=$(mktemp)
	tests/known/run.sh "$build/lineup" check "$counts"
	read -r good bad <"$counts"
	rm -f "$counts"
	passed=$((passed + good)) failed=$((failed + bad))
}

# Imagined shops, small ones and few: make story tells more of them, and larger.
run_story() {
	local said
	said=$(tests/story/run.sh "$build/lineup" "$build/bench/corpus" 25 1 2)
	echo "$said"
	good=${said##*stories: } bad=${said##*passed, }
	passed=$((passed + ${good%% *})) failed=$((failed + ${bad%% *}))
}

# One line for each of the tests with hostile input; under a sanitizer with fewer cases.
hostile_test() {
	local name=$1 log=$build/hostile.log
	shift
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "$name: $(tail -n 1 "$log")"
	else
		failed=$((failed + 1))
		echo "FAILED $name"
		tail -n 60 "$log"
	fi
}

# The table of hostile cases.
run_table() {
	local counts
	counts=$(mktemp)
	tests/hostile/run.sh "$build/lineup" "$counts"
	read -r good bad <"$counts"
	rm -f "$counts"
	passed=$((passed + good)) failed=$((failed + bad))
}

# CASES of damage of each format, and so many failing calls of each kind.
run_damage() {
	hostile_test corruption tests/hostile/corrupt.py "$build/lineup" "$1"
	# A sanitizer has allocations of its own, which it must not lose.
	nm "$build/lineup" | grep -qE '__[at]san_init' ||
		hostile_test faults tests/hostile/faults.py "$build/lineup" "$build/faults.so" "$2"
}

case $which in
unit) run_unit; run_fuzz ;;
cli) run_cli ;;
rules) run_rules ;;
story) run_story ;;
hostile) run_damage 10 40; run_table ;;
*) run_unit; run_fuzz; run_cli; run_rules; run_table; run_damage 2 10; run_story ;;
esac
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
