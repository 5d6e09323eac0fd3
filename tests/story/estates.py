#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is the culprit first in estates that grew by themselves? estates.py LINEUP SEED COUNT
It models what systems.py and landscapes.py do not: graphs of 5 to 40 services without tiers, workers that
run out so that victims are the loudest, instances of which one is broken, queues and jobs and partners
outside, hosts that services share; logs kept as files, folders, one journal, one export of lines in JSON,
or by host; callers that name, address or hide whom they call; days of seven minutes and of ninety; 24
kinds of faults, most of which leave no error with the culprit in some of their variants; neighbours that
complain all day, deployments that do nothing, and a second trouble that hurts nobody."""
import datetime as dt
import os
import random

from estate import NAMES, Estate
from imagined import run


class Day(Estate):
    def __init__(self, shape, day, start):
        super().__init__(shape, day, start)
        self.shape_of_id = shape.random() < 0.5
        names = shape.sample(NAMES, shape.choice([5, 8, 8, 12, 12, 20, 36]))
        self.apps = [self.add(n) for n in names]
        self.front = self.add(shape.choice(["ingress", "front", "apigw"]), "front", shape.choice(["access", "access", "json", "node"]))
        self.front.timeout, self.front.retries = 10.0, 0
        self.db = self.add(shape.choice(["maindb", "pg-core", "mariadb"]), "db")
        self.cache = self.add(shape.choice(["valkey", "redis-shared"]), "cache")
        self.queue = self.add(shape.choice(["nats", "artemis", "amq"]), "queue")
        self.consumer = self.add(shape.choice(["letters", "exporter", "recalc"]), "app")
        self.job = self.add(shape.choice(["purge-old", "closing-run", "sync-partners"]), "job")
        self.cron, self.deploy = self.add("crond", "cron"), self.add(shape.choice(["argo", "releaser"]), "tool", "json")
        self.resolver = self.add("unbound", "dns", "syslog")
        self.hosts = {n: self.add("kernel" if self.keep == "hosts" and n == self.nodes[0] else "kernel-" + n, "host") for n in self.nodes}
        for n, h in self.hosts.items():
            h.node, h.skew = n, 0
        self.db.base, self.cache.base = 0.004, 0.0008
        self.db.workers, self.cache.workers = [0.0] * 60, [0.0] * 200
        # a graph that grew: each newer one calls some older ones, a few are used by many
        popular = shape.sample(self.apps, 2)
        order = self.apps[:]
        for i, s in enumerate(order):
            others = order[i + 1:]
            chosen = shape.sample(others, min(len(others), shape.choice([1, 1, 1, 2, 2, 3])))
            chosen += [p for p in popular if p in others and p not in chosen and shape.random() < 0.2]
            s.calls = [(o, (1, 0.5, 0.3)[min(k, 2)]) for k, o in enumerate(chosen)]
            if not chosen or shape.random() < 0.4:
                s.calls.append((self.db, 1))
            if shape.random() < 0.3:
                s.calls.insert(0, (self.cache, 1))
        self.front.calls = [(s, shape.choice([1, 0.5])) for s in order[:min(3, len(order))]]
        self.instances()
        if self.front.layout != "access" or self.keep in ("journal", "oneline"):
            self.front.layout = "syslog" if self.keep == "journal" else "json"

    def instances(self):
        """One of them runs three times."""
        self.twins = []
        if self.shape.random() < 0.4:
            s = self.shape.choice(self.apps[:max(3, len(self.apps) // 2)])
            for k in (2, 3):
                twin = self.add("%s-%d" % (s.name, k), "app", s.layout)
                twin.calls, twin.verb, twin.talk, twin.enter, twin.leave = s.calls, s.verb, s.talk, s.enter, s.leave
                twin.base, twin.tongue, twin.naming, twin.with_ids = s.base, s.tongue, s.naming, s.with_ids
                self.twins.append(twin)
            for c in [self.front] + self.apps:
                if any(o is s for o, _ in c.calls):
                    c.calls = [(o, p) for o, p in c.calls if o is not s] + [(x, 0.34) for x in [s] + self.twins]

    def reached(self):
        seen, todo = {}, [(self.front, 1.0)]
        while todo:
            s, p = todo.pop()
            for o, chance in s.calls:
                if o.kind == "app" and p * chance > 0.25 and o.name not in seen:
                    seen[o.name] = o
                    todo.append((o, p * chance))
        return [seen[n] for n in sorted(seen)]

    def users(self, s):
        return [c for c in [self.front] + self.apps + self.twins if any(o is s for o, _ in c.calls)]

    def hidden(self, s):
        """Does no line of a caller say who it was?"""
        return all(c.naming in ("none", "address") or c is self.front for c in self.users(s))

    def background(self):
        rng = self.rng
        self.live()
        for k in range(self.shape.choice([1, 3, 5])):
            s = rng.choice(self.apps)
            self.say(self.deploy, rng.uniform(0, self.length), "INFO", "application %s synced to build %d" % (s.name, rng.randrange(1000, 9999)))
        self.rare(self.db, 150, "INFO", "autovacuum of table events: pages removed 0")
        self.rare(self.db, 500, "WARN", "temporary file size 31 MB")
        self.rare(self.queue, 120, "INFO", "journal compacted")
        t = rng.random() * 60
        while t < self.length:
            self.say(self.cron, t, "INFO", "(root) CMD (run-parts /etc/cron.minutely)")
            t += 60
        for h in self.hosts.values():
            self.rare(h, 400, "INFO", "eth0: link is up 10000 Mbps full duplex")
        self.rare(self.resolver, 30, "INFO", "reply NOERROR A IN 0.0004s")
        for k in range(int(self.length / 4)):
            t = k * 4 + rng.random()
            self.say(self.queue, t, "INFO", "stored message on jobs.%s" % self.consumer.name) if k % 2 else None
            if self.consuming(t):
                self.say(self.consumer, t + rng.random(), "INFO", "job handled, %d rows" % rng.randrange(9, 400))

    consuming = staticmethod(lambda t: True)

    def bystander(self):
        """A trouble of its own that harms nobody."""
        s, t = self.rng.choice(self.apps), self.rng.uniform(0.1, 0.9) * self.length
        level, text = self.rng.choice([("ERROR", "could not upload crash report: 401"), ("WARN", "feature store unreachable, defaults are used"), ("ERROR", "thumbnail job skipped: unsupported codec")])
        for _ in range(self.rng.choice([3, 12, 60])):
            self.say(s, t + self.rng.uniform(0, 0.15) * self.length, level, text)


# ---- faults: of an estate d, in its service s, at times inside(t) from on to off; who is to be named ----

def some(d, chance, inside, what):
    """A hook: within the incident, with this chance, what(t)."""
    return lambda t, rid: what(t) if inside(t) and d.rng.random() < chance else None


def crash_loop(d, s, on, off, inside):
    period, up = d.rng.uniform(25, 60), d.rng.uniform(2, 6)
    told = d.shape.random() < 0.6
    t = on
    while t < off:
        d.say(s, t, "ERROR", "panic: assignment to entry in nil map") if told else None
        d.say(d.hosts[s.node], t + 0.1, "WARN", "systemd: %s.service: main process exited, code=exited, status=2" % s.name)
        d.say(s, t + period - up, "INFO", "boot: build 4711, listening on 0.0.0.0:7000")
        t += period
    s.hook = some(d, 1, inside, lambda t: {"before": 1, "fail": "refused"} if (t - on) % period < period - up else None)
    s.gone = lambda t: inside(t) and 0.2 < (t - on) % period < period - up
    return [s]


def slow_database(d, s, on, off, inside):
    told = d.shape.random() < 0.5
    low, high = d.shape.choice([(0.2, 0.9), (1, 6)])
    def what(t):
        if told and d.rng.random() < 0.2:
            d.say(d.db, t, "WARN", "duration: %d ms statement: select * from postings where ..." % d.rng.randrange(400, 6000))
        return {"delay": d.rng.uniform(low, high)}
    d.db.hook = some(d, 0.8, inside, what)
    return [d.db] if told or not d.hidden(d.db) else [d.db] + d.users(d.db)


def slow_service(d, s, on, off, inside):
    low, high = d.shape.choice([(0.3, 1.0), (1, 6), (1, 6)])
    s.hook = some(d, 0.9, inside, lambda t: {"delay": d.rng.uniform(low, high)})
    return [s] if s.talk != "mute" or not d.hidden(s) else [s] + d.users(s)


def table_lock(d, s, on, off, inside):
    d.say(d.cron, on - 0.5, "INFO", "(batch) CMD (/srv/jobs/%s)" % d.job.name)
    d.say(d.job, on, "INFO", "run 77 begins, 18 partitions")
    for k in range(int((off - on) / 30)):
        d.say(d.job, on + 30 * k + 20, "INFO", "partition %d rewritten" % k)
    told = d.shape.random() < 0.6
    def what(t):
        if told and d.rng.random() < 0.3:
            d.say(d.db, t + 1, "WARN", "session %d waits for AccessExclusiveLock of session 311 on postings" % d.rng.randrange(400, 900))
        return {"delay": d.rng.uniform(1, 7)}
    d.db.hook = some(d, 0.6, inside, what)
    return [d.job, d.db]


def pool_leak(d, s, on, off, inside):
    s.hook = some(d, 0.6, inside, lambda t: {"delay": 3.0, "fail": "5xx", "line": ("ERROR", "no free connection after 3000 ms (in use 25 of 25, %d waiting)" % d.rng.randrange(1, 80))})
    return [s]


def disk_full(d, s, on, off, inside):
    d.say(d.hosts[d.db.node], on - 40, "WARN", "filesystem /var/lib/data: 99 percent used")
    told = d.shape.random() < 0.7
    def what(t):
        if told and d.rng.random() < 0.5:
            d.say(d.db, t, "ERROR", "could not write to file base/pgsql_tmp: No space left on device")
        return {"before": 1, "fail": "5xx", "delay": 0.01}
    d.db.hook = some(d, 0.6, inside, what)
    return [d.db, d.hosts[d.db.node]]


def memory_leak(d, s, on, off, inside):
    for k in range(12):
        t = on + (off - on) * k / 12
        d.say(s, t, "WARN" if k > 3 else "INFO", "GC (full) pause %d ms, old generation %d of 2048 MB" % (90 * (k + 1) ** 1.7, 900 + 95 * k))
    d.say(d.hosts[s.node], off - 1, "ERROR", "Out of memory: Killed process 4242 (%s) total-vm:4102334kB" % s.name)
    s.hook = some(d, 0.7, inside, lambda t: {"delay": 5 * ((t - on) / (off - on)) ** 2})
    return [s]


def bad_deployment(d, s, on, off, inside):
    d.say(d.deploy, on - 3, "INFO", "application %s synced to build %d" % (s.name, d.rng.randrange(1000, 9999)))
    d.say(s, on - 1, "INFO", "boot: build 4712, listening on 0.0.0.0:7000")
    kind = d.shape.choice(["error", "slow", "nothing"])
    what = {"error": lambda t: {"fail": "5xx", "line": ("ERROR", "KeyError: 'tariffClass' while building answer")}, "slow": lambda t: {"delay": d.rng.uniform(0.5, 5)},
        "nothing": lambda t: {"before": 1, "fail": "5xx", "delay": 0.01}}[kind]
    s.hook = some(d, 0.5, inside, what)
    return [s, d.deploy] + (d.users(s) if kind == "nothing" and d.hidden(s) else [])


def wrong_setting(d, s, on, off, inside):
    d.say(s, on - 1, "INFO", "settings re-read from /etc/%s.toml" % s.name)
    s.hook = some(d, 0.6, inside, lambda t: {"fail": "5xx", "line": (d.shape_level, "no such region: eu-cental-%d" % d.rng.randrange(3))})
    d.shape_level = d.shape.choice(["ERROR", "WARN"])
    return [s]


def certificate(d, s, on, off, inside):
    told = d.shape.random() < 0.5
    def what(t):
        if told:
            d.say(s, t, "WARN", "handshake with 10.20.3.%d:%d failed: peer sent alert: certificate expired" % (d.rng.randrange(250), d.rng.randrange(30000, 60000)))
        return {"before": 1, "fail": "tls"}
    s.hook = some(d, 1, inside, what)
    return [s] if told or not d.hidden(s) else [s] + d.users(s)


def names_lost(d, s, on, off, inside):
    told = d.shape.random() < 0.7
    def between(a, b, t):
        if not inside(t) or d.rng.random() > 0.35 or a.kind != "app":
            return None
        if told and d.rng.random() < 0.6:
            d.say(d.resolver, t, "ERROR", "SERVFAIL for %s.prod.svc. A IN: exceeded the maximum number of sends" % b.name)
        return t + 0.5, "dns"
    d.between = between
    d.resolver.gone = None if told else inside
    return [d.resolver]


def lossy_path(d, s, on, off, inside):
    a = d.shape.choice(d.users(s))
    d.between = lambda x, y, t: (t + x.timeout + 0.1, "timeout") if x is a and y is s and inside(t) and d.rng.random() < 0.6 else None
    return [a, s]


def clock_jump(d, s, on, off, inside):
    s.clock = lambda t: -190.0 if inside(t) else 0
    d.say(d.hosts[s.node], on, "WARN", "chronyd: system clock wrong by -190.022 seconds, no majority")
    for c in d.users(s):
        c.hook = some(d, 0.6, inside, lambda t, c=c: {"fail": "5xx", "line": ("ERROR", "ticket of %s rejected: issued in the past" % s.name)}) if c.kind == "app" else None
    return [s, d.hosts[s.node]]


def backlog(d, s, on, off, inside):
    d.consuming = lambda t: not inside(t) or d.rng.random() < 0.08
    told = d.shape.random() < 0.5
    for k in range(int((off - on) / 30)):
        d.say(d.queue, on + 30 * k + 25, "WARN", "jobs.%s: %d messages wait, oldest %d s" % (d.consumer.name if told else "default", 40 * k + 30, 30 * k))
        d.say(d.apps[0], on + 30 * k + 28, "ERROR", "publish rejected: queue is full") if k > 2 else None
    return [d.consumer]


def noisy_neighbour(d, s, on, off, inside):
    d.job.node = s.node
    d.say(d.cron, on - 0.5, "INFO", "(batch) CMD (/srv/jobs/%s)" % d.job.name)
    d.say(d.job, on, "INFO", "compressing 212 archives with 32 threads")
    d.say(d.job, off, "INFO", "all archives written")
    for k in range(int((off - on) / 40)):
        d.say(d.hosts[s.node], on + 40 * k + 22, "WARN", "perf: interrupt took too long (%d > 2500), lowering rate" % d.rng.randrange(3000, 9000))
    near = [x for x in d.apps if x.node == s.node]
    for x in near:
        x.hook = some(d, 0.9, inside, lambda t, x=x: {"delay": x.base * d.rng.uniform(30, 90)})
    return [d.job, d.hosts[s.node], d.cron]


def silent_death(d, s, on, off, inside):
    s.hook = some(d, 1, inside, lambda t: {"before": 1, "fail": "refused"})
    s.gone = inside
    return [s]


def half_failed(d, s, on, off, inside):
    if not d.twins:
        return pool_leak(d, s, on, off, inside)
    s = d.shape.choice(d.twins)
    told = d.shape.random() < 0.6
    s.hook = some(d, 0.9, inside, (lambda t: {"fail": "5xx", "line": ("ERROR", "cannot open /var/cache/rates.bin: Read-only file system")}) if told else
        lambda t: {"delay": d.rng.uniform(2, 6)})
    return [s] + (d.users(s) if not told and s.talk == "mute" and d.hidden(s) else [])


def stampede(d, s, on, off, inside):
    for x in d.apps:
        if not any(o is d.cache for o, _ in x.calls):
            x.calls = [(d.cache, 1)] + x.calls
    d.say(d.cache, on, "WARN", "restarted, no snapshot found, keyspace is empty")
    d.db.hook = some(d, 0.7, inside, lambda t: {"delay": d.rng.uniform(0.5, 4)})
    return [d.cache, d.db]


def partner_limits(d, s, on, off, inside):
    told = d.shape.choice(["ERROR", "WARN"])
    s.hook = some(d, 0.7, inside, lambda t: {"fail": "5xx", "delay": 0.1, "line": (told, "api.partner.example answered 429, quota of 600 per minute used up")})
    return [s]


def credentials(d, s, on, off, inside):
    d.say(d.deploy, on - 2, "INFO", "secret %s-db rotated" % s.name)
    told = d.shape.random() < 0.6
    def what(t):
        if told:
            d.say(d.db, t, "ERROR", 'password authentication failed for user "%s"' % s.name)
        return {"fail": "5xx", "delay": 0.02, "line": ("ERROR", "cannot open session: access denied (28P01)")}
    s.hook = some(d, 0.9, inside, what)
    return [s, d.deploy]


def hogging_backup(d, s, on, off, inside):
    d.say(d.cron, on - 0.5, "INFO", "(backup) CMD (/usr/local/bin/dump-all)")
    d.say(d.job, on, "INFO", "dump of 14 schemas begins")
    d.say(d.job, off, "INFO", "dump complete, 211 GB")
    d.db.hook = some(d, 0.8, inside, lambda t: {"delay": d.rng.uniform(0.3, 3)})
    return [d.job, d.cron, d.db]


def deadlock(d, s, on, off, inside):
    """Alive by its beat, and answers nobody."""
    s.hook = some(d, 1, inside, lambda t: {"before": 1, "delay": 60, "fail": "timeout"})
    return [s] if not d.hidden(s) or s.talk != "mute" else [s] + d.users(s)


def empty_answers(d, s, on, off, inside):
    words = ["Cannot read properties of undefined (reading 'rate')", "NullPointerException: answer of %s has no body", "AttributeError: 'NoneType' object has no attribute 'rate' (%s)"]
    s.hook = some(d, 0.8, inside, lambda t: {"short": 1})
    for c in d.users(s):
        if c.kind == "app":
            text = words[c.tongue % 3] % c.speaks_of(s) if "%s" in words[c.tongue % 3] else words[c.tongue % 3]
            c.hook = some(d, 0.5, inside, lambda t, text=text: {"fail": "5xx", "delay": 0.02, "line": ("ERROR", text)})
    return [s] + d.users(s)


def flapping_queue(d, s, on, off, inside):
    t = on
    while t < off:
        d.say(d.queue, t, d.shape.choice(["WARN", "INFO"]), "lost quorum, node 2 stands for leader, term %d" % d.rng.randrange(99))
        t += d.rng.uniform(8, 30)
    s.hook = some(d, 0.4, inside, lambda t: {"fail": "5xx", "delay": 0.2, "line": ("ERROR", "publish to %s failed: no leader" % d.queue.name if s.naming != "none" else "publish failed: no leader")})
    return [d.queue]


KINDS = [crash_loop, slow_database, slow_service, table_lock, pool_leak, disk_full, memory_leak, bad_deployment, wrong_setting, certificate, names_lost, lossy_path, clock_jump,
    backlog, noisy_neighbour, silent_death, half_failed, stampede, partner_limits, credentials, hogging_backup, deadlock, empty_answers, flapping_queue]


def make(folder, seed, index, healthy):
    shape, rng = random.Random("estate %d %d" % (seed, index)), random.Random("day %d %d %d" % (seed, index, healthy))
    d = Day(shape, rng, 1762300800 + shape.randrange(0, 50 * 86400))
    on = d.length * shape.uniform(0.3, 0.75)
    off = shape.choice([d.length, d.length, min(d.length, on + max(90, d.length * 0.15))])
    kind = KINDS[index % len(KINDS)]
    s = shape.choice(d.reached() or d.apps[:1])
    count, second = shape.choice([300, 700, 1500]), shape.random() < 0.4
    truth = []
    if not healthy:
        guilty = kind(d, s, on, off, lambda t: on <= t < off)
        # instances may well be taken for one service
        truth = [x.name for x in guilty] + [x.name.rsplit("-", 1)[0] for x in guilty if x in d.twins]
    d.background()
    if second and not healthy:
        d.bystander()
    d.serve(d.front, count)
    for x in d.services.values():
        gone = getattr(x, "gone", None)
        x.lines = [line for line in x.lines if not gone or not gone(line[0]) or "boot" in line[2] or "panic" in line[2]]
    d.write(os.path.join(folder, "logs"))

    def instant(t):
        return dt.datetime.fromtimestamp(d.start + t, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    return kind.__name__, truth, "%s..%s" % (instant(on), instant(off)), []


if __name__ == "__main__":
    run(make, {"told": 45, "untold": 38})
