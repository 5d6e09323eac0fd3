/* SPDX-License-Identifier: MIT */
/* Which deviation stood before which in one request after another: the links of the report. */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/blame_parts.h"
#include "src/judge/instances.h"

/*
 * Links are laid for every pair of deviations in every request. When there are more than this, or
 * more pairs to look at, the requests are thinned until there are not; how often two came together
 * is then taken for all of them from those that are left.
 */
#define LINKS_MAX ((size_t)1 << 20)
#define PAIRS_MAX ((size_t)1 << 24)

/* Does the one cause explain the one effect? As is_explained. */
static bool explains(struct blaming *b, size_t cause, size_t effect)
{
	const struct entry *from = &b->layout.entries[cause], *to = &b->layout.entries[effect];
	const struct finding *c = finding_of(b, from), *e = finding_of(b, to);
	int64_t cause_ns = latest_ns(b, from);
	if (c->d.service == e->d.service || c->d.raw <= LEAST_CAUSE || b->told[cause])
		return false;
	switch (e->d.kind) {
	case DEVIATION_NEW:
	case DEVIATION_MORE:
		if (c->d.kind == DEVIATION_LOST && from->to_ns != INT64_MAX)
			cause_ns = latest_end_ns(b, from);
		return blame_is_before(b, cause, cause_ns, effect, to->from_ns);
	case DEVIATION_LOST:
		return cause_ns > to->from_ns &&
		       blame_is_before(b, cause, cause_ns, effect, to->to_ns);
	default:
		return false;
	}
}

/* For the report's links a slow step explains too: it came first, whatever it is worth. */
static bool precedes(struct blaming *b, size_t cause, size_t effect)
{
	const struct entry *from = &b->layout.entries[cause], *to = &b->layout.entries[effect];
	const struct finding *c = finding_of(b, from), *e = finding_of(b, to);
	if (explains(b, cause, effect))
		return true;
	return c->d.kind == DEVIATION_SLOW && c->d.service != e->d.service &&
	       e->d.kind <= DEVIATION_MORE && c->d.points > LEAST_CAUSE &&
	       latest_ns(b, from) < to->from_ns;
}

/* Those who are not there yet have INT64_MAX. */
int64_t blame_entered(struct blaming *b, size_t entry)
{
	int64_t *first_ns = &b->entered_ns[entry];
	uint32_t service = finding_of(b, &b->layout.entries[entry])->d.service;
	const struct node *nodes = &b->t->requests->nodes[b->request->first_node];
	if (*first_ns != 0)
		return *first_ns;
	*first_ns = INT64_MAX;
	for (uint32_t i = 0; i < b->request->node_count; i++) {
		if (b->t->scene->subjects[nodes[i].subject].service == service)
			*first_ns = i64_min(*first_ns, nodes[i].time_ns);
	}
	return *first_ns;
}

bool blame_names(const struct blaming *b, const struct scene_subject *said, uint32_t service)
{
	return said->named == service ||
	       (said->named_all && instances_same(b->t->scene, said->named, service));
}

/* Are both lines that may be of one instant, the effect's of which names the cause's service, and
 * not the other way round? */
static bool is_heard(const struct blaming *b, size_t cause, size_t effect)
{
	const struct entry *from = &b->layout.entries[cause], *to = &b->layout.entries[effect];
	const struct finding *c = finding_of(b, from), *e = finding_of(b, to);
	const struct scene_subject *subjects = b->t->scene->subjects;
	return c->d.kind <= DEVIATION_MORE && e->d.kind <= DEVIATION_MORE &&
	       from->from_ns <= i64_max(blame_instant_end(to->from_ns), latest_ns(b, to)) &&
	       blame_names(b, &subjects[e->d.subject], c->d.service) &&
	       !blame_names(b, &subjects[c->d.subject], e->d.service);
}

bool blame_is_before(
	struct blaming *b, size_t cause, int64_t cause_ns, size_t effect, int64_t effect_ns)
{
	return cause_ns < effect_ns || is_heard(b, cause, effect) ||
	       (cause_ns <= blame_instant_end(effect_ns) &&
		       blame_entered(b, cause) > blame_entered(b, effect));
}

/*
 * A caller is slow while it waits for whom it called: its step is late before anything fails there,
 * and is no cause of it. So a slow step is linked only to what it was called by, that is, to
 * services that the request came to earlier.
 */
static bool is_outer(struct blaming *b, size_t cause, size_t effect)
{
	return finding_of(b, &b->layout.entries[cause])->d.kind == DEVIATION_SLOW &&
	       blame_entered(b, cause) < blame_entered(b, effect);
}

/* Every other of the requests that are linked is left out. */
static void thin_links(struct blaming *b)
{
	size_t kept = 0;
	b->sampling++;
	for (size_t i = 0; i < b->link_count; i++) {
		if ((b->links[i].request & ((1U << b->sampling) - 1)) == 0)
			b->links[kept++] = b->links[i];
	}
	b->link_count = kept;
	b->pairs /= 2;
}

void blame_link(struct blaming *b, uint32_t index)
{
	const struct entry *entries = b->layout.entries;
	size_t count = b->layout.count;
	for (size_t i = 0; i < count; i++) {
		if (finding_of(b, &entries[i])->d.kind == DEVIATION_SLOW)
			continue;
		for (size_t k = 0; k < count; k++) {
			if (!precedes(b, k, i) || is_outer(b, k, i) ||
				(b->complains[k] && blame_is_of_waiting(b, k, i)))
				continue;
			mem_grow(&b->links, b->link_count, &b->link_capacity);
			b->links[b->link_count++] = (struct laid_link){
				{ entries[i].finding, entries[k].finding }, index,
				fabs((double)(entries[i].from_ns - entries[k].from_ns)) / 1e9
			};
		}
	}
	b->pairs += count * count;
	while ((b->link_count > LINKS_MAX || b->pairs > PAIRS_MAX) && b->sampling < 31)
		thin_links(b);
}

static int by_key_and_lag(const void *a, const void *b)
{
	const struct laid_link *x = a, *y = b;
	if (x->key.effect != y->key.effect)
		return x->key.effect < y->key.effect ? -1 : 1;
	if (x->key.cause != y->key.cause)
		return x->key.cause < y->key.cause ? -1 : 1;
	return x->lag_seconds < y->lag_seconds ? -1 : x->lag_seconds > y->lag_seconds;
}

void blame_sum_links(struct blaming *b)
{
	struct trial *t = b->t;
	size_t capacity = 0;
	if (b->link_count > 0)
		qsort(b->links, b->link_count, sizeof(*b->links), by_key_and_lag);
	for (size_t i = 0, end; i < b->link_count; i = end) {
		end = i + 1;
		while (end < b->link_count && b->links[end].key.effect == b->links[i].key.effect &&
			b->links[end].key.cause == b->links[i].key.cause)
			end++;
		mem_grow(&t->blames, t->blame_count, &capacity);
		uint64_t seen = t->findings[b->links[i].key.effect].seen;
		uint64_t together = (uint64_t)(end - i) << b->sampling;
		t->blames[t->blame_count++] = (struct blame){ b->links[i].key.effect,
			b->links[i].key.cause, together < seen ? together : seen, seen,
			b->links[i + (end - i - 1) / 2].lag_seconds, 0, 0 };
	}
}
