/* SPDX-License-Identifier: MIT */
#include "src/judge/told_lines.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/judge/requests.h"

/* Subjects are asked in blocks, since most take no time at all. */
#define BLOCK 256

struct asking {
	const struct scene *scene;
	struct told_lines *of_subject; /* count is 0 where nothing is told */
};

static size_t evidence_count(const struct subject *s)
{
	return s == NULL ? 0 : s->evidence_count;
}

static void read_lines(struct told_lines *t, const struct subject *s, bool base)
{
	for (size_t i = 0; i < evidence_count(s); i++) {
		double seconds[DURATIONS_MAX];
		struct told_line line = { .time_ns = s->evidence[i].time_ns, .base = base };
		line.count = (uint32_t)durations_read(s->evidence[i].text, seconds);
		for (uint32_t k = 0; k < line.count; k++)
			line.ln_seconds[k] = log(seconds[k] + GAP_FLOOR_SECONDS);
		if (line.count > 0)
			t->items[t->count++] = line;
	}
}

static bool may_tell(const struct scene_subject *s)
{
	return s->subject != NULL && s->subject->kind == SUBJECT_TEMPLATE &&
	       s->class != CLASS_CONTEXT && !s->failed &&
	       duration_is_likely(s->subject->template_text);
}

static void ask_block(void *context, size_t block)
{
	const struct asking *a = context;
	size_t end = size_min((block + 1) * BLOCK, a->scene->subject_count);
	for (size_t i = block * BLOCK; i < end; i++) {
		const struct scene_subject *s = &a->scene->subjects[i];
		struct told_lines *t = &a->of_subject[i];
		if (!may_tell(s))
			continue;
		t->subject = (uint32_t)i;
		t->items = mem_zalloc(
			evidence_count(s->base) + evidence_count(s->subject), sizeof(*t->items));
		read_lines(t, s->base, true);
		read_lines(t, s->subject, false);
	}
}

void told_lines_find(struct scene *s)
{
	struct asking a = { s, mem_zalloc(s->subject_count + 1, sizeof(*a.of_subject)) };
	size_t count = 0;
	parallel_each(s->settings->jobs, (s->subject_count + BLOCK - 1) / BLOCK, ask_block, &a);
	for (size_t i = 0; i < s->subject_count; i++)
		count += a.of_subject[i].count > 0;
	s->told = arena_alloc(&s->arena, count, sizeof(*s->told));
	for (size_t i = 0; i < s->subject_count; i++) {
		struct told_lines *t = &a.of_subject[i];
		if (t->count > 0) {
			struct told_lines *kept = &s->told[s->told_count++];
			*kept = *t;
			kept->items = arena_alloc(&s->arena, t->count, sizeof(*t->items));
			memcpy(kept->items, t->items, t->count * sizeof(*t->items));
		}
		free(t->items);
	}
	free(a.of_subject);
}
