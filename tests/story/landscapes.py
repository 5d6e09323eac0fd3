#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is the culprit first in other systems than those of systems.py? landscapes.py LINEUP SEED COUNT
They differ in all they can: an edge that writes access logs, three tiers, a database, a cache, a broker
with consumers, cron, nodes and their kubelets; services that are chatty, terse or silent; nine log
styles; 19 kinds of faults, loud distractions that harm nobody, baselines of their own, and lists of
changes."""
import datetime as dt
import json
import os
import random

from imagined import NAMES, rid, run

LETTERS = "bcdfghjklmnpqrstvwxz2456789"
STYLES = ["ecs", "zap", "logfmt", "klog", "cri", "spring", "python", "rfc5424", "syslog"]
SYSLOG_SEVERITY = {"ERROR": 3, "WARN": 4, "INFO": 6}


def pod_of(rng, name):
    return "%s-%s-%s" % (name, "".join(rng.choices(LETTERS, k=9)), "".join(rng.choices(LETTERS, k=5)))


class Land:
    """shape: what stays the same from day to day; day: what differs."""

    def __init__(self, shape, day, length, start):
        self.rng, self.length, self.start = day, length, start
        self.lines, self.style, self.skew, self.pod = {}, {}, {}, {}
        self.ids, self.named = shape.random() < 0.6, shape.random() < 0.6
        only = shape.choice([None, None, None] + STYLES)
        skew = shape.choice([0, 0, 0.05, 1.0])
        names = shape.sample(NAMES, 9)
        suffix = shape.choice(["", "-api", "-svc", "-service"])
        self.tiers = [[n + suffix for n in names[i:i + 3]] for i in (0, 3, 6)]
        self.apps = sum(self.tiers, [])
        self.consumer, self.job = shape.choice(["mailer", "indexer", "billing-worker"]), shape.choice(["nightly-report", "reindex", "cleanup"])
        self.db, self.cache, self.broker = shape.choice(["postgres", "mysql", "oracle"]), shape.choice(["redis", "memcached"]), shape.choice(["rabbitmq", "kafka"])
        self.nodes = ["kubelet-node%d" % i for i in (1, 2, 3)]
        for n in self.apps + [self.consumer, self.job]:
            self.add(n, only or shape.choice(STYLES), shape.uniform(-skew, skew), shape)
        for n in (self.db, self.cache, self.broker, "cron", "core-router", "deployer"):
            self.add(n, "syslog" if n in ("cron", "core-router") else shape.choice(["syslog", "python", "rfc5424"]), 0, shape)
        for n in self.nodes:
            self.add(n, "klog", 0, shape)
        self.add("edge", "access", 0, shape)
        self.calls = {"edge": self.tiers[0]}
        for upper, lower in zip(self.tiers, self.tiers[1:]):
            for n in upper:
                self.calls[n] = shape.sample(lower, shape.choice([1, 1, 2]))
        self.uses = {n: [self.db] if n in self.tiers[2] else shape.choice([[], [], [self.cache]]) for n in self.apps}
        self.talk = {n: shape.choice(["chatty", "chatty", "terse", "silent"]) for n in self.apps}
        self.node_of = {n: shape.choice(self.nodes) for n in self.apps}
        self.base = {n: shape.uniform(0.003, 0.03) for n in self.style}
        self.verb = {n: shape.choice(["fetch", "store", "render", "quote", "reserve"]) for n in self.apps}
        self.hooks, self.retries = {}, shape.choice([0, 0, 2])
        self.words = shape.randrange(3)

    def reached(self):
        """The apps that are called by others."""
        return sorted({m for upper in self.tiers[0] for n in self.calls[upper] for m in [n] + self.calls[n]})

    def add(self, name, style, skew, shape):
        self.lines[name], self.style[name], self.skew[name], self.pod[name] = [], style, skew, pod_of(shape, name)

    def say(self, name, t, level, text, rid=None):
        if 0 <= t < self.length:
            self.lines[name].append((t, level, text, rid))

    def render(self, name, t, level, text, r):
        at = dt.datetime.fromtimestamp(self.start + t + self.skew[name], dt.timezone.utc)
        ms, style = "%03d" % (at.microsecond // 1000), self.style[name]
        iso, plain = at.strftime("%Y-%m-%dT%H:%M:%S"), at.strftime("%Y-%m-%d %H:%M:%S")
        if style == "ecs":
            o = {"@timestamp": iso + "." + ms + "Z", "log.level": level.lower(), "message": text, "service.name": name}
            return json.dumps({**o, "trace.id": r} if r else o)
        if style == "zap":
            o = {"level": level.lower(), "ts": round(self.start + t + self.skew[name], 6), "caller": "server/run.go:%d" % (40 + len(text)), "msg": text}
            return json.dumps({**o, "request_id": r} if r else o)
        if style == "logfmt":
            return 'time="%s.%sZ" level=%s app=%s msg="%s"%s' % (iso, ms, level.lower(), name, text.replace('"', "'"), " request_id=" + r if r else "")
        klog = "%s%s.%06d %7d server.go:%d] %s%s" % (level[0], at.strftime("%m%d %H:%M:%S"), at.microsecond, 1, 40 + len(name), text, " requestID=" + r if r else "")
        if style == "klog":
            return klog
        if style == "cri":
            return "%s.%09dZ std%s F %s" % (iso, at.microsecond * 1000, "err" if level == "ERROR" else "out", klog)
        if style == "spring":
            return "%s.%sZ %5s 1 --- [nio-8080-exec-%d] c.acme.%s.Handler : %s%s" % (iso, ms, level, 1 + round(t) % 9, name.split("-")[0], "[%s] " % r if r else "", text)
        if style == "python":
            return "%s,%s %s acme.%s: %s%s" % (plain, ms, {"WARN": "WARNING"}.get(level, level), name.replace("-", "_"), text, " [req %s]" % r if r else "")
        if style == "rfc5424":
            return "<%d>1 %s.%sZ host-%d %s %d - - %s%s" % (128 + SYSLOG_SEVERITY[level], iso, ms, len(name), name, 900 + len(name), text, " request_id=" + r if r else "")
        if style == "syslog":
            return "%s host-%d %s[%d]: %s%s%s" % (at.strftime("%b %e %H:%M:%S"), len(name), name, 900 + len(name), {"ERROR": "error: ", "WARN": "warning: "}.get(level, ""),
                text, " request_id=" + r if r else "")
        return '10.1.%d.%d - - [%s +0000] %s' % (round(t) % 7, round(t * 7) % 250, at.strftime("%d/%b/%Y:%H:%M:%S"), text)

    def write(self, folder):
        for name, lines in self.lines.items():
            path = os.path.join(folder, name + ".log")
            if self.style[name] in ("cri", "zap", "spring") and name not in (self.db, self.cache):
                path = os.path.join(folder, "pods", "shop_%s_%08x" % (self.pod[name], len(name) * 77777777), name, "0.log")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                for line in sorted(lines, key=lambda x: x[0]):
                    f.write(self.render(name, *line) + "\n")

    # ---- what happens every day ----

    def every(self, name, seconds, level, text, chance=1.0):
        t = self.rng.random() * seconds
        while t < self.length:
            if self.rng.random() < chance:
                self.say(name, t, level, text() if callable(text) else text)
            t += seconds

    def some(self, name, mean, level, text):
        t = self.rng.expovariate(1 / mean)
        while t < self.length:
            self.say(name, t, level, text() if callable(text) else text)
            t += self.rng.expovariate(1 / mean)

    def background(self):
        rng = self.rng
        for n in self.apps + [self.consumer]:
            own = random.Random(n)
            self.every(n, own.choice([20, 30, 60]), "INFO", own.choice(["liveness ok", "gc pause 12 ms", "pool stats: active=3 idle=17"]))
            self.some(n, own.choice([120, 400, 2000]), "WARN", own.choice(["token refreshed late", "falling back to default locale", "body larger than 1 MB", "duplicate header dropped"]))
            if own.random() < 0.35:
                self.some(n, own.choice([500, 1500, 4000]), "ERROR", own.choice(["invalid signature in webhook", "validation failed: amount must be positive", "client went away while writing response"]))
        self.every(self.db, 60, "INFO", "checkpoint complete: wrote 412 buffers")
        self.some(self.db, 300, "WARN", lambda: "slow statement: %d ms" % rng.randrange(300, 900))
        self.every(self.cache, 60, "INFO", "saved snapshot, 12 changes")
        self.every(self.broker, 30, "INFO", "queue stats: ready=0 unacked=2")
        self.every("cron", 60, "INFO", "(root) CMD (/usr/lib/sa/sa1 1 1)")
        self.every("cron", 300, "INFO", "(app) CMD (/opt/rotate-metrics)")
        self.some("core-router", 900, "WARN", "%SYS-4-CPU: process SNMP used 31 percent")
        for n in self.nodes:
            self.every(n, 20, "INFO", "node status updated")
            self.some(n, 700, "WARN", "eviction manager: image garbage collection needed soon")
        for k in range(3):
            self.say("deployer", rng.uniform(0, self.length), "INFO", "deployed %s revision %d" % (rng.choice(self.apps), rng.randrange(100, 999)))

    def failed(self, n, m, t, why, r):
        """The words of a caller whose call has failed."""
        level, who = "ERROR", m if self.named else "upstream"
        text = {"timeout": ["%s: context deadline exceeded after 2000 ms", "no reply from %s within 2.0 s", "java.util.concurrent.TimeoutException: waiting for %s"],
            "refused": ["dial %s: connect: connection refused", "cannot connect to %s: Connection refused", "java.net.ConnectException: %s refused the connection"],
            "error": ["%s replied 500 Internal Server Error", "bad status from %s: 500", "HttpServerErrorException from %s: 500"]}[why][self.words] % who
        self.say(n, t, level, text, r)

    def use(self, n, m, t, r):
        """A backend: no lines of its own but for what hooks say. Returns (end, why)."""
        hook = self.hooks.get(m)
        return hook(n, t, r) if hook else (t + self.base[m] * self.rng.lognormvariate(0, 0.4), None)

    def call(self, n, t, r):
        """Returns (end, why it failed or None)."""
        rng, i = self.rng, r if self.ids else None
        took, start = self.base[n] * rng.lognormvariate(0, 0.4), t
        if self.talk.get(n) == "chatty":
            self.say(n, t, "INFO", "%s: begin" % self.verb[n], i)
        if n in self.hooks:
            end, why, over = self.hooks[n](t, i, took)
            if over:
                return end, why
            t = end
        for m in self.uses.get(n, []) + self.calls.get(n, []):
            for attempt in range(1 + self.retries):
                end, why = self.use(n, m, t + took / 4, i) if m in (self.db, self.cache) else self.call(m, t + took / 4, r)
                if end - t > 2.0:
                    end, why = t + 2.0, "timeout"
                if why is None:
                    break
                if attempt < self.retries:
                    self.say(n, end, "WARN", "attempt %d of %d failed, retrying" % (attempt + 1, 1 + self.retries), i)
                t = end + 0.05
            if why:
                self.failed(n, m, end, why, i)
                return end + 0.001, "error"
            t = end
        t += took / 2
        if self.talk.get(n) in ("chatty", "terse"):
            self.say(n, t, "INFO", "%s: done in %d ms" % (self.verb[n], 1000 * (t - start)), i)
        return t, None

    def traffic(self, per_second):
        rng, t = self.rng, 0.0
        while t < self.length:
            t += rng.expovariate(per_second)
            r = rid(rng)
            m = rng.choice(self.tiers[0])
            end, why = self.call(m, t, r)
            if end - t > 8:
                end, why = t + 8, "timeout"
            status = {None: 200, "timeout": 504}.get(why, 502 if rng.random() < 0.5 else 500)
            self.say("edge", end, "INFO", '"GET /%s/%d HTTP/1.1" %d %d "-" "app/3.1" %.3f' % (m.split("-")[0], rng.randrange(9999), status, rng.randrange(90, 9000), end - t))
            if rng.random() < 0.3:  # work for later
                self.say(self.broker, end, "INFO", "enqueued message for %s" % self.consumer) if rng.random() < 0.3 else None
                if self.consuming(end):
                    self.say(self.consumer, end + rng.uniform(0.1, 2), "INFO", "message handled in %d ms" % rng.randrange(5, 90), r if self.ids else None)

    consuming = staticmethod(lambda t: True)

    def distract(self):
        """Loud, new perhaps, and of no harm to anyone."""
        n, rng = self.rng.choice(self.apps), self.rng
        t, end = rng.uniform(0, self.length), self.length
        text = rng.choice(["cannot push usage statistics: 403 Forbidden", "license check: server says seat count exceeded by 1", "failed to parse optional field locale"])
        end = min(end, t + rng.uniform(60, 900))
        while t < end:
            self.say(n, t, "ERROR", text)
            t += rng.expovariate(rng.choice([1, 0.3]))


# ---- faults: each is told the land, the culprit among its services, and when ----

def pass_through(t, took):
    return t + took / 2, None, False


def spread(w, text, level="ERROR"):
    """A line now and then of a request that meets the fault."""
    def hook_of(n, inside, chance, late):
        def hook(t, i, took):
            if inside(t) and w.rng.random() < chance:
                w.say(n, t + late, level, text(), i)
                return t + late + 0.001, "error", True
            return pass_through(t, took)
        return hook
    return hook_of


def consumer_stops(w, n, on, off, inside):
    w.consuming = lambda t: not inside(t)
    for k in range(int((off - on) / 60)):
        w.say(w.broker, on + 60 * k + 45, "WARN", "queue of %s grows: ready=%d" % (w.consumer, 200 * (k + 1)))
    return [w.consumer]


def job_locks(w, n, on, off, inside):
    w.say("cron", on - 1, "INFO", "(app) CMD (/opt/jobs/%s)" % w.job)
    w.say(w.job, on, "INFO", "starting, 3120551 rows to go")
    w.say(w.job, on + 0.4, "INFO", "exclusive lock taken on table customers")
    for k in range(int((off - on) / 45)):
        w.say(w.job, on + 45 * (k + 1), "INFO", "batch %d written" % k)
    def hook(user, t, r):
        if inside(t) and w.rng.random() < 0.6:
            w.say(w.db, t + 1.0, "WARN", "process %d waits for a row lock on customers, 1000 ms so far" % w.rng.randrange(1000, 9999)) if w.rng.random() < 0.7 else None
            return t + w.rng.uniform(1, 8), None
        return t + 0.004, None
    w.hooks[w.db] = hook
    return [w.job, w.db]


def cache_gone(w, n, on, off, inside):
    users = [a for a in w.apps if w.cache in w.uses[a]] or w.tiers[1]
    for a in users:
        w.uses[a] = [w.cache]
    w.say(w.cache, on, "ERROR", "out of memory: maxmemory 4 GB reached, command not allowed")
    for k in range(int((off - on) / 20)):
        w.say(w.cache, on + w.rng.uniform(0, off - on), "ERROR", "out of memory: maxmemory 4 GB reached, command not allowed")
    def hook(user, t, r):
        if inside(t):
            w.say(user, t + 0.01, "WARN", "cache write refused, going to the database", r)
            return t + w.rng.uniform(0.2, 3), None
        return t + 0.001, None
    w.hooks[w.cache] = hook
    return [w.cache]


def cert_expired(w, n, on, off, inside):
    def hook(t, i, took):
        if not inside(t):
            return pass_through(t, took)
        w.say(n, t, "WARN", "http: TLS handshake error from 10.2.3.4:%d: remote error: tls: expired certificate" % w.rng.randrange(30000, 60000))
        return t + 0.003, "refused", True
    w.hooks[n] = hook
    return [n]


def disk_full(w, n, on, off, inside):
    w.say(w.db, on - 90, "WARN", "data volume is 97 percent full")
    def hook(user, t, r):
        if inside(t) and w.rng.random() < 0.7:
            w.say(w.db, t, "ERROR", "could not extend file base/16384/2619: No space left on device") if w.rng.random() < 0.6 else None
            w.say(user, t + 0.01, "ERROR", "insert failed: %s" % ("database error 53100" if w.named else "SQL state 53100"), r)
            return t + 0.02, "error"
        return t + 0.004, None
    w.hooks[w.db] = hook
    return [w.db]


def memory_leak(w, n, on, off, inside):
    period, down, node = w.rng.uniform(90, 200), 20, w.node_of[n]
    t = on
    while t < off:
        w.say(node, t, "WARN", 'container "%s" was OOMKilled, exit code 137' % n)
        w.say(n, t + down, "INFO", "listening on :8080")
        t += period
    def hook(t, i, took):
        return (t + 0.002, "refused", True) if inside(t) and (t - on) % period < down else pass_through(t, took)
    w.hooks[n] = hook
    return [n, node]


def clock_jumps(w, n, on, off, inside):
    node = w.node_of[n]
    w.say(node, on, "WARN", "system clock was stepped by -314.2 s")
    spread_hook = spread(w, lambda: "token rejected: not valid before %d" % w.rng.randrange(10**9))(n, inside, 0.8, 0.002)
    w.hooks[n] = spread_hook
    return [n, node]


def config_reload(w, n, on, off, inside):
    w.say(n, on - 1, "INFO", "configuration reloaded")
    w.hooks[n] = spread(w, lambda: "no route for shard blue-%d" % w.rng.randrange(4))(n, inside, 0.5, 0.001)
    return [n]


def feature_flag(w, n, on, off, inside):
    w.say("deployer", on - 3, "INFO", "flag new-%s enabled for 100 percent" % w.verb[n])
    w.hooks[n] = spread(w, lambda: "java.lang.IllegalStateException: no tariff for region eu-%d" % w.rng.randrange(4))(n, inside, 0.6, 0.004)
    return [n, "deployer"]


def zones_apart(w, n, on, off, inside):
    far = set(w.tiers[1][:2] + w.tiers[2][:1])
    w.say("core-router", on, "ERROR", "%BGP-5-ADJCHANGE: neighbor 10.9.0.2 Down, hold time expired")
    w.say("core-router", off, "INFO", "%BGP-5-ADJCHANGE: neighbor 10.9.0.2 Up")
    for m in far:
        w.hooks[m] = lambda t, i, took: (t + 30, "timeout", True) if inside(t) else pass_through(t, took)
    for k in range(4):
        w.say(w.broker, on + 3 + 4 * k, "WARN", "leader election for partition %d" % k)
    return ["core-router"]


def threads_gone(w, n, on, off, inside):
    w.hooks[n] = spread(w, lambda: "RejectedExecutionException: pool size = 200, active = 200, queued = %d" % w.rng.randrange(500, 1000))(n, inside, 0.6, 0.001)
    return [n]


def retry_storm(w, n, on, off, inside):
    w.retries = 3
    w.hooks[n] = spread(w, lambda: "deadlock detected, transaction rolled back")(n, inside, 0.5, 0.8)
    return [n]


def slow_silent(w, n, on, off, inside):
    factor = w.rng.uniform(15, 50)
    w.talk[n] = "terse"
    def hook(t, i, took):
        return (t + took * factor, None, False) if inside(t) else pass_through(t, took)
    w.hooks[n] = hook
    return [n]


def slow_to_timeout(w, n, on, off, inside):
    def hook(t, i, took):
        return (t + w.rng.uniform(1, 5), None, False) if inside(t) else pass_through(t, took)
    w.hooks[n] = hook
    return [n]


def leader_flaps(w, n, on, off, inside):
    t = on
    while t < off:
        w.say(w.broker, t, "WARN", "leader lost its quorum, starting election for term %d" % w.rng.randrange(100))
        t += w.rng.uniform(15, 50)
    user = w.rng.choice(w.tiers[1])
    w.hooks[user] = spread(w, lambda: "publish failed: not the leader" if w.named else "publish failed: try again")(user, inside, 0.3, 0.2)
    return [w.broker]


def pool_exhausted(w, n, on, off, inside):
    w.hooks[n] = spread(w, lambda: "cannot get connection from pool, active=50 waiting=%d" % w.rng.randrange(9, 90))(n, inside, 0.5, 3.0)
    return [n]


def dies(w, n, on, off, inside):
    w.say(n, on, "INFO", "received signal 15, stopping") if w.rng.random() < 0.5 else None
    w.lines[n] = [x for x in w.lines[n] if not inside(x[0])]
    w.hooks[n] = lambda t, i, took: (t + 0.001, "refused", True) if inside(t) else pass_through(t, took)
    w.dead = (n, inside)
    return [n]


def bad_deploy(w, n, on, off, inside):
    w.say("deployer", on - 2, "INFO", "deployed %s revision %d" % (n, w.rng.randrange(100, 999)))
    w.hooks[n] = spread(w, lambda: "TypeError: unsupported operand type(s) for +: 'NoneType' and 'int'")(n, inside, 0.4, 0.003)
    return [n, "deployer"]


def wrong_answers(w, n, on, off, inside):
    """The culprit notices nothing; who calls it does."""
    callers = [c for c in w.calls if n in w.calls[c] and c != "edge"]
    for c in callers:
        w.hooks[c] = spread(w, lambda: "cannot decode answer of %s: unexpected end of JSON" % n if w.named else "cannot decode answer: unexpected end of JSON")(c, inside, 0.5, 0.02)
    return [n] + ([] if w.named else callers)


KINDS = [consumer_stops, job_locks, cache_gone, cert_expired, disk_full, memory_leak, clock_jumps, config_reload, feature_flag, zones_apart, threads_gone,
    retry_storm, slow_silent, slow_to_timeout, leader_flaps, pool_exhausted, dies, bad_deploy, wrong_answers]


def day(seed, index, healthy, today):
    """One day of a land. Returns it, its culprits, and when it hurt."""
    shape, rng = random.Random("%d %d" % (seed, index)), random.Random("%d %d %d %d" % (seed, index, healthy, today))
    length = shape.choice([900, 1800, 3600])
    w = Land(shape, rng, length, 1772352000 + shape.randrange(0, 20 * 86400) + today * 86400)
    on = length * shape.uniform(0.4, 0.75)
    off = shape.choice([length, min(length, on + length * 0.2)])
    n = shape.choice(w.reached())
    loud, rate = shape.random() < 0.4, shape.choice([0.5, 1, 2]) * 900 / length * 2
    w.dead, truth = None, []
    w.background()
    if not healthy:
        truth = KINDS[index % len(KINDS)](w, n, on, off, lambda t: on <= t < off)
        if loud:
            w.distract()
    w.traffic(rate)
    if w.dead:
        w.lines[w.dead[0]] = [x for x in w.lines[w.dead[0]] if not w.dead[1](x[0])]
    return w, truth, on, off, shape


def write_changes(w, shape, path):
    with open(path, "w") as f:
        f.write("time,service,change\n")
        for k in range(4):
            f.write("%s,%s,rollout of revision %d\n" % (instant(w, shape.uniform(0, w.length)), shape.choice(w.apps), k))


def instant(w, t):
    return dt.datetime.fromtimestamp(w.start + t, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def make(folder, seed, index, healthy):
    """Returns the kind, the culprits, the incident's span and the scan's options."""
    w, truth, on, off, shape = day(seed, index, healthy, 1)
    options = []
    if shape.random() < 0.2:  # the bundle holds what hurt alone; yesterday is beside it
        day(seed, index, True, 0)[0].write(os.path.join(folder, "base"))
        options += ["--baseline", "{dir}/base"]
        for n in w.lines if not healthy else []:
            w.lines[n] = [x for x in w.lines[n] if x[0] >= on - 20]
    if shape.random() < 0.25:
        write_changes(w, shape, os.path.join(folder, "changes.csv"))
        options += ["--changes", "{dir}/changes.csv"]
    w.write(os.path.join(folder, "logs"))
    return KINDS[index % len(KINDS)].__name__, truth, "%s..%s" % (instant(w, on), instant(w, off)), options


if __name__ == "__main__":
    run(make, {"told": 50, "untold": 45})
