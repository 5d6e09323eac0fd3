/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/restarts.h"
#include "src/judge/trial.h"

/*
 * For whom a caller waits that it does not name. "Read timed out", "connection refused": such a
 * line is of whoever is called, and names nobody (share.c). Where meanwhile another service was
 * away, it is most probably of that one:
 *   - it fell silent (silence.c), up to its next line or the end of all;
 *   - it started anew (restarts.c): from the last line of the life before to the end of its start.
 * A process that is killed from outside, by the kernel or who watches over it, is told of in the
 * same way: "killed process 4711 (java)" comes when that one goes.
 *
 * Three in four of the complaint's seconds have to lie where that one was away, and a caller's
 * patience more, for who hangs is complained of when it ends. A complaint that goes on at other
 * times is of something else. A service that starts anew as often outside the incident as in it
 * (each day's deployment, a job that is a process of its own) is away by habit, and nobody's
 * reason.
 *
 * Of several that were away it is the one whose absences tell the complaint's times best: were it
 * they, n of its seconds would lie within their length a, and by luck anywhere in all the time T,
 * which is n ln(T / a). So one that was gone for the ten seconds in which calls were refused goes
 * before one that fell silent for an hour.
 *
 * What is so found is shared between both as where a name is said (accuse.c): three in four.
 */
#define COVERED	    0.75
#define PATIENCE_NS (30 * NS_PER_S)
#define LEAST_RAW   1.0

struct absence {
	uint32_t service;
	uint32_t restart; /* index in the scene's; NO_INDEX: it fell silent */
	int64_t from_ns, to_ns;
};

struct absences {
	struct absence *items; /* those of a service behind one another */
	size_t count;
};

static int by_absence(const void *a, const void *b)
{
	const struct absence *x = a, *y = b;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	return x->restart < y->restart ? -1 : x->restart > y->restart;
}

static enum side side_of(const struct trial *t, const struct restart *r)
{
	/* the first line of a told incident is often told a little late */
	return period_side(&t->period, r->gone_ns) == SIDE_INCIDENT
		       ? SIDE_INCIDENT
		       : period_side(&t->period, r->back_ns);
}

/* Those of a service from `from` up to `end`: does it start anew more often than else? */
static bool is_unusual(const struct trial *t, size_t from, size_t end)
{
	double count[SIDE_COUNT + 1] = { 0 };
	for (size_t i = from; i < end; i++)
		count[side_of(t, &t->scene->restarts[i])]++;
	const double *seconds = t->period.seconds;
	if (count[SIDE_INCIDENT] == 0 || seconds[SIDE_BASE] <= 0 || seconds[SIDE_INCIDENT] <= 0)
		return false;
	return count[SIDE_INCIDENT] * seconds[SIDE_BASE] >
		       count[SIDE_BASE] * seconds[SIDE_INCIDENT] &&
	       bayes_rates(count[SIDE_BASE], seconds[SIDE_BASE], count[SIDE_INCIDENT],
		       seconds[SIDE_INCIDENT]) > 0;
}

static void add_restarts(const struct trial *t, struct absences *all)
{
	const struct scene *s = t->scene;
	for (size_t from = 0, end; from < s->restart_count; from = end) {
		end = from + 1;
		while (end < s->restart_count &&
			s->restarts[end].service == s->restarts[from].service)
			end++;
		for (size_t i = from; i < end && is_unusual(t, from, end); i++) {
			const struct restart *r = &s->restarts[i];
			if (side_of(t, r) == SIDE_INCIDENT)
				all->items[all->count++] = (struct absence){ r->service,
					(uint32_t)i, r->gone_ns, r->up_ns };
		}
	}
}

/* By itself: one that is merely not called any more is nobody's reason (silence.c). */
static bool fell_silent(const struct finding *f)
{
	return f->d.kind == DEVIATION_STOPPED && f->d.after == NO_INDEX && !f->d.one_line &&
	       f->d.site == 0 && f->d.raw >= LEAST_RAW && 2 * f->weight >= trial_tempered(f->d.raw);
}

