/* SPDX-License-Identifier: MIT */
/*
 * The parts of the JSON report, each the members of one object without its braces, so that json
 * (one object) and jsonl (one object a line) say the same. One thread.
 */
#ifndef LINEUP_REPORT_PARTS_H
#define LINEUP_REPORT_PARTS_H

#include "lineup/json_write.h"
#include "lineup/verdict.h"

#define REPORT_SCHEMA "lineup-report/1"

void part_tool(struct emitter *);
void part_trouble(struct emitter *, const struct trouble *);

/* Without the troubles, which are an array in one form and lines of their own in the other. */
void part_inputs(struct emitter *, const struct findings *);
void part_time(struct emitter *, const struct findings *, const struct verdict *);
void part_rules(struct emitter *, const struct findings *);
void part_detection(struct emitter *, const struct findings *, const struct detection *);
/* `shown` suspects are in the report: what points past them is left out. */
void part_suspect(struct emitter *, const struct verdict *, const struct suspect *, size_t shown);
void part_event(struct emitter *, const struct timeline_event *);
void part_service(struct emitter *, const struct ranked_service *, size_t shown);
void part_template(struct emitter *, const struct unexplained_template *);

#endif
