/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "lineup/context.h"
#include "lineup/title.h"
#include "lineup/mem.h"
#include "src/judge/suspect_parts.h"

#define REASONS_MAX  8
#define EPISODES_MAX 256

/*
 * What a signature is worth by itself, in nats: that someone found a failure mode worth a rule of
 * this severity says that its lines are e^x times as likely in an incident as any line is. A
 * critical rule so weighs like one more doubling and a half of evidence; it never decides alone.
 * Of a line that is said of another it weighs for who says it as much as the line itself does: "no
 * server is available" is a grave failure, and no failure of the balancer's.
 */
static const double severity_points[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = 2.0,
	[SEVERITY_HIGH] = 1.5,
	[SEVERITY_MEDIUM] = 1.0,
	[SEVERITY_LOW] = 0.5,
	[SEVERITY_INFO] = 0.0,
};

static enum severity severity_of(const struct findings *f, const struct subject *s)
{
	if (s->rule != UINT32_MAX)
		return f->rules->rules[s->rule].severity;
	/* lines speak of themselves, and less reliably than a rule speaks of them:
	 * one step milder */
	return s->level == LEVEL_CRITICAL ? SEVERITY_HIGH
	       : s->level == LEVEL_ERROR  ? SEVERITY_MEDIUM
					  : SEVERITY_LOW;
}

static const char *const kind_slugs[DEVIATION_KINDS] = {
	[DEVIATION_NEW] = "new",
	[DEVIATION_MORE] = "burst",
	[DEVIATION_LOST] = "lost",
	[DEVIATION_STOPPED] = "stopped",
	[DEVIATION_SLOW] = "slow",
	[DEVIATION_NAMED] = "named",
};

void suspect_add_reason(struct suspect *s, const char *what, double points, struct str detail)
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
		suspect_add_reason(
			s, kind_slugs[line->kind], line->points, deviation_text(w, line));
	if (step != NULL)
		suspect_add_reason(
			s, kind_slugs[step->kind], step->points, deviation_text(w, step));
	const struct deviation *named = strongest_of(w, draft, DEVIATION_NAMED);
	if (named != NULL)
		suspect_add_reason(
			s, kind_slugs[DEVIATION_NAMED], named->points, deviation_text(w, named));
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
void suspect_add_order(const struct wording *w, struct suspect *s, uint32_t service)
{
	const struct service_case *c = case_of(w->judgement, service);
	double points = c == NULL ? 0 : c->parts[PART_ORDER] + c->parts[PART_ONSET];
	if (points == 0)
		return;
	const char *when = points > 0 ? "early" : "late";
	/* Of what is hardly a deviation no first moment is kept. */
	suspect_add_reason(s, "order", points,
		c->first_ns == TIME_NONE
			? arena_printf(&w->verdict->arena, "%.*s deviates %s, if slightly",
				  STR_ARG(s->service), when)
			: arena_printf(&w->verdict->arena, "%.*s deviates %s: first at %.*s",
				  STR_ARG(s->service), when,
				  STR_ARG(moment_text(w->verdict, c->first_ns))));
}

