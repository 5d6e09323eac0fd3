/* SPDX-License-Identifier: MIT */
/*
 * Stamps in the words of other languages than English: months, what joins a date to its time, the
 * half of the day. Texts are UTF-8.
 */
#include "src/reading/timestamp_parts.h"

#define WORD_MAX 24

/* Months by as many of their first letters as tell them apart, in small letters. */
static const struct local_month {
	char letters[8];
	uint8_t month;
} local_months[] = {
	{ "jan", 1 },
	{ "ene", 1 },
	{ "gen", 1 },
	{ "sty", 1 },
	{ "led", 1 },
	{ "oca", 1 },
	{ "\xd1\x8f\xd0\xbd\xd0\xb2", 1 },
	{ "\xd1\x81\xd1\x96\xd1\x87", 1 },
	{ "feb", 2 },
	{ "fev", 2 },
	{ "f\xc3\xa9v", 2 },
	{ "lut", 2 },
	{ "\xc3\xbano", 2 },
	{ "\xc5\x9fub", 2 },
	{ "\xd1\x84\xd0\xb5\xd0\xb2", 2 },
	{ "\xd0\xbb\xd1\x8e\xd1\x82", 2 },
	{ "helm", 2 },
	{ "mar", 3 },
	{ "m\xc3\xa4r", 3 },
	{ "mrt", 3 },
	{ "maa", 3 },
	{ "m\xc3\xa5r", 3 },
	{ "b\xc5\x99"
	  "e",
		3 },
	{ "\xd0\xbc\xd0\xb0\xd1\x80", 3 },
	{ "\xd0\xb1\xd0\xb5\xd1\x80", 3 },
	{ "m\xc3\xa1rc", 3 },
	{ "apr", 4 },
	{ "avr", 4 },
	{ "abr", 4 },
	{ "kwi", 4 },
	{ "dub", 4 },
	{ "nis", 4 },
	{ "\xd0\xb0\xd0\xbf\xd1\x80", 4 },
	{ "\xd0\xba\xd0\xb2\xd1\x96", 4 },
	{ "\xc3\xa1pr", 4 },
	{ "huht", 4 },
	{ "mai", 5 },
	{ "mag", 5 },
	{ "maj", 5 },
	{ "mei", 5 },
	{ "kv\xc4\x9b", 5 },
	{ "\xd0\xbc\xd0\xb0\xd1\x8f", 5 },
	{ "\xd0\xbc\xd0\xb0\xd0\xb9", 5 },
	{ "\xd1\x82\xd1\x80\xd0\xb0", 5 },
	{ "m\xc3\xa1j", 5 },
	{ "touk", 5 },
	{ "jun", 6 },
	{ "juin", 6 },
	{ "giu", 6 },
	{ "cze", 6 },
	{ "\xc4\x8dvn", 6 },
	{ "\xc4\x8d"
	  "er",
		6 },
	{ "haz", 6 },
	{ "\xd0\xb8\xd1\x8e\xd0\xbd", 6 },
	{ "\xd1\x87\xd0\xb5\xd1\x80", 6 },
	{ "j\xc3\xban", 6 },
	{ "kes", 6 },
	{ "jul", 7 },
	{ "juil", 7 },
	{ "lug", 7 },
	{ "lip", 7 },
	{ "\xc4\x8dvc", 7 },
	{ "tem", 7 },
	{ "\xd0\xb8\xd1\x8e\xd0\xbb", 7 },
	{ "\xd0\xbb\xd0\xb8\xd0\xbf", 7 },
	{ "j\xc3\xbal", 7 },
	{ "hein", 7 },
	{ "aug", 8 },
	{ "ao\xc3\xbb", 8 },
	{ "ago", 8 },
	{ "sie", 8 },
	{ "srp", 8 },
	{ "a\xc4\x9fu", 8 },
	{ "\xd0\xb0\xd0\xb2\xd0\xb3", 8 },
	{ "\xd1\x81\xd0\xb5\xd1\x80", 8 },
	{ "elo", 8 },
	{ "sep", 9 },
	{ "set", 9 },
	{ "wrz", 9 },
	{ "z\xc3\xa1\xc5\x99", 9 },
	{ "eyl", 9 },
	{ "\xd1\x81\xd0\xb5\xd0\xbd", 9 },
	{ "\xd0\xb2\xd0\xb5\xd1\x80", 9 },
	{ "szept", 9 },
	{ "syys", 9 },
	{ "okt", 10 },
	{ "oct", 10 },
	{ "ott", 10 },
	{ "out", 10 },
	{ "pa\xc5\xba", 10 },
	{ "\xc5\x99\xc3\xadj", 10 },
	{ "eki", 10 },
	{ "\xd0\xbe\xd0\xba\xd1\x82", 10 },
	{ "\xd0\xb6\xd0\xbe\xd0\xb2", 10 },
	{ "loka", 10 },
	{ "nov", 11 },
	{ "lis", 11 },
	{ "kas", 11 },
	{ "\xd0\xbd\xd0\xbe\xd1\x8f", 11 },
	{ "\xd0\xbb\xd0\xb8\xd1\x81", 11 },
	{ "marr", 11 },
	{ "dec", 12 },
	{ "dez", 12 },
	{ "dic", 12 },
	{ "d\xc3\xa9"
	  "c",
		12 },
	{ "des", 12 },
	{ "gru", 12 },
	{ "pro", 12 },
	{ "ara", 12 },
	{ "\xd0\xb4\xd0\xb5\xd0\xba", 12 },
	{ "\xd0\xb3\xd1\x80\xd1\x83", 12 },
	{ "joul", 12 },
};

