# SPDX-License-Identifier: MIT
# Of a long line of JSON the message is shown, not what stands before it; -v shows the line whole.
for i in $(seq -w 0 59); do
	echo "{\"time\":\"2026-03-01T10:$i:00Z\",\"host\":\"web-1\",\"message\":\"served\"}"
	[ "$i" -lt 40 ] || echo "{\"time\":\"2026-03-01T10:$i:01Z\",\"host\":\"web-1.shop.example.org\",\"labels\":{\"tier\":\"front\",\"region\":\"north\"},\"pid\":7,\"level\":\"error\",\"message\":\"cannot reach the price feed at feed.example.org: connection refused\",\"code\":17}"
done >web.log
lineup scan --no-builtin web.log | grep -A 2 Seen
lineup scan --no-builtin -v web.log | grep -A 3 Seen
