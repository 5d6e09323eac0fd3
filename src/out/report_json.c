/* SPDX-License-Identifier: MIT */
#include "lineup/report.h"

#include "lineup/report_formats.h"
#include "lineup/report_parts.h"

static void write_inputs(struct emitter *e, const struct findings *f)
{
	emit_object(e, "inputs");
	part_inputs(e, f);
	emit_array(e, "troubles");
	for (size_t i = 0; i < f->troubles.count; i++) {
		emit_object(e, NULL);
		part_trouble(e, &f->troubles.items[i]);
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_end_object(e);
}

static void write_lists(
	struct emitter *e, const struct findings *f, const struct verdict *v, size_t shown)
{
	emit_array(e, "detections");
	for (size_t i = 0; i < f->detection_count; i++) {
		if (f->detections[i].count == 0)
			continue;
		emit_object(e, NULL);
		part_detection(e, f, &f->detections[i]);
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_array(e, "suspects");
	for (size_t i = 0; i < shown; i++) {
		emit_object(e, NULL);
		part_suspect(e, v, &v->suspects[i], shown);
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_array(e, "timeline");
	for (size_t i = 0; i < v->timeline_count; i++) {
		emit_object(e, NULL);
		part_event(e, &v->timeline[i]);
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_array(e, "services");
	for (size_t i = 0; i < v->service_count; i++) {
		emit_object(e, NULL);
		part_service(e, &v->services[i], shown);
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_object(e, "unexplained");
	emit_u64(e, "problem_lines", v->problem_lines);
	emit_u64(e, "matched", v->matched_lines);
	emit_array(e, "templates");
	for (size_t i = 0; i < v->unexplained_count; i++) {
		emit_object(e, NULL);
		part_template(e, &v->unexplained[i]);
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_end_object(e);
}

static int write_json(FILE *out, const struct findings *f, const struct verdict *v,
	const struct report_settings *settings, struct error *err UNUSED)
{
	struct redactor redactor = { 0 };
	struct emitter e;
	emit_init(&e, out, settings->redact ? &redactor : NULL, 3);
	emit_object(&e, NULL);
	emit_word(&e, "schema", STR(REPORT_SCHEMA));
	emit_object(&e, "tool");
	part_tool(&e);
	emit_end_object(&e);
	emit_str(&e, "summary", v->summary);
	emit_bool(&e, "interrupted", settings->interrupted);
	write_inputs(&e, f);
	emit_object(&e, "time");
	part_time(&e, f, v);
	emit_end_object(&e);
	emit_object(&e, "rules");
	part_rules(&e, f);
	emit_end_object(&e);
	write_lists(&e, f, v, report_shown(v, settings));
	emit_end_object(&e);
	emit_newline(&e);
	emit_release(&e);
	redactor_release(&redactor);
	return 0;
}

const struct report_format report_format_json = {
	.name = "json",
	.suffixes = "json",
	.help = "one object, for programs",
	.write = write_json,
};
