# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Words of the cases. A case prints what matters; it may use $JOBS, $BUILD and these functions.

# lineup ARGUMENT...: the program, with as many threads as this run of the case asks for.
lineup() {
	case ${1-} in
	scan) command "$LINEUP" "$@" -j "$JOBS" ;;
	*) command "$LINEUP" "$@" ;;
	esac
}

# status COMMAND...: what it prints, then its exit status.
status() {
	"$@"
	echo "status $?"
}

# json FILTER...: python's JSON reader as judge of what is valid; prints the expression of it.
# usage: json EXPRESSION <FILE, where the document is `d`
json() {
	python3 -c 'import json, sys
d = json.load(sys.stdin)
r = eval(sys.argv[1])
print(r if isinstance(r, str) else json.dumps(r, sort_keys=True))' "$1"
}

# A small incident: a pool runs dry, a caller fails; written to FILE... without any real text.
incident() {
	local minute second
	mkdir -p "$1"
	for minute in 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19; do
		for second in 05 25 45; do
			echo "2026-03-01T10:$minute:${second}Z INFO order $minute$second accepted" >>"$1/orders.log"
			echo "2026-03-01T10:$minute:${second}Z INFO paid $minute$second" >>"$1/billing.log"
		done
	done
	for second in 10 20 30 40 50; do
		echo "2026-03-01T10:15:${second}Z ERROR connection pool exhausted (pool_active=50 of 50)" >>"$1/billing.log"
		echo "2026-03-01T10:16:${second}Z ERROR order failed: billing timed out" >>"$1/orders.log"
	done
}
