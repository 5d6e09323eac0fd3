/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "lineup/mem.h"
#include "lineup/recurrence.h"
#include "src/judge/search.h"

/*
 * Who tells of an incident tells of last evening's, and may not know that it came on all evenings
 * before. Then these lie in the baseline, which has the same trouble as the incident, and nothing
 * stands out against it. So what comes at the same hours again and again is held against the hours
 * between, all times of it together, provided that what was told is one of them: both have half of
 * the shorter in common.
 */
size_t candidate_met(const struct scene *s, const struct candidate *c)
{
	int64_t told_from_ns = s->settings->incident_from_ns;
	int64_t told_to_ns = s->settings->incident_to_ns;
	for (size_t i = 0; i < c->count; i++) {
		const struct stretch *span = &c->spans[i];
		int64_t both_ns =
			i64_min(span->to_ns, told_to_ns) - i64_max(span->from_ns, told_from_ns);
		int64_t shorter_ns =
			i64_min(span->to_ns - span->from_ns, told_to_ns - told_from_ns);
		if (both_ns > 0 && both_ns * 2 >= shorter_ns)
			return i;
	}
	return SIZE_MAX;
}

size_t candidates_keep_met(const struct scene *s, struct candidate *out, size_t first, size_t count)
{
	size_t kept = first;
	for (size_t i = first; i < count; i++) {
		if (candidate_met(s, &out[i]) != SIZE_MAX)
			out[kept++] = out[i];
	}
	return kept;
}

/*
 * What comes at those hours may be no problem line at all: warnings, or steps that take longer. So
 * the hours that were told are tried as well, on every day of which half of them was read. On
 * three days at least: with two there is no telling a habit from a second time.
 */
#define LEAST_DAYS 3
#define MOST_DAYS  512
#define QUARTER_NS (900 * NS_PER_S)

static int64_t of_day(int64_t time_ns)
{
	return time_ns - clock_floor(time_ns, NS_PER_DAY);
}

/* In quarters of an hour, which people speak of. */
static struct str in_words(struct arena *arena, int64_t from_ns, int64_t to_ns)
{
	struct recurrence_found r = { .weekday = -1 };
	r.from_of_period_ns = of_day(clock_floor(from_ns, QUARTER_NS));
	r.to_of_period_ns = of_day(clock_floor(to_ns + QUARTER_NS - 1, QUARTER_NS));
	recurrence_word(&r);
	return arena_copy(arena, str_from(r.text));
}

size_t candidates_add_hours(
	const struct scene *s, struct arena *arena, struct candidate *out, size_t count)
{
	int64_t from_ns = s->settings->incident_from_ns, to_ns = s->settings->incident_to_ns;
	int64_t length_ns = to_ns - from_ns, days = (s->to_ns - s->from_ns) / NS_PER_DAY;
	if (length_ns > NS_PER_DAY / 2 || days + 1 < LEAST_DAYS || days > MOST_DAYS ||
		from_ns >= s->to_ns || to_ns <= s->from_ns)
		return count;
	struct candidate *c = &out[count];
	*c = (struct candidate){ .kind = CANDIDATE_RECURRING, .subject = NO_INDEX };
	c->spans = arena_alloc(arena, (size_t)days + 2, sizeof(*c->spans));
	c->lead_ns = HABIT_LEAD_NS;
	int64_t first_ns = from_ns - (from_ns - s->from_ns) / NS_PER_DAY * NS_PER_DAY - NS_PER_DAY;
	for (int64_t at_ns = first_ns; at_ns < s->to_ns; at_ns += NS_PER_DAY) {
		int64_t read_ns = i64_min(at_ns + length_ns, s->to_ns) - i64_max(at_ns, s->from_ns);
		if (read_ns * 2 >= length_ns)
			c->spans[c->count++] =
				(struct stretch){ at_ns, at_ns + length_ns, SIDE_INCIDENT };
	}
	c->when = in_words(arena, from_ns, to_ns);
	return c->count < LEAST_DAYS ? count : count + 1;
}
