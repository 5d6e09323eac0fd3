#!/bin/sh
# SPDX-License-Identifier: MIT
# The patterns of rule packs, as far as all of rg, ugrep -E and grep -E read them and mean the same:
# COUNT of them, spread over all packs. Gaps (.{0,60}) are left out, since with them the others take
# minutes for a megabyte; GAPS=1 keeps those below a hundred. usage: real_patterns.sh COUNT PACK.yaml...
set -eu
[ $# -ge 2 ] || { echo 'usage: real_patterns.sh COUNT PACK.yaml...' >&2; exit 2; }
count=$1
shift
export LC_ALL=C
long='[{,][0-9][0-9]'
[ "${GAPS:-0}" = 0 ] || long='[{,][0-9][0-9][0-9]'
# Within brackets a backslash is itself to grep, and a bracket opens a set to rg: such are left out.
open=$(printf '\001') close=$(printf '\002')
all=$(mktemp)
trap 'rm -f "$all"' EXIT INT TERM
sed -n "s/^ *\(- \)\{0,1\}match: '\(.*\)'\( *#.*\)\{0,1\}\$/\2/p" "$@" |
	sed "s/''/'/g
		/[^ -~]/d
		s/\\\\\[/$open/g
		s/\\\\\]/$close/g
		/\[[^]]*[\\\\[$open$close]/d
		s/$open/\\\\[/g
		s/$close/\\\\]/g
		/(?<[!=]/d
		/(?[=!>i-]/d
		/$long/d
		s/(?<[A-Za-z_0-9]*>/(/g
		s/(?:/(/g
		s/\([*+?}]\)?/\1/g
		s/\\\\d/[0-9]/g
		s/\\\\D/[^0-9]/g
		s/\\\\s/[[:space:]]/g
		s/\\\\S/[^[:space:]]/g
		s/\\\\w/[[:alnum:]_]/g
		s/\\\\\\([\"'\\/:=,;@#%& -]\\)/\\1/g
		/\\\\[^][(){}.*+?|^\$\\\\b]/d
		/[(|]|/d
		/(^|/d
		/|^\{0,1\})/d
		/|\$)/d
		/(?/d" | sort -u >"$all"
awk -v want="$count" -v have="$(wc -l <"$all")" \
	'int(NR * want / have) > int((NR - 1) * want / have) { print }' "$all"
