/* SPDX-License-Identifier: MIT */
#include "src/judge/trail_parts.h"

static uint64_t place_key(uint32_t input, uint32_t sequence, uint64_t line)
{
	return line * 0x9e3779b97f4a7c15ULL + sequence * 0xc2b2ae3d27d4eb4fULL +
	       input * 0x165667b19e3779f9ULL;
}

static uint64_t place_of(const struct evidence *e)
{
	return place_key(e->input, e->sequence, e->line);
}

void trail_put_place(struct table *places, const struct evidence *e)
{
	table_put(places, place_of(e));
}

const uint64_t *trail_of_place(const struct table *places, const struct evidence *e)
{
	return table_get(places, place_of(e));
}

void trail_find_requests(const struct scene *s, struct table *places)
{
	for (size_t i = 0; i < s->findings->event_count; i++) {
		const struct request_event *e = &s->findings->events[i];
		uint64_t *known = table_get(places, place_key(e->input, e->sequence, e->line));
		if (known != NULL)
			*known = e->request;
	}
}

static bool complains(const struct scene_subject *s)
{
	return s->class >= CLASS_WARNING && s->named == NO_INDEX && s->subject != NULL &&
	       s->subject->evidence_count > 0 &&
	       trail_tells_unfinished(s->subject->evidence[0].text);
}

static void add_complaint(struct complaints *all, uint32_t subject, const struct evidence *line)
{
	struct complaint *c = &all->items[all->count++];
	*c = (struct complaint){ .line = line, .subject = subject };
	size_t at = 0;
	for (;;) {
		struct str id = trail_next_id(line->text, &at);
		if (id.len == 0 || c->own_count == IDS_A_LINE)
			break;
		c->own[c->own_count++] = str_hash(id);
	}
}

static void collect(const struct scene *s, struct complaints *all)
{
	for (uint32_t i = 0; i < s->subject_count; i++) {
		const struct subject *of = s->subjects[i].subject;
		if (!complains(&s->subjects[i]))
			continue;
		for (size_t k = 0; k < of->evidence_count; k++) {
			if (all->count == COMPLAINTS_MAX)
				return;
			if (of->evidence[k].time_ns != TIME_NONE)
				add_complaint(all, i, &of->evidence[k]);
		}
	}
}

static void find_requests(const struct scene *s, struct complaints *all)
{
	struct table places = { 0 };
	for (size_t i = 0; i < all->count; i++)
		trail_put_place(&places, all->items[i].line);
	trail_find_requests(s, &places);
	for (size_t i = 0; i < all->count; i++)
		all->items[i].request = *table_get(&places, place_of(all->items[i].line));
	table_release(&places);
}

/* Counts the ids of one more line of its request; each once. */
static void count_ids(struct complaint *c, struct str text)
{
	uint64_t seen[IDS_A_LINE];
	size_t at = 0, count = 0;
	c->line_count++;
	while (count < IDS_A_LINE) {
		struct str id = trail_next_id(text, &at);
		uint64_t hash = str_hash(id);
		size_t i = 0, k = 0;
		if (id.len == 0)
			break;
		while (i < count && seen[i] != hash)
			i++;
		if (i < count)
			continue;
		seen[count++] = hash;
		while (k < c->id_count && c->ids[k] != hash)
			k++;
		if (k == IDS_A_REQUEST)
			continue;
		c->ids[k] = hash;
		c->in_lines[k]++;
		c->id_count = size_max(c->id_count, k + 1);
	}
}

/* The ids in the lines that its service wrote in the same request. */
static void read_around(const struct scene *s, struct complaints *all)
{
	struct table requests = { 0 }, places = { 0 };
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i].request != 0)
			table_put(&requests, all->items[i].request);
	}
	for (size_t i = 0; i < s->findings->event_count; i++) {
		const struct request_event *e = &s->findings->events[i];
		if (table_get(&requests, e->request) != NULL)
			*table_put(&places, place_key(e->input, e->sequence, e->line)) = e->request;
	}
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct subject *of = &s->findings->subjects[i];
		for (size_t k = 0; k < of->evidence_count && of->kind == SUBJECT_TEMPLATE; k++) {
			const uint64_t *request = trail_of_place(&places, &of->evidence[k]);
			for (size_t c = 0; c < all->count && request != NULL; c++) {
				struct complaint *to = &all->items[c];
				if (to->request == *request &&
					s->subjects[to->subject].service == of->service)
					count_ids(to, of->evidence[k].text);
			}
		}
	}
	table_release(&requests);
	table_release(&places);
}

bool complaint_has_context(const struct complaint *c, uint64_t id)
{
	for (size_t i = 0; i < c->id_count; i++) {
		if (c->ids[i] == id)
			return c->line_count > 1 && c->in_lines[i] == c->line_count;
	}
	return false;
}

void complaints_find(const struct scene *s, struct complaints *all)
{
	all->count = 0;
	collect(s, all);
	if (all->count == 0)
		return;
	find_requests(s, all);
	read_around(s, all);
}
