/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "lineup/title.h"
#include "src/judge/suspect_parts.h"

/* A line of a terminal. */
#define SHORT_TITLE 80

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
	struct str head = title_head(title, SHORT_TITLE);
	char *text = arena_alloc(&w->verdict->arena, head.len + 1, 1);
	size_t len = 0;
	/* it is quoted itself; what quoted a message before may have put a backslash there */
	for (size_t i = 0; i < head.len; i++) {
		bool escapes = head.ptr[i] == '\\' && i + 1 < head.len && head.ptr[i + 1] == '"';
		if (!escapes)
			text[len++] = head.ptr[i] == '"' ? '\'' : head.ptr[i];
	}
	return head.len == title.len ? str_of(text, len)
				     : arena_printf(&w->verdict->arena, "%.*s...", (int)len, text);
}

static struct str seconds_text(const struct wording *w, double seconds)
{
	char text[CLOCK_TEXT_MAX];
	if (seconds < 60)
		return seconds < 1 ? arena_printf(&w->verdict->arena, "%.0f ms", seconds * 1000)
				   : arena_printf(&w->verdict->arena, "%.1f s", seconds);
	/* "3162.2 s" is no time that anyone can repeat */
	return arena_copy(&w->verdict->arena, clock_duration_short((int64_t)(seconds * 1e9), text));
}

/*
 * The one site from which all lines of the subject come, where that says something: by chance, with
 * the share that the site has in its service's lines, it would be once in a hundred times. Else
 * empty.
 */
#define CHANCE 0.01

static struct str only_site(const struct wording *w, const struct subject *s)
{
	const struct findings *f = w->findings;
	if (s->site == UINT32_MAX)
		return STR_NONE;
	double all = (double)f->services[s->service].lines.total;
	double share = fmin(1, (double)f->sites[s->site].lines.total / fmax(1, all));
	return pow(share, (double)s->series.total) <= CHANCE ? f->sites[s->site].name : STR_NONE;
}

/* ", all of them on fs3"; empty. */
static struct str site_clause(const struct wording *w, const struct subject *s)
{
	struct str site = only_site(w, s);
	return site.len == 0
		       ? STR("")
		       : arena_printf(&w->verdict->arena, ", all of them on %.*s", STR_ARG(site));
}

/* Whose line it is by which another service is named. */
static struct str speaker_of(const struct wording *w, const struct deviation *d)
{
	return w->findings->services[w->findings->subjects[d->subject].service].name;
}

/*
 * A burst of one repeated line counts once a second, or once a request: where that is less than its
 * lines, it is said what was counted, for the lines are told elsewhere.
 */
static struct str new_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	uint64_t lines = w->findings->subjects[d->subject].series.total;
	int64_t seconds = w->findings->cell_ns / NS_PER_S;
	if (w->judgement->incident.baseline_seconds <= 0)
		return arena_printf(a, "%llu time%s; there is no normal time to compare with",
			(unsigned long long)d->count, plural(d->count));
	if (d->of > 0 || lines <= d->count)
		return arena_printf(a, "%llu time%s during the incident, never outside it",
			(unsigned long long)d->count, plural(d->count));
	if (d->by_requests)
		return arena_printf(a,
			"in %llu request%s during the incident, in none outside it (%llu line%s)",
			(unsigned long long)d->count, plural(d->count), (unsigned long long)lines,
			plural(lines));
	if (seconds == 1)
		return arena_printf(a,
			d->count == 1 ? "in %llu second of the incident, never outside it (%llu "
					"line%s)"
				      : "in %llu different seconds of the incident, never outside "
					"it (%llu line%s)",
			(unsigned long long)d->count, (unsigned long long)lines, plural(lines));
	return arena_printf(a,
		d->count == 1 ? "in %llu stretch of %lld s of the incident, never outside it (%llu "
				"line%s)"
			      : "in %llu different stretches of %lld s of the incident, never "
				"outside it (%llu line%s)",
		(unsigned long long)d->count, (long long)seconds, (unsigned long long)lines,
		plural(lines));
}

