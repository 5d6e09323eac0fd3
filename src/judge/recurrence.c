/* SPDX-License-Identifier: MIT */
#include "lineup/recurrence.h"

#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/sort.h"

#define BIN_NS	  (900 * NS_PER_S) /* people speak of quarters of an hour */
#define DAY_BINS  96
#define WEEK_DAYS 7

/* ---- episodes ---- */

static int by_count(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* The one at this rank of all in order; most are small, and small ones are counted, not sorted. */
static uint64_t count_at_rank(uint32_t *counts, size_t n, size_t rank)
{
	size_t of[1024] = { 0 };
	for (size_t i = 0; i < n; i++)
		of[counts[i] < countof(of) ? counts[i] : countof(of) - 1]++;
	size_t before = 0;
	for (size_t value = 0; value + 1 < countof(of); value++) {
		before += of[value];
		if (before > rank)
			return value;
	}
	qsort(counts, n, sizeof(*counts), by_count);
	return counts[rank];
}

/*
 * What the series mostly is: the median over all cells of the frame, empty ones included. More than
 * twice that, and at least one line, stands out: a factor that Poisson noise around a median of ten
 * and more does not reach, while below that single lines are what an episode is made of.
 */
static uint64_t usual_count(const struct series *s, const struct frame *f)
{
	uint64_t cells = (uint64_t)((f->to_ns - f->from_ns) / f->cell_ns);
	if (s->cell_count * 2 < cells)
		return 0;
	uint32_t *counts = mem_zalloc(s->cell_count, sizeof(*counts));
	size_t n = 0;
	for (size_t i = 0; i < s->cell_count; i++) {
		if (frame_holds(f, s->cells[i].index * f->cell_ns))
			counts[n++] = s->cells[i].count;
	}
	uint64_t empty = cells - n; /* they come first in the order */
	uint64_t median =
		n == 0 || cells / 2 < empty ? 0 : count_at_rank(counts, n, cells / 2 - empty);
	free(counts);
	return median;
}

size_t episodes_find(const struct series *s, const struct frame *f, int64_t gap_ns,
	struct episode *out, size_t room)
{
	uint64_t usual = usual_count(s, f);
	size_t count = 0;
	struct episode now = { 0, 0, 0 };
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t from_ns = s->cells[i].index * f->cell_ns;
		if (!frame_holds(f, from_ns) || s->cells[i].count <= usual * 2)
			continue;
		if (now.count > 0 && from_ns - now.to_ns > gap_ns) {
			if (count < room)
				out[count] = now;
			count++;
			now.count = 0;
		}
		if (now.count == 0)
			now.from_ns = from_ns;
		now.to_ns = from_ns + f->cell_ns;
		now.count += s->cells[i].count;
	}
	if (now.count > 0) {
		if (count < room)
			out[count] = now;
		count++;
	}
	return count;
}

/* ---- hours of the day ---- */

/* Per quarter of the day: on how many days it was covered, was busy, and how much there was. */
struct profile {
	unsigned covered[DAY_BINS];
	unsigned busy[DAY_BINS];
	uint64_t count[DAY_BINS];
	uint64_t total;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Of a day since the epoch; 0: Thursday, which the epoch was. */
static int weekday_of(int64_t day)
{
	return (int)(day - floor_div(day, WEEK_DAYS) * WEEK_DAYS);
}

/* Only days of this weekday, or all with -1. */
static void fill_profile(
	const struct series *s, const struct frame *f, int weekday, struct profile *p)
{
	*p = (struct profile){ 0 };
	for (int64_t at = floor_div(f->from_ns, BIN_NS); at * BIN_NS < f->read_to_ns; at++) {
		int64_t day = floor_div(at, DAY_BINS);
		if (weekday < 0 || weekday_of(day) == weekday)
			p->covered[at - day * DAY_BINS]++;
	}
	int64_t last_bin = INT64_MIN;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t time_ns = s->cells[i].index * f->cell_ns;
		int64_t at = floor_div(time_ns, BIN_NS), day = floor_div(at, DAY_BINS);
		if (!frame_holds(f, time_ns) || (weekday >= 0 && weekday_of(day) != weekday))
			continue;
		p->busy[at - day * DAY_BINS] += at != last_bin;
		p->count[at - day * DAY_BINS] += s->cells[i].count;
		p->total += s->cells[i].count;
		last_bin = at;
	}
}

/*
 * The run of quarters that holds the most, grown around the busiest quarter as long as the quarter
 * beside it (or the one behind that) was busy on at least a third of its days.
 */
