/* SPDX-License-Identifier: MIT */
#include "src/findings/clocks.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/table.h"

/*
 * From what each nest leaves possible to one offset for each clock. Nests that are none (a service
 * that is always called a while after another one fits into some step of it) say something wrong,
 * and not all of the same; so it is the offsets on which most agree, by weight.
 *
 * Clocks are joined into groups of which all offsets are known, the two groups first between which
 * most is said. The smaller one is shifted as a whole, so that most clocks keep their time. And
 * since clocks mostly agree, nothing is shifted unless more than twice as much speaks for it as for
 * leaving them as they are. Then each clock is looked at once more against all others: what was
 * joined early knew little.
 */
#define ROUNDS	       3
#define SURELY	       2
#define MANY	       4	 /* one in so many */
#define LEAST_SHIFT_NS NS_PER_MS /* what most stamps cannot tell */

struct end {
	int64_t at_ns;
	double weight; /* negative: it ends here */
};

struct bound {
	int64_t from_ns;
	int64_t to_ns;
};

struct solving {
	struct nest *nests;
	size_t nest_count;
	size_t service_count;
	int64_t *ahead_ns;
	uint32_t *group;
	uint32_t *size;	      /* of each group */
	struct bound *bounds; /* of the shift that is looked for */
	size_t bound_count;
	struct end *ends; /* of these */
	size_t end_count;
	double at_zero;
	size_t witnesses; /* that a shift needs */
};

static int by_time(const void *a, const void *b)
{
	const struct end *x = a, *y = b;
	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	/* what begins where another ends has that point in common */
	return (x->weight < y->weight) - (x->weight > y->weight);
}

static bool holds_zero(const struct bound *b)
{
	return b->from_ns <= LEAST_SHIFT_NS && b->to_ns >= -LEAST_SHIFT_NS;
}

static void add_bounds(struct solving *s, int64_t from_ns, int64_t to_ns, double weight)
{
	struct bound *b = &s->bounds[s->bound_count++];
	*b = (struct bound){ from_ns, to_ns };
	s->ends[s->end_count++] = (struct end){ from_ns, weight };
	s->ends[s->end_count++] = (struct end){ to_ns, -weight };
	if (holds_zero(b))
		s->at_zero += weight;
}

/* How many bounds hold the shift and not 0. */
static size_t speaking_for(const struct solving *s, int64_t shift_ns)
{
	size_t count = 0;
	for (size_t i = 0; i < s->bound_count; i++) {
		const struct bound *b = &s->bounds[i];
		count += b->from_ns <= shift_ns && b->to_ns >= shift_ns && !holds_zero(b);
	}
	return count;
}

/* The middle of where most bounds hold, or 0 where that is not much less likely. */
static int64_t shift_of(struct solving *s)
{
	double sum = 0, most = 0;
	int64_t from_ns = 0, to_ns = 0;
	if (s->end_count > 0)
		qsort(s->ends, s->end_count, sizeof(*s->ends), by_time);
	for (size_t i = 0; i + 1 < s->end_count; i++) {
		sum += s->ends[i].weight;
		if (s->ends[i].weight > 0 && sum > most * (1 + 1e-9)) {
			most = sum;
			from_ns = s->ends[i].at_ns;
			to_ns = s->ends[i + 1].at_ns;
		}
	}
	int64_t shift_ns = from_ns + (to_ns - from_ns) / 2;
	return most > SURELY * s->at_zero && speaking_for(s, shift_ns) >= s->witnesses ? shift_ns
										       : 0;
}

static void begin_bounds(struct solving *s)
{
	s->end_count = s->bound_count = 0;
	s->at_zero = 0;
}

/* The two groups between which most is said, which are never one; false: nothing is. */
static bool find_closest(const struct solving *s, uint32_t *one, uint32_t *other)
{
	struct table sums = { 0 };
	double *weights = mem_zalloc(s->nest_count + 1, sizeof(*weights)), most = 0;
	size_t count = 0;
	for (size_t i = 0; i < s->nest_count; i++) {
		uint32_t a = s->group[s->nests[i].outer], b = s->group[s->nests[i].inner];
		uint32_t low = a < b ? a : b, high = a < b ? b : a;
		if (a == b)
			continue;
		uint64_t *number = table_put(&sums, (uint64_t)low << 32 | high);
		if (*number == 0)
			*number = ++count;
		double sum = weights[*number - 1] += s->nests[i].weight;
		/* sums grow, so that the pair that ends as the largest comes by last; ties go to
		 * the one that is full first, and nests are in a set order */
		if (sum > most) {
			most = sum;
			*one = low;
			*other = high;
		}
	}
	table_release(&sums);
	free(weights);
	return most > 0;
}

