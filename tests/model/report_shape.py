#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Has a JSON report every key that is promised, of the promised type, and does it agree with itself?

usage: report_shape.py REPORT...      prints what is not so; exit status 1 if anything is
Keys beyond the promised ones are allowed; a promised one never vanishes."""
import datetime
import json
import re
import sys

LEVELS = ['critical', 'high', 'medium', 'low', 'info']
EVENTS = ['onset', 'peak', 'recovery', 'change', 'restart', 'silence', 'gap']


def text(v):
    return isinstance(v, str)


def whole(v):
    return isinstance(v, int) and not isinstance(v, bool)


def number(v):
    return isinstance(v, (int, float)) and not isinstance(v, bool)


def time(v):
    return v is None or (text(v) and re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z', v) is not None)


def bar(v):
    return isinstance(v, list) and len(v) == 2 and v[0] is not None and time(v[0]) and whole(v[1])


def one_of(words):
    return lambda v: v in words


def or_null(is_good):
    return lambda v: v is None or is_good(v)


# Of a text that may not be known: null, and never an empty one.
def known(v):
    return v is None or (text(v) and v != '')


SPAN = {'from': time, 'to': time, 'how': or_null(text)}
SHAPE = {
    'schema': one_of(['lineup-report/1']),
    'tool': {'name': text, 'version': text, 'libraries': {}},
    'inputs': {'files': whole, 'members': whole, 'bytes_read': whole, 'bytes': whole, 'lines': whole,
               'troubles': [{'path': text, 'reason': text}]},
    'time': {'first': time, 'last': time, 'window_seconds': or_null(number), 'undated_lines': whole,
             'incident': SPAN, 'baseline': SPAN, 'notes': [text]},
    'rules': {'loaded': whole, 'fired': whole, 'rejected': [{'path': text, 'line': or_null(whole), 'reason': text}]},
    'detections': [{'id': text, 'title': text, 'severity': one_of(LEVELS), 'count': whole, 'first': time, 'last': time,
                    'services': [text]}],
    'suspects': [{
        'rank': whole, 'id': text, 'title': text, 'severity': one_of(LEVELS), 'service': text, 'score': number,
        'reasons': [{'what': text, 'points': number, 'detail': text}],
        'count': whole, 'first': time, 'last': time, 'onset': time, 'histogram': [bar],
        'evidence': [{'path': text, 'line': whole, 'offset': whole, 'time': time, 'text': text}],
        'advice': {'cause': or_null(text), 'impact': or_null(text), 'fix': or_null(text), 'workaround': or_null(text),
                   'prevention': or_null(text), 'references': [text]},
        'state': [{'name': text, 'before': or_null(number), 'at': or_null(number), 'limit': or_null(number)}],
        'changes': [{'time': time, 'service': known, 'change': text, 'lag_seconds': number,
                     'before_without_trouble': or_null(whole)}],
        'led_to': [{'rank': whole, 'requests': whole, 'of': whole, 'lag_seconds': or_null(number)}]}],
    'timeline': [{'time': time, 'service': known, 'event': one_of(EVENTS), 'id': or_null(text), 'text': text,
                  'place': known}],
    'services': [{'rank': whole, 'name': text, 'score': number, 'lines': whole, 'suspects': [whole]}],
    'unexplained': {'problem_lines': whole, 'matched': whole,
                    'templates': [{'template': text, 'count': whole, 'service': text, 'first': time, 'example': text}]}}
RECURRENCE = {'text': text, 'period_seconds': number, 'seen': whole, 'of': whole, 'coincides': [text]}


def walk(value, shape, where, faults):
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            faults.append('%s is no object' % where)
            return
        for key, inner in shape.items():
            if key in value:
                walk(value[key], inner, '%s.%s' % (where, key), faults)
            else:
                faults.append('%s has no %s' % (where, key))
    elif isinstance(shape, list):
        if not isinstance(value, list):
            faults.append('%s is no list' % where)
            return
        for i, inner in enumerate(value):
            walk(inner, shape[0], '%s[%d]' % (where, i), faults)
    elif not shape(value):
        faults.append('%s is %r' % (where, value))


def instant(t):
    whole_part, _, fraction = t.rstrip('Z').partition('.')
    return datetime.datetime.strptime(whole_part, '%Y-%m-%dT%H:%M:%S'), (fraction + '0' * 9)[:9]


def agree(d, faults):
    """What one part says of another."""
    def point(good, what):
        if not good:
            faults.append(what)
    suspects, ids = d['suspects'], [x['id'] for x in d['detections']]
    point(ids == sorted(set(ids)), 'detections are not in order of id')
    point(d['rules']['fired'] == sum(x['count'] > 0 for x in d['detections']), 'rules.fired is not what detections say')
    point([s['rank'] for s in suspects] == list(range(1, len(suspects) + 1)), 'ranks do not count from 1')
    scores = [s['score'] for s in suspects]
    point(scores == sorted(scores, reverse=True), 'suspects are not in order of score')
    times = [instant(x['time']) for x in d['timeline'] if x['time'] is not None]
    point(times == sorted(times), 'the timeline is not in order of time')
    for s in suspects:
        name = 'suspect %d' % s['rank']
        point('recurrence' in s, name + ' has no recurrence')
        if s.get('recurrence') is not None:
            walk(s['recurrence'], RECURRENCE, name + '.recurrence', faults)
        point(abs(sum(r['points'] for r in s['reasons']) - s['score']) < .0101, name + ': reasons do not add up')
        bars = [instant(b[0]) for b in s['histogram']]
        point(bars == sorted(set(bars)), name + ': the histogram is not in order of time')
        point(all(1 <= x['rank'] <= len(suspects) for x in s['led_to']), name + ' leads to none that is shown')
    for v in d['services']:
        point(all(suspects[k - 1]['service'] == v['name'] for k in v['suspects']), 'service %s has suspects of others' % v['name'])


def no_constant(name):
    raise ValueError('%s is no number of JSON' % name)


def main():
    bad = 0
    for path in sys.argv[1:]:
        faults = []
        with open(path, encoding='utf-8') as report:
            d = json.load(report, parse_constant=no_constant)
        walk(d, SHAPE, 'report', faults)
        if not faults:
            agree(d, faults)
        for fault in faults:
            print('%s: %s' % (path, fault))
        bad += bool(faults)
    print('%d of %d reports keep what is promised' % (len(sys.argv) - 1 - bad, len(sys.argv) - 1))
    sys.exit(bad != 0)


if __name__ == '__main__':
    main()
