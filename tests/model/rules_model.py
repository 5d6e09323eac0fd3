# SPDX-License-Identifier: MIT
"""What a rule does, in the plainest words: a second reading of the rules' contract, to compare with.

Written from the text (README, "How to write a rule") and not from the program: no queues that look
ahead, no thinning, no threads; a rule is decided by looking at all lines of one key over and over.
What the text leaves open is said here once:
- Two terms are copies of one where they are the same pattern in the same form.
- A line serves one place of a sequence's fire only; in a set it may serve several terms.
- A negative match takes the anchor's line away. In a set, matches of equal time stand in the order
  of their lines, and those of one line in the order of the terms; in a sequence a line that was
  taken away may still serve another place.
- A line without an id of a request, under `by: request`, is kept by its service."""


class Negative:
    def __init__(self, term, window=0, slide=0, anchor=0, absolute=False):
        self.term, self.window, self.slide, self.anchor, self.absolute = term, window, slide, anchor, absolute

    def span(self, stamps):
        start = stamps[self.anchor] + self.slide
        length = self.window if self.absolute else self.window + stamps[-1] - stamps[0]
        return start, start + max(length, 0)


class Rule:
    """`terms` are patterns, one for each copy; times are whole milliseconds."""

    def __init__(self, ident, form, terms, window, negatives, by):
        self.id, self.form, self.terms, self.window = ident, form, terms, window
        self.negatives, self.by = negatives, by


class Line:
    """`order` is that of input: file, then line; `hits` are the patterns that it matches."""

    def __init__(self, time, order, hits, tree, service, host, request):
        self.time, self.order, self.hits = time, order, hits
        self.service, self.host, self.request = (tree, service), host, request

    def key(self, by):
        if by == 'host':
            return by, self.host
        if by == 'request' and self.request is not None:
            return by, self.request
        return 'service', self.service


def take(rule, lines, used, given_up):
    """The oldest match of each term: the index of a line for each place, or None."""
    taken = []
    for place, term in enumerate(rule.terms):
        for at, line in enumerate(lines):
            if term not in line.hits or at in used[term] or at in given_up[place]:
                continue
            if rule.form == 'sequence' and (at in taken or (taken and line.time < lines[taken[-1]].time)):
                continue
            if rule.form == 'set' and any(at == t and rule.terms[p] == term for p, t in enumerate(taken)):
                continue
            taken.append(at)
            break
        else:
            return None
    return taken


def fires_of(rule, lines):
    """(first, last) of each fire of a rule among the lines of one key."""
    lines = sorted(lines, key=lambda l: (l.time, l.order))
    used = {term: set() for term in rule.terms}
    given_up = [set() for _ in rule.terms]
    negative = [[l.time for l in lines if n.term in l.hits] for n in rule.negatives]
    fires = []
    while True:
        taken = take(rule, lines, used, given_up)
        if taken is None:
            return fires
        places = list(range(len(taken)))
        if rule.form == 'set':
            places.sort(key=lambda p: (taken[p], rule.terms.index(rule.terms[p]), p))
        stamps = [lines[taken[p]].time for p in places]
        lost = None
        if len(taken) > 1 and stamps[-1] - stamps[0] > rule.window:
            lost = places[0]
        else:
            for n, times in zip(rule.negatives, negative):
                start, end = n.span(stamps)
                if any(start <= t <= end for t in times):
                    lost = places[n.anchor]
                    break
        if lost is None:
            fires.append((stamps[0], stamps[-1]))
            for place, at in enumerate(taken):
                used[rule.terms[place]].add(at)
        elif rule.form == 'set':
            used[rule.terms[lost]].add(taken[lost])
        else:
            given_up[lost].add(taken[lost])


def detections(rules, lines):
    """{id: (count, first, last)} of the rules that fire."""
    found = {}
    for rule in rules:
        groups = {}
        for line in lines:
            groups.setdefault(line.key(rule.by), []).append(line)
        fires = [f for group in groups.values() for f in fires_of(rule, group)]
        if fires:
            found[rule.id] = len(fires), min(f[0] for f in fires), max(f[1] for f in fires)
    return found
