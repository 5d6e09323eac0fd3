/* SPDX-License-Identifier: MIT */
/*
 * The method is that of NTP (RFC 5905), with log lines for packets. When A calls B and both tell of
 * the request, B's lines lie between A's first and last one. If B's clock is ahead by d, what is
 * seen is B's first line at most d after A's first, if A called, and B's last at least d before or
 * after A's last: so d lies between (first of B - first of A) and (last of B - last of A),
 * whichever of the two called the other. Each request gives such an interval. Where the clocks do
 * differ by some d, all intervals hold it, and what most of them have in common (Marzullo's
 * algorithm) is its estimate and its uncertainty. Where B only works later what A has left it, the
 * delays vary and the intervals have nothing in common; so an offset is said only when nine in ten
 * agree, and when it is more than a second, which a stamp of whole seconds could make up.
 */
#include "lineup/skew.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"
#include "lineup/table.h"

#define SERVICES_MAX 16	      /* of one request; what more tell of is a batch */
#define REQUESTS_MIN 10	      /* that two services must share */
#define SKEW_MIN_NS  NS_PER_S /* what stamps of whole seconds make up */
#define NOTES_MAX    5
#define NAMES_MAX    3

/* What one request says of two clocks: the second is ahead of the first by from_ns to to_ns. */
struct interval {
	uint64_t pair;
	int64_t from_ns;
	int64_t to_ns;
};

struct skew {
	uint32_t service; /* whose clock is ahead by from_ns to to_ns ... */
	uint32_t other;	  /* ... of this one's */
	size_t requests;
	int64_t from_ns;
	int64_t to_ns;
	bool said;
};

struct stay {
	uint32_t service;
	uint32_t lines;
	int64_t first_ns;
	int64_t last_ns;
};

struct intervals {
	struct interval *items;
	size_t count;
	size_t capacity;
};

static int by_pair(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;
	if (x->pair != y->pair)
		return x->pair < y->pair ? -1 : 1;
	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	return (x->to_ns > y->to_ns) - (x->to_ns < y->to_ns);
}

/* The stays of a request in its services; 0 when these are too many. */
static size_t stays_of(
	const struct request_event *events, size_t count, struct stay stays[SERVICES_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		size_t s = 0;
		while (s < n && stays[s].service != events[i].service)
			s++;
		if (s == SERVICES_MAX)
			return 0;
		if (s == n)
			stays[n++] = (struct stay){ events[i].service, 0, events[i].time_ns,
				events[i].time_ns };
		stays[s].lines++;
		stays[s].last_ns = events[i].time_ns;
	}
	return n;
}

/* One of the two must have told of it twice: it may have called the other in between. */
static void add_pairs(struct intervals *all, const struct stay *stays, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			const struct stay *a = &stays[i], *b = &stays[j];
			if (a->service >= b->service || (a->lines < 2 && b->lines < 2))
				continue;
			int64_t first = b->first_ns - a->first_ns, last = b->last_ns - a->last_ns;
			mem_grow(&all->items, all->count, &all->capacity);
			all->items[all->count++] =
				(struct interval){ (uint64_t)a->service << 32 | b->service,
					i64_min(first, last), i64_max(first, last) };
		}
	}
}

/* How many intervals of a pair there are, and how many hold an offset that would be said. */
struct spread {
	size_t count;
	size_t ahead;
	size_t behind;
};

static bool may_be_said(const struct spread *s)
{
	return s->count >= REQUESTS_MIN &&
	       (s->ahead * 10 >= s->count * 9 || s->behind * 10 >= s->count * 9);
}

/*
 * Most clocks agree, and to see that takes no sorting: where an offset is said, nine in ten
 * intervals reach as far as the least of them. All others are left out.
 */
