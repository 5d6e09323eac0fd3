# SPDX-License-Identifier: MIT
# What the report says of one line, and of two.
printf '%s\n' 'banner' '2026-02-03T10:00:05Z up' '2026-02-03T10:00:01Z late' >one.log
printf '%s\n' 'banner' 'more' '2026-02-03T10:00:05Z up' '2026-02-03T10:00:01Z late' \
	'2026-02-03T10:00:09Z up' '2026-02-03T10:00:02Z late' >two.log
for log in one two; do
	lineup scan --no-builtin -e up --format json $log.log | json '"\n".join(d["time"]["notes"])'
done
# Nothing is nothing, as everywhere.
status lineup scan /dev/null | sed -n '1p;$p'
# An archive without a file says so, and does not speak of options that were not given.
python3 -c 'import zipfile; zipfile.ZipFile("empty.zip", "w").close()'
lineup scan empty.zip | head -n 1
lineup scan --include 'x*' empty.zip | head -n 1
