/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "src/judge/bayes.h"
#include "src/judge/silence_parts.h"

/*
 * A service that says nothing any more, not even what it says every minute. Time is cut into pieces
 * twice as long as the longest silence of its baseline, so that each piece of the baseline holds a
 * line by construction; how many pieces of the incident hold none is compared with that, as two
 * shares, less ln of the number of services. A service that is quiet now and then so has long
 * pieces, few of them, and little evidence; one that was never quiet for ten seconds is missed
 * after a minute. Silence before its first line and behind its last one counts as silence of the
 * baseline too: jobs come and go.
 *
 * A silence that outlasts the incident is of the incident: the one that died is still dead when
 * those who told the span had found another way. So what follows an incident counts as baseline
 * from the service's next line on, and where there is none, it does not count. Only where the span
 * was told: one that is searched for would be put where some service says its last line.
 *
 * Who is called in requests may be quiet because nobody calls. There it is known whose trouble that
 * is (blame.c), and the same share of the silence is its own.
 *
 * The same where those who call it are not called themselves: it is called once for so many of the
 * lines before its calls, and where these come less often, so does it, without any call that stops.
 *
 * Of a baseline that has its own path, pauses and pieces are those of the service there, in all the
 * time that was read of it; of what it says now, the incident counts alone, from its first line in
 * this scan on.
 *
 * When half of all services fall silent it is the logs that are missing.
 */
#define LEAST_CELLS 8
#define LEAST_TOLD  1.0

struct quiet {
	int64_t longest_ns;
	int64_t from_ns; /* of the longest one */
	size_t cells;
};

static void add_quiet(struct quiet *q, int64_t from_ns, int64_t to_ns)
{
	if (to_ns - from_ns <= q->longest_ns)
		return;
	q->longest_ns = to_ns - from_ns;
	q->from_ns = from_ns;
}

/* The longest time without a cell in the stretch, its ends included. */
static void measure(
	const struct series *s, int64_t cell_ns, const struct stretch *in, struct quiet *q)
{
	const struct cell *cells = s->cells;
	size_t first = scene_cell_from(s, cell_ns, 0, in->from_ns - cell_ns + 1), widest = 0;
	size_t end = scene_cell_from(s, cell_ns, first, in->to_ns);
	int64_t last_ns = in->from_ns, most = 1;
	if (first < end) {
		add_quiet(q, in->from_ns, cells[first].index * cell_ns);
		last_ns = (cells[end - 1].index + 1) * cell_ns;
		q->cells += end - first;
	}
	for (size_t i = first + 1; i < end; i++) {
		if (cells[i].index - cells[i - 1].index > most) {
			most = cells[i].index - cells[i - 1].index;
			widest = i;
		}
	}
	if (widest > 0)
		add_quiet(
			q, (cells[widest - 1].index + 1) * cell_ns, cells[widest].index * cell_ns);
	add_quiet(q, last_ns, in->to_ns);
}

/* Of a stretch of the baseline, what counts: behind a told incident, from the next line on. */
static struct stretch counted_of(
	const struct trial *t, size_t item, const struct series *s, int64_t cell_ns)
{
	struct stretch in = t->period.items[item];
	if (!t->told || item == 0 || t->period.items[item - 1].side != SIDE_INCIDENT)
		return in;
	size_t at = scene_cell_from(s, cell_ns, 0, in.from_ns - cell_ns + 1);
	int64_t next_ns = at < s->cell_count ? s->cells[at].index * cell_ns : in.to_ns;
	in.from_ns = i64_min(in.to_ns, i64_max(in.from_ns, next_ns));
	return in;
}

static double pieces_in(const struct stretch *s, int64_t piece_ns)
{
	return floor((double)(s->to_ns - s->from_ns) / (double)piece_ns);
}

/* All that was read of the baseline's own path. */
static struct stretch stretch_of_path(const struct findings *b)
{
	bool any = b->first_ns != TIME_NONE;
	return (struct stretch){ any ? b->first_ns : 0, any ? b->last_ns : 0, SIDE_BASE };
}