static struct str missing_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	if (d->after == UINT32_MAX && d->site > 0)
		return arena_printf(a,
			"nothing comes from %.*s in %llu of %llu piece%s of the incident, "
			"each twice as long as it ever was quiet outside it; others of "
			"%.*s go on",
			STR_ARG(w->findings->sites[d->site - 1].name),
			(unsigned long long)(d->of - d->count), (unsigned long long)d->of,
			plural(d->of), STR_ARG(w->findings->services[d->service].name));
	if (d->after == UINT32_MAX)
		return arena_printf(a,
			"%s in %llu of %llu piece%s of the incident, each twice as long as "
			"it ever was missing outside it",
			d->one_line ? "the line is missing" : "the service says nothing",
			(unsigned long long)(d->of - d->count), (unsigned long long)d->of,
			plural(d->of));
	return arena_printf(a,
		"followed \"%.*s\" in %llu of %llu request%s outside the incident, in %llu "
		"of %llu during it",
		STR_ARG(short_title(w, d->after)), (unsigned long long)d->base_count,
		(unsigned long long)d->base_of, plural(d->base_of), (unsigned long long)d->count,
		(unsigned long long)d->of);
}

/* "restarted at 14:02:11: ..."; empty: it did not. */
static struct str restart_text(const struct wording *w, const struct deviation *d)
{
	return d->restarted ? arena_printf(&w->verdict->arena,
				      "restarted at %.*s, when the lines of its start came",
				      STR_ARG(moment_text(w->verdict, d->away_ns)))
			    : STR("");
}

/* Of one that was away while others complained and named none. */
static struct str away_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str away = d->restarted ? restart_text(w, d)
				       : arena_printf(a, "says nothing from %.*s on",
						 STR_ARG(moment_text(w->verdict, d->away_ns)));
	return arena_printf(a,
		"it %.*s; %.*s complains meanwhile and names nobody, %llu time%s during the "
		"incident, %llu outside it",
		STR_ARG(away), STR_ARG(speaker_of(w, d)), (unsigned long long)d->count,
		plural(d->count), (unsigned long long)d->base_count);
}

static struct str named_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str restart = restart_text(w, d);
	if (d->named_how == NAMED_AS_AWAY && d->after == UINT32_MAX)
		return away_text(w, d);
	if (d->named_how != NAMED_BY_NAME && d->after == UINT32_MAX)
		return arena_printf(a,
			d->named_how == NAMED_BY_LOCK
				? "%.*s waits for a lock meanwhile, %llu time%s during the "
				  "incident, "
				  "%llu outside it; who holds it is not said"
				: "%.*s, and not it alone, waits in vain for others, which have it "
				  "in "
				  "common: %llu time%s during the incident, %llu outside it",
			STR_ARG(speaker_of(w, d)), (unsigned long long)d->count, plural(d->count),
			(unsigned long long)d->base_count);
	if (d->trail.len > 0)
		return arena_printf(a,
			"the last to speak of %.*s before %.*s complained of it, %llu "
			"time%s during the incident, %llu outside it",
			STR_ARG(d->trail), STR_ARG(speaker_of(w, d)), (unsigned long long)d->count,
			plural(d->count), (unsigned long long)d->base_count);
	if (d->after != UINT32_MAX)
		return arena_printf(a,
			"%.*s gets no further behind the line that names it in %llu request%s "
			"during the incident",
			STR_ARG(speaker_of(w, d)), (unsigned long long)d->count, plural(d->count));
	return arena_printf(a,
		"%.*s names it in lines that fail, %llu time%s during the incident, %llu outside "
		"it%s%.*s",
		STR_ARG(speaker_of(w, d)), (unsigned long long)d->count, plural(d->count),
		(unsigned long long)d->base_count, restart.len > 0 ? "; it " : "",
		STR_ARG(restart));
}

/* "it begins 2s before the first line of the trouble and lasts as long" */
static struct str spans_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str when = d->base_value < 0.5 ? STR("with")
					      : arena_printf(a, "%.*s before",
							STR_ARG(seconds_text(w, d->base_value)));
	return arena_printf(a,
		"what it does from here on begins %.*s the first line of the trouble, %s, and "
		"comes "
		"at no other time",
		STR_ARG(when),
		d->unended ? "goes on to the end of the logs" : "ends with the last");
}

