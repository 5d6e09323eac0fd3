#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is the culprit first in shops of mixed formats? shops.py LINEUP SEED COUNT
Written from what such shops are and without a look at the others of this folder: JSON, logfmt, logback,
klog, Python, syslog, access logs, Postgres, Redis, a broker; ids of requests in part of the services;
warnings and errors that always come; periodic jobs and deployments that do nothing; 18 faults."""
import datetime as dt
import os

from imagined import run
from shop import UTC, Shop, iso


class Incident(Shop):
    """A shop to which something happens, unless it stays healthy."""

    def factor(s, v, t):
        """How much slower this service works now."""
        if not s.bad(t):
            return 1.0
        f = s.fault
        if v['name'] == s.culprit:
            if f == 'slow':
                return s.slowness
            if f == 'oom':
                return 1 + 25 * ((t - s.onset) % s.cycle / s.cycle) ** 2
        if f == 'noisy_cron' and v['host'] == s.nhost:
            return s.slowness * 0.5
        return 1.0

    def query(s, v, t, rid, ins):
        """Time and error of one database query."""
        d = v['db']
        ms = s.r.lognormvariate(1.0, 0.6)
        if s.fault == 'missing_index' and d == s.culprit and s.bad(t) and (s.r.random() < 0.6):
            ms = s.r.uniform(1500, 9000)
            s.pg(d, t + ms / 1000, 'LOG',
                'duration: %.3f ms  execute <unnamed>: SELECT * FROM %s_items WHERE customer_ref = $1' % (ms, v['base']))
        elif s.r.random() < 0.01:
            ms = s.r.uniform(250, 900)
            s.pg(d, t + ms / 1000, 'LOG', 'duration: %.3f ms  statement: SELECT count(*) FROM %s' % (ms, v['base']))
        if s.fault == 'noisy_cron' and s.bad(t) and (s.dbhost[d] == s.nhost):
            ms *= 10
        if s.fault == 'db_disk' and d == s.culprit and s.bad(t) and (s.r.random() < 0.7):
            s.pg(d, t, 'ERROR', 'could not extend file "base/16384/%d": No space left on device' % s.r.randint(16400, 16420))
            s.pg(d, t, 'HINT', 'Check free disk space.')
            return (ms / 1000, 'db')
        if s.fault == 'pool' and v['name'] == s.culprit and s.bad(t) and (s.r.random() < min(1, (t - s.onset) / 60)):
            return (v['timeout'] * 0.9, 'pool')
        return (ms / 1000, None)

    def say_fail(s, v, c, t, why, rid, ins):
        """The caller's complaint about its callee."""
        name, lg = (c['name'], 'client')
        text = {'refused': 'connection refused', 'timeout': 'deadline exceeded after %d ms' % (v['timeout'] * 1000),
            'status': 'status 500', 'cert': 'x509: certificate has expired or is not yet valid', 'dns': 'no such host',
            'unreach': 'i/o timeout', 'token': 'status 401'}[why]
        if v['style'] == 'name':
            s.log(v, t, 'ERROR', lg, 'Call to %s failed: %s' % (name, text), rid, ins)
        elif v['style'] == 'url':
            s.log(v, t, 'ERROR', lg, 'POST http://%s:8080/api/v1/%s: %s' % (name, c['base'], text), rid, ins)
        else:
            s.log(v, t, 'ERROR', lg, 'upstream request failed: %s' % text, rid, ins)

    def call(s, w, t, rid, depth=0, caller=None):
        """Returns (end, failure or None)."""
        v, r, f = (s.svc[w], s.r, s.fault)
        ins = r.randrange(v['ins'])
        me = w == s.culprit and s.bad(t)
        if me and f == 'silent':
            return (t + 30, 'timeout')
        if me and f == 'crash' and s.down(t):
            return (t + 0.002, 'refused')
        if me and f == 'cert' and caller:
            if r.random() < 0.3 and s.loud:
                s.log(v, t, 'WARN', 'server',
                    'TLS handshake error from 10.0.3.%d:%d: remote error: tls: bad certificate' % (r.randint(2, 9),
                    r.randint(30000, 60000)), None, ins)
            return (t + 0.01, 'cert')
        k = s.factor(v, t)
        t0 = t
        t += r.uniform(0.2, 1.5) / 1000
        item = r.randint(1000, 99999)
        if v['logs_start']:
            s.log(v, t, 'INFO', 'handler', 'Handling %s request' % v['base'], rid, ins, item=item)
        t += v['ms'] / 1000 * r.lognormvariate(0, 0.3) * k * 0.5
        fail = None
        if v['cache'] and r.random() < 0.3:
            s.log(v, t, 'INFO', 'cache', 'Cache miss', rid, ins, key='%s:%d' % (v['base'], item))
        if me and f == 'bad_config' and (r.random() < s.share):
            s.log(v, t, 'ERROR', 'handler', s.cfgmsg, rid, ins)
            fail = 'status'
        if me and f == 'bad_instance' and (ins == s.badins) and (r.random() < 0.9):
            s.log(v, t, 'ERROR', 'handler', s.cfgmsg, rid, ins)
            fail = 'status'
        if me and f == 'disk_full' and (r.random() < 0.6):
            s.log(v, t, 'ERROR', 'store', 'write /var/lib/%s/data.journal: no space left on device' % v['base'], rid, ins)
            fail = 'status'
        if not fail and v['db']:
            ms, why = s.query(v, t, rid, ins)
            t += ms
            if why == 'pool':
                s.log(v, t, 'ERROR', 'repository',
                    r.choice(['HikariPool-1 - Connection is not available, request timed out after %dms.' % (ms * 1000),
                    'could not obtain connection from pool: all 20 connections in use']) if s.loud else 'query failed: pool timeout', rid, ins)
                fail = 'status'
            elif why:
                s.log(v, t, 'ERROR', 'repository', 'could not execute statement', rid, ins)
                fail = 'status'
        if not fail and v['partner']:
            if me and f == 'rate_limit' and (r.random() < 0.7):
                s.log(v, t, 'WARN' if not s.loud else 'ERROR', 'partner',
                    'Request to %s returned 429 Too Many Requests' % v['partner'], rid, ins)
                fail = 'status'
                t += 0.05
            else:
                t += r.lognormvariate(-2.5, 0.4)
        for c in v['calls']:
            if fail:
                break
            if r.random() > 0.75:
                continue
            cv = s.svc[c]
            why = None
            if f == 'dns' and s.bad(t) and (r.random() < 0.45):
                e, why = (t + 5, 'dns')
            elif f == 'partition' and s.bad(t) and (cv['host'] != v['host']):
                e, why = (t + v['timeout'], 'unreach')
            elif f == 'clock_skew' and s.bad(t) and (s.culprit in (c, w)) and (r.random() < 0.6):
                e, why = (t + 0.01, 'token')
                s.log(cv, t + 0.005, 'WARN', 'auth',
                    'Rejected token: %s' % ('issued in the future' if (s.skew > 0) == (w == s.culprit) else 'token is expired'),
                    rid, r.randrange(cv['ins']))
            else:
                e, why = s.call(c, t + 0.001, rid, depth + 1, w)
                if e - t > v['timeout']:
                    e, why = (t + v['timeout'], 'timeout')
            t = e + 0.001
            if why:
                s.say_fail(v, cv, t, why, rid, ins)
                if r.random() < 0.85:
                    fail = 'status'
        t += v['ms'] / 1000 * r.lognormvariate(0, 0.3) * k * 0.5
        if v['pub'] and (not fail):
            s.publish(v['pub'], t, rid)
        if v['logs_end']:
            if fail:
                s.log(v, t, r.choice(['ERROR', 'WARN']), 'handler', 'Request failed', rid, ins, status=500,
                    duration_ms=int((t - t0) * 1000))
            else:
                s.log(v, t, 'INFO', 'handler', '%s %s' % (v['verb'], v['base']), rid, ins, status=200,
                    duration_ms=int((t - t0) * 1000))
        if me and f == 'slow' and s.loud and (r.random() < 0.1):
            s.log(v, t, 'WARN', 'handler', 'Slow request', rid, ins, duration_ms=int((t - t0) * 1000))
        return (t, fail)

    def work(s):
        """What the workers do, one message after another."""
        r = s.r
        for q, w in s.workers.items():
            free = 0.0
            last = 0
            dead = 0
            items = sorted(w.get('in', []))
            for i, (t, rid) in enumerate(items):
                begin = max(t + 0.02, free)
                me = q == s.culprit and s.bad(begin)
                dur = r.lognormvariate(-2.5, 0.4)
                if me and s.fault == 'backlog':
                    dur = r.uniform(4, 12)
                if s.fault == 'noisy_cron' and s.bad(begin) and (w['host'] == s.nhost):
                    dur *= 8
                if me and s.fault == 'poison' and (not dead):
                    for k in range(int((s.stop - s.onset) / 25)):
                        b = begin + k * 25
                        s.log(w, b, 'INFO', 'consumer', 'Processing message', rid, 0, offset=7000 + i)
                        s.log(w, b + 0.1, 'ERROR', 'consumer',
                            "Failed to process message: invalid character '\\x00' in field customer_name, requeueing", rid, 0,
                            offset=7000 + i)
                        if s.loud:
                            s.log(w, b + 0.2, 'FATAL', 'main', 'consumer loop terminated, exiting', None)
                            s.log(w, b + 6, 'INFO', 'main', 'Starting %s' % q, None)
                    dead = 1
                    free = s.stop
                    continue
                s.log(w, begin, 'INFO', 'consumer', 'Processing message', rid, 0, offset=7000 + i)
                free = begin + dur
                if free < s.start + s.span:
                    s.log(w, free, 'INFO', 'consumer', 'Message done', rid, 0, offset=7000 + i, lag_ms=int((begin - t) * 1000))
            if q == s.culprit and not s.healthy:
                for m in range(int(s.onset), int(s.stop), 60):
                    if m > s.onset + 90:
                        s.mq(m + 0.3, 'WARN', 'queue %s has %d messages ready, 1 consumer' % (w['topic'],
                            (m - s.onset) * s.rate * 0.4))

    def run(s):
        """The day."""
        r, f = (s.r, s.fault)
        s.slowness = r.uniform(20, 120)
        s.loud = r.random() < 0.5
        s.share = r.uniform(0.3, 1)
        s.badins = r.randrange(3)
        s.cfgmsg = r.choice(['missing required setting PAYMENT_REGION', 'invalid value "tru" for feature.newFlow',
            'NullPointerException: Cannot invoke "Settings.limit()" because "this.settings" is null',
            'unknown column "discount_v2" in field list', 'no endpoint configured for region eu-2'])
        end = s.start + s.span
        t = s.start
        while True:
            t += r.expovariate(s.rate)
            if t >= end:
                break
            w = r.choice(s.entries)
            rid = '%032x' % r.getrandbits(128)
            if s.span != 3600:
                rid = rid[:16] if s.span == 2400 else '-'.join((rid[:8], rid[8:12], rid[12:16], rid[16:20], rid[20:]))
            e, fail = s.call(w, t + 0.001, rid)
            code = 200
            if e - t > 10:
                e, fail = (t + 10, 'timeout')
            if fail:
                code = {'refused': 502, 'timeout': 504, 'cert': 502}.get(fail, 500)
            d = dt.datetime.fromtimestamp(e, UTC)
            s.put((s.gw, 0), e, '10.1.%d.%d - - [%s +0000] "%s /%s/%d HTTP/1.1" %d %d "-" "Mozilla/5.0" %.3f' % (r.randint(0, 9),
                r.randint(1, 250), d.strftime('%d/%b/%Y:%H:%M:%S'), r.choice(['GET', 'POST']), s.svc[w]['base'], r.randint(1,
                9999), code, r.randint(90, 9000), e - t))
            if fail in ('refused', 'timeout', 'cert'):
                why = {'refused': 'connect() failed (111: Connection refused) while connecting to upstream',
                    'timeout': 'upstream timed out (110: Connection timed out) while reading response header from upstream',
                    'cert': 'SSL_do_handshake() failed while SSL handshaking to upstream'}[fail]
                line = '%s [error] 31#31: *%d %s, client: 10.1.0.7, server: shop, request: "GET /%s/1 HTTP/1.1", upstream: "http://10.0.3.%d:8080/%s/1"'
                s.put((s.gw + ':error', 0), e, line % (d.strftime('%Y/%m/%d %H:%M:%S'), r.randint(1, 99999), why,
                    s.svc[w]['base'], 10 + s.names.index(w), s.svc[w]['base']))
        s.work()
        for w in s.names:
            v = s.svc[w]
            for every, lv, msg in v['noise']:
                t = s.start
                while (t := (t + r.expovariate(1 / every))) < end:
                    s.log(v, t, lv, 'web', msg, None, r.randrange(v['ins']))
            every = r.choice([60, 120, 300])
            t = s.start + r.uniform(0, every)
            msg = r.choice(['Refreshed configuration', 'Cache statistics', 'Heartbeat sent', 'Purged expired sessions'])
            while t < end:
                s.log(v, t, 'INFO', 'timer', msg, None, 0, entries=r.randint(10, 900))
                t += every
        for d in s.dbs:
            t = s.start + r.uniform(0, 300)
            while t < end:
                s.pg(d, t, 'LOG', 'checkpoint starting: time', '')
                s.pg(d, t + 20, 'LOG', 'checkpoint complete: wrote %d buffers (0.%d%%)' % (r.randint(30, 900), r.randint(1, 9)),
                    '')
                t += 300
            t = s.start
            while (t := (t + r.expovariate(1 / 200))) < end:
                s.pg(d, t, 'ERROR', 'duplicate key value violates unique constraint "uq_%s_ref"' % r.choice(s.names)[:5])
        t = s.start
        while (t := (t + r.uniform(100, 200))) < end:
            s.redis(t, '*', '100 changes in 300 seconds. Saving...')
            s.redis(t + 0.1, '*', 'Background saving started by pid %d' % r.randint(20, 9999))
            s.redis(t + 1, '*', 'Background saving terminated with success')
        t = s.start
        while (t := (t + r.expovariate(1 / 120))) < end:
            s.mq(t, 'INFO', r.choice(['accepting connection from 10.0.3.%d' % r.randint(2, 40), 'closing idle connection']))
        t = s.start
        while (t := (t + r.expovariate(1 / 400))) < end:
            s.mq(t, 'WARN', 'closing connection without handshake from 10.0.3.%d' % r.randint(2, 40))
        for h in s.hosts:
            for m in range(0, int(s.span), 300):
                s.sysl(h, s.start + m + 1, 'CRON', '(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)',
                    r.randint(1000, 30000))
            t = s.start
            while (t := (t + r.expovariate(1 / 150))) < end:
                s.sysl(h, t, *r.choice([('systemd', 'Started Session %d of user deploy.' % r.randint(1, 999), 1), ('sshd',
                    'Failed password for invalid user admin from 203.0.113.%d port %d ssh2' % (r.randint(1, 200), r.randint(1024,
                    60000)), r.randint(1000, 30000)), ('kernel',
                    '[%d.%06d] audit: type=1400 apparmor="ALLOWED"' % (9000 + t - s.start, r.randint(0, 999999)), None),
                    ('chronyd', 'Selected source 192.0.2.%d' % r.randint(1, 4), 711)]))
        dns = s.start
        while (dns := (dns + r.expovariate(1 / 30))) < end:
            s.put(('coredns', 0), dns,
                '[INFO] %s 10.0.3.%d:%d - %d "A IN %s.shop.svc.cluster.local. udp 60 false 512" NOERROR qr,aa,rd 110 0.000%ds' %
                (iso(dns), r.randint(2, 40), r.randint(30000, 60000), r.randint(1, 65000), r.choice(s.names), r.randint(100, 999)))
        s.deploys = []
        for _ in range(r.choice([0, 1, 2])):
            s.deploys.append((r.uniform(s.start + 120, s.onset - 300), r.choice([w for w in s.names if w != s.culprit])))
        if f in ('bad_config', 'bad_instance', 'pool') and not s.healthy:
            s.deploys.append((s.onset - r.uniform(3, 40), s.culprit))
        for t, w in s.deploys:
            s.put(('deployer', 0), t - 20, '%s INFO deploy started service=%s version=v%d.%d.%d by=ci' % (iso(t - 20, 3), w, 2,
                r.randint(1, 30), r.randint(0, 9)))
            s.put(('deployer', 0), t, '%s INFO deploy finished service=%s status=ok' % (iso(t, 3), w))
            for i in range(s.svc[w]['ins']):
                s.log(s.svc[w], t - 5 + 2 * i, 'INFO', 'main', 'Shutting down', None, i)
                s.log(s.svc[w], t - 1 + 2 * i, 'INFO', 'main', 'Started %s on port 8080' % w, None, i)
        if not s.healthy:
            s.inject()

    def inject(s):
        """What the fault itself leaves in the logs."""
        r, f, c = (s.r, s.fault, s.culprit)
        v = s.svc.get(c)
        if f == 'crash':
            t = s.onset
            while t < s.stop:
                if s.loud:
                    s.put((c, 0), t - 0.01, v['fmt'].line(t - 0.01, 'FATAL' if r.random() < 0.5 else 'ERROR', 'main',
                        'panic: runtime error: index out of range [3] with length 3', {}, None))
                else:
                    s.sysl(v['host'], t, 'kernel',
                        '[%d.%06d] %s[%d]: segfault at 8 ip 00007f3a sp 00007ffc error 4 in %s' % (9000 + t - s.start,
                        r.randint(0, 999999), v['base'], r.randint(99, 9999), v['base']))
                up = t + s.cycle * 0.6
                s.put((c, 0), up, v['fmt'].line(up, 'INFO', 'main', 'Started %s on port 8080' % c, {}, None))
                t += s.cycle
        if f == 'oom':
            t = s.onset
            while t < s.stop:
                for k in range(1, 5):
                    s.log(v, t + k * s.cycle / 5, 'WARN' if s.loud else 'INFO', 'gc', 'Heap usage after collection', None, 0,
                        used_mb=int(200 + 76 * 3 * k), max_mb=1024)
                e = t + s.cycle
                s.sysl(v['host'], e, 'kernel',
                    '[%d.%06d] Memory cgroup out of memory: Killed process %d (%s) total-vm:4193280kB' % (9000 + e - s.start,
                    r.randint(0, 999999), r.randint(99, 9999), v['base']))
                s.log(v, e + 4, 'INFO', 'main', 'Started %s on port 8080' % c)
                t = e
        if f == 'dns':
            t = s.onset
            while (t := (t + r.expovariate(1 / 3))) < s.stop:
                s.put(('coredns', 0), t,
                    '[ERROR] plugin/errors: 2 %s.shop.svc.cluster.local. A: read udp 10.0.3.2:%d->10.0.0.2:53: i/o timeout' % (r.choice(s.names), r.randint(30000, 60000)))
        if f == 'db_disk':
            s.pg(c, s.onset, 'PANIC' if s.loud else 'LOG',
                'could not write to file "pg_wal/xlogtemp.31": No space left on device', '')
        if f == 'missing_index':
            s.put(('deployer', 0), s.onset - 15,
                '%s INFO migration applied db=%s name=V%d__drop_unused_indexes' % (iso(s.onset - 15, 3), c, r.randint(10, 90)))
            s.pg(c, s.onset - 15, 'LOG', 'duration: %d.101 ms  statement: DROP INDEX ix_items_customer_ref' % r.randint(2, 900))
        if f == 'partition':
            for h in s.pair:
                if s.loud or h == s.pair[0]:
                    s.sysl(h, s.onset, 'kernel',
                        '[%d.%06d] bond0: link status definitely down for interface eth1, disabling it' % (9000 + s.onset - s.start, 1234))
                    s.sysl(h, s.stop, 'kernel',
                        '[%d.%06d] bond0: link status definitely up for interface eth1, 10000 Mbps full duplex' % (9000 + s.stop - s.start, 1234))
        if f == 'noisy_cron':
            s.sysl(s.nhost, s.onset - 1, 'CRON', '(root) CMD (/usr/local/bin/%s --all)' % s.job, 4711)
            s.sysl(s.nhost, s.onset, s.job, 'starting, 412 GB to go', 4713)
            if s.loud:
                for m in range(60, int(s.stop - s.onset), 60):
                    s.sysl(s.nhost, s.onset + m, s.job, 'progress %d%%' % (100 * m / (s.stop - s.onset)), 4713)
            s.sysl(s.nhost, s.stop, s.job, 'finished', 4713)
        if f == 'clock_skew' and s.loud:
            s.sysl(v['host'], s.onset, 'chronyd', 'System clock was stepped by %.6f seconds' % s.skew, 711)
        if f == 'cert' and s.loud:
            s.log(v, s.onset - 600, 'WARN', 'server', 'certificate expires soon', None, 0, not_after=iso(s.onset, 0,
                'Z').replace('.', ''))
        if f == 'silent' and r.random() < 0.3:
            s.sysl(v['host'], s.onset + 120, 'kernel',
                '[%d.%06d] INFO: task %s:4121 blocked for more than 120 seconds.' % (9120 + s.onset - s.start, 1234, v['base']))


FAULTS = ['crash', 'slow', 'missing_index', 'disk_full', 'db_disk', 'cert', 'bad_config', 'oom', 'pool', 'clock_skew', 'dns',
    'backlog', 'partition', 'noisy_cron', 'rate_limit', 'poison', 'silent', 'bad_instance']


def make(folder, seed, index, healthy):
    fault = FAULTS[index % len(FAULTS)]
    s = Incident(seed * 1000 + index, fault)
    s.healthy = healthy
    s.calm()
    s.run()
    s.write(os.path.join(folder, 'logs'))
    # instances may well be taken for one service, and a pod's number is no part of its name
    truth = s.truth + ['%s-%d' % (name, i) for name in s.truth for i in range(3)]
    return fault, truth, '%s..%s' % (iso(s.onset), iso(s.stop)), []


if __name__ == '__main__':
    run(make, {'told': 60, 'untold': 52})
