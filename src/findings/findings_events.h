/* SPDX-License-Identifier: MIT */
/*
 * The events of all tallies to those of findings: put in order, and led to the subjects of
 * findings. For findings.c, which puts them in order before it builds the rest. They stay where
 * the tallies have them until they are copied to their place.
 */
#ifndef LINEUP_JUDGE_FINDINGS_EVENTS_H
#define LINEUP_JUDGE_FINDINGS_EVENTS_H

#include "lineup/findings.h"

/* Events of one tally. */
struct event_source {
	const struct tally_event *items;
	size_t count;
	uint32_t *services; /* of each of the tally's services: the findings' */
};

struct ordered_event {
	uint64_t request;
	int64_t time_ns;
	const struct tally_event *event;
	uint32_t service; /* of the findings */
};

struct ordered_request {
	int64_t time_ns; /* of its first event */
	uint64_t request;
	size_t first; /* in events */
	size_t count;
	size_t place; /* of its first event in the findings */
};

struct event_order {
	struct ordered_event *events; /* request by request, each in order */
	size_t event_count;
	struct ordered_request *requests; /* as they begin */
	size_t request_count;
};

/* On so many threads. The sources and the tallies must outlive the order. */
void findings_order_events(
	struct event_order *, const struct event_source *, size_t source_count, unsigned threads);
void findings_release_order(struct event_order *);

/* When services and subjects stand. On so many threads. */
void findings_build_events(struct findings *, const struct event_order *, unsigned threads);

#endif
