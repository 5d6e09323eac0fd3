/* SPDX-License-Identifier: MIT */
#include "lineup/evidence.h"

#include <stdlib.h>

#include "lineup/mem.h"

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
	*e = (struct exemplars){ NULL, 0, (uint8_t)size_min(room, EXEMPLARS_MAX), 0 };
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

static struct str copy(struct str s)
{
	return str_of(mem_strdup(s), s.len);
}

static struct evidence candidate_of(const struct line_place *line)
{
	return (struct evidence){ line->time_ns, line->member->input, line->member->sequence,
		line->line, line->offset, line->member->place,
		str_head(line->text, EVIDENCE_TEXT_BYTES) };
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
		return;
	}
	if (e->items == NULL)
		e->items = mem_zalloc((size_t)e->room + 1, sizeof(*e->items));
	memmove(e->items + at + 1, e->items + at, (e->count - at) * sizeof(*e->items));
	e->items[at] = kept;
	e->count++;
	while (e->count > e->room && e->step < 62)
		widen(e);
}

void exemplars_offer(struct exemplars *e, const struct line_place *line)
{
	struct evidence candidate = candidate_of(line);
	exemplars_offer_evidence(e, &candidate);
}

void exemplars_merge(struct exemplars *into, const struct exemplars *from)
{
	while (into->step < from->step)
		widen(into);
	for (size_t i = 0; i < from->count; i++)
		exemplars_offer_evidence(into, &from->items[i]);
}
