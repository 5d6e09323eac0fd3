/* SPDX-License-Identifier: MIT */
#include "lineup/suspects.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/context.h"
#include "lineup/mem.h"

/*
 * What a signature is worth by itself, in nats: that someone found a failure mode worth a rule of
 * this severity says that its lines are e^x times as likely in an incident as any line is. A
 * critical rule so weighs like one more doubling and a half of evidence; it never decides alone.
 */
static const double severity_points[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = 2.0,
	[SEVERITY_HIGH] = 1.5,
	[SEVERITY_MEDIUM] = 1.0,
	[SEVERITY_LOW] = 0.5,
	[SEVERITY_INFO] = 0.0,
};

#define REASONS_MAX  8
#define LINKS_MAX    6
#define EPISODES_MAX 256
#define SHORT_TITLE  70
#define ALSO_MAX     6

/* One suspect in the making: all deviations of one subject of a service. */
struct draft {
	uint32_t subject; /* the one that is shown: a rule's where one knows the template */
	uint32_t service;
	size_t *deviations;
	size_t deviation_count;
	size_t deviation_capacity;
	double score;
};

struct drafts {
	struct draft *items;
	size_t count;
	size_t capacity;
	uint32_t *of_deviation; /* index of each deviation's draft */
};

/* The rule's subject in this service that knows the template's lines; the template itself if none. */
static uint32_t shown_subject(const struct findings *f, uint32_t subject)
{
	const struct subject *s = &f->subjects[subject];
	if (s->kind == SUBJECT_RULE || s->rule == UINT32_MAX)
		return subject;
	for (uint32_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE; i++) {
		if (f->subjects[i].rule == s->rule && f->subjects[i].service == s->service)
			return i;
	}
	return subject;
}

static void collect_drafts(const struct wording *w, struct drafts *d)
{
	const struct judgement *j = w->judgement;
	d->of_deviation = mem_zalloc(j->deviation_count, sizeof(*d->of_deviation));
	for (size_t i = 0; i < j->deviation_count; i++) {
		uint32_t subject = shown_subject(w->findings, j->deviations[i].subject);
		uint32_t service = j->deviations[i].service;
		size_t at = 0;
		while (at < d->count &&
			(d->items[at].subject != subject || d->items[at].service != service))
			at++;
		if (at == d->count) {
			mem_grow(&d->items, d->count, &d->capacity);
			d->items[d->count++] =
				(struct draft){ .subject = subject, .service = service };
		}
		struct draft *draft = &d->items[at];
		mem_grow(&draft->deviations, draft->deviation_count, &draft->deviation_capacity);
		draft->deviations[draft->deviation_count++] = i;
		d->of_deviation[i] = (uint32_t)at;
	}
}

static void drafts_release(struct drafts *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->items[i].deviations);
	free(d->items);
	free(d->of_deviation);
}

/* ---- words ---- */

struct str moment_text(struct verdict *v, int64_t time_ns)
{
	if (time_ns == TIME_NONE)
		return STR("an unknown time");
	char text[CLOCK_TEXT_MAX];
	clock_rfc3339(time_ns - ((time_ns % NS_PER_S) + NS_PER_S) % NS_PER_S, text);
	text[10] = ' ';
	text[19] = '\0';
	return arena_copy(&v->arena, str_from(text));
}

static struct str short_title(const struct wording *w, uint32_t subject)
{
	struct str title =
		subject_title(w->findings, &w->findings->subjects[subject], &w->verdict->arena);
	return title.len <= SHORT_TITLE ? title
					: arena_printf(&w->verdict->arena, "%.*s...",
						  STR_ARG(str_head(title, SHORT_TITLE)));
}

static struct str seconds_text(const struct wording *w, double seconds)
{
	return seconds < 1 ? arena_printf(&w->verdict->arena, "%.0f ms", seconds * 1000)
			   : arena_printf(&w->verdict->arena, "%.1f s", seconds);
}

