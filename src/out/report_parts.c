/* SPDX-License-Identifier: MIT */
#include "lineup/report_parts.h"

#include "lineup/libraries.h"

void part_tool(struct emitter *e)
{
	emit_word(e, "name", STR("lineup"));
	emit_word(e, "version", STR(LINEUP_VERSION));
	emit_object(e, "libraries");
	for (const struct library *l = libraries; l->name != NULL; l++)
		emit_word(e, l->name, str_from(l->version));
	emit_end_object(e);
}

void part_trouble(struct emitter *e, const struct trouble *t)
{
	emit_str(e, "path", t->path);
	emit_str(e, "reason", t->reason);
	emit_word(e, "kind", str_from(trouble_kind_name(t->kind)));
}

void part_inputs(struct emitter *e, const struct findings *f)
{
	emit_u64(e, "files", f->totals.files);
	emit_u64(e, "members", f->totals.members);
	emit_u64(e, "bytes_read", f->totals.bytes_read);
	emit_u64(e, "bytes", f->totals.bytes);
	emit_u64(e, "lines", f->totals.lines);
}

static void write_span(struct emitter *e, const char *key, const struct span *s)
{
	emit_object(e, key);
	emit_time(e, "from", s->from_ns);
	emit_time(e, "to", s->from_ns == TIME_NONE ? TIME_NONE : s->to_ns);
	emit_str(e, "how", s->how);
	emit_end_object(e);
}

void part_time(struct emitter *e, const struct findings *f, const struct verdict *v)
{
	emit_time(e, "first", f->first_ns);
	emit_time(e, "last", f->last_ns);
	emit_double(e, "window_seconds", (double)v->window_ns / (double)NS_PER_S);
	emit_u64(e, "undated_lines", f->totals.undated_lines);
	emit_u64(e, "left_out_lines", f->left_out.lines);
	write_span(e, "incident", &v->incident);
	write_span(e, "baseline", &v->baseline);
	emit_array(e, "notes");
	for (size_t i = 0; i < f->note_count; i++)
		emit_str(e, NULL, f->notes[i]);
	for (size_t i = 0; i < v->note_count; i++)
		emit_str(e, NULL, v->notes[i]);
	emit_end_array(e);
}

void part_rules(struct emitter *e, const struct findings *f)
{
	size_t fired = 0;
	for (size_t i = 0; i < f->detection_count; i++)
		fired += f->detections[i].count > 0;
	const struct rule_set *rules = f->rules;
	emit_u64(e, "loaded", rules == NULL ? 0 : rules->rule_count);
	emit_u64(e, "fired", fired);
	emit_array(e, "rejected");
	for (size_t i = 0; rules != NULL && i < rules->complaint_count; i++) {
		const struct rule_complaint *c = &rules->complaints[i];
		if (!c->rejected)
			continue;
		emit_object(e, NULL);
		emit_str(e, "path", c->place.path);
		emit_u64(e, "line", c->place.line);
		emit_u64(e, "column", c->place.column);
		emit_word(e, "id", c->rule_id.len > 0 ? c->rule_id : STR_NONE);
		emit_str(e, "reason", c->reason);
		emit_end_object(e);
	}
	emit_end_array(e);
}

void part_detection(struct emitter *e, const struct findings *f, const struct detection *d)
{
	const struct rule *rule = &f->rules->rules[d->rule];
	emit_word(e, "id", rule->id);
	emit_str(e, "title", rule->title);
	emit_word(e, "severity", str_from(severity_name(rule->severity)));
	emit_u64(e, "count", d->count);
	emit_time(e, "first", d->first_ns);
	emit_time(e, "last", d->last_ns);
	emit_array(e, "services");
	for (size_t i = 0; i < d->service_count; i++)
		emit_str(e, NULL, f->services[d->services[i]].name);
	emit_end_array(e);
}

static void write_evidence(struct emitter *e, const struct suspect *s)
{
	emit_array(e, "evidence");
	for (size_t i = 0; i < s->evidence_count; i++) {
		const struct evidence *line = &s->evidence[i];
		emit_object(e, NULL);
		emit_str(e, "path", line->path);
		emit_u64(e, "line", line->line);
		emit_u64(e, "offset", line->offset);
		emit_time(e, "time", line->time_ns);
		emit_str(e, "text", line->text);
		emit_end_object(e);
	}
	emit_end_array(e);
}

static void write_advice(struct emitter *e, const struct rule_advice *advice)
{
	static const struct rule_advice none;
	const struct rule_advice *a = advice != NULL ? advice : &none;
	const char *name;
	struct str text;
	emit_object(e, "advice");
	for (size_t i = 0; (name = rule_advice_text(a, i, &text)) != NULL; i++)
		emit_known(e, name, text);
	emit_array(e, "references");
	for (size_t i = 0; i < a->reference_count; i++)
		emit_str(e, NULL, a->references[i]);
	emit_end_array(e);
	emit_end_object(e);
}

static void write_states(struct emitter *e, const struct suspect *s)
{
	emit_array(e, "state");
	for (size_t i = 0; i < s->state_count; i++) {
		emit_object(e, NULL);
		emit_str(e, "name", s->states[i].name);
		emit_double(e, "before", s->states[i].before);
		emit_double(e, "at", s->states[i].at);
		emit_double(e, "limit", s->states[i].limit);
		emit_end_object(e);
	}
	emit_end_array(e);
}

