/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/table.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * Who failed first within the failing requests. In each request of the incident the deviations are
 * laid out in time. An error is explained there when another service deviated before it; a lost
 * step when another service deviated between the last line that came and the next one, that is,
 * while it waited. A stopped call is explained by nothing: the line that is missing would have been
 * the first of its service. What is explained in most requests keeps little of its points:
 * y = x * (own + 1/2) / (all + 1/2). The same pairs are the links of the report, with the number of
 * requests and the median time between.
 *
 * Only a deviation worth more than a nat explains another: else noise would explain anything.
 */
#define LEAST_CAUSE 1.0

/* More deviations in one request than this are not laid out: a request id that is a constant. */
#define ENTRIES_MAX 256

struct entry {
	int64_t from_ns;
	int64_t to_ns; /* LOST: of the next line, INT64_MAX: none came */
	uint32_t finding;
};

struct link_key {
	uint32_t effect;
	uint32_t cause;
};

struct laid_link {
	struct link_key key;
	double lag_seconds;
};

struct blaming {
	struct trial *t;
	struct entry entries[ENTRIES_MAX];
	size_t count;
	bool crowded;
	uint64_t problems; /* bits of subjects (request_bit): a request without any of them */
	uint64_t lost;	   /* has no such deviation */
	uint64_t stopped;
	uint64_t slow;
	uint8_t *lost_after; /* of each subject: one of its pairs is LOST */
	uint32_t
		*slow_after; /* of each subject: the first SLOW edge within its service; NO_INDEX */
	struct laid_link *links;
	size_t link_count;
	size_t link_capacity;
};

/* One entry a deviation and request: the first. */
static void add_entry(struct blaming *b, uint32_t finding, int64_t from_ns, int64_t to_ns)
{
	if (b->crowded)
		return;
	for (size_t i = 0; i < b->count; i++) {
		if (b->entries[i].finding != finding)
			continue;
		if (from_ns < b->entries[i].from_ns)
			b->entries[i] = (struct entry){ from_ns, to_ns, finding };
		return;
	}
	if (b->count == ENTRIES_MAX)
		b->crowded = true;
	else
		b->entries[b->count++] = (struct entry){ from_ns, to_ns, finding };
}

static void lay_problems(struct blaming *b, const struct request *q)
{
	struct trial *t = b->t;
	const struct requests *r = t->requests;
	for (uint32_t i = 0; i < q->node_count; i++) {
		const struct node *node = &r->nodes[q->first_node + i];
		uint32_t rule = t->scene->subjects[node->subject].rule_subject;
		bool own = t->of_subject[node->subject] != NO_INDEX;
		if ((!own && rule == NO_INDEX) ||
			scene_side(&t->period, q->base, node->time_ns) != SIDE_INCIDENT)
			continue;
		if (own)
			add_entry(b, t->of_subject[node->subject], node->time_ns, node->time_ns);
		if (rule != NO_INDEX && t->of_subject[rule] != NO_INDEX)
			add_entry(b, t->of_subject[rule], node->time_ns, node->time_ns);
	}
}

