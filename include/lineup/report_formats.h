/* SPDX-License-Identifier: MIT */
/*
 * For those who write a format: the const structs that report.c lists. A new format is one file,
 * one line here and one there.
 */
#ifndef LINEUP_REPORT_FORMATS_H
#define LINEUP_REPORT_FORMATS_H

#include "lineup/report.h"

extern const struct report_format report_format_text;
extern const struct report_format report_format_json;
extern const struct report_format report_format_jsonl;
extern const struct report_format report_format_csv;

#endif
