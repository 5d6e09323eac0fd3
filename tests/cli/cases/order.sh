# SPDX-License-Identifier: MIT
# Two errors of one request: always in one order, the first leads to the second; now in this order
# and now in that, as of two hosts whose clocks do not tell, neither leads to the other.
write() { # FLIP: 1 turns nine in twenty requests round
	python3 -c '
import json, sys
def line(i, ms, service, level, message):
    print(json.dumps({"time": "2026-03-01T10:%02d:%02d.%03dZ" % (i // 60, i % 60, ms), "level": level,
                      "service": service, "trace_id": "%032x" % (i + 7919), "message": message}))
for i in range(400):
    line(i, 100, "shop", "info", "take order")
    line(i, 101, "stock", "info", "look up")
    if i >= 200:
        errors = [("stock", "shelf is gone"), ("shop", "order is lost")]
        for ms, (service, message) in zip((300, 320), errors[::-1] if int(sys.argv[1]) and i % 20 < 9 else errors):
            line(i, ms, service, "error", message)' "$1"
}
for flip in 0 1; do
	write $flip >both.log
	lineup scan --no-builtin --format json --incident 2026-03-01T10:03:20Z..2026-03-01T10:06:40Z both.log |
		python3 -c '
import json, sys
suspects = json.load(sys.stdin)["suspects"]
names = [s["title"] for s in suspects]
print([(s["title"], [(names[l["rank"] - 1], l["requests"], l["of"]) for l in s["led_to"]]) for s in suspects])'
done
