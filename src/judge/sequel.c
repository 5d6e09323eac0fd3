/* SPDX-License-Identifier: MIT */
#include "src/judge/sequel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "src/judge/sequel_parts.h"

/*
 * Requests tell who failed first within a request, but a job, a database or a disk says nothing of
 * requests. An incident that comes again and again has another witness: what starts each time
 * before something else does. A coin shows the same side n times in 2^n tosses, so that n episodes
 * in one order are worth n ln 2; three are the least, and four in five must agree, since clocks err
 * and lines get lost. What is chosen is a first mover, one that itself follows nothing of another
 * service: that B follows A and C follows B does not make B the cause of C, but what started first
 * started all of it.
 *
 * Of several first movers the one that speaks for itself: whose name the others' lines carry
 * ("table is locked by session of X"), and who is still there when the incident ends, while another
 * that starts at the same minute is done long before. Two lines that are no problem explain nothing
 * of each other: two jobs of one schedule stand side by side.
 *
 * What follows another service in each episode keeps little of its own points, as for requests:
 * (own + 1/2) / (all + 1/2).
 */
#define LEAST_EPISODES 3
#define NAMED_POINTS   3.0
#define LASTING_POINTS 2.0

/* In how many episodes one came before the other. */
struct order {
	size_t both;
	size_t before;
	double lag_seconds; /* median, of those */
};

/* ---- order ---- */

/* lags: room for one of each episode. */
static struct order count_order(
	const struct sequel *q, size_t cause, size_t effect, double lags[EPISODES_MAX])
{
	struct order o = { 0 };
	/* a stamp of whole seconds: it was somewhere in this second */
	int64_t blur_ns = q->t->scene->coarse[finding_at(q, cause)->d.service] ? NS_PER_S - 1 : 0;
	for (size_t k = 0; k < q->episode_count; k++) {
		int64_t a_ns = *first_at(q, cause, k), b_ns = *first_at(q, effect, k);
		if (a_ns == TIME_NONE || b_ns == TIME_NONE)
			continue;
		o.both++;
		if (a_ns + blur_ns < b_ns)
			lags[o.before++] = (double)(b_ns - a_ns) / 1e9;
	}
	return o;
}

static struct order order_of(const struct sequel *q, size_t cause, size_t effect)
{
	double lags[EPISODES_MAX];
	struct order o = count_order(q, cause, effect, lags);
	if (o.before > 0) {
		sort_doubles(lags, o.before);
		o.lag_seconds = lags[(o.before - 1) / 2];
	}
	return o;
}

static size_t episodes_with(const struct sequel *q, size_t slot)
{
	size_t count = 0;
	for (size_t k = 0; k < q->episode_count; k++)
		count += *first_at(q, slot, k) != TIME_NONE;
	return count;
}

/* May the one explain the other at all, and does the order say so? */
static bool precedes(const struct sequel *q, size_t cause, size_t effect, struct order *o)
{
	const struct finding *a = finding_at(q, cause), *b = finding_at(q, effect);
	bool same = a->d.service == b->d.service;
	if (cause == effect || (!same && a->ordinary && b->ordinary))
		return false;
	double lags[EPISODES_MAX];
	*o = count_order(q, cause, effect, lags);
	if (o->before < LEAST_EPISODES || o->before * 5 < episodes_with(q, effect) * 4 ||
		episodes_with(q, cause) * 5 < q->episode_count * 4)
		return false;
	*o = order_of(q, cause, effect);
	return true;
}

static bool is_first_mover(const struct sequel *q, size_t slot)
{
	struct order o;
	for (size_t i = 0; i < q->count; i++) {
		if (finding_at(q, i)->d.service != finding_at(q, slot)->d.service &&
			precedes(q, i, slot, &o))
			return false;
	}
	return true;
}

/* The first mover that speaks most for itself; of equals the first, then the stronger one. */
static void choose_cause(struct sequel *q, const bool *movers, size_t effect)
{
	double best = 0, best_lag = 0;
	/* that others name it is no event of its own: it goes with what the service says itself */
	if (finding_at(q, effect)->d.kind == DEVIATION_NAMED)
		return;
	for (size_t i = 0; i < q->count; i++) {
		struct order o;
		uint32_t service = finding_at(q, i)->d.service;
		if (!movers[i] || service == finding_at(q, effect)->d.service ||
			!precedes(q, i, effect, &o))
			continue;
		double points = (double)o.before * log(2) + (q->named[service] ? NAMED_POINTS : 0) +
				(q->lasting[service] ? LASTING_POINTS : 0);
		if (points > best || (points == best && o.lag_seconds > best_lag)) {
			best = points;
			best_lag = o.lag_seconds;
			q->cause[effect] = (uint32_t)i;
		}
	}
}

