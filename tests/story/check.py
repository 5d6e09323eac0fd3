#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does a report tell an imagined shop's story? check.py TRUTH.json REPORT.json
Prints each point that it does not tell right; exit status 1 if there is one."""
import datetime
import json
import sys

truth, report = (json.load(open(path)) for path in sys.argv[1:3])
suspects = report["suspects"]
services = [s["name"] for s in report["services"] if s["score"] > 0]
failed = []
GRAVEST_FIRST = ["critical", "high", "medium", "low", "info"]


def point(good, text):
    if not good:
        failed.append(text)
    return good


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def of_service(name):
    return [s for s in suspects if s["service"] == name]


def text_of(suspect):
    lines = [e["text"] for e in suspect["evidence"]]
    return " ".join([suspect["id"], suspect["title"], *lines]).lower()


def stands_under(suspect, top):
    """Is the suspect folded under `top`, over as many steps as it takes?"""
    by_rank = {s["rank"]: s for s in suspects}
    for _ in suspects:
        if suspect is None or suspect["rank"] == top["rank"]:
            break
        suspect = by_rank.get(suspect["caused_by"])
    return suspect is not None and suspect["rank"] == top["rank"]


def check_links():
    by_rank = {s["rank"]: s for s in suspects}
    for s in suspects:
        ranks = [link["rank"] for link in s["led_to"]]
        point(len(set(ranks)) == len(ranks), "%d leads to each once: %s" % (s["rank"], ranks))
        for link in s["led_to"]:
            name = "link %d -> %d" % (s["rank"], link["rank"])
            point(link["rank"] in by_rank, name + " leads to a suspect that is shown")
            by_requests = link["of"] > 0 and 0 < link["requests"] <= link["of"]
            by_episodes = link["episodes_of"] > 0 and 0 < link["episodes"] <= link["episodes_of"]
            point(by_requests or by_episodes, name + " has its numbers")
            point(link["lag_seconds"] is not None and link["lag_seconds"] >= 0, name + " goes forward")
        if s["caused_by"] is not None:
            cause = by_rank[s["caused_by"]]
            point(any(x["rank"] == s["rank"] for x in cause["led_to"]), "%d has a link to its cause" % s["rank"])
            point(cause["rank"] < s["rank"], "%d stands behind its cause" % s["rank"])
            point(GRAVEST_FIRST.index(cause["severity"]) <= GRAVEST_FIRST.index(s["severity"]),
                  "%d is no graver than its cause" % s["rank"])


def check_consequences(top):
    for name, words in ((truth["middle"], ("time", "pool", "failed", "did not answer", "deadline", "rolled")),
                        (truth["front"], ("500", "failed", "aborted", "complete"))):
        found = [s for s in of_service(name) if any(w in text_of(s) for w in words) and s is not top]
        if point(found, "%s is a suspect for what it suffers" % name):
            point(any(stands_under(s, top) for s in found), "%s stands under the cause" % name)


def check_lock():
    hours = "daily %02d:00-%02d:00" % (truth["hour_from"], truth["hour_from"] + truth["hours"])
    if not point(suspects, "there are suspects"):
        return
    top = suspects[0]
    point(top["service"] == truth["job"], "the job comes first, not %s" % top["service"])
    point(services[:1] == [truth["job"]], "the job is the first service, not %s" % services[:1])
    held = [s for s in suspects if "lock" in text_of(s) or truth["table"] in text_of(s) or "aborted conn" in text_of(s)]
    point(any(s is top or stands_under(s, top) for s in held), "the lock stands with the job")
    check_consequences(top)
    point(top["recurrence"] is not None and top["recurrence"]["text"].startswith("daily %02d:" % truth["hour_from"]),
          "the job comes %s, not %s" % (hours, top["recurrence"] and top["recurrence"]["text"]))
    point(hours in str(report["time"]["incident"]["how"]),
          "the incident is %s: %s" % (hours, report["time"]["incident"]["how"]))
    index = [s for s in suspects if "customer_id" in text_of(s)]
    if point(index, "the missing index is in the report"):
        point(not any(stands_under(s, top) for s in index), "the missing index is no consequence")
        point(all(s["rank"] > h["rank"] for s in index for h in held if stands_under(h, top)),
              "the missing index stands below")
        point(all(r["what"] == "all_day" for s in index for r in s["reasons"] if r["points"] < 0) and
              all(any(r["what"] == "all_day" for r in s["reasons"]) for s in index),
              "the missing index is said to be there all day")
    bystanders = [s["service"] for s in suspects[:3] if s["service"] in ("backup", "logrotate", "cron", truth["edge"])]
    point(not bystanders, "bystanders stand high: %s" % bystanders)


def check_index():
    landed = instant(truth["first_day"]) + datetime.timedelta(days=2, hours=10)
    if not point(suspects, "there are suspects"):
        return
    top = suspects[0]
    culprits = (truth["middle"], truth["database"])
    point(top["service"] in culprits, "the middle or its database comes first, not %s" % top["service"])
    point(services[0] in culprits, "the middle or its database is the first service, not %s" % services[0])
    begins = instant(report["time"]["incident"]["from"])
    point(datetime.timedelta(minutes=-15) <= begins - landed <= datetime.timedelta(hours=6),
          "it starts at %s, not %s" % (landed, begins))
    point(top["recurrence"] is None, "it does not come %s" % (top["recurrence"] and top["recurrence"]["text"]))
    found = [s for s in of_service(truth["front"]) if "500" in text_of(s)]
    if point(found, "the front is a suspect for what it suffers"):
        point(any(stands_under(s, top) or s["caused_by"] is not None for s in found), "the front stands under a cause")
    changes = [c["change"] for s in suspects[:3] for c in s["changes"]]
    point(any("2.14.1" in c or "0042" in c for c in changes), "the migration is named as a change: %s" % changes)


def check_none():
    point(not suspects, "nothing stands out, not even %s" % [(s["service"], s["title"]) for s in suspects[:2]])
    point(report["time"]["incident"]["from"] is None, "there is no incident")


check_links()
{"lock": check_lock, "index": check_index, "none": check_none}[truth["cause"]]()
for text in failed:
    print("    not so: " + text)
sys.exit(bool(failed))
