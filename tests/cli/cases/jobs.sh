# SPDX-License-Identifier: MIT
# The report holds the same bytes for every number of threads, over many files and archives.
# It takes its own numbers of threads, so that once is enough.
[ "$JOBS" = 1 ] && [ "$LC_ALL" = C ] || exit 77
"$BUILD/bench/corpus" demo 7 bundle >/dev/null
for jobs in 1 2 4; do
	command "$LINEUP" scan bundle --format json -j "$jobs" -o "report.$jobs" --no-progress
	echo "status $?"
done
cmp report.1 report.2 && cmp report.1 report.4 && echo same
json 'd["inputs"]["members"] > 20 and len(d["suspects"]) > 0' <report.1

# Counts, times and places of hits do not depend on whether the other lines were read.
for quiet in '' -q; do
	command "$LINEUP" scan bundle --format json --no-builtin -e 'lock' -e 'ERROR' -e '(?i)time.?out' $quiet --no-progress |
		json '[[x["id"], x["count"], x["first"], x["last"], x["services"]] for x in d["detections"]]' >"counts$quiet"
done
cmp counts counts-q && echo same
[ "$(wc -c <counts)" -gt 100 ] && echo counted
