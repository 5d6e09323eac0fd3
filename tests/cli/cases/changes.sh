# SPDX-License-Identifier: MIT
# The file of changes is checked before anything is read.
incident logs
printf 'time,service,change\n2026-03-01T10:14:00Z,billing,deploy 7\n' >changes.csv
lineup scan --no-builtin --changes changes.csv -o report.json logs
echo "status $?"
printf 'time,service,change\nsoon,billing,deploy 7\n' >changes.csv
status lineup scan --no-builtin --changes changes.csv logs
# The first sentences tell of a change that came shortly before, if it never came without trouble.
printf 'time,service,change\n2026-03-01T10:14:00Z,billing,deploy 7\n' >changes.csv
lineup scan --no-builtin --changes changes.csv logs | sed '/^$/q'
printf '2026-03-01T%s,billing,deploy 7\n' 08:00:00Z 09:00:00Z >>changes.csv
lineup scan --no-builtin --changes changes.csv logs | sed '/^$/q'
# Cells may be quoted, with commas and quotes in them.
printf 'time,service,change\n"2026-03-01T10:14:00Z",billing,"deploy ""7"", at last"\n' >changes.csv
lineup scan --no-builtin --changes changes.csv logs | sed '/^$/q'
# A restart is as often what came of it: it stands with the suspect, and not in the first sentences.
# It is told by what it says, without its envelope.
cat >own.yaml <<'END'
pack: own
rules:
  - id: own/restarted
    title: Billing restarted
    severity: info
    event: restart
    match: 'billing \d+ is up'
END
echo '2026-03-01T10:14:30Z INFO billing 8 is up' >>logs/billing.log
echo '2026-03-01 10:14:50.125 4711 INFO shop.billing.main [req-0a1b77c2 - - -] billing 9 is up' >>logs/billing.log
lineup scan --no-builtin -r own.yaml logs >report
sed '/^$/q' report
grep 'is up' report
# What is no such file is told with what to write.
printf '[{"time":"2026-03-01T10:14:00Z","change":"deploy 7"}]\n' >changes.json
status lineup scan --no-builtin --changes changes.json logs
printf 'what,when\n' >changes.csv
status lineup scan --no-builtin --changes changes.csv logs
