# SPDX-License-Identifier: MIT
# When it hurt, untold: an incident that has ended, hours of one weekday, more traffic, and a heartbeat
# that stopped.
say() { # SECOND TEXT
	printf '%(%Y-%m-%dT%H:%M:%SZ)T %s\n' "$((1772409600 + $1))" "$2"
}
ticks() { # FROM TO EVERY TEXT
	local at
	for ((at = $1; at < $2; at += $3)); do say "$at" "$4"; done
}
told() {
	lineup scan --no-progress --no-builtin --format json "$1" | json '[d["time"]["incident"]["from"],
		d["time"]["incident"]["to"], d["time"]["incident"]["how"],
		[[s["service"], s["title"], s["recurrence"] and s["recurrence"]["text"]] for s in d["suspects"]],
		[[e["service"], e["event"], e["text"]] for e in d["timeline"] if e["event"] == "silence"]]'
}
mkdir ended weekly busy beat
ticks 0 7200 30 'INFO request done' >ended/shop.log
ticks 3610 3900 7 'ERROR disk is full' >ended/store.log
echo 'an incident that has ended'
told ended
for day in 0 7 14 21; do ticks $((day * 86400 + 32400)) $((day * 86400 + 36000)) 120 'ERROR queue is full'; done >weekly/report.log
ticks 0 2419200 3600 'INFO request done' >weekly/shop.log
echo 'Mondays'
told weekly
ticks 0 7200 30 'INFO request done' >busy/shop.log
ticks 7200 14400 5 'INFO request done' >>busy/shop.log
echo 'more traffic'
told busy
ticks 0 7200 30 'INFO request done' >beat/shop.log
ticks 0 6000 10 'INFO alive' >beat/heart.log
echo 'a heartbeat that stopped'
told beat
lineup scan --no-progress --no-builtin beat | head -n 1
mkdir nightly
for day in 0 1 2 3 4 5 6; do
	ticks $((day * 86400 + 61201)) $((day * 86400 + 61202)) 1 'INFO starting job sync'
done >nightly/sync.log
for day in 0 1 2 3 4 5 6; do
	ticks $((day * 86400 + 61210)) $((day * 86400 + 68300)) 60 'ERROR table is locked'
done >nightly/stock.log
ticks 0 604800 600 'INFO request done' >nightly/shop.log
echo 'what starts it comes again as it does, however many are shown'
for top in 1 2; do
	lineup scan --no-progress --no-builtin -n $top --format json nightly |
		json '[[s["title"], s["recurrence"]["text"]] for s in d["suspects"]]'
done
mkdir read
for day in 0 1 2 3 4 5 6; do
	ticks $((day * 86400 + 10800)) $((day * 86400 + 14400)) 60 'INFO request done'
done >read/shop.log
for day in 0 1 2 3 4 5 6; do
	ticks $((day * 86400 + 11000)) $((day * 86400 + 14400)) 1500 'ERROR table is locked'
done >read/stock.log
ticks $((6 * 86400 + 12600)) $((6 * 86400 + 14400)) 20 'ERROR table is locked' >>read/stock.log
echo 'of some hours alone there are logs: what comes at them does not return'
told read
