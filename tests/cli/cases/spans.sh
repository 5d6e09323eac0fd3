# SPDX-License-Identifier: MIT
# --since, --until and the zone say which lines are read; files are chosen by --include, --exclude.
incident logs
count() { lineup scan --no-builtin -e . --format json "$@" logs | json 'sum(x["count"] for x in d["detections"])'; }
count
count -s 2026-03-01T10:15:00Z
count -s '2026-03-01 10:15' -u '2026-03-01 10:17'
count -s '2026-03-01 11:15' -u '2026-03-01 11:17' --tz +01:00
count -s @1772360100 -u @1772360220
count --include orders.log
count --exclude 'orders*'
count --include 'logs/*' --exclude '*.log'
# Hours without a day are those of the last day that was read; what lies outside is said to be so.
told() { lineup scan --no-builtin -e 'pool exhausted' logs "$@" | grep -E '^(Nothing|billing|Incident|Time| +left out)|^that|^2026'; }
told --incident 10:15..10:18
told --incident '2026-07-01 10:15..10:18'
told -s '2026-07-01 10:15'
told -s '2026-03-01 10:15' | grep -v Incident
# Nothing read is said in the first sentence, and is not "nothing stands out"; a folder may be left out.
first() { lineup scan --no-builtin -e x "$@" | head -n 1; }
mkdir -p none more && gzip -c logs/orders.log >more/orders.log.gz && : >empty.log
first none
first empty.log
first --include '*.nosuch' logs
head -c 4096 /dev/zero >zeros.log && first zeros.log
first --exclude logs/ logs more | cut -c -19
count --exclude logs more
count --include more/ more
# Of logs of one day, the next one's midnight is said with its date.
for hour in 00 06 12 18 23; do echo "2026-03-01T$hour:00:00Z INFO up"; done >day.log
lineup scan --no-builtin --window 1h --incident '2026-03-01 22:00..2026-03-02 00:00' day.log | grep -E '^(Incident|Baseline)'
# What holds a wildcard is no folder, unless it says so by its end.
count --exclude 'log[s]'
first --exclude 'log[s]/' logs more | cut -c -19