static bool is_trouble(const struct finding *f)
{
	return !f->ordinary;
}

/*
 * Within a service: the line that opens it, for those that nothing else explains. A problem that is
 * explained itself may still be what an ordinary line (a restart) comes of.
 */
static void choose_opener(struct sequel *q, size_t effect)
{
	double best_lag = -1;
	uint32_t opener = NO_INDEX;
	for (uint32_t i = 0; i < q->count; i++) {
		const struct finding *f = finding_at(q, i);
		struct order o;
		bool explained = q->cause[i] != NO_INDEX &&
				 finding_at(q, q->cause[i])->d.service != f->d.service;
		if (f->d.service != finding_at(q, effect)->d.service ||
			(q->cause[i] != NO_INDEX && !(explained && is_trouble(f))) ||
			!precedes(q, i, effect, &o) || o.lag_seconds <= best_lag)
			continue;
		best_lag = o.lag_seconds;
		opener = i;
	}
	q->cause[effect] = opener;
}

/* ---- what comes of it ---- */

static void add_blame(struct sequel *q, size_t effect, size_t *capacity)
{
	struct trial *t = q->t;
	size_t cause = q->cause[effect];
	struct order o = order_of(q, cause, effect);
	struct blame b = { .effect = q->findings[effect],
		.cause = q->findings[cause],
		.lag_seconds = o.lag_seconds,
		.episodes = o.before,
		.episodes_of = episodes_with(q, effect) };
	for (size_t k = 0; k < q->episode_count; k++) {
		uint32_t requests = q->requests[effect * q->episode_count + k];
		int64_t a_ns = *first_at(q, cause, k), b_ns = *first_at(q, effect, k);
		b.of += requests;
		b.requests += a_ns != TIME_NONE && b_ns != TIME_NONE && a_ns < b_ns ? requests : 0;
	}
	mem_grow(&t->blames, t->blame_count, capacity);
	t->blames[t->blame_count++] = b;
}

static void explain(struct sequel *q, size_t effect)
{
	struct trial *t = q->t;
	struct finding *f = &t->findings[q->findings[effect]];
	const struct order o = order_of(q, q->cause[effect], effect);
	double all = (double)episodes_with(q, effect), own = all - (double)o.before;
	double share = (own + 0.5) / (all + 0.5);
	f->weight *= share;
	f->d.points *= share;
	if (is_trouble(f))
		q->own[f->d.service] = fmax(q->own[f->d.service], share);
}

/* Does another service explain it, or, of an ordinary line, a problem of its own? */
static bool is_explained(const struct sequel *q, size_t slot)
{
	if (q->cause[slot] == NO_INDEX)
		return false;
	const struct finding *cause = finding_at(q, q->cause[slot]), *f = finding_at(q, slot);
	return cause->d.service != f->d.service || (is_trouble(cause) && !is_trouble(f));
}

/* A slow step is late in as good as each episode, or when it is late says nothing; and what others
 * say of a service is said when they notice. */
static bool is_timed(const struct sequel *q, size_t slot)
{
	size_t seen = episodes_with(q, slot);
	if (finding_at(q, slot)->d.kind == DEVIATION_NAMED)
		return false;
	return finding_at(q, slot)->d.kind == DEVIATION_SLOW ? seen * 5 >= q->episode_count * 4
							     : seen > 0;
}

/*
 * Steps that are lost or stopped have no time of their own in an episode, nor do slow ones whose
 * usual time varies too much to say when they are late, nor what others say of the service. They
 * are the service's trouble seen once more, and its own only as far as that is.
 */
