/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "src/judge/bayes.h"
#include "src/judge/suspect_parts.h"

/*
 * What an engineer finds at once and what leads astray: a failure that began some days ago and has
 * been there ever since, at all hours. It is no explanation of hours that come again each day. It
 * is said for that reason, at the end of the row: with as good as nothing of what its severity is
 * worth, the rest being taken off for coming as often outside the hours as in them.
 *
 * "As often" is what the Bayes factor of one rate against two says, from its first line on; what
 * comes less often in the hours explains them less still. The rate is one by all lines that were
 * written, not by time: busy hours have more of everything. What has been there from the start of
 * the logs is part of the scenery and is not named.
 */
#define LEAST_LINES    8
#define FIRST_SHARE    20 /* of the span: what comes earlier was there from the start */
#define LEFT_OF_POINTS 0.00001
#define LOOKED_AT      8

struct rates {
	double inside, lines_inside;
	double outside, lines_outside;
};

/* Within the incident's spans, from this time on. */
static uint64_t count_inside(const struct wording *w, const struct series *s, int64_t from_ns)
{
	const struct incident *in = &w->judgement->incident;
	uint64_t count = 0;
	for (size_t i = 0; i < in->span_count; i++)
		count += series_count(s, w->findings->cell_ns,
			i64_max(in->spans[i].from_ns, from_ns), in->spans[i].to_ns);
	return count;
}

static struct rates rates_of(const struct wording *w, const struct subject *s)
{
	const struct findings *f = w->findings;
	int64_t from_ns = s->series.first_ns, to_ns = w->frame->to_ns;
	struct rates r = { .inside = (double)count_inside(w, &s->series, from_ns) };
	r.outside = (double)series_count(&s->series, f->cell_ns, from_ns, to_ns) - r.inside;
	for (size_t i = 0; i < f->service_count; i++) {
		double inside = (double)count_inside(w, &f->services[i].lines, from_ns);
		r.lines_inside += inside;
		r.lines_outside +=
			(double)series_count(&f->services[i].lines, f->cell_ns, from_ns, to_ns) -
			inside;
	}
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

static bool began_in_span(const struct wording *w, const struct subject *s)
{
	int64_t span_ns = w->frame->to_ns - w->frame->from_ns;
	return is_trouble(w->findings, s) && s->series.total >= LEAST_LINES &&
	       s->series.first_ns >= w->frame->from_ns + span_ns / FIRST_SHARE &&
	       s->series.first_ns < w->frame->to_ns;
}

static bool is_all_day(const struct wording *w, const struct subject *s)
{
	struct rates r = rates_of(w, s);
	if (r.lines_outside <= r.lines_inside || r.lines_inside <= 0)
		return false;
	return r.inside * r.lines_outside <= r.outside * r.lines_inside ||
	       bayes_rates(r.outside, r.lines_outside, r.inside, r.lines_inside) < 0;
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
		if (began_in_span(w, &f->subjects[i]))
			all[count++] = (struct found){ i, f->subjects[i].kind == SUBJECT_RULE,
				f->subjects[i].series.total };
	}
	qsort(all, count, sizeof(*all), most_first);
	size_t kept = 0;
	for (size_t i = 0; i < count && i < LOOKED_AT && kept < ALL_DAY_MAX; i++) {
		if (is_all_day(w, &f->subjects[all[i].subject]))
			subjects[kept++] = all[i].subject;
	}
	free(all);
	return kept;
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
			"%.0f %% of it in the incident's hours, which hold %.0f %% of all lines: "
			"it "
			"explains no hours",
			100 * r.inside / fmax(r.inside + r.outside, 1),
			100 * r.lines_inside / fmax(r.lines_inside + r.lines_outside, 1)));
	s->sentence = arena_printf(a,
		"%.*s reports \"%.*s\" at all hours since %.*s: no explanation of the incident's "
		"hours.",
		STR_ARG(s->service), STR_ARG(s->title), STR_ARG(since));
}
