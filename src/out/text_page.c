/* SPDX-License-Identifier: MIT */
#include "lineup/text_page.h"

#include <stdarg.h>
#include <stdlib.h>

#include "lineup/escape.h"
#include "lineup/mem.h"
#include "lineup/text_counts.h"
#include "lineup/utf8.h"

#define WIDTH_DEFAULT 100
#define WIDTH_LEAST   50
#define WIDTH_MOST    160

void page_init(struct page *p, FILE *out, const struct report_settings *settings,
	struct redactor *redactor, int64_t first_ns, int64_t last_ns)
{
	unsigned width = settings->width == 0 ? WIDTH_DEFAULT : settings->width;
	*p = (struct page){
		.out = out,
		.width = width < WIDTH_LEAST  ? WIDTH_LEAST
			 : width > WIDTH_MOST ? WIDTH_MOST
					      : width,
		.colour = settings->colour,
		.ascii = settings->ascii,
		.verbose = settings->verbose,
		.redactor = redactor,
		.with_date = true,
	};
	if (first_ns == TIME_NONE)
		return;
	int64_t first_year, last_year;
	int month, day;
	clock_date(clock_day(first_ns), &first_year, &month, &day);
	clock_date(clock_day(last_ns), &last_year, &month, &day);
	p->with_year = first_year != last_year;
	p->with_date = clock_day(first_ns) != clock_day(last_ns);
	p->day = clock_day(first_ns);
	/* Of one day or two, so that the difference cannot overflow. */
	p->with_fraction = clock_day(last_ns) - clock_day(first_ns) <= 1 &&
			   last_ns - first_ns < 600 * NS_PER_S;
}

void page_release(struct page *p)
{
	buf_release(&p->escaped);
	buf_release(&p->counted);
}

void page_style(struct page *p, enum page_style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m",
		[STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",
		[STYLE_ALARM] = "\033[1;31m",
		[STYLE_WARN] = "\033[33m",
		[STYLE_NOTICE] = "\033[36m",
	};
	if (p->colour)
		fputs(codes[style], p->out);
}

size_t page_glyph(struct page *p, enum page_glyph glyph)
{
	static const struct {
		const char *unicode;
		const char *ascii;
	} glyphs[GLYPH_COUNT] = {
		[GLYPH_DOT] = { "\u00b7", "-" },
		[GLYPH_ELLIPSIS] = { "\u2026", "~" },
		[GLYPH_LINE] = { "\u2500", "-" },
		[GLYPH_HEAVY_LINE] = { "\u2501", "=" },
		[GLYPH_HOOK] = { "\u2514", "`" },
	};
	fputs(p->ascii ? glyphs[glyph].ascii : glyphs[glyph].unicode, p->out);
	return 1;
}

void page_spaces(struct page *p, size_t count)
{
	fprintf(p->out, "%*s", (int)count, "");
}

void page_end_line(struct page *p)
{
	fputc('\n', p->out);
}

size_t page_printf(struct page *p, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vfprintf(p->out, format, args);
	va_end(args);
	return len > 0 ? (size_t)len : 0;
}

/* Redacted and escaped; lives until the next call. */
static struct str prepare(struct page *p, struct str text)
{
	buf_clear(&p->escaped);
	escape_terminal(&p->escaped, redact(p->redactor, text), p->ascii);
	return buf_str(&p->escaped);
}

static size_t columns_of(struct str s)
{
	size_t columns = 0;
	while (s.len > 0)
		columns += utf8_width(utf8_take(&s));
	return columns;
}

/* The longest beginning that fits into so many columns. */
static struct str head_of_columns(struct str s, size_t columns)
{
	struct str rest = s;
	size_t used = 0;
	while (rest.len > 0) {
		struct str before = rest;
		used += utf8_width(utf8_take(&rest));
		if (used > columns)
			return str_head(s, s.len - before.len);
	}
	return s;
}

static void put_bytes(struct page *p, struct str s)
{
	if (s.len > 0) /* a view of nothing may point nowhere */
		fwrite(s.ptr, 1, s.len, p->out);
}

size_t page_put(struct page *p, struct str text)
{
	struct str shown = prepare(p, text);
	put_bytes(p, shown);
	return columns_of(shown);
}

static size_t put_cut(struct page *p, struct str shown, size_t columns)
{
	size_t needed = columns_of(shown);
	if (needed <= columns) {
		put_bytes(p, shown);
		return needed;
	}
	struct str head = head_of_columns(shown, columns > 0 ? columns - 1 : 0);
	while (head.len > 0 && head.ptr[head.len - 1] == ' ')
		head.len--;
	put_bytes(p, head);
	return columns_of(head) + page_glyph(p, GLYPH_ELLIPSIS);
}

size_t page_cut(struct page *p, struct str text, size_t columns)
{
	return put_cut(p, prepare(p, text), columns);
}

size_t page_name_width(const struct page *p, size_t widest)
{
	return size_min(widest, p->width / 4);
}

size_t page_name(struct page *p, struct str name, size_t width)
{
	size_t used = page_cut(p, name, width);
	page_spaces(p, width - size_min(used, width));
	return width;
}

void page_heading(struct page *p, const char *title)
{
	page_end_line(p);
	page_style(p, STYLE_BOLD);
	page_printf(p, "%s", title);
	page_style(p, STYLE_PLAIN);
}

