/* SPDX-License-Identifier: MIT */
/* For tests of fire.c: rules whose terms are letters, on logs that are written as short words. */
#ifndef LINEUP_TESTS_FIRE_STAGE_H
#define LINEUP_TESTS_FIRE_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "lineup/fire.h"
#include "lineup/mem.h"
#include "lineup/rules_load.h"

/*
 * A log is written as text: `A1 B5 C5` is a line that hits term A at second 1, and so on in this
 * order of lines; `AB3` is one line that hits both; `A?` has no time; `A1@web` is of service web,
 * `A1/2` of the member 2, `A1+3` of the tree 3, `A1#r7` of request r7, `A1%h` of host h.
 */
#define LINES_MAX 4096

struct line {
	char terms[32];
	char service[16];
	char request[16];
	char host[16];
	int64_t time_ns;
	uint32_t tree;
	uint32_t sequence;
	uint64_t number;
};

struct log {
	struct line lines[LINES_MAX];
	size_t count;
};

static inline size_t read_word(const char **p, char *out, size_t size)
{
	size_t len = 0;
	while (**p != '\0' && strchr(" @/#%+", **p) == NULL && len + 1 < size)
		out[len++] = *(*p)++;
	out[len] = '\0';
	return len;
}

static inline void read_log(struct log *log, const char *p)
{
	log->count = 0;
	while (*p != '\0') {
		struct line *line = &log->lines[log->count];
		*line = (struct line){ .service = "app", .number = log->count + 1 };
		size_t n = 0;
		while (*p >= 'A' && *p <= 'Z')
			line->terms[n++] = *p++;
		char *end;
		if (*p == '?') {
			line->time_ns = TIME_NONE;
			p++;
		} else {
			line->time_ns = (int64_t)(strtod(p, &end) * 1e9);
			p = end;
		}
		while (*p != '\0' && *p != ' ') {
			char mark = *p++;
			char word[16];
			read_word(&p, word, sizeof(word));
			if (mark == '/')
				line->sequence = (uint32_t)strtoul(word, NULL, 10);
			else if (mark == '+')
				line->tree = (uint32_t)strtoul(word, NULL, 10);
			else
				memcpy(mark == '@'    ? line->service
					: mark == '#' ? line->request
						      : line->host,
					word, sizeof(word));
		}
		while (*p == ' ')
			p++;
		log->count++;
	}
}

/* The rule as a CRE or pack condition whose terms are the single letters. */
static inline void read_rule(struct rule_set *set, const char *condition)
{
	char text[2048];
	snprintf(text, sizeof(text), "pack: t\nrules:\n- {id: t/r, title: t, severity: low, %s}\n",
		condition);
	rules_load_text(set, STR("test"), str_from(text), NULL);
	rule_set_finish(set);
	for (size_t i = 0; i < set->complaint_count; i++) {
		if (set->complaints[i].rejected)
			fail_msg("%s: %.*s", condition, STR_ARG(set->complaints[i].reason));
	}
}

static inline void add_line(
	struct fire_events *events, const struct fire_plan *plan, const struct line *line)
{
	struct fire_origin origin = {
		.time_ns = line->time_ns,
		.tree = line->tree,
		.sequence = line->sequence,
		.line = line->number,
		.offset = line->number * 100,
		.place = STR("app.log"),
		.service = str_from(line->service),
		.host = str_from(line->host),
		.request = str_from(line->request),
		.text = str_from(line->terms),
	};
	for (uint32_t t = 0; t < plan->rules->term_count; t++) {
		if (strchr(line->terms, plan->rules->terms[t].text.ptr[0]) != NULL)
			fire_events_add(events, plan, t, &origin);
	}
}

static inline void run_log(const struct rule_set *set, const struct log *log, struct fires *fires)
{
	struct fire_plan plan;
	struct fire_events events = { 0 };
	fire_plan_create(&plan, set);
	for (size_t i = 0; i < log->count; i++)
		add_line(&events, &plan, &log->lines[i]);
	fire_run(fires, set, &events);
	fire_events_release(&events);
	fire_plan_release(&plan);
}

/* Fires as `first-last` seconds each, in order; `?` for undated. */
static inline void show(const struct fires *fires, char *out, size_t size)
{
	size_t at = 0;
	out[0] = '\0';
	for (size_t i = 0; i < fires->count && at + 64 < size; i++) {
		const struct fire *f = &fires->items[i];
		if (f->first_ns == TIME_NONE)
			at += (size_t)snprintf(out + at, size - at, "%s?", i > 0 ? " " : "");
		else
			at += (size_t)snprintf(out + at, size - at, "%s%g-%g", i > 0 ? " " : "",
				(double)f->first_ns / 1e9, (double)f->last_ns / 1e9);
	}
}

static inline void check(const char *condition, const char *text, const char *expected)
{
	static struct log log;
	struct rule_set set = { 0 };
	struct fires fires;
	char got[1024];
	read_rule(&set, condition);
	read_log(&log, text);
	run_log(&set, &log, &fires);
	show(&fires, got, sizeof(got));
	if (strcmp(got, expected) != 0)
		fail_msg("{%s} on '%s' fired '%s', not '%s'", condition, text, got, expected);
	fires_release(&fires);
	rule_set_release(&set);
}

/* --- random ones --- */

static uint32_t random_state;

static inline uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % limit;
}

static inline void random_condition(char *out, size_t size)
{
	static const char *const options[] = { "", "window: 2s", "window: 2s, absolute: true",
		"slide: -2s", "slide: 1s, window: 1s", "anchor: 1", "window: -1s" };
	bool ordered = random_below(2) == 0;
	size_t at = (size_t)snprintf(out, size, "%s: [", ordered ? "sequence" : "all");
	uint32_t terms = 2 + random_below(2);
	for (uint32_t i = 0; i < terms; i++) {
		at += (size_t)snprintf(out + at, size - at, "%s{match: %c, count: %u}",
			i > 0 ? ", " : "", 'A' + (char)random_below(3), 1 + random_below(2));
	}
	at += (size_t)snprintf(out + at, size - at, "], window: %us", 1 + random_below(6));
	for (uint32_t i = random_below(3); i > 0; i--) {
		const char *option = options[random_below((uint32_t)countof(options))];
		at += (size_t)snprintf(out + at, size - at, "%s{match: %c%s%s}%s",
			strstr(out, "not:") == NULL ? ", not: [" : ", ", 'M' + (char)i,
			option[0] != '\0' ? ", " : "", option, i == 1 ? "]" : "");
	}
}

/* Sorted by time, so that the naive way can take lines in order. */
static inline void random_log(struct log *log, size_t count)
{
	int64_t now = 0;
	log->count = count;
	for (size_t i = 0; i < count; i++) {
		struct line *line = &log->lines[i];
		*line = (struct line){ .service = "app", .number = i + 1 };
		size_t n = 0;
		for (const char *c = "ABCMNO"; *c != '\0'; c++) {
			if (random_below(*c >= 'M' ? 12 : 3) == 0)
				line->terms[n++] = *c;
		}
		now += (int64_t)random_below(3) * NS_PER_S / 2;
		line->time_ns = now;
	}
}

#endif
