/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "src/judge/bayes.h"
#include "src/judge/suspect_parts.h"

/*
 * What an engineer finds at once and what leads astray: a failure that began some days ago and has
 * been there ever since, at all hours. It is no explanation of hours that come again each day. It is
 * said for that reason, at the end of the row: with as good as nothing of what its severity is worth,
 * the rest being taken off for coming as often outside the hours as in them.
 *
 * "As often" is what the Bayes factor of one rate against two says, from its first line on; what comes
 * less often in the hours explains them less still. What has
 * been there from the start of the logs is part of the scenery and is not named.
 */
#define LEAST_LINES    8
#define FIRST_SHARE    20 /* of the span: what comes earlier was there from the start */
#define LEFT_OF_POINTS 0.002

struct rates {
	double inside, seconds_inside;
	double outside, seconds_outside;
};

static struct rates rates_of(const struct wording *w, const struct subject *s)
{
	const struct incident *in = &w->judgement->incident;
	int64_t from_ns = s->series.first_ns, cell_ns = w->findings->cell_ns;
	struct rates r = { 0 };
	for (size_t i = 0; i < in->span_count; i++) {
		int64_t start_ns = i64_max(in->spans[i].from_ns, from_ns);
		if (start_ns >= in->spans[i].to_ns)
			continue;
		r.seconds_inside += (double)(in->spans[i].to_ns - start_ns) / 1e9;
		r.inside += (double)series_count(&s->series, cell_ns, start_ns, in->spans[i].to_ns);
	}
	r.seconds_outside = (double)(w->frame->to_ns - from_ns) / 1e9 - r.seconds_inside;
	r.outside = (double)series_count(&s->series, cell_ns, from_ns, w->frame->to_ns) - r.inside;
	return r;
}

static bool is_trouble(const struct findings *f, const struct subject *s)
{
	if (names_document(f->services[s->service].name))
		return false;
	if (s->kind == SUBJECT_RULE)
		return f->rules->rules[s->rule].severity < SEVERITY_INFO;
	return s->rule == UINT32_MAX && s->level >= LEVEL_WARNING;
}

static bool is_all_day(const struct wording *w, const struct subject *s)
{
	int64_t span_ns = w->frame->to_ns - w->frame->from_ns;
	if (!is_trouble(w->findings, s) || s->series.total < LEAST_LINES ||
		s->series.first_ns < w->frame->from_ns + span_ns / FIRST_SHARE ||
		s->series.first_ns >= w->frame->to_ns)
		return false;
	struct rates r = rates_of(w, s);
	if (r.seconds_outside <= r.seconds_inside)
		return false;
	return r.inside * r.seconds_outside <= r.outside * r.seconds_inside ||
	       bayes_rates(r.outside, r.seconds_outside, r.inside, r.seconds_inside) < 0;
}

struct found {
	uint32_t subject;
	bool known; /* a rule knows it */
	uint64_t count;
};

static int most_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->known != y->known)
		return x->known ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

size_t suspects_all_day(const struct wording *w, uint32_t subjects[ALL_DAY_MAX])
{
	const struct findings *f = w->findings;
	if (!w->judgement->incident.recurring)
		return 0;
	struct found *all = mem_zalloc(f->subject_count + 1, sizeof(*all));
	size_t count = 0;
	for (uint32_t i = 0; i < f->subject_count; i++) {
		if (is_all_day(w, &f->subjects[i]))
			all[count++] = (struct found){ i, f->subjects[i].kind == SUBJECT_RULE,
				f->subjects[i].series.total };
	}
	qsort(all, count, sizeof(*all), most_first);
	count = size_min(count, ALL_DAY_MAX);
	for (size_t i = 0; i < count; i++)
		subjects[i] = all[i].subject;
	free(all);
	return count;
}

void suspect_word_all_day(const struct wording *w, struct suspect *s)
{
	struct rates r = rates_of(w, s->subject);
	struct arena *a = &w->verdict->arena;
	struct str since = moment_text(w->verdict, s->first_ns);
	double points = s->score;
	s->onset_ns = s->first_ns;
	if (points <= 0) {
		points = 0.5;
		suspect_add_reason(s, "new", points,
			arena_printf(a, "first at %.*s, never before", STR_ARG(since)));
	}
	suspect_add_reason(s, "all_day", points * (LEFT_OF_POINTS - 1),
		arena_printf(a,
			"%.1f an hour in the incident's hours, %.1f an hour outside them: it "
			"explains "
			"no hours",
			r.inside * 3600 / fmax(r.seconds_inside, 1),
			r.outside * 3600 / fmax(r.seconds_outside, 1)));
	s->sentence = arena_printf(a,
		"%.*s reports \"%.*s\" at all hours since %.*s: no explanation of the incident's "
		"hours.",
		STR_ARG(s->service), STR_ARG(s->title), STR_ARG(since));
}
