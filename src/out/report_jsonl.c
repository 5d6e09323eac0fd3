/* SPDX-License-Identifier: MIT */
#include "lineup/report.h"

#include "lineup/report_formats.h"
#include "lineup/report_parts.h"

static void begin_line(struct emitter *e, struct str type)
{
	emit_object(e, NULL);
	emit_word(e, "type", type);
}

static void end_line(struct emitter *e)
{
	emit_end_object(e);
	emit_newline(e);
}

static void write_head(struct emitter *e, const struct findings *f, const struct verdict *v,
	const struct report_settings *settings)
{
	begin_line(e, STR("report"));
	emit_word(e, "schema", STR(REPORT_SCHEMA));
	emit_object(e, "tool");
	part_tool(e);
	emit_end_object(e);
	emit_str(e, "summary", v->summary);
	emit_bool(e, "interrupted", settings->interrupted);
	end_line(e);
	begin_line(e, STR("inputs"));
	part_inputs(e, f);
	end_line(e);
	for (size_t i = 0; i < f->troubles.count; i++) {
		begin_line(e, STR("trouble"));
		part_trouble(e, &f->troubles.items[i]);
		end_line(e);
	}
	begin_line(e, STR("time"));
	part_time(e, f, v);
	end_line(e);
	begin_line(e, STR("rules"));
	part_rules(e, f);
	end_line(e);
}

static int write_jsonl(FILE *out, const struct findings *f, const struct verdict *v,
	const struct report_settings *settings, struct error *err UNUSED)
{
	struct redactor redactor = { 0 };
	struct emitter e;
	emit_init(&e, out, settings->redact ? &redactor : NULL, 0);
	size_t shown = report_shown(v, settings);
	write_head(&e, f, v, settings);
	for (size_t i = 0; i < f->detection_count; i++) {
		if (f->detections[i].count == 0)
			continue;
		begin_line(&e, STR("detection"));
		part_detection(&e, f, &f->detections[i]);
		end_line(&e);
	}
	for (size_t i = 0; i < shown; i++) {
		begin_line(&e, STR("suspect"));
		part_suspect(&e, v, &v->suspects[i], shown);
		end_line(&e);
	}
	for (size_t i = 0; i < v->timeline_count; i++) {
		begin_line(&e, STR("timeline"));
		part_event(&e, &v->timeline[i]);
		end_line(&e);
	}
	for (size_t i = 0; i < v->service_count; i++) {
		begin_line(&e, STR("service"));
		part_service(&e, &v->services[i], shown);
		end_line(&e);
	}
	begin_line(&e, STR("unexplained"));
	emit_u64(&e, "problem_lines", v->problem_lines);
	emit_u64(&e, "matched", v->matched_lines);
	end_line(&e);
	for (size_t i = 0; i < v->unexplained_count; i++) {
		begin_line(&e, STR("template"));
		part_template(&e, &v->unexplained[i]);
		end_line(&e);
	}
	emit_release(&e);
	redactor_release(&redactor);
	return 0;
}

const struct report_format report_format_jsonl = {
	.name = "jsonl",
	.suffixes = "jsonl ndjson",
	.help = "one object a line, each with its type",
	.write = write_jsonl,
};
