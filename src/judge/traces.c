/* SPDX-License-Identifier: MIT */
#include "src/judge/trial.h"

/*
 * The head of a Python trace that nobody stamped stands behind the line that complains, is no event
 * of its own and says nothing that this one does not say. It carries none of the ids by which it is
 * followed, and so would stay its service's own trouble where that line is explained by another's.
 * So it does not count where the service complains otherwise, no later and as often, in however
 * many ways: in as many moments, since those of the complaints that are followed are counted by
 * requests, of which it knows nothing. A trace that stands alone is a complaint itself; and where
 * each line of it was stamped, text of the program stands in front of it.
 */
static bool is_head_of_trace(const struct trial *t, const struct finding *f)
{
	const struct subject *s = t->scene->subjects[f->d.subject].subject;
	return f->d.kind <= DEVIATION_MORE && s != NULL && s->kind == SUBJECT_TEMPLATE &&
	       str_starts(s->template_text, STR("Traceback (most recent call last)"));
}

static bool is_complaint(const struct trial *t, const struct finding *f, uint32_t service)
{
	return f->d.service == service && f->d.kind <= DEVIATION_MORE && !f->ordinary &&
	       f->d.first_ns != TIME_NONE && !is_head_of_trace(t, f);
}

/* In how many moments of the incident it is said. */
static uint64_t moments_of(const struct trial *t, const struct finding *f)
{
	uint64_t cells[SIDE_COUNT] = { 0 };
	scene_cells(t->scene, &t->period, f->d.subject, cells);
	return cells[SIDE_INCIDENT];
}

void trial_traces(struct trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct finding *head = &t->findings[i];
		int64_t first_ns = INT64_MAX;
		uint64_t said = 0;
		if (head->d.first_ns == TIME_NONE || !is_head_of_trace(t, head))
			continue;
		for (size_t k = 0; k < t->count; k++) {
			const struct finding *f = &t->findings[k];
			if (!is_complaint(t, f, head->d.service))
				continue;
			first_ns = i64_min(first_ns, f->d.first_ns);
			said += moments_of(t, f);
		}
		if (said >= moments_of(t, head) && first_ns < head->d.first_ns + NS_PER_S)
			head->d.raw = head->weight = head->d.points = 0;
	}
}
