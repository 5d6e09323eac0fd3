# SPDX-License-Identifier: MIT
# With -q only lines that match are read: of files without any, not even what their stamps look like.
printf '%s\n' 'Mar  1 10:00:00 web-1 app[7]: started' 'Mar  1 10:00:05 web-1 app[7]: boom' '  at main' >app.log
printf '%s\n' 'Mar  1 10:00:09 web-2 calm[8]: quiet hour' 'Mar  1 10:00:10 web-2 calm[8]: all is well' >calm.log
touch -d '2026-03-01 11:00Z' app.log calm.log
quiet() {
	lineup scan -q --no-progress --no-builtin "$@" app.log calm.log
}

echo 'a line matches: it has its time, and its file alone is the one that notes tell of'
quiet -e boom --format json |
	json '[[[x["id"], x["count"], x["first"], x["services"]] for x in d["detections"]], d["time"]["notes"]]'

echo 'a line below a stamp matches: it has that time'
quiet -e 'at main' --format json |
	json '[[x["id"], x["count"], x["first"], x["services"]] for x in d["detections"]]'

echo 'nothing matches'
quiet -e nowhere

echo 'a line in the middle is shown to its end, and no further'
quiet -e boom | grep -A 1 'Seen'