static void explain_untimed(struct sequel *q)
{
	struct trial *t = q->t;
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		uint32_t slot = q->slot_of[i];
		bool timed = slot != NO_INDEX && is_timed(q, slot);
		if (!timed && is_trouble(f) && q->own[f->d.service] > 0) {
			f->weight *= fmin(1, q->own[f->d.service]);
			f->d.points *= fmin(1, q->own[f->d.service]);
		}
	}
	for (size_t i = 0; i < t->scene->service_count; i++)
		t->parts[i][PART_SLOW] *= q->own[i] > 0 ? fmin(1, q->own[i]) : 1;
}

/* Does anything that another service suffers come of this service? */
static bool leads(const struct sequel *q, uint32_t service)
{
	for (size_t i = 0; i < q->count; i++) {
		if (q->cause[i] != NO_INDEX && finding_at(q, i)->d.service != service &&
			finding_at(q, q->cause[i])->d.service == service)
			return true;
	}
	return false;
}

/*
 * An ordinary line says that something happens, not that it hurts. Where what hurts comes of
 * another, one from which nothing follows is a coincidence: another job of the same hour.
 */
static void explain_bystanders(struct sequel *q)
{
	struct trial *t = q->t;
	bool told = false;
	for (size_t i = 0; i < q->count; i++)
		told |= is_explained(q, i) && is_trouble(finding_at(q, i));
	for (size_t i = 0; i < q->count && told; i++) {
		struct finding *f = &t->findings[q->findings[i]];
		if (is_trouble(f) || is_explained(q, i) || leads(q, f->d.service))
			continue;
		f->weight *= 0.5 / ((double)q->episode_count + 0.5);
		f->d.points = f->weight;
	}
}

/* The service from which all trouble of another comes. */
static void find_leaders(struct sequel *q)
{
	struct trial *t = q->t;
	bool *mixed = arena_alloc(&t->arena, t->scene->service_count, sizeof(*mixed));
	t->led_by = arena_alloc(&t->arena, t->scene->service_count, sizeof(*t->led_by));
	memset(t->led_by, 0xff, t->scene->service_count * sizeof(*t->led_by));
	for (size_t i = 0; i < q->count; i++) {
		const struct finding *f = finding_at(q, i);
		if (!is_trouble(f) || !is_timed(q, i))
			continue;
		uint32_t leader =
			is_explained(q, i) ? finding_at(q, q->cause[i])->d.service : f->d.service;
		uint32_t *led_by = &t->led_by[f->d.service];
		mixed[f->d.service] |= *led_by != NO_INDEX && *led_by != leader;
		*led_by = leader;
	}
	for (uint32_t i = 0; i < t->scene->service_count; i++) {
		if (mixed[i] || t->led_by[i] == i)
			t->led_by[i] = NO_INDEX;
	}
}

static void settle(struct sequel *q)
{
	struct trial *t = q->t;
	size_t capacity = t->blame_count;
	q->own = arena_alloc(&t->arena, t->scene->service_count, sizeof(*q->own));
	for (size_t i = 0; i < q->count; i++) {
		if (q->cause[i] != NO_INDEX)
			add_blame(q, i, &capacity);
		if (is_explained(q, i))
			explain(q, i);
		else if (is_trouble(finding_at(q, i)) && is_timed(q, i))
			q->own[finding_at(q, i)->d.service] = 1;
	}
	find_leaders(q);
	explain_untimed(q);
	explain_bystanders(q);
	trial_sum(t);
}

void trial_sequel(struct trial *t)
{
	if (!t->recurring || t->repeats < LEAST_EPISODES)
		return;
	struct sequel *q = mem_zalloc(1, sizeof(*q));
	q->t = t;
	for (size_t i = 0; i < t->period.count && q->episode_count < EPISODES_MAX; i++) {
		if (t->period.items[i].side == SIDE_INCIDENT)
			q->episodes[q->episode_count++] = &t->period.items[i];
	}
	sequel_time(q);
	sequel_find_witnesses(q);
	q->cause = arena_alloc(&t->arena, q->count, sizeof(*q->cause));
	bool *movers = arena_alloc(&t->arena, q->count, sizeof(*movers));
	for (size_t i = 0; i < q->count; i++) {
		q->cause[i] = NO_INDEX;
		movers[i] = is_first_mover(q, i);
	}
	for (size_t i = 0; i < q->count; i++)
		choose_cause(q, movers, i);
	for (size_t i = 0; i < q->count; i++) {
		if (q->cause[i] == NO_INDEX)
			choose_opener(q, i);
	}
	settle(q);
	free(q);
}
