# SPDX-License-Identifier: MIT
# On a terminal: colour unless NO_COLOR or TERM forbid it, and no line wider than it is.
script -qec true /dev/null >/dev/null 2>&1 || exit 77 # no pseudo-terminals here
incident logs
escapes() { tr -cd '\033' | wc -c; }
terminal() { script -qec "stty cols 70; export $1; '$LINEUP' scan --no-builtin --no-progress logs" /dev/null; }
[ "$(terminal TERM=xterm | escapes)" -gt 0 ] && echo coloured
[ "$(terminal 'NO_COLOR=' | escapes)" -gt 0 ] && echo 'coloured, since it is empty'
terminal 'NO_COLOR=1' | escapes
terminal 'TERM=dumb' | escapes
terminal 'NO_COLOR=1 LC_ALL=C' | awk '{ sub(/\r$/, "") } length > 70'
# The progress bar rewrites its line, which a dumb terminal cannot.
bar() { script -qec "export $1; '$LINEUP' scan --no-builtin logs >report" /dev/null; }
[ "$(bar TERM=xterm | escapes)" -gt 0 ] && echo 'a bar'
bar TERM=dumb | escapes
