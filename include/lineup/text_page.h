/* SPDX-License-Identifier: MIT */
/*
 * A page of text for people: columns, wrapping, cutting, colour, and the two alphabets (Unicode, or
 * ASCII where the reader is not known to read it). All foreign text goes through page_put and its
 * kin, which redact and escape it (text_page.c); times, durations, numbers and sizes are the
 * program's own (text_units.c). Functions that write a piece of a line return the columns that
 * they took. One thread.
 */
#ifndef LINEUP_TEXT_PAGE_H
#define LINEUP_TEXT_PAGE_H

#include <stdio.h>

#include "lineup/redact.h"
#include "lineup/report.h"

enum page_style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_ALARM,  /* critical and high */
	STYLE_WARN,   /* medium */
	STYLE_NOTICE, /* low */
};

/* Characters that have an ASCII stand-in. */
enum page_glyph {
	GLYPH_DOT,	/* between two names */
	GLYPH_ELLIPSIS, /* where something was cut */
	GLYPH_LINE,
	GLYPH_HEAVY_LINE,
	GLYPH_HOOK, /* a consequence under its cause */
	GLYPH_COUNT,
};

struct page {
	FILE *out;
	unsigned width;
	bool colour;
	bool ascii;
	bool verbose;
	struct redactor *redactor;
	FILE *beneath; /* where a held line goes to; NULL: none is held */
	char *held;    /* what is held so far */
	size_t held_bytes;
	struct buf escaped; /* the text at hand, redacted and escaped */
	struct buf counted; /* a sentence at hand, its counts grouped */
	/* How times are shown: as short as the span of the logs allows. */
	bool with_year;
	bool with_date;
	bool with_fraction;
	int64_t day; /* where no date is shown, times are of this one; of others the date is said */
};

void page_init(struct page *, FILE *, const struct report_settings *, struct redactor *,
	int64_t first_ns, int64_t last_ns);
void page_release(struct page *);

void page_style(struct page *, enum page_style);
size_t page_glyph(struct page *, enum page_glyph);
void page_spaces(struct page *, size_t count);
void page_end_line(struct page *);

/* The program's own text, as with printf; ASCII only, so that bytes are columns. */
size_t page_printf(struct page *, const char *format, ...) PRINTF_LIKE(2, 3);

/* Foreign text, whole. */
size_t page_put(struct page *, struct str);

/* Foreign text in at most so many columns, with an ellipsis where it was cut. */
size_t page_cut(struct page *, struct str, size_t columns);

/* The last line of a list that was cut: "and 12 more notes (-v shows them)"; nothing for 0 left
 * out. `what` stands behind "more". */
void page_more(struct page *, size_t indent, size_t left_out, const char *what);

/* Names above each other: the width of their column, of which the widest has so many bytes, and a
 * name in it, cut or padded with blanks; returns the width. */
size_t page_name_width(const struct page *, size_t widest);
size_t page_name(struct page *, struct str name, size_t width);

/* A title, a blank line above it. */
void page_heading(struct page *, const char *title);

/*
 * Foreign text in words, from the column on where the cursor stands now, in at most so many lines
 * (0: any number), each of which starts at `indent`. Ends its last line.
 */
void page_wrapped(struct page *, struct str, size_t column, size_t indent, size_t lines);

/*
 * A line that is put together from pieces, numbers and times: what is written behind page_hold is
 * kept, and page_wrap_held writes it as page_wrapped does. No style and no foreign text in between.
 */
void page_hold(struct page *);
void page_wrap_held(struct page *, size_t column, size_t indent);

/* The same of a sentence of the program's own, whose counts are shown as page_number does. */
void page_sentence(struct page *, struct str, size_t column, size_t indent, size_t lines);
size_t page_sentence_cut(struct page *, struct str, size_t columns);

/*
 * A line of a log, from the indent on where the cursor stands now, as page_wrapped; where it is too
 * long for one line, ids are cut to their first characters, so that the message behind them is
 * seen.
 */
void page_log_line(struct page *, struct str, size_t indent, size_t lines);

/* `17:00:12`, `11-20 17:00:12` or `2026-11-20 17:00:12`, as the page's span asks;
 * "?" if unknown. */
size_t page_time(struct page *, int64_t time_ns);

/* Always with its date: `2026-11-20 17:00:12`. */
size_t page_date_time(struct page *, int64_t time_ns);

/* The two largest units: `2h 5m`, `340ms`. */
size_t page_duration(struct page *, int64_t duration_ns);

/* `1,234,567`. */
size_t page_number(struct page *, uint64_t);

/* The same, with blanks before it up to this width. */
size_t page_number_right(struct page *, uint64_t, size_t width);

/* `1.2 GB`, by 1024. */
size_t page_size(struct page *, uint64_t bytes);

/* One column a value, as high as its part of the largest. */
void page_spark(struct page *, const uint64_t *values, size_t count);

#endif
