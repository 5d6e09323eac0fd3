/* SPDX-License-Identifier: MIT */
/* The first sentences of a report: the first suspect and what came of it; or why there is none. */
#include "lineup/suspects.h"

#include <math.h>
#include <stdlib.h>

#include "lineup/title.h"

static const struct link *link_between(const struct suspect *cause, size_t effect)
{
	for (size_t i = 0; i < cause->led_to_count; i++) {
		if (cause->led_to[i].suspect == effect)
			return &cause->led_to[i];
	}
	return NULL;
}

/*
 * How long after the first one it comes: by the steps of its chain where that leads there, since
 * the lags of requests are finer than those of whole incidents.
 */
static double lag_behind(const struct verdict *v, const struct link *direct)
{
	double lag_seconds = 0;
	size_t at = direct->suspect;
	for (size_t steps = 0; at != 0 && steps < v->suspect_count; steps++) {
		size_t cause = v->suspects[at].caused_by;
		const struct link *l =
			cause != SIZE_MAX ? link_between(&v->suspects[cause], at) : NULL;
		if (l == NULL)
			return direct->lag_seconds;
		lag_seconds += l->lag_seconds;
		at = cause;
	}
	return at == 0 ? lag_seconds : direct->lag_seconds;
}

struct follower {
	const struct suspect *suspect;
	double lag_seconds;
	bool trouble; /* the line itself says that something is wrong */
};

static struct follower follower_of(const struct verdict *v, const struct link *l)
{
	const struct suspect *s = &v->suspects[l->suspect];
	const struct subject *subject = s->subject;
	return (struct follower){ s, lag_behind(v, l),
		subject->kind == SUBJECT_RULE || subject->level >= LEVEL_WARNING };
}

/* One consequence of each service, which shows it best: a trouble, and the earliest of them. */
static size_t take_follower(struct follower *told, size_t count, struct follower f)
{
	size_t at = 0;
	while (at < count && !str_equal(told[at].suspect->service, f.suspect->service))
		at++;
	if (at == count)
		told[count++] = f;
	else if (f.trouble != told[at].trouble ? f.trouble : f.lag_seconds < told[at].lag_seconds)
		told[at] = f;
	return count;
}

static int by_lag(const void *a, const void *b)
{
	const struct follower *x = a, *y = b;
	if (x->lag_seconds != y->lag_seconds)
		return x->lag_seconds < y->lag_seconds ? -1 : 1;
	return (x->suspect->rank > y->suspect->rank) - (x->suspect->rank < y->suspect->rank);
}

#define FOLLOWERS_MAX 5

/* What came of it, in the order in which it came. */
static void add_followers(struct verdict *v, const struct suspect *first)
{
	size_t count = 0;
	struct follower *told = arena_alloc(&v->arena, first->led_to_count, sizeof(*told));
	for (size_t i = 0; i < first->led_to_count; i++) {
		struct follower f = follower_of(v, &first->led_to[i]);
		if (!str_equal(f.suspect->service, first->service))
			count = take_follower(told, count, f);
	}
	if (count == 0)
		return;
	qsort(told, count, sizeof(*told), by_lag);
	for (size_t i = 0; i < size_min(count, FOLLOWERS_MAX); i++)
		v->summary = arena_printf(&v->arena, "%.*s%s%.*s (%.*s)", STR_ARG(v->summary),
			i == 0 ? " After it: " : ", ", STR_ARG(told[i].suspect->service),
			STR_ARG(told[i].suspect->title));
	v->summary = arena_printf(&v->arena, "%.*s.", STR_ARG(v->summary));
}

#define TOGETHER_NS (60 * NS_PER_S)
#define SILENT_TOLD 4

static bool is_silence(const struct deviation *d)
{
	return d->kind == DEVIATION_STOPPED && d->after == UINT32_MAX && !d->one_line &&
	       d->first_ns != TIME_NONE;
}

