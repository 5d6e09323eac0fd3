/* SPDX-License-Identifier: MIT */
#include "lineup/rank.h"

#include "lineup/suspects.h"

void verdict_release(struct verdict *v)
{
	arena_release(&v->arena);
	*v = (struct verdict){ 0 };
}

static struct span baseline_of(
	const struct rank_settings *settings, const struct frame *frame, const struct incident *in)
{
	struct span none = { TIME_NONE, TIME_NONE, STR_NONE };
	if (settings->baseline_from_ns != TIME_NONE)
		return (struct span){ settings->baseline_from_ns, settings->baseline_to_ns,
			STR("given") };
	if (settings->baseline != NULL)
		return (struct span){ settings->baseline->first_ns, settings->baseline->last_ns,
			STR("the scan of the baseline's own path") };
	if (in->span_count == 0 || in->baseline_seconds <= 0)
		return none;
	return (struct span){ frame->from_ns, frame->to_ns,
		STR("all that was read outside the incident") };
}

/* The incident as one span: the last one of several, since that is the one people ask about. */
static struct span incident_of(const struct incident *in)
{
	if (in->span_count == 0)
		return (struct span){ TIME_NONE, TIME_NONE, in->how };
	struct span last = in->spans[in->span_count - 1];
	last.how = in->how;
	return last;
}

void summary_build(const struct wording *w)
{
	struct verdict *v = w->verdict;
	if (v->suspect_count == 0) {
		v->summary = w->judgement->incident.given
				     ? STR("Nothing stands out in the incident against the rest.")
				     : STR("Nothing stands out.");
		return;
	}
	const struct suspect *first = &v->suspects[0];
	v->summary = first->sentence;
	if (first->recurrence.known)
		v->summary = arena_printf(&v->arena, "%.*s It comes %.*s.",
			STR_ARG(first->sentence), STR_ARG(first->recurrence.text));
}

void rank(const struct findings *f, const struct rank_settings *settings, struct verdict *v)
{
	struct frame frame;
	struct judgement judgement;
	*v = (struct verdict){ 0 };
	frame_find(f, settings->window_ns, &frame);
	judge(f, settings, &frame, &judgement);
	v->window_ns = frame.window_ns;
	v->from_ns = frame.from_ns;
	v->to_ns = frame.to_ns;
	struct wording w = { f, settings, &frame, &judgement, v };
	v->incident = incident_of(&judgement.incident);
	v->incident.how = arena_copy(&v->arena, v->incident.how);
	v->baseline = baseline_of(settings, &frame, &judgement.incident);
	suspects_build(&w);
	services_build(&w);
	timeline_build(&w);
	unexplained_build(&w);
	summary_build(&w);
	if (frame.lines_outside > 0) {
		v->notes = arena_alloc(&v->arena, 1, sizeof(*v->notes));
		v->notes[v->note_count++] = arena_printf(&v->arena,
			"%llu lines are stamped far outside all others and are in no window",
			(unsigned long long)frame.lines_outside);
	}
	judgement_release(&judgement);
}
