/* SPDX-License-Identifier: MIT */
/* Which columns of a member are bare seconds since 1970, by what its sample holds in them. */
#include "src/reading/reading_source.h"

#define SAMPLE_LINES   600
#define COLUMNS_MAX    32
#define EPOCH_LINES    3
#define LINE_BYTES     512
#define SLACK_NS       (26 * 3600 * NS_PER_S)	    /* a day and the widest difference of zones */
#define COLUMN_SPAN_NS (3 * 366 * 86400 * NS_PER_S) /* ids lie further apart than times */

struct column {
	unsigned count;
	int64_t first_ns;
	int64_t last_ns;
};

bool reading_next_line(struct str *sample, struct str *line)
{
	if (sample->ptr == NULL || sample->len == 0)
		return false;
	*line = str_cut(sample, '\n');
	return true;
}

/* 10, 13, 16 or 19 digits, or 10 and a fraction, or 1.7671824E9. */
static bool is_bare_epoch(struct str word, int64_t *time_ns)
{
	struct stamp s;
	const struct stamp_search plain = { 0 };
	if (word.len < 10 || (unsigned char)(word.ptr[0] - '0') >= 10 ||
		!stamp_value(&plain, word, &s) || s.kind != STAMP_INSTANT || s.end != word.len)
		return false;
	*time_ns = s.instant_ns;
	return true;
}

static bool is_digit_at(struct str line, size_t at)
{
	return at < line.len && (unsigned char)(line.ptr[at] - '0') < 10;
}

/* Is there the start of a column's word, behind a separator and marks? */
static bool begins_word(struct str text, size_t at)
{
	return at == 0 || memchr(" \t\n,|;\"[", text.ptr[at - 1], 8) != NULL;
}

/* Ten digits in a row at a word's start, of which one stands at each tenth place. */
static bool holds_long_number(struct str text)
{
	for (size_t i = 9; i < text.len; i += 10) {
		size_t from = i, to = i;
		if (!is_digit_at(text, i))
			continue;
		while (from > 0 && is_digit_at(text, from - 1))
			from--;
		while (is_digit_at(text, to))
			to++;
		if (to - from >= 10 && begins_word(text, from))
			return true;
		i = to;
	}
	return false;
}

/* Can any word of the text be one? Without a long number, 1.7671824E9 or 0x, none can. */
static bool may_hold_epoch(struct str text)
{
	if (text.len == 0)
		return false;
	const char *end = text.ptr + text.len;
	for (const char *p = text.ptr; (p = memchr(p, '.', (size_t)(end - p))) != NULL; p++) {
		size_t at = (size_t)(p - text.ptr) + 1;
		while (is_digit_at(text, at))
			at++;
		if (at < text.len && (text.ptr[at] | 32) == 'e' &&
			(unsigned char)(text.ptr[at - 1] - '0') < 10)
			return true;
	}
	for (const char *p = text.ptr; (p = memchr(p, 'x', (size_t)(end - p))) != NULL; p++) {
		if (p > text.ptr && p[-1] == '0')
			return true;
	}
	return holds_long_number(text);
}

static bool is_separator(char c, char separator)
{
	return separator == '\0' ? c == ' ' || c == '\t' : c == separator;
}

static struct str without_marks(struct str word)
{
	while (word.len > 0 && (word.ptr[0] == '"' || word.ptr[0] == ' ' || word.ptr[0] == '['))
		word = str_skip(word, 1);
	while (word.len > 0 && memchr(":,\" ", word.ptr[word.len - 1], 4) != NULL)
		word.len--;
	return word;
}

static void count_columns(struct str line, char separator, struct column columns[COLUMNS_MAX])
{
	unsigned number = 0;
	for (size_t i = 0; i < line.len && number < COLUMNS_MAX; number++) {
		while (separator == '\0' && i < line.len && is_separator(line.ptr[i], separator))
			i++;
		size_t start = i;
		while (i < line.len && !is_separator(line.ptr[i], separator))
			i++;
		int64_t time_ns;
		if (is_bare_epoch(without_marks(str_of(line.ptr + start, i - start)), &time_ns)) {
			struct column *c = &columns[number];
			c->first_ns = c->count == 0 ? time_ns : i64_min(c->first_ns, time_ns);
			c->last_ns = c->count == 0 ? time_ns : i64_max(c->last_ns, time_ns);
			c->count++;
		}
		i += separator != '\0';
	}
}

