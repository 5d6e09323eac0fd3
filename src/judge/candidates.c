/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/recurrence.h"
#include "src/judge/bayes.h"
#include "src/judge/search.h"

/*
 * Which periods are worth a look. Incidents that have not ended: from the first line of a kind of
 * problem on, since each of them is a lower bound of an onset; and, for those without such a line,
 * from evenly spaced times on. Incidents that have ended: the stretch in which the problem lines
 * are most in excess. Incidents that come again: the hours at which problems do.
 */
#define FIRSTS_MAX	   12
#define GRID		   16 /* the first two and the last of it are too short to compare */
#define RECURRING_MAX	   8
#define WINDOWS		   64
#define BURST_SUBJECTS_MAX 64
#define SPANS_MAX	   512
#define HABIT_SUBJECTS	   32

static struct candidate *add(struct candidate *out, size_t *count, enum candidate_kind kind,
	struct arena *arena, size_t spans)
{
	struct candidate *c = &out[(*count)++];
	*c = (struct candidate){ .kind = kind, .subject = NO_INDEX };
	c->spans = arena_alloc(arena, spans, sizeof(*c->spans));
	return c;
}

static const struct series *series_of(const struct scene *s, uint32_t subject)
{
	return &s->findings->subjects[subject].series;
}

/* ---- onsets ---- */

struct first {
	int64_t time_ns;
	uint32_t subject;
};

static int by_time(const void *a, const void *b)
{
	const struct first *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

/* Kinds of problems that come for the first time in the span, by time; those of one second are one
 * event. Freed by the caller. */
static struct first *find_firsts(
	const struct scene *s, int64_t from_ns, int64_t to_ns, size_t *count)
{
	size_t n = 0, kept = 0;
	struct first *firsts = mem_zalloc(s->findings->subject_count + 1, sizeof(*firsts));
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		int64_t first_ns = series_of(s, i)->first_ns;
		if (s->subjects[i].class == CLASS_PROBLEM && s->subjects[i].base == NULL &&
			first_ns >= from_ns && first_ns < to_ns)
			firsts[n++] = (struct first){ first_ns, i };
	}
	qsort(firsts, n, sizeof(*firsts), by_time);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || firsts[i].time_ns - firsts[kept - 1].time_ns > NS_PER_S)
			firsts[kept++] = firsts[i];
	}
	*count = kept;
	return firsts;
}

static void add_first(const struct first *f, int64_t to_ns, struct arena *arena,
	struct candidate *out, size_t *count)
{
	struct candidate *c = add(out, count, CANDIDATE_FIRST, arena, 1);
	c->spans[c->count++] = (struct stretch){ f->time_ns, to_ns, SIDE_INCIDENT };
	c->subject = f->subject;
}

static void add_firsts(
	const struct scene *s, struct arena *arena, struct candidate *out, size_t *count)
{
	size_t n;
	struct first *firsts = find_firsts(
		s, scene_time_at(s, s->observed_seconds / CANDIDATES_LEAST_BEFORE), s->to_ns, &n);
	for (size_t i = 0; i < n && i < FIRSTS_MAX; i++)
		add_first(&firsts[i], s->to_ns, arena, out, count);
	free(firsts);
}

static void add_grid(
	const struct scene *s, struct arena *arena, struct candidate *out, size_t *count)
{
	for (int i = 2; i < GRID - 1; i++) {
		struct candidate *c = add(out, count, CANDIDATE_GRID, arena, 1);
		c->spans[c->count++] =
			(struct stretch){ scene_time_at(s, s->observed_seconds * i / GRID),
				s->to_ns, SIDE_INCIDENT };
	}
}

/* ---- a stretch ---- */

/* Cells of the subject up to each window's end. */
static void fill_windows(const struct scene *s, uint32_t subject, uint32_t upto[WINDOWS + 1])
{
	const struct series *series = series_of(s, subject);
	int64_t window_ns = (s->to_ns - s->from_ns + WINDOWS - 1) / WINDOWS;
	memset(upto, 0, (WINDOWS + 1) * sizeof(*upto));
	for (size_t i = 0; i < series->cell_count; i++) {
		int64_t time_ns = series->cells[i].index * s->findings->cell_ns;
		if (time_ns >= s->from_ns && time_ns < s->to_ns)
			upto[(time_ns - s->from_ns) / window_ns + 1]++;
	}
	for (size_t i = 0; i < WINDOWS; i++)
		upto[i + 1] += upto[i];
}

