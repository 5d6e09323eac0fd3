/* SPDX-License-Identifier: MIT */
#include "lineup/report.h"

#include <inttypes.h>

#include "lineup/escape.h"
#include "lineup/redact.h"
#include "lineup/report_formats.h"

/* One row a suspect; every text passes through here. */
struct row {
	struct redactor *redactor;
	struct buf text;
};

static void separate(struct row *r)
{
	if (r->text.len > 0)
		buf_append_byte(&r->text, ',');
}

static void add_text(struct row *r, struct str text)
{
	separate(r);
	escape_csv(&r->text, redact(r->redactor, text));
}

static void add_time(struct row *r, int64_t time_ns)
{
	char text[CLOCK_TEXT_MAX];
	separate(r);
	if (time_ns != TIME_NONE)
		buf_append(&r->text, clock_rfc3339(time_ns, text));
}

static void write_row(FILE *out, struct row *r)
{
	buf_append_byte(&r->text, '\n');
	fwrite(r->text.ptr, 1, r->text.len, out);
	buf_clear(&r->text);
}

static void add_reasons(struct row *r, const struct suspect *s)
{
	struct buf text = BUF_INIT(0);
	for (size_t i = 0; i < s->reason_count; i++)
		buf_printf(&text, "%s%.*s: %.1f (%.*s)", i > 0 ? "; " : "",
			STR_ARG(s->reasons[i].what), s->reasons[i].points,
			STR_ARG(s->reasons[i].detail));
	add_text(r, buf_str(&text));
	buf_release(&text);
}

static void write_suspect(
	FILE *out, struct row *r, const struct verdict *v, const struct suspect *s)
{
	buf_printf(&r->text, "%u", (unsigned)s->rank);
	add_text(r, s->id);
	add_text(r, s->title);
	add_text(r, str_from(severity_name(s->severity)));
	add_text(r, s->service);
	buf_printf(&r->text, ",%.3f,%" PRIu64, s->score, s->count);
	add_time(r, s->first_ns);
	add_time(r, s->last_ns);
	add_time(r, s->onset_ns);
	separate(r);
	if (s->caused_by < v->suspect_count)
		buf_printf(&r->text, "%u", (unsigned)v->suspects[s->caused_by].rank);
	add_text(r, s->sentence);
	add_reasons(r, s);
	add_text(r, s->recurrence.known ? s->recurrence.text : STR(""));
	add_text(r, s->advice != NULL ? s->advice->fix : STR(""));
	if (s->evidence_count > 0) {
		add_text(r, s->evidence[0].path);
		buf_printf(&r->text, ",%" PRIu64, s->evidence[0].line);
		add_text(r, s->evidence[0].text);
	} else {
		buf_append(&r->text, STR(",,,"));
	}
	write_row(out, r);
}

static int write_csv(FILE *out, const struct findings *f UNUSED, const struct verdict *v,
	const struct report_settings *settings, struct error *err UNUSED)
{
	struct redactor redactor = { 0 };
	struct row row = { .redactor = settings->redact ? &redactor : NULL };
	fputs("rank,id,title,severity,service,score,count,first,last,onset,caused_by,summary,"
	      "reasons,"
	      "recurrence,fix,evidence_path,evidence_line,evidence_text\n",
		out);
	for (size_t i = 0; i < report_shown(v, settings); i++)
		write_suspect(out, &row, v, &v->suspects[i]);
	buf_release(&row.text);
	redactor_release(&redactor);
	return 0;
}

const struct report_format report_format_csv = {
	.name = "csv",
	.suffixes = "csv",
	.help = "the suspects as a table",
	.write = write_csv,
};
