# SPDX-License-Identifier: MIT
# What a rule captures is told as the state of then and before, but for numbers that name a thing;
# rules that match the very same lines are one suspect, and wrapped.
cat >own.yaml <<'EOD'
pack: own
rules:
  - {id: own/pool-exhausted, title: Pool exhausted, severity: high, match: 'pool (?<pool_active>\d+) of (?<pool_max>\d+) taken, worker (?<worker_pid>\d+)$'}
  - {id: own/the-same-lines-under-a-second-name, title: Pool, severity: low, literal: ' taken, '}
  - {id: own/the-same-lines-under-a-third-name, title: Pool, severity: low, literal: 'taken, worker'}
EOD
for minute in {10..59}; do
	echo "2026-03-01T10:$minute:00Z INFO shop: order taken"
	[ "$minute" -lt 40 ] || echo "2026-03-01T10:$minute:30Z ERROR shop: pool 50 of 50 taken, worker 40$minute"
done >shop.log
lineup scan --no-builtin -r own.yaml shop.log | grep -A 2 -E '^    (State|Also)'
lineup scan --no-builtin -r own.yaml shop.log --format json | json 'd["suspects"][0]["state"]'
