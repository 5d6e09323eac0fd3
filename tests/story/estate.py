# SPDX-License-Identifier: MIT
"""An imagined estate: services in a graph that nobody drew tidily, their databases, queues, jobs and hosts,
how each of them words and lays out its lines, and how the files are kept. What goes wrong is in estates.py."""
import datetime as dt
import heapq
import json
import os
import random

NAMES = """ledger tariff roaming ward triage dispatch fleet meter billing portal claims policy quotes screening
 telemetry beacon registry vitals pharmacy customs manifest berth routing tracking settlement kyc statements
 payout mandate voice sms provisioning numbering usage rating mediation crm notes imaging lab scheduling
 consent eligibility tolls parking ticketing boarding baggage crew gates weather slots""".split()
LAYOUTS = ["json", "logfmt", "log4j", "python", "syslog", "go", "node", "access"]
WORDS = {  # what a caller says of a call that failed, by the kind of failure; %s: the one that was called
    "timeout": ["java.net.SocketTimeoutException: Read timed out (%s)", "Post %s: context deadline exceeded", "Timeout of 4000 ms exceeded calling %s",
        "ReadTimeout: no answer from %s in time"],
    "refused": ["Connect to %s failed: Connection refused", "dial tcp: connect %s: connection refused", "connect ECONNREFUSED %s", "ConnectionError: %s: [Errno 111] Connection refused"],
    "5xx": ["%s responded with HTTP 500", "unexpected status 500 from %s", "Request failed with status code 500 (%s)", "HTTPError: 500 Server Error for url %s"],
    "reset": ["Connection reset by peer (%s)", "read: connection reset by peer: %s", "socket hang up: %s", "RemoteDisconnected: %s closed connection without response"],
    "dns": ["java.net.UnknownHostException: %s", "lookup %s: server misbehaving", "getaddrinfo EAI_AGAIN %s", "NameResolutionError: failed to resolve %s"],
    "tls": ["PKIX path validation failed: validity check failed (%s)", "x509: certificate has expired or is not yet valid: %s", "CERT_HAS_EXPIRED %s", "SSLError: certificate verify failed: %s"],
    "busy": ["%s answered 503 Service Unavailable", "unexpected status 503 from %s", "Request failed with status code 503 (%s)", "HTTPError: 503 for url %s"],
}
ENTER = ["handling %s", "%s accepted", "begin %s", "received %s command", "incoming %s"]
LEAVE = ["%s finished in %d ms", "%s ok, %d ms", "completed %s duration_ms=%d", "%s took %dms", "done %s (%d ms)"]
QUIET_LEAVE = ["%s finished", "%s ok", "completed %s", "sent answer for %s"]
CALM_WARN = ["slow consumer detected on /events", "cookie without SameSite attribute", "retry budget at 12 %", "unknown field ignored: legacyCode", "connection pool resized to 20",
    "schema cache refreshed after 3 misses", "locale xx not found, using default"]
CALM_ERROR = ["malformed barcode in upload", "user input rejected: date in the future", "broken pipe while sending page", "could not parse tracking header", "avatar not found"]
BEATS = ["tick", "still alive", "stats: goroutines=41 heap=88MB", "scheduler idle", "session table: 210 entries"]


class Service:
    def __init__(self, rng, name, kind, layout):
        self.name, self.kind, self.layout, self.rng = name, kind, layout, random.Random(rng.random())
        own = self.rng
        self.base = own.choice([0.002, 0.005, 0.01, 0.03]) * own.uniform(0.5, 2)
        self.talk = own.choice(["both", "both", "leave", "leave", "calls", "mute"]) if kind == "app" else "mute"
        self.verb = own.choice(["lookup", "submit", "confirm", "price", "validate", "assign", "render"])
        self.enter, self.leave, self.quiet = own.choice(ENTER), own.choice(LEAVE), own.choice(QUIET_LEAVE)
        self.tongue, self.naming = own.randrange(4), own.choice(["name", "host", "url", "address", "none"])
        self.workers = [0.0] * own.choice([8, 16, 32])
        self.calls, self.skew, self.clock, self.node, self.lines = [], 0.0, None, "", []
        self.timeout, self.retries, self.hook = own.choice([2.0, 4.0, 4.0]), own.choice([0, 0, 1, 2]), None
        self.pool_words = own.choice(["executor rejected task: 0 threads free", "no worker free, request dropped", "connection pool exhausted (max)", "too many requests in flight"])

    def speaks_of(self, other):
        n = other.name
        port = 7000 + len(n) * 11
        return {"name": n, "host": "%s:%d" % (n, port), "url": "http://%s.prod.svc:%d/v1/%s" % (n, port, other.verb), "address": "10.20.%d.%d:%d" % (len(n), sum(map(ord, n)) % 250, port),
            "none": "backend"}[self.naming]


