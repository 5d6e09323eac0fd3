#!/bin/sh
# SPDX-License-Identifier: MIT
# Does the report name the culprit of imagined shops? tests/story/run.sh LINEUP CORPUS [SEED...]
# For each seed: with a job's lock the job, the back tier or its database stands before the middle
# and the front; with a missing index the middle or the database comes first; in healthy weeks
# nothing stands out.
set -eu
lineup=$1 corpus=$2
shift 2
[ $# -gt 0 ] || set -- 1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
failed=0

check() { # seed cause
	"$corpus" story "$1" "$2" "$folder/logs" >"$folder/truth.json"
	"$lineup" scan --no-progress --format json "$folder/logs" >"$folder/report.json" 2>/dev/null || [ $? -eq 3 ]
	if python3 - "$folder/truth.json" "$folder/report.json" "$2" <<'P'
import json, sys
truth, report, cause = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), sys.argv[3]
names = [s["name"] for s in report["services"] if s["score"] > 1]
suspects = [s["service"] for s in report["suspects"]]
if cause == "none":
    good = len(suspects) == 0
elif cause == "index":
    good = names[:1] in ([truth["middle"]], [truth["database"]])
else:
    good = names[:1] != [] and names[0] in (truth["job"], truth["back"], truth["database"], "scheduler")
    good = good and suspects[0] in (truth["job"], truth["back"], truth["database"], "scheduler")
print("services", names[:4], "suspects", suspects[:4])
sys.exit(not good)
P
	then
		echo "ok: seed $1, $2"
	else
		echo "FAILED: seed $1, $2"
		failed=1
	fi
	rm -rf "$folder/logs"
}

for seed in "$@"; do
	for cause in lock index none; do
		check "$seed" "$cause"
	done
done
exit $failed