static void grow_run(const struct profile *p, unsigned *from, unsigned *length)
{
	unsigned best = 0;
	for (unsigned i = 1; i < DAY_BINS; i++) {
		if (p->count[i] > p->count[best])
			best = i;
	}
	*from = best;
	*length = 1;
	for (int side = 0; side < 2; side++) {
		for (unsigned skipped = 0; *length + skipped < DAY_BINS && skipped < 2;) {
			unsigned next = side == 0 ? (*from + *length + skipped) % DAY_BINS
						  : (*from + 2 * DAY_BINS - 1 - skipped) % DAY_BINS;
			if (p->busy[next] * 3 >= p->covered[next] && p->busy[next] > 0) {
				*length += skipped + 1;
				if (side == 1)
					*from = next;
				skipped = 0;
			} else {
				skipped++;
			}
		}
	}
}

/*
 * Few lines leave quarters empty that belong to the run. The shortest run that holds nine in ten of
 * them is a habit as well, if chance does not place the lines of so many days there: of n days at
 * random, all lie within a share f of the day with a probability of n f^(n-1).
 */
#define CHANCE_OF_RUN 0.001

static bool find_arc(const struct profile *p, unsigned days, unsigned *from, unsigned *length)
{
	*length = DAY_BINS;
	for (unsigned i = 0; i < DAY_BINS; i++) {
		uint64_t inside = 0;
		for (unsigned n = 1; n < *length; n++) {
			inside += p->count[(i + n - 1) % DAY_BINS];
			if (p->count[i] > 0 && inside * 10 >= p->total * 9) {
				*from = i;
				*length = n;
			}
		}
	}
	double chance = days;
	for (unsigned i = 1; i < days; i++)
		chance *= (double)*length / DAY_BINS;
	return chance < CHANCE_OF_RUN;
}

/* Days with anything inside the run, and days on which the run was covered at all. */
static void count_days(const struct series *s, const struct frame *f, int weekday, unsigned from,
	unsigned length, struct recurrence_found *out)
{
	out->seen = out->of = 0;
	size_t at = 0;
	for (int64_t day = floor_div(f->from_ns, NS_PER_DAY) - 1; day * NS_PER_DAY < f->to_ns;
		day++) {
		int64_t begin_ns = day * NS_PER_DAY + from * BIN_NS,
			end_ns = begin_ns + length * BIN_NS;
		if (weekday >= 0 && weekday_of(day) != weekday)
			continue;
		/* a day counts when at least half of its run was read */
		int64_t covered_ns = i64_min(end_ns, f->read_to_ns) - i64_max(begin_ns, f->from_ns);
		if (covered_ns * 2 < end_ns - begin_ns)
			continue;
		out->of++;
		while (at < s->cell_count && s->cells[at].index * f->cell_ns < begin_ns)
			at++;
		out->seen += at < s->cell_count && s->cells[at].index * f->cell_ns < end_ns;
	}
}

/* On how many days there was anything. */
static unsigned days_with(const struct series *s, const struct frame *f, int weekday)
{
	unsigned count = 0;
	int64_t last = INT64_MIN;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t time_ns = s->cells[i].index * f->cell_ns,
			day = floor_div(time_ns, NS_PER_DAY);
		if (!frame_holds(f, time_ns) || day == last ||
			(weekday >= 0 && weekday_of(day) != weekday))
			continue;
		count++;
		last = day;
	}
	return count;
}

static const char *const weekday_names[WEEK_DAYS] = { "Thursdays", "Fridays", "Saturdays",
	"Sundays", "Mondays", "Tuesdays", "Wednesdays" };

void recurrence_word(struct recurrence_found *r)
{
	unsigned from = (unsigned)(r->from_of_period_ns / BIN_NS);
	unsigned to = (unsigned)(r->to_of_period_ns / BIN_NS) % DAY_BINS;
	snprintf(r->text, sizeof(r->text), "%s %02u:%02u-%02u:%02u",
		r->weekday < 0 ? "daily" : weekday_names[r->weekday], from / 4, from % 4 * 15,
		to == 0 ? 24 : to / 4, to % 4 * 15);
}

/*
 * Comes it on three of four such days at all? Spares the walk over all days where stamps are spread
 * over centuries: the first and the last of them may not count.
 */
static bool can_be_habit(const struct series *s, const struct frame *f, int weekday)
{
	int64_t days = (f->to_ns - f->from_ns) / NS_PER_DAY / (weekday < 0 ? 1 : WEEK_DAYS);
	return (int64_t)s->cell_count * 4 >= (days - 3) * 3;
}

/*
 * A habit of the day: four fifths of all lines lie in one run of at most half the day, it came on
 * at least three days in four that were read, and on three at least (two of one weekday).
 */
