# SPDX-License-Identifier: MIT
# Where every line of a trace is stamped, its lines are no suspects beside the error they belong to.
{
	for minute in {10..50}; do
		echo "2026-03-01 10:$minute:00.000 412 INFO shop.api.handler [req-1$minute] order taken"
	done
	stamp='2026-03-01 10:45:00.123 412 ERROR shop.api.handler'
	echo "$stamp [req-1] Exception handling order: stock is negative"
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
