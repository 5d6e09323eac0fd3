# SPDX-License-Identifier: MIT
# No rule of the program's own takes so long that it is given up on a line of words without end.
{
	printf '2026-03-01T10:00:00Z {"listed":"using x_'
	head -c 60000 /dev/zero | tr '\0' a
	printf ' 550 5.7.1"}'
	for _ in {1..3000}; do
		printf ' listed ab using'
	done
	echo
} >words.log
lineup scan -q words.log | grep -A 2 'NOT READ'
lineup scan -q words.log >/dev/null
