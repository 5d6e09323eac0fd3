#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A shop of 8 to 15 services before anything happens: who calls whom, and how each writes its lines."""
import datetime as dt
import gzip
import json
import os
import random

UTC = dt.timezone.utc


class Fmt:
    """line(t, level, logger, msg, kv, rid)"""

    def __init__(s, r, svc, has_rid, host):
        s.r, s.svc, s.has_rid, s.host, s.pid = (r, svc, has_rid, host, r.randint(100, 30000))

def iso(t, digits=3, z='Z'):
    d = dt.datetime.fromtimestamp(t, UTC)
    return d.strftime('%Y-%m-%dT%H:%M:%S.') + ('%06d' % d.microsecond)[:digits] + z

class Json(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        o = {'timestamp': iso(t), 'level': lv.lower(), 'logger': lg, 'message': msg}
        if s.has_rid and rid:
            o['request_id'] = rid
        o.update(kv)
        return json.dumps(o)

class Zap(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        o = {'level': lv.lower(), 'ts': round(t, 6), 'caller': lg + '/handler.go:%d' % (40 + len(msg)), 'msg': msg, 'app': s.svc}
        if s.has_rid and rid:
            o['trace_id'] = rid
        o.update(kv)
        return json.dumps(o, separators=(',', ':'))

class Logfmt(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        a = ['time=' + iso(t), 'level=' + {'WARN': 'warning'}.get(lv, lv.lower()), 'msg="%s"' % msg.replace('"', '\\"')]
        if s.has_rid and rid:
            a.append('request_id=' + rid)
        return ' '.join(a + ['%s=%s' % (k, '"%s"' % v if ' ' in str(v) else v) for k, v in kv.items()])

class Logback(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        d = dt.datetime.fromtimestamp(t, UTC)
        x = '[%s,%s] ' % (s.svc, rid or '') if s.has_rid else ''
        return '%s.%03d %5s 1 --- %s[nio-8080-exec-%d] c.shop.%s.%s : %s%s' % (d.strftime('%Y-%m-%d %H:%M:%S'),
            d.microsecond // 1000, lv, x, s.r.randint(1, 10), s.svc.split('-')[0], lg.capitalize(), msg, tail(kv))

class Klog(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        d = dt.datetime.fromtimestamp(t, UTC)
        if s.has_rid and rid:
            kv = dict(kv, requestID=rid)
        return '%s%s.%06d %7d %s.go:%d] "%s"%s' % (lv[0] if lv[0] in 'IWEF' else 'I', d.strftime('%m%d %H:%M:%S'), d.microsecond,
            1, lg, 30 + len(msg), msg, ''.join((' %s="%s"' % i for i in kv.items())))

def tail(kv):
    return ''.join((' %s=%s' % i for i in kv.items()))

class Python(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        d = dt.datetime.fromtimestamp(t, UTC)
        return '%s,%03d - %s - %s - %s%s%s' % (d.strftime('%Y-%m-%d %H:%M:%S'), d.microsecond // 1000, s.svc.replace('-',
            '_') + '.' + lg, {'WARN': 'WARNING'}.get(lv, lv), '[%s] ' % rid if s.has_rid and rid else '', msg, tail(kv))

class Syslog(Fmt):

    def line(s, t, lv, lg, msg, kv, rid):
        d = dt.datetime.fromtimestamp(t, UTC)
        p = {'ERROR': 'error: ', 'WARN': 'warning: ', 'FATAL': 'fatal: '}.get(lv, '')
        return '%s %2d %s %s %s[%d]: %s%s%s%s' % (d.strftime('%b'), d.day, d.strftime('%H:%M:%S'), s.host, s.svc, s.pid,
            '%s ' % rid if s.has_rid and rid else '', p, msg, tail(kv))


WORDS = ['cart', 'order', 'payment', 'catalog', 'inventory', 'pricing', 'user', 'auth', 'shipping', 'search', 'review',
    'recommend', 'coupon', 'invoice', 'profile', 'media', 'notification', 'tax', 'fraud', 'loyalty', 'wishlist', 'address']
VERB = ['Created', 'Loaded', 'Fetched', 'Updated', 'Validated', 'Computed', 'Stored', 'Resolved']
PARTNERS = ['api.payfast.example', 'geo.mapster.example', 'sms.ringring.example', 'rates.fxhub.example']


class Shop:
    """Its services, stores and hosts, and what they write."""

    def __init__(s, seed, fault):
        s.r = r = random.Random(seed)
        s.fault = fault
        s.start = dt.datetime(2026, r.randint(1, 9), r.randint(1, 28), r.randint(0, 20), r.randint(0, 59), tzinfo=UTC).timestamp()
        s.span = r.choice([40, 60, 90]) * 60.0
        s.onset = s.start + s.span * r.uniform(0.45, 0.75)
        s.stop = min(s.start + s.span - 60, s.onset + r.choice([6, 9, 14]) * 60)
        s.out = {}
        s.hosts = ['%s%02d' % (r.choice(['node', 'ip-10-0-3-', 'web', 'k8s-worker-']), i + 1) for i in range(r.choice([2, 3, 4]))]
        n = r.randint(6, 11)
        names = r.sample(WORDS, n)
        suf = r.choice(['-service', '', 'svc', '-api'])
        s.names = [w + suf for w in names]
        kinds = [Json, Zap, Logfmt, Logback, Klog, Python, Syslog]
        s.svc = {}
        for i, w in enumerate(s.names):
            h = r.choice(s.hosts)
            s.svc[w] = dict(name=w, base=names[i], host=h, fmt=r.choice(kinds)(r, w, r.random() < 0.55, h), ms=r.uniform(3, 40),
                calls=[], db=None, cache=False, pub=None, partner=None, style=r.choice(['name', 'url', 'hide', 'name']),
                ins=r.choice([1, 1, 2, 3]), logs_start=r.random() < 0.7, logs_end=r.random() < 0.85, verb=r.choice(VERB),
                timeout=r.choice([1.0, 2.0, 3.0, 5.0]), noise=[])
        for i, w in enumerate(s.names[:-1]):
            s.svc[w]['calls'] = r.sample(s.names[i + 1:], min(len(s.names) - 1 - i, r.choice([1, 1, 2, 2, 3])))
        called = {c for w in s.names for c in s.svc[w]['calls']}
        s.entries = [w for w in s.names if w not in called]
        if len(s.entries) < 2:
            s.entries.append(s.names[1])
        s.dbs = ['postgres'] if r.random() < 0.5 else ['postgres', r.choice(['postgres-orders', 'pg-replica', 'orders-db'])]
        s.dbhost = {d: r.choice(s.hosts) for d in s.dbs}
        for w in s.names:
            v = s.svc[w]
            if r.random() < 0.6:
                v['db'] = r.choice(s.dbs)
            v['cache'] = r.random() < 0.3
            v['partner'] = r.choice(PARTNERS) if r.random() < 0.15 else None
        s.queue = r.choice(['rabbitmq', 'kafka'])
        s.workers = {}
        for q in r.sample(['email-worker', 'export-worker', 'indexer', 'ledger-consumer', 'thumbnailer'], 2):
            h = r.choice(s.hosts)
            s.workers[q] = dict(name=q, host=h, fmt=r.choice(kinds)(r, q, r.random() < 0.5, h), topic=q.split('-')[0] + '.events',
                busy=0.0, ins=1)
            s.svc[r.choice(s.names)]['pub'] = q
        s.rate = r.uniform(0.7, 2.0)
        s.gw = r.choice(['nginx', 'gateway', 'edge-proxy'])
    
    def put(s, file, t, line):
        """A line of a file, at a time."""
        s.out.setdefault(file, []).append((t, len(s.out[file]) if file in s.out else 0, line))

    def log(s, v, t, lv, lg, msg, rid=None, ins=0, **kv):
        """What a service says."""
        if s.mute(v, t):
            return
        shift = s.skew if v['name'] == s.culprit and s.fault == 'clock_skew' and not s.healthy and (t >= s.onset) else 0
        s.put((v['name'], ins), t, v['fmt'].line(t + shift, lv, lg, msg, kv, rid))

    def sysl(s, host, t, prog, msg, pid=None):
        """What a host's programs say."""
        d = dt.datetime.fromtimestamp(t, UTC)
        s.put(('host:' + host, 0), t, '%s %2d %s %s %s: %s' % (d.strftime('%b'), d.day, d.strftime('%H:%M:%S'), host,
            prog + ('[%d]' % pid if pid else ''), msg))

    def pg(s, db, t, lv, msg, who='app@shop'):
        """What a database says."""
        d = dt.datetime.fromtimestamp(t, UTC)
        s.put((db, 0), t, '%s.%03d UTC [%d] %s %s:  %s' % (d.strftime('%Y-%m-%d %H:%M:%S'), d.microsecond // 1000,
            s.r.randint(200, 260), who, lv, msg))

    def redis(s, t, sign, msg):
        """What the cache says."""
        d = dt.datetime.fromtimestamp(t, UTC)
        s.put(('redis', 0), t, '1:M %s.%03d %s %s' % (d.strftime('%d %b %Y %H:%M:%S'), d.microsecond // 1000, sign, msg))

    def mq(s, t, lv, msg):
        """What the broker says."""
        d = dt.datetime.fromtimestamp(t, UTC)
        if s.queue == 'kafka':
            s.put(('kafka', 0), t, '[%s,%03d] %s %s (kafka.server.KafkaServer)' % (d.strftime('%Y-%m-%d %H:%M:%S'),
                d.microsecond // 1000, lv, msg))
        else:
            s.put(('rabbitmq', 0), t, '%s.%06d+00:00 [%s] <0.%d.0> %s' % (d.strftime('%Y-%m-%d %H:%M:%S'), d.microsecond,
                {'INFO': 'info', 'WARN': 'warning', 'ERROR': 'error'}[lv], s.r.randint(400, 900), msg))

    def publish(s, q, t, rid):
        """A message to a worker."""
        w = s.workers[q]
        w.setdefault('in', []).append((t, rid))

    def write(s, folder):
        """Files in one of three layouts, packed or not."""
        lay = s.r.choice(['flat', 'folder', 'pods'])
        z = s.r.random() < 0.3
        os.makedirs(folder)
        for (n, ins), rows in sorted(s.out.items()):
            rows.sort()
            hash_ = '%x' % s.r.getrandbits(36)
            if n.startswith('host:'):
                p = '%s/syslog' % n[5:]
            elif n.endswith(':error'):
                p = '%s/error.log' % n[:-6]
            elif n == s.gw:
                p = '%s/access.log' % n
            elif n in s.svc and lay == 'pods':
                p = 'pods/shop_%s-%s-%s/%s/0.log' % (n, hash_[:9], ''.join(s.r.choices('bcdfghjklmnpqrstvwxz2456789', k=5)), n)
            elif n in s.svc and s.svc[n]['ins'] > 1:
                p = ('%s-%d.log' if lay == 'flat' else '%s-%d/app.log') % (n, ins)
            else:
                p = '%s.log' % n if lay == 'flat' else '%s/%s.log' % (n, 'app' if n in s.svc else n)
            if n == 'coredns':
                rows = [(t, i, iso(t, 9) + ' stdout F ' + l) for t, i, l in rows]
            p = os.path.join(folder, p)
            os.makedirs(os.path.dirname(p), exist_ok=True)
            data = ''.join((l + '\n' for _, _, l in rows))
            if z:
                open(p + '.gz', 'wb').write(gzip.compress(data.encode(), 1))
            else:
                open(p, 'w').write(data)
            os.utime(p + ('.gz' if z else ''), (s.start + s.span,) * 2)

    def mute(s, v, t):
        """Is nothing written now?"""
        return v['name'] == s.culprit and s.bad(t) and (s.fault == 'silent' or (s.fault == 'crash' and s.down(t)))

    def bad(s, t):
        """Does the fault act?"""
        return not s.healthy and s.onset <= t < s.stop

    def down(s, t):
        """Is it crashed, of its rounds of crash and start?"""
        return s.bad(t) and (t - s.onset) % s.cycle < s.cycle * 0.6

    def victim(s, need=lambda v: True):
        """One whom others call."""
        c = [w for w in s.names if need(s.svc[w]) and any((w in s.svc[x]['calls'] for x in s.names))] or [w for w in s.names if need(s.svc[w])] or s.names
        return s.r.choice(c)

    def calm(s):
        """Noise that runs always; the choice of the culprit."""
        r, f = (s.r, s.fault)
        s.cycle = r.uniform(60, 150)
        s.skew = r.choice([-1, 1]) * r.uniform(120, 900)
        s.culprit = None
        s.truth = []
        s.victims = set()
        for w in s.names:
            v = s.svc[w]
            for _ in range(r.choice([0, 1, 1, 2])):
                v['noise'].append((r.choice([20, 45, 90, 240]), r.choice(['WARN', 'WARN', 'ERROR']),
                    r.choice(['Deprecated field used by client', 'Retrying after transient error',
                    'Could not parse Accept-Language header', 'Session expired for user', 'Image not found for product',
                    'Validation failed: quantity must be positive', 'Rejected login with wrong password',
                    'Slow rendering of template', 'Cache entry too large, not stored', 'Client closed connection early',
                    'Feature flag provider returned stale value'])))
        f0 = f
        if f in ('missing_index', 'db_disk'):
            s.culprit = r.choice(s.dbs)
            s.truth = [s.culprit]
        elif f in ('disk_full', 'slow', 'crash', 'cert', 'bad_config', 'oom', 'silent', 'clock_skew'):
            s.culprit = s.victim()
            s.truth = [s.culprit]
        elif f == 'bad_instance':
            s.culprit = s.victim()
            s.svc[s.culprit]['ins'] = 3
            s.truth = [s.culprit] + ['%s-%d' % (s.culprit, i) for i in range(3)]
        elif f == 'pool':
            s.culprit = s.victim(lambda v: v['db'])
            s.svc[s.culprit]['db'] = s.svc[s.culprit]['db'] or s.dbs[0]
            s.truth = [s.culprit]
        elif f == 'dns':
            s.culprit = 'coredns'
            s.truth = ['coredns']
        elif f in ('backlog', 'poison'):
            s.culprit = r.choice(sorted(s.workers))
            s.truth = [s.culprit]
        elif f == 'partition':
            a, b = r.sample(s.hosts, 2)
            for i, w in enumerate(s.names):
                if s.svc[w]['host'] not in (a, b):
                    s.svc[w]['host'] = r.choice([a, b])
                s.svc[w]['fmt'].host = s.svc[w]['host']
            s.pair = (a, b)
            s.culprit = 'kernel'
            s.truth = [a, b, 'kernel', 'bond0', 'switch']
        elif f == 'noisy_cron':
            s.job = r.choice(['nightly-backup', 'report-export', 'logrotate-archive', 'image-rescan'])
            s.nhost = s.svc[s.victim()]['host']
            s.culprit = s.job
            s.truth = [s.job, 'cron', 'CRON']
        elif f == 'rate_limit':
            s.culprit = s.victim()
            s.svc[s.culprit]['partner'] = r.choice(PARTNERS)
            s.truth = [s.culprit, s.svc[s.culprit]['partner'], s.svc[s.culprit]['partner'].split('.')[1]]
