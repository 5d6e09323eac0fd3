/* SPDX-License-Identifier: MIT */
#include "lineup/context.h"

#include <stdlib.h>

#include "lineup/mask.h"
#include "lineup/mem.h"
#include "lineup/table.h"
#include "lineup/title.h"
#include "lineup/utf8.h"

#define CHANGES_MAX  8
#define CHANGE_BYTES 160

/*
 * A change that came more often than this without trouble is no explanation: by the rule of
 * succession it brings trouble less than once in six times.
 */
#define HARMLESS_MAX 4

#define COINCIDENCES_MAX 3

/* ---- changes ---- */

static bool is_change(const struct findings *f, const struct subject *s)
{
	if (s->kind != SUBJECT_RULE || names_document(f->services[s->service].name))
		return false;
	enum rule_event event = f->rules->rules[s->rule].event;
	return event == RULE_EVENT_CHANGE || event == RULE_EVENT_RESTART;
}

#define LINE_BYTES 512 /* are looked at; of which CHANGE_BYTES are shown */

/*
 * What the line says, without what its envelope puts before: where that ends was found when it was
 * read, and is known by the templates of the rule's lines, which begin there.
 */
static struct str message_in(const struct findings *f, const struct subject *rule, struct str line)
{
	struct buf masked = BUF_INIT(LINE_BYTES);
	struct str found = STR_NONE;
	line = utf8_head(str_trim(line), LINE_BYTES);
	for (size_t i = 0; i < f->subject_count && found.len == 0; i++) {
		const struct subject *s = &f->subjects[i];
		if (s->kind != SUBJECT_TEMPLATE || s->service != rule->service ||
			s->rule != rule->rule)
			continue;
		struct str message = template_message(s->template_text);
		message = str_head(message, size_min(message.len, CHANGE_BYTES));
		for (size_t at = 0; at < line.len && found.len == 0; at++) {
			if (at > 0 && line.ptr[at - 1] != ' ')
				continue;
			buf_clear(&masked);
			mask_text(str_skip(line, at), &masked);
			if (str_starts(buf_str(&masked), message))
				found = str_skip(line, at);
		}
	}
	buf_release(&masked);
	return found.len > 0 ? found : template_message(line_behind_stamp(line));
}

/* "Version rolled out: version 2.1 of pay rolled out": the line of that time, if kept. */
static struct str change_text(
	const struct findings *f, const struct subject *s, size_t cell, struct arena *arena)
{
	struct str title = subject_title(f, s, arena);
	int64_t from_ns = s->series.cells[cell].index * f->cell_ns, to_ns = from_ns + f->cell_ns;
	for (size_t i = 0; i < s->evidence_count; i++) {
		const struct evidence *e = &s->evidence[i];
		if (e->time_ns >= from_ns && e->time_ns < to_ns)
			return arena_printf(arena, "%.*s: %.*s", STR_ARG(title),
				STR_ARG(utf8_head(message_in(f, s, e->text), CHANGE_BYTES)));
	}
	return title;
}

static int latest_first(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns > y->time_ns ? -1 : 1;
	int order = str_compare(x->service, y->service);
	return order != 0 ? order : str_compare(x->text, y->text);
}

/* How many cells of the series lie in the frame but not within the lookback of the onset. */
static unsigned elsewhere(
	const struct series *s, const struct frame *frame, int64_t from_ns, int64_t to_ns)
{
	unsigned count = 0;
	for (size_t i = 0; i < s->cell_count; i++) {
		int64_t time_ns = s->cells[i].index * frame->cell_ns;
		count += frame_holds(frame, time_ns) && (time_ns < from_ns || time_ns > to_ns);
	}
	return count;
}

/* Of equal changes the latest one, none that is mostly harmless, and no more than are shown (a file
 * of changes may be long); they are sorted. */
static size_t keep_telling(struct change *all, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count && kept < CHANGES_MAX; i++) {
		bool told = all[i].before_without_trouble > HARMLESS_MAX;
		for (size_t k = 0; k < kept && !told; k++)
			told = str_equal(all[k].text, all[i].text) &&
			       str_equal(all[k].service, all[i].service);
		if (!told)
			all[kept++] = all[i];
	}
	return kept;
}

