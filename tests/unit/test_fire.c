/* SPDX-License-Identifier: MIT */
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

static size_t read_word(const char **p, char *out, size_t size)
{
	size_t len = 0;
	while (**p != '\0' && strchr(" @/#%+", **p) == NULL && len + 1 < size)
		out[len++] = *(*p)++;
	out[len] = '\0';
	return len;
}

static void read_log(struct log *log, const char *p)
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
static void read_rule(struct rule_set *set, const char *condition)
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

static void add_line(
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

static void run_log(const struct rule_set *set, const struct log *log, struct fires *fires)
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
static void show(const struct fires *fires, char *out, size_t size)
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

static void check(const char *condition, const char *text, const char *expected)
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

static void test_a_set_fires_in_any_order_within_its_window(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1 B5", "1-5");
	check("all: [A, B], window: 10s", "B1 A5", "1-5");
	check("all: [A, B], window: 10s", "A1 B11", "1-11");
	check("all: [A, B], window: 10s", "A1 B11.1", "");
	check("all: [A, B, C], window: 10s", "C3 A1 B2", "1-3");
	check("all: [A, B, C], window: 10s", "A1 B2", "");
	check("all: [A, B]", "A1 B100000", "1-100000");
}

static void test_a_set_gives_up_what_is_too_old(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1 A30 B35", "30-35");
	check("all: [A, B, C], window: 10s", "A1 B9 C15 A16", "9-16");
}

static void test_one_line_may_serve_several_terms_of_a_set(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "AB4", "4-4");
	check("all: [A, B], window: 10s", "AB4 AB5", "4-4 5-5");
}

static void test_a_fire_uses_up_the_oldest_line_of_each_term(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1 A2 B3 B4", "1-3 2-4");
	check("all: [A, B], window: 10s", "A1 B2 B3 B4", "1-2");
	check("all: [A, B], window: 10s", "A1 B2 A3 B4", "1-2 3-4");
	check("sequence: [A, B], window: 10s", "A1 A2 B3 B4", "1-3 2-4");
	check("sequence: [A, B], window: 10s", "A1 B2 B3 A4 B5", "1-2 4-5");
}

static void test_a_sequence_wants_its_order(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "A1 B5", "1-5");
	check("sequence: [A, B], window: 10s", "B1 A5", "");
	check("sequence: [A, B, C], window: 10s", "A1 C2 B3 C4", "1-4");
	check("sequence: [A, B, C], window: 10s", "B1 A2 C3", "");
	check("sequence: [A, B, A], window: 10s", "A1 B2 A3", "1-3");
	check("sequence: [A, B, A], window: 10s", "A1 B2", "");
	check("sequence: [A, B], window: 10s", "A1 B12", "");
	check("sequence: [A, B], window: 10s", "A1 A8 B12", "8-12");
}

static void test_equal_times_count_as_in_order(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "A5 B5", "5-5");
	check("sequence: [A, B], window: 10s", "B5 A5", "5-5");
	check("sequence: [A, B, C], window: 0s", "C5 B5 A5", "5-5");
}

static void test_a_line_takes_one_place_of_a_sequence(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "AB5", "");
	check("sequence: [A, B], window: 10s", "AB5 B6", "5-6");
	check("sequence: [A, B], window: 10s", "A4 AB5 B6", "4-5 5-6");
}

static void test_a_count_is_so_many_lines(void **state)
{
	(void)state;
	check("match: A, count: 3, window: 10s", "A1 A2", "");
	check("match: A, count: 3, window: 10s", "A1 A2 A3", "1-3");
	check("match: A, count: 3, window: 10s", "A1 A2 A3 A4 A5 A6 A7", "1-3 4-6");
	check("match: A, count: 3, window: 10s", "A1 A9 A18 A19", "9-19");
	check("match: A, count: 2", "A1 A1", "1-1");
	check("sequence: [{match: A, count: 2}, B], window: 9s", "A1 B2 A3 B4", "1-4");
	check("all: [{match: A, count: 2}, B], window: 9s", "A1 B2 A3 B4", "1-3");
	check("sequence: [A, {match: B, count: 2}], window: 9s", "B1 A2 B3", "");
}

