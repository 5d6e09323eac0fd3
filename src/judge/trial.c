/* SPDX-License-Identifier: MIT */
#include "src/judge/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/bayes.h"

static uint32_t *indices(struct trial *t, size_t count)
{
	uint32_t *all = arena_alloc(&t->arena, count, sizeof(*all));
	if (count > 0)
		memset(all, 0xff, count * sizeof(*all));
	return all;
}

static int64_t *times(struct trial *t, size_t count)
{
	int64_t *all = arena_alloc(&t->arena, count, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i] = TIME_NONE;
	return all;
}

/* ---- counting ---- */

static void count_all(
	const struct trial *t, const struct moments *m, uint32_t (*counts)[SIDE_COUNT])
{
	for (uint32_t i = 0; i < m->count; i++)
		moments_count(m, i, t->cut, t->period.count, counts[i]);
}

/* Who has what on which side. */
static void count_sides(struct trial *t)
{
	const struct requests *r = t->requests;
	t->cut = ranking_cut(&r->ranking, &t->arena, &t->period);
	count_all(t, &r->of_nodes, t->episodes);
	count_all(t, &r->of_node_requests, t->with_node);
	count_all(t, &r->of_runs, t->run_episodes);
	count_all(t, &r->of_pairs, t->with_pair);
	count_all(t, &r->of_calls, t->with_call);
	count_all(t, &r->of_services, t->service_requests);
	for (uint32_t i = 0; i < t->scene->subject_count; i++) {
		int32_t first = moments_first(&r->of_nodes, i, t->cut, t->period.count);
		if (first >= 0)
			t->first_event_ns[i] = r->ranking.times[first];
	}
}

/* Followed in requests: when at least half of its lines are lines of those that were followed. */
static bool is_followed(const struct trial *t, uint32_t subject)
{
	const struct scene_subject *s = &t->scene->subjects[subject];
	uint64_t total = (s->subject != NULL ? s->subject->series.total : 0) +
			 (s->base != NULL ? s->base->series.total : 0);
	uint64_t followed =
		(uint64_t)t->episodes[subject][SIDE_BASE] + t->episodes[subject][SIDE_INCIDENT];
	uint64_t lines = t->requests->lines_of[subject];
	return followed > 0 && (lines << t->scene->findings->event_sampling) * 2 >= total;
}

struct episode_counts trial_episodes(const struct trial *t, uint32_t subject)
{
	struct episode_counts e = { .by_requests = is_followed(t, subject) };
	uint64_t cells[SIDE_COUNT];
	if (e.by_requests) {
		for (int side = 0; side < SIDE_COUNT; side++)
			e.count[side] = t->episodes[subject][side];
	} else {
		scene_cells(t->scene, &t->period, subject, cells);
		for (int side = 0; side < SIDE_COUNT; side++)
			e.count[side] = (double)cells[side];
	}
	return e;
}

/*
 * Each line of a service is held against each of these, in every trial: of a service that complains
 * in thousands of ways, those that weigh most are enough to say what came of what.
 */
#define MOST_OF_SERVICE 64

/* Those that weigh most, in the same order, of equals the first; how many they are. */
static size_t keep_weightiest(const struct trial *t, size_t *items, size_t count)
{
	size_t kept = 0, above = 0;
	if (count <= MOST_OF_SERVICE)
		return count;
	double *raw = mem_zalloc(count, sizeof(*raw));
	for (size_t i = 0; i < count; i++)
		raw[i] = t->findings[items[i]].d.raw;
	sort_doubles(raw, count);
	double least = raw[count - MOST_OF_SERVICE];
	for (size_t i = count; i-- > 0 && raw[i] > least;)
		above++;
	size_t equal = MOST_OF_SERVICE - above;
	for (size_t i = 0; i < count; i++) {
		double now = t->findings[items[i]].d.raw;
		bool first = now == least && equal > 0;
		equal -= first;
		if (now > least || first)
			items[kept++] = items[i];
	}
	free(raw);
	return kept;
}

