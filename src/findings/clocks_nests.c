/* SPDX-License-Identifier: MIT */
#include "src/findings/clocks.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "lineup/table.h"

/*
 * Who called whom is not known while the clocks are not, but how long things took is: a visit of a
 * service to a request (from its first line to its last) that was called between two lines of
 * another one is never longer than the time between these two. Where it fits, the request leaves
 * the offset d of the inner clock to the outer one between (end of the visit - second line) and
 * (begin of the visit - first line): Cristian's bounds, of a call instead of a message. If the
 * visit was called there, all requests' bounds hold the same d; if not, the time that passes
 * between the two varies, and mostly no d is left that all bounds hold.
 *
 * A visit of one line has no length that could be too long for anything: it may as well be that of
 * a caller that speaks when all is done.
 *
 * Visits are told by the line that they begin with, steps by both their lines, and where a request
 * has several of either, the first belongs to the first, as long as they are equally many. Nine in
 * ten must fit and agree: lines get lost, and some calls are given up.
 *
 * How much it says: the less room there is around the visits (the median over the requests) the
 * less likely they fit by luck; and where the bounds of all leave but a small part of that room,
 * they nearly did not agree.
 */
#define REQUESTS_MAX                                                                               \
	512		  /* that are looked at, evenly spread: enough for what all have in common \
			   */
#define REQUEST_LINES 256 /* of longer ones none: batches */
#define VISITS_MIN    10
#define INTERVALS_MAX ((size_t)1 << 20)
#define LEAST_ROOM_NS NS_PER_MS /* most stamps tell no less */

struct line {
	uint64_t span;
	uint32_t service;
	uint32_t subject;
	int64_t time_ns;
};

/* A visit, of which `second` is no subject and the same for all, or a step. */
struct piece {
	uint32_t service;
	uint32_t first;
	uint32_t second;
	int64_t from_ns;
	int64_t to_ns;
};

struct pieces {
	struct piece items[REQUEST_LINES];
	size_t count;
};

struct interval {
	uint32_t guess;
	int64_t from_ns;
	int64_t to_ns;
};

/* A visit and a step that may belong together. */
struct guess {
	uint32_t outer, inner;
	size_t count; /* how often both were there, */
	size_t fit;   /* and the visit not too long */
};

struct collecting {
	struct table numbers; /* of guesses, plus 1 */
	struct guess *guesses;
	size_t guess_count, guess_capacity;
	struct interval *intervals;
	size_t interval_count, interval_capacity;
	struct line lines[REQUEST_LINES];
	struct pieces visits, steps;
};

/* Lines come in order of time, and this sort of few or many keeps it by comparing places. */
static int by_run(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	if (x->span != y->span)
		return x->span < y->span ? -1 : 1;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static int by_what_then_time(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->second != y->second)
		return x->second < y->second ? -1 : 1;
	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	return (x->to_ns > y->to_ns) - (x->to_ns < y->to_ns);
}

/* How much later the line may have been written than its stamp says. */
static int64_t cut_off_ns(int64_t time_ns)
{
	return time_ns % NS_PER_S == 0 ? NS_PER_S : time_ns % NS_PER_MS == 0 ? NS_PER_MS : 0;
}

static struct guess *guess_of(
	struct collecting *c, const struct piece *visit, const struct piece *step)
{
	uint64_t key = ((uint64_t)step->first << 32 | step->second) * 0x9e3779b97f4a7c15ULL ^
		       ((uint64_t)visit->service << 32 | visit->first) * 0xc2b2ae3d27d4eb4fULL ^
		       step->service;
	uint64_t *number = table_put(&c->numbers, key);
	if (*number == 0) {
		mem_grow(&c->guesses, c->guess_count, &c->guess_capacity);
		c->guesses[c->guess_count++] =
			(struct guess){ step->service, visit->service, 0, 0 };
		*number = c->guess_count;
	}
	return &c->guesses[*number - 1];
}

static void add_guess(
	struct collecting *c, const struct piece *visits, const struct piece *steps, size_t count)
{
	struct guess *g = guess_of(c, visits, steps);
	for (size_t i = 0; i < count; i++) {
		const struct piece *v = &visits[i], *s = &steps[i];
		int64_t low_ns = v->to_ns - s->to_ns - cut_off_ns(s->to_ns);
		int64_t high_ns = v->from_ns - s->from_ns + cut_off_ns(v->from_ns);
		g->count++;
		if (low_ns > high_ns || c->interval_count == INTERVALS_MAX)
			continue;
		g->fit++;
		mem_grow(&c->intervals, c->interval_count, &c->interval_capacity);
		c->intervals[c->interval_count++] =
			(struct interval){ (uint32_t)(g - c->guesses), low_ns, high_ns };
	}
}

static void find_pieces(struct collecting *c, size_t count)
{
	c->visits.count = c->steps.count = 0;
	for (size_t i = 0, end; i < count; i = end) {
		const struct line *first = &c->lines[i];
		for (end = i + 1; end < count && c->lines[end].span == first->span &&
				  c->lines[end].service == first->service;
			end++) {
			const struct line *x = &c->lines[end - 1], *y = &c->lines[end];
			c->steps.items[c->steps.count++] = (struct piece){ x->service, x->subject,
				y->subject, x->time_ns, y->time_ns };
		}
		if (end - i < 2)
			continue;
		c->visits.items[c->visits.count++] = (struct piece){ first->service, first->subject,
			0, first->time_ns, c->lines[end - 1].time_ns };
	}
	sort_few(c->visits.items, c->visits.count, by_what_then_time);
	sort_few(c->steps.items, c->steps.count, by_what_then_time);
}