static bool holds(const uint32_t *sorted, uint32_t count, uint32_t wanted)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (sorted[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && sorted[low] == wanted;
}

/* A step of the run is lost: from the last line `a` to whatever came next. */
static void lay_lost_of(struct blaming *b, const struct run *run, uint32_t a)
{
	struct trial *t = b->t;
	const struct requests *r = t->requests;
	for (uint32_t pair = r->first_pair[a]; pair < r->first_pair[a + 1]; pair++) {
		if (t->of_pair[pair] == NO_INDEX ||
			holds(r->steps + run->first_step, run->step_count, pair))
			continue;
		uint32_t at = run->count;
		while (t->scene->events[r->order[run->first + at - 1]].subject != a)
			at--;
		int64_t from_ns = t->scene->events[r->order[run->first + at - 1]].time_ns;
		int64_t to_ns = at < run->count
					? t->scene->events[r->order[run->first + at]].time_ns
					: INT64_MAX;
		add_entry(b, t->of_pair[pair], from_ns, to_ns);
	}
}

static void lay_lost(struct blaming *b, const struct request *q)
{
	struct trial *t = b->t;
	const struct requests *r = t->requests;
	for (uint32_t i = q->first_run; i < q->first_run + q->run_count; i++) {
		const struct run *run = &r->runs[i];
		uint32_t last = NO_INDEX;
		if (scene_side(&t->period, q->base, run->time_ns) != SIDE_INCIDENT)
			continue;
		for (uint32_t k = 0; k < run->step_count; k++) {
			uint32_t a = r->pairs[r->steps[run->first_step + k]].a;
			if (a != last && b->lost_after[a])
				lay_lost_of(b, run, a);
			last = a;
		}
	}
}

static void lay_stopped(struct blaming *b, const struct request *q)
{
	struct trial *t = b->t;
	const struct requests *r = t->requests;
	for (uint32_t i = 0; i < q->node_count; i++) {
		const struct node *node = &r->nodes[q->first_node + i];
		uint32_t end = r->first_call[node->subject + 1];
		for (uint32_t call = r->first_call[node->subject]; call < end; call++) {
			if (t->of_call[call] != NO_INDEX &&
				!holds(r->called + q->first_call, q->call_count, call))
				add_entry(b, t->of_call[call], node->time_ns, node->time_ns);
		}
	}
}

/* A slow step deviates from the moment on at which it is later than normal. */
static void lay_late(struct blaming *b, uint32_t edge, int64_t from_ns, int64_t to_ns)
{
	int64_t late_ns = from_ns + (int64_t)(b->t->late_seconds[edge] * 1e9);
	if (b->t->of_edge[edge] != NO_INDEX && to_ns > late_ns)
		add_entry(b, b->t->of_edge[edge], late_ns, to_ns);
}

static void lay_slow(struct blaming *b, const struct request *q)
{
	const struct requests *r = b->t->requests;
	const struct scene_event *events = b->t->scene->events;
	for (uint32_t i = 0; i < q->gap_count; i++) {
		const struct gap *g = &r->gaps[q->first_gap + i];
		if (b->t->of_edge[g->edge] != NO_INDEX && r->edges[g->edge].kind != EDGE_WITHIN)
			lay_late(b, g->edge,
				g->time_ns - (int64_t)(exp((double)g->ln_seconds) * 1e9),
				g->time_ns);
	}
	/* within a service its own next line ends the step, whoever spoke in between (callers that
	 * gave up waiting do) and whatever it says: by then the usual one should have come */
	for (uint32_t i = q->first_run; i < q->first_run + q->run_count; i++) {
		const uint32_t *order = r->order + r->runs[i].first;
		for (uint32_t k = 1; k < r->runs[i].count; k++) {
			const struct scene_event *x = &events[order[k - 1]], *y = &events[order[k]];
			for (uint32_t e = b->slow_after[x->subject];
				e < r->edge_count && r->edges[e].kind == EDGE_WITHIN &&
				r->edges[e].a == x->subject;
				e++)
				lay_late(b, e, x->time_ns, y->time_ns);
		}
	}
}

static bool explains(const struct trial *t, const struct entry *cause, const struct entry *effect)
{
	const struct finding *c = &t->findings[cause->finding], *e = &t->findings[effect->finding];
	/* a stamp of whole seconds: it was somewhere in this second */
	int64_t cause_ns = cause->from_ns + (t->scene->coarse[c->d.service] ? NS_PER_S - 1 : 0);
	if (c->d.service == e->d.service || c->d.raw <= LEAST_CAUSE)
		return false;
	switch (e->d.kind) {
	case DEVIATION_NEW:
	case DEVIATION_MORE:
		/* a caller that still waits has not failed yet: its lost step dates from when it went on */
		if (c->d.kind == DEVIATION_LOST && cause->to_ns != INT64_MAX)
			return cause->to_ns < effect->from_ns;
		return cause_ns < effect->from_ns;
	case DEVIATION_LOST:
		return cause_ns > effect->from_ns && cause_ns < effect->to_ns;
	default:
		return false;
	}
}

/* For the report's links a slow step explains too: it came first, whatever it is worth. */
static bool precedes(const struct trial *t, const struct entry *cause, const struct entry *effect)
{
	const struct finding *c = &t->findings[cause->finding], *e = &t->findings[effect->finding];
	/* a stamp of whole seconds: it was somewhere in this second */
	int64_t cause_ns = cause->from_ns + (t->scene->coarse[c->d.service] ? NS_PER_S - 1 : 0);
	if (explains(t, cause, effect))
		return true;
	return c->d.kind == DEVIATION_SLOW && c->d.service != e->d.service &&
	       e->d.kind <= DEVIATION_MORE && c->d.points > LEAST_CAUSE &&
	       cause_ns < effect->from_ns;
}

/* First line of the service in the request; INT64_MAX: none. */
static int64_t entered_ns(const struct blaming *b, const struct request *q, uint32_t service)
{
	int64_t first_ns = INT64_MAX;
	for (uint32_t i = 0; i < q->node_count; i++) {
		const struct node *node = &b->t->requests->nodes[q->first_node + i];
		if (b->t->scene->subjects[node->subject].service == service)
			first_ns = i64_min(first_ns, node->time_ns);
	}
	return first_ns;
}

/*
 * A caller is slow while it waits for whom it called: its step is late before anything fails there, and
 * is no cause of it. So a slow step is linked only to what it was called by, that is, to services that
 * the request came to earlier.
 */
static bool is_outer(const struct blaming *b, const struct request *q, const struct entry *cause,
	const struct entry *effect)
{
	const struct finding *c = &b->t->findings[cause->finding],
			     *e = &b->t->findings[effect->finding];
	return c->d.kind == DEVIATION_SLOW &&
	       entered_ns(b, q, c->d.service) < entered_ns(b, q, e->d.service);
}

static void settle(struct blaming *b, const struct request *q)
{
	struct finding *findings = b->t->findings;
	for (size_t i = 0; i < b->count; i++) {
		struct finding *f = &findings[b->entries[i].finding];
		bool explained = false;
		if (f->d.kind == DEVIATION_SLOW)
			continue;
		for (size_t k = 0; k < b->count; k++) {
			explained |= explains(b->t, &b->entries[k], &b->entries[i]);
			if (b->t->unlinked || !precedes(b->t, &b->entries[k], &b->entries[i]) ||
				is_outer(b, q, &b->entries[k], &b->entries[i]))
				continue;
			mem_grow(&b->links, b->link_count, &b->link_capacity);
			b->links[b->link_count++] = (struct laid_link){
				{ b->entries[i].finding, b->entries[k].finding },
				fabs((double)(b->entries[i].from_ns - b->entries[k].from_ns)) / 1e9
			};
		}
		f->seen++;
		f->own += !explained;
		if (f->d.first_ns == TIME_NONE || b->entries[i].from_ns < f->d.first_ns)
			f->d.first_ns = b->entries[i].from_ns;
	}
}

static int by_key_and_lag(const void *a, const void *b)
{
	const struct laid_link *x = a, *y = b;
	if (x->key.effect != y->key.effect)
		return x->key.effect < y->key.effect ? -1 : 1;
	if (x->key.cause != y->key.cause)
		return x->key.cause < y->key.cause ? -1 : 1;
	return x->lag_seconds < y->lag_seconds ? -1 : x->lag_seconds > y->lag_seconds;
}

static void sum_links(struct blaming *b)
{
	struct trial *t = b->t;
	size_t capacity = 0;
	if (b->link_count > 0)
		qsort(b->links, b->link_count, sizeof(*b->links), by_key_and_lag);
	for (size_t i = 0, end; i < b->link_count; i = end) {
		end = i + 1;
		while (end < b->link_count && b->links[end].key.effect == b->links[i].key.effect &&
			b->links[end].key.cause == b->links[i].key.cause)
			end++;
		mem_grow(&t->blames, t->blame_count, &capacity);
		t->blames[t->blame_count++] = (struct blame){ b->links[i].key.effect,
			b->links[i].key.cause, end - i, t->findings[b->links[i].key.effect].seen,
			b->links[i + (end - i - 1) / 2].lag_seconds, 0, 0 };
	}
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

/* What was seen in no request is its service's own, as far as anyone can tell. */
static void weigh_own(struct trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		if (f->ordinary || f->d.kind == DEVIATION_SLOW)
			continue;
		bool problem = f->d.kind <= DEVIATION_MORE;
		if (f->seen == 0 && problem)
			f->seen = f->own = f->d.count;
		double own = f->seen == 0 ? 0 : ((double)f->own + 0.5) / ((double)f->seen + 0.5);
		f->weight = trial_tempered(f->d.raw) * own;
		f->d.points = soft_cap(f->weight, PART_CAP);
	}
}

/* What is looked for in a request, by the subject that it stands at. */
static void find_wanted(struct blaming *b)
{
	const struct trial *t = b->t;
	const struct requests *r = t->requests;
	for (uint32_t i = 0; i < t->scene->subject_count; i++) {
		uint32_t rule = t->scene->subjects[i].rule_subject;
		if (t->of_subject[i] != NO_INDEX ||
			(rule != NO_INDEX && t->of_subject[rule] != NO_INDEX))
			b->problems |= request_bit(i);
	}
	for (size_t i = 0; i < r->pair_count; i++) {
		b->lost_after[r->pairs[i].a] |= t->of_pair[i] != NO_INDEX;
		b->lost |= t->of_pair[i] != NO_INDEX ? request_bit(r->pairs[i].a) : 0;
	}
	for (size_t i = 0; i < r->call_count; i++)
		b->stopped |= t->of_call[i] != NO_INDEX ? request_bit(r->calls[i].a) : 0;
	for (uint32_t i = (uint32_t)r->edge_count; i-- > 0;) {
		if (t->of_edge[i] == NO_INDEX)
			continue;
		b->slow |= request_bit(r->edges[i].a);
		if (r->edges[i].kind == EDGE_WITHIN)
			b->slow_after[r->edges[i].a] = i;
	}
}

static void lay_out(struct blaming *b, const struct request *q)
{
	const struct trial *t = b->t;
	uint64_t at_start = q->subjects & (b->stopped | b->slow);
	b->count = 0;
	b->crowded = false;
	if (q->subjects & b->problems)
		lay_problems(b, q);
	if (q->subjects & b->lost)
		lay_lost(b, q);
	if (at_start == 0 || scene_side(&t->period, q->base, q->time_ns) != SIDE_INCIDENT)
		return;
	if (at_start & b->stopped)
		lay_stopped(b, q);
	if (at_start & b->slow)
		lay_slow(b, q);
}

void trial_blame(struct trial *t)
{
	const struct requests *r = t->requests;
	struct blaming *b = mem_zalloc(1, sizeof(*b));
	b->t = t;
	b->lost_after = mem_zalloc(t->scene->subject_count + 1, 1);
	b->slow_after = mem_alloc((t->scene->subject_count + 1) * sizeof(*b->slow_after));
	memset(b->slow_after, 0xff, (t->scene->subject_count + 1) * sizeof(*b->slow_after));
	find_wanted(b);
	uint64_t wanted = b->problems | b->lost | b->stopped | b->slow;
	for (size_t i = 0; i < r->count; i++) {
		if ((r->requests[i].subjects & wanted) == 0)
			continue;
		lay_out(b, &r->requests[i]);
		if (!b->crowded)
			settle(b, &r->requests[i]);
	}
	sum_links(b);
	weigh_own(t);
	free(b->lost_after);
	free(b->slow_after);
	free(b->links);
	free(b);
}
