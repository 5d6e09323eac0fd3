/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * What is probably not the service's own, though it says so itself and names nobody.
 *
 * "upstream timed out", "connection refused", "answered 502": such lines are of whoever was
 * waiting, and speak of another that they do not name. The trouble is there as often as where one
 * is named (accuse.c), and so is what the service says after them and because of them: a quarter of
 * what they are worth stays.
 *
 * One error that breaks out in several services at once is of something that they share: at most
 * one of them can be the one who started it, and why should the others say the same words? Two may
 * well, since a caller passes an exception on; of more, each of m keeps 3 / (m + 1). Where requests
 * are followed they tell who was first, and better. Each service wraps its words in another layout,
 * so that lines are the same when they have most of their words in common.
 */
#define SAME_MAX      256 /* errors that are told apart */
#define WORDS_MAX     24
#define FRAME_SLASHES 3
#define WORDS_LEAST   3	  /* in common, */
#define WORDS_SHARE   0.8 /* and of those of the shorter text */

static bool is_line(const struct finding *f)
{
	return f->d.kind <= DEVIATION_MORE && !f->ordinary && f->weight > 0;
}

static void keep_own(struct trial *t)
{
	const struct scene_subject *subjects = t->scene->subjects;
	bool *waiting = mem_zalloc(t->count + 1, sizeof(*waiting)),
	     *because = mem_zalloc(t->count + 1, sizeof(*because));
	for (size_t i = 0; i < t->count; i++)
		waiting[i] = is_line(&t->findings[i]) && subjects[t->findings[i].d.subject].waits;
	struct by_service waits = trial_by_service(t, waiting);
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		bool may = !waiting[i] && is_line(f) && subjects[f->d.subject].named == NO_INDEX;
		because[i] = may && trial_comes_of(t, f, &waits) != NULL;
	}
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		if (!waiting[i] && !because[i])
			continue;
		f->of_unnamed = soft_cap(f->weight, PART_CAP) * UNNAMED_SHARE;
		f->weight = soft_cap(f->weight, PART_CAP) - f->of_unnamed;
	}
	by_service_release(&waits);
	free(waiting);
	free(because);
}

/* The words of a text, each once, as hashes in ascending order. */
struct words {
	size_t count;
	uint64_t bits; /* one for each word, picked by its hash; words may share one */
	uint64_t hashes[WORDS_MAX];
};

/* One error, in all the services that say it. */
struct same {
	bool is_rule;
	uint64_t id;	    /* of the first that said it, */
	struct words words; /* and its words */
	size_t services;
};

static void add_word(struct words *w, uint64_t hash)
{
	size_t at = 0;
	while (at < w->count && w->hashes[at] < hash)
		at++;
	if (w->count == WORDS_MAX || (at < w->count && w->hashes[at] == hash))
		return;
	memmove(w->hashes + at + 1, w->hashes + at, (w->count - at) * sizeof(*w->hashes));
	w->hashes[at] = hash;
	w->bits |= UINT64_C(1) << (hash & 63);
	w->count++;
}

static void read_words(struct str text, struct words *w)
{
	*w = (struct words){ 0 };
	for (size_t at = 0, from; at < text.len; at++) {
		for (from = at; at < text.len && is_alpha(text.ptr[at]);)
			at++;
		if (at > from)
			add_word(w, str_hash(str_of(text.ptr + from, at - from)));
	}
}

static bool are_enough(size_t common, const struct words *x, const struct words *y)
{
	return common >= WORDS_LEAST &&
	       (double)common >= WORDS_SHARE * (double)size_min(x->count, y->count);
}

/* How many words of x may be in y too, at most: a bit that y lacks is of a word that it lacks. */
static size_t most_common(const struct words *x, const struct words *y)
{
	return x->count - (size_t)__builtin_popcountll(x->bits & ~y->bits);
}

static bool are_alike(const struct words *x, const struct words *y)
{
	size_t common = 0, i = 0, k = 0, most = size_min(most_common(x, y), most_common(y, x));
	if (!are_enough(most, x, y))
		return false;
	while (i < x->count && k < y->count) {
		uint64_t a = x->hashes[i], b = y->hashes[k];
		common += a == b;
		i += a <= b;
		k += b <= a;
	}
	return are_enough(common, x, y);
}

/* All traces begin alike, and all places in the code of one framework are. */
static bool is_of_trace(struct str text)
{
	size_t slashes = 0;
	if (str_find(text, STR("Traceback (most recent")) >= 0)
		return true;
	for (size_t i = 0; i < text.len; i++)
		slashes += text.ptr[i] == '/';
	return slashes >= FRAME_SLASHES;
}

/* Whose words they may be of several: not those of one service, and not of followed requests. */
static bool may_be_shared(const struct trial *t, const struct finding *f)
{
	const struct scene_subject *s = &t->scene->subjects[f->d.subject];
	return is_line(f) && s->subject != NULL && s->named == NO_INDEX &&
	       !trial_episodes(t, f->d.subject).by_requests;
}

/* The error that the finding is; a new one, if it is none of those. */
static uint32_t find_same(struct same *all, uint32_t *count, const struct subject *s)
{
	bool is_rule = s->kind == SUBJECT_RULE;
	struct same own = { is_rule, is_rule ? s->rule : s->template_id, { 0 }, 0 };
	if (!is_rule && !is_of_trace(s->template_text))
		read_words(s->template_text, &own.words);
	for (uint32_t i = 0; i < *count; i++) {
		if (is_rule == all[i].is_rule &&
			(own.id == all[i].id || are_alike(&own.words, &all[i].words)))
			return i;
	}
	if (*count == SAME_MAX)
		return NO_INDEX;
	all[*count] = own;
	return (*count)++;
}

static void share_with_namesakes(struct trial *t)
{
	struct same *all = mem_zalloc(SAME_MAX, sizeof(*all));
	uint32_t *same_of = mem_zalloc(t->count + 1, sizeof(*same_of)), count = 0;
	bool(*says)[SAME_MAX] = mem_zalloc(t->scene->service_count + 1, sizeof(*says));
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		same_of[i] = may_be_shared(t, f) ? find_same(all, &count,
							   t->scene->subjects[f->d.subject].subject)
						 : NO_INDEX;
		if (same_of[i] == NO_INDEX)
			continue;
		all[same_of[i]].services += !says[f->d.service][same_of[i]];
		says[f->d.service][same_of[i]] = true;
	}
	for (size_t i = 0; i < t->count; i++) {
		size_t m = same_of[i] == NO_INDEX ? 0 : all[same_of[i]].services;
		struct finding *f = &t->findings[i];
		if (m > 2)
			f->weight = soft_cap(f->weight, PART_CAP) * 3 / ((double)m + 1);
	}
	free(all);
	free(same_of);
	free(says);
}

void trial_share(struct trial *t)
{
	if (t->steps_only)
		return;
	keep_own(t);
	share_with_namesakes(t);
}