/* One plain sentence with the numbers of a deviation. */
static struct str deviation_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	const struct incident *in = &w->judgement->incident;
	struct str after = d->after == UINT32_MAX ? STR("") : short_title(w, d->after);
	switch (d->kind) {
	case DEVIATION_NEW:
		return arena_printf(a,
			in->baseline_seconds > 0
				? "%llu times during the incident, never outside it"
				: "%llu times; there is no normal time to compare with",
			(unsigned long long)d->count);
	case DEVIATION_MORE:
		if (d->of > 0)
			return arena_printf(a,
				"in %llu of %llu during the incident, in %llu of %llu outside it",
				(unsigned long long)d->count, (unsigned long long)d->of,
				(unsigned long long)d->base_count, (unsigned long long)d->base_of);
		return arena_printf(a, "%.1f an hour during the incident, %.1f an hour outside it",
			(double)d->count * 3600 / fmax(in->seconds, 1),
			(double)d->base_count * 3600 / fmax(in->baseline_seconds, 1));
	case DEVIATION_LOST:
	case DEVIATION_STOPPED:
		return arena_printf(a,
			"followed \"%.*s\" in %llu of %llu requests outside the incident, in %llu "
			"of %llu during it",
			STR_ARG(after), (unsigned long long)d->base_count,
			(unsigned long long)d->base_of, (unsigned long long)d->count,
			(unsigned long long)d->of);
	default: {
		struct str now = seconds_text(w, d->value), before = seconds_text(w, d->base_value);
		return arena_printf(a,
			"%.*s after \"%.*s\" during the incident, %.*s outside it (median of %llu "
			"requests)",
			STR_ARG(now), STR_ARG(after), STR_ARG(before),
			(unsigned long long)d->count);
	}
	}
}

static const char *const kind_slugs[DEVIATION_KINDS] = {
	[DEVIATION_NEW] = "new",
	[DEVIATION_MORE] = "burst",
	[DEVIATION_LOST] = "lost",
	[DEVIATION_STOPPED] = "stopped",
	[DEVIATION_SLOW] = "slow",
};

/* What one says on the phone. */
static struct str sentence_of(
	const struct wording *w, const struct suspect *s, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str onset = moment_text(w->verdict, s->onset_ns);
	struct str title = short_title(w, (uint32_t)(s->subject - w->findings->subjects));
	struct str after = d->after == UINT32_MAX ? STR("") : short_title(w, d->after);
	switch (d->kind) {
	case DEVIATION_NEW:
		return arena_printf(a, "%.*s starts to report \"%.*s\" at %.*s, %llu times in all.",
			STR_ARG(s->service), STR_ARG(title), STR_ARG(onset),
			(unsigned long long)s->count);
	case DEVIATION_MORE:
		return arena_printf(a,
			"%.*s reports \"%.*s\" far more often than normal from %.*s on.",
			STR_ARG(s->service), STR_ARG(title), STR_ARG(onset));
	case DEVIATION_LOST:
		return arena_printf(a, "In %.*s \"%.*s\" no longer follows \"%.*s\" as it should.",
			STR_ARG(s->service), STR_ARG(title), STR_ARG(after));
	case DEVIATION_STOPPED:
		return arena_printf(a, "%.*s no longer gets to \"%.*s\" when it is called.",
			STR_ARG(s->service), STR_ARG(title));
	default: {
		struct str now = seconds_text(w, d->value), before = seconds_text(w, d->base_value);
		return arena_printf(a, "%.*s has become slow: %.*s instead of %.*s until \"%.*s\".",
			STR_ARG(s->service), STR_ARG(now), STR_ARG(before), STR_ARG(title));
	}
	}
}

/* ---- one suspect ---- */

static enum severity severity_of(const struct findings *f, const struct subject *s)
{
	if (s->kind == SUBJECT_RULE)
		return f->rules->rules[s->rule].severity;
	/* lines speak of themselves, and less reliably than a rule speaks of them: one step milder */
	return s->level == LEVEL_CRITICAL ? SEVERITY_HIGH
	       : s->level == LEVEL_ERROR  ? SEVERITY_MEDIUM
					  : SEVERITY_LOW;
}

static void add_reason(struct suspect *s, const char *what, double points, struct str detail)
{
	if (s->reason_count == REASONS_MAX || points == 0)
		return;
	s->reasons[s->reason_count++] = (struct reason){ str_from(what), points, detail };
	s->score += points;
}