static void test_a_negative_within_the_match_forbids_it(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, not: [N]", "A1 N2 B3", "");
	check("all: [A, B], window: 10s, not: [N]", "N0 A1 B3 N4", "1-3");
	check("all: [A, B], window: 10s, not: [N]", "A1 N1 B3", "");
	check("all: [A, B], window: 10s, not: [N]", "A1 B3 N3", "");
	check("sequence: [A, B], window: 10s, not: [N]", "A1 N2 B3", "");
	check("match: A, not: [N]", "A1 N2 A3", "1-1 3-3");
	check("match: A, not: [N]", "AN1 A3", "3-3");
}

static void test_a_negative_takes_the_anchor_away_and_the_rest_may_fire(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s, not: [N]", "A1 N2 A3 B4", "3-4");
	check("all: [A, B], window: 10s, not: [N]", "A1 N2 A3 B4", "3-4");
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1, window: 1s, "
	      "absolute: true}]",
		"A1 B5 N6 B9", "1-9");
}

static void test_a_window_lengthens_the_span_of_a_negative(void **state)
{
	(void)state;
	check("match: A, not: [{match: N, window: 5s}]", "A1 N6", "");
	check("match: A, not: [{match: N, window: 5s}]", "A1 N6.1", "1-1");
	check("match: A, not: [{match: N, window: 5s}]", "A1", "1-1");
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s}]", "A1 B3 N8", "");
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s}]", "A1 B3 N9", "1-3");
}

static void test_absolute_makes_the_window_the_whole_span(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s, absolute: true}]", "A1 B8 N7",
		"1-8");
	check("all: [A, B], window: 10s, not: [{match: N, window: 5s, absolute: true}]", "A1 B8 N6",
		"");
}

static void test_slide_moves_the_start_of_the_span(void **state)
{
	(void)state;
	check("match: A, not: [{match: N, slide: -5s, window: 5s}]", "N5 A10", "");
	check("match: A, not: [{match: N, slide: -5s, window: 5s}]", "N4 A10", "10-10");
	check("match: A, not: [{match: N, slide: -5s, window: 5s}]", "A10 N11", "10-10");
	check("match: A, not: [{match: N, slide: 5s, window: 2s}]", "A10 N12 N18", "10-10");
	check("match: A, not: [{match: N, slide: 5s, window: 2s}]", "A10 N16", "");
}

static void test_an_anchor_starts_the_span_at_a_later_term(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1}]", "A1 N3 B5", "1-5");
	/* As long as the match, from the second term on. */
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1}]", "A1 B5 N9", "");
	check("sequence: [A, B], window: 20s, not: [{match: N, anchor: 1}]", "A1 B5 N10", "1-5");
	/* In a set the anchor counts in order of time, not as the terms are written. */
	check("all: [A, B], window: 20s, not: [{match: N, anchor: 1, window: 1s, "
	      "absolute: true}]",
		"B1 N2 A5", "1-5");
	check("all: [A, B], window: 20s, not: [{match: N, anchor: 1, window: 1s, "
	      "absolute: true}]",
		"B1 A5 N6", "");
}

static void test_every_negative_counts(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, not: [M, N]", "A1 N2 B3", "");
	check("all: [A, B], window: 10s, not: [M, N]", "A1 M2 B3", "");
	check("all: [A, B], window: 10s, not: [M, N]", "A1 B3", "1-3");
}

static void test_services_do_not_complete_each_other(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1@web B2@db", "");
	check("all: [A, B], window: 10s", "A1@web B2@db B3@web", "1-3");
	check("all: [A, B], window: 10s, not: [N]", "A1@web N2@db B3@web", "1-3");
}

