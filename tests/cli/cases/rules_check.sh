# SPDX-License-Identifier: MIT
cat >own.yaml <<'EOF'
pack: own
rules:
  - id: own/good
    title: Pool is dry
    severity: high
    match: 'pool (?<name>\w+) is dry'
    cause: too small
    fix: make it larger
    examples: ['10:00 pool main is dry']
  - id: own/loose
    title: Too loose
    severity: low
    match: '.*'
    cause: c
    fix: f
    examples: [x]
  - id: own/broken
    title: Not a regex
    severity: low
    match: 'unclosed (group'
    cause: c
    fix: f
    examples: [x]
  - id: own/two
    title: Two conditions
    match: a
    literal: b
EOF
status lineup rules check own.yaml
status lineup rules check own.yaml --format json | head -n 10
status lineup rules test own.yaml
sed -n 1,9p own.yaml >good.yaml
status lineup rules check --strict good.yaml
status lineup rules test --strict good.yaml
# Built-in rules keep their own law.
lineup rules check --strict >out || cat out
lineup rules test >out || cat out
# A scan with nothing but bad rules names one of them, and who tells of all.
printf 'pack: own\nrules:\n- {id: own/a, title: t, severity: low, match: "("}\n' >bad.yaml
status lineup scan --no-builtin -r bad.yaml good.yaml
# The two mistakes in YAML that everybody makes once.
printf 'pack: own\nrules:\n\t- id: own/tab\n' >tab.yaml
printf 'pack: own\nrules:\n- id: own/colon\n  title: disk: full\n' >colon.yaml
status lineup rules check tab.yaml colon.yaml
