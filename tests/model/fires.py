#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Do random rules fire on random logs as the model says, at one thread and at four?

usage: fires.py LINEUP FIRST COUNT      seeds FIRST to FIRST + COUNT - 1
Rules are CRE documents and packs of a few words, with counts, windows and negatives; logs are short
(text, or JSON, of which jq asks as well) and full of coincidences: equal times, lines out of order, lines that meet several terms, several
services, hosts, requests, files and trees. What differs is shown with the fewest lines that do it."""
import datetime
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile

from rules_model import Line, Negative, Rule, detections

EPOCH = datetime.datetime(2026, 3, 1, 10, tzinfo=datetime.timezone.utc)
FORMS = ['literal', 'regex']
# Of logs whose lines are JSON; what each asks for is the same.
PROGRAMS = {'jq by text': '.msg | contains("%s")', 'jq by list': 'any(.said[]; . == "%s")',
            'jq by choice': 'select(.said | index("%s"))', 'jq by pattern': '(.msg // "") | test("\\\\b%s\\\\b")'}
WORDS = ['alder', 'birch', 'cedar', 'damson', 'elder']
REQUESTS = [None, 'a1b2c3d4e5f60718', 'b1b2c3d4e5f60719']


def duration(rng, ms):
    return '%gs' % (ms / 1000) if rng.random() < .7 else '%dms' % ms


def stamp(ms):
    return (EPOCH + datetime.timedelta(milliseconds=ms)).strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3] + 'Z'


def unstamp(text):
    whole, _, fraction = text.rstrip('Z').partition('.')
    at = datetime.datetime.strptime(whole + 'Z', '%Y-%m-%dT%H:%M:%SZ').replace(tzinfo=datetime.timezone.utc)
    return round((at - EPOCH).total_seconds()) * 1000 + int((fraction + '000')[:3])


def make_term(rng, words, forms):
    return rng.choice(forms), rng.choice(words)


def make_negative(rng, words, forms, unit, places):
    n, options = Negative(make_term(rng, words, forms)), {}
    if rng.random() < .6:
        n.window = rng.randint(0, 6) * unit
        options['window'] = duration(rng, n.window)
    if rng.random() < .4:
        n.slide = rng.randint(-6, 6) * unit
        options['slide'] = ('-' if n.slide < 0 else '') + duration(rng, abs(n.slide))
    if rng.random() < .4:
        n.anchor = options['anchor'] = rng.randrange(places)
    if n.window and rng.random() < .4:
        n.absolute = options['absolute'] = True
    return n, options


def cre_term(rng, pattern, count=1, names=None):
    form, word = pattern
    term = {'jq': PROGRAMS[form] % word} if form in PROGRAMS else {'value' if form == 'literal' else 'regex': word}
    if names is not None and rng.random() < .2:
        name = 'the %s %s' % pattern
        names[name] = dict(term)
        term = {'value': name} if count > 1 else name
    if count > 1:
        term['count'] = count
    return term


def write_cre(rng, rule, items, negatives, names):
    body = {'match' if rule.form == 'set' else 'order': [cre_term(rng, t, c, names) for t, c in items]}
    if rule.window:
        body['window'] = duration(rng, rule.window)
    if negatives:
        body['negate'] = [dict(cre_term(rng, n.term), **options) for n, options in negatives]
    return {'cre': {'id': rule.id, 'severity': 2, 'title': rule.id}, 'rule': {rule.form: body}}


def pack_term(pattern, count=1):
    form, word = pattern
    return dict({'literal' if form == 'literal' else 'match': word}, **({'count': count} if count > 1 else {}))


def write_pack(rng, rule, items, negatives):
    out = {'id': rule.id, 'title': rule.id, 'severity': 'low', 'by': rule.by}
    if len(items) == 1 and rule.form == 'set':
        out.update(pack_term(*items[0]))
    else:
        out['all' if rule.form == 'set' else 'sequence'] = [pack_term(t, c) for t, c in items]
    if rule.window and len(rule.terms) > 1:
        out['window'] = duration(rng, rule.window)
    if negatives:
        out['not'] = [dict(pack_term(n.term), **options) for n, options in negatives]
    return out


def make_rules(rng, words, unit, records):
    """(rule, which file, its document), and the names that the CRE documents use."""
    rules, names = [], {}
    for number in range(24):
        form = rng.choice(['set', 'sequence'])
        cre = rng.random() < .6
        forms = FORMS + (list(PROGRAMS) if cre and records else [])
        items = [(make_term(rng, words, forms), rng.choice([1, 1, 1, 2, 3])) for _ in range(rng.randint(1, 3))]
        if form == 'sequence' and sum(c for _, c in items) < 2:
            items.append((make_term(rng, words, forms), 1))
        terms = [t for t, c in items for _ in range(c)]
        window = rng.randint(1, 8) * unit
        some = rng.choice([0, 0, 1, 1, 2])
        negatives = [make_negative(rng, words, forms, unit, len(terms)) for _ in range(some)]
        rule = Rule('RANDOM-%d' % number if cre else 'random/rule-%d' % number, form, terms, window,
                    [n for n, _ in negatives], 'service' if cre else rng.choice(['service', 'host', 'request']))
        document = write_cre(rng, rule, items, negatives, names) if cre else write_pack(rng, rule, items, negatives)
        rules.append((rule, 'cre' if cre else 'pack', document))
    return rules, names


def make_text(time, host, service, said, request, record):
    if record:
        fields = {'time': stamp(time), 'host': host, 'service': service, 'said': said, 'msg': ' '.join(said)}
        return json.dumps(dict(fields, **({'request_id': request} if request else {})))
    return '%s %s %s[7]: %s%s' % (stamp(time), host, service, ' '.join(said) or 'nothing here',
                                  ' request_id=' + request if request else '')


def make_log(rng, words, unit, records):
    """(tree, file, what it says, the line): lines in order of input."""
    services, hosts = ['app', 'web'][:rng.randint(1, 2)], ['h1', 'h2'][:rng.randint(1, 2)]
    requests, trees = REQUESTS[:rng.randint(1, 3)], ['a', 'b'][:rng.choice([1, 1, 2])]
    end = rng.choice([10, 20, 40])
    log = []
    for tree in trees:
        for number in range(rng.randint(1, 2)):
            times = [rng.randint(0, end) * unit for _ in range(rng.randint(1, 25))]
            if rng.random() < .7:
                times.sort()
            for time in times:
                said = rng.sample(words, rng.choice([0, 1, 1, 1, 2, min(3, len(words))]))
                service, host, request = rng.choice(services), rng.choice(hosts), rng.choice(requests)
                text = make_text(time, host, service, said, request, records)
                name = 'f%d.log' % number
                hits = {(f, w) for f in FORMS + (list(PROGRAMS) if records else []) for w in said}
                log.append((tree, name, text, Line(time, len(log), hits, tree, service, host, request)))
                if rng.random() < .1:
                    # A line without a stamp has the time, the service and the host of the one before it.
                    word = rng.choice(words)
                    hits = {(f, word) for f in FORMS}
                    log.append((tree, name, '    at ' + word, Line(time, len(log), hits, tree, service, host, None)))
    return log


class Case:
    def __init__(self, lineup, seed):
        rng = random.Random(seed)
        unit = rng.choice([1000, 1000, 100, 1])
        words = WORDS[:rng.randint(2, 5)]
        self.lineup, self.packed, records = lineup, rng.random() < .3, rng.random() < .3
        self.rules, self.names = make_rules(rng, words, unit, records)
        self.log = make_log(rng, words, unit, records)

    def write(self, folder, rules, log):
        os.mkdir(folder + '/rules')
        for kind, top in (('cre', {'terms': self.names}), ('pack', {'pack': 'random', 'title': 'random'})):
            # JSON is YAML.
            with open('%s/rules/%s.yaml' % (folder, kind), 'w') as out:
                json.dump(dict(top, rules=[d for _, k, d in rules if k == kind]), out)
        trees = sorted({tree for tree, _, _, _ in log})
        for tree in trees:
            os.mkdir(folder + '/' + tree)
            for name in {f for t, f, _, _ in log if t == tree}:
                with open('%s/%s/%s' % (folder, tree, name), 'w') as out:
                    out.writelines(text + '\n' for t, f, text, _ in log if (t, f) == (tree, name))
            if self.packed:
                with tarfile.open('%s/%s.tar' % (folder, tree), 'w') as out:
                    out.add(folder + '/' + tree, '.', filter=lambda m: m)
        return [folder + '/' + tree + ('.tar' if self.packed else '') for tree in trees]

    def differences(self, rules, log, jobs):
        """[(id, what the model says, what the program says)] where they differ."""
        with tempfile.TemporaryDirectory() as folder:
            paths = self.write(folder, rules, log)
            run = subprocess.run([self.lineup, 'scan', '--no-builtin', '--no-cache', '-r', folder + '/rules', '-j', jobs,
                                  '--format', 'json'] + paths, stdout=subprocess.PIPE)
        report = json.loads(run.stdout)
        if report['rules']['rejected'] or run.returncode != 0:
            return [('all', 'no rule is rejected', report['rules']['rejected'])]
        got = {d['id']: (d['count'], unstamp(d['first']), unstamp(d['last'])) for d in report['detections']}
        want = detections([rule for rule, _, _ in rules], [line for _, _, _, line in log])
        return [(i, want.get(i), got.get(i)) for i in sorted(want.keys() | got.keys()) if want.get(i) != got.get(i)]

    def show(self, ident):
        """The rule, and the fewest lines for which it differs."""
        rules = [r for r in self.rules if r[0].id == ident] or self.rules
        log = self.log
        at = 0
        while at < len(log):
            fewer = log[:at] + log[at + 1:]
            if fewer and self.differences(rules, fewer, '1'):
                log, at = fewer, 0
            else:
                at += 1
        for _, _, document in rules[:1]:
            print('   ', json.dumps(document))
        for tree, name, text, _ in log:
            print('    %s/%s: %s' % (tree, name, text))
        for _, want, got in self.differences(rules, log, '1'):
            print('    the model says', want, 'and the program', got)


def main():
    lineup, first, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    good = 0
    for seed in range(first, first + count):
        case = Case(lineup, seed)
        found = {jobs: case.differences(case.rules, case.log, jobs) for jobs in ('1', '4')}
        good += not any(found.values())
        if any(found.values()):
            print('seed %d: %s' % (seed, ', '.join(i for i, _, _ in found['1'] or found['4'])))
            if found['1'] != found['4']:
                print('    not the same with -j4')
            if found['1']:
                case.show(found['1'][0][0])
    print('fires: %d of %d logs as the model says' % (good, count))
    sys.exit(good != count)


if __name__ == '__main__':
    main()