/* The words that go on one line of so many columns; at least one character, so that it ends. */
static struct str take_line(struct str *text, size_t columns)
{
	struct str fits = head_of_columns(*text, columns);
	if (fits.len == text->len) {
		*text = STR("");
		return fits;
	}
	ptrdiff_t blank = str_rfind_byte(str_head(*text, fits.len + 1), ' ');
	if (blank > 0)
		fits.len = (size_t)blank;
	if (fits.len == 0) {
		struct str rest = *text;
		utf8_take(&rest);
		fits.len = text->len - rest.len;
	}
	*text = str_skip(*text, fits.len);
	while (text->len > 0 && text->ptr[0] == ' ')
		*text = str_skip(*text, 1);
	while (fits.len > 1 && fits.ptr[fits.len - 1] == ' ')
		fits.len--;
	return fits;
}

static void put_wrapped(
	struct page *p, struct str shown, size_t column, size_t indent, size_t lines)
{
	struct str rest = str_trim(shown);
	size_t width = p->width > indent + 20 ? p->width : indent + 20;
	for (size_t line = 1; rest.len > 0; line++) {
		size_t columns = column < width ? width - column : 1;
		if (line == lines) {
			put_cut(p, rest, columns);
			break;
		}
		struct str words = take_line(&rest, columns);
		fwrite(words.ptr, 1, words.len, p->out);
		if (rest.len > 0) {
			page_end_line(p);
			page_spaces(p, indent);
			column = indent;
		}
	}
	page_end_line(p);
}

void page_wrapped(struct page *p, struct str text, size_t column, size_t indent, size_t lines)
{
	put_wrapped(p, prepare(p, str_trim(text)), column, indent, lines);
}

void page_hold(struct page *p)
{
	p->beneath = p->out;
	p->out = open_memstream(&p->held, &p->held_bytes);
	if (p->out == NULL)
		mem_exhausted(0);
}

void page_wrap_held(struct page *p, size_t column, size_t indent)
{
	if (fclose(p->out) != 0)
		mem_exhausted(p->held_bytes);
	p->out = p->beneath;
	p->beneath = NULL;
	put_wrapped(p, str_of(p->held, p->held_bytes), column, indent, 0);
	free(p->held);
}

static struct str prepare_sentence(struct page *p, struct str text)
{
	struct str shown = prepare(p, str_trim(text));
	buf_clear(&p->counted);
	text_group_counts(&p->counted, shown);
	return buf_str(&p->counted);
}

void page_sentence(struct page *p, struct str text, size_t column, size_t indent, size_t lines)
{
	put_wrapped(p, prepare_sentence(p, text), column, indent, lines);
}

size_t page_sentence_cut(struct page *p, struct str text, size_t columns)
{
	return put_cut(p, prepare_sentence(p, text), columns);
}

/* Of an id: so long, so many digits, and no word between hyphens as in the name of a pod. */
#define ID_LEAST  16
#define ID_DIGITS 4
#define ID_WORD	  4
#define ID_KEPT	  8

static bool is_id(struct str word)
{
	size_t digits = 0;
	for (struct str rest = word; rest.len > 0;) {
		struct str part = str_cut(&rest, '-');
		size_t letters = 0;
		for (size_t i = 0; i < part.len; i++) {
			letters += is_alpha(part.ptr[i]);
			digits += is_digit(part.ptr[i]);
		}
		if (letters >= ID_WORD && letters == part.len)
			return false;
	}
	return word.len >= ID_LEAST && digits >= ID_DIGITS;
}

/* Ids to their first characters; in place, since they only get shorter. */
static struct str shorten_ids(struct str text)
{
	char *out = (char *)(uintptr_t)text.ptr;
	size_t len = 0;
	for (size_t i = 0, end; i < text.len; i = end) {
		for (end = i;
			end < text.len && (is_alpha(text.ptr[end]) || is_digit(text.ptr[end]) ||
						  text.ptr[end] == '-');)
			end++;
		bool shortened = is_id(str_of(text.ptr + i, end - i));
		end += end == i;
		size_t kept = shortened ? ID_KEPT : end - i;
		memmove(out + len, text.ptr + i, kept);
		len += kept;
		if (shortened) {
			out[len++] = '.';
			out[len++] = '.';
		}
	}
	return str_of(out, len);
}

/* A line of JSON from its message on, where that stands behind much else; in place. */
static struct str from_message(struct str text)
{
	static const struct str keys[] = { { "\"message\":", 10 }, { "\"msg\":", 6 },
		{ "\"MESSAGE\":", 10 }, { "\"Message\":", 10 }, { "\"log\":", 6 } };
	static const struct str left_out = { "{.. ", 4 };
	for (size_t i = 0; i < countof(keys) && str_starts(text, STR("{")); i++) {
		ptrdiff_t at = str_find(text, keys[i]);
		if (at < (ptrdiff_t)(2 * left_out.len))
			continue;
		text = str_skip(text, (size_t)at - left_out.len);
		memcpy((char *)(uintptr_t)text.ptr, left_out.ptr, left_out.len);
		break;
	}
	return text;
}

void page_log_line(struct page *p, struct str text, size_t indent, size_t lines)
{
	struct str shown = prepare(p, str_trim(text));
	if (lines > 0 && columns_of(shown) + indent > p->width)
		shown = shorten_ids(shown);
	if (lines > 0 && p->width > indent && columns_of(shown) > lines * (p->width - indent))
		shown = from_message(shown);
	put_wrapped(p, shown, indent, indent, lines);
}