static void join(struct solving *s, uint32_t kept, uint32_t moved)
{
	if (s->size[moved] > s->size[kept]) {
		uint32_t swapped = kept;
		kept = moved;
		moved = swapped;
	}
	begin_bounds(s);
	for (size_t i = 0; i < s->nest_count; i++) {
		const struct nest *n = &s->nests[i];
		uint32_t outer = s->group[n->outer], inner = s->group[n->inner];
		int64_t known_ns = s->ahead_ns[n->inner] - s->ahead_ns[n->outer];
		if (outer == kept && inner == moved)
			add_bounds(s, n->from_ns - known_ns, n->to_ns - known_ns, n->weight);
		else if (outer == moved && inner == kept)
			add_bounds(s, known_ns - n->to_ns, known_ns - n->from_ns, n->weight);
	}
	int64_t shift_ns = shift_of(s);
	for (uint32_t i = 0; i < s->service_count; i++) {
		if (s->group[i] != moved)
			continue;
		s->ahead_ns[i] += shift_ns;
		s->group[i] = kept;
	}
	s->size[kept] += s->size[moved];
}

/* One clock against all others, as they are known by now. */
static void look_again(struct solving *s, uint32_t service)
{
	begin_bounds(s);
	for (size_t i = 0; i < s->nest_count; i++) {
		const struct nest *n = &s->nests[i];
		int64_t known_ns = s->ahead_ns[n->inner] - s->ahead_ns[n->outer];
		if (n->inner == service)
			add_bounds(s, n->from_ns - known_ns, n->to_ns - known_ns, n->weight);
		else if (n->outer == service)
			add_bounds(s, known_ns - n->to_ns, known_ns - n->from_ns, n->weight);
	}
	s->ahead_ns[service] += shift_of(s);
}

static void solve(struct solving *s, size_t witnesses)
{
	uint32_t one = 0, other = 0;
	s->witnesses = witnesses;
	for (uint32_t i = 0; i < s->service_count; i++) {
		s->ahead_ns[i] = 0;
		s->group[i] = i;
		s->size[i] = 1;
	}
	while (find_closest(s, &one, &other))
		join(s, one, other);
	for (int round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i < s->service_count; i++)
			look_again(s, i);
	}
}

/* Are many of the clocks of which anything is known shifted? */
static bool are_many_off(const struct solving *s)
{
	size_t known = 0, off = 0;
	for (uint32_t i = 0; i < s->service_count; i++) {
		known += s->group[i] != i || s->size[i] > 1;
		off += s->ahead_ns[i] != 0;
	}
	return off > 0 && off * MANY >= known;
}

/*
 * Clocks that are a second and more apart are said one by one (skew.c), and their times left as
 * they are. Nothing is put right beside them: one that is found in part, where others are so far
 * apart, does more harm than all that are left together.
 */
static bool any_far_apart(const struct solving *s)
{
	for (size_t i = 0; i < s->service_count; i++) {
		if (s->ahead_ns[i] >= NS_PER_S || s->ahead_ns[i] <= -NS_PER_S)
			return true;
	}
	return false;
}

/*
 * Where most clocks agree they are kept in time, and so is probably the one that is left: a service
 * that is called a while after others each time fits into some step of theirs by luck. So it is
 * shifted only if its calls cannot be as they stand, that is, if there is no step of another one
 * that holds its visits without that.
 */
static void leave_who_fits(struct solving *s)
{
	for (size_t i = 0; i < s->nest_count; i++) {
		const struct nest *n = &s->nests[i];
		int64_t known_ns = s->ahead_ns[n->outer];
		struct bound as_it_stands = { n->from_ns + known_ns, n->to_ns + known_ns };
		if (holds_zero(&as_it_stands))
			s->ahead_ns[n->inner] = 0;
	}
}

void clocks_find(struct findings *f)
{
	struct solving s = { .service_count = f->service_count };
	s.nests = clocks_nests(f, &s.nest_count);
	s.bounds = mem_zalloc(s.nest_count + 1, sizeof(*s.bounds));
	s.ends = mem_zalloc(2 * s.nest_count + 1, sizeof(*s.ends));
	s.ahead_ns = mem_zalloc(f->service_count + 1, sizeof(*s.ahead_ns));
	s.group = mem_zalloc(f->service_count + 1, sizeof(*s.group));
	s.size = mem_zalloc(f->service_count + 1, sizeof(*s.size));
	if (s.nest_count > 0) {
		solve(&s, 2);
		if (are_many_off(&s))
			solve(&s, 1);
		else
			leave_who_fits(&s);
	}
	bool apart = any_far_apart(&s);
	for (size_t i = 0; i < f->service_count; i++)
		f->services[i].ahead_ns = apart ? 0 : s.ahead_ns[i];
	free(s.size);
	free(s.group);
	free(s.ahead_ns);
	free(s.ends);
	free(s.bounds);
	free(s.nests);
}
