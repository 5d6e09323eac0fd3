# SPDX-License-Identifier: MIT
# Patterns as in grep: each is a rule of its own; one that cannot be used is named, the others go on.
printf '%s\n' 'a b' 'A B' 'a  b' 'x' '' >log
printf '%s\n' '^a' 'b$' '' '(?i)a b' 'x(' >patterns
lineup scan --no-builtin -e 'a b' -e '^$' -f patterns --format json log >report.json
echo "status $?"
json '[[x["id"], x["count"]] for x in d["detections"]]' <report.json
json '[[r["path"], r["line"]] for r in d["rules"]["rejected"]]' <report.json
status lineup scan --no-builtin -e '(' log | cut -c 1-60
printf 'rules: [' >bad.yaml
lineup scan --no-builtin -r bad.yaml -e x --format json log >report.json
echo "status $?"
json '[r["path"] for r in d["rules"]["rejected"]]' <report.json
