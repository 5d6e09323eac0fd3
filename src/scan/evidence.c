/* SPDX-License-Identifier: MIT */
#include "lineup/evidence.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/utf8.h"

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int evidence_compare(const struct evidence *a, const struct evidence *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->input != b->input)
		return compare_u64(a->input, b->input);
	if (a->sequence != b->sequence)
		return compare_u64(a->sequence, b->sequence);
	return compare_u64(a->line, b->line);
}

void exemplars_init(struct exemplars *e, unsigned room)
{
	*e = (struct exemplars){ .room = (uint8_t)size_min(room, EXEMPLARS_MAX) };
}

static void free_texts(struct evidence *item)
{
	free((char *)item->path.ptr);
	free((char *)item->text.ptr);
}

void exemplars_release(struct exemplars *e)
{
	for (size_t i = 0; i < e->count; i++)
		free_texts(&e->items[i]);
	free(e->items);
	e->items = NULL;
	e->count = 0;
}

/* Undated lines share a stretch of their own, before all others. */
static int64_t stretch(int64_t time_ns, unsigned step)
{
	if (time_ns == TIME_NONE)
		return INT64_MIN;
	int64_t seconds = time_ns / NS_PER_S - (time_ns % NS_PER_S < 0);
	return seconds >> step;
}

/* Stretches twice as long; items are in order, so those that now share one are neighbours. */
static void widen(struct exemplars *e)
{
	e->step++;
	size_t kept = 0;
	for (size_t i = 0; i < e->count; i++) {
		if (kept > 0 && stretch(e->items[kept - 1].time_ns, e->step) ==
					stretch(e->items[i].time_ns, e->step))
			free_texts(&e->items[i]);
		else
			e->items[kept++] = e->items[i];
	}
	e->count = (uint8_t)kept;
}

static void note_settled(struct exemplars *e)
{
	int64_t last_ns = e->items[e->count - 1].time_ns;
	e->settled_from_ns = e->settled_to_ns = last_ns;
	int64_t next = stretch(last_ns, e->step) + 1;
	/* Seconds that count in nanoseconds; what is beyond is asked for each time. */
	if (last_ns != TIME_NONE && e->step < 32 && next < (INT64_MAX / NS_PER_S) >> e->step)
		e->settled_to_ns = (int64_t)((uint64_t)next << e->step) * NS_PER_S;
}

static struct str copy(struct str s)
{
	return str_of(mem_strdup(s), s.len);
}

static struct evidence candidate_of(const struct line_place *line)
{
	return (struct evidence){ line->time_ns, line->member->input, line->member->sequence,
		line->line, line->offset, line->member->place,
		utf8_head(line->text, EVIDENCE_TEXT_BYTES) };
}

void exemplars_offer_evidence(struct exemplars *e, const struct evidence *candidate)
{
	int64_t wanted = stretch(candidate->time_ns, e->step);
	size_t at = 0;
	while (at < e->count && stretch(e->items[at].time_ns, e->step) < wanted)
		at++;
	bool taken = at < e->count && stretch(e->items[at].time_ns, e->step) == wanted;
	if (taken && evidence_compare(&e->items[at], candidate) <= 0)
		return;
	struct evidence kept = *candidate;
	kept.path = copy(candidate->path);
	kept.text = copy(candidate->text);
	if (taken) {
		free_texts(&e->items[at]);
		e->items[at] = kept;
		note_settled(e);
		return;
	}
	if (e->items == NULL)
		e->items = mem_zalloc((size_t)e->room + 1, sizeof(*e->items));
	memmove(e->items + at + 1, e->items + at, (e->count - at) * sizeof(*e->items));
	e->items[at] = kept;
	e->count++;
	while (e->count > e->room && e->step < 62)
		widen(e);
	note_settled(e);
}

void exemplars_take(struct exemplars *e, const struct line_place *line)
{
	struct evidence candidate = candidate_of(line);
	exemplars_offer_evidence(e, &candidate);
}

void exemplars_merge(struct exemplars *into, const struct exemplars *from)
{
	while (into->step < from->step)
		widen(into);
	if (into->count > 0)
		note_settled(into);
	for (size_t i = 0; i < from->count; i++)
		exemplars_offer_evidence(into, &from->items[i]);
}
