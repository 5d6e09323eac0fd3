/* SPDX-License-Identifier: MIT */
#include "src/judge/search.h"

/*
 * A span may be told so wide that hardly anything is left beside it ("yesterday", of the logs of
 * that day). It hurt in it, but nobody said since when, and that is searched for as if nothing had
 * been told. Against nothing all would be new, so that the span itself is no candidate then.
 */
static bool is_told_whole(const struct scene *s)
{
	const struct rank_settings *settings = s->settings;
	double inside = scene_observed(s, settings->incident_from_ns, settings->incident_to_ns);
	return s->baseline == NULL && settings->baseline_from_ns == TIME_NONE &&
	       (s->observed_seconds - inside) * CANDIDATES_LEAST_BEFORE < s->observed_seconds;
}

/* As much of each as lies in the span. */
size_t candidates_within(const struct scene *s, const struct frame *frame, struct arena *arena,
	int64_t to_ns, struct candidate *out)
{
	if (!is_told_whole(s))
		return 0;
	size_t kept = 0, count = candidates_find(s, frame, arena, out);
	for (size_t i = 0; i < count; i++) {
		struct candidate *c = &out[i];
		while (c->count > 0 && c->spans[0].from_ns < s->settings->incident_from_ns) {
			c->spans++;
			c->count--;
		}
		while (c->count > 0 && c->spans[c->count - 1].from_ns >= to_ns)
			c->count--;
		if (c->count == 0 || (c->kind == CANDIDATE_RECURRING && c->count == 1))
			continue;
		c->spans[c->count - 1].to_ns = i64_min(c->spans[c->count - 1].to_ns, to_ns);
		out[kept++] = *c;
	}
	return kept;
}
