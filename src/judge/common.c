/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/resolver.h"
#include "src/judge/trial.h"
#include "src/judge/waits.h"

/*
 * What several have in common. "call to stock-svc timed out" testifies against stock-svc, and a
 * chain of such lines ends where nobody complains further. Where it ends in several services at
 * once, each of them would have to have become slow by itself at the same moment; that they share
 * what failed is far likelier. When it is known who that may be, such lines are said of it:
 *   - the resolver, when it complains itself by then, for each call begins with a name;
 *   - else the one that is at something for as long as it hurts (spans.c), and takes from all what
 *     they need;
 *   - else the one store that complains itself by then, that it is slow or cannot write: what
 *     services have in common is mostly where they keep their data, and they seldom name it.
 * A call that is refused, or answered with an error, was resolved, and met a program that had the
 * time to answer: it is of the one that is named.
 */
#define LEAST_ENDS  2
#define LEAST_RAW   3.0
#define SURE_SIGN   (PART_CAP / 2)
#define PATIENCE_NS (30 * NS_PER_S)

static bool runs_out_of_time(const struct trial *t, const struct finding *f)
{
	return f->d.kind <= DEVIATION_MORE && !f->ordinary && f->named != NO_INDEX &&
	       waits_too_long(&t->scene->subjects[f->d.subject]);
}

/* How many services are named as late and name nobody so themselves; `first_ns` is when the first
 * was. */
static size_t count_ends(const struct trial *t, int64_t *first_ns)
{
	bool *named = mem_zalloc(t->scene->service_count + 1, sizeof(*named)),
	     *names = mem_zalloc(t->scene->service_count + 1, sizeof(*names));
	size_t ends = 0;
	*first_ns = INT64_MAX;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.raw < LEAST_RAW || !runs_out_of_time(t, f))
			continue;
		named[f->named] = names[f->d.service] = true;
		if (f->d.first_ns != TIME_NONE)
			*first_ns = i64_min(*first_ns, f->d.first_ns);
	}
	for (size_t i = 0; i < t->scene->service_count; i++)
		ends += named[i] && !names[i];
	free(named);
	free(names);
	return ends;
}

static bool speaks_of_another(const struct trial *t, const struct finding *f)
{
	return f->named != NO_INDEX || t->scene->subjects[f->d.subject].waits;
}

/* `of_itself`: it neither names another nor waits for one. */
static bool complains_by(const struct trial *t, uint32_t service, int64_t time_ns, bool of_itself)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		if (f->d.service == service && f->d.kind <= DEVIATION_MORE && !f->ordinary &&
			f->d.raw >= SURE_SIGN && f->d.first_ns != TIME_NONE &&
			f->d.first_ns <= time_ns && !(of_itself && speaks_of_another(t, f)))
			return true;
	}
	return false;
}

/*
 * The only database, cache or queue that complains by this time of itself (a broker that cannot
 * deliver waits like all others); NO_INDEX: none, or several.
 */
static uint32_t ailing_store(const struct trial *t, int64_t time_ns)
{
	uint32_t found = NO_INDEX;
	for (uint32_t i = 0; i < t->scene->findings->service_count; i++) {
		if (!t->scene->is_store[i] || !complains_by(t, i, time_ns, true))
			continue;
		if (found != NO_INDEX)
			return NO_INDEX;
		found = i;
	}
	return found;
}

void trial_common(struct trial *t)
{
	int64_t first_ns;
	uint32_t resolver = resolver_only(t->scene), common = t->spanning;
	if (count_ends(t, &first_ns) < LEAST_ENDS)
		return;
	int64_t by_ns = first_ns == INT64_MAX ? first_ns : first_ns + PATIENCE_NS;
	if (resolver != NO_INDEX && first_ns != INT64_MAX &&
		complains_by(t, resolver, by_ns, false))
		common = resolver;
	if (common == NO_INDEX)
		common = ailing_store(t, by_ns);
	for (size_t i = 0; i < t->count && common != NO_INDEX; i++) {
		struct finding *f = &t->findings[i];
		if (f->d.service != common && runs_out_of_time(t, f)) {
			f->named = common;
			f->named_all = false;
			f->d.named_how = NAMED_IN_COMMON;
		}
	}
}
