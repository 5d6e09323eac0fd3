/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * Symptoms without words. A step that is slow says that something is wrong, and not whose fault it
 * is: a service that waits for its database in vain is late, as one that is broken itself. What it
 * says beside that tells: "the database timed out" is the reason that it gives. So what its slow
 * steps are worth is shared as its lines are: those that name another, those that complain of one
 * that they do not name (share.c), and its own. Of each kind the strongest line counts, as believed
 * before anything of it is explained: the question is what the service complains of, not whether
 * anyone complained before. A service that says nothing keeps its steps.
 *
 * Lost steps are left as they are: in each request it is known whether the service complained in
 * their place (blame.c).
 */
struct complaints {
	double of_other; /* the strongest that names one, */
	uint32_t named;	 /* which is this; NO_INDEX: none */
	bool named_all;
	double of_others; /* the strongest of those that name another than that */
	double unnamed;
	double own;
};

static bool is_line(const struct finding *f)
{
	return f->d.kind <= DEVIATION_MORE && !f->ordinary;
}

static void hear_named(struct complaints *all, const struct finding *f, double x)
{
	uint32_t named = f->named;
	if (named != all->named && x > all->of_other) {
		all->of_others = fmax(all->of_others, all->of_other);
		all->of_other = x;
		all->named = named;
		all->named_all = f->named_all;
	} else if (named == all->named) {
		all->of_other = fmax(all->of_other, x);
	} else {
		all->of_others = fmax(all->of_others, x);
	}
}

static void hear(struct complaints *all, const struct trial *t, const struct finding *f)
{
	double x = soft_cap(trial_tempered(f->d.raw), PART_CAP);
	if (f->named != NO_INDEX)
		hear_named(all, f, x);
	else if (t->scene->subjects[f->d.subject].waits)
		all->unnamed = fmax(all->unnamed, x);
	else
		all->own = fmax(all->own, x);
}

/* Of the whole, the shares of the one that is named and of one that is not. */
struct shares {
	double named;
	double unnamed;
};

static struct shares shares_of(const struct complaints *c)
{
	double sum = c->of_other + c->of_others + c->unnamed + c->own;
	return sum > 0 ? (struct shares){ c->of_other / sum, UNNAMED_SHARE * c->unnamed / sum }
		       : (struct shares){ 0, 0 };
}

void trial_symptoms(struct trial *t)
{
	size_t services = t->scene->service_count;
	struct complaints *all = mem_zalloc(services + 1, sizeof(*all));
	for (size_t i = 0; i < services; i++)
		all[i].named = NO_INDEX;
	for (size_t i = 0; i < t->count; i++) {
		if (is_line(&t->findings[i]))
			hear(&all[t->findings[i].d.service], t, &t->findings[i]);
	}
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		if (f->d.kind != DEVIATION_SLOW)
			continue;
		struct shares s = shares_of(&all[f->d.service]);
		f->weight *= 1 - s.unnamed;
		f->named = all[f->d.service].named;
		f->named_all = all[f->d.service].named_all;
		f->named_share = s.named;
	}
	/* they were added up by themselves (slow.c) */
	for (size_t i = 0; i < services; i++) {
		struct shares s = shares_of(&all[i]);
		t->parts[i][PART_SLOW] *= 1 - s.unnamed - NAMED_SHARE * s.named;
	}
	free(all);
}