static void test_a_service_is_another_one_in_each_tree(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s", "A1@web+1 B2@web+2 B3@web+1", "1-3");
	check("all: [A, B], window: 10s, by: host", "A1@web%h1+1 B2@db%h1+2", "1-2");
	check("all: [A, B], window: 10s, by: host", "A1@web+1 B2@web+2", "");
}

static void test_a_rule_may_be_kept_by_host_or_request(void **state)
{
	(void)state;
	check("all: [A, B], window: 10s, by: host", "A1@web%h1 B2@db%h1", "1-2");
	check("all: [A, B], window: 10s, by: host", "A1@web%h1 B2@web%h2", "");
	check("all: [A, B], window: 10s, by: request", "A1@web#r1 B2@db#r1", "1-2");
	check("all: [A, B], window: 10s, by: request", "A1@web#r1 B2@web#r2", "");
	/* Without the id, the service stands in. */
	check("all: [A, B], window: 10s, by: request", "A1@web B2@web B3@db", "1-2");
}

static void test_lines_of_one_service_in_two_members_go_together(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "B5/2 A1/1", "1-5");
}

static void test_lines_that_arrive_unsorted_are_sorted(void **state)
{
	(void)state;
	check("sequence: [A, B], window: 10s", "B9 A8 B5 A4", "4-5 8-9");
}

static void test_undated_lines_are_at_one_time_and_in_order_of_lines(void **state)
{
	(void)state;
	check("all: [A, B], window: 1s", "B? A?", "?");
	check("sequence: [A, B], window: 1s", "A? B?", "?");
	check("sequence: [A, B], window: 1s", "B? A?", "");
	check("match: A, count: 2, window: 1s", "A? A? A?", "?");
	check("all: [A, B], window: 1s, not: [N]", "A? B? N?", "");
	check("all: [A, B], window: 1s", "A?/1 B?/2", "");
	check("all: [A, B], window: 1s", "A? B5", "");
}

static void test_a_fire_shows_its_lines(void **state)
{
	(void)state;
	static struct log log;
	struct rule_set set = { 0 };
	struct fires fires;
	read_rule(&set, "sequence: [{match: A, count: 2}, B], window: 10s");
	read_log(&log, "A1 X2 A3 B4");
	run_log(&set, &log, &fires);
	assert_int_equal(fires.count, 1);
	assert_int_equal(fires.items[0].line_count, 2);
	assert_int_equal(fires.items[0].lines[0].line, 1);
	assert_int_equal(fires.items[0].lines[1].line, 4);
	assert_int_equal(fires.items[0].lines[1].offset, 400);
	assert_true(str_equal(fires.items[0].lines[1].text, STR("B")));
	assert_true(str_equal(fires.items[0].lines[1].place, STR("app.log")));
	assert_true(str_equal(fires.items[0].service, STR("app")));
	fires_release(&fires);
	rule_set_release(&set);
}

/* --- the same by brute force --- */

struct naive {
	const struct rule *rule;
	const struct log *log;
	const struct rule_set *set;
	bool used[64][LINES_MAX];     /* by slot */
	bool given_up[64][LINES_MAX]; /* by term of a sequence */
};

static bool hits(const struct naive *n, uint32_t term, size_t line)
{
	return strchr(n->log->lines[line].terms, n->set->terms[term].text.ptr[0]) != NULL;
}

