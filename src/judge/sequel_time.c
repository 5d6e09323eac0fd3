/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/sequel_parts.h"
#include "lineup/words.h"

#define FINDINGS_MAX 400 /* of more the strongest */
#define LEAST_RAW    1.0

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
			     f->d.kind == DEVIATION_SLOW || f->d.kind == DEVIATION_NAMED;
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

/* A step of a request whose kind is slow, late or not. */
struct step_seen {
	uint32_t slot;
	bool late;
	int64_t time_ns;
	int64_t late_ns; /* from here on it was later than normal */
};

static int by_slot_and_time(const void *a, const void *b)
{
	const struct step_seen *x = a, *y = b;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->late_ns < y->late_ns ? -1 : x->late_ns > y->late_ns;
}

static size_t collect_steps(const struct sequel *q, struct step_seen *seen)
{
	const struct trial *t = q->t;
	const struct requests *r = t->requests;
	size_t count = 0;
	for (size_t i = 0; i < r->gap_count; i++) {
		const struct gap *g = &r->gaps[i];
		uint32_t finding = t->of_edge[g->edge];
		uint32_t slot = finding == NO_INDEX ? NO_INDEX : q->slot_of[finding];
		double seconds = exp((double)g->ln_seconds), late = t->late_seconds[g->edge];
		if (slot != NO_INDEX && !q->t->scene->events[g->event].base)
			seen[count++] = (struct step_seen){ slot, seconds > late, g->time_ns,
				g->time_ns - (int64_t)((seconds - late) * 1e9) };
	}
	return count;
}

/*
 * A slow step starts to deviate when two in a row are later than normal: a single late one comes in
 * the best of times, and would date the trouble before its cause.
 */
static void time_slow_steps(struct sequel *q)
{
	struct step_seen *seen = mem_zalloc(q->t->requests->gap_count + 1, sizeof(*seen));
	size_t count = collect_steps(q, seen);
	qsort(seen, count, sizeof(*seen), by_slot_and_time);
	for (size_t i = 0; i < count; i++) {
		size_t episode = seen[i].late ? episode_of(q, seen[i].time_ns) : SIZE_MAX;
		if (episode == SIZE_MAX)
			continue;
		q->requests[seen[i].slot * q->episode_count + episode]++;
		if (i + 1 < count && seen[i + 1].slot == seen[i].slot && seen[i + 1].late &&
			episode_of(q, seen[i + 1].time_ns) == episode)
			note_first(q, seen[i].slot, episode, seen[i].late_ns);
	}
	free(seen);
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

static void date_findings(struct sequel *q)
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
				q->named[k] = holds_word(s->evidence[e].text, name, "_-");
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

void sequel_time(struct sequel *q)
{
	choose_findings(q);
	date_findings(q);
}

void sequel_find_witnesses(struct sequel *q)
{
	find_named(q);
	find_lasting(q);
}
