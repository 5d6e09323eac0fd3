# SPDX-License-Identifier: MIT
# Colour and width are for terminals alone, unless they are asked for.
incident logs
escapes() { tr -cd '\033' | wc -c; }
lineup scan --no-builtin logs | escapes
lineup scan --no-builtin --color never logs | escapes
[ "$(lineup scan --no-builtin --color always logs | escapes)" -gt 0 ] && echo coloured
terminal() { script -qec "stty cols 70; export $1; $LINEUP scan --no-builtin --no-progress logs" /dev/null; }
[ "$(terminal TERM=xterm | escapes)" -gt 0 ] && echo coloured
terminal 'NO_COLOR=1' | escapes
terminal 'TERM=dumb' | escapes
terminal 'NO_COLOR=1 LC_ALL=C' | awk '{ sub(/\r$/, "") } length > 70' | grep -v '^\(Time\|Read\) \|^    --'
lineup scan --no-builtin logs 2>&1 >/dev/null | wc -c
