# SPDX-License-Identifier: MIT
# What comes from one of a service's hosts alone is said to; here the hosts are folders of an archive,
# of which one member is read after the other.
say() { # say FOLDER MINUTE ERRORS: a minute of a node's log
	local second
	mkdir -p "bundle/$1"
	for second in 03 13 23 33 43 53; do
		echo "2026-03-01T10:$2:${second}Z INFO call is answered" >>"bundle/$1/switchboard.log"
		[ "$3" = 0 ] || echo "2026-03-01T10:$2:${second}Z ERROR no room for the recording" >>"bundle/$1/switchboard.log"
	done
}
for minute in {10..39}; do
	for node in fs1 fs2 fs3; do
		say "$node" "$minute" 0
	done
done
for minute in {40..49}; do
	say fs1 "$minute" 0
	say fs2 "$minute" 0
	say fs3 "$minute" 1
done
tar -cf one.tar --sort=name bundle
lineup scan --no-builtin --year 2026 one.tar | sed '/^$/q'
for minute in {50..59}; do
	say fs1 "$minute" 1
done
tar -cf two.tar --sort=name bundle
lineup scan --no-builtin --year 2026 two.tar | sed '/^$/q'
# A node that is gone: its service goes on elsewhere, and the door misses it.
rm -rf bundle
for minute in {10..59}; do
	for node in fs1 fs2 fs3; do
		[ "$node$((minute / 40))" = fs31 ] || say "$node" "$minute" 0
	done
	mkdir -p bundle/prx1
	for second in 05 15 25 35 45 55; do
		echo "2026-03-01T10:$minute:${second}Z INFO call comes in" >>bundle/prx1/door.log
		[ "$minute" -lt 40 ] || [ "$second" -gt 15 ] || echo "2026-03-01T10:$minute:${second}Z ERROR call is refused" >>bundle/prx1/door.log
	done
done
lineup scan --no-builtin bundle | grep -A 1 'falls silent'
