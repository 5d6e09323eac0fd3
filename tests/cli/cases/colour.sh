# SPDX-License-Identifier: MIT
# No colour and no progress in a pipe, unless it is asked for.
incident logs
escapes() { tr -cd '\033' | wc -c; }
lineup scan --no-builtin logs | escapes
lineup scan --no-builtin --color never logs | escapes
[ "$(lineup scan --no-builtin --color always logs | escapes)" -gt 0 ] && echo coloured
lineup scan --no-builtin logs 2>&1 >/dev/null | wc -c
