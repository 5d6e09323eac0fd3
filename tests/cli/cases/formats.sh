# SPDX-License-Identifier: MIT
# Every format says the same; the suffix of -o picks one, --format wins.
incident logs
set -- --no-builtin -e 'pool exhausted' -e 'timed out' logs
lineup scan --format json "$@" >a.json
lineup scan -o b.json "$@"
cmp a.json b.json
json 'd["schema"]' <a.json
json 'sorted(d)' <a.json
json '[d["inputs"]["files"], d["inputs"]["lines"], d["inputs"]["troubles"]]' <a.json
json 'd["rules"]' <a.json
json '[[x["id"], x["count"], x["first"], x["last"], x["services"]] for x in d["detections"]]' <a.json
json '[d["time"]["first"], d["time"]["last"], d["time"]["undated_lines"]]' <a.json
lineup scan -o c.jsonl "$@"
python3 - <<'END'
import json
whole = json.load(open('a.json'))
lines = [json.loads(l) for l in open('c.jsonl')]
kinds = {'detection': whole['detections'], 'suspect': whole['suspects'], 'timeline': whole['timeline'], 'service': whole['services']}
for kind, want in kinds.items():
    got = [{k: v for k, v in l.items() if k != 'type'} for l in lines if l['type'] == kind]
    print(kind, got == want)
END
lineup scan -o d.csv "$@"
head -n 1 d.csv
python3 -c 'import csv, json
rows = list(csv.reader(open("d.csv", newline="")))
print(len({len(r) for r in rows}) == 1, len(rows) - 1 == len(json.load(open("a.json"))["suspects"]))'
lineup scan -o e.csv --format json "$@"
cmp a.json e.csv
lineup scan -o f.unknown "$@"
lineup scan "$@" | cmp - f.unknown
ls
