#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does a rule find its message inside of a JSON string as well?

usage: wrapped.py LINEUP

Container runtimes and shippers put lines into JSON strings, where a quote is written \\" and, by many
encoders, < > & are \\u003c \\u003e \\u0026. Every known failure of the tables here that holds such a
character, and is named as it stands, is wrapped so (and is wrapped a second time by it where it is
JSON itself). Some may be lost, for their rules look for a bare quote on purpose, but no more than one
in LOST_SHARE. Prints them, and fails when there are more."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

LOST_SHARE = 20


def failures():
    """(rule ids, line) of the known failures whose lines hold a character that JSON escapes."""
    for table in sorted(glob.glob(os.path.join(os.path.dirname(__file__), '*.tsv'))):
        with open(table, encoding='utf-8') as rows:
            for row in rows:
                if row.startswith('#'):
                    continue
                _, _, rules, _, line = row.rstrip('\n').split('\t', 4)
                if rules not in ('-', '?') and re.search(r'["<>&]', line):
                    yield set(rules.split('|')), line


def matching(lineup, lines):
    """The set of ids of rules that match each line."""
    with tempfile.NamedTemporaryFile('w', suffix='.log') as log:
        log.writelines(line + '\n' for line in lines)
        log.flush()
        out = subprocess.run([lineup, 'lines', '--no-progress', log.name], check=True,
                             capture_output=True, text=True).stdout.splitlines()
    return [set(json.loads(line)['rules']) for line in out]


def wrapped(text):
    """As the json-file driver of Docker writes it."""
    line = json.dumps({'log': text + '\n', 'stream': 'stderr', 'time': '2025-03-01T12:00:00.000000000Z'},
                      ensure_ascii=False)
    for plain, escaped in (('<', '\\u003c'), ('>', '\\u003e'), ('&', '\\u0026')):
        line = line.replace(plain, escaped)
    return line


def main(lineup):
    rows = list(failures())
    plain = matching(lineup, [line for _, line in rows])
    inside = matching(lineup, [wrapped(line) for _, line in rows])
    if not len(plain) == len(inside) == len(rows):
        sys.exit('wrapped: as many answers as lines are wanted')
    named = [(rules & before, line, after) for (rules, line), before, after in zip(rows, plain, inside)
             if rules & before]
    lost = [(rules, line) for rules, line, after in named if not rules & after]
    for rules, line in lost:
        print(f'lost in JSON: {" ".join(sorted(rules))}: {line[:120]}')
    print(f'wrapped: {len(named)} known failures with quotes or brackets, {len(lost)} lost inside of JSON')
    if not named or len(lost) * LOST_SHARE > len(named):
        sys.exit(f'wrapped: more than one in {LOST_SHARE} is lost')


if __name__ == '__main__':
    main(sys.argv[1])