static const struct deviation *strongest_of(
	const struct wording *w, const struct draft *draft, enum deviation_kind kind)
{
	const struct deviation *best = NULL;
	for (size_t i = 0; i < draft->deviation_count; i++) {
		const struct deviation *d = &w->judgement->deviations[draft->deviations[i]];
		if (d->kind == kind && (best == NULL || d->points > best->points))
			best = d;
	}
	return best;
}

static const struct deviation *stronger(const struct deviation *a, const struct deviation *b)
{
	return a == NULL || (b != NULL && b->points > a->points) ? b : a;
}

/*
 * Of several deviations that are one event seen in several ways the strongest counts. A line that
 * is new or more frequent is one; a step of a request that is lost, stopped or slow is another. A
 * step that comes late comes after other lines, and so is often missed in its place as well: where
 * it is known to be slow, and that is no small part of it, slow is what it is called.
 */
static void events_of(const struct wording *w, const struct draft *draft,
	const struct deviation **line, const struct deviation **step)
{
	const struct deviation *slow = strongest_of(w, draft, DEVIATION_SLOW);
	*line = stronger(
		strongest_of(w, draft, DEVIATION_NEW), strongest_of(w, draft, DEVIATION_MORE));
	*step = stronger(stronger(strongest_of(w, draft, DEVIATION_LOST),
				 strongest_of(w, draft, DEVIATION_STOPPED)),
		slow);
	if (slow != NULL && slow->points * 2 >= (*step)->points)
		*step = slow;
}

static void add_deviation_reasons(
	const struct wording *w, const struct draft *draft, struct suspect *s)
{
	const struct deviation *line, *step;
	events_of(w, draft, &line, &step);
	if (line != NULL)
		add_reason(s, kind_slugs[line->kind], line->points, deviation_text(w, line));
	if (step != NULL)
		add_reason(s, kind_slugs[step->kind], step->points, deviation_text(w, step));
}

static const struct service_case *case_of(const struct judgement *j, uint32_t service)
{
	for (size_t i = 0; i < j->service_count; i++) {
		if (j->services[i].service == service)
			return &j->services[i];
	}
	return NULL;
}

/* Being early is its service's merit: it is shown with the suspect that was the first there. */
static void add_order_reason(const struct wording *w, struct suspect *s, uint32_t service)
{
	const struct service_case *c = case_of(w->judgement, service);
	double points = c == NULL ? 0 : c->parts[PART_ORDER] + c->parts[PART_ONSET];
	if (points != 0)
		add_reason(s, "order", points,
			arena_printf(&w->verdict->arena,
				points > 0 ? "%.*s deviates early: first at %.*s"
					   : "%.*s deviates late: first at %.*s",
				STR_ARG(s->service),
				STR_ARG(moment_text(w->verdict, c->first_ns))));
}

static double mean_in(const struct quantity *q, const struct wording *w, bool inside, bool *known)
{
	const struct incident *in = &w->judgement->incident;
	int64_t sum_milli = 0;
	uint64_t count = 0;
	for (size_t i = 0; i < q->cell_count; i++) {
		int64_t time_ns = q->cells[i].index * w->findings->cell_ns;
		bool within = false;
		for (size_t k = 0; k < in->span_count; k++)
			within |= time_ns >= in->spans[k].from_ns && time_ns < in->spans[k].to_ns;
		if (within == inside) {
			sum_milli += q->cells[i].sum_milli;
			count += q->cells[i].count;
		}
	}
	*known = count > 0;
	return count > 0 ? (double)sum_milli / 1000 / (double)count : NAN;
}

