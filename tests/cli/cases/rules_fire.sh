# SPDX-License-Identifier: MIT
# Rules of several terms on the clock of logs in several files, compressed or not.
cat >own.yaml <<'EOF'
rules:
  - cre: {id: OWN-1, severity: 1, title: Dry within a minute}
    rule:
      sequence:
        window: 60s
        order: [{value: pool is low}, {value: pool is dry}]
        negate: [{value: refilled, window: 5s}]
  - cre: {id: OWN-2, severity: 0, title: Three alarms}
    rule:
      set:
        window: 10s
        match: [{value: alarm, count: 3}]
  - cre: {id: OWN-3, severity: 2, title: Both}
    rule:
      set:
        window: 5s
        match: [{value: pump stopped}, {regex: 'valve \d+ shut'}]
EOF
mkdir logs
cat >logs/pump.log <<'EOF'
2026-03-01T10:00:30Z pool is dry
2026-03-01T10:00:00Z pool is low
2026-03-01T10:05:00Z pool is low
2026-03-01T10:05:10Z pool is dry
2026-03-01T10:05:14Z refilled
2026-03-01T11:00:00Z alarm
2026-03-01T11:00:04Z alarm
2026-03-01T11:00:11Z alarm
2026-03-01T11:00:14Z alarm
EOF
cat >logs/valves.log <<'EOF'
valve 3 shut
pump stopped
EOF
gzip -n logs/valves.log
lineup scan --no-builtin -r own.yaml logs --format json |
	json '[[x["id"], x["count"], x["first"], x["last"]] for x in d["detections"]]'
# One service in two bundles is two services; the files given by name are one tree.
cat >two.yaml <<'EOF'
rules:
  - cre: {id: OWN-4, severity: 2, title: Both}
    rule: {set: {window: 9s, match: [{value: first half}, {value: second half}]}}
EOF
mkdir a b
echo 'Mar  1 10:00:00 host-1 app[7]: first half' >a/x.log
echo 'Mar  1 10:00:01 host-1 app[7]: second half' >b/y.log
tar cf a.tar a && tar cf b.tar b && tar cf both.tar a b
for paths in "a b" "a/x.log b/y.log" "a.tar b.tar" "both.tar"; do
	lineup scan --no-builtin -r two.yaml $paths --format json |
		json "['$paths', [x['services'] for x in d['detections']], d['inputs']['members']]"
done
# Lines that say the seconds since an unknown boot have no date, but a clock.
mkdir since
printf '[   12.300000] first half\n[  500.100000] second half\n[  503.200000] first half\n' >since/dmesg.log
printf '[   12.300000] first half\n[  500.100000] second half\n' >since/dmesg.1.log
lineup scan --no-builtin -r two.yaml since --format json |
	json '[[x["id"], x["count"], x["first"]] for x in d["detections"]], d["time"]["undated_lines"]'
# Parts of one program complete a rule together.
printf 'time=2026-03-01T10:00:0%dZ component=%s msg="%s half"\n' 0 tsdb first 1 web second \
	>parts.log
lineup scan --no-builtin -r two.yaml parts.log --format json | json '[[x["id"], x["services"]] for x in d["detections"]]'