static double mean_in(const struct quantity *q, const struct wording *w, bool inside, bool *known)
{
	const struct incident *in = &w->judgement->incident;
	wide_sum sum_milli = 0;
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

/* A number that names a thing is no state: the mean of two process ids says nothing. */
static bool is_a_name(struct str name)
{
	static const char *const endings[] = { "pid", "tid", "uid", "gid", "id", "port", "line",
		"inode", "sector", "xid" };
	struct str last = str_skip(name, (size_t)(str_rfind_byte(name, '_') + 1));
	for (size_t i = 0; i < countof(endings); i++)
		if (str_equal(last, str_from(endings[i])))
			return true;
	return false;
}

static void fill_states(const struct wording *w, struct suspect *s)
{
	const struct subject *subject = s->subject;
	s->states = arena_alloc(&w->verdict->arena, subject->quantity_count, sizeof(*s->states));
	for (size_t i = 0; i < subject->quantity_count; i++) {
		const struct quantity *q = &subject->quantities[i];
		bool before_known, at_known;
		if (is_a_name(q->name))
			continue;
		double before = mean_in(q, w, false, &before_known),
		       at = mean_in(q, w, true, &at_known);
		if (before_known || at_known)
			s->states[s->state_count++] = (struct state){ q->name, before, at,
				limit_of(subject, q->name, w) };
	}
}

/*
 * Is half of all that was said said at those hours? Then they are the hours that people work at, or
 * those of which there are logs at all, and what comes at them need not come again for a reason.
 */
static bool are_hours_of_all(const struct findings *f, const struct recurrence_found *r)
{
	uint64_t within = 0, all = 0;
	if (r->from_of_period_ns < 0)
		return false;
	for (size_t i = 0; i < f->service_count; i++) {
		const struct series *lines = &f->services[i].lines;
		for (size_t k = 0; k < lines->cell_count; k++) {
			int64_t time_ns = lines->cells[k].index * f->cell_ns - r->from_of_period_ns;
			within += time_ns - clock_floor(time_ns, NS_PER_DAY) <
				  r->to_of_period_ns - r->from_of_period_ns;
		}
		all += lines->cell_count;
	}
	return within * 2 > all;
}

static void fill_recurrence(const struct wording *w, struct suspect *s)
{
	struct recurrence_found found;
	recurrence_find(&s->subject->series, w->frame, &found);
	if (!found.known || are_hours_of_all(w->findings, &found))
		return;
	struct recurrence *r = &s->recurrence;
	/* what starts the incident each time comes again as that does */
	struct str when = w->judgement->incident.when;
	bool starts = when.len > 0 && s->caused_by == SIZE_MAX && s->starts;
	*r = (struct recurrence){ .known = true,
		.text = arena_copy(&w->verdict->arena, starts ? when : str_from(found.text)),
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

void suspect_word(const struct wording *w, const struct draft *draft, struct suspect *s)
{
	const struct findings *f = w->findings;
	struct arena *a = &w->verdict->arena;
	const struct subject *subject = &f->subjects[draft->subject];
	bool by_rule = subject->kind == SUBJECT_RULE,
	     known = by_rule || subject->rule != UINT32_MAX;
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
	s->id = by_rule ? f->rules->rules[subject->rule].id
			: arena_printf(
				  a, "template:%016llx", (unsigned long long)subject->template_id);
	s->advice = known ? &f->rules->rules[subject->rule].advice : NULL;
	s->onset_ns = onset_of(w, draft, subject);
	s->reasons = arena_alloc(a, REASONS_MAX, sizeof(*s->reasons));
	add_deviation_reasons(w, draft, s);
	const struct deviation *line, *step;
	events_of(w, draft, &line, &step);
	if (known)
		suspect_add_reason(s, "severity",
			severity_points[s->severity] * (line != NULL ? line->kept : 1),
			arena_printf(
				a, "a known failure of severity %s", severity_name(s->severity)));
	s->histogram_count = frame_histogram(w->frame, &subject->series, a, &s->histogram);
	const struct deviation *said = stronger(line, step);
	if (said == NULL)
		said = strongest_of(w, draft, DEVIATION_NAMED);
	if (said != NULL) {
		s->sentence = suspect_sentence(w, s, said);
		s->sentence_repeats = said->kind == DEVIATION_NEW &&
				      !(w->judgement->incident.recurring && said->of > 0);
	}
}

void suspect_fill_context(const struct wording *w, struct suspect *s)
{
	fill_states(w, s);
	fill_recurrence(w, s);
	int64_t lookback_ns = i64_max(
		3600 * NS_PER_S, i64_min(NS_PER_DAY, (w->frame->to_ns - w->frame->from_ns) / 4));
	if (s->onset_ns != TIME_NONE)
		s->change_count = changes_before(w->findings, w->settings, w->frame, s->onset_ns,
			lookback_ns, &w->verdict->arena, &s->changes);
}