struct by_service trial_by_service(const struct trial *t, const bool *wanted)
{
	size_t services = t->scene->service_count, at = 0, kept = 0;
	struct by_service all = { mem_zalloc(services + 1, sizeof(*all.first)),
		mem_zalloc(t->count + 1, sizeof(*all.items)) };
	size_t *ends = mem_zalloc(services + 1, sizeof(*ends));
	for (size_t i = 0; i < t->count; i++)
		ends[t->findings[i].d.service] += wanted[i];
	for (size_t i = 0; i < services; i++) {
		size_t count = ends[i];
		ends[i] = at;
		at += count;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (wanted[i])
			all.items[ends[t->findings[i].d.service]++] = i;
	}
	for (size_t i = 0, from = 0; i < services; from = ends[i++]) {
		size_t count = keep_weightiest(t, all.items + from, ends[i] - from);
		all.first[i] = kept;
		memmove(all.items + kept, all.items + from, count * sizeof(*all.items));
		kept += count;
	}
	all.first[services] = kept;
	free(ends);
	return all;
}

void by_service_release(struct by_service *all)
{
	free(all->first);
	free(all->items);
}

struct finding *trial_add(struct trial *t, enum deviation_kind kind, uint32_t service,
	uint32_t subject, uint32_t after, double raw)
{
	mem_grow(&t->findings, t->count, &t->capacity);
	struct finding *f = &t->findings[t->count++];
	*f = (struct finding){ .d = { .kind = kind,
				       .service = service,
				       .subject = subject,
				       .after = after,
				       .raw = raw,
				       .kept = 1,
				       .first_ns = TIME_NONE },
		.named = NO_INDEX,
		.named_share = 1 };
	return f;
}

/* ---- the whole ---- */

static void prepare(struct trial *t)
{
	const struct requests *r = t->requests;
	struct arena *a = &t->arena;
	size_t subjects = t->scene->subject_count, services = t->scene->service_count;
	t->with_node = arena_alloc(a, subjects, sizeof(*t->with_node));
	t->episodes = arena_alloc(a, subjects, sizeof(*t->episodes));
	t->run_episodes = arena_alloc(a, subjects, sizeof(*t->run_episodes));
	t->with_pair = arena_alloc(a, r->pair_count, sizeof(*t->with_pair));
	t->with_call = arena_alloc(a, r->call_count, sizeof(*t->with_call));
	t->service_requests = arena_alloc(a, services + 1, sizeof(*t->service_requests));
	t->first_event_ns = times(t, subjects);
	t->of_subject = indices(t, subjects);
	t->of_pair = indices(t, r->pair_count);
	t->of_call = indices(t, r->call_count);
	t->of_edge = indices(t, r->edge_count);
	t->late_seconds = arena_alloc(a, r->edge_count, sizeof(*t->late_seconds));
	t->parts = arena_alloc(a, services, sizeof(*t->parts));
	t->shown = arena_alloc(a, services, sizeof(*t->shown));
	t->first_ns = times(t, services);
}

/*
 * Beyond the cap evidence grows as its logarithm. Counts make it as large as one likes, but they
 * are of one model, which is wrong now and then; and a hundredth that is left unexplained of a
 * thousand nats is not ten nats of proof.
 */
double trial_tempered(double raw)
{
	return raw <= PART_CAP ? raw : PART_CAP * (1 + log(raw / PART_CAP));
}

enum score_part trial_part(const struct finding *f)
{
	static const enum score_part parts[DEVIATION_KINDS] = {
		[DEVIATION_NEW] = PART_PROBLEMS,
		[DEVIATION_MORE] = PART_PROBLEMS,
		[DEVIATION_LOST] = PART_FLOW,
		[DEVIATION_STOPPED] = PART_STOPPED,
		[DEVIATION_SLOW] = PART_SLOW,
		[DEVIATION_NAMED] = PART_NAMED,
	};
	return f->ordinary ? PART_CHANGED : parts[f->d.kind];
}

