# SPDX-License-Identifier: MIT
# A dash is standard input; it reads the same as the file.
incident logs
lineup scan --format json --no-builtin -e ERROR - <logs/orders.log >piped.json
echo "status $?"
cat logs/orders.log | lineup scan --format json --no-builtin -e ERROR - >piped2.json
cmp piped.json piped2.json
json '[d["inputs"]["lines"], d["inputs"]["bytes"], d["detections"][0]["count"]]' <piped.json
json '[d["suspects"][0]["evidence"][0]["path"] if d["suspects"] else "-"]' <piped.json
gzip -c logs/orders.log | lineup lines --no-builtin - | tail -n 1 | json '[d["path"], d["line"], d["time"]]'