static void leave_agreed(struct intervals *all)
{
	struct table numbers = { 0 };
	struct spread *spreads = NULL;
	size_t count = 0, capacity = 0, kept = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct interval *in = &all->items[i];
		uint64_t *number = table_put(&numbers, in->pair);
		if (*number == 0) {
			mem_grow(&spreads, count, &capacity);
			spreads[count++] = (struct spread){ 0 };
			*number = count;
		}
		struct spread *s = &spreads[*number - 1];
		s->count++;
		s->ahead += in->to_ns >= SKEW_MIN_NS;
		s->behind += in->from_ns <= -SKEW_MIN_NS;
	}
	for (size_t i = 0; i < all->count; i++) {
		const uint64_t *number = table_get(&numbers, all->items[i].pair);
		if (may_be_said(&spreads[*number - 1]))
			all->items[kept++] = all->items[i];
	}
	all->count = kept;
	table_release(&numbers);
	free(spreads);
}

static void collect(const struct findings *f, struct intervals *all)
{
	struct stay stays[SERVICES_MAX];
	for (size_t begin = 0, end; begin < f->event_count; begin = end) {
		for (end = begin;
			end < f->event_count && f->events[end].request == f->events[begin].request;
			end++)
			;
		add_pairs(all, stays, stays_of(f->events + begin, end - begin, stays));
	}
	leave_agreed(all);
	if (all->count > 0)
		qsort(all->items, all->count, sizeof(*all->items), by_pair);
}

/* What most of the intervals, sorted by their begin, have in common; how many they are. */
static size_t agreement(const struct interval *items, size_t count, struct skew *skew)
{
	int64_t *ends = mem_zalloc(count, sizeof(*ends));
	for (size_t i = 0; i < count; i++)
		ends[i] = items[i].to_ns;
	sort_times(ends, count);
	size_t best = 0, closed = 0;
	for (size_t i = 0; i < count; i++) {
		while (ends[closed] < items[i].from_ns)
			closed++;
		if (i + 1 - closed > best) {
			best = i + 1 - closed;
			skew->from_ns = items[i].from_ns;
			skew->to_ns = ends[closed];
		}
	}
	free(ends);
	return best;
}

static size_t estimate(const struct intervals *all, struct skew **skews)
{
	size_t n = 0, capacity = 0;
	for (size_t begin = 0, end; begin < all->count; begin = end) {
		uint64_t pair = all->items[begin].pair;
		for (end = begin; end < all->count && all->items[end].pair == pair; end++)
			;
		struct skew s = { .service = (uint32_t)pair,
			.other = (uint32_t)(pair >> 32),
			.requests = end - begin };
		if (s.requests < REQUESTS_MIN ||
			agreement(all->items + begin, s.requests, &s) * 10 < s.requests * 9 ||
			(s.from_ns < SKEW_MIN_NS && s.to_ns > -SKEW_MIN_NS))
			continue;
		mem_grow(skews, n, &capacity);
		(*skews)[n++] = s;
	}
	return n;
}

/* Turns a skew around so that it is about `service`; false when it is of two others, or said. */
static bool turn(struct skew *s, uint32_t service)
{
	if (s->said || (s->service != service && s->other != service))
		return false;
	if (s->other == service) {
		*s = (struct skew){ .service = service,
			.other = s->service,
			.requests = s->requests,
			.from_ns = -s->to_ns,
			.to_ns = -s->from_ns };
	}
	return true;
}

/* The service of the most skews: it is rather its clock that is wrong. Ties go by name. */
static uint32_t pick(const struct skew *skews, size_t count, size_t service_count)
{
	size_t best = 0;
	uint32_t service = UINT32_MAX;
	for (uint32_t s = 0; s < service_count; s++) {
		size_t n = 0;
		for (size_t i = 0; i < count; i++)
			n += !skews[i].said && (skews[i].service == s || skews[i].other == s);
		if (n > best) {
			best = n;
			service = s;
		}
	}
	return service;
}

static struct str duration(struct arena *arena, int64_t ns)
{
	double seconds = (double)(ns < 0 ? -ns : ns) / 1e9;
	if (seconds < 120)
		return arena_printf(arena, "%.1f s", seconds);
	return seconds < 2 * 3600 ? arena_printf(arena, "%.1f min", seconds / 60)
				  : arena_printf(arena, "%.2f h", seconds / 3600);
}