/* Small letters of ASCII, and of what lies in two bytes and is a letter of the table: Latin,
 * Cyrillic. */
static size_t fold_word(const char *ptr, const char *end, char folded[WORD_MAX])
{
	size_t len = 0;
	while (len < WORD_MAX &&
		(is_alpha(at(ptr + len, end)) || (at(ptr + len, end) & 0x80) != 0)) {
		char c = ptr[len];
		folded[len++] = (char)(is_alpha(c) ? c | 32 : c);
	}
	for (size_t i = 0; i + 1 < len; i++) {
		unsigned char lead = (unsigned char)folded[i], c = (unsigned char)folded[i + 1];
		if (lead == 0xc3 && c >= 0x80 && c <= 0x9e) {
			folded[i + 1] = (char)(c + 0x20);
		} else if (lead == 0xd0 && c >= 0x90 && c <= 0x9f) {
			folded[i + 1] = (char)(c + 0x20);
		} else if (lead == 0xd0 && c >= 0xa0 && c <= 0xaf) {
			folded[i] = '\xd1';
			folded[i + 1] = (char)(c - 0x20);
		} else if ((lead == 0xc4 || lead == 0xc5) && (c & 1) == 0 && c < 0xb9) {
			folded[i + 1] = (char)(c + 1);
		}
		i += (lead & 0xc0) == 0xc0;
	}
	return len;
}

/* The month whose letters the word begins with; 0. */
static int month_of_word(const char *ptr, const char *end, size_t word)
{
	char folded[WORD_MAX];
	size_t best = 0;
	int month = 0;
	fold_word(ptr, end, folded);
	for (size_t i = 0; i < countof(local_months); i++) {
		size_t letters = strlen(local_months[i].letters);
		if (letters > best && letters <= word &&
			memcmp(folded, local_months[i].letters, letters) == 0) {
			best = letters;
			month = local_months[i].month;
		}
	}
	return month;
}

/*
 * A word between a day and a year: what follows must be a number, or the joint of Spanish and
 * Portuguese. That is asked first, since most words behind a number are no month.
 */
int stamp_local_month_name(const char *ptr, const char *end, size_t *len)
{
	int month = stamp_month_name(ptr, end, len);
	if (month != 0)
		return month;
	size_t word = 0;
	while (word < WORD_MAX &&
		(is_alpha(at(ptr + word, end)) || (at(ptr + word, end) & 0x80) != 0))
		word++;
	const char *next = ptr + word;
	next += at(next, end) == '.' || at(next, end) == ',';
	next += at(next, end) == ' ' || at(next, end) == '-' || at(next, end) == '/';
	if (word < 3 || word == WORD_MAX ||
		(!is_digit(at(next, end)) && !(end - next > 3 && memcmp(next, "de ", 3) == 0)))
		return 0;
	*len = word;
	return month_of_word(ptr, end, word);
}

/* `12月`, `12월`: a month by its number; 0. */
static int numbered_month(const char *p, const char *end, size_t *len)
{
	int digits = digit_run(p, end);
	const char *sign = p + digits;
	if (digits < 1 || digits > 2 || end - sign < 3 ||
		(memcmp(sign, "\xe6\x9c\x88", 3) != 0 && memcmp(sign, "\xec\x9b\x94", 3) != 0))
		return 0;
	*len = (size_t)digits + 3;
	return number(p, digits);
}