/* The oldest line a term can take, given what the terms before it took; the log is sorted. */
static bool naive_take(const struct naive *n, size_t term, const size_t *taken, size_t *out)
{
	const struct line *lines = n->log->lines;
	bool ordered = n->rule->form == RULE_SEQUENCE;
	uint32_t slot = fire_slot(n->rule, n->rule->terms[term]);
	for (size_t i = 0; i < n->log->count; i++) {
		bool good = hits(n, n->rule->terms[term], i) && !n->used[slot][i] &&
			    !n->given_up[ordered ? term : 0][i];
		for (size_t k = 0; k < term && good; k++) {
			bool same_term = n->rule->terms[k] == n->rule->terms[term];
			good = !(taken[k] == i && (ordered || same_term));
		}
		if (ordered && term > 0)
			good = good && lines[i].time_ns >= lines[taken[term - 1]].time_ns;
		if (good) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* A place of the match: which term, and the line it took; of one line, by slot. */
struct place {
	size_t line;
	size_t term;
	uint32_t slot;
};

static int compare_placed(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

static bool naive_negated(const struct naive *n, const struct place *ordered, size_t *anchor_out)
{
	const struct line *lines = n->log->lines;
	size_t count = n->rule->term_count;
	for (size_t i = 0; i < n->rule->negative_count; i++) {
		const struct rule_negative *negative = &n->rule->negatives[i];
		size_t anchor = negative->anchor - 1;
		int64_t start = lines[ordered[anchor].line].time_ns + negative->slide_ns;
		int64_t length = negative->window_ns;
		if (!negative->absolute)
			length += lines[ordered[count - 1].line].time_ns -
				  lines[ordered[0].line].time_ns;
		if (length < 0)
			length = 0;
		for (size_t k = 0; k < n->log->count; k++) {
			if (hits(n, negative->term, k) && lines[k].time_ns >= start &&
				lines[k].time_ns <= start + length) {
				*anchor_out = anchor;
				return true;
			}
		}
	}
	return false;
}

static void naive_give_up(struct naive *n, struct place place)
{
	if (n->rule->form == RULE_SEQUENCE)
		n->given_up[place.term][place.line] = true;
	else
		n->used[fire_slot(n->rule, n->rule->terms[place.term])][place.line] = true;
}

struct span {
	int64_t first_ns;
	int64_t last_ns;
};

static int compare_spans(const void *left, const void *right)
{
	const struct span *a = left;
	const struct span *b = right;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	return (a->last_ns > b->last_ns) - (a->last_ns < b->last_ns);
}

static size_t naive_run(struct naive *n, struct span *spans)
{
	size_t taken[64];
	struct place ordered[64];
	size_t fire_count = 0;
	size_t term_count = n->rule->term_count;
	for (;;) {
		for (size_t i = 0; i < term_count; i++) {
			if (!naive_take(n, i, taken, &taken[i])) {
				qsort(spans, fire_count, sizeof(*spans), compare_spans);
				return fire_count;
			}
			ordered[i] = (struct place){ taken[i], i,
				fire_slot(n->rule, n->rule->terms[i]) };
		}
		if (n->rule->form == RULE_SET)
			qsort(ordered, term_count, sizeof(*ordered), compare_placed);
		int64_t first = n->log->lines[ordered[0].line].time_ns;
		int64_t last = n->log->lines[ordered[term_count - 1].line].time_ns;
		size_t anchor = 0;
		if ((n->rule->window_ns > 0 && last - first > n->rule->window_ns) ||
			naive_negated(n, ordered, &anchor)) {
			naive_give_up(n, ordered[anchor]);
			continue;
		}
		spans[fire_count++] = (struct span){ first, last };
		for (size_t i = 0; i < term_count; i++)
			n->used[fire_slot(n->rule, n->rule->terms[i])][taken[i]] = true;
	}
}

static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % limit;
}

static void random_condition(char *out, size_t size)
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
static void random_log(struct log *log, size_t count)
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

static void test_it_fires_as_brute_force_says(void **state)
{
	(void)state;
	static struct log log;
	static struct naive naive;
	static struct span spans[LINES_MAX];
	static struct span got[LINES_MAX];
	size_t fires_seen = 0;
	for (uint32_t round = 0; round < 5000; round++) {
		char condition[1024];
		struct rule_set set = { 0 };
		struct fires fires;
		random_state = round * 77777u + 1;
		random_condition(condition, sizeof(condition));
		read_rule(&set, condition);
		random_log(&log, 1 + random_below(40));
		memset(&naive, 0, sizeof(naive));
		naive.rule = &set.rules[0];
		naive.log = &log;
		naive.set = &set;
		size_t expected = naive_run(&naive, spans);
		run_log(&set, &log, &fires);
		bool same = fires.count == expected;
		for (size_t i = 0; i < expected && same; i++)
			got[i] = (struct span){ fires.items[i].first_ns, fires.items[i].last_ns };
		if (same && expected > 0) {
			qsort(got, expected, sizeof(*got), compare_spans);
			same = memcmp(got, spans, expected * sizeof(*got)) == 0;
		}
		if (!same)
			fail_msg("round %u {%s}: %zu fires, %zu by brute force", round, condition,
				fires.count, expected);
		fires_seen += expected;
		fires_release(&fires);
		rule_set_release(&set);
	}
	assert_true(fires_seen > 5000);
}

/* --- many collectors --- */

static void run_shared(const struct rule_set *set, const struct log *log, size_t workers,
	size_t budget, struct fires *fires)
{
	struct fire_plan plan;
	struct fire_events parts[8] = { 0 };
	size_t *order = mem_alloc(log->count * sizeof(*order));
	fire_plan_create(&plan, set);
	for (size_t i = 0; i < log->count; i++)
		order[i] = i;
	for (size_t i = log->count; i > 1 && workers > 1; i--) {
		size_t k = random_below((uint32_t)i);
		size_t swap = order[i - 1];
		order[i - 1] = order[k];
		order[k] = swap;
	}
	for (size_t w = 0; w < workers; w++)
		parts[w].budget = budget;
	for (size_t i = 0; i < log->count; i++)
		add_line(&parts[random_below((uint32_t)workers)], &plan, &log->lines[order[i]]);
	for (size_t w = 1; w < workers; w++) {
		fire_events_merge(&parts[0], &parts[w]);
		fire_events_release(&parts[w]);
	}
	fire_run(fires, set, &parts[0]);
	fire_events_release(&parts[0]);
	fire_plan_release(&plan);
	free(order);
}

static void assert_same_fires(const struct fires *a, const struct fires *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->events_dropped, b->events_dropped);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->items[i].first_ns, b->items[i].first_ns);
		assert_int_equal(a->items[i].last_ns, b->items[i].last_ns);
		assert_int_equal(a->items[i].line, b->items[i].line);
		assert_true(str_equal(a->items[i].service, b->items[i].service));
		assert_int_equal(a->items[i].line_count, b->items[i].line_count);
		for (size_t k = 0; k < a->items[i].line_count; k++) {
			assert_int_equal(a->items[i].lines[k].line, b->items[i].lines[k].line);
			assert_true(
				str_equal(a->items[i].lines[k].text, b->items[i].lines[k].text));
		}
	}
}

