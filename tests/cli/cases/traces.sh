# SPDX-License-Identifier: MIT
# Where every line of a trace is stamped, its lines are no suspects beside the error they belong to.
# Of a line that is too long for the page, ids are cut, so that its message is seen.
{
	for minute in {10..50}; do
		echo "2026-03-01 10:$minute:00.000 412 INFO shop.api.handler [req-1$minute] order taken"
	done
	stamp='2026-03-01 10:45:00.123 412 ERROR shop.api.handler'
	echo "$stamp [req-3024950a-b5b3-47d0-83ab-a7d9d927cb74 de84a85a71df4e2688a5060b1895c19e order-worker-7f9c4d2b11-x2k4q] Exception handling order: stock is negative"
	echo "$stamp Traceback (most recent call last):"
	echo "$stamp   File \"/srv/shop/api/handler.py\", line 120, in take"
	echo "$stamp     self.stock.reserve(item, quantity)"
	echo "$stamp   File \"/srv/shop/stock.py\", line 31, in reserve"
	echo "$stamp     raise StockNegative(item)"
	echo "$stamp StockNegative: stock is negative"
	echo "$stamp"
	echo "2026-03-01T10:46:00Z ERROR shop worker failed: cannot print the label"
	echo '2026-03-01T10:46:00Z ERROR shop  at com.shop.Label.print(Label.java:42)'
	echo '2026-03-01T10:46:00Z ERROR shop  at com.shop.Worker.run(Worker.java:7)'
} | sort -s -k 2,2.12 >shop.log
lineup scan --no-builtin --incident 10:44..10:47 shop.log -n 20 --format json | json '"\n".join(x["title"] for x in d["suspects"])' | sed 's/\\n/\n/g'
lineup scan --no-builtin --incident 10:44..10:47 shop.log | grep -A 3 Seen | head -n 4
