# SPDX-License-Identifier: MIT
# How each line is read.
printf '%s\n' '2026-03-01T10:00:00.250+01:00 ERROR [req-1] failed' '  at somewhere' >app.log
lineup lines --no-builtin -e failed -e at app.log >out
echo "status $?"
wc -l <out
head -n 1 out | json 'sorted(d)'
head -n 1 out | json '[d["path"], d["line"], d["offset"], d["time"], d["time_basis"], d["severity"], d["rules"]]'
tail -n 1 out | json '[d["path"], d["line"], d["offset"], d["time"], d["time_basis"], d["rules"]]'
head -n 1 out | json 'sorted(d["ids"])'
lineup lines --no-builtin -o out2 -j 4 app.log && wc -l <out2
