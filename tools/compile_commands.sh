#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: compile_commands.sh 'CC FLAGS' SOURCE...
set -eu
command=$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')
shift
comma='['
for source in "$@"; do
	printf '%s\n  {"directory": "%s", "file": "%s", "command": "%s -c %s"}' "$comma" "$PWD" "$source" "$command" "$source"
	comma=','
done
printf '\n]\n'