static void write_recurrence(struct emitter *e, const struct recurrence *r)
{
	if (!r->known) {
		emit_null(e, "recurrence");
		return;
	}
	emit_object(e, "recurrence");
	emit_str(e, "text", r->text);
	emit_i64(e, "period_seconds", r->period_seconds);
	emit_u64(e, "seen", r->seen);
	emit_u64(e, "of", r->of);
	emit_array(e, "coincides");
	for (size_t i = 0; i < r->coincides_count; i++)
		emit_str(e, NULL, r->coincides[i]);
	emit_end_array(e);
	emit_end_object(e);
}

static void write_changes(struct emitter *e, const struct suspect *s)
{
	emit_array(e, "changes");
	for (size_t i = 0; i < s->change_count; i++) {
		const struct change *c = &s->changes[i];
		emit_object(e, NULL);
		emit_time(e, "time", c->time_ns);
		emit_known(e, "service", c->service);
		emit_str(e, "change", c->text);
		emit_double(e, "lag_seconds", c->lag_seconds);
		emit_u64(e, "before_without_trouble", c->before_without_trouble);
		emit_end_object(e);
	}
	emit_end_array(e);
}

static void write_links(
	struct emitter *e, const struct verdict *v, const struct suspect *s, size_t shown)
{
	emit_array(e, "led_to");
	for (size_t i = 0; i < s->led_to_count; i++) {
		const struct link *l = &s->led_to[i];
		if (l->suspect >= shown)
			continue;
		emit_object(e, NULL);
		emit_u64(e, "rank", v->suspects[l->suspect].rank);
		emit_u64(e, "requests", l->requests);
		emit_u64(e, "of", l->of);
		emit_double(e, "lag_seconds", l->lag_seconds);
		emit_u64(e, "episodes", l->episodes);
		emit_u64(e, "episodes_of", l->episodes_of);
		emit_end_object(e);
	}
	emit_end_array(e);
}

static void write_reasons(struct emitter *e, const struct suspect *s)
{
	emit_array(e, "reasons");
	for (size_t i = 0; i < s->reason_count; i++) {
		emit_object(e, NULL);
		emit_word(e, "what", s->reasons[i].what);
		emit_double(e, "points", s->reasons[i].points);
		emit_str(e, "detail", s->reasons[i].detail);
		emit_end_object(e);
	}
	emit_end_array(e);
}

static void write_histogram(struct emitter *e, const struct suspect *s)
{
	emit_array(e, "histogram");
	for (size_t i = 0; i < s->histogram_count; i++) {
		emit_array(e, NULL);
		emit_time(e, NULL, s->histogram[i].start_ns);
		emit_u64(e, NULL, s->histogram[i].count);
		emit_end_array(e);
	}
	emit_end_array(e);
}

void part_suspect(struct emitter *e, const struct verdict *v, const struct suspect *s, size_t shown)
{
	emit_u64(e, "rank", s->rank);
	emit_word(e, "id", s->id);
	emit_str(e, "title", s->title);
	emit_word(e, "severity", str_from(severity_name(s->severity)));
	emit_str(e, "service", s->service);
	emit_double(e, "score", s->score);
	emit_str(e, "summary", s->sentence);
	write_reasons(e, s);
	emit_u64(e, "count", s->count);
	emit_time(e, "first", s->first_ns);
	emit_time(e, "last", s->last_ns);
	emit_time(e, "onset", s->onset_ns);
	write_histogram(e, s);
	write_evidence(e, s);
	write_advice(e, s->advice);
	write_states(e, s);
	write_recurrence(e, &s->recurrence);
	write_changes(e, s);
	write_links(e, v, s, shown);
	emit_array(e, "also");
	for (size_t i = 0; i < s->also_count; i++)
		emit_word(e, NULL, s->also[i]);
	emit_end_array(e);
	if (s->caused_by < shown)
		emit_u64(e, "caused_by", v->suspects[s->caused_by].rank);
	else
		emit_null(e, "caused_by");
}

void part_event(struct emitter *e, const struct timeline_event *event)
{
	emit_time(e, "time", event->time_ns);
	emit_known(e, "service", event->service);
	emit_word(e, "event", event->event);
	emit_word(e, "id", event->id.len > 0 ? event->id : STR_NONE);
	emit_str(e, "text", event->text);
	emit_known(e, "place", event->place);
}

void part_service(struct emitter *e, const struct ranked_service *s, size_t shown)
{
	emit_u64(e, "rank", s->rank);
	emit_str(e, "name", s->name);
	emit_double(e, "score", s->score);
	emit_u64(e, "lines", s->lines);
	emit_array(e, "suspects");
	for (size_t i = 0; i < s->suspect_count; i++) {
		if (s->suspects[i] <= shown)
			emit_u64(e, NULL, s->suspects[i]);
	}
	emit_end_array(e);
}

void part_template(struct emitter *e, const struct unexplained_template *t)
{
	emit_str(e, "template", t->text);
	emit_u64(e, "count", t->count);
	emit_str(e, "service", t->service);
	emit_time(e, "first", t->first_ns);
	emit_str(e, "example", t->example);
}
