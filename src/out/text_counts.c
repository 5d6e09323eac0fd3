/* SPDX-License-Identifier: MIT */
#include "lineup/text_counts.h"

void text_append_number(struct buf *out, struct str digits)
{
	for (size_t i = 0; i < digits.len; i++) {
		if (i > 0 && (digits.len - i) % 3 == 0)
			buf_append(out, STR(","));
		buf_append(out, str_of(digits.ptr + i, 1));
	}
}

static bool is_number(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (!is_digit(word.ptr[i]))
			return false;
	}
	return word.len > 0;
}

static struct str next_word(struct str rest)
{
	return str_cut(&rest, ' ');
}

/* Is what begins so a thing that the sentences count? */
static bool is_counted(struct str rest)
{
	static const char *const nouns[] = { "line", "time", "hit", "request", "incident", "source",
		"rule", "service", "second", "different", "stretch", "piece", "file", "name",
		"problem", "document", "more", "outside", "during" };
	struct str word = next_word(rest);
	for (size_t i = 0; i < countof(nouns); i++) {
		struct str noun = str_from(nouns[i]);
		if (str_starts(word, noun) && word.len <= noun.len + 3)
			return true;
	}
	str_cut(&rest, ' ');
	return str_equal(word, STR("of")) && rest.len > 0 && is_digit(rest.ptr[0]);
}

/* A number with what may cling to it: "(1200", "1200,", "1200)." */
struct number {
	struct str before, digits, after;
};

static struct number take_number(struct str word)
{
	size_t from = 0, to;
	while (from < word.len && word.ptr[from] == '(')
		from++;
	for (to = from; to < word.len && is_digit(word.ptr[to]);)
		to++;
	return (struct number){ str_head(word, from), str_of(word.ptr + from, to - from),
		str_skip(word, to) };
}

void text_group_counts(struct buf *out, struct str sentence)
{
	bool quoted = false, of_number = false, number_before = false;
	for (struct str rest = sentence; rest.ptr != NULL;) {
		struct str word = str_cut(&rest, ' ');
		struct number n = take_number(word);
		bool clings = n.after.len == 0 || str_find_byte(STR(",;:.)"), n.after.ptr[0]) >= 0;
		if (!quoted && n.digits.len > 3 && clings &&
			(of_number || (n.after.len == 0 && is_counted(rest)))) {
			buf_append(out, n.before);
			text_append_number(out, n.digits);
			buf_append(out, n.after);
		} else {
			buf_append(out, word);
		}
		quoted ^= str_count_byte(word, '"') % 2 == 1;
		of_number = number_before && str_equal(word, STR("of"));
		number_before = is_number(n.digits) && n.after.len == 0;
		if (rest.ptr != NULL)
			buf_append(out, STR(" "));
	}
}
