/* SPDX-License-Identifier: MIT */
#include "src/judge/told_lines.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/judge/requests.h"
#include "lineup/words.h"

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

/*
 * A log of slow statements has no line of a quick one: each of those kept tells of a tenth of a
 * second or more, and the line is known for a warning or says "slow". How many there are is then
 * how often something was slow. Of one that complains of others it may be theirs.
 */
#define SLOW_SECONDS 0.1
#define SLOW_LINES   4

static bool is_slow_only(const struct told_lines *t)
{
	for (uint32_t i = 0; i < t->count; i++) {
		double longest = t->items[i].ln_seconds[0];
		for (uint32_t k = 1; k < t->items[i].count; k++)
			longest = fmax(longest, t->items[i].ln_seconds[k]);
		if (longest < log(SLOW_SECONDS))
			return false;
	}
	return t->count >= SLOW_LINES;
}

static void find_slow_only(struct scene *s)
{
	bool *complains = mem_zalloc(s->service_count + 1, sizeof(*complains));
	for (size_t i = 0; i < s->subject_count; i++)
		complains[s->subjects[i].service] |=
			s->subjects[i].class >= CLASS_WARNING &&
			(s->subjects[i].waits || s->subjects[i].named != NO_INDEX);
	for (size_t i = 0; i < s->told_count; i++) {
		struct scene_subject *subject = &s->subjects[s->told[i].subject];
		/* who is always slow writes such lines of all that it does */
		bool calls_it_slow = subject->class > CLASS_ORDINARY ||
				     holds_word(subject->subject->template_text, STR("slow"), "");
		subject->slow_only =
			calls_it_slow && !complains[subject->service] && is_slow_only(&s->told[i]);
		if (subject->slow_only && subject->rule_subject != NO_INDEX)
			s->subjects[subject->rule_subject].slow_only = true;
		else if (subject->slow_only && subject->class == CLASS_ORDINARY)
			subject->class = CLASS_WARNING;
	}
	free(complains);
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
	find_slow_only(s);
}
