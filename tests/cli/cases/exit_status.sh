# SPDX-License-Identifier: MIT
# 0 done, 2 nothing scanned, 3 not all could be read; the report lists what.
incident logs
lineup scan -o report.json logs
echo "status $?"
lineup scan -o report.json logs missing
echo "status $?"
json '[t["path"] + ": " + t["kind"] for t in d["inputs"]["troubles"]]' <report.json
status lineup scan missing missing2
mkdir empty
lineup scan --format json empty >report.json
echo "status $?"
json 'd["inputs"]["lines"]' <report.json
gzip -c logs/orders.log | head -c 200 >cut.gz
lineup scan -q -o report.json logs cut.gz
echo "status $?"
json '[t["path"] + ": " + t["kind"] for t in d["inputs"]["troubles"]]' <report.json
# What is no log at all is listed, and no loss.
printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000' >logs/core
head -c 4096 /dev/zero >>logs/core
lineup scan -q -o report.json logs
echo "status $?"
json '[t["path"] + ": " + t["kind"] for t in d["inputs"]["troubles"]]' <report.json
