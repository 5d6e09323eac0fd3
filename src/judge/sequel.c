/* SPDX-License-Identifier: MIT */
#include "src/judge/sequel.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"

/*
 * Requests tell who failed first within a request, but a job, a database or a disk says nothing of
 * requests. An incident that comes again and again has another witness: what starts each time
 * before something else does. A coin shows the same side n times in 2^n tosses, so that n episodes in
 * one order are worth n ln 2; three are the least, and four in five must agree, since clocks err and
 * lines get lost. What is chosen is a first mover, one that itself follows nothing of another
 * service: that B follows A and C follows B does not make B the cause of C, but what started first
 * started all of it.
 *
 * Of several first movers the one that speaks for itself: whose name the others' lines carry ("table
 * is locked by session of X"), and who is still there when the incident ends, while another that
 * starts at the same minute is done long before. Two lines that are no problem explain nothing of
 * each other: two jobs of one schedule stand side by side.
 *
 * What follows another service in each episode keeps little of its own points, as for requests:
 * (own + 1/2) / (all + 1/2).
 */
#define LEAST_EPISODES 3
#define EPISODES_MAX   64  /* of more the first are looked at */
#define FINDINGS_MAX   400 /* of more the strongest */
#define LEAST_RAW      1.0
#define NAMED_POINTS   3.0
#define LASTING_POINTS 2.0

struct sequel {
	struct trial *t;
	const struct stretch *episodes[EPISODES_MAX];
	size_t episode_count;
	uint32_t *findings; /* indices in trial.findings, strongest first */
	size_t count;
	uint32_t *slot_of;  /* of each finding of the trial: index in findings; NO_INDEX */
	int64_t *first_ns;  /* [slot * episode_count + episode]; TIME_NONE: not in it */
	uint32_t *requests; /* the same: followed requests that show it */
	bool *named;	    /* of each service: lines of others carry its name */
	bool *lasting;	    /* of each service: it speaks near the end of the episodes */
	uint32_t *cause;    /* of each slot: the slot of its cause; NO_INDEX */
	double *own; /* of each service: the largest share that is its own of a problem or slow step */
};

/* In how many episodes one came before the other. */
struct order {
	size_t both;
	size_t before;
	double lag_seconds; /* median, of those */
};

static const struct finding *finding_at(const struct sequel *q, size_t slot)
{
	return &q->t->findings[q->findings[slot]];
}

static int64_t *first_at(const struct sequel *q, size_t slot, size_t episode)
{
	return &q->first_ns[slot * q->episode_count + episode];
}

/* ---- who, and when ---- */

struct ranked {
	double raw;
	uint32_t finding;
};

static int by_raw(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->raw != y->raw)
		return x->raw > y->raw ? -1 : 1;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static void choose_findings(struct sequel *q)
{
	struct trial *t = q->t;
	struct ranked *all = mem_zalloc(t->count + 1, sizeof(*all));
	size_t count = 0;
	q->slot_of = arena_alloc(&t->arena, t->count, sizeof(*q->slot_of));
	for (uint32_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		bool timed = f->d.kind == DEVIATION_NEW || f->d.kind == DEVIATION_MORE ||
			     f->d.kind == DEVIATION_SLOW;
		q->slot_of[i] = NO_INDEX;
		if (timed && f->d.raw > LEAST_RAW)
			all[count++] = (struct ranked){ f->d.raw, i };
	}
	qsort(all, count, sizeof(*all), by_raw);
	q->count = size_min(count, FINDINGS_MAX);
	q->findings = arena_alloc(&t->arena, q->count, sizeof(*q->findings));
	for (uint32_t i = 0; i < q->count; i++) {
		q->findings[i] = all[i].finding;
		q->slot_of[all[i].finding] = i;
	}
	free(all);
}

static size_t episode_of(const struct sequel *q, int64_t time_ns)
{
	for (size_t k = 0; k < q->episode_count; k++) {
		if (time_ns >= q->episodes[k]->from_ns && time_ns < q->episodes[k]->to_ns)
			return k;
	}
	return SIZE_MAX;
}

static void note_first(struct sequel *q, uint32_t slot, size_t episode, int64_t time_ns)
{
	int64_t *first = first_at(q, slot, episode);
	if (*first == TIME_NONE || time_ns < *first)
		*first = time_ns;
}

/* A slow step starts to deviate when the first of them is later than normal. */
static void time_slow_steps(struct sequel *q)
{
	const struct trial *t = q->t;
	const struct requests *r = t->requests;
	for (size_t i = 0; i < r->gap_count; i++) {
		const struct gap *g = &r->gaps_by_edge[i];
		uint32_t finding = t->of_edge[g->edge];
		uint32_t slot = finding == NO_INDEX ? NO_INDEX : q->slot_of[finding];
		double seconds = exp((double)g->ln_seconds), late = t->late_seconds[g->edge];
		size_t episode = g->base || slot == NO_INDEX || seconds <= late
					 ? SIZE_MAX
					 : episode_of(q, g->time_ns);
		if (episode == SIZE_MAX)
			continue;
		note_first(q, slot, episode, g->time_ns - (int64_t)((seconds - late) * 1e9));
		q->requests[slot * q->episode_count + episode]++;
	}
}