static struct str slow_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str now = seconds_text(w, d->value), before = seconds_text(w, d->base_value);
	if (d->spans)
		return spans_text(w, d);
	if (d->after == UINT32_MAX)
		return arena_printf(a,
			"it tells of %.*s during the incident, of %.*s outside it (medians "
			"of the %llu and %llu line%s that were kept)",
			STR_ARG(now), STR_ARG(before), (unsigned long long)d->count,
			(unsigned long long)d->base_count, plural(d->base_count));
	struct str after = short_title(w, d->after);
	if (d->of_run)
		return arena_printf(a,
			"one run %s %.*s from \"%.*s\" on, none of %llu others more "
			"than %.*s",
			d->unended ? "is not done" : "takes", STR_ARG(now), STR_ARG(after),
			(unsigned long long)d->base_count, STR_ARG(before));
	return arena_printf(a,
		"%.*s after \"%.*s\" during the incident, %.*s outside it (%s of %llu "
		"request%s)",
		STR_ARG(now), STR_ARG(after), STR_ARG(before),
		d->quartiles ? "upper quartile" : "median", (unsigned long long)d->count,
		plural(d->count));
}

struct str deviation_text(const struct wording *w, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	const struct incident *in = &w->judgement->incident;
	switch (d->kind) {
	case DEVIATION_NEW: {
		struct str text = new_text(w, d);
		return arena_printf(a, "%.*s%.*s", STR_ARG(text),
			STR_ARG(site_clause(w, &w->findings->subjects[d->subject])));
	}
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
		return missing_text(w, d);
	case DEVIATION_NAMED:
		return named_text(w, d);
	default:
		return slow_text(w, d);
	}
}

static struct str slow_sentence(
	const struct wording *w, const struct suspect *s, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str now = seconds_text(w, d->value), before = seconds_text(w, d->base_value);
	struct str title = short_title(w, (uint32_t)(s->subject - w->findings->subjects));
	struct str service = names_nothing(s->service) ? STR("the log") : s->service;
	if (d->spans)
		return arena_printf(a, "%.*s says \"%.*s\" at %.*s, and is at it %s.",
			STR_ARG(service), STR_ARG(title),
			STR_ARG(moment_text(w->verdict, d->first_ns)),
			d->unended ? "as long as it hurts, to the end of the logs"
				   : "as long as it hurts");
	if (d->after == UINT32_MAX)
		return arena_printf(a,
			"%.*s has become slow: \"%.*s\" tells of %.*s instead of %.*s.",
			STR_ARG(service), STR_ARG(title), STR_ARG(now), STR_ARG(before));
	if (d->of_run)
		return arena_printf(a,
			d->unended
				? "A run of %.*s that begins at %.*s has no \"%.*s\" of its own "
				  "within %.*s; others take %.*s at most."
				: "A run of %.*s that begins at %.*s comes to \"%.*s\" only after "
				  "%.*s; others take %.*s at most.",
			STR_ARG(service), STR_ARG(moment_text(w->verdict, d->first_ns)),
			STR_ARG(title), STR_ARG(now), STR_ARG(before));
	return arena_printf(a, "%.*s has become slow: %.*s instead of %.*s until \"%.*s\".",
		STR_ARG(service), STR_ARG(now), STR_ARG(before), STR_ARG(title));
}

