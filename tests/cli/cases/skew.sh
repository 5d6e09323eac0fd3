# SPDX-License-Identifier: MIT
# A service whose clock is wrong, told by the requests that it shares with another.
for n in 10 11 12 13 14 15 16 17 18 19 20 21; do
	echo "2026-03-01T10:$n:00.000Z INFO accepted request_id=order-$n"
	echo "2026-03-01T10:$n:00.$((n + 60))0Z INFO answered request_id=order-$n"
done >orders.log
for n in 10 11 12 13 14 15 16 17 18 19 20 21; do
	echo "2026-03-01T10:$n:42.${n}0Z INFO charging request_id=order-$n"
	echo "2026-03-01T10:$n:42.3${n}Z INFO charged request_id=order-$n"
done >billing.log
lineup scan --no-builtin -e never --format json orders.log billing.log |
	json '"\n".join(n for n in d["time"]["notes"] if "clock" in n)'
lineup scan --no-builtin -e never --format json orders.log |
	json '[n for n in d["time"]["notes"] if "clock" in n]'
