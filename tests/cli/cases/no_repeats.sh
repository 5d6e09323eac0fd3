# SPDX-License-Identifier: MIT
# Lines of which no two have one form: what is remembered by forms is given up, and nothing is lost.
awk 'BEGIN {
	n = 7
	for (i = 0; i < 40000; i++) {
		text = ""
		for (w = 0; w < 8; w++) {
			n = (n * 16807) % 2147483647
			for (k = n; k > 0; k = int(k / 26)) text = text sprintf("%c", 97 + k % 26)
			text = text " "
		}
		printf "2026-03-01T10:%02d:%02dZ %s %s\n", i / 60 % 60, i % 60, i % 40 == 0 ? "ERROR" : "INFO", text
	}
}' >all_new.log
lineup scan --no-builtin --format json -e ' ERROR ' -e '^2026-03-01T10:0' all_new.log >report.json
echo "status $?"
json '[[x["id"], x["count"]] for x in d["detections"]]' <report.json
json 'd["inputs"]["lines"]' <report.json
grep -c ERROR all_new.log
grep -c '^2026-03-01T10:0' all_new.log