/* Of a service that others name, or have in common. */
static struct str named_sentence(const struct wording *w, const struct deviation *d,
	struct str title, struct str service, struct str onset)
{
	struct arena *a = &w->verdict->arena;
	if (d->trail.len > 0)
		return arena_printf(a,
			"%.*s was the last to speak of %.*s, of which %.*s complains from "
			"%.*s on: \"%.*s\".",
			STR_ARG(service), STR_ARG(d->trail), STR_ARG(speaker_of(w, d)),
			STR_ARG(onset), STR_ARG(title));
	if (d->named_how == NAMED_IN_COMMON && d->after == UINT32_MAX)
		return arena_printf(a,
			"Several services do not answer in time from %.*s on; they have "
			"%.*s in "
			"common. %.*s says \"%.*s\".",
			STR_ARG(onset), STR_ARG(service), STR_ARG(speaker_of(w, d)),
			STR_ARG(title));
	if (d->named_how == NAMED_AS_AWAY && d->after == UINT32_MAX)
		return arena_printf(a,
			d->restarted
				? "%.*s restarted at %.*s; %.*s complains meanwhile and names "
				  "nobody: \"%.*s\"."
				: "%.*s says nothing from %.*s on; %.*s complains meanwhile and "
				  "names nobody: \"%.*s\".",
			STR_ARG(service), STR_ARG(moment_text(w->verdict, d->away_ns)),
			STR_ARG(speaker_of(w, d)), STR_ARG(title));
	if (d->named_how == NAMED_BY_LOCK && d->after == UINT32_MAX)
		return arena_printf(a,
			"%.*s probably holds the lock that %.*s waits for from %.*s on: "
			"\"%.*s\".",
			STR_ARG(service), STR_ARG(speaker_of(w, d)), STR_ARG(onset),
			STR_ARG(title));
	return arena_printf(a,
		d->after == UINT32_MAX
			? "%.*s is named by what fails in %.*s from %.*s on: \"%.*s\"."
			: "%.*s is called by %.*s, which from %.*s on gets no \"%.*s\".",
		STR_ARG(service), STR_ARG(speaker_of(w, d)), STR_ARG(onset), STR_ARG(title));
}

struct str suspect_sentence(
	const struct wording *w, const struct suspect *s, const struct deviation *d)
{
	struct arena *a = &w->verdict->arena;
	struct str onset = moment_text(w->verdict, s->onset_ns);
	struct str title = short_title(w, (uint32_t)(s->subject - w->findings->subjects));
	struct str after = d->after == UINT32_MAX ? STR("") : short_title(w, d->after);
	/* what comes down a pipe names no service */
	struct str service = names_nothing(s->service) ? STR("the log") : s->service;
	switch (d->kind) {
	case DEVIATION_NEW:
		if (w->judgement->incident.recurring && d->of > 0)
			return arena_printf(a,
				"%.*s says \"%.*s\" in %llu of %llu incident%s, and never "
				"otherwise.",
				STR_ARG(service), STR_ARG(title), (unsigned long long)d->count,
				(unsigned long long)d->of, plural(d->of));
		if (s->count == 1)
			return arena_printf(a, "%.*s reports \"%.*s\" at %.*s, once in all.",
				STR_ARG(service), STR_ARG(title), STR_ARG(onset));
		return arena_printf(a,
			"%.*s starts to report \"%.*s\" at %.*s, %llu times in all%.*s.",
			STR_ARG(service), STR_ARG(title), STR_ARG(onset),
			(unsigned long long)s->count, STR_ARG(site_clause(w, s->subject)));
	case DEVIATION_MORE:
		return arena_printf(a,
			"%.*s reports \"%.*s\" far more often than normal from %.*s on.",
			STR_ARG(service), STR_ARG(title), STR_ARG(onset));
	case DEVIATION_LOST:
		return arena_printf(a, "In %.*s \"%.*s\" no longer follows \"%.*s\" as it should.",
			STR_ARG(service), STR_ARG(title), STR_ARG(after));
	case DEVIATION_STOPPED:
		if (d->after == UINT32_MAX && d->one_line)
			return arena_printf(a, "%.*s no longer says \"%.*s\", from %.*s on.",
				STR_ARG(service), STR_ARG(title), STR_ARG(onset));
		if (d->after == UINT32_MAX && d->site > 0)
			return arena_printf(a,
				"%.*s falls silent on %.*s at %.*s, and goes on elsewhere.",
				STR_ARG(service), STR_ARG(w->findings->sites[d->site - 1].name),
				STR_ARG(onset));
		if (d->after == UINT32_MAX)
			return arena_printf(
				a, "%.*s falls silent at %.*s.", STR_ARG(service), STR_ARG(onset));
		return arena_printf(a, "%.*s no longer gets to \"%.*s\" when it is called.",
			STR_ARG(service), STR_ARG(title));
	case DEVIATION_NAMED:
		return named_sentence(w, d, title, service, onset);
	default:
		return slow_sentence(w, s, d);
	}
}