/* Zones differ by quarters of an hour. */
static bool may_be_zone(const struct skew *s)
{
	int64_t quarter = 900 * NS_PER_S;
	int64_t middle = s->from_ns + (s->to_ns - s->from_ns) / 2;
	int64_t nearest = (middle + (middle < 0 ? -quarter : quarter) / 2) / quarter * quarter;
	return nearest != 0 && nearest >= s->from_ns - SKEW_MIN_NS &&
	       nearest <= s->to_ns + SKEW_MIN_NS;
}

/* A service's skew of most requests, and with it those to others that agree. */
static struct str say(struct findings *f, struct skew *skews, size_t count, uint32_t service)
{
	struct buf names = BUF_INIT(4096);
	struct skew *main = NULL;
	size_t others = 0;
	for (size_t i = 0; i < count; i++) {
		if (turn(&skews[i], service) &&
			(main == NULL || skews[i].requests > main->requests))
			main = &skews[i];
	}
	for (size_t i = 0; i < count; i++) {
		if (!turn(&skews[i], service) || skews[i].from_ns > main->to_ns + SKEW_MIN_NS ||
			skews[i].to_ns < main->from_ns - SKEW_MIN_NS)
			continue;
		skews[i].said = true;
		if (others++ < NAMES_MAX)
			buf_printf(&names, "%s%.*s", others > 1 ? ", " : "",
				STR_ARG(f->services[skews[i].other].name));
	}
	if (others > NAMES_MAX)
		buf_printf(&names, " and %zu more", others - NAMES_MAX);
	int64_t middle = main->from_ns + (main->to_ns - main->from_ns) / 2;
	struct str note = arena_printf(&f->arena,
		"%.*s: its clock is %.*s %s that of %.*s, give or take %.*s, by %zu requests that "
		"both tell of%s; times are left as they were read",
		STR_ARG(f->services[service].name), STR_ARG(duration(&f->arena, middle)),
		middle < 0 ? "behind" : "ahead of", STR_ARG(buf_str(&names)),
		STR_ARG(duration(&f->arena, main->to_ns - middle)), main->requests,
		may_be_zone(main) ? "; it may be a zone that its stamps leave out" : "");
	buf_release(&names);
	return note;
}

/* Clocks by which requests are put in order (clocks.c) and that differ by less than is said one by
 * one. */
static void say_small(struct findings *f)
{
	struct buf names = BUF_INIT(4096);
	size_t count = 0;
	int64_t most_ns = 0;
	for (size_t i = 0; i < f->service_count; i++) {
		int64_t ahead_ns = f->services[i].ahead_ns;
		if (ahead_ns == 0 || ahead_ns >= SKEW_MIN_NS || ahead_ns <= -SKEW_MIN_NS)
			continue;
		most_ns = i64_max(most_ns, ahead_ns < 0 ? -ahead_ns : ahead_ns);
		if (count++ < NAMES_MAX)
			buf_printf(&names, "%s%.*s", count > 1 ? ", " : "",
				STR_ARG(f->services[i].name));
	}
	if (count > NAMES_MAX)
		buf_printf(&names, " and %zu more", count - NAMES_MAX);
	if (count > 0)
		findings_note(f,
			arena_printf(&f->arena,
				"%.*s: by the requests that they share with others the clock%s up "
				"to %lld ms off; requests are put in order without that, times "
				"are shown as they were read",
				STR_ARG(buf_str(&names)), count > 1 ? "s are" : " is",
				(long long)((most_ns + NS_PER_MS / 2) / NS_PER_MS)));
	buf_release(&names);
}

void skew_notes(struct findings *f)
{
	struct intervals all = { .count = 0 };
	struct skew *skews = NULL;
	collect(f, &all);
	size_t count = estimate(&all, &skews);
	for (size_t n = 0; n < NOTES_MAX && count > 0; n++) {
		uint32_t service = pick(skews, count, f->service_count);
		if (service == UINT32_MAX)
			break;
		findings_note(f, say(f, skews, count, service));
	}
	free(skews);
	free(all.items);
	say_small(f);
}
