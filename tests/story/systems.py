#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is the culprit first in incidents of imagined systems? systems.py LINEUP SEED COUNT
Services that call one another, a batch farm, a pipeline, two zones of a network; with and without
ids, in several formats, with clocks apart; 19 kinds of faults. Each is scanned with its span told
and untold, and once more in health. Prints the shares @1/@3/@5 and how many healthy ones have a
suspect; exit status 1 below what is asked."""
import datetime as dt
import json
import os
import random

from imagined import NAMES, rid, run

EPOCH = 1772352000.0  # 2026-03-01


class World:
    def __init__(self, rng, length):
        self.rng, self.length, self.lines, self.fmt, self.skew, self.host = rng, length, {}, {}, {}, {}
        self.start = EPOCH + rng.randrange(0, 20 * 86400)

    def service(self, name, fmt, skew=0.0, host=None):
        self.fmt[name], self.skew[name], self.lines[name] = fmt, skew, []
        self.host[name] = host or "node-%d" % self.rng.randrange(1, 9)

    def say(self, name, t, level, text, rid=None, thread=None, **fields):
        if 0 <= t < self.length and name in self.lines:
            self.lines[name].append((t, level, text, rid, fields))

    def render(self, name, t, level, text, rid, fields):
        at = dt.datetime.fromtimestamp(self.start + t + self.skew[name], dt.timezone.utc)
        iso = at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000)
        fmt = self.fmt[name]
        extra = "".join(" %s=%s" % kv for kv in fields.items())
        if fmt == "json":
            o = {"timestamp": iso, "level": level.lower(), "service": name, "message": text}
            if rid:
                o["trace_id"] = rid
            o.update(fields)
            return json.dumps(o)
        if fmt == "logfmt":
            return 'ts=%s level=%s msg="%s"%s%s' % (iso, level.lower(), text, " trace_id=" + rid if rid else "", extra)
        if fmt == "log4j":
            return "%s,%03d %-5s [worker-%d] c.acme.%s - %s%s%s" % (at.strftime("%Y-%m-%d %H:%M:%S"), at.microsecond // 1000, level,
                (len(name) + round(t)) % 8, name.capitalize().replace("-", ""), "[%s] " % rid if rid else "", text, extra)
        if fmt == "syslog":
            word = {"ERROR": "ERROR: ", "WARN": "WARNING: "}.get(level, "")
            return "%s %s %s[%d]: %s%s%s" % (at.strftime("%b %d %H:%M:%S").replace(" 0", "  "), self.host[name], name,
                1000 + sum(map(ord, name)), word, text, extra)
        if fmt == "plain":
            return "[%s] %s %s: %s%s%s" % (at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3], level, name, text, " req=" + rid if rid else "", extra)
        raise ValueError(fmt)

    def write(self, folder):
        for name, lines in self.lines.items():
            lines.sort(key=lambda x: x[0])
            path = os.path.join(folder, name + ".log")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                for line in lines:
                    f.write(self.render(name, *line) + "\n")

    def noise(self, every=40):
        """What all systems say all day: heartbeats, and warnings of things that they cope with."""
        for name in self.lines:
            own = random.Random(name)
            warn = own.choice(["cache miss ratio high", "slow client, buffering response", "retrying metrics push",
                               "deprecated option max_idle used", "clock adjusted by ntp", "response took longer than 300 ms"])
            t = self.rng.random() * 30
            while t < self.length:
                self.say(name, t, "INFO", own.choice(["health check ok", "heartbeat", "metrics flushed"]))
                t += 15
            rate = own.choice([every, every * 3, every * 10])
            t = self.rng.expovariate(1 / rate)
            while t < self.length:
                self.say(name, t, "WARN", warn)
                t += self.rng.expovariate(1 / rate)
            if own.random() < 0.3:
                t = self.rng.expovariate(1 / (every * 6))
                while t < self.length:
                    self.say(name, t, "ERROR", own.choice(["client closed connection before answer", "invalid coupon code", "bad request: missing field"]))
                    t += self.rng.expovariate(1 / (every * 6))


class Graph:
    """Services that call one another; a request walks down from the front."""

    def __init__(self, w, ids, style, skew):
        rng = w.rng
        names = rng.sample(NAMES, 12)
        suffix = rng.choice(["", "-svc", "-service"])
        names = [n + suffix for n in names]
        self.w, self.ids, self.front = w, ids, "gateway"
        fmts = [style] if style else ["json", "logfmt", "log4j", "plain"]
        self.db = rng.choice(["postgres", "mysql", "mongo"])
        for n in ["gateway"] + names:
            w.service(n, rng.choice(fmts), rng.uniform(-skew, skew))
        w.service(self.db, "plain" if self.db != "mysql" else "syslog")
        w.service("deployer", "syslog")
        self.calls = {"gateway": names[:3]}
        for i, n in enumerate(names):
            self.calls[n] = sorted(rng.sample(names[max(i + 1, 3):], min(len(names[max(i + 1, 3):]), rng.choice([0, 1, 1, 2]))))
        self.names = names
        self.base = {n: rng.uniform(0.004, 0.03) for n in self.w.lines}
        self.ops = {n: rng.choice(["load", "resolve", "update", "list", "compute"]) for n in names + ["gateway"]}
        self.faults = {}

    def reached(self):
        seen, todo = [], ["gateway"]
        while todo:
            n = todo.pop()
            if n not in seen:
                seen.append(n)
                todo += self.calls.get(n, [])
        return seen

    def call(self, n, t, r, depth=0):
        """Returns (end, ok)."""
        w, rng = self.w, self.w.rng
        if depth > 8:
            return t, True
        fault = self.faults.get(n)
        op, i = self.ops.get(n, "load"), r if self.ids else None
        w.say(n, t, "INFO", "%s request received" % op, i)
        took = self.base[n] * rng.lognormvariate(0, 0.4)
        if fault:
            out = fault(t, i, took)
            if out is not None:
                return out
        t += took / 2
        for m in self.calls.get(n, []):
            w.say(n, t, "INFO", "calling %s" % m, i) if self.verbose else None
            end, ok = self.call(m, t + 0.001, r, depth + 1)
            limit = 3.0
            if end - t > limit:
                w.say(n, t + limit, "ERROR", self.timeout_words(m, limit), i)
                return t + limit + 0.002, False
            if not ok:
                w.say(n, end + 0.001, "ERROR", self.failed_words(m), i)
                return end + 0.002, False
            t = end + 0.001
        t += took / 2
        w.say(n, t, "INFO", "%s done" % op, i, ms=int(1000 * took))
        return t, True

    def timeout_words(self, m, limit):
        return ("call to %s timed out after %d ms" % (m, limit * 1000) if self.named else "upstream request timed out after %d ms" % (limit * 1000))

    def failed_words(self, m):
        return "%s answered 500" % m if self.named else "upstream answered with status 500"

    def traffic(self, per_second):
        rng, t = self.w.rng, 0.0
        while t < self.w.length:
            t += rng.expovariate(per_second)
            end, ok = self.call("gateway", t, rid(rng))
            self.w.say("gateway", end, "INFO" if ok else "ERROR", "GET /%s %d" % (rng.choice(["home", "cart", "item"]), 200 if ok else 502))


def graph_case(rng, kind, healthy):
    w = World(rng, rng.choice([600, 1200, 3000]))
    g = Graph(w, rng.random() < 0.7, rng.choice([None, None, "json", "syslog"]), rng.choice([0, 0, 0.02, 2.0]))
    g.named, g.verbose = rng.random() < 0.6, rng.random() < 0.5
    reach = [n for n in g.reached() if n != "gateway"]
    culprit = rng.choice(reach[1:] or reach)
    on = w.length * rng.uniform(0.4, 0.75)
    off = rng.choice([w.length, min(w.length, on + w.length * 0.25)])
    inside = lambda t: not healthy and on <= t < off
    truth = [culprit]
    n = culprit
    if kind == "pool":
        def fault(t, i, took):
            if inside(t) and rng.random() < 0.7:
                w.say(n, t + 3.2, "ERROR", "could not obtain a connection from the pool within 3000 ms (active=20 idle=0 waiting=%d)" % rng.randrange(5, 60), i)
                return t + 3.3, False
    elif kind == "threads":
        def fault(t, i, took):
            if inside(t) and rng.random() < 0.6:
                w.say(n, t, "WARN", "task queued, all 64 threads busy, queue=%d" % rng.randrange(10, 400), i)
                late = rng.uniform(1, 6)
                w.say(n, t + late, "INFO", "%s done" % g.ops[n], i, ms=int(1000 * late))
                return t + late, True
    elif kind == "deploy":
        if not healthy:
            w.say("deployer", on - 4, "INFO", "rollout of %s to version 2.%d.0 finished" % (n, rng.randrange(9)))
        for k in range(3):
            w.say("deployer", rng.uniform(0, on - 60), "INFO", "rollout of %s to version 1.%d.0 finished" % (rng.choice(g.names), rng.randrange(9)))
        def fault(t, i, took):
            if inside(t) and rng.random() < 0.4:
                w.say(n, t + took, "ERROR", "java.lang.NullPointerException: Cannot invoke \"Price.amount()\" because \"price\" is null", i)
                return t + took, False
    elif kind == "slow":
        def fault(t, i, took):
            if inside(t):
                late = rng.uniform(0.4, 1.5)
                w.say(n, t + late, "INFO", "%s done" % g.ops[n], i, ms=int(1000 * late))
                return t + late, True
    elif kind == "cert":
        callers = [c for c in g.calls if n in g.calls[c]]
        if not healthy:
            w.say(n, on - 1, "WARN", "certificate CN=%s expires in 0 days" % n)
        g.failed_words = lambda m: ("TLS handshake with %s failed: certificate has expired" % m) if m == n else Graph.failed_words(g, m)
        g_call = g.call
        def call(m, t, r, depth=0):
            if m == n and inside(t):
                return t + 0.004, False
            return g_call(m, t, r, depth)
        g.call = call
        fault = lambda t, i, took: None
    elif kind == "hang":
        def fault(t, i, took):
            if inside(t):
                return t + 60, False
    elif kind == "leak":
        period = rng.uniform(60, 120)
        def fault(t, i, took):
            if inside(t) and (t - on) % period > period - 12:
                return t + 0.002, False
        t = on
        while not healthy and t < off:
            for k in range(6):
                w.say(n, t + period * (0.4 + k * 0.07), "WARN", "GC overhead %d %%, heap %d of 512 MB" % (40 + 9 * k, 400 + 20 * k))
            w.say(n, t + period - 12, "ERROR", "java.lang.OutOfMemoryError: Java heap space")
            w.say(n, t + period - 1, "INFO", "%s starting, version 3.1" % n)
            t += period
    elif kind == "dblock":
        truth = [g.db]
        users = rng.sample(reach, min(3, len(reach)))
        for u in users:
            def fault_of(t, i, took, u=u):
                if inside(t) and rng.random() < 0.7:
                    late = rng.uniform(2, 9)
                    w.say(g.db, t + 1, "WARN", "process %d still waiting for ShareLock on relation 16402 after 1000 ms" % rng.randrange(1000, 9000))
                    w.say(u, t + late, "ERROR", "query failed: canceling statement due to lock timeout", i)
                    return t + late, False
            g.faults[u] = fault_of
        if not healthy:
            w.say(g.db, on - 2, "INFO", "ALTER TABLE items started by migration")
        fault = None
    elif kind == "quiet":  # returns early: no error anywhere but callers'
        def fault(t, i, took):
            if inside(t) and rng.random() < 0.8:
                return t + 0.001, False
    if fault:
        g.faults[n] = fault
    if kind != "deploy":
        for k in range(4):
            w.say("deployer", rng.uniform(0, w.length), "INFO", "rollout of %s to version 1.%d.0 finished" % (rng.choice(g.names), rng.randrange(9)))
    g.traffic(rng.choice([0.5, 1, 3]) * 600 / w.length * 2)
    w.noise()
    return w, truth, on, off


def farm_case(rng, kind, healthy):
    """A scheduler and workers on hosts; syslog without ids."""
    w = World(rng, rng.choice([3600, 7200]))
    hosts = ["cn%02d" % i for i in range(1, 13)]
    fmt = rng.choice(["syslog", "syslog", "plain"])
    w.service("scheduler", fmt, host="head")
    w.service("nfs-server", fmt, host="store1")
    w.service("license-server", fmt, host="lic1")
    for h in hosts:
        w.service("worker-" + h, fmt, rng.uniform(-1, 1), host=h)
    on = w.length * rng.uniform(0.4, 0.7)
    bad = rng.choice(hosts)
    inside = lambda t: not healthy and t >= on
    truth = {"disk": ["nfs-server"], "license": ["license-server"], "neighbour": ["worker-" + bad], "node": ["worker-" + bad]}[kind]
    t, job = 0.0, 1000
    while t < w.length:
        t += rng.expovariate(0.15)
        job += 1
        h = rng.choice(hosts)
        s = "worker-" + h
        w.say("scheduler", t, "INFO", "job %d assigned to %s" % (job, h))
        w.say(s, t + 0.5, "INFO", "job %d started" % job)
        dur = rng.lognormvariate(3, 0.5)
        w.say("license-server", t + 0.7, "INFO", "checkout of feature sim by job %d granted" % job)
        end = t + dur
        if kind == "disk" and inside(end):
            if rng.random() < 0.9:
                w.say("nfs-server", end, "ERROR", "write to /export/scratch failed: No space left on device") if rng.random() < 0.5 else None
                w.say(s, end + 0.1, "ERROR", "job %d: cannot write result: Input/output error" % job)
                w.say("scheduler", end + 1, "WARN", "job %d failed on %s, exit status 5, requeued" % (job, h))
                continue
        if kind == "license" and inside(t):
            w.say("license-server", t + 0.7, "WARN", "checkout of feature sim by job %d denied: all 40 seats taken" % job) if rng.random() < 0.8 else None
            w.say(s, t + 30, "ERROR", "job %d: no license after 30 s" % job)
            w.say("scheduler", t + 31, "WARN", "job %d failed on %s, exit status 9, requeued" % (job, h))
            continue
        if h == bad and inside(t):
            if kind == "neighbour":
                end = t + dur * rng.uniform(4, 8)
                w.say(s, t + dur * 2, "WARN", "job %d runs late, load average 96" % job)
            elif kind == "node":
                w.say(s, t + 3, "ERROR", "EDAC MC0: 1 UE memory read error on CPU_SrcID#0")
                w.say("scheduler", t + 4, "WARN", "job %d failed on %s, exit status 7, requeued" % (job, h))
                continue
        w.say(s, end, "INFO", "job %d finished in %d s" % (job, end - t))
        w.say("scheduler", end + 0.5, "INFO", "job %d done" % job)
    if kind == "disk" and not healthy:
        w.say("nfs-server", on - 60, "WARN", "file system /export/scratch is 98 % full")
    w.noise(300)
    return w, truth, on, w.length


def kafka_case(rng, kind, healthy):
    w = World(rng, rng.choice([1200, 2400]))
    for b in (1, 2, 3):
        w.service("broker-%d" % b, "log4j")
    for n in ("ingest", "enrich", "sink", "schema-registry", "elastic"):
        w.service(n, rng.choice(["log4j", "json", "plain"]), rng.uniform(-0.5, 0.5))
    on = w.length * rng.uniform(0.4, 0.7)
    bad = "broker-%d" % rng.randrange(1, 4)
    inside = lambda t: not healthy and t >= on
    truth = {"broker": [bad], "elastic": ["elastic"], "schema": ["schema-registry"], "poison": ["enrich"]}[kind]
    t = 0.0
    while t < w.length:
        t += rng.expovariate(1.5)
        b = "broker-%d" % rng.randrange(1, 4)
        w.say("ingest", t, "INFO", "batch of %d records sent to partition %d" % (rng.randrange(100, 900), rng.randrange(12)))
        lat = 0.02
        if kind == "broker" and inside(t) and b == bad:
            w.say(bad, t - 0.1, "WARN", "request handler pool is saturated, log flush took %d ms" % rng.randrange(2000, 9000)) if rng.random() < 0.3 else None
            w.say("ingest", t + 5, "ERROR", "delivery of batch failed: timed out waiting for acks from " + (bad if rng.random() < 0.5 else "leader"))
            if rng.random() < 0.3:
                w.say(rng.choice(["broker-1", "broker-2", "broker-3"]), t + 6, "INFO", "Shrinking ISR for partition events-%d" % rng.randrange(12))
            continue
        w.say(b, t + 0.005, "INFO", "appended batch to events-%d" % rng.randrange(12)) if rng.random() < 0.5 else None
        if kind == "schema" and inside(t) and rng.random() < 0.8:
            w.say("schema-registry", t + 0.1, "ERROR", "GET /schemas/ids/%d failed: backend store not readable" % rng.randrange(50)) if rng.random() < 0.7 else None
            w.say("enrich", t + 0.2, "ERROR", "cannot decode record: schema lookup returned 500")
            continue
        if kind == "poison" and inside(t) and rng.random() < 0.5:
            w.say("enrich", t + 0.2, "ERROR", "java.lang.NumberFormatException: For input string: \"n/a\"")
            w.say("enrich", t + 0.3, "WARN", "record skipped, sent to dead letter queue")
            continue
        w.say("enrich", t + 0.2, "INFO", "enriched %d records" % rng.randrange(100, 900))
        if kind == "elastic" and inside(t) and rng.random() < 0.8:
            w.say("elastic", t + 0.4, "WARN", "rejected execution of bulk request, queue capacity 200") if rng.random() < 0.5 else None
            w.say("sink", t + 0.5, "ERROR", "bulk request failed with 429 Too Many Requests")
            w.say("enrich", t + 2, "WARN", "output buffer full, pausing consumer") if rng.random() < 0.2 else None
            continue
        w.say("sink", t + 0.5, "INFO", "bulk of %d documents written" % rng.randrange(100, 900))
        w.say("elastic", t + 0.48, "INFO", "bulk request done in %d ms" % rng.randrange(5, 60)) if rng.random() < 0.3 else None
    w.noise(100)
    return w, truth, on, w.length


def net_case(rng, kind, healthy):
    """Two zones of a cluster; a switch or a name server in trouble."""
    w = World(rng, 1800)
    names = rng.sample(NAMES, 10)
    for n in names:
        w.service(n, rng.choice(["json", "logfmt", "plain"]), rng.uniform(-0.3, 0.3))
    w.service("switch-b", "syslog")
    w.service("coredns", rng.choice(["logfmt", "plain"]))
    w.service("etcd", "json")
    zone_b = set(names[5:])
    on = w.length * rng.uniform(0.4, 0.7)
    off = on + rng.choice([120, 600, 2000])
    inside = lambda t: not healthy and on <= t < off
    truth = {"partition": ["switch-b"], "dns": ["coredns"]}[kind]
    if not healthy and kind == "partition":
        w.say("switch-b", on, "ERROR", "%LINK-3-UPDOWN: Interface Ethernet1/49, changed state to down")
        w.say("switch-b", off, "INFO", "%LINK-3-UPDOWN: Interface Ethernet1/49, changed state to up")
        for k in range(5):
            w.say("etcd", on + 2 + k * 3, "WARN", "failed to send out heartbeat on time")
    t = 0.0
    while t < w.length:
        t += rng.expovariate(3)
        a, b = rng.sample(names, 2)
        if kind == "partition" and inside(t) and (a in zone_b) != (b in zone_b):
            w.say(a, t + 2, "ERROR", "dial tcp %s:8080: i/o timeout" % ("10.2.%d.%d" % (rng.randrange(4), rng.randrange(250))))
            continue
        if kind == "dns" and inside(t) and rng.random() < 0.5:
            w.say("coredns", t + 2, "ERROR", "plugin/errors: 2 %s.default.svc. A: read udp 10.0.0.5:4432->10.0.0.2:53: i/o timeout" % b) if rng.random() < 0.6 else None
            w.say(a, t + 5, "ERROR", "lookup %s.default.svc on 10.96.0.10:53: read: i/o timeout" % b)
            continue
        w.say(a, t, "INFO", "request to %s answered in %d ms" % (b, rng.randrange(3, 50)))
        w.say("coredns", t, "INFO", "NOERROR %s.default.svc A 0.0003s" % b) if rng.random() < 0.2 else None
    w.noise(100)
    return w, truth, on, min(off, w.length)


KINDS = [(graph_case, k) for k in ("pool", "threads", "deploy", "slow", "cert", "hang", "leak", "dblock", "quiet")] + \
        [(farm_case, k) for k in ("disk", "license", "neighbour", "node")] + \
        [(kafka_case, k) for k in ("broker", "elastic", "schema", "poison")] + [(net_case, k) for k in ("partition", "dns")]


def make(folder, seed, index, healthy):
    build, kind = KINDS[index % len(KINDS)]
    w, truth, on, off = build(random.Random(seed * 1000 + index), kind, healthy)
    w.write(folder)

    def instant(t):
        return dt.datetime.fromtimestamp(w.start + t, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    return kind, truth, "%s..%s" % (instant(on), instant(off))


if __name__ == "__main__":
    run(make, {"told": 65, "untold": 55})
