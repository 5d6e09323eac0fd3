/* SPDX-License-Identifier: MIT */
#include "lineup/suspects.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"

#define TEMPLATES_MAX 50

static int most_first(const void *a, const void *b)
{
	const struct unexplained_template *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	int order = str_compare(x->service, y->service);
	return order != 0 ? order : str_compare(x->text, y->text);
}

/* Templates of lines that call themselves warnings or worse and that no rule knows; not those
 * of documents, which are copies. */
void unexplained_build(const struct wording *w)
{
	const struct findings *f = w->findings;
	struct verdict *v = w->verdict;
	struct unexplained_template *found = NULL;
	size_t count = 0, capacity = 0;
	v->problem_lines = f->problem_lines;
	v->matched_lines = f->matched_lines;
	for (size_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		if (s->kind != SUBJECT_TEMPLATE || s->level < LEVEL_WARNING ||
			s->rule != UINT32_MAX || names_document(f->services[s->service].name))
			continue;
		mem_grow(&found, count, &capacity);
		found[count++] = (struct unexplained_template){ s->template_text, s->series.total,
			f->services[s->service].name, s->series.first_ns,
			s->evidence_count > 0 ? s->evidence[0].text : STR_NONE };
	}
	if (count > 0)
		qsort(found, count, sizeof(*found), most_first);
	v->unexplained_count = size_min(count, TEMPLATES_MAX);
	v->unexplained = arena_alloc(&v->arena, v->unexplained_count, sizeof(*v->unexplained));
	if (v->unexplained_count > 0)
		memcpy(v->unexplained, found, v->unexplained_count * sizeof(*found));
	free(found);
}