static void spread_log(struct log *log)
{
	static const char *const services[] = { "web", "db", "cache" };
	random_log(log, LINES_MAX);
	for (size_t i = 0; i < log->count; i++) {
		struct line *line = &log->lines[i];
		snprintf(line->service, sizeof(line->service), "%s", services[random_below(3)]);
		snprintf(line->request, sizeof(line->request), "r%u", random_below(500));
		line->sequence = random_below(4);
		if (random_below(10) == 0)
			line->time_ns = TIME_NONE;
	}
}

static void test_arrival_and_workers_do_not_show(void **state)
{
	(void)state;
	static struct log log;
	static const char *const conditions[] = {
		"all: [A, B, C], window: 3s, not: [N]",
		"sequence: [A, {match: B, count: 2}], window: 4s",
		"all: [A, B], window: 3s, by: request",
	};
	static const size_t budgets[] = { 0, 2000, 600, 100, 20 };
	for (size_t i = 0; i < countof(conditions); i++) {
		struct rule_set set = { 0 };
		read_rule(&set, conditions[i]);
		random_state = (uint32_t)i;
		spread_log(&log);
		for (size_t k = 0; k < countof(budgets); k++) {
			struct fires one;
			struct fires many;
			run_shared(&set, &log, 1, budgets[k], &one);
			run_shared(&set, &log, 2 + k, budgets[k], &many);
			assert_same_fires(&one, &many);
			assert_true(k > 0 || (one.count > 20 && one.events_dropped == 0));
			assert_true(k == 0 || one.events_dropped > 0);
			fires_release(&one);
			fires_release(&many);
		}
		rule_set_release(&set);
	}
}

