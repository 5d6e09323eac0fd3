/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/bayes.h"
#include "src/judge/trial.h"

/*
 * What is probably not the service's own, though it says so itself and names nobody.
 *
 * "upstream timed out", "connection refused", "answered 502": such lines are of whoever was waiting,
 * and speak of another that they do not name. As often as not the trouble is there: half of what they
 * are worth stays. So it is with what the service says after them and because of them (accuse.c
 * tells that in the same way for those that name someone).
 *
 * One error that breaks out in several services at once is of something that they share: at most
 * one of them can be the one who started it, and why should the others say the same words? Two may
 * well, since a caller passes an exception on; of more, each of m keeps 3 / (m + 1). Where requests
 * are followed they tell who was first, and better.
 */
#define UNNAMED_SHARE 0.5

static const char *const waits[] = { "upstream", "downstream", "timed out", "timeout", "time out",
	"timedout", "deadline exceeded", "connection refused", "connection reset",
	"no route to host", "unreachable", "bad gateway", "service unavailable",
	"too many requests", "did not answer", "did not respond", "no answer from", "no response" };

/* What stands before the status of another's answer. */
static const char *const answers[] = { "answered ", "returned ", "responded ", "status ", "with ",
	"code " };

/* A byte of code or of a longer word: "timeout=timeout", "wait_for_timeout(". */
static bool is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '=' || c == '(' || c == '/';
}

static bool holds_words(struct str text, struct str words)
{
	for (size_t i = 0; i + words.len <= text.len; i++) {
		size_t end = i + words.len;
		if (str_equal_nocase(str_of(text.ptr + i, words.len), words) &&
			(i == 0 || !is_of_name(text.ptr[i - 1])) &&
			(end == text.len || !is_of_name(text.ptr[end])))
			return true;
	}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * A status that says of another that it failed: 502, 503 and 504 wherever they stand as a word, since
 * they are of gateways; 429 and 5xx behind a word that leads to an answer.
 */
static bool tells_status(struct str text)
{
	for (size_t i = 1; i + 3 <= text.len; i++) {
		const char *p = text.ptr + i;
		bool whole = (p[-1] == ' ' || p[-1] == '=' || p[-1] == ':') && is_digit(p[0]) &&
			     is_digit(p[1]) && is_digit(p[2]) &&
			     (i + 3 == text.len || !(is_digit(p[3]) || p[3] == '.' || p[3] == '-'));
		if (!whole)
			continue;
		if (p[0] == '5' && p[1] == '0' && p[2] >= '2' && p[2] <= '4')
			return true;
		bool failed = p[0] == '5' || (p[0] == '4' && p[1] == '2' && p[2] == '9');
		for (size_t k = 0; failed && k < countof(answers); k++) {
			struct str before = str_from(answers[k]);
			if (i >= before.len &&
				str_equal_nocase(str_of(p - before.len, before.len), before))
				return true;
		}
	}
	return false;
}

static bool waits_for_another(const struct scene_subject *s)
{
	if (s->subject == NULL || s->named != NO_INDEX || s->subject->evidence_count == 0)
		return false;
	struct str text = s->subject->evidence[0].text;
	for (size_t k = 0; k < countof(waits); k++) {
		if (holds_words(text, str_from(waits[k])))
			return true;
	}
	return tells_status(text);
}

static bool is_line(const struct finding *f)
{
	return f->d.kind <= DEVIATION_MORE && !f->ordinary && f->weight > 0;
}

static void keep_half(struct trial *t)
{
	const struct scene_subject *subjects = t->scene->subjects;
	bool *waiting = mem_zalloc(t->count + 1, sizeof(*waiting)),
	     *because = mem_zalloc(t->count + 1, sizeof(*because));
	for (size_t i = 0; i < t->count; i++)
		waiting[i] = is_line(&t->findings[i]) &&
			     waits_for_another(&subjects[t->findings[i].d.subject]);
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		for (size_t k = 0; k < t->count && !waiting[i] && !because[i]; k++)
			because[i] = waiting[k] && is_line(f) &&
				     subjects[f->d.subject].named == NO_INDEX &&
				     trial_comes_of(t, f, &t->findings[k]);
	}
	for (size_t i = 0; i < t->count; i++) {
		struct finding *f = &t->findings[i];
		if (waiting[i] || because[i])
			f->weight = soft_cap(f->weight, PART_CAP) * (1 - UNNAMED_SHARE);
	}
	free(waiting);
	free(because);
}

struct same {
	uint64_t id;
	uint32_t service;
	size_t finding;
};

static int by_id(const void *a, const void *b)
{
	const struct same *x = a, *y = b;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->service < y->service ? -1 : x->service > y->service;
}

static void share_with_namesakes(struct trial *t)
{
	const struct scene_subject *subjects = t->scene->subjects;
	struct same *all = mem_zalloc(t->count + 1, sizeof(*all));
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct finding *f = &t->findings[i];
		const struct scene_subject *s = &subjects[f->d.subject];
		if (!is_line(f) || s->subject == NULL || s->named != NO_INDEX ||
			trial_episodes(t, f->d.subject).by_requests)
			continue;
		uint64_t id = s->subject->kind == SUBJECT_RULE ? s->subject->rule
							       : s->subject->template_id;
		all[count++] = (struct same){ id, s->service, i };
	}
	qsort(all, count, sizeof(*all), by_id);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && all[to].id == all[from].id;)
			to++;
		for (size_t i = from; i < to && to - from > 2; i++) {
			struct finding *f = &t->findings[all[i].finding];
			f->weight = soft_cap(f->weight, PART_CAP) * 3 / ((double)(to - from) + 1);
		}
	}
	free(all);
}

void trial_share(struct trial *t)
{
	if (t->steps_only)
		return;
	keep_half(t);
	share_with_namesakes(t);
}