static bool find_hours(
	const struct series *s, const struct frame *f, int weekday, struct recurrence_found *out)
{
	struct profile p;
	unsigned from, length;
	if (!can_be_habit(s, f, weekday))
		return false;
	fill_profile(s, f, weekday, &p);
	if (p.total == 0)
		return false;
	grow_run(&p, &from, &length);
	uint64_t inside = 0;
	for (unsigned i = 0; i < length; i++)
		inside += p.count[(from + i) % DAY_BINS];
	if ((length > DAY_BINS / 2 || inside * 5 < p.total * 4) &&
		!find_arc(&p, days_with(s, f, weekday), &from, &length))
		return false;
	if (length > DAY_BINS / 2)
		return false;
	count_days(s, f, weekday, from, length, out);
	unsigned least = weekday < 0 ? 3 : 2;
	if (out->seen < least || out->seen * 4 < out->of * 3)
		return false;
	out->known = true;
	out->weekday = weekday;
	out->period_ns = weekday < 0 ? NS_PER_DAY : WEEK_DAYS * NS_PER_DAY;
	out->from_of_period_ns = from * BIN_NS;
	out->to_of_period_ns = (from + length) * BIN_NS;
	recurrence_word(out);
	return true;
}

/* All lines on one weekday, of a frame that has others: which? -1: none. */
static int only_weekday(const struct series *s, const struct frame *f)
{
	int found = -1;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t time_ns = s->cells[i].index * f->cell_ns;
		if (!frame_holds(f, time_ns))
			continue;
		int64_t day = floor_div(time_ns, NS_PER_DAY);
		int weekday = weekday_of(day);
		if (found >= 0 && weekday != found)
			return -1;
		found = weekday;
	}
	return found;
}

/* ---- a free period ---- */

#define EPISODES_MAX 512

/*
 * Episodes whose starts are evenly apart: five at least, nine in ten of the distances within a
 * tenth of their median. Chance would place the starts anywhere: it puts four distances that near
 * one another in one of a hundred series. And it has to have gone on: on three in four of the times
 * from its first one to the end of what was read, as with days. A few bursts within an hour, and
 * then none for hours, are one event that came in pieces.
 */
#define PERIODS_LEAST 5

static bool find_period(const struct series *s, const struct frame *f, struct recurrence_found *out)
{
	struct episode *episodes = mem_zalloc(EPISODES_MAX, sizeof(*episodes));
	int64_t gaps[EPISODES_MAX];
	size_t count =
		size_min(episodes_find(s, f, (f->to_ns - f->from_ns) / 100, episodes, EPISODES_MAX),
			EPISODES_MAX);
	size_t near = 0;
	int64_t median = 0;
	for (size_t i = 0; i + 1 < count; i++)
		gaps[i] = episodes[i + 1].from_ns - episodes[i].from_ns;
	int64_t from_ns = count > 0 ? episodes[0].from_ns : f->from_ns;
	if (count >= PERIODS_LEAST) {
		sort_times(gaps, count - 1);
		median = gaps[(count - 1) / 2];
		for (size_t i = 0; i + 1 < count; i++)
			near += gaps[i] * 10 >= median * 9 && gaps[i] * 10 <= median * 11;
	}
	free(episodes);
	if (count < PERIODS_LEAST || near * 10 < (count - 1) * 9 || median < 60 * NS_PER_S)
		return false;
	out->seen = (unsigned)count;
	out->of = (unsigned)((f->read_to_ns - from_ns + median / 2) / median);
	out->of = out->of < out->seen ? out->seen : out->of;
	if (count < EPISODES_MAX && out->seen * 4 < out->of * 3)
		return false;
	char text[CLOCK_TEXT_MAX];
	int64_t unit_ns = median >= 3600 * NS_PER_S ? 60 * NS_PER_S : NS_PER_S;
	clock_duration((median + unit_ns / 2) / unit_ns * unit_ns, text);
	snprintf(out->text, sizeof(out->text), "every %s", text);
	out->known = true;
	out->period_ns = median;
	out->from_of_period_ns = out->to_of_period_ns = -1;
	return true;
}

void recurrence_find(const struct series *s, const struct frame *f, struct recurrence_found *out)
{
	*out = (struct recurrence_found){
		.weekday = -1, .from_of_period_ns = -1, .to_of_period_ns = -1
	};
	if (f->cell_ns > BIN_NS || s->cell_count == 0)
		return;
	int weekday = f->to_ns - f->from_ns > WEEK_DAYS * NS_PER_DAY ? only_weekday(s, f) : -1;
	if (weekday >= 0 && find_hours(s, f, weekday, out))
		return;
	if (f->to_ns - f->from_ns > 2 * NS_PER_DAY && find_hours(s, f, -1, out))
		return;
	find_period(s, f, out);
}
