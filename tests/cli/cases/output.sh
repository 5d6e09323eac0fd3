# SPDX-License-Identifier: MIT
# A report that cannot be written is an error; a reader that goes away is none worth a word.
incident logs
lineup scan --no-builtin logs >/dev/full
echo "status $?"
status lineup scan --no-builtin -o /dev/full logs
status lineup scan --no-builtin -o logs logs
status lineup scan --no-builtin -o json logs
for i in 1 2 3 4 5 6; do cat logs/*.log logs/*.log >more; cat more more >>logs/orders.log; done
lineup lines --no-builtin logs 2>errors | head -n 1 | json 'd["line"]'
echo "status ${PIPESTATUS[0]}"
cat errors
lineup scan --no-builtin logs >&- 2>errors
echo "status $?"
wc -l <errors
ls
# Last night's report is no log of this night, and no log is lost to a report.
lineup scan --no-builtin --format json -o logs/night.json logs
json 'd["inputs"]["files"]' <logs/night.json
lineup scan --no-builtin --format json -o logs/night.json logs
json 'd["inputs"]["files"], d["inputs"]["troubles"][0]["reason"]' <logs/night.json
before=$(cksum <logs/orders.log)
status lineup scan --no-builtin -o logs/orders.log logs/orders.log
[ "$before" = "$(cksum <logs/orders.log)" ] && echo 'it is as it was'