static double excess(double inside, double all, double seconds, double all_seconds)
{
	double outside = all - inside, rest = all_seconds - seconds;
	if (inside * rest <= outside * seconds || seconds <= 0 || rest <= 0)
		return 0;
	return fmax(0, bayes_rates(outside, rest, inside, seconds));
}

static void add_burst(
	const struct scene *s, struct arena *arena, struct candidate *out, size_t *count)
{
	uint32_t(*upto)[WINDOWS + 1] = mem_zalloc(BURST_SUBJECTS_MAX, sizeof(*upto));
	size_t n = 0, best_from = 0, best_to = 0;
	double best = 0, all_seconds = s->observed_seconds;
	int64_t window_ns = (s->to_ns - s->from_ns + WINDOWS - 1) / WINDOWS;
	for (uint32_t i = 0; i < s->findings->subject_count && n < BURST_SUBJECTS_MAX; i++) {
		/* a single line makes no stretch */
		if (s->subjects[i].class == CLASS_PROBLEM && series_of(s, i)->cell_count >= 3)
			fill_windows(s, i, upto[n++]);
	}
	for (size_t from = 0; from < WINDOWS; from++) {
		for (size_t to = from + 1; to < WINDOWS; to++) {
			double sum = 0;
			double seconds = scene_observed(s, s->from_ns + (int64_t)from * window_ns,
				s->from_ns + (int64_t)to * window_ns);
			for (size_t k = 0; k < n; k++)
				sum += excess(upto[k][to] - upto[k][from], upto[k][WINDOWS],
					seconds, all_seconds);
			if (sum > best) {
				best = sum;
				best_from = from;
				best_to = to;
			}
		}
	}
	free(upto);
	if (best <= log(WINDOWS * WINDOWS / 2.0))
		return;
	struct candidate *c = add(out, count, CANDIDATE_BURST, arena, 1);
	c->spans[c->count++] = (struct stretch){ s->from_ns + (int64_t)best_from * window_ns,
		s->from_ns + (int64_t)best_to * window_ns, SIDE_INCIDENT };
}

/* ---- the same hours ---- */

static int64_t floor_day(int64_t time_ns)
{
	int64_t rest = time_ns % NS_PER_DAY;
	return time_ns - (rest < 0 ? rest + NS_PER_DAY : rest);
}

/* Adds the hours of each day on which the subject came in them; spans[] stays in order,
 * each once. */
static size_t add_spans_of_hours(const struct scene *s, const struct series *series,
	int64_t from_of_day_ns, int64_t to_of_day_ns, struct stretch *spans, size_t count)
{
	int64_t length_ns = to_of_day_ns - from_of_day_ns;
	for (size_t i = 0, at = 0; i < series->cell_count && count < SPANS_MAX; i++) {
		int64_t time_ns = series->cells[i].index * s->findings->cell_ns;
		int64_t from_ns = floor_day(time_ns - from_of_day_ns) + from_of_day_ns;
		if (time_ns < s->from_ns || time_ns >= i64_min(from_ns + length_ns, s->to_ns))
			continue;
		while (at < count && spans[at].from_ns < from_ns)
			at++;
		if (at < count && spans[at].from_ns == from_ns)
			continue;
		memmove(spans + at + 1, spans + at, (count - at) * sizeof(*spans));
		spans[at] = (struct stretch){ from_ns, from_ns + length_ns, SIDE_INCIDENT };
		count++;
	}
	return count;
}

static size_t spans_of_period(const struct series *series, const struct frame *frame,
	const struct recurrence_found *found, struct stretch *spans)
{
	struct episode *episodes = mem_zalloc(SPANS_MAX, sizeof(*episodes));
	size_t count = size_min(
		episodes_find(series, frame, found->period_ns / 3, episodes, SPANS_MAX), SPANS_MAX);
	for (size_t i = 0; i < count; i++)
		spans[i] =
			(struct stretch){ episodes[i].from_ns, episodes[i].to_ns, SIDE_INCIDENT };
	free(episodes);
	return count;
}

static bool same_spans(const struct candidate *c, const struct stretch *spans, size_t count)
{
	return c->count == count && c->spans[0].from_ns == spans[0].from_ns &&
	       c->spans[0].to_ns == spans[0].to_ns;
}