/* Where those end that are the same as the one at `from`. */
static size_t end_of_same(const struct pieces *p, size_t from)
{
	size_t end = from + 1;
	while (end < p->count && p->items[end].service == p->items[from].service &&
		p->items[end].first == p->items[from].first &&
		p->items[end].second == p->items[from].second)
		end++;
	return end;
}

static void add_request(struct collecting *c, const struct request_event *events, size_t count)
{
	bool several = false;
	for (size_t i = 0; i < count; i++) {
		c->lines[i] = (struct line){ events[i].span, events[i].service, events[i].subject,
			events[i].time_ns };
		several |= events[i].service != events[0].service;
	}
	if (!several)
		return;
	sort_few(c->lines, count, by_run);
	find_pieces(c, count);
	for (size_t v = 0, v_end; v < c->visits.count; v = v_end) {
		v_end = end_of_same(&c->visits, v);
		for (size_t s = 0, s_end; s < c->steps.count; s = s_end) {
			s_end = end_of_same(&c->steps, s);
			if (s_end - s == v_end - v &&
				c->steps.items[s].service != c->visits.items[v].service)
				add_guess(c, c->visits.items + v, c->steps.items + s, s_end - s);
		}
	}
}

static void collect(struct collecting *c, const struct findings *f)
{
	size_t requests = 0, step, number = 0;
	for (size_t i = 0; i < f->event_count; i++)
		requests += i == 0 || f->events[i].request != f->events[i - 1].request;
	step = requests / REQUESTS_MAX + 1;
	for (size_t begin = 0, end; begin < f->event_count; begin = end, number++) {
		for (end = begin + 1;
			end < f->event_count && f->events[end].request == f->events[begin].request;
			end++)
			;
		if (number % step == 0 && end - begin <= REQUEST_LINES)
			add_request(c, f->events + begin, end - begin);
	}
}

static bool may_be(const struct guess *g)
{
	return g->count >= VISITS_MIN && g->fit * 10 >= g->count * 9;
}

static int by_guess(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;
	if (x->guess != y->guess)
		return x->guess < y->guess ? -1 : 1;
	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	return (x->to_ns > y->to_ns) - (x->to_ns < y->to_ns);
}

/* What most of the intervals, sorted by their begin, have in common (Marzullo's algorithm). */
static size_t agreement(const struct interval *items, size_t count, int64_t *ends, struct nest *n)
{
	size_t best = 0, closed = 0;
	for (size_t i = 0; i < count; i++)
		ends[i] = items[i].to_ns;
	sort_times(ends, count);
	for (size_t i = 0; i < count; i++) {
		while (ends[closed] < items[i].from_ns)
			closed++;
		if (i + 1 - closed > best) {
			best = i + 1 - closed;
			n->from_ns = items[i].from_ns;
			n->to_ns = ends[closed];
		}
	}
	return best;
}

static double weight_of(
	const struct interval *items, size_t count, const struct nest *n, int64_t *rooms)
{
	for (size_t i = 0; i < count; i++)
		rooms[i] = items[i].to_ns - items[i].from_ns;
	sort_times(rooms, count);
	double room = (double)i64_max(rooms[count / 2], LEAST_ROOM_NS);
	double left = (double)(n->to_ns - n->from_ns);
	return (double)count * fmin(1, left / room) / (room / 1e9);
}

static struct nest *weigh(struct collecting *c, size_t *count)
{
	struct nest *nests = NULL;
	size_t kept = 0, n = 0, capacity = 0;
	for (size_t i = 0; i < c->interval_count; i++) {
		if (may_be(&c->guesses[c->intervals[i].guess]))
			c->intervals[kept++] = c->intervals[i];
	}
	int64_t *room = mem_zalloc(kept + 1, sizeof(*room));
	if (kept > 0)
		qsort(c->intervals, kept, sizeof(*c->intervals), by_guess);
	for (size_t i = 0, end; i < kept; i = end) {
		const struct guess *g = &c->guesses[c->intervals[i].guess];
		struct nest found = { .outer = g->outer, .inner = g->inner };
		for (end = i; end < kept && c->intervals[end].guess == c->intervals[i].guess; end++)
			;
		if (agreement(c->intervals + i, end - i, room, &found) * 10 < g->count * 9)
			continue;
		found.weight = weight_of(c->intervals + i, end - i, &found, room);
		mem_grow(&nests, n, &capacity);
		nests[n++] = found;
	}
	free(room);
	*count = n;
	return nests;
}

struct nest *clocks_nests(const struct findings *f, size_t *count)
{
	struct collecting *c = mem_zalloc(1, sizeof(*c));
	collect(c, f);
	struct nest *nests = weigh(c, count);
	table_release(&c->numbers);
	free(c->guesses);
	free(c->intervals);
	free(c);
	return nests;
}