/* The first one's, if it is suspected for that. */
static const struct deviation *silence_of(const struct wording *w, const struct suspect *first)
{
	const struct judgement *j = w->judgement;
	for (size_t i = 0; i < j->deviation_count; i++) {
		const struct deviation *d = &j->deviations[i];
		if (is_silence(d) && &w->findings->subjects[d->subject] == first->subject)
			return d;
	}
	return NULL;
}

/* Services that fall silent within a minute of one another are rather not five faults: what they
 * share is gone, and no log of theirs can say it. */
static void add_silent_together(const struct wording *w, const struct suspect *first)
{
	struct verdict *v = w->verdict;
	const struct judgement *j = w->judgement;
	const struct deviation *of = silence_of(w, first);
	struct str names = STR("");
	size_t count = 0;
	for (size_t i = 0; i < j->deviation_count && of != NULL; i++) {
		const struct deviation *d = &j->deviations[i];
		int64_t apart_ns = d->first_ns - of->first_ns;
		if (!is_silence(d) || d->service == of->service || apart_ns > TOGETHER_NS ||
			apart_ns < -TOGETHER_NS)
			continue;
		struct str name = w->findings->services[d->service].name;
		if (count++ < SILENT_TOLD)
			names = arena_printf(&v->arena, "%.*s%s%.*s", STR_ARG(names),
				count > 1 ? ", " : "", STR_ARG(name));
	}
	if (count == 0)
		return;
	if (count > SILENT_TOLD)
		names = arena_printf(
			&v->arena, "%.*s and %zu more", STR_ARG(names), count - SILENT_TOLD);
	v->summary = arena_printf(&v->arena,
		"%.*s So %s %.*s within a minute: what they share may be gone (a host, a network).",
		STR_ARG(v->summary), count == 1 ? "does" : "do", STR_ARG(names));
}

/* A heartbeat that stopped is no line that stands out, and is told all the same; not what ended in
 * the first half, as logs do that were rotated away. */
static void add_stopped(struct verdict *v)
{
	for (size_t i = 0; i < v->timeline_count; i++) {
		const struct timeline_event *e = &v->timeline[i];
		if (!e->lasting || e->time_ns < v->from_ns + (v->to_ns - v->from_ns) / 2)
			continue;
		v->summary = arena_printf(&v->arena,
			"%.*s %.*s says nothing any more from %.*s on.", STR_ARG(v->summary),
			STR_ARG(e->service), STR_ARG(moment_text(v, e->time_ns)));
		return;
	}
}

/* Not a line was read; whoever is looked for may be in what was not. */
static struct str nothing_read(const struct findings *f, struct verdict *v)
{
	unsigned long long files = f->totals.files;
	if (files == 0)
		return STR("Nothing was read: there is no file to be read under the paths given.");
	if (f->troubles.count > 0)
		return arena_printf(&v->arena,
			"Nothing was read: no log was found in %llu file%s; what was not read is "
			"listed with its reason.",
			files, plural(files));
	if (f->totals.members == 0 && !f->totals.selected)
		return arena_printf(&v->arena,
			"Nothing was read: the %llu file%s there %s without a file in %s.", files,
			plural(files), files == 1 ? "is an archive" : "are archives",
			files == 1 ? "it" : "them");
	if (f->totals.members == 0)
		return arena_printf(&v->arena,
			"Nothing was read: --include and --exclude take nothing of the %llu "
			"file%s there.",
			files, plural(files));
	return f->totals.members == 1 ? STR("Nothing was read: the file is empty.")
				      : STR("Nothing was read: all files are empty.");
}