/*
 * Of the deviations of one kind in a service the strongest counts: they are mostly one event seen
 * through several lines, and adding them up would reward whoever writes most. (Slow steps are
 * measured one by one; slow.c has added them.)
 */
void trial_sum(struct trial *t)
{
	for (size_t i = 0; i < t->scene->service_count; i++) {
		for (int part = 0; part < PART_COUNT; part++)
			t->parts[i][part] = part == PART_SLOW ? t->parts[i][part] : 0;
		t->first_ns[i] = TIME_NONE;
	}
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		double *part = &t->parts[f->d.service][trial_part(f)];
		if (f->d.kind != DEVIATION_SLOW)
			*part = fmax(*part, f->weight);
		int64_t *first = &t->first_ns[f->d.service];
		if (f->d.first_ns != TIME_NONE && f->d.points > 0.5 &&
			(*first == TIME_NONE || f->d.first_ns < *first))
			*first = f->d.first_ns;
	}
	for (size_t i = 0; i < t->scene->service_count; i++) {
		for (int part = 0; part < PART_COUNT; part++) {
			if (t->leave_out >> part & 1)
				t->parts[i][part] = 0;
		}
	}
}

static double score_of(const struct trial *t, size_t service)
{
	double sum = 0;
	for (int part = 0; part < PART_COUNT; part++)
		sum += t->parts[service][part];
	return sum;
}

/*
 * What leads another service time after time stands before it: the trouble of the one is as much a
 * sign of the other.
 */
static void trial_lead(struct trial *t)
{
	for (size_t i = 0; t->led_by != NULL && i < t->scene->service_count; i++) {
		uint32_t leader = t->led_by[i];
		if (leader == NO_INDEX || score_of(t, i) < score_of(t, leader))
			continue;
		t->parts[leader][PART_ORDER] += score_of(t, i) - score_of(t, leader) + 0.01;
	}
}

void trial_cap(struct trial *t, double (*off)[PART_COUNT])
{
	size_t services = t->scene->service_count;
	double(*kept)[PART_COUNT] = arena_alloc(&t->arena, services, sizeof(*kept));
	for (size_t i = 0; i < services; i++) {
		for (int part = 0; part < PART_ORDER; part++) {
			double before = t->parts[i][part];
			double left = fmax(0, before - (off != NULL ? off[i][part] : 0));
			t->parts[i][part] = soft_cap(left, PART_CAP);
			kept[i][part] = before > 0 ? left / before : 0;
		}
	}
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		double share = kept[f->d.service][trial_part(f)];
		f->d.points = soft_cap(f->weight * share, PART_CAP);
		if (f->named != NO_INDEX)
			f->said *= share;
	}
	trial_order(t);
	trial_lead(t);
}

void trial_run(struct trial *t, const struct scene *scene, const struct requests *requests,
	const struct period *period, struct trial_options options)
{
	*t = (struct trial){ .scene = scene,
		.requests = requests,
		.period = *period,
		.leave_out = scene->settings->leave_out,
		.told = options.told,
		.chosen_by_line = options.chosen_by_line,
		.steps_only = options.steps_only,
		.unlinked = options.unlinked,
		.spanning = NO_INDEX };
	for (size_t i = 0; i < period->count; i++)
		t->repeats += period->items[i].side == SIDE_INCIDENT;
	t->recurring = t->repeats > 1 && !t->steps_only;
	prepare(t);
	count_sides(t);
	trial_coverage(t);
	if (!t->steps_only)
		trial_problems(t);
	trial_steps(t);
	trial_slow(t);
	trial_told(t);
	if (!t->steps_only) {
		trial_jobs(t);
		trial_changed(t);
		trial_traces(t);
		trial_spans(t);
	}
	trial_blame(t);
	if (!t->steps_only)
		trial_silence(t);
	trial_sum(t);
	memcpy(t->shown, t->parts, scene->service_count * sizeof(*t->shown));
	trial_share(t);
	trial_accuse(t);
}

void trial_release(struct trial *t)
{
	free(t->findings);
	free(t->blames);
	arena_release(&t->arena);
}
