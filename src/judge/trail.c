/* SPDX-License-Identifier: MIT */

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "src/judge/trail_parts.h"

/*
 * "Volume status must be available, but the status is creating": a thing was asked for and never
 * came to be, and the one who says so found it like that. Nothing failed on the way, or it would
 * have been said. Where such things are made again and again, the step that no longer comes shows
 * who stopped (steps.c); the first of its kind, or the only one, has nothing to be compared with,
 * and all that it leaves is its trail.
 *
 * A thing is born in the request in which its id comes up for the first time, and not in the first
 * line of it: what a request is about from its beginning was there before, or is what the request
 * is made for (a user, a project). Whoever polls for the thing later speaks of it too; but who was
 * to make it does so in that request. The last to speak of it there is where it is stuck: it has
 * the thing, or handed it to one that never said a word of it. If a service that did not speak of
 * it enters the request behind that, the thing went on, and nobody knows how far. And if something
 * did fail in the request, it is stuck where that was said first.
 *
 * What is complained of is, of several things in the line, the one that was born last. A line that
 * holds no id but those that stand in all lines of its request (its context) is of what else the
 * request names. Ids are only in texts, and of texts a few of each kind of line are kept: enough
 * where things are few, and else the trail breaks off and says nothing.
 */
struct mention {
	const struct evidence *line;
	uint32_t service;
	uint32_t trail;
	struct str id;
	uint64_t hash;	  /* of the id */
	uint64_t request; /* 0: none, or the id was taken for a request's */
};

/* Of one id. */
struct trail {
	const struct mention *first; /* the earliest of all mentions */
	const struct mention *last;  /* in the same request */
	bool born;		     /* it is a thing that came to be there */
	uint32_t holder;	     /* who has it since; NO_INDEX: not known */
};

struct trails {
	struct scene *scene;
	struct complaints complaints;
	struct table index; /* hash of an id -> index of its trail */
	struct trail *items;
	size_t count;
	struct mention *mentions;
	size_t mention_count;
	size_t mention_capacity;
};

static void want(struct trails *t, uint64_t id)
{
	if (table_get(&t->index, id) == NULL)
		*table_put(&t->index, id) = t->count++;
}

static void add_mention(
	struct trails *t, const struct evidence *line, uint32_t service, struct str id)
{
	uint64_t hash = str_hash(id);
	const uint64_t *known = table_get(&t->index, hash);
	if (known == NULL || line->time_ns == TIME_NONE)
		return;
	mem_grow(&t->mentions, t->mention_count, &t->mention_capacity);
	t->mentions[t->mention_count++] =
		(struct mention){ line, service, (uint32_t)*known, id, hash, 0 };
}

static void find_mentions(struct trails *t)
{
	const struct scene *s = t->scene;
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct subject *of = &s->findings->subjects[i];
		for (size_t k = 0; k < of->evidence_count && of->kind == SUBJECT_TEMPLATE; k++) {
			const struct evidence *line = &of->evidence[k];
			size_t at = 0;
			for (;;) {
				struct str id = trail_next_id(line->text, &at);
				if (id.len == 0)
					break;
				add_mention(t, line, of->service, id);
			}
		}
	}
}

static void find_mention_requests(struct trails *t)
{
	struct table places = { 0 };
	for (size_t i = 0; i < t->mention_count; i++)
		trail_put_place(&places, t->mentions[i].line);
	trail_find_requests(t->scene, &places);
	for (size_t i = 0; i < t->mention_count; i++) {
		struct mention *m = &t->mentions[i];
		uint64_t request = *trail_of_place(&places, m->line);
		m->request = request == (m->hash | UINT64_C(1) << 63) ? 0 : request;
	}
	table_release(&places);
}

/* Who has it, when this service was the last to speak of it? NO_INDEX: someone new took it on. */
static uint32_t holder(
	const struct scene *s, const struct request *q, int64_t last_ns, uint32_t service)
{
	const struct scene_event *events = &s->events[q->first_event];
	bool *known = mem_zalloc(s->service_count + 1, sizeof(*known));
	uint32_t holder = service;
	for (uint32_t i = 0; i < q->event_count; i++) {
		if (s->subjects[events[i].subject].failed) {
			holder = events[i].service;
			break;
		}
		if (events[i].time_ns > last_ns && !known[events[i].service])
			holder = NO_INDEX;
		known[events[i].service] = true;
	}
	free(known);
	return holder;
}

