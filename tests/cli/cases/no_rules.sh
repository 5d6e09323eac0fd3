# SPDX-License-Identifier: MIT
# A file or folder that was named for its rules and has none is told of, beside rules that are used.
printf '2026-03-01T10:00:00Z one quux77\n' >app.log
printf 'rules:\n  - id: a/b\n    title: x\n    match: quux\n' >forgotten.yaml
mkdir empty
printf 'pack: a\nrules:\n  - id: a/c\n    title: Quux\n    match: quux77\n    severity: high\n' >good.yaml
"$LINEUP" scan --no-builtin -r forgotten.yaml -r empty -r good.yaml app.log | sed -n '/loaded,/p; /RULES NOT/,$p'
"$LINEUP" scan --no-builtin -r forgotten.yaml app.log
echo "status $?"
