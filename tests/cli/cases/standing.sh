# SPDX-License-Identifier: MIT
# Where nothing stands out, the first sentence tells of the worst that is there all the same.
for i in $(seq -w 0 59); do
	echo "2026-03-01T10:$i:00Z INFO request served"
	echo "2026-03-01T10:$i:30Z WARN cache is cold, asking the store"
done >app.log
first() { lineup scan "$@" | sed '/^$/q'; }
first --no-builtin app.log
cat >own.yaml <<'END'
pack: own
title: Own
rules:
  - {id: own/cold, title: Cache is cold, severity: high, match: cache is cold, examples: [cache is cold]}
  - {id: own/served, title: Served, severity: medium, match: request served, examples: [request served]}
END
first --no-builtin -r own.yaml app.log
grep INFO app.log >good.log
first --no-builtin good.log
# The level may stand at the end of the line; one of one is singular.
for i in 1 2 3 4 5 6 7 8; do echo "25$i node-5 fan speed 177235920$i 1 warning"; done >fan.log
first --no-builtin fan.log
echo '2026-03-01T10:00:00Z WARN cache is cold' >one.log
first --no-builtin one.log
lineup scan --no-builtin one.log | grep UNEXPLAINED
# The status of an access log says whether the server failed.
for i in $(seq -w 0 59); do
	status=200
	[ "$i" -gt 29 ] && [ "$i" -lt 36 ] && status=502
	for s in 10 30 50; do
		echo "10.0.0.7 - - [01/Mar/2026:10:$i:$s +0000] \"GET /cart HTTP/1.1\" $status 17 \"-\" \"curl\""
	done
done >access.log
lineup scan --no-builtin access.log | grep -E "^(access|Incident)"
grep -vE ':3[1-5]:.. .* 502 ' access.log >few.log
first --no-builtin few.log
# Behind a long place the line begins anew.
mkdir -p bundle/var/log/pods/a-namespace/a-workload-with-a-long-name
cp app.log bundle/var/log/pods/a-namespace/a-workload-with-a-long-name
lineup scan --no-builtin -r own.yaml bundle | grep -A 3 FIRED | sed "s/[~…] /~ /"
lineup scan --no-builtin -r own.yaml app.log | grep -A 2 FIRED
# Large numbers are written alike everywhere.
seq 1 1500 | sed 's/.*/2026-03-01T10:00:00Z WARN cache is cold, asking the store/' >many.log
lineup scan --no-builtin many.log | grep -A 1 UNEXPLAINED
# A warning that begins late is no incident, but it is what is new; once it is said, it is not said twice.
for i in 46 47 49 52 54 55 57 59; do echo "2026-03-01T10:$i:20Z WARN table of rates is old"; done >new.log
cat app.log new.log | sort >both.log
first --no-builtin both.log
grep -v cold both.log >late.log
first --no-builtin late.log
# A good day as the baseline, in a folder of another name: the services are the same.
mkdir today yesterday
for i in $(seq -w 0 59); do
	echo "2026-03-01T10:00:${i}Z INFO request served" >>yesterday/web.log
	echo "2026-03-02T10:00:${i}Z INFO request served" >>today/web.log
done
echo "2026-03-02T10:01:00Z ERROR out of cheese" >>today/web.log
first --no-builtin --baseline yesterday today
# Where nobody is suspected, the worst comes with what to do; -v names the rules of suspects.
for i in 1 2; do echo "2026-03-01T10:00:0$i.217Z INFO request served"; done >short.log
cat >fix.yaml <<'END'
pack: fix
title: Fix
rules:
  - {id: fix/served, title: Served, severity: high, match: request served, fix: stop serving, cause: it serves, examples: [request served]}
END
lineup scan --no-builtin -r fix.yaml short.log | grep -A 4 FIRED
echo "2026-03-02T10:01:00Z ERROR request served" >>today/web.log
lineup scan -v --no-builtin -r fix.yaml --baseline yesterday today | grep -A 1 'Rule '