/* In the request of its first mention, of those in the table. */
static void follow_one(const struct requests *r, const struct table *index, struct trail *of)
{
	const uint64_t *at = table_get(index, of->first->request);
	const struct request *q = at == NULL || *at == 0 ? NULL : &r->requests[*at - 1];
	of->holder = NO_INDEX;
	if (q == NULL)
		return;
	of->born = q->time_ns < of->first->line->time_ns;
	of->holder = holder(r->scene, q, of->last->line->time_ns, of->last->service);
}

/* A line without a stamp of its own (the rows of a table) was written later than the time of the
 * line above it, which it is given. */
static bool has_time(const struct mention *m)
{
	return m->request != 0 || line_behind_stamp(m->line->text).len < m->line->text.len;
}

static void follow(struct trails *t, const struct requests *r)
{
	for (size_t i = 0; i < t->mention_count; i++) {
		struct trail *of = &t->items[t->mentions[i].trail];
		if (has_time(&t->mentions[i]) &&
			(of->first == NULL ||
				evidence_compare(t->mentions[i].line, of->first->line) < 0))
			of->first = &t->mentions[i];
	}
	for (size_t i = 0; i < t->mention_count; i++) {
		struct trail *of = &t->items[t->mentions[i].trail];
		if (of->first != NULL && t->mentions[i].request == of->first->request &&
			(of->last == NULL ||
				evidence_compare(of->last->line, t->mentions[i].line) < 0))
			of->last = &t->mentions[i];
	}
	struct table index = { 0 }; /* request -> its index plus 1 */
	for (size_t i = 0; i < t->count; i++) {
		if (t->items[i].first != NULL && t->items[i].first->request != 0)
			table_put(&index, t->items[i].first->request);
	}
	for (size_t i = 0; i < r->count; i++) {
		const struct request *q = &r->requests[i];
		uint64_t *at = table_get(&index, r->scene->events[q->first_event].request);
		if (at != NULL && *at == 0 && !q->base)
			*at = i + 1;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (t->items[i].first != NULL)
			follow_one(r, &index, &t->items[i]);
	}
	table_release(&index);
}

/* ---- whose ---- */

/* Of the ids, but those that are context: how many there are, and the trail of the one which was
 * born last before the line (NULL: none). */
static size_t latest(const struct trails *t, const struct complaint *c, const uint64_t *ids,
	size_t count, const struct trail **best)
{
	size_t looked_at = 0;
	*best = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct trail *of = &t->items[*table_get(&t->index, ids[i])];
		if (complaint_has_context(c, ids[i]))
			continue;
		looked_at++;
		if (of->born && of->first->line->time_ns < c->line->time_ns &&
			(*best == NULL ||
				evidence_compare((*best)->first->line, of->first->line) < 0))
			*best = of;
	}
	return looked_at;
}

/* The trail of what it complains of, if that ends in a service; NULL: none does. */
static const struct trail *behind(const struct trails *t, const struct complaint *c)
{
	const struct trail *of;
	if (latest(t, c, c->own, c->own_count, &of) == 0)
		latest(t, c, c->ids, c->id_count, &of);
	return of == NULL || of->last->line->time_ns >= c->line->time_ns || of->holder == NO_INDEX
		       ? NULL
		       : of;
}

static void name_all(struct trails *t)
{
	for (size_t i = 0, end; i < t->complaints.count; i = end) {
		struct scene_subject *s = &t->scene->subjects[t->complaints.items[i].subject];
		const struct trail *named = NULL;
		bool several = false;
		for (end = i; end < t->complaints.count &&
			      t->complaints.items[end].subject == t->complaints.items[i].subject;
			end++) {
			const struct trail *of = behind(t, &t->complaints.items[end]);
			several |= named != NULL && of != NULL && of->holder != named->holder;
			named = named != NULL ? named : of;
		}
		s->named = NO_INDEX;
		if (named == NULL || named->holder == s->service || several)
			continue;
		s->named = named->holder;
		s->trail = named->first->id;
		s->class = CLASS_PROBLEM;
	}
}

void trails_find(struct scene *s, const struct requests *r)
{
	struct trails *t = mem_zalloc(1, sizeof(*t));
	t->scene = s;
	complaints_find(s, &t->complaints);
	for (size_t i = 0; i < t->complaints.count; i++) {
		const struct complaint *c = &t->complaints.items[i];
		for (size_t k = 0; k < c->own_count; k++)
			want(t, c->own[k]);
		for (size_t k = 0; k < c->id_count; k++)
			want(t, c->ids[k]);
	}
	if (t->count > 0) {
		t->items = mem_zalloc(t->count, sizeof(*t->items));
		find_mentions(t);
		find_mention_requests(t);
		follow(t, r);
		name_all(t);
	}
	table_release(&t->index);
	free(t->items);
	free(t->mentions);
	free(t);
}
