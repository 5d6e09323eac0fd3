/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/search_parts.h"
#include "src/judge/sequel.h"

/*
 * When it began is seldom sure, and each onset that is nearly as likely judges a little otherwise.
 * So the parts of the score are the mean over the onsets, each weighted by its likelihood against
 * the best one's. Recurring incidents are other questions, and stay out of it.
 */
static void average(struct search *w, size_t best, struct trial *t)
{
	size_t services = w->scene->service_count;
	double sum = 1;
	for (size_t i = 0; i < w->count; i++) {
		struct trial other;
		double less = w->tried[best].quality - w->tried[i].quality;
		if (i == best || less > LIKELY_NATS || less < 0 ||
			w->candidates[i].kind == CANDIDATE_RECURRING)
			continue;
		trial_run(&other, w->scene, w->requests, &w->tried[i].period,
			(struct trial_options){ .unlinked = true,
				.told = w->candidates[i].kind == CANDIDATE_GIVEN });
		trial_cap(&other, w->tried[i].drift);
		double weight = exp(-less);
		for (size_t k = 0; k < services; k++) {
			for (int part = 0; part < PART_COUNT; part++)
				t->parts[k][part] =
					(t->parts[k][part] * sum + other.parts[k][part] * weight) /
					(sum + weight);
		}
		sum += weight;
		trial_release(&other);
	}
}

/* The best period, and what all that are likely make of each service. */
static void judge_best(struct search *w, size_t best, struct judgement *j, struct trial *t)
{
	const struct candidate *c = &w->candidates[best];
	struct period p;
	search_period(w, c, &j->arena, &p);
	trial_run(t, w->scene, w->requests, &p,
		(struct trial_options){ .told = c->kind == CANDIDATE_GIVEN });
	trial_sequel(t);
	trial_cap(t, w->tried[best].drift);
	if (c->kind != CANDIDATE_RECURRING)
		average(w, best, t);
	j->incident.seconds = p.seconds[SIDE_INCIDENT];
	j->incident.baseline_seconds = p.seconds[SIDE_BASE];
}

static bool stands_out(const struct search *w, size_t found)
{
	return incident_stands_out(w->scene, w->tried[found].shown, w->tried[found].drift,
		search_tries(w, w->candidates[found].kind));
}

void incident_search(const struct scene *s, const struct requests *r, const struct frame *frame,
	struct judgement *j, struct trial *t)
{
	struct search *w = mem_zalloc(1, sizeof(*w));
	w->scene = s;
	w->requests = r;
	w->count = candidates_find(s, frame, &w->arena, w->candidates);
	search_run(w);
	size_t found = search_choose(w);
	search_place(w);
	size_t best = search_choose(w);
	if (best != SIZE_MAX) {
		judge_best(w, best, j, t);
		if (stands_out(w, found)) {
			incident_tell(&w->candidates[best], t, j);
			j->incident.certainty =
				fmax(0, w->tried[best].quality - search_second(w, best));
		}
	}
	arena_release(&w->arena);
	free(w);
}

/* How long before (or after) the given start it began, in words. */
static struct str given_in_words(struct arena *arena, int64_t before_ns)
{
	double seconds = fabs((double)before_ns / 1e9);
	return arena_printf(arena,
		seconds < 60 ? "given; what stands out begins %.1f s %s"
			     : "given; what stands out begins %.0f s %s",
		seconds, before_ns > 0 ? "before" : "later");
}

/* It was given once, and came often. It is told as it was given, the other times as they are. */
static void tell_habit(const struct search *w, const struct candidate *c, const struct trial *t,
	struct judgement *j)
{
	const struct rank_settings *settings = w->scene->settings;
	struct incident *in = &j->incident;
	incident_tell(c, t, j);
	in->asked = candidate_met(w->scene, c);
	in->how = arena_printf(&j->arena,
		"given; the same problems come %.*s, %zu times, and all of them are judged "
		"together",
		STR_ARG(c->when), c->count);
	for (size_t i = 0; i < in->span_count; i++)
		in->spans[i].how = in->how;
	in->spans[in->asked].from_ns = settings->incident_from_ns;
	in->spans[in->asked].to_ns = settings->incident_to_ns;
}

/* When it was: the span that was given; or, of one too wide to be compared with anything, what was
 * found in it. */
static void tell_given(
	const struct search *w, size_t best, const struct trial *t, struct judgement *j)
{
	const struct candidate *c = &w->candidates[best];
	const struct rank_settings *settings = w->scene->settings;
	struct incident *in = &j->incident;
	in->given = true;
	if (w->candidates[0].kind == CANDIDATE_GIVEN && c->kind == CANDIDATE_RECURRING) {
		tell_habit(w, c, t, j);
		return;
	}
	if (w->candidates[0].kind != CANDIDATE_GIVEN && stands_out(w, best)) {
		incident_tell(c, t, j);
		in->how = arena_printf(&j->arena,
			"given, and all that was read lies in it; in it %.*s", STR_ARG(in->how));
		for (size_t i = 0; i < in->span_count; i++)
			in->spans[i].how = in->how;
		return;
	}
	in->how = c->kind == CANDIDATE_GIVEN || w->candidates[0].kind != CANDIDATE_GIVEN
			  ? STR("given")
			  : given_in_words(
				    &j->arena, settings->incident_from_ns - c->spans[0].from_ns);
	in->spans = arena_alloc(&j->arena, 1, sizeof(*in->spans));
	in->spans[in->span_count++] =
		(struct span){ settings->incident_from_ns, settings->incident_to_ns, in->how };
}

void incident_search_given(const struct scene *s, const struct requests *r,
	const struct frame *frame, struct judgement *j, struct trial *t)
{
	struct search *w = mem_zalloc(1, sizeof(*w));
	w->scene = s;
	w->requests = r;
	w->count = candidates_near(s, frame, &w->arena, w->candidates);
	search_run(w);
	search_place(w);
	size_t best = search_choose(w);
	judge_best(w, best, j, t);
	tell_given(w, best, t, j);
	arena_release(&w->arena);
	free(w);
}