/*
 * A number in front and a date behind it that are not of the same days: the number is an id.
 */
static bool is_other_than_date(struct str line, char separator)
{
	const struct stamp_search plain = { 0 };
	struct stamp number, date;
	size_t end = 0;
	while (end < line.len && !is_separator(line.ptr[end], separator))
		end++;
	if (!stamp_value(&plain, str_head(line, end), &number) || number.kind != STAMP_INSTANT ||
		end + 1 >= line.len || !stamp_read(&plain, line, end + 1, &date) ||
		date.kind != STAMP_CIVIL || date.year == 0)
		return false;
	int64_t between = (stamp_wall_seconds(&date) * NS_PER_S - number.instant_ns);
	return between > SLACK_NS || between < -SLACK_NS;
}

/*
 * A column is one of times when nearly every line has such a number there, all of them lie together
 * and none is later than the file's last change. A first column may be judged by one line, any
 * other takes some. Of two, side by side, the later is the end of what the line tells of, and it is
 * then that the line is written. The first line may be a heading. What a word in front of it names
 * may be anything (`offset 1735689600`), so one line does not tell.
 */
static uint32_t learn(struct str sample, char separator, int64_t until_ns)
{
	struct column columns[COLUMNS_MAX] = { { 0, 0, 0 } };
	unsigned lines = 0, heading = 1, ids = 0, named = 0;
	uint32_t found = 0;
	struct str line;
	for (int i = 0; i < SAMPLE_LINES && reading_next_line(&sample, &line); i++) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		lines++;
		named += is_alpha(line.ptr[0]);
		ids += is_other_than_date(line, separator);
		if (may_hold_epoch(str_head(line, LINE_BYTES)))
			count_columns(str_head(line, LINE_BYTES), separator, columns);
		for (unsigned c = 0; lines == 1 && c < COLUMNS_MAX; c++)
			heading &= columns[c].count == 0;
	}
	lines -= lines > 1 ? heading : 0;
	for (unsigned c = 0; c < COLUMNS_MAX; c++) {
		const struct column *column = &columns[c];
		bool alone = c == 0 || (c == 1 && separator == '\0' && named == 0);
		unsigned needed = alone ? 1 : c < 2 ? 2 : EPOCH_LINES;
		if (column->count * 10 >= lines * 8 && column->count >= needed &&
			column->last_ns - column->first_ns <= COLUMN_SPAN_NS &&
			(until_ns == TIME_NONE || column->last_ns <= until_ns))
			found |= UINT32_C(1) << c;
	}
	if (ids * 2 >= lines)
		found &= ~UINT32_C(1);
	for (unsigned c = 0; c + 1 < COLUMNS_MAX; c++) {
		if ((found >> c & 3) == 3)
			found &= ~(UINT32_C(1) << c);
	}
	return found;
}

/*
 * A column stands in four of five lines behind the heading. So it is in the first quarter of them,
 * and two more, or it is none.
 */
static size_t first_lines(struct str sample)
{
	struct str rest = sample, line;
	size_t lines = size_min(str_count_byte(sample, '\n') + 1, SAMPLE_LINES);
	for (size_t i = 0; i < lines / 4 + 2 && reading_next_line(&rest, &line); i++)
		;
	return sample.len - rest.len;
}

void reading_learn_columns(struct source_reading *source, struct str sample, int64_t modified_ns)
{
	static const char separators[] = { '\0', '\t', ',', '|', ';' };
	int64_t until_ns = modified_ns == TIME_NONE ? TIME_NONE : modified_ns + SLACK_NS;
	if (!may_hold_epoch(str_head(sample, first_lines(sample))))
		return;
	for (size_t i = 0; i < countof(separators) && source->search.epoch_columns == 0; i++) {
		/* Without it a line is one column, which the blanks have shown already. */
		if (i > 0 &&
			(sample.len == 0 || memchr(sample.ptr, separators[i], sample.len) == NULL))
			continue;
		source->search.epoch_columns = learn(sample, separators[i], until_ns);
		source->search.column_separator = separators[i];
	}
}