size_t changes_before(const struct findings *f, const struct rank_settings *settings,
	const struct frame *frame, int64_t onset_ns, int64_t lookback_ns, struct arena *arena,
	struct change **out)
{
	struct change *found = NULL;
	size_t count = 0, capacity = 0;
	int64_t from_ns = onset_ns - lookback_ns;
	for (size_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		if (!is_change(f, s))
			continue;
		unsigned harmless = elsewhere(&s->series, frame, from_ns, onset_ns);
		for (size_t k = 0; k < s->series.cell_count && harmless <= HARMLESS_MAX; k++) {
			int64_t time_ns = cell_first_ns(&s->series.cells[k], f->cell_ns);
			if (time_ns < from_ns || time_ns > onset_ns)
				continue;
			mem_grow(&found, count, &capacity);
			found[count++] = (struct change){ .time_ns = time_ns,
				.service = f->services[s->service].name,
				.text = change_text(f, s, k, arena),
				.lag_seconds = (double)(onset_ns - time_ns) / 1e9,
				.before_without_trouble = harmless,
				.is_restart =
					f->rules->rules[s->rule].event == RULE_EVENT_RESTART };
		}
	}
	struct table earlier = { 0 }; /* changes before all this, by service */
	for (size_t i = 0; i < settings->change_count; i++) {
		const struct known_change *c = &settings->changes[i];
		if (c->time_ns < from_ns)
			++*table_put(&earlier, str_hash_of_run(c->service));
	}
	for (size_t i = 0; i < settings->change_count; i++) {
		const struct known_change *c = &settings->changes[i];
		if (c->time_ns < from_ns || c->time_ns > onset_ns)
			continue;
		const uint64_t *others = table_get(&earlier, str_hash_of_run(c->service));
		mem_grow(&found, count, &capacity);
		found[count++] = (struct change){ .time_ns = c->time_ns,
			.service = c->service,
			.text = c->text,
			.lag_seconds = (double)(onset_ns - c->time_ns) / 1e9,
			.before_without_trouble = others != NULL ? (unsigned)*others : 0 };
	}
	table_release(&earlier);
	if (count > 0)
		qsort(found, count, sizeof(*found), latest_first);
	count = keep_telling(found, count);
	*out = arena_alloc(arena, count, sizeof(**out));
	if (count > 0)
		memcpy(*out, found, count * sizeof(**out));
	free(found);
	return count;
}

/* ---- coincidences ---- */

/*
 * A start is met when the event comes within this of it. Logs of one system agree to seconds; a job
 * may work for a few minutes before it hurts.
 */
#define NEAR_NS (300 * NS_PER_S)

struct coincidence {
	const struct subject *subject;
	size_t met;	  /* episode starts with the event near */
	size_t elsewhere; /* occurrences that are near no start */
	int64_t lead_ns;  /* from the event to the start, summed */
};

static struct coincidence compare_starts(const struct findings *f, const struct frame *frame,
	const struct subject *s, const struct episode *episodes, size_t count)
{
	struct coincidence c = { .subject = s };
	size_t at = 0;
	int64_t last_ns = TIME_NONE;
	bool met_now = false;
	for (size_t i = 0; i < s->series.cell_count; i++) {
		int64_t time_ns = s->series.cells[i].index * f->cell_ns;
		if (!frame_holds(frame, time_ns))
			continue;
		while (at < count && episodes[at].from_ns + NEAR_NS < time_ns) {
			at++;
			met_now = false;
		}
		if (at < count && time_ns >= episodes[at].from_ns - NEAR_NS) {
			if (!met_now) {
				c.met++;
				c.lead_ns += episodes[at].from_ns - time_ns;
			}
			met_now = true;
		} else if (last_ns == TIME_NONE || time_ns - last_ns > NEAR_NS) {
			c.elsewhere++; /* a run of lines is one occurrence */
		}
		last_ns = time_ns;
	}
	return c;
}

/* Events that are no trouble: info rules that tell of one, and lines that say nothing worse than
 * info of themselves. */
static bool is_ordinary(const struct findings *f, const struct subject *s)
{
	if (s->kind == SUBJECT_RULE)
		return f->rules->rules[s->rule].severity == SEVERITY_INFO;
	return s->level < LEVEL_WARNING;
}

static int best_first(const void *a, const void *b)
{
	const struct coincidence *x = a, *y = b;
	if (x->met != y->met)
		return x->met > y->met ? -1 : 1;
	if (x->elsewhere != y->elsewhere)
		return x->elsewhere < y->elsewhere ? -1 : 1;
	if (x->subject->kind != y->subject->kind)
		return x->subject->kind < y->subject->kind ? -1 : 1;
	if (x->lead_ns != y->lead_ns)
		return x->lead_ns > y->lead_ns ? -1 : 1;
	return x->subject < y->subject ? -1
				       : x->subject > y->subject; /* both in one sorted array */
}

size_t coincidences_find(const struct findings *f, const struct frame *frame,
	const struct episode *episodes, size_t episode_count, const struct subject *except,
	struct arena *arena, struct str **out)
{
	*out = NULL;
	if (episode_count < 3)
		return 0;
	struct coincidence *all = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i < f->subject_count; i++) {
		const struct subject *s = &f->subjects[i];
		if (s == except || !is_ordinary(f, s) || s->series.cell_count > 20 * episode_count)
			continue;
		struct coincidence c = compare_starts(f, frame, s, episodes, episode_count);
		if (c.met >= 3 && c.met * 5 >= episode_count * 4 && c.elsewhere <= c.met / 2) {
			mem_grow(&all, count, &capacity);
			all[count++] = c;
		}
	}
	if (count > 0)
		qsort(all, count, sizeof(*all), best_first);
	size_t shown = size_min(count, COINCIDENCES_MAX);
	*out = arena_alloc(arena, shown, sizeof(**out));
	for (size_t i = 0; i < shown; i++) {
		struct str title = subject_title(f, all[i].subject, arena);
		struct str service = f->services[all[i].subject->service].name;
		(*out)[i] = arena_printf(arena, "%.*s (%.*s)", STR_ARG(title), STR_ARG(service));
	}
	free(all);
	return shown;
}
