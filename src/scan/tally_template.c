/* SPDX-License-Identifier: MIT */
/* The templates of lines: found by their text, remembered by form, thinned until they fit. */
#include <stdlib.h>

#include "lineup/duration.h"
#include "lineup/mem.h"
#include "src/scan/tally_parts.h"

/* The memo of templates is a cache: full, it is emptied and fills again. */
#define MEMO_LIMIT (96 * 1024)

/* How long things take is compared by the lines that are kept. */
#define EXEMPLARS_OF_DURATIONS EXEMPLARS_MAX

bool tally_thinned_out(const struct tally *t, uint64_t template_id, bool problem)
{
	return (template_id & ((UINT64_C(1) << t->template_sampling[problem]) - 1)) != 0;
}

/* Drops the templates of one class that the present sampling leaves out, and counts the rest. */
static void drop_thinned(struct tally *t, bool problem)
{
	t->template_counts[problem] = 0;
	for (size_t i = 0; i < t->subject_count; i++) {
		struct tally_subject *s = &t->subjects[i];
		bool of_class =
			s->kind == SUBJECT_TEMPLATE && tally_is_problem(s->level) == problem;
		if (of_class && !s->dropped && tally_thinned_out(t, s->id, problem))
			tally_subject_drop(t, s);
		t->template_counts[problem] += of_class && !s->dropped;
	}
	tally_subjects_index(t);
}

void tally_thin_templates(struct tally *t, bool problem, unsigned sampling)
{
	if (sampling > t->template_sampling[problem]) {
		t->template_sampling[problem] = sampling;
		drop_thinned(t, problem);
	}
	while (t->template_counts[problem] > t->limits.templates &&
		t->template_sampling[problem] < 63) {
		t->template_sampling[problem]++;
		drop_thinned(t, problem);
	}
}

void tally_set_text(struct tally_subject *s, struct str text)
{
	s->template_text = mem_strdup(text);
	if (duration_is_likely(text))
		exemplars_init(&s->exemplars, EXEMPLARS_OF_DURATIONS);
}

static struct tally_subject *template_at_first_sight(
	struct tally *t, struct str message, uint32_t service, enum level level)
{
	buf_clear(&t->text);
	mask_text(message, &t->text);
	uint64_t id = tally_mix(str_hash(buf_str(&t->text)), level);
	bool problem = tally_is_problem(level);
	if (tally_thinned_out(t, id, problem))
		return NULL;
	struct tally_subject *s = tally_subject_find(t, SUBJECT_TEMPLATE, id, t->name_hash);
	if (s != NULL)
		return s;
	if (++t->template_counts[problem] > t->limits.templates) {
		tally_thin_templates(t, problem, 0);
		if (tally_thinned_out(t, id, problem))
			return NULL;
		t->template_counts[problem]++;
	}
	s = tally_subject_add(t, SUBJECT_TEMPLATE, id, service, t->name_hash, level);
	tally_set_text(s, buf_str(&t->text));
	return s;
}

static struct tally_subject *template_find(
	struct tally *t, struct str message, uint32_t service, enum level level)
{
	uint64_t key = tally_mix(mask_key(message), t->name_hash + (uint64_t)level);
	const uint64_t *known = table_get(&t->template_memo, key);
	if (likely(known != NULL))
		return &t->subjects[*known];
	struct tally_subject *s = template_at_first_sight(t, message, service, level);
	if (s == NULL)
		return NULL;
	if (t->template_memo.count >= MEMO_LIMIT)
		table_clear(&t->template_memo);
	*table_put(&t->template_memo, key) = (uint64_t)(s - t->subjects);
	return s;
}

/*
 * Is the template the same for all lines of the form, when their messages start here? mask_text
 * takes out all that the form does, words with digits and ids, whole: so it is, unless the message
 * starts within an id, of which the rest could be letters alone.
 */
static bool slot_is_good(const struct line_form *form, size_t message_at)
{
	return message_at == 0 || message_at >= form->fit.len ||
	       form->fit.masked[message_at] != LINE_MASK_ID ||
	       (form->fit.masked[message_at - 1] != LINE_MASK_ID &&
		       form->fit.masked[message_at - 1] != '-');
}

uint64_t tally_template(struct tally *t, struct str message, uint32_t service, enum level level,
	uint32_t rule, const struct line_place *line, struct line_form *form)
{
	uint32_t message_at = (uint32_t)(line->text.len - message.len);
	/* the other services have one number and many names */
	struct template_slot *slot =
		form != NULL && service != t->other_services ? &form->slot : NULL;
	struct tally_subject *s;
	t->template_lines++;
	if (slot != NULL && slot->epoch == t->template_epoch && slot->service == service &&
		slot->message_at == message_at && slot->level == (uint32_t)level) {
		s = &t->subjects[slot->subject];
	} else {
		s = template_find(t, message, service, level);
		if (s == NULL)
			return 0;
		if (slot != NULL && slot_is_good(form, message_at))
			*slot = (struct template_slot){ t->template_epoch,
				(uint64_t)(s - t->subjects), service, message_at, level };
	}
	if (rule < s->rule)
		s->rule = rule;
	tally_count(t, &s->counter, s->grain, line->time_ns);
	s->site = tally_site_of(s->site, line->site);
	exemplars_offer(&s->exemplars, line);
	return s->id;
}
