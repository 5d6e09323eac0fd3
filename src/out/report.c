/* SPDX-License-Identifier: MIT */
#include "lineup/report.h"

#include "lineup/report_formats.h"

static const struct report_format *const formats[] = {
	&report_format_text,
	&report_format_json,
	&report_format_jsonl,
	&report_format_csv,
};

const struct report_format *report_at(size_t n)
{
	return n < countof(formats) ? formats[n] : NULL;
}

const struct report_format *report_find(struct str name)
{
	for (size_t i = 0; i < countof(formats); i++) {
		if (str_equal(str_from(formats[i]->name), name))
			return formats[i];
	}
	return NULL;
}

const struct report_format *report_for_file(struct str path)
{
	ptrdiff_t dot = str_rfind_byte(path, '.');
	if (dot < 0)
		return NULL;
	struct str suffix = str_skip(path, (size_t)dot + 1);
	for (size_t i = 0; i < countof(formats); i++) {
		struct str rest = str_from(formats[i]->suffixes);
		while (rest.ptr != NULL) {
			if (str_equal_nocase(str_cut(&rest, ' '), suffix))
				return formats[i];
		}
	}
	return NULL;
}

size_t report_shown(const struct verdict *v, const struct report_settings *settings)
{
	if (settings->top == 0 || settings->verbose)
		return v->suspect_count;
	return size_min(settings->top, v->suspect_count);
}
