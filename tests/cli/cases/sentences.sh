# SPDX-License-Identifier: MIT
# What a tired person reads: whole sentences, counts in groups of three, names in columns.
incident logs
# A pipe names no service; logs that stamp whole seconds are shown so, however short they are.
cat logs/*.log | lineup scan --no-builtin - | head -n 2
grep -h -A 5 'T10:1[56]' logs/*.log | lineup scan --no-builtin - | grep -E '^Nothing|^\(|^Time'
# A peak does not stand above its onset for the start of its window.
for second in 41 43 45 47 49 51 53 55 57; do
	echo "2026-03-01T10:15:${second}Z ERROR stock is locked" >>logs/orders.log
done
echo '2026-03-01T10:16:05Z ERROR stock is locked' >>logs/orders.log
lineup scan --no-builtin --window 30s logs/orders.log | grep -E '(onset|peak) .*stock'
# No end is told of an incident that is not there.
lineup scan --no-builtin --incident '2026-02-01 17:00..19:00' logs | grep -E '^TIMELINE|recovery'
# A rule that cannot be used is said where one begins to read, and named at the end.
printf 'pool exhausted\n(\n' >patterns
lineup scan --no-builtin -f patterns logs | grep -E '^Rules'
lineup scan --no-builtin -f patterns logs | tail -n 2
# Counts of four digits and more.
for minute in 10 11 12; do
	for i in $(seq 1000); do
		echo "2026-03-01T10:$minute:40Z ERROR no room for item $i"
	done
done >full.log
echo '2026-03-01T10:00:00Z INFO started' | cat - full.log | lineup scan --no-builtin - >report
head -n 1 report
grep ' lines' report
lineup scan --no-builtin --format json - <full.log | grep -c '3,000'
# What no rule knows stands with the commonest first; a pattern that fired all along is told too.
{ cat full.log && grep ERROR logs/billing.log; } | lineup scan --no-builtin - | tail -n 2
lineup scan --no-builtin -e accepted logs/orders.log | grep -A 2 '^FIRED'
# The answer is never cut, however long it is.
"$BUILD/bench/corpus" story 1 lock demo 20 >/dev/null
lineup scan --no-builtin demo >report
sed '/^$/,$d' report | tail -n 1 | grep -c '\.$'
