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
# What was packed today says nothing of the year by that: another log in the archive does.
printf 'Feb  3 10:00:05 alpha app[7]: %s\n' up down >a.log
printf '2019-02-03T10:00:0%dZ up\n' 1 2 >b.log
tar -cf packed.tar a.log b.log
lineup scan --no-builtin -e up --format json packed.tar | json '"\n".join(d["time"]["notes"])'
