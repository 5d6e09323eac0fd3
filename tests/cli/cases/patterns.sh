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
# Digits that a pattern chooses among are no part of what lines of one form have in common.
for i in $(seq 0 999); do echo "2026-03-01T10:00:$((i % 50 + 10))Z INFO took $((i % 10))0 ms of [$i]"; done >forms.log
lineup scan --no-builtin -e 'took (?:5|6)0 ms' -e 'took (?:5|x)0 ms' -e 'INFO (?:took|gave) (?:50|6) ms' --format json forms.log |
	json '[x["count"] for x in d["detections"]]'
