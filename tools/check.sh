#!/bin/bash
# SPDX-License-Identifier: MIT
# The rules of the house that a program can check. usage: check.sh PROGRAM CC CPPFLAGS
set -u
cd "$(dirname "$0")/.." || exit 2
program=$1 cc=$2 cppflags=$3
failed=0
fail() {
	echo "check: $*"
	failed=1
}

tools/check_layers.sh || fail 'layers are crossed'

# Every header compiles alone, and opens with its licence and its job.
for header in include/lineup/*.h src/*/*.h; do
	# shellcheck disable=SC2086
	echo "#include \"${header#include/}\"" | $cc $cppflags -std=gnu11 -fsyntax-only -Wall -Wextra -x c - ||
		fail "$header does not compile alone"
	[[ $(sed -n 2p "$header") == '/*'* ]] || fail "$header does not open with its job"
done

for file in src/*.c src/*/*.[ch] include/lineup/*.h tests/*.h tests/*/*.[ch] bench/*.[ch] tools/*.c; do
	[ "$(head -n 1 "$file")" = '/* SPDX-License-Identifier: MIT */' ] || fail "$file lacks its SPDX line"
done

# Calls that the compiler is told to refuse; here also where they are not compiled.
grep -nE '\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof|gmtime|localtime|ctime|asctime|tmpnam|mktemp|alloca)\(' \
	src/*.c src/*/*.c include/lineup/*.h tests/*/*.c bench/*.[ch] tools/*.c 2>/dev/null && fail 'banned calls'

# File names are unique in the tree.
twice=$(printf '%s\n' src/*.c src/*/*.c | sed 's/.*\///' | sort | uniq -d)
[ -z "$twice" ] || fail "two files are called $twice"

# Man page and completions know every option, and no other.
while IFS=$'\t' read -r letter name _; do
	word="--$name"
	grep -qF -- "\\-\\-${name//-/\\-}" src/man/lineup.1 || fail "man page: $word is missing"
	for file in src/completions/lineup.bash src/completions/lineup.zsh; do
		grep -qE -- "$word([^a-z-]|\$)" "$file" || fail "$file: $word is missing"
	done
	grep -qE -- "-l $name( |\$)" src/completions/lineup.fish || fail "src/completions/lineup.fish: $word is missing"
	if [ "$letter" != - ]; then
		grep -qE -- "^\\.BR? ?(\\\\-$letter|\"?\\\\-$letter)" src/man/lineup.1 || fail "man page: -$letter is missing"
	fi
done < <("$program" help options)
known=$("$program" help options | cut -f 2 | sort)
for file in src/completions/lineup.bash src/completions/lineup.zsh; do
	for name in $(grep -oE -- '--[a-z][a-z-]+' "$file" | sed 's/^--//' | sort -u); do
		grep -qx -- "$name" <<<"$known" || fail "$file: --$name is no option"
	done
done
for name in $(sed 's/\\f[A-Z]/ /g' src/man/lineup.1 | grep -oE -- '\\-\\-[a-z][a-z\\-]+' | tr -d '\\' | sed 's/^--//' | sort -u); do
	grep -qx -- "$name" <<<"$known" || fail "man page: --$name is no option"
done
[ $failed = 0 ] && echo 'check: all in order'
exit $failed