/* Why there was nothing to look at; none: there was something. */
static struct str nothing_looked_at(const struct wording *w)
{
	const struct findings *f = w->findings;
	struct verdict *v = w->verdict;
	if (f->totals.lines == 0 && f->left_out.lines == 0)
		return nothing_read(f, v);
	if (f->first_ns == TIME_NONE && f->left_out.lines > 0)
		return arena_printf(&v->arena,
			"Nothing was looked at: no line is stamped within the span asked for; the "
			"lines are of %.*s to %.*s.",
			STR_ARG(moment_text(v, f->left_out.first_ns)),
			STR_ARG(moment_text(v, f->left_out.last_ns)));
	if (w->judgement->incident.given && f->first_ns != TIME_NONE &&
		(v->incident.to_ns <= f->first_ns || v->incident.from_ns > f->last_ns))
		return arena_printf(&v->arena,
			"Nothing was looked at: the incident that was given lies outside of what "
			"was read, which is of %.*s to %.*s.",
			STR_ARG(moment_text(v, f->first_ns)), STR_ARG(moment_text(v, f->last_ns)));
	return STR_NONE;
}

/* In a log, not in a document alone: the first such service, or NULL. */
static const struct service_findings *log_of(const struct findings *f, const struct detection *d)
{
	for (size_t i = 0; i < d->service_count; i++) {
		if (!names_document(f->services[d->services[i]].name))
			return &f->services[d->services[i]];
	}
	return NULL;
}

/* The worst rule of high severity that fired in a log; of two, the one that fired more often. */
static const struct detection *worst_fired(const struct findings *f)
{
	const struct detection *worst = NULL;
	for (size_t i = 0; f->rules != NULL && i < f->detection_count; i++) {
		const struct detection *d = &f->detections[i];
		enum severity severity = f->rules->rules[d->rule].severity;
		if (d->count == 0 || severity > SEVERITY_HIGH || log_of(f, d) == NULL)
			continue;
		enum severity most =
			worst != NULL ? f->rules->rules[worst->rule].severity : severity;
		if (worst == NULL || severity < most ||
			(severity == most && d->count > worst->count))
			worst = d;
	}
	return worst;
}

#define STANDING_BYTES 90

/* "Of 1500 problem lines, 1000 are of orders: "cache is cold"." */
static struct str most_unexplained(struct verdict *v)
{
	const struct unexplained_template *most = &v->unexplained[0];
	struct arena *a = &v->arena;
	unsigned long long all = v->problem_lines, of = most->count;
	struct str how_many = all == 1	  ? STR("The one problem line is")
			      : of == all ? arena_printf(a, "All %llu problem lines are", all)
					  : arena_printf(a, "Of %llu problem lines, %llu %s", all,
						    of, of == 1 ? "is" : "are");
	struct str whose = names_nothing(most->service)
				   ? STR("")
				   : arena_printf(a, " of %.*s:", STR_ARG(most->service));
	struct str text = template_message(most->text);
	const char *end = text.len > STANDING_BYTES	    ? "..."
			  : template_is_request(most->text) ? TITLE_OF_FAILURE
							    : "";
	return arena_printf(a, "%.*s%.*s \"%.*s%s\".", STR_ARG(how_many), STR_ARG(whose),
		STR_ARG(title_head(text, STANDING_BYTES)), end);
}

/*
 * The kind of problem line that is the surest to be new: all its lines lie behind its first, which
 * would be luck once in (1 - share of the time before it) to the power of their number. One in
 * twenty is none, of as many kinds as there are.
 */
#define NEW_ODDS 20

static const struct unexplained_template *newest(const struct verdict *v)
{
	const struct unexplained_template *found = NULL;
	double least = log(NEW_ODDS * (double)v->unexplained_count);
	for (size_t i = 0; i < v->unexplained_count; i++) {
		const struct unexplained_template *t = &v->unexplained[i];
		double before = (double)(t->first_ns - v->from_ns),
		       all = (double)(v->to_ns - v->from_ns);
		if (t->first_ns == TIME_NONE || before <= 0 || before >= all)
			continue;
		double odds = -(double)t->count * log1p(-before / all);
		if (odds <= least)
			continue;
		least = odds;
		found = t;
	}
	return found;
}

