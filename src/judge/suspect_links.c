/* SPDX-License-Identifier: MIT */
#include "src/judge/suspect_parts.h"

#define LINKS_MAX 6
#define ALSO_MAX  6

static size_t suspect_of_draft(const struct wording *w, const struct drafts *drafts, uint32_t draft)
{
	const struct subject *subject = &w->findings->subjects[drafts->items[draft].subject];
	struct str service = w->findings->services[drafts->items[draft].service].name;
	for (size_t i = 0; i < w->verdict->suspect_count; i++) {
		const struct suspect *s = &w->verdict->suspects[i];
		if (s->subject == subject && str_equal(s->service, service))
			return i;
	}
	return SIZE_MAX;
}

/* Consequences: of all that was seen between two suspects, the link with most requests. */
void suspects_link(const struct wording *w, const struct drafts *drafts)
{
	const struct judgement *j = w->judgement;
	struct verdict *v = w->verdict;
	for (size_t i = 0; i < j->blame_count; i++) {
		const struct blame *b = &j->blames[i];
		size_t cause = suspect_of_draft(w, drafts, drafts->of_deviation[b->cause]);
		size_t effect = suspect_of_draft(w, drafts, drafts->of_deviation[b->effect]);
		if (cause == SIZE_MAX || effect == SIZE_MAX || cause == effect || b->requests == 0)
			continue;
		struct suspect *s = &v->suspects[cause];
		if (s->led_to == NULL)
			s->led_to = arena_alloc(&v->arena, LINKS_MAX, sizeof(*s->led_to));
		size_t at = 0;
		while (at < s->led_to_count && s->led_to[at].suspect != effect)
			at++;
		if (at == LINKS_MAX)
			continue;
		if (at == s->led_to_count)
			s->led_to[s->led_to_count++] = (struct link){ .suspect = effect };
		if (b->requests > s->led_to[at].requests)
			s->led_to[at] = (struct link){ effect, b->requests, b->of, b->lag_seconds };
		/* folded under it when most of its requests show it, and never in a circle */
		bool most = b->requests * 2 > b->of;
		if (most && cause < effect && v->suspects[effect].caused_by == SIZE_MAX)
			v->suspects[effect].caused_by = cause;
	}
}

/* Does all that is kept of one's lines stand among the other's? */
static bool same_lines(const struct suspect *a, const struct suspect *b)
{
	if (!str_equal(a->service, b->service) || a->evidence_count == 0 ||
		b->evidence_count == 0 || a->count < b->count)
		return false;
	for (size_t i = 0; i < b->evidence_count; i++) {
		size_t k = 0;
		while (k < a->evidence_count &&
			evidence_compare(&a->evidence[k], &b->evidence[i]) != 0)
			k++;
		if (k == a->evidence_count)
			return false;
	}
	return true;
}

bool suspect_folds_into_one(
	const struct wording *w, struct suspect *kept, size_t count, const struct suspect *s)
{
	for (size_t i = 0; i < count; i++) {
		if (!same_lines(&kept[i], s))
			continue;
		if (kept[i].also == NULL)
			kept[i].also =
				arena_alloc(&w->verdict->arena, ALSO_MAX, sizeof(*kept[i].also));
		if (kept[i].also_count < ALSO_MAX)
			kept[i].also[kept[i].also_count++] = s->id;
		return true;
	}
	return false;
}