/* The limit of "pool_active" is what "pool_max", "pool_limit", "pool_total" or "pool_size" says. */
static double limit_of(const struct subject *s, struct str name, const struct wording *w)
{
	static const char *const endings[] = { "max", "limit", "total", "size" };
	ptrdiff_t stem = str_rfind_byte(name, '_');
	for (size_t i = 0; i < s->quantity_count; i++) {
		struct str other = s->quantities[i].name;
		ptrdiff_t other_stem = str_rfind_byte(other, '_');
		if (str_equal(other, name) || other_stem != stem ||
			(stem > 0 && !str_starts(other, str_head(name, (size_t)stem))))
			continue;
		for (size_t k = 0; k < countof(endings); k++) {
			if (str_equal(str_skip(other, (size_t)(other_stem + 1)),
				    str_from(endings[k]))) {
				bool known;
				return mean_in(&s->quantities[i], w, true, &known);
			}
		}
	}
	return NAN;
}

static void fill_states(const struct wording *w, struct suspect *s)
{
	const struct subject *subject = s->subject;
	s->states = arena_alloc(&w->verdict->arena, subject->quantity_count, sizeof(*s->states));
	for (size_t i = 0; i < subject->quantity_count; i++) {
		const struct quantity *q = &subject->quantities[i];
		bool before_known, at_known;
		double before = mean_in(q, w, false, &before_known),
		       at = mean_in(q, w, true, &at_known);
		if (before_known || at_known)
			s->states[s->state_count++] = (struct state){ q->name, before, at,
				limit_of(subject, q->name, w) };
	}
}

static void fill_recurrence(const struct wording *w, struct suspect *s)
{
	struct recurrence_found found;
	recurrence_find(&s->subject->series, w->frame, &found);
	if (!found.known)
		return;
	struct recurrence *r = &s->recurrence;
	*r = (struct recurrence){ .known = true,
		.text = arena_copy(&w->verdict->arena, str_from(found.text)),
		.period_seconds = found.period_ns / NS_PER_S,
		.seen = found.seen,
		.of = found.of };
	struct episode *episodes = mem_zalloc(EPISODES_MAX, sizeof(*episodes));
	int64_t gap_ns =
		found.to_of_period_ns < 0
			? found.period_ns / 3
			: (found.period_ns - (found.to_of_period_ns - found.from_of_period_ns)) / 2;
	size_t count = size_min(
		episodes_find(&s->subject->series, w->frame, gap_ns, episodes, EPISODES_MAX),
		EPISODES_MAX);
	r->coincides_count = coincidences_find(w->findings, w->frame, episodes, count, s->subject,
		&w->verdict->arena, &r->coincides);
	free(episodes);
}

/* First time in the incident that something of the draft deviates. */
static int64_t onset_of(
	const struct wording *w, const struct draft *draft, const struct subject *subject)
{
	int64_t onset_ns = TIME_NONE;
	for (size_t i = 0; i < draft->deviation_count; i++) {
		int64_t first_ns = w->judgement->deviations[draft->deviations[i]].first_ns;
		if (first_ns != TIME_NONE && (onset_ns == TIME_NONE || first_ns < onset_ns))
			onset_ns = first_ns;
	}
	if (onset_ns == TIME_NONE && w->judgement->incident.span_count > 0)
		onset_ns = w->judgement->incident.spans[0].from_ns;
	return onset_ns != TIME_NONE ? onset_ns : subject->series.first_ns;
}

static void word_suspect(const struct wording *w, const struct draft *draft, struct suspect *s)
{
	const struct findings *f = w->findings;
	struct arena *a = &w->verdict->arena;
	const struct subject *subject = &f->subjects[draft->subject];
	bool known = subject->kind == SUBJECT_RULE;
	*s = (struct suspect){ .subject = subject,
		.title = subject_title(f, subject, a),
		.severity = severity_of(f, subject),
		.service = f->services[draft->service].name,
		.count = subject->series.total,
		.first_ns = subject->series.first_ns,
		.last_ns = subject->series.last_ns,
		.evidence = subject->evidence,
		.evidence_count = subject->evidence_count,
		.caused_by = SIZE_MAX };
	s->id = known ? f->rules->rules[subject->rule].id
		      : arena_printf(
				a, "template:%016llx", (unsigned long long)subject->template_id);
	s->advice = known ? &f->rules->rules[subject->rule].advice : NULL;
	s->onset_ns = onset_of(w, draft, subject);
	s->reasons = arena_alloc(a, REASONS_MAX, sizeof(*s->reasons));
	add_deviation_reasons(w, draft, s);
	if (known)
		add_reason(s, "severity", severity_points[s->severity],
			arena_printf(
				a, "a known failure of severity %s", severity_name(s->severity)));
	s->histogram_count = frame_histogram(w->frame, &subject->series, a, &s->histogram);
	const struct deviation *line, *step;
	events_of(w, draft, &line, &step);
	if (line != NULL || step != NULL)
		s->sentence = sentence_of(w, s, stronger(line, step));
}