static void test_a_flood_still_fires_all_along_the_log(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct fires fires;
	struct fire_plan plan;
	struct fire_events events = { .budget = 500 };
	read_rule(&set, "all: [A, B], window: 5s");
	fire_plan_create(&plan, &set);
	struct line line = { .terms = "AB", .service = "app" };
	for (uint32_t i = 0; i < 100000; i++) {
		line.number = i + 1;
		line.time_ns = (int64_t)i * NS_PER_S / 10;
		add_line(&events, &plan, &line);
	}
	assert_true(events.piles[0].capacity < 4000);
	fire_run(&fires, &set, &events);
	assert_int_equal(fires.rules_limited, 1);
	assert_true(fires.events_dropped > 190000);
	assert_true(fires.count > 50);
	assert_true(fires.items[fires.count - 1].first_ns > 8000 * NS_PER_S);
	fires_release(&fires);
	fire_events_release(&events);
	fire_plan_release(&plan);
	rule_set_release(&set);
}

static void test_simple_rules_take_no_events(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct fire_plan plan;
	read_rule(&set, "match: A");
	fire_plan_create(&plan, &set);
	assert_false(fire_plan_wants(&plan, 0));
	fire_plan_release(&plan);
	rule_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_set_fires_in_any_order_within_its_window),
		cmocka_unit_test(test_a_set_gives_up_what_is_too_old),
		cmocka_unit_test(test_one_line_may_serve_several_terms_of_a_set),
		cmocka_unit_test(test_a_fire_uses_up_the_oldest_line_of_each_term),
		cmocka_unit_test(test_a_sequence_wants_its_order),
		cmocka_unit_test(test_equal_times_count_as_in_order),
		cmocka_unit_test(test_a_line_takes_one_place_of_a_sequence),
		cmocka_unit_test(test_a_count_is_so_many_lines),
		cmocka_unit_test(test_a_negative_within_the_match_forbids_it),
		cmocka_unit_test(test_a_negative_takes_the_anchor_away_and_the_rest_may_fire),
		cmocka_unit_test(test_a_window_lengthens_the_span_of_a_negative),
		cmocka_unit_test(test_absolute_makes_the_window_the_whole_span),
		cmocka_unit_test(test_slide_moves_the_start_of_the_span),
		cmocka_unit_test(test_an_anchor_starts_the_span_at_a_later_term),
		cmocka_unit_test(test_every_negative_counts),
		cmocka_unit_test(test_services_do_not_complete_each_other),
		cmocka_unit_test(test_a_service_is_another_one_in_each_tree),
		cmocka_unit_test(test_a_rule_may_be_kept_by_host_or_request),
		cmocka_unit_test(test_lines_of_one_service_in_two_members_go_together),
		cmocka_unit_test(test_lines_that_arrive_unsorted_are_sorted),
		cmocka_unit_test(test_undated_lines_are_at_one_time_and_in_order_of_lines),
		cmocka_unit_test(test_a_fire_shows_its_lines),
		cmocka_unit_test(test_it_fires_as_brute_force_says),
		cmocka_unit_test(test_arrival_and_workers_do_not_show),
		cmocka_unit_test(test_a_flood_still_fires_all_along_the_log),
		cmocka_unit_test(test_simple_rules_take_no_events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