class Estate:
    def __init__(self, shape, day, start):
        self.shape, self.rng, self.start = shape, day, start
        self.length = shape.choice([420, 900, 1800, 5400])
        self.services, self.nodes = {}, ["host-%s%d" % (shape.choice("abc"), i) for i in range(1, shape.choice([3, 5]))]
        self.keep = shape.choice(["files", "files", "files", "folders", "journal", "oneline", "hosts"])
        self.only = shape.choice([None, None, None, "json", "log4j", "logfmt"])
        self.ids = shape.choice(["all", "all", "some", "none", "none"])
        self.skews = shape.choice([0, 0, 0.02, 0.5])

    def add(self, name, kind="app", layout=None):
        layout = "syslog" if self.keep == "journal" or kind in ("cron", "host") else self.only or layout or self.shape.choice(LAYOUTS[:-1])
        s = self.services[name] = Service(self.shape, name, kind, layout)
        s.node, s.skew = self.shape.choice(self.nodes), self.shape.uniform(-self.skews, self.skews) if self.keep != "journal" else 0
        s.with_ids = self.ids == "all" or (self.ids == "some" and self.shape.random() < 0.5)
        return s

    # ---- lines ----

    def say(self, s, t, level, text, rid=None, **more):
        if 0 <= t < self.length:
            s.lines.append((t, level, text, rid if s.with_ids else None, more))

    def stamp(self, s, t):
        shift = s.skew + (s.clock(t) if s.clock else 0)
        return dt.datetime.fromtimestamp(self.start + t + shift, dt.timezone.utc)

    def render(self, s, t, level, text, rid, more):
        at = self.stamp(s, t)
        iso, ms = at.strftime("%Y-%m-%dT%H:%M:%S"), "%03d" % (at.microsecond // 1000)
        how = s.layout
        if how == "json" or self.keep == "oneline":
            line = {"time": iso + "." + ms + "Z", "severity": level, "app": s.name, "msg": text, **more}
            return json.dumps({**line, "correlation_id": rid} if rid else line)
        tail = "".join(" %s=%s" % kv for kv in more.items())
        if how == "logfmt":
            return "ts=%s.%sZ lvl=%s%s msg=%s%s" % (iso, ms, level.lower(), " rid=" + rid if rid else "", json.dumps(text), tail)
        if how == "log4j":
            return "%s,%s [%s-%d] %-5s net.acme.%s.Endpoint%s - %s%s" % (iso.replace("T", " "), ms, "exec", int(t * 10) % 9, level, s.name, " {%s}" % rid if rid else "", text, tail)
        if how == "python":
            return "%s,%s | %-8s | %s | %s%s%s" % (iso.replace("T", " "), ms, {"WARN": "WARNING"}.get(level, level), s.name, "(%s) " % rid if rid else "", text, tail)
        if how == "syslog":
            return "%s.%s000+00:00 %s %s[%d]: %s%s%s%s" % (iso, ms, s.node, s.name, 300 + len(s.name), {"INFO": "", "WARN": "warning: ", "ERROR": "error: "}[level], text,
                " id=" + rid if rid else "", tail)
        if how == "go":
            return "%s.%s %s %s:%d: %s%s%s" % (at.strftime("%Y/%m/%d %H:%M:%S"), ms, {"INFO": "INF", "WARN": "WRN", "ERROR": "ERR"}[level], s.verb + ".go", 20 + len(text), text,
                " trace=" + rid if rid else "", tail)
        if how == "node":
            return "[%s.%sZ] %s: %s%s%s" % (iso, ms, level.lower(), text, " requestId=" + rid if rid else "", tail)
        return "%s - - [%s +0000] %s" % ("10.0.%d.%d" % (int(t) % 5, int(t * 3) % 200), at.strftime("%d/%b/%Y:%H:%M:%S"), text)

    def write(self, folder):
        files = {}
        for s in self.services.values():
            place = {"files": s.name + ".log", "folders": os.path.join(s.name, "current.log"), "journal": "journal.log", "oneline": "export.json",
                "hosts": os.path.join(s.node, s.name + ".log")}[self.keep]
            for line in sorted(s.lines, key=lambda x: x[0]):
                files.setdefault(place, []).append((line[0], self.render(s, *line)))
        for place, lines in files.items():
            path = os.path.join(folder, place)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.writelines(text + "\n" for _, text in sorted(lines, key=lambda x: x[0]))

    # ---- the same every day ----

    def rare(self, s, mean, level, text):
        t = self.rng.expovariate(1 / mean)
        while t < self.length:
            self.say(s, t, level, text)
            t += self.rng.expovariate(1 / mean)

    def live(self):
        for s in self.services.values():
            own = random.Random(s.name)
            beat, pause = own.choice(BEATS), own.choice([10, 30, 60])
            t = own.random() * pause
            while t < self.length and s.kind in ("app", "db", "queue", "cache"):
                self.say(s, t, "INFO", beat)
                t += pause
            if s.kind == "app" and own.random() < 0.6:
                self.rare(s, own.choice([40, 200, 900]), "WARN", own.choice(CALM_WARN))
            if s.kind == "app" and own.random() < 0.35:
                self.rare(s, own.choice([15, 200, 600]), "ERROR", own.choice(CALM_ERROR))

    # ---- a request ----

    def call(self, s, t, rid, depth=0):
        """Returns (when it is answered, the kind of failure or None)."""
        rng, start = self.rng, t
        took = s.base * rng.lognormvariate(0, 0.35)
        said = s.hook(t, rid) if s.hook else None  # a dict: fail, delay, line, after, mute
        if said and said.get("before"):
            return t + said.get("delay", 0.001), said["fail"]
        free = heapq.heappop(s.workers)
        if free > t + s.timeout:
            heapq.heappush(s.workers, free)
            self.say(s, t + 0.001, "ERROR", s.pool_words, rid)
            return t + 0.002, "busy"
        t = max(t, free)
        if s.talk == "both":
            self.say(s, t, "INFO", s.enter % s.verb, rid)
        if said:
            t += said.get("delay", 0)
            if said.get("line"):
                self.say(s, t, *said["line"], rid)
            if said.get("fail"):
                heapq.heappush(s.workers, t)
                return t + 0.001, said["fail"]
        t += took / 2
        failed = None
        for other, chance in s.calls if not (said and said.get("short")) else []:
            if rng.random() < chance:
                t, failed = self.reach(s, other, t, rid, depth)
                if failed:
                    break
        heapq.heappush(s.workers, t)
        if failed:
            return t + 0.001, "5xx"
        t += took / 2
        if s.talk in ("both", "leave"):
            self.say(s, t, "INFO", s.leave % (s.verb, 1000 * (t - start)) if len(s.name) % 3 else s.quiet % s.verb, rid)
        return t, None

    def reach(self, s, other, t, rid, depth):
        """One calls another, and again if it may."""
        failed = None
        for attempt in range(1 + s.retries):
            if s.talk == "calls":
                self.say(s, t, "INFO", "asking %s" % s.speaks_of(other), rid)
            cut = self.between(s, other, t) if self.between else None
            end, failed = cut or self.call(other, t + 0.001, rid, depth + 1)
            if end - t > s.timeout:
                end, failed = t + s.timeout, "timeout"
            t = end + 0.001
            if not failed:
                return t, None
            words = WORDS[failed][s.tongue] % s.speaks_of(other)
            last = attempt == s.retries
            self.say(s, t, "ERROR" if last else "WARN", words if last else "will retry: " + words, rid)
            t += 0 if last else 0.1
        return t, failed

    between = None

    def serve(self, front, count):
        """So many requests, spread over the day."""
        rng = self.rng
        for t in sorted(rng.random() * self.length for _ in range(count)):
            rid = "%s-%012x" % (front.name[:2], rng.getrandbits(48)) if self.shape_of_id else "%032x" % rng.getrandbits(128)
            end, failed = self.call(front, t, rid)
            status = 200 if not failed else rng.choice([500, 502]) if failed != "timeout" else 504
            text = '"%s /%s HTTP/2" %d %d' % (rng.choice(["GET", "POST"]), rng.choice(["a", "b", "c"]), status, rng.randrange(80, 9000))
            if front.layout == "access":
                self.say(front, end, "INFO", '%s "-" "mobile/7" rt=%.3f' % (text, end - t))
            else:
                self.say(front, end, "INFO" if status == 200 else "ERROR", "%s %d" % (text, 1000 * (end - t)), rid)
