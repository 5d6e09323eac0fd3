# SPDX-License-Identifier: MIT
# More names of services than are followed over time: which are kept is the same for every -j.
mkdir logs
awk 'BEGIN {
	for (i = 0; i < 30000; i++)
		printf "2026-03-01T%02d:%02d:%02dZ host job%05d[%d]: %s\n", i / 7200, i / 120 % 60,
			i / 2 % 60, (i * 7919) % 25000, i,
			i % 50 == 0 ? "ERROR cannot write the block" : "INFO done" >"logs/" i % 5 ".log"
}'
for jobs in 1 2 5 16; do
	lineup scan --no-progress --no-builtin -e 'cannot write' -j $jobs --format json logs >"$jobs.json"
	cmp 1.json "$jobs.json" && echo "the same with -j $jobs"
done
json 'd["time"]["notes"], [x["count"] for x in d["detections"]], len(d["services"]) > 10000' <1.json