struct silence silence_weigh(const struct trial *t, const struct series *lines,
	const struct series *before, int64_t cell_ns, double comparisons)
{
	const struct findings *path = t->scene->baseline;
	struct quiet base = { 0 };
	struct silence s = { 0 };
	for (size_t i = 0; i < t->period.count; i++) {
		struct stretch in = counted_of(t, i, lines, cell_ns);
		if (in.side == SIDE_BASE && in.from_ns < in.to_ns)
			measure(lines, cell_ns, &in, &base);
	}
	if (path != NULL && before != NULL) {
		struct stretch in = stretch_of_path(path);
		measure(before, path->cell_ns, &in, &base);
	}
	if (base.cells < LEAST_CELLS)
		return s;
	int64_t widest_ns = path != NULL ? i64_max(cell_ns, path->cell_ns) : cell_ns;
	int64_t piece_ns = 2 * i64_max(base.longest_ns, widest_ns);
	if (path != NULL && before != NULL) {
		struct stretch in = stretch_of_path(path);
		s.base_pieces += pieces_in(&in, piece_ns);
	}
	for (size_t i = 0; i < t->period.count; i++) {
		struct stretch in = counted_of(t, i, lines, cell_ns);
		struct quiet now = { 0 };
		if (in.side == SIDE_BASE)
			s.base_pieces += pieces_in(&in, piece_ns);
		if (in.side != SIDE_INCIDENT)
			continue;
		if (path != NULL) /* its log may begin there */
			in.from_ns = i64_max(in.from_ns, i64_min(in.to_ns, lines->first_ns));
		measure(lines, cell_ns, &in, &now);
		s.pieces += pieces_in(&in, piece_ns);
		s.silent_pieces += floor((double)now.longest_ns / (double)piece_ns);
		if (s.silent_pieces > 0 && s.from_ns == 0)
			s.from_ns = now.from_ns;
	}
	if (s.silent_pieces > 0 && s.base_pieces > 0)
		s.raw = bayes_shares(s.base_pieces, s.base_pieces, s.pieces - s.silent_pieces,
				s.pieces) -
			log(comparisons);
	return s;
}

/* What it said most; NO_INDEX: nothing that was kept. */
uint32_t silence_usual_line(const struct scene *s, uint32_t service)
{
	uint32_t best = NO_INDEX;
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		if (s->subjects[i].service == service &&
			s->subjects[i].subject->kind == SUBJECT_TEMPLATE &&
			(best == NO_INDEX || s->subjects[i].subject->series.total >
						     s->subjects[best].subject->series.total))
			best = i;
	}
	return best;
}

struct finding *silence_add(
	struct trial *t, uint32_t service, uint32_t line, const struct silence *s, double weight)
{
	struct finding *f = trial_add(t, DEVIATION_STOPPED, service, line, NO_INDEX, s->raw);
	f->weight = weight;
	f->d.base_of = f->d.base_count = (uint64_t)s->base_pieces;
	f->d.of = (uint64_t)s->pieces;
	f->d.count = (uint64_t)(s->pieces - s->silent_pieces);
	f->d.first_ns = s->from_ns;
	return f;
}

static bool is_steady_line(const struct trial *t, uint32_t subject)
{
	const struct scene_subject *s = &t->scene->subjects[subject];
	return s->class == CLASS_ORDINARY && s->subject->kind == SUBJECT_TEMPLATE &&
	       s->subject->series.cell_count >= LEAST_CELLS &&
	       !trial_episodes(t, subject).by_requests;
}

/* Of each service: does it tell itself what is wrong, or say nothing at all? In the arena. */
static bool *find_told(struct trial *t, const struct silence *services)
{
	bool *told = arena_alloc(&t->arena, t->scene->service_count, sizeof(*told));
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		told[f->d.service] |=
			f->d.kind <= DEVIATION_MORE && !f->ordinary && f->d.raw > LEAST_TOLD;
	}
	for (size_t i = 0; i < t->scene->findings->service_count; i++)
		told[i] |= services[i].raw > 0;
	return told;
}

/*
 * The same of one ordinary line, of a service that still says others and reports nothing: a
 * consumer that lives, and consumes no more. Where it reports an error, that one says more of the
 * same event; of followed requests the steps tell it better. An ordinary line that is missing says
 * what does not happen and not that it hurts, as one that comes more often does (changed.c).
 */
