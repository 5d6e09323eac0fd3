#!/bin/sh
# SPDX-License-Identifier: MIT
# Does every module include headers of its own room and of lower ones only? The rooms are listed in
# tools/layers.txt; a header belongs to the room of the source file of its name, or says so below. One
# that stands among the sources of a room is for that room alone.
set -eu
cd "$(dirname "$0")/.."

# Headers without a source file of their name.
lone='base=base base=banned base=byte_masks base=lane_hash base=libraries base=little_endian input=chunk rules=rules_image judge=judgement judge=verdict
	reading=answer out=report_formats out=text_parts run=commands run=options run=rules_commands'

awk -v lone="$lone" '
FILENAME == "tools/layers.txt" { if ($1 !~ /^#/ && $1 != "") { level[$1] = ++count } next }
FNR == 1 {
	room = ""; file = FILENAME
	if (file == "src/main.c") room = "run"
	else if (file ~ /^src\//) { split(file, part, "/"); room = part[2] }
	else { name = file; sub(/.*\//, "", name); sub(/\.h$/, "", name); own_header[file] = name }
	rooms[file] = room
	if (room != "" && !(room in level)) { print file ": its folder is no room of tools/layers.txt"; bad = 1 }
	if (room != "") { name = file; sub(/.*\//, "", name); sub(/\.c$/, "", name)
		if (name in room_of) { print file ": a second file of that name"; bad = 1 }
		room_of[name] = room }
}
match($0, /^#include "lineup\/[a-z0-9_]+\.h"/) {
	name = $0; sub(/^#include "lineup\//, "", name); sub(/\.h".*/, "", name)
	includes[++include_count] = file " " FNR " " name
}
match($0, /^#include "src\/[a-z]+\//) {
	split($0, part, "/")
	if (part[2] != room) { print file ":" FNR ": a header of room " part[2] " alone"; bad = 1 }
}
match($0, /^#include "[^\/"]+"/) { print file ":" FNR ": a header is included by its whole path"; bad = 1 }
END {
	n = split(lone, pairs, /[ \t\n]+/)
	for (i = 1; i <= n; i++) { split(pairs[i], p, "="); if (p[2] != "" && !(p[2] in room_of)) room_of[p[2]] = p[1] }
	for (file in own_header) {
		if (!(own_header[file] in room_of)) { print file ": no source file of this name; name its room in tools/check_layers.sh"; bad = 1 }
		else rooms[file] = room_of[own_header[file]]
	}
	for (i = 1; i <= include_count; i++) {
		split(includes[i], part, " ")
		if (!(part[3] in room_of)) continue
		if (level[room_of[part[3]]] > level[rooms[part[1]]]) {
			print part[1] ":" part[2] ": room " rooms[part[1]] " includes " part[3] ".h of the higher room " room_of[part[3]]
			bad = 1
		}
	}
	exit bad
}' tools/layers.txt src/main.c src/*/*.c src/*/*.h include/lineup/*.h
