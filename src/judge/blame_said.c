/* SPDX-License-Identifier: MIT */
/* What the errors of a request say of its other deviations: which line that is missing is told by
 * one that was written in its place, and who only waited for another. */
#include "src/judge/blame_parts.h"

/*
 * Does an error of the same service stand where the line is missing? Or a warning that complains of
 * another: a call that fails is mostly tried again before it is given up as an error.
 */
static bool is_said(const struct blaming *b, const struct entry *missing)
{
	uint32_t service = finding_of(b, missing)->d.service;
	for (size_t i = 0; i < b->spoken_count; i++) {
		const struct entry *e = &b->layout.entries[b->spoken[i]];
		const struct finding *f = finding_of(b, e);
		const struct scene_subject *said = &b->t->scene->subjects[f->d.subject];
		bool complains = said->named != NO_INDEX || said->waits;
		bool late = e->from_ns > missing->to_ns;
		if (f->d.service == service && e->from_ns >= missing->from_ns &&
			(f->warning ? complains && !late : complains || !late))
			return true;
	}
	return false;
}

/* Does the line complain of this service, or of one that it does not name? */
static bool may_be_of(const struct blaming *b, const struct scene_subject *said, uint32_t service)
{
	return said->named != NO_INDEX ? blame_names(b, said, service) : said->waits;
}

/*
 * An error at this time behind the line before the call: is it from before the call was made? It is
 * when the called one would mostly not have answered yet. A call that fails takes about as long as
 * one that works; what comes later than that by an order of magnitude waited for something else (a
 * lock, a connection) and was given up before it called.
 */
#define LATE_FACTOR 10

static bool is_before_call(int64_t lag_ns, int64_t due_ns)
{
	return lag_ns <= due_ns || lag_ns / LATE_FACTOR > due_ns;
}

/*
 * Did anyone fail before the call was due, that is, before the called one mostly answers? The
 * caller, or one that came in between, unless its error complains of another that may well be the
 * one that was called; or anyone else of the request, before such an error: a consumer at its end
 * gets nothing when those before it fail. Those around the caller fail because of it.
 */
static bool is_not_called(struct blaming *b, const struct entry *stopped)
{
	uint32_t caller = finding_of(b, stopped)->from_service;
	int64_t other_ns = INT64_MAX, of_it_ns = INT64_MAX;
	for (size_t i = 0; i < b->said_count; i++) {
		const struct entry *e = &b->layout.entries[b->said[i]];
		const struct finding *f = finding_of(b, e);
		const struct scene_subject *said = &b->t->scene->subjects[f->d.subject];
		int64_t lag_ns = e->from_ns - stopped->from_ns;
		if (lag_ns < 0)
			continue;
		if (may_be_of(b, said, finding_of(b, stopped)->d.service)) {
			of_it_ns = i64_min(of_it_ns, e->from_ns);
			continue;
		}
		other_ns = i64_min(other_ns, e->from_ns);
		if (!is_before_call(lag_ns, finding_of(b, stopped)->due_ns))
			continue;
		if (f->d.service == caller || blame_entered(b, b->said[i]) > stopped->from_ns)
			return true;
	}
	return of_it_ns != INT64_MAX && other_ns < of_it_ns;
}

void blame_find_said(struct blaming *b)
{
	b->said_count = b->spoken_count = 0;
	for (size_t i = 0; i < b->layout.count; i++) {
		const struct finding *f = finding_of(b, &b->layout.entries[i]);
		if (f->d.raw <= LEAST_CAUSE || f->d.kind > DEVIATION_MORE)
			continue;
		b->spoken[b->spoken_count++] = (uint16_t)i;
		if (!f->warning)
			b->said[b->said_count++] = (uint16_t)i;
	}
}

/*
 * Who complains of another whom it waited for is no cause of what that one says later: a caller's
 * patience often ends before the trouble inside does, and is the first to be seen. So a complaint
 * explains nothing of the service that it names, nor of those to which the request came later than
 * to the one that complains.
 */
bool blame_is_of_waiting(struct blaming *b, size_t complaint, size_t effect)
{
	const struct finding *c = finding_of(b, &b->layout.entries[complaint]);
	const struct finding *e = finding_of(b, &b->layout.entries[effect]);
	return blame_names(b, &b->t->scene->subjects[c->d.subject], e->d.service) ||
	       blame_entered(b, complaint) < blame_entered(b, effect);
}

/* Does the service say anything behind this in the request, in whatever run of lines? */
static bool speaks_behind(const struct blaming *b, const struct entry *stopped)
{
	const struct requests *r = b->t->requests;
	uint32_t service = finding_of(b, stopped)->d.service;
	for (uint32_t i = b->request->first_run; i < b->request->first_run + b->request->run_count;
		i++) {
		const struct run *run = &r->runs[i];
		if (run->service == service &&
			r->time_order[run->first + run->count - 1] >= stopped->from_ns)
			return true;
	}
	return false;
}

/*
 * Is the line that is missing no cause, since another entry tells what happened there? An error in
 * its place does, and so does whatever a service says that is not called any more, or why it was
 * not.
 */
bool blame_is_told(struct blaming *b, size_t index)
{
	const struct entry *e = &b->layout.entries[index];
	switch (finding_of(b, e)->d.kind) {
	case DEVIATION_LOST:
		return is_said(b, e);
	case DEVIATION_STOPPED:
		return speaks_behind(b, e) || is_not_called(b, e);
	default:
		return false;
	}
}
