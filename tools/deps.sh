#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages that this machine lacks to build and test; says which. Does nothing,
# and needs no network and no rights, when all are there. usage: deps.sh [--all]
# --all: also what the sanitizers, the fuzzers, the layout of the sources and tests with damaged files
# of every format need.
set -eu

packages='gcc libc6-dev make pkg-config libhyperscan-dev libzstd-dev libarchive-dev libisal-dev liblzma-dev
	libbz2-dev liblz4-dev libyaml-dev libpcre2-dev libjansson-dev libxxhash-dev libjq-dev
	libcmocka-dev python3 xz-utils'

[ "${1-}" != --all ] || packages="$packages clang clang-format libclang-rt-dev valgrind
	zstd lz4 lzip ncompress libarchive-tools 7zip"

# Not dpkg, not our business: whoever builds elsewhere has a package manager of their own.
if ! command -v dpkg-query >/dev/null 2>&1; then
	pkg-config --exists libhs libzstd libarchive libisal liblzma liblz4 yaml-0.1 libpcre2-8 jansson libxxhash && exit 0
	echo 'deps: this is no Debian; README.md lists the libraries to install' >&2
	exit 1
fi

missing=
for package in $packages; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "deps: install these packages first:$missing" >&2
		exit 1
	}
	as_root=sudo
fi
echo "deps: installing$missing"
# Asked for once and by itself: what follows hides what it prints.
[ -z "$as_root" ] || sudo true || {
	echo "deps: sudo does not let you; have these packages installed first:$missing" >&2
	exit 1
}
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
# The lists of packages may be old, or were never fetched.
echo 'deps: fetching the lists of packages'
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
