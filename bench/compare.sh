#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares two commits: builds both, runs their benchmarks in turns on the same data, and prints the
# best of each row and the ratio. usage: compare.sh A B   (ROUNDS=3 TURNS=2 SIZE=128M SEED=1)
set -eu
[ $# = 2 ] || { echo 'usage: compare.sh COMMIT COMMIT' >&2; exit 2; }
top=$(git rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'for s in a b; do git -C "$top" worktree remove --force "$work/$s" 2>/dev/null || true; done; rm -rf "$work"' EXIT INT TERM
seed=${SEED:-1} size=${SIZE:-128M}
export XDG_CACHE_HOME="$work/cache"
build() {
	git -C "$top" worktree add --quiet --detach "$work/$1" "$2"
	[ -e "$work/$1/bench/bench.c" ] || { echo "compare: $2 has no benchmarks yet" >&2; exit 2; }
	make -s -C "$work/$1" bench-build >/dev/null
}
build a "$1"
build b "$2"
"$top/bench/data.sh" "$work/b/build/release/bench/corpus" "$seed" "$size" "$work/data" || exit 2
turn=0
while [ "$turn" -lt "${TURNS:-2}" ]; do
	for side in a b; do
		at=$work/$side/build/release
		"$at/bench/bench" -r "${ROUNDS:-3}" -o "$work/$side.$turn.json" -p "$work/data/500" "$at/lineup" \
			"$work/data" "$work/data/app.log" >/dev/null
	done
	turn=$((turn + 1))
done
printf '%-30s %11s %11s %9s\n' '' "$(git -C "$top" rev-parse --short "$1")" "$(git -C "$top" rev-parse --short "$2")" 'B / A'
cat "$work"/a.*.json "$work"/b.*.json 2>/dev/null | awk '
	/^\{"schema"/ { turns++ }
	/^\{"name"/ {
		split($0, f, "\"")
		match($0, /"best_s": [0-9.]+/)
		s = substr($0, RSTART + 10, RLENGTH - 10) + 0
		side = turns <= '"${TURNS:-2}"' ? "a" : "b"
		if (!((side, f[4]) in best) || s < best[side, f[4]])
			best[side, f[4]] = s
		if (!(f[4] in seen)) { seen[f[4]] = 1; names[++count] = f[4] }
	}
	END {
		for (i = 1; i <= count; i++) {
			n = names[i]
			if (("a", n) in best && ("b", n) in best)
				printf "%-30s %9.3f s %9.3f s %9.3f\n", n, best["a", n], best["b", n], best["b", n] / best["a", n]
		}
	}'
