# SPDX-License-Identifier: MIT
"""What imagined incidents share: names, ids, and the count of how often the culprit is first."""
import json
import os
import subprocess
import sys
import tempfile

NAMES = """cart checkout payment inventory catalog search pricing shipping profile auth session review
 wishlist promo ledger invoice fraud notify media stock order basket rating gift loyalty tax address""".split()


def rid(rng):
    return "%016x" % rng.getrandbits(64)


def scan(lineup, folder, *options):
    logs = os.path.join(folder, "logs")
    command = [lineup, "scan", "--format", "json", "--no-progress", "--year", "2026"]
    command += [o.replace("{dir}", folder) for o in options] + [logs if os.path.isdir(logs) else folder]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)


def rank_of(report, truth):
    names = [s["name"].split("/")[-1] for s in report["services"]]
    return next((k + 1 for k, n in enumerate(names) if n in truth), 999), names


def run(make, least):
    """make(folder, seed, index, healthy) writes logs (to folder/logs, or to folder) and returns the kind
    of fault, its culprits, the incident's span, and options of the scan if there are any. Each is scanned
    with its span told and untold, and once more in health. Prints the shares @1/@3/@5 and how many
    healthy ones have a suspect; exit status 1 below `least` percent @1, or above one suspect in twenty."""
    lineup, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ranks, suspected = {"told": [], "untold": []}, 0
    for i in range(count):
        with tempfile.TemporaryDirectory() as folder:
            kind, truth, span, *options = make(folder, seed, i, False)
            options = options[0] if options else []
            for how in ranks:
                report = scan(lineup, folder, *options, *(["--incident", span] if how == "told" else []))
                rank, names = rank_of(report, truth)
                ranks[how].append(rank)
                if rank > 1:
                    print("%3d %s, %s: %s is at %d; first: %s" % (i, kind, how, truth[0], rank, names[:3]))
        with tempfile.TemporaryDirectory() as folder:
            _, _, _, *options = make(folder, seed, i, True)
            suspected += len(scan(lineup, folder, *(options[0] if options else []))["suspects"]) > 0
    good = suspected <= 1 + count // 20
    for how, of in ranks.items():
        shares = [100 * sum(r <= k for r in of) / len(of) for k in (1, 3, 5)]
        print("%s: @1/@3/@5 %.1f / %.1f / %.1f" % (how, *shares))
        good &= shares[0] >= least[how]
    print("healthy: %d of %d with a suspect" % (suspected, count))
    sys.exit(not good)
