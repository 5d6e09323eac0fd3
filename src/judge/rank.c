/* SPDX-License-Identifier: MIT */
#include "lineup/rank.h"

#include "lineup/suspects.h"
#include "lineup/title.h"

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

/* The incident as one span: of several the one that people ask about. */
static struct span incident_of(const struct incident *in)
{
	if (in->span_count == 0)
		return (struct span){ TIME_NONE, TIME_NONE, in->how };
	struct span asked = in->spans[in->asked];
	asked.how = in->how;
	return asked;
}

static void note_documents(const struct findings *f, struct verdict *v)
{
	uint64_t count = 0, lines = 0;
	for (size_t i = 0; i < f->service_count; i++) {
		if (!names_document(f->services[i].name))
			continue;
		count++;
		lines += f->services[i].lines.total;
	}
	if (count > 0)
		v->notes[v->note_count++] = arena_printf(&v->arena,
			lines == 1 ? "%llu line is of a document (YAML, HTML, configuration; %llu "
				     "name%s): it is matched and counted, but no suspect"
				   : "%llu lines are of documents (YAML, HTML, configuration; %llu "
				     "name%s): they are matched and counted, but nothing in them "
				     "is a suspect",
			(unsigned long long)lines, (unsigned long long)count, plural(count));
}

/* What was too much to look at whole. */
static void note_left_out(const struct judgement *j, struct verdict *v)
{
	if (j->blame_sampling > 0)
		v->notes[v->note_count++] = arena_printf(&v->arena,
			"so much deviates within requests that who led to whom is told by one "
			"request "
			"in %llu",
			1ULL << j->blame_sampling);
	if (j->crowded_requests > 0)
		v->notes[v->note_count++] = arena_printf(&v->arena,
			"%llu request%s too many deviations%s to tell who led to whom",
			(unsigned long long)j->crowded_requests,
			j->crowded_requests == 1 ? " holds" : "s hold",
			j->crowded_requests == 1 ? "" : " each");
}

/* Who asks for more or fewer suspects, or for -v, is told the same story. */
static void tell_story(const struct wording *w)
{
	struct rank_settings settings = *w->settings;
	struct wording story = *w;
	settings.top = RANK_TOLD;
	story.settings = &settings;
	suspects_build(&story);
	timeline_build(&story);
	summary_build(&story);
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
	unexplained_build(&w);
	tell_story(&w);
	if (settings->top != RANK_TOLD)
		suspects_build(&w);
	services_build(&w);
	v->notes = arena_alloc(&v->arena, 4, sizeof(*v->notes));
	note_documents(f, v);
	note_left_out(&judgement, v);
	if (frame.lines_outside > 0) {
		v->notes[v->note_count++] = arena_printf(&v->arena,
			frame.lines_outside == 1
				? "%llu line is stamped far outside all others and is in no window"
				: "%llu lines are stamped far outside all others and are in no "
				  "window",
			(unsigned long long)frame.lines_outside);
	}
	judgement_release(&judgement);
}