/* Problems that come at the same hours, and what is called them all. */
struct habit {
	struct recurrence_found found;
	uint32_t first; /* of its subjects, the one that it was found by */
	uint32_t subjects[HABIT_SUBJECTS];
	size_t count;
};

/*
 * The hours overlap by half of the shorter: a symptom comes a while after its cause, and so its
 * hours begin later, but they are the same incident's.
 */
static bool joins(const struct habit *h, const struct recurrence_found *r)
{
	int64_t from_ns = i64_max(h->found.from_of_period_ns, r->from_of_period_ns);
	int64_t to_ns = i64_min(h->found.to_of_period_ns, r->to_of_period_ns);
	int64_t shorter_ns = i64_min(h->found.to_of_period_ns - h->found.from_of_period_ns,
		r->to_of_period_ns - r->from_of_period_ns);
	return r->from_of_period_ns >= 0 && h->found.from_of_period_ns >= 0 &&
	       h->found.period_ns == r->period_ns && (to_ns - from_ns) * 2 >= shorter_ns;
}

static void join(struct habit *h, const struct recurrence_found *r, uint32_t subject)
{
	struct recurrence_found *f = &h->found;
	if (h->count < HABIT_SUBJECTS)
		h->subjects[h->count++] = subject;
	if (r->from_of_period_ns >= f->from_of_period_ns &&
		r->to_of_period_ns <= f->to_of_period_ns)
		return;
	f->from_of_period_ns = i64_min(f->from_of_period_ns, r->from_of_period_ns);
	f->to_of_period_ns = i64_max(f->to_of_period_ns, r->to_of_period_ns);
	recurrence_word(f);
}

/* Warnings make no habit, but they belong to one. */
static size_t find_habits(const struct scene *s, const struct frame *frame, struct habit *habits)
{
	size_t count = 0;
	for (int pass = 0; pass < 2; pass++) {
		enum subject_class class = pass == 0 ? CLASS_PROBLEM : CLASS_WARNING;
		for (uint32_t i = 0; i < s->findings->subject_count; i++) {
			struct recurrence_found found;
			size_t at = 0;
			if (s->subjects[i].class != class || series_of(s, i)->cell_count < 3)
				continue;
			recurrence_find(series_of(s, i), frame, &found);
			while (at < count && !joins(&habits[at], &found))
				at++;
			if (found.known && at < count)
				join(&habits[at], &found, i);
			else if (found.known && pass == 0 && count < RECURRING_MAX)
				habits[count++] = (struct habit){ found, i, { i }, 1 };
		}
	}
	return count;
}

static void add_recurring(const struct scene *s, const struct frame *frame, struct arena *arena,
	struct candidate *out, size_t *count)
{
	struct stretch *spans = mem_zalloc(SPANS_MAX + 1, sizeof(*spans));
	struct habit *habits = mem_zalloc(RECURRING_MAX, sizeof(*habits));
	size_t first = *count, habit_count = find_habits(s, frame, habits);
	for (size_t i = 0; i < habit_count; i++) {
		const struct habit *h = &habits[i];
		size_t n = 0;
		if (h->found.from_of_period_ns < 0)
			n = spans_of_period(series_of(s, h->first), frame, &h->found, spans);
		for (size_t k = 0; k < h->count && h->found.from_of_period_ns >= 0; k++)
			n = add_spans_of_hours(s, series_of(s, h->subjects[k]),
				h->found.from_of_period_ns, h->found.to_of_period_ns, spans, n);
		bool known = n < 2;
		double seconds = 0;
		for (size_t k = first; k < *count; k++)
			known |= same_spans(&out[k], spans, n);
		for (size_t k = 0; k < n; k++)
			seconds +=
				scene_observed(s, spans[k].from_ns - HABIT_LEAD_NS, spans[k].to_ns);
		/* what fills half of the time is no exception from anything */
		if (known || seconds * 2 > s->observed_seconds)
			continue;
		struct candidate *c = add(out, count, CANDIDATE_RECURRING, arena, n);
		memcpy(c->spans, spans, n * sizeof(*spans));
		c->count = n;
		c->lead_ns = HABIT_LEAD_NS;
		c->subject = h->first;
		c->when = arena_copy(arena, str_from(h->found.text));
	}
	free(habits);
	free(spans);
}