/* A warning that is new is no incident; but it is what changed. `told`: the kind that was named. */
static void add_newest(const struct wording *w, const struct unexplained_template *told)
{
	struct verdict *v = w->verdict;
	const struct unexplained_template *t = newest(v);
	if (t == NULL)
		return;
	struct str since = moment_text(v, t->first_ns), text = template_message(t->text);
	if (t == told) {
		v->summary = arena_printf(&v->arena, "%.*s It came first at %.*s.",
			STR_ARG(v->summary), STR_ARG(since));
		return;
	}
	v->summary = arena_printf(&v->arena, "%.*s New from %.*s on: \"%.*s%s\"%s%.*s, %llu times.",
		STR_ARG(v->summary), STR_ARG(since), STR_ARG(title_head(text, STANDING_BYTES)),
		text.len > STANDING_BYTES ? "..." : "", names_nothing(t->service) ? "" : " of ",
		STR_ARG(names_nothing(t->service) ? STR_NONE : t->service),
		(unsigned long long)t->count);
}

/* What is there all along, or has nothing to be compared with, is no suspect; but who is called for
 * an incident wants to hear of it. */
static void add_standing(const struct wording *w)
{
	const struct findings *f = w->findings;
	struct verdict *v = w->verdict;
	const struct unexplained_template *told = NULL;
	const struct detection *worst = worst_fired(f);
	if (worst != NULL) {
		const struct rule *rule = &f->rules->rules[worst->rule];
		v->summary = arena_printf(&v->arena,
			"%.*s The worst that was met all the same: %.*s (%s), %llu time%s, in "
			"%.*s.",
			STR_ARG(v->summary), STR_ARG(rule->title), severity_name(rule->severity),
			(unsigned long long)worst->count, plural(worst->count),
			STR_ARG(log_of(f, worst)->name));
	} else if (v->unexplained_count > 0) {
		told = &v->unexplained[0];
		v->summary = arena_printf(
			&v->arena, "%.*s %.*s", STR_ARG(v->summary), STR_ARG(most_unexplained(v)));
	}
	add_newest(w, told);
}

static void say_nothing_found(const struct wording *w)
{
	struct verdict *v = w->verdict;
	v->summary = nothing_looked_at(w);
	if (v->summary.ptr == NULL) {
		v->summary = w->judgement->incident.given
				     ? STR("Nothing stands out in the incident against the rest.")
				     : STR("Nothing stands out.");
		add_standing(w);
	}
	add_stopped(v);
}

#define CHANGE_CHARS	90
#define SHORTLY_SECONDS 1800

/* A change shortly before that came at no other time without trouble: the first thing to be asked.
 * Restarts are as often what came of it. */
static void add_change(struct verdict *v, const struct suspect *first)
{
	for (size_t i = 0; i < first->change_count; i++) {
		const struct change *c = &first->changes[i];
		char ago[CLOCK_TEXT_MAX];
		if (c->is_restart || c->before_without_trouble > 0 ||
			c->lag_seconds > SHORTLY_SECONDS)
			continue;
		struct str lag = clock_duration_short((int64_t)(c->lag_seconds * 1e9), ago);
		struct str text = str_trim(title_head(c->text, CHANGE_CHARS));
		bool cut = c->text.len > CHANGE_CHARS, ends = str_ends(text, STR("."));
		v->summary = arena_printf(&v->arena, "%.*s %.*s before: %.*s%s%.*s%s",
			STR_ARG(v->summary), STR_ARG(lag), STR_ARG(c->service),
			c->service.len > 0 ? ": " : "", STR_ARG(text),
			cut    ? " ..."
			: ends ? ""
			       : ".");
		return;
	}
}

void summary_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	if (v->suspect_count == 0) {
		say_nothing_found(w);
		return;
	}
	const struct suspect *first = &v->suspects[0];
	v->summary = first->sentence;
	if (first->recurrence.known)
		v->summary = arena_printf(&v->arena, "%.*s It comes %.*s, seen %u of %u times.",
			STR_ARG(first->sentence), STR_ARG(first->recurrence.text),
			first->recurrence.seen, first->recurrence.of);
	else
		add_change(v, first);
	add_silent_together(w, first);
	add_followers(v, first);
}