static void count_request(struct sequel *q, uint32_t subject, int64_t time_ns)
{
	uint32_t finding = subject == NO_INDEX ? NO_INDEX : q->t->of_subject[subject];
	uint32_t slot = finding == NO_INDEX ? NO_INDEX : q->slot_of[finding];
	size_t episode = slot == NO_INDEX ? SIZE_MAX : episode_of(q, time_ns);
	if (episode != SIZE_MAX)
		q->requests[slot * q->episode_count + episode]++;
}

static void count_requests(struct sequel *q)
{
	const struct requests *r = q->t->requests;
	for (size_t i = 0; i < r->count; i++) {
		const struct request *request = &r->requests[i];
		for (uint32_t k = 0; !request->base && k < request->node_count; k++) {
			const struct node *node = &r->nodes[request->first_node + k];
			count_request(q, node->subject, node->time_ns);
			count_request(q, q->t->scene->subjects[node->subject].rule_subject,
				node->time_ns);
		}
	}
}

static void time_findings(struct sequel *q)
{
	struct arena *a = &q->t->arena;
	size_t cells = q->count * q->episode_count;
	q->first_ns = arena_alloc(a, cells, sizeof(*q->first_ns));
	q->requests = arena_alloc(a, cells, sizeof(*q->requests));
	for (size_t i = 0; i < cells; i++)
		q->first_ns[i] = TIME_NONE;
	for (size_t i = 0; i < q->count; i++) {
		const struct finding *f = finding_at(q, i);
		for (size_t k = 0; k < q->episode_count && f->d.kind != DEVIATION_SLOW; k++)
			*first_at(q, i, k) =
				scene_first_in(q->t->scene, q->episodes[k], f->d.subject);
	}
	time_slow_steps(q);
	count_requests(q);
}

/* ---- what speaks for a service ---- */

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static bool holds_word(struct str text, struct str word)
{
	ptrdiff_t at;
	for (struct str rest = text; (at = str_find(rest, word)) >= 0;
		rest = str_skip(rest, (size_t)at + word.len)) {
		const char *p = rest.ptr + at, *end = p + word.len;
		if ((p == text.ptr || !is_word_byte(p[-1])) &&
			(end == text.ptr + text.len || !is_word_byte(*end)))
			return true;
	}
	return false;
}

#define SHORTEST_NAME 4

static void find_named(struct sequel *q)
{
	const struct findings *f = q->t->scene->findings;
	q->named = arena_alloc(&q->t->arena, q->t->scene->service_count, sizeof(*q->named));
	for (size_t i = 0; i < q->count; i++) {
		const struct finding *said = finding_at(q, i);
		const struct subject *s = q->t->scene->subjects[said->d.subject].subject;
		if (said->ordinary || s == NULL || said->d.kind == DEVIATION_SLOW)
			continue;
		for (uint32_t k = 0; k < f->service_count; k++) {
			struct str name = f->services[k].name;
			if (k == said->d.service || q->named[k] || name.len < SHORTEST_NAME)
				continue;
			for (size_t e = 0; e < s->evidence_count && !q->named[k]; e++)
				q->named[k] = holds_word(s->evidence[e].text, name);
		}
	}
}

/* Any line of the service within a tenth of the episode's length around its end. */
static bool speaks_at_end(const struct sequel *q, uint32_t service, size_t episode)
{
	const struct stretch *e = q->episodes[episode];
	const struct series *lines = &q->t->scene->findings->services[service].lines;
	int64_t cell_ns = q->t->scene->findings->cell_ns, near_ns = (e->to_ns - e->from_ns) / 10;
	return series_count(lines, cell_ns, e->to_ns - near_ns, e->to_ns + near_ns + cell_ns) > 0;
}

static void find_lasting(struct sequel *q)
{
	size_t services = q->t->scene->findings->service_count;
	q->lasting = arena_alloc(&q->t->arena, q->t->scene->service_count, sizeof(*q->lasting));
	for (uint32_t i = 0; i < services; i++) {
		size_t seen = 0;
		for (size_t k = 0; k < q->episode_count; k++)
			seen += speaks_at_end(q, i, k);
		q->lasting[i] = seen * 5 >= q->episode_count * 4;
	}
}

/* ---- order ---- */

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

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
		qsort(lags, o.before, sizeof(*lags), by_value);
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

/*
 * Steps that are lost or stopped have no time of their own in an episode. They are the service's
 * trouble seen once more, and its own only as far as that is.
 */
static void explain_lost(struct sequel *q)
{
	struct trial *t = q->t;
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		bool lost = f->d.kind == DEVIATION_LOST || f->d.kind == DEVIATION_STOPPED;
		if (lost && q->own[f->d.service] > 0) {
			f->weight *= fmin(1, q->own[f->d.service]);
			f->d.points *= fmin(1, q->own[f->d.service]);
		}
	}
	for (size_t i = 0; i < t->scene->service_count; i++)
		t->parts[i][PART_SLOW] *= q->own[i] > 0 ? fmin(1, q->own[i]) : 1;
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
		else if (is_trouble(finding_at(q, i)))
			q->own[finding_at(q, i)->d.service] = 1;
	}
	explain_lost(q);
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
	choose_findings(q);
	time_findings(q);
	find_named(q);
	find_lasting(q);
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