/* ---- the row ---- */

static int by_score(const void *a, const void *b)
{
	const struct suspect *x = a, *y = b;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	int order = str_compare(x->id, y->id);
	return order != 0 ? order : str_compare(x->service, y->service);
}

/* The service's first suspect by time takes the points for order; ties go to the stronger one. */
static void add_order_reasons(
	const struct wording *w, struct suspect *all, const struct drafts *drafts)
{
	for (size_t i = 0; i < w->judgement->service_count; i++) {
		uint32_t service = w->judgement->services[i].service;
		size_t first = SIZE_MAX;
		for (size_t k = 0; k < drafts->count; k++) {
			if (drafts->items[k].service != service)
				continue;
			if (first == SIZE_MAX || all[k].score > all[first].score)
				first = k;
		}
		if (first != SIZE_MAX)
			add_order_reason(w, &all[first], service);
	}
}

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
static void link_suspects(const struct wording *w, const struct drafts *drafts)
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

/*
 * Several rules may know the same lines. An engineer has one failure then, with several names: the
 * strongest stands in the row, the others are named with it.
 */
static bool folds_into_one(
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

void suspects_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	struct drafts drafts = { 0 };
	collect_drafts(w, &drafts);
	struct suspect *all = mem_zalloc(drafts.count, sizeof(*all));
	for (size_t i = 0; i < drafts.count; i++)
		word_suspect(w, &drafts.items[i], &all[i]);
	add_order_reasons(w, all, &drafts);
	qsort(all, drafts.count, sizeof(*all), by_score);
	size_t kept = 0;
	for (size_t i = 0; i < drafts.count; i++) {
		if (all[i].severity <= w->settings->least && all[i].score > 0 &&
			(w->settings->top == 0 || kept < w->settings->top) &&
			!folds_into_one(w, all, kept, &all[i]))
			all[kept++] = all[i];
	}
	v->suspects = arena_alloc(&v->arena, kept, sizeof(*v->suspects));
	v->suspect_count = kept;
	for (size_t i = 0; i < kept; i++) {
		struct suspect *s = &v->suspects[i];
		*s = all[i];
		s->rank = (uint32_t)i + 1;
		fill_states(w, s);
		fill_recurrence(w, s);
		int64_t lookback_ns = i64_max(3600 * NS_PER_S,
			i64_min(86400 * NS_PER_S, (w->frame->to_ns - w->frame->from_ns) / 4));
		if (s->onset_ns != TIME_NONE)
			s->change_count = changes_before(w->findings, w->settings, w->frame,
				s->onset_ns, lookback_ns, &v->arena, &s->changes);
	}
	link_suspects(w, &drafts);
	free(all);
	drafts_release(&drafts);
}

void services_build(const struct wording *w)
{
	const struct judgement *j = w->judgement;
	struct verdict *v = w->verdict;
	v->services = arena_alloc(&v->arena, j->service_count, sizeof(*v->services));
	v->service_count = j->service_count;
	for (size_t i = 0; i < j->service_count; i++) {
		const struct service_findings *f = &w->findings->services[j->services[i].service];
		struct ranked_service *r = &v->services[i];
		*r = (struct ranked_service){ .rank = (uint32_t)i + 1,
			.name = f->name,
			.score = j->services[i].score,
			.lines = f->lines.total };
		r->suspects = arena_alloc(&v->arena, v->suspect_count, sizeof(*r->suspects));
		for (size_t k = 0; k < v->suspect_count; k++) {
			if (str_equal(v->suspects[k].service, r->name))
				r->suspects[r->suspect_count++] = v->suspects[k].rank;
		}
	}
}