const char *stamp_local_first_read(const char *p, const char *end, struct stamp *s)
{
	size_t len = 0;
	int month = numbered_month(p, end, &len);
	while (month == 0 && len < WORD_MAX && p + len < end &&
		(is_alpha(p[len]) || (p[len] & 0x80) != 0))
		len++;
	const char *q = p + len + (at(p + len, end) == '.'), *day = q;
	while (at(day, end) == ' ' && day - q < 3)
		day++;
	int digits = digit_run(day, end);
	const char *time = day + digits + 1;
	if (day == q || digits < 1 || digits > 2 || at(time - 1, end) != ' ' ||
		digit_run(time, end) != 2 || at(time + 2, end) != ':' || len < 3)
		return NULL;
	month = month != 0 ? month : month_of_word(p, end, len);
	if (month == 0 || !set_date(s, 0, month, number(day, digits)))
		return NULL;
	q = stamp_time_read(time, end, false, false, s);
	if (q == NULL)
		return NULL;
	int year = at(q, end) == ' ' && digit_run(q + 1, end) == 4 && at(q + 5, end) == ' '
			   ? number(q + 1, 4)
			   : 0;
	s->is_named = s->is_syslog = true;
	if (year < YEAR_FIRST || year > YEAR_LAST)
		return stamp_zone_read(q, end, s);
	return set_date(s, year, month, s->day) ? q + 5 : NULL;
}

/* The longest of these words that stands at p; its length, 0. */
static size_t word_at(const char *p, const char *end, const char *const *words, size_t count)
{
	size_t best = 0;
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);
		if (len > best && (size_t)(end - p) > len && memcmp(p, words[i], len) == 0)
			best = len;
	}
	return best;
}

const char *stamp_joint_read(const char *p, const char *end)
{
	static const char *const joints[] = { " um ", ", um ", " \xc3\xa0 ", " kl. ", " kl ",
		" klo ", ", klo ", " alle ", " alle ore ", " om ", " \xc3\xa0s ", " a las ",
		" a la ", " \xd0\xb3. ", " \xd0\xb3., ", " \xd0\xb2 ", " o " };
	size_t len = word_at(p, end, joints, countof(joints));
	return len > 0 && is_digit(p[len]) ? p + len : NULL;
}

const char *stamp_half_before_read(const char *p, const char *end, char *half)
{
	static const char *const before[] = { "\xe4\xb8\x8a\xe5\x8d\x88",
		"\xe5\x8d\x88\xe5\x89\x8d", "\xec\x98\xa4\xec\xa0\x84" };
	static const char *const after[] = { "\xe4\xb8\x8b\xe5\x8d\x88", "\xe5\x8d\x88\xe5\xbe\x8c",
		"\xec\x98\xa4\xed\x9b\x84" };
	size_t len = word_at(p, end, before, countof(before));
	*half = 'a';
	if (len == 0) {
		len = word_at(p, end, after, countof(after));
		*half = 'p';
	}
	if (len == 0)
		return NULL;
	p += len;
	return at(p, end) == ' ' ? p + 1 : p;
}

/* The sign of hours, minutes or seconds at p: a letter, or one of Chinese, Japanese, Korean. */
static size_t unit_at(const char *p, const char *end, int unit)
{
	static const char *const hours[] = { "h", "\xe6\x97\xb6", "\xe6\x99\x82", "\xec\x8b\x9c" };
	static const char *const minutes[] = { "m", "\xe5\x88\x86", "\xeb\xb6\x84" };
	static const char *const seconds[] = { "s", "\xe7\xa7\x92", "\xec\xb4\x88" };
	static const char *const *const units[3] = { hours, minutes, seconds };
	static const size_t counts[3] = { countof(hours), countof(minutes), countof(seconds) };
	for (size_t i = 0; i < counts[unit]; i++) {
		size_t len = strlen(units[unit][i]);
		if ((size_t)(end - p) >= len && memcmp(p, units[unit][i], len) == 0)
			return len;
	}
	return 0;
}

const char *stamp_time_with_units_read(const char *ptr, const char *end, struct stamp *s)
{
	const char *p = ptr;
	int values[3];
	for (int unit = 0; unit < 3; unit++) {
		int digits = digit_run(p, end);
		size_t sign = digits == 1 || digits == 2 ? unit_at(p + digits, end, unit) : 0;
		if (sign == 0)
			return NULL;
		values[unit] = number(p, digits);
		p += (size_t)digits + sign;
		p += unit < 2 && at(p, end) == ' ' && is_digit(at(p + 1, end));
	}
	if (values[0] > 23 || values[1] > 59 || values[2] > 60 || is_alpha(at(p, end)))
		return NULL;
	s->hour = (uint8_t)values[0];
	s->minute = (uint8_t)values[1];
	s->second = (uint8_t)values[2];
	return p;
}
