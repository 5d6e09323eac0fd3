#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is health told as health? rhythms.py LINEUP SEED COUNT
Some days of systems without any incident, which live by the clock: traffic by day and little at night,
nightly backups that make the database slow and warn, hourly jobs, weekly reports, deployments with
restarts, files rotated by the day. Prints how many have a suspect; exit status 1 above one in twenty."""
import datetime as dt
import gzip
import math
import os
import random
import sys
import tempfile

from imagined import NAMES, scan

EPOCH = 1772323200.0  # a Sunday, 2026-03-01


def lines_of(rng, days):
    """Yields (time, service, level, text) in no order."""
    apps, length = rng.sample(NAMES, 5), days * 86400
    backup, report, peak = rng.uniform(0, 5), rng.uniform(6, 10), rng.uniform(11, 18)
    weekday, restarts = rng.randrange(7), [rng.uniform(0, length) for _ in range(rng.randrange(4))]
    usual = {a: rng.choice(["took long: %d ms", "retrying after %d ms", "cache miss ratio %d"]) for a in apps}
    rare = {a: rng.choice(["client went away", "bad coupon", "cannot parse user agent"]) for a in apps}
    t = 0.0
    while t < length:
        t += rng.expovariate((1.2 + math.cos((t / 3600 - peak) * math.pi / 12)) / rng.choice([60, 90]))
        a = rng.choice(apps)
        yield t, a, "INFO", "request done in %d ms" % rng.lognormvariate(3, 0.4)
        if rng.random() < 0.02:
            yield t, a, "WARN", usual[a] % rng.randrange(300, 900)
        if rng.random() < 0.002:
            yield t, a, "ERROR", rare[a]
    for day in range(days):
        night = day * 86400 + backup * 3600
        yield night, "backup", "INFO", "dump started"
        for _ in range(rng.randrange(5, 20)):
            yield night + rng.uniform(5, 900), "db", "WARN", "checkpoints occur too often, %d s apart" % rng.randrange(9, 29)
        yield night + 900, "backup", "INFO", "dump of %d MB finished" % rng.randrange(900, 999)
        if day % 7 == weekday:
            yield day * 86400 + report * 3600, "report", "INFO", "weekly report started"
            yield day * 86400 + report * 3600 + 60, "db", "WARN", "statement took %d ms" % rng.randrange(4000, 9000)
        for hour in range(24):
            yield day * 86400 + hour * 3600, "cron", "INFO", "(root) CMD (/usr/sbin/logrotate)"
            yield day * 86400 + hour * 3600 + 1, "db", "INFO", "checkpoint complete"
    for r in restarts:
        a = rng.choice(apps)
        yield r, "deployer", "INFO", "deploying %s version 1.%d" % (a, rng.randrange(99))
        yield r + 5, a, "WARN", "shutting down, %d requests in flight" % rng.randrange(9)
        yield r + 9, a, "INFO", "listening on port 8080"


def write(folder, rng):
    files, start = {}, EPOCH + rng.randrange(0, 28) * 86400
    for t, service, level, text in sorted(lines_of(rng, rng.choice([2, 5, 9, 15]))):
        at = dt.datetime.fromtimestamp(start + t, dt.timezone.utc)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000)
        name = "%s.log-%s.gz" % (service, at.strftime("%Y%m%d"))
        files.setdefault(name, []).append("%s %-5s %s: %s\n" % (stamp, level, service, text))
    for name, lines in files.items():
        with gzip.open(os.path.join(folder, name), "wt", compresslevel=1) as f:
            f.writelines(lines)


def main():
    lineup, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    suspected = 0
    for i in range(count):
        with tempfile.TemporaryDirectory() as folder:
            write(folder, random.Random("%d %d" % (seed, i)))
            report = scan(lineup, folder)
            suspected += len(report["suspects"]) > 0
            if report["suspects"]:
                print("%3d %s" % (i, report["suspects"][0]["title"]), report["time"]["incident"]["how"])
    print("healthy days: %d of %d with a suspect" % (suspected, count))
    sys.exit(suspected > 1 + count // 20)


if __name__ == "__main__":
    main()
