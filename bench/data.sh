#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes what the benchmarks read, from a seed, unless it is there. usage: data.sh CORPUS SEED SIZE FOLDER
set -eu
[ $# = 4 ] || { echo 'usage: data.sh CORPUS SEED SIZE FOLDER' >&2; exit 2; }
corpus=$1 seed=$2 size=$3 folder=$4
mkdir -p "$folder"
make_file() {
	name=$1
	shift
	[ -e "$folder/$name" ] || { "$@" >"$folder/$name.part" && mv "$folder/$name.part" "$folder/$name"; }
}
make_file app.log "$corpus" lines "$seed" "$size"
for count in 500 2000 10000; do
	make_file "$count" "$corpus" patterns "$seed" "$count"
done
