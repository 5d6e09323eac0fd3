# SPDX-License-Identifier: MIT
# Reports of very different inputs have every key that is promised, and agree with themselves.
incident logs
: >empty.log
echo 'no time at all' >undated.log
head -c 5000 /dev/zero >binary.dat
printf '2026-03-01T10:00:00Z ERROR \377\303 \033[31m"\\\\" \000 x\n' >odd.log
report() { lineup scan --format json -o "$1.json" "${@:2}" || echo "status $?"; }
report incident logs
report own --no-builtin -e 'pool exhausted' -e 'order failed' --incident '2026-03-01 10:15..10:18' logs
report empty empty.log
report undated undated.log odd.log
report binary binary.dat
report none -s 2027-01-01 logs
report all -n 0 logs odd.log undated.log
report few -n 1 --min-severity high logs
report fewer -n 1 --fail-on critical logs
"$BUILD/bench/corpus" story 3 lock week 2 >/dev/null
report story week
python3 -B "$TESTS/../model/report_shape.py" ./*.json
json 'all(d["tool"]["libraries"][name] for name in ("hyperscan", "libzstd", "libarchive"))' <incident.json
