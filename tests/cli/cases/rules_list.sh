# SPDX-License-Identifier: MIT
cat >own.yaml <<'EOF'
pack: own
defaults: {services: [pump], category: plant}
rules:
  - id: own/dry
    title: "Pool is dry \e[31m"
    severity: high
    all: ['pool is dry', {literal: alarm, count: 2}]
    not: [{match: refilled, window: 10s}]
    window: 1m
    cause: too small
    fix: |
      make it larger
      and fill it
    references: [https://example.org/pool]
    examples: ["pool is dry\nalarm\nalarm"]
  - id: own/start
    title: Started
    severity: info
    event: restart
    match: pump started
EOF
status lineup rules list own.yaml
status lineup rules list --min-severity high own.yaml
status lineup rules list --format json own.yaml
status lineup rules show own/dry own.yaml
lineup rules show own/dry own.yaml --format json | json '[d["window_seconds"], d["terms"], d["not"]]'
status lineup rules show own/dri own.yaml
# As a report shows it: by its title.
lineup rules show Started own.yaml | head -n 2
sed 's/Started/started/; s/dry/wet/; s,own/start,own/begin,' own.yaml >more.yaml
status lineup rules show started own.yaml more.yaml
status lineup rules show
status lineup rules lst
status lineup rules
status lineup rules list nowhere.yaml
lineup rules cost own.yaml | sed 's/^ *[0-9.]*  *[0-9.]*%/N N%/; s/^ *[0-9.]* *all /N all /; s/[0-9.]* % of/N % of/' | sort
lineup rules cost own.yaml --format json | json '[sorted(x["id"] for x in d), sorted(d[0])]'
# A word where a path or an id is wanted: where to look is said.
status lineup rules list kafka
status lineup rules show kafka
status lineup rules show kafka/authentication-faild
status lineup rules show nobody-has-this-name
