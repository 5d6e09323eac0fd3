/* SPDX-License-Identifier: MIT */
#include "lineup/report.h"

#include "lineup/report_formats.h"
#include "lineup/text_parts.h"

/* Shorter beginnings are no burden. */
#define PLACES_LEAST 30

/*
 * Places of one bundle begin alike and are long: what all of them share, up to a '/' or '!', is
 * said once at the top. In a verbose report every place stands whole, to be copied.
 */
static struct str common_places(const struct text_report *r)
{
	struct str common = STR_NONE;
	for (size_t i = 0; i < r->shown; i++) {
		const struct suspect *s = &r->verdict->suspects[i];
		for (size_t k = 0; k < s->evidence_count; k++) {
			struct str path = s->evidence[k].path;
			if (common.ptr == NULL)
				common = path;
			size_t same = 0;
			while (same < common.len && same < path.len &&
				common.ptr[same] == path.ptr[same])
				same++;
			common.len = same;
		}
	}
	while (common.len > 0 && common.ptr[common.len - 1] != '/' &&
		common.ptr[common.len - 1] != '!')
		common.len--;
	return common.len < PLACES_LEAST || r->settings->verbose ? STR_NONE : common;
}

/* One that shows: what ends behind a line ends a nanosecond later. */
static bool has_fraction(int64_t time_ns)
{
	return time_ns != TIME_NONE && time_ns % NS_PER_S / NS_PER_MS != 0;
}

/* Logs that stamp whole seconds are shown so. */
static bool any_fraction(const struct findings *f, const struct verdict *v)
{
	bool any = has_fraction(f->first_ns) || has_fraction(f->last_ns);
	for (size_t i = 0; i < v->suspect_count && !any; i++)
		any = has_fraction(v->suspects[i].first_ns) ||
		      has_fraction(v->suspects[i].last_ns) || has_fraction(v->suspects[i].onset_ns);
	for (size_t i = 0; i < v->timeline_count && !any; i++)
		any = has_fraction(v->timeline[i].time_ns);
	return any;
}

/*
 * Read at three in the morning by someone who was just called: the answer first, then why it is
 * believed, then what else is known, and at the end what is not.
 */
static int write_text(FILE *out, const struct findings *f, const struct verdict *v,
	const struct report_settings *settings, struct error *err UNUSED)
{
	struct redactor redactor = { 0 };
	struct text_report r = { .findings = f, .verdict = v, .settings = settings };
	r.shown = report_shown(v, settings);
	r.places = common_places(&r);
	bool framed = v->to_ns > v->from_ns;
	page_init(&r.page, out, settings, settings->redact ? &redactor : NULL,
		framed ? v->from_ns : f->first_ns, framed ? v->to_ns - 1 : f->last_ns);
	r.page.with_fraction = r.page.with_fraction && any_fraction(f, v);
	text_headline(&r);
	text_head(&r);
	text_suspects(&r);
	text_fired(&r);
	text_services(&r);
	text_timeline(&r);
	text_unexplained(&r);
	text_rejected_rules(&r);
	text_troubles(&r);
	page_release(&r.page);
	redactor_release(&redactor);
	return 0;
}

const struct report_format report_format_text = {
	.name = "text",
	.suffixes = "txt text log",
	.help = "for people",
	.write = write_text,
};
