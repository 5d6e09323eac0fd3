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
