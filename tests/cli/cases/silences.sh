# SPDX-License-Identifier: MIT
# A service that says nothing for long, and for less than a minute: the one is told, the other not.
beats() { for second in $(seq "$1" "$2"); do date -u -d "@$((1772359200 + second))" '+%Y-%m-%dT%H:%M:%SZ INFO alive'; done; }
{ beats 0 120 && beats 165 300; } >short.log
{ beats 0 120 && beats 211 300; } >long.log
told() { lineup scan --no-builtin --format json "$@" | json '[[e["time"], e["service"], e["text"]] for e in d["timeline"] if e["event"] == "silence"]'; }
told short.log
told long.log
