# SPDX-License-Identifier: MIT
# What CRE documents may hold: RE2's syntax, characters of several bytes, YAML's ways to write text,
# names of terms with their counts, fractions of seconds; on lines with CRLF ends.
cat >own.yaml <<'EOF'
terms:
  low: {value: pool is low, count: 2}
  soon: {value: beta, window: 10s}
common: &common {severity: 0, title: what many share}
rules:
- cre: {id: OWN-01, severity: 1, title: end of text}
  rule: {set: {match: [{regex: 'pump stopped\z'}]}}
- cre: {id: OWN-02, severity: 1, title: class of Unicode}
  rule: {set: {match: [{regex: 'tank \pN+ is \p{Lu}\p{Ll}+'}]}}
- cre: {id: OWN-03, severity: 1, title: named group}
  rule: {set: {match: [{regex: 'valve=(?P<valve>\w+) shut'}]}}
- cre: {id: OWN-04, severity: 1, title: quoted text}
  rule: {set: {match: [{regex: '\Qstate(a.b)\E!'}]}}
- cre: {id: OWN-05, severity: 1, title: flags}
  rule: {set: {match: [{regex: '(?i)ALARM(?s:.)at (?U)dam.*gate'}]}}
- cre: {id: OWN-06, severity: 1, title: named classes}
  rule: {set: {match: [{regex: '[[:upper:]]{3}-[[:^alpha:]]{2} lost'}]}}
- cre: {id: OWN-07, severity: 1, title: character by number}
  rule: {set: {match: [{regex: 'drop \x{1F4A7} seen'}]}}
- cre: {id: OWN-09, severity: 1, title: one and a half seconds}
  rule: {set: {window: 1.5s, match: [{value: pump}, {value: beta}]}}
- cre: {id: OWN-10, severity: 1, title: half a second does not reach}
  rule: {set: {window: 500ms, match: [{value: pump}, {value: beta}]}}
- cre: {id: OWN-11, severity: 1, title: a number as text}
  rule: {set: {match: [{value: 4711}]}}
- cre: {id: OWN-12, severity: 1, title: a backslash and an n}
  rule: {set: {match: [{value: "with\\n in it"}]}}
- cre: {id: OWN-13, severity: 1, title: a blank at the end}
  rule: {set: {match: ["ends in a blank "]}}
- cre: {id: OWN-14, severity: 1, title: a named term counts as it says}
  rule: {set: {window: 5s, match: [low]}}
- cre: {id: OWN-15, severity: 1, title: so does one that is named by value}
  rule: {set: {window: 5s, match: [{value: low}]}}
- cre: {id: OWN-16, severity: 1, title: but a count of its own comes first}
  rule: {set: {window: 5s, match: [{value: low, count: 3}]}}
- cre: {id: OWN-17, severity: 1, title: JSON behind what the runtime wrote}
  rule: {set: {match: [{jq: 'select(.level == "error")'}]}}
- cre: {id: OWN-18, severity: 1, title: a named negative is looked for where it says}
  rule: {set: {match: [{value: pump stopped}], negate: [{value: soon}]}}
- cre: {id: OWN-19, severity: 1, title: but a window of its own comes first}
  rule: {set: {match: [{value: pump stopped}], negate: [{value: soon, window: 1s}]}}
- cre: {<<: *common, id: OWN-20, severity: 3}
  rule: {set: {match: [{value: pump stopped}]}}
- cre: {<<: [{severity: 4}, *common], id: OWN-21}
  rule: {set: {match: [{value: pump stopped}]}}
- cre: {id: OWN-22, severity: 1, title: JSON that is a list}
  rule: {set: {match: [{jq: 'any(.[]; .code == 7)'}]}}
- cre: {id: OWN-23, severity: 1, title: an event's field has the value, not another}
  rule: {set: {event: {source: k8s}, match: [{field: reason, value: Evicted}]}}
- cre: {id: OWN-24, severity: 1, title: the row of a table has no names of fields}
  rule: {set: {event: {source: cre.kubernetes}, match: [{field: reason, value: Drained}]}}
- cre: {id: OWN-25, severity: 1, title: terms without their lists}
  rule: {set: {match: code 4711, negate: pump stopped, window: ''}}
- cre: {id: OWN-26, severity: 1, title: a count of none is one}
  rule: {set: {match: [{value: code 4711, count: 0}]}}
- cre: {id: OWN-27, severity: 1, title: a block}
  rule:
    set:
      match:
      - value: |
          code 4711
      - regex: |
          stopped$
      window: 5s
EOF
printf '2026-03-01T10:00:%s\r\n' '00Z pump stopped' '00Z tank 12 is Élan' '00Z valve=north shut' \
	'00Z state(a.b)!' '00Z alarm at Dam, upper gate' '00Z ABC-12 lost' '00Z drop 💧 seen' \
	'00Z débit is élevé' '01.2Z beta' '02Z code 4711 there' '02Z with\n in it' '02Z ends in a blank ' \
	'03Z pool is low' '04Z pool is low' '05Z stdout F {"level":"error"}' '06Z stdout F [{"code":5},{"code":7}]' \
	'07Z stdout F {"reason":"Evicted","message":"x"}' '08Z stdout F {"reason":"Pulled","message":"Evicted"}' \
	'09Z stdout F {"reason":"EvictedTwice"}' '10Z 5m Normal Drained node/n1 x' >pump.log
lineup scan --no-builtin -r own.yaml pump.log --format json |
	json '[[[x["id"], x["count"]] for x in d["detections"]], [[x["severity"], x["title"]] for x in d["detections"] if x["id"] in ["OWN-20", "OWN-21"]]]'
