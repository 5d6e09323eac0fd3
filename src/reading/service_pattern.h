/* SPDX-License-Identifier: MIT */
/*
 * The regular expressions of --service: their first group, in a path or a line, names the service.
 * The one place that knows which regex library does it. Const after compiling; any thread.
 */
#ifndef LINEUP_SERVICE_PATTERN_H
#define LINEUP_SERVICE_PATTERN_H

#include "lineup/error.h"

struct service_pattern;

/* Fails when the text is no regular expression or has no group. */
MUST_USE int service_pattern_create(struct service_pattern **, struct str text, struct error *);
void service_pattern_destroy(struct service_pattern *);

/* The text of the first group, a view into `text`; false when it does not match or is empty. */
bool service_pattern_match(const struct service_pattern *, struct str text, struct str *group);

#endif
