/* SPDX-License-Identifier: MIT */
#include "lineup/troubles.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/error.h"
#include "lineup/mem.h"

/* Of a kind. Enough to read; an archive of broken members must not make a report of them alone.
 * While entries come there may be twice as many, so that those that go are sorted out seldom. */
#define TROUBLES_MAX ((size_t)1000)

void troubles_release(struct troubles *t)
{
	arena_release(&t->arena);
	free(t->items);
	*t = (struct troubles){ 0 };
}

static int compare(const void *left, const void *right)
{
	const struct trouble *a = left;
	const struct trouble *b = right;
	if (a->input != b->input)
		return a->input < b->input ? -1 : 1;
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	int order = str_compare(a->path, b->path);
	if (order == 0)
		order = str_compare(a->reason, b->reason);
	return order != 0 ? order : (int)a->kind - (int)b->kind;
}

static void copy_texts(struct arena *arena, struct trouble *item)
{
	item->path = arena_copy(arena, item->path);
	item->reason = arena_copy(arena, item->reason);
}

/*
 * Keeps the first ones of each kind in order: the first of the first are the first, and so what is
 * kept does not depend on who came upon which, and when.
 */
static void keep_first(struct troubles *t)
{
	struct arena kept = { 0 };
	size_t count = 0;
	if (t->count > 1)
		qsort(t->items, t->count, sizeof(t->items[0]), compare);
	memset(t->kept, 0, sizeof(t->kept));
	for (size_t i = 0; i < t->count; i++) {
		enum trouble_kind kind = t->items[i].kind;
		if (t->kept[kind] >= TROUBLES_MAX) {
			t->beyond[kind]++;
			continue;
		}
		t->kept[kind]++;
		t->items[count] = t->items[i];
		copy_texts(&kept, &t->items[count++]);
	}
	t->count = count;
	arena_release(&t->arena);
	t->arena = kept;
}

void troubles_add(struct troubles *t, enum trouble_kind kind, uint32_t input, uint32_t sequence,
	struct str path, const char *format, ...)
{
	if (kind != TROUBLE_SKIPPED)
		t->incomplete = true;
	if (t->kept[kind] >= 2 * TROUBLES_MAX)
		keep_first(t);
	t->kept[kind]++;
	char reason[sizeof(((struct error *)0)->text)];
	va_list args;
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	mem_grow(&t->items, t->count, &t->capacity);
	t->items[t->count++] = (struct trouble){
		.kind = kind,
		.input = input,
		.sequence = sequence,
		.path = arena_copy(&t->arena, path),
		.reason = arena_copy(&t->arena, str_from(reason)),
	};
}

/* An entry that troubles_sort puts last. */
static bool is_summary(const struct trouble *t)
{
	return t->input == UINT32_MAX && t->sequence == UINT32_MAX;
}

static void drop_summaries(struct troubles *t)
{
	while (t->count > 0 && is_summary(&t->items[t->count - 1]))
		t->count--;
}

void troubles_join(struct troubles *into, const struct troubles *from)
{
	drop_summaries(into);
	for (size_t i = 0; i < from->count; i++) {
		const struct trouble *item = &from->items[i];
		if (is_summary(item))
			continue;
		mem_grow(&into->items, into->count, &into->capacity);
		into->items[into->count] = *item;
		copy_texts(&into->arena, &into->items[into->count++]);
	}
	for (size_t i = 0; i < TROUBLE_KINDS; i++)
		into->beyond[i] += from->beyond[i];
	into->incomplete = into->incomplete || from->incomplete;
	if (into->count > 2 * TROUBLE_KINDS * TROUBLES_MAX)
		keep_first(into);
}

void troubles_sort(struct troubles *t)
{
	drop_summaries(t);
	keep_first(t);
	for (size_t i = 0; i < TROUBLE_KINDS; i++) {
		if (t->beyond[i] == 0)
			continue;
		mem_grow(&t->items, t->count, &t->capacity);
		t->items[t->count++] = (struct trouble){
			.kind = (enum trouble_kind)i,
			.input = UINT32_MAX,
			.sequence = UINT32_MAX,
			.path = STR(""),
			.reason = arena_printf(&t->arena,
				"%" PRIu64 " more, counted but not listed", t->beyond[i]),
		};
	}
}

const char *trouble_kind_name(enum trouble_kind kind)
{
	static const char *const names[] = {
		[TROUBLE_SKIPPED] = "skipped",
		[TROUBLE_DAMAGED] = "damaged",
		[TROUBLE_LIMITED] = "limited",
		[TROUBLE_UNREADABLE] = "unreadable",
	};
	return names[kind];
}
