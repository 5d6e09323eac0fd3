/* SPDX-License-Identifier: MIT */
/*
 * A small imagined scan for tests of the judging: lines are said, then judged, then looked at.
 */
#ifndef LINEUP_TESTS_JUDGE_STAGE_H
#define LINEUP_TESTS_JUDGE_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/judgement.h"
#include "lineup/suspects.h"
#include "tests/unit/findings_stage.h"

/* A small imagined scan: lines are said, then judged. */
struct stage {
	struct tally tally;
	struct rule_set rules;
	struct findings findings;
	struct rank_settings settings;
	struct judgement judgement;
	uint64_t line;
};

#define START (INT64_C(1700000000) * NS_PER_S)

static struct member member = { .place = { "a.log", 5 } };

static inline void open_stage(struct stage *s)
{
	*s = (struct stage){ .settings = { .incident_from_ns = TIME_NONE,
				     .incident_to_ns = TIME_NONE,
				     .baseline_from_ns = TIME_NONE,
				     .baseline_to_ns = TIME_NONE,
				     .least = SEVERITY_INFO } };
	tally_init(&s->tally, &tally_limits_default);
}

/* A line that this rule knows; UINT32_MAX: none does. */
static inline void say_known_by(struct stage *s, uint32_t rule, const char *service,
	enum level level, int64_t ms, uint64_t request, const char *text)
{
	uint32_t number = tally_service(&s->tally, str_from(service));
	struct line_place place = { .time_ns = ms < 0 ? TIME_NONE : START + ms * NS_PER_MS,
		.member = &member,
		.line = ++s->line,
		.text = str_from(text) };
	tally_line(&s->tally, number, place.time_ns, level, level >= LEVEL_WARNING, false);
	uint64_t id = tally_template(&s->tally, place.text, number, level, rule, &place, NULL);
	struct tally_event event = { .request = request << 20 | UINT64_C(1) << 63,
		.template_id = id,
		.time_ns = place.time_ns,
		.service = number,
		.line = place.line,
		.level = (uint8_t)level };
	if (request != 0)
		tally_event(&s->tally, &event);
}

static inline void say(struct stage *s, const char *service, enum level level, int64_t ms,
	uint64_t request, const char *text)
{
	say_known_by(s, UINT32_MAX, service, level, ms, request, text);
}

/* A line that a service says every so many seconds (0: each second), from one second on. */
struct refrain {
	const char *service;
	enum level level;
	int64_t ms; /* within the second */
	const char *text;
	int64_t from_s;
	int64_t every_s;
};

/* All of them for so many seconds, in the order in which they stand. */
static inline void say_refrains(
	struct stage *s, int64_t seconds, const struct refrain *lines, size_t count)
{
	for (int64_t i = 0; i < seconds; i++) {
		for (size_t k = 0; k < count; k++) {
			const struct refrain *r = &lines[k];
			if (i >= r->from_s && (r->every_s == 0 || i % r->every_s == 0))
				say(s, r->service, r->level, i * 1000 + r->ms, 0, r->text);
		}
	}
}

static inline void judge_stage(struct stage *s, int64_t incident_from_s, int64_t incident_to_s)
{
	struct frame frame;
	build_alone(&s->findings, &s->tally, &s->rules);
	if (incident_from_s >= 0) {
		s->settings.incident_from_ns = START + incident_from_s * NS_PER_S;
		s->settings.incident_to_ns = START + incident_to_s * NS_PER_S;
	}
	frame_find(&s->findings, 0, &frame);
	judge(&s->findings, &s->settings, &frame, &s->judgement);
}

static inline void close_stage(struct stage *s)
{
	judgement_release(&s->judgement);
	findings_release(&s->findings);
	tally_release(&s->tally);
	rule_set_release(&s->rules);
}

static inline const char *service_at(const struct stage *s, size_t rank)
{
	static char name[64];
	struct str text = s->findings.services[s->judgement.services[rank].service].name;
	snprintf(name, sizeof(name), "%.*s", STR_ARG(text));
	return name;
}

/* front calls back and gets its answer, n-th request at this second. */
static inline void tell_request(
	struct stage *s, uint64_t n, int64_t second, int64_t back_ms, bool answers, bool fails)
{
	int64_t at = second * 1000 + 7;
	say(s, "front", LEVEL_INFO, at, n, "order received");
	say(s, "front", LEVEL_INFO, at + 3, n, "calling back");
	say(s, "back", LEVEL_INFO, at + 5, n, "lookup begins");
	if (answers)
		say(s, "back", LEVEL_INFO, at + 5 + back_ms, n, "lookup done");
	if (fails)
		say(s, "back", LEVEL_ERROR, at + 8 + back_ms, n, "cannot read the shelf");
	if (fails)
		say(s, "front", LEVEL_ERROR, at + 15 + back_ms, n, "order failed");
	else
		say(s, "front", LEVEL_INFO, at + 15 + back_ms, n, "order complete");
}

/* Opens a stage of two minutes and judges it, the second minute being the incident. */
static inline void stage_two_minutes(struct stage *s, const struct refrain *lines, size_t count)
{
	open_stage(s);
	say_refrains(s, 120, lines, count);
	judge_stage(s, 60, 120);
}

static inline const struct service_case *case_of(const struct stage *s, const char *service)
{
	for (size_t i = 0; i < s->judgement.service_count; i++) {
		const struct service_case *c = &s->judgement.services[i];
		if (str_equal(s->findings.services[c->service].name, str_from(service)))
			return c;
	}
	fail();
	return NULL;
}

static inline bool has_reason(const struct suspect *s, const char *what)
{
	for (size_t i = 0; i < s->reason_count; i++) {
		if (str_equal(s->reasons[i].what, str_from(what)))
			return true;
	}
	return false;
}

#endif
