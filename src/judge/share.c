/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"
#include "lineup/table.h"
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
		f->d.kept = 1 - UNNAMED_SHARE;
	}
	by_service_release(&waits);
	free(waiting);
	free(because);
}

/* The words of a text, each once, as hashes. */
struct words {
	size_t count;
	uint64_t hashes[WORDS_MAX];
};

/* One error, in all the services that say it. */
struct same {
	bool is_rule;
	uint64_t id;	   /* of the first that said it, */
	size_t word_count; /* and of how many words it is */
	size_t services;
};

/* All of them, and which word is of which, so that only those are looked at that have words in
 * common: a service may complain in thousands of ways. */
struct sames {
	struct same all[SAME_MAX];
	uint32_t count;
	struct table last_of; /* hash of a word -> its last place in these, plus 1 */
	uint32_t same_of[SAME_MAX * WORDS_MAX];
	uint32_t before[SAME_MAX * WORDS_MAX]; /* its place before that, plus 1; 0: none */
	uint32_t place_count;
};

static void add_word(struct words *w, uint64_t hash)
{
	size_t at = 0;
	while (at < w->count && w->hashes[at] != hash)
		at++;
	if (at == w->count && w->count < WORDS_MAX)
		w->hashes[w->count++] = hash;
}

static void read_words(struct str text, struct words *w)
{
	for (size_t at = 0, from; at < text.len; at++) {
		for (from = at; at < text.len && is_alpha(text.ptr[at]);)
			at++;
		if (at > from)
			add_word(w, str_hash(str_of(text.ptr + from, at - from)));
	}
}

/* Of each error, how many of the words are in it. */
static void count_common(const struct sames *s, const struct words *w, uint8_t common[SAME_MAX])
{
	memset(common, 0, SAME_MAX);
	for (size_t i = 0; i < w->count; i++) {
		const uint64_t *last = table_get(&s->last_of, w->hashes[i]);
		for (size_t at = last == NULL ? 0 : (size_t)*last; at > 0; at = s->before[at - 1])
			common[s->same_of[at - 1]]++;
	}
}

static void note_words(struct sames *s, const struct words *w, uint32_t same)
{
	for (size_t i = 0; i < w->count; i++) {
		uint64_t *last = table_put(&s->last_of, w->hashes[i]);
		s->same_of[s->place_count] = same;
		s->before[s->place_count++] = (uint32_t)*last;
		*last = s->place_count;
	}
}

static bool are_enough(size_t common, size_t x, size_t y)
{
	return common >= WORDS_LEAST && (double)common >= WORDS_SHARE * (double)size_min(x, y);
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
static uint32_t find_same(struct sames *s, const struct subject *subject)
{
	bool is_rule = subject->kind == SUBJECT_RULE;
	uint64_t id = is_rule ? subject->rule : subject->template_id;
	struct words words = { 0 };
	uint8_t common[SAME_MAX];
	if (!is_rule && !is_of_trace(subject->template_text))
		read_words(subject->template_text, &words);
	count_common(s, &words, common);
	for (uint32_t i = 0; i < s->count; i++) {
		const struct same *other = &s->all[i];
		if (is_rule == other->is_rule &&
			(id == other->id || are_enough(common[i], words.count, other->word_count)))
			return i;
	}
	if (s->count == SAME_MAX)
		return NO_INDEX;
	s->all[s->count] = (struct same){ is_rule, id, words.count, 0 };
	note_words(s, &words, s->count);
	return s->count++;
}

static void share_with_namesakes(struct trial *t)
{
	struct sames *sames = mem_zalloc(1, sizeof(*sames));
	struct same *all = sames->all;
	uint32_t *same_of = mem_zalloc(t->count + 1, sizeof(*same_of));
	bool(*says)[SAME_MAX] = mem_zalloc(t->scene->service_count + 1, sizeof(*says));
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		same_of[i] = may_be_shared(t, f)
				     ? find_same(sames, t->scene->subjects[f->d.subject].subject)
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
	table_release(&sames->last_of);
	free(sames);
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
