/* SPDX-License-Identifier: MIT */
#include "lineup/guests.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/table.h"
#include "lineup/words.h"

bool rule_is_at_home(const struct rule *rule, struct str service)
{
	for (size_t i = 0; i < rule->hint_count; i++) {
		if (str_find(service, rule->hints[i]) >= 0 ||
			str_find(rule->hints[i], service) >= 0)
			return true;
	}
	return rule->hint_count == 0;
}

#define LEAST_HINT 3 /* a shorter word stands in any text */

struct candidate {
	const struct subject *subject;
	const struct rule *rule;
	uint32_t index;
	bool at_home;
};

static struct candidate candidate_of(const struct findings *f, uint32_t index)
{
	const struct subject *s = &f->subjects[index];
	const struct rule *rule = &f->rules->rules[s->rule];
	bool at_home = rule_is_at_home(rule, f->services[s->service].name);
	for (size_t i = 0; i < rule->hint_count && !at_home; i++)
		at_home = rule->hints[i].len >= LEAST_HINT &&
			  holds_word(s->evidence[0].text, rule->hints[i], "");
	return (struct candidate){ s, rule, index, at_home };
}

/* Those that may know the same lines stand together. */
static int compare_candidates(const void *left, const void *right)
{
	const struct subject *a = ((const struct candidate *)left)->subject;
	const struct subject *b = ((const struct candidate *)right)->subject;
	if (a->service != b->service)
		return a->service < b->service ? -1 : 1;
	return evidence_compare(&a->evidence[0], &b->evidence[0]);
}

static bool is_guest(const struct candidate *c, const struct candidate *host)
{
	if (c->at_home || !host->at_home || host->rule->hint_count == 0 ||
		host->rule->severity > SEVERITY_MEDIUM ||
		host->subject->evidence_count != c->subject->evidence_count)
		return false;
	for (size_t i = 0; i < c->subject->evidence_count; i++)
		if (evidence_compare(&c->subject->evidence[i], &host->subject->evidence[i]) != 0)
			return false;
	return true;
}

static uint64_t key_of(const struct subject *s)
{
	return (uint64_t)s->service << 32 | s->rule;
}

/* The template's lines are named by the host, too. */
static void rename_templates(struct findings *f, const uint32_t *hosts)
{
	struct table subjects = { 0 };
	for (uint32_t i = 0; i < f->subject_count; i++)
		if (f->subjects[i].guest)
			*table_put(&subjects, key_of(&f->subjects[i])) = hosts[i];
	for (uint32_t i = 0; i < f->subject_count; i++) {
		struct subject *s = &f->subjects[i];
		uint64_t *host = s->kind == SUBJECT_TEMPLATE && s->rule != UINT32_MAX
					 ? table_get(&subjects, key_of(s))
					 : NULL;
		if (host != NULL)
			s->rule = f->subjects[*host].rule;
	}
	table_release(&subjects);
}

void guests_mark(struct findings *f)
{
	struct candidate *all = mem_alloc((f->subject_count + 1) * sizeof(*all));
	uint32_t *hosts = mem_zalloc(f->subject_count + 1, sizeof(*hosts));
	size_t known = f->rules->rule_count;
	size_t count = 0;
	for (uint32_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		if (s->kind == SUBJECT_RULE && s->evidence_count > 0 && s->rule < known)
			all[count++] = candidate_of(f, i);
	}
	qsort(all, count, sizeof(*all), compare_candidates);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && compare_candidates(&all[end], &all[i]) == 0;)
			end++;
		for (size_t a = i; a < end; a++) {
			struct subject *s = &f->subjects[all[a].index];
			for (size_t b = i; b < end && !s->guest; b++) {
				s->guest = is_guest(&all[a], &all[b]);
				hosts[all[a].index] = all[b].index;
			}
		}
	}
	rename_templates(f, hosts);
	free(all);
	free(hosts);
}
