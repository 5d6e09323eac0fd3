# SPDX-License-Identifier: MIT
# Of two rules that know the very same lines, the one of the lines' own technology names them, however
# grave the other is: by the service, or by a word in the line; else the graver one does.
cat >own.yaml <<'EOD'
pack: broker
defaults: {services: [broker]}
rules:
  - {id: broker/deadlock, title: Broker deadlock, severity: critical, literal: deadlock detected}
---
pack: storage
defaults: {services: [storage, acme_db]}
rules:
  - {id: storage/deadlock, title: Storage deadlock, severity: medium, match: 'deadlock (detected|found)'}
EOD
write_log() {
	for minute in {10..59}; do
		echo "2026-03-01T10:$minute:00Z INFO request taken"
		[ "$minute" -lt 40 ] || echo "2026-03-01T10:$minute:30Z ERROR $1"
	done
}
write_log 'deadlock detected' >storage.log
write_log 'acme_db: deadlock detected' >shop.log
write_log 'deadlock detected' >billing.log
for log in storage shop billing; do
	lineup scan --no-builtin -r own.yaml $log.log --format json |
		json '"'$log'", [[x["id"], x["also"]] for x in d["suspects"]], [x["id"] for x in d["detections"]]'
done