/* The next line of the service that fell silent, or the end. */
static int64_t next_line(const struct trial *t, const struct finding *f)
{
	const struct series *lines = &t->scene->findings->services[f->d.service].lines;
	int64_t cell_ns = t->scene->findings->cell_ns;
	size_t at = scene_cell_from(lines, cell_ns, 0, f->d.first_ns);
	return at < lines->cell_count ? lines->cells[at].index * cell_ns : t->scene->to_ns;
}

static struct absences find_absences(const struct trial *t)
{
	struct absences all = { 0 };
	all.items = mem_zalloc(t->scene->restart_count + t->count + 1, sizeof(*all.items));
	add_restarts(t, &all);
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (fell_silent(f))
			all.items[all.count++] = (struct absence){ f->d.service, NO_INDEX,
				f->d.first_ns, next_line(t, f) };
	}
	qsort(all.items, all.count, sizeof(*all.items), by_absence);
	return all;
}

/* Of the complaint's cells in the incident, those in absences from `from` up to `end`. */
static double count_covered(const struct trial *t, uint32_t subject, const struct absence *from,
	const struct absence *end, double *of)
{
	const struct series *s = &t->scene->findings->subjects[subject].series;
	int64_t cell_ns = t->scene->findings->cell_ns;
	double covered = 0;
	*of = 0;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t time_ns = cell_first_ns(&s->cells[i], cell_ns);
		bool inside = false;
		if (period_side(&t->period, time_ns) != SIDE_INCIDENT)
			continue;
		for (const struct absence *a = from; a < end && !inside; a++)
			inside = time_ns >= a->from_ns && time_ns < a->to_ns + PATIENCE_NS;
		*of += 1;
		covered += inside;
	}
	return covered;
}

/* The one that it waits for; NULL: none was away. */
static const struct absence *find_awaited(
	const struct trial *t, const struct finding *f, const struct absences *all)
{
	const struct absence *best = NULL, *end = all->items + all->count, *next;
	double most = 0;
	for (const struct absence *a = all->items; a < end; a = next) {
		double of, seconds = 0;
		for (next = a; next < end && next->service == a->service; next++)
			seconds += (double)(next->to_ns - next->from_ns + PATIENCE_NS) / 1e9;
		if (a->service == f->d.service)
			continue;
		double covered = count_covered(t, f->d.subject, a, next, &of);
		double x = covered * log(t->scene->observed_seconds / seconds);
		if (covered > 0 && covered >= COVERED * of && x > most) {
			most = x;
			best = a;
		}
	}
	return best;
}

static bool waits_unnamed(const struct trial *t, const struct finding *f)
{
	const struct scene_subject *s = &t->scene->subjects[f->d.subject];
	return f->d.kind <= DEVIATION_MORE && !f->ordinary && s->subject != NULL &&
	       s->named == NO_INDEX && s->waits;
}

/* That it started anew says more than that it was silent before. */
static void note_away(struct trial *t, const struct absences *all)
{
	const struct scene *s = t->scene;
	t->away = arena_alloc(&t->arena, s->service_count, sizeof(*t->away));
	for (size_t i = 0; i < all->count; i++) {
		const struct absence *a = &all->items[i];
		struct away *of = &t->away[a->service];
		bool restarted = a->restart != NO_INDEX;
		if (of->was && (of->restarted || !restarted))
			continue;
		*of = (struct away){ true, restarted,
			restarted ? s->restarts[a->restart].back_ns : a->from_ns };
	}
}

void trial_away(struct trial *t)
{
	struct absences all = find_absences(t);
	if (all.count > 0)
		note_away(t, &all);
	for (size_t i = 0; i < t->count && all.count > 0; i++) {
		struct finding *f = &t->findings[i];
		if (f->named != NO_INDEX || !waits_unnamed(t, f))
			continue;
		const struct absence *a = find_awaited(t, f, &all);
		if (a == NULL)
			continue;
		f->named = a->service;
		f->d.named_how = NAMED_AS_AWAY;
		f->weight += f->of_unnamed;
		f->of_unnamed = 0;
	}
	free(all.items);
}