size_t candidates_find(const struct scene *s, const struct frame *frame, struct arena *arena,
	struct candidate *out)
{
	size_t count = 0;
	add_firsts(s, arena, out, &count);
	add_grid(s, arena, out, &count);
	add_burst(s, arena, out, &count);
	add_recurring(s, frame, arena, out, &count);
	return count;
}

/* ---- near a given one ---- */

/*
 * When it hurt is what the user tells, and mostly a little late: somebody has to notice. So it may
 * have begun with a kind of problem that came for the first time in the minutes before, if these
 * leave half of what is normal, and outside of a baseline that was given as well. A start at a full
 * minute may be one to the minute, and lie anywhere within it; or what runs by the clock did start
 * it then, so that its second counts all the same. Any other may be told with room, half a
 * minute at the most. Where several times as much is normal before it, such room does no
 * harm; where it takes a good part of the baseline, both that and what it hides in the incident are
 * missed.
 */
#define MINUTE_NS (60 * NS_PER_S)
#define ROOM_NS	  (30 * NS_PER_S)
#define ROOM_BASE 4 /* times as much before it is enough */
#define GRID_NS	  (10 * NS_PER_S)

/*
 * A start with a fraction is known to about 10 ms, one without to the second. Where some stamp
 * whole seconds, theirs of the second in which it began may be behind it, and belong to it.
 */
int64_t given_precision_ns(const struct scene *s)
{
	int64_t fraction_ns = s->settings->incident_from_ns % NS_PER_S;
	bool coarse = false;
	for (size_t i = 0; i < s->service_count; i++)
		coarse |= s->coarse[i];
	if (fraction_ns == 0)
		return NS_PER_S;
	return coarse ? i64_max(fraction_ns, 10 * NS_PER_MS) : 10 * NS_PER_MS;
}

size_t candidates_near(const struct scene *s, const struct frame *frame, struct arena *arena,
	struct candidate *out)
{
	const struct rank_settings *settings = s->settings;
	int64_t told_ns = settings->incident_from_ns, precision_ns = given_precision_ns(s);
	int64_t before_ns = told_ns - s->from_ns;
	int64_t within_ns = told_ns % MINUTE_NS == 0	      ? MINUTE_NS
			    : before_ns < ROOM_BASE * ROOM_NS ? ROOM_NS
							      : 0;
	int64_t to_ns = settings->incident_to_ns + precision_ns;
	int64_t from_ns = i64_max(told_ns - HABIT_LEAD_NS, s->from_ns + (told_ns - s->from_ns) / 2);
	size_t count = 0, n;
	if (settings->baseline_from_ns != TIME_NONE && settings->baseline_to_ns <= told_ns)
		from_ns = i64_max(from_ns, settings->baseline_to_ns);
	count = candidates_within(s, frame, arena, to_ns, out);
	if (count > 0)
		return count;
	struct candidate *given = add(out, &count, CANDIDATE_GIVEN, arena, 1);
	given->spans[given->count++] =
		(struct stretch){ told_ns - precision_ns, to_ns, SIDE_INCIDENT };
	struct first *firsts =
		find_firsts(s, from_ns, i64_min(told_ns + within_ns, settings->incident_to_ns), &n);
	for (size_t i = n > FIRSTS_MAX ? n - FIRSTS_MAX : 0; i < n; i++) {
		if (firsts[i].time_ns < told_ns - precision_ns || firsts[i].time_ns > told_ns)
			add_first(&firsts[i], to_ns, arena, out, &count);
	}
	free(firsts);
	for (int64_t at_ns = GRID_NS; at_ns <= within_ns && told_ns + at_ns < to_ns;
		at_ns += GRID_NS) {
		struct candidate *c = add(out, &count, CANDIDATE_GRID, arena, 1);
		c->spans[c->count++] = (struct stretch){ told_ns + at_ns, to_ns, SIDE_INCIDENT };
	}
	/* where a baseline was told as well, that is the question, and stays it */
	if (s->baseline != NULL || settings->baseline_from_ns != TIME_NONE)
		return count;
	n = count;
	add_recurring(s, frame, arena, out, &count);
	return candidates_add_hours(s, arena, out, candidates_keep_met(s, out, n, count));
}