static void find_lines(struct trial *t, const struct silence *services)
{
	const struct scene *s = t->scene;
	size_t subjects = s->findings->subject_count, count = 0, silent = 0;
	uint32_t *lines = arena_alloc(&t->arena, subjects, sizeof(*lines));
	const bool *told = find_told(t, services);
	for (uint32_t i = 0; i < subjects; i++) {
		if (!told[s->subjects[i].service] && is_steady_line(t, i))
			lines[count++] = i;
	}
	struct silence *all = arena_alloc(&t->arena, count, sizeof(*all));
	for (size_t i = 0; i < count; i++) {
		all[i] = silence_weigh(t, &s->findings->subjects[lines[i]].series, NULL,
			s->findings->cell_ns, (double)count);
		silent += all[i].silent_pieces > 0;
	}
	for (size_t i = 0; i < count && 2 * silent <= count; i++) {
		if (all[i].raw <= 0)
			continue;
		silence_add(t, s->subjects[lines[i]].service, lines[i], &all[i],
			soft_cap(all[i].raw, trial_line_cap(t)))
			->d.one_line = true;
	}
}

/* What is left of the silence of a service that is called, by the strongest of its calls. */
static double own_share(const struct trial *t, uint32_t service)
{
	double raw = 0, share = 1;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.kind != DEVIATION_STOPPED || f->d.service != service || f->d.raw <= raw)
			continue;
		raw = f->d.raw;
		share = fmin(1, f->weight / trial_tempered(raw));
	}
	return share;
}

/*
 * How often the service should be called in the incident by what its callers say there, in
 * proportion to all requests: 1: as often as outside it. Only of one that mostly comes by calls.
 */
static double called_share(const struct trial *t, uint32_t service)
{
	const struct requests *r = t->requests;
	const uint32_t *all = t->service_requests[t->scene->service_count];
	double called = 0, due = 0;
	for (size_t i = 0; i < r->call_count; i++) {
		const uint32_t *before = t->with_node[r->calls[i].a];
		double count = t->with_call[i][SIDE_BASE];
		if (t->scene->subjects[r->calls[i].b].service != service || before[SIDE_BASE] == 0)
			continue;
		called += count;
		due += count / before[SIDE_BASE] * before[SIDE_INCIDENT];
	}
	if (called * 2 < t->service_requests[service][SIDE_BASE] || called == 0 ||
		all[SIDE_INCIDENT] == 0)
		return 1;
	return fmin(1, due / called * all[SIDE_BASE] / all[SIDE_INCIDENT]);
}

void trial_silence(struct trial *t)
{
	const struct findings *f = t->scene->findings;
	size_t services = f->service_count, silent = 0, steady = 0;
	struct silence *all = arena_alloc(&t->arena, services, sizeof(*all));
	bool has_path = t->scene->baseline != NULL;
	if (t->leave_out >> PART_STOPPED & 1)
		return;
	for (uint32_t i = 0; i < services; i++) {
		const struct service_findings *before =
			has_path ? t->scene->base_services[i] : NULL;
		all[i] = silence_weigh(t, &f->services[i].lines,
			before != NULL ? &before->lines : NULL, f->cell_ns,
			(double)t->scene->service_count);
		steady += all[i].base_pieces > 0;
		silent += all[i].silent_pieces > 0;
	}
	if (2 * silent > steady)
		return;
	double *shares = arena_alloc(&t->arena, services, sizeof(*shares));
	for (uint32_t i = 0; i < services; i++)
		shares[i] = all[i].raw > 0 ? fmin(own_share(t, i), called_share(t, i)) : 1;
	for (uint32_t i = 0; i < services; i++) {
		uint32_t line = all[i].raw > 0 ? silence_usual_line(t->scene, i) : NO_INDEX;
		if (line != NO_INDEX)
			silence_add(t, i, line, &all[i], trial_tempered(all[i].raw) * shares[i]);
	}
	if (has_path) /* of sites and single lines the silence within this scan alone is known */
		return;
	silence_of_sites(t, all);
	if (!t->unlinked) /* dear, and no onset is found by it */
		find_lines(t, all);
}
