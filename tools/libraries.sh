#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the C source of the list of libraries and their versions. usage: libraries.sh PACKAGE...
set -eu
echo '#include <stddef.h>'
echo '#include "lineup/libraries.h"'
echo 'const struct library libraries[] = {'
for package in "$@"; do
	case $package in
	libhs) name=hyperscan ;;
	yaml-0.1) name=libyaml ;;
	libpcre2-8) name=pcre2 ;;
	*) name=$package ;;
	esac
	version=$(pkg-config --modversion "$package")
	printf '\t{ "%s", "%s" },\n' "$name" "$version"
done
# bzip2 says its version in its header alone; jq nowhere.
bzip2=$(sed -n 's/.*bzip2\/libbzip2 version \([0-9.]*\) .*/\1/p' /usr/include/bzlib.h 2>/dev/null | head -n 1)
if [ -n "$bzip2" ]; then
	printf '\t{ "bzip2", "%s" },\n' "$bzip2"
else
	printf '\t{ "bzip2", NULL },\n'
fi
printf '\t{ "jq", NULL },\n'
printf '\t{ NULL, NULL },\n};\n'
