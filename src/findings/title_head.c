/* SPDX-License-Identifier: MIT */
#include "lineup/base.h"
#include "lineup/title.h"
#include "lineup/utf8.h"

/*
 * Where a text is cut that is read out: at the end of a clause, if one ends in the last third, else
 * at that of a word; a word alone that is longer is cut where it is full. What would hang in the
 * air behind it goes too: a word that leads to the next ("failed to", and above all "is not", which
 * would say the opposite of "is not ready"), and what opens or parts.
 */
#define LEAST_THIRDS 2

static const char *const leading[] = { "a", "an", "the", "of", "to", "for", "from", "in", "into",
	"on", "at", "by", "with", "and", "or", "is", "are", "was", "were", "be", "been", "not",
	"no", "cannot", "has", "have", "had", "did", "does", "could", "would", "will", "than" };

static bool is_leading(struct str word)
{
	for (size_t i = 0; i < countof(leading); i++) {
		if (str_equal_nocase(word, str_from(leading[i])))
			return true;
	}
	return false;
}

static bool hangs(char c)
{
	return c == ' ' || c == ',' || c == ';' || c == ':' || c == '.' || c == '-' || c == '(' ||
	       c == '[' || c == '{' || c == '"' || c == '\'' || c == '=' || c == '<' || c == '\\';
}

static struct str without_hanging(struct str text)
{
	while (text.len > 0 && hangs(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

static struct str without_leading(struct str text)
{
	for (;;) {
		ptrdiff_t blank = str_rfind_byte(text, ' ');
		if (blank <= 0 || !is_leading(str_skip(text, (size_t)blank + 1)))
			return text;
		text = without_hanging(str_head(text, (size_t)blank));
	}
}

/* The end of the last clause of the first bytes; 0: none ends in them. */
static size_t clause_end(struct str text, size_t bytes)
{
	for (size_t at = bytes; at-- > 0;) {
		char c = text.ptr[at];
		if (text.ptr[at + 1] == ' ' && (c == ',' || c == ';' || c == '.'))
			return at;
		if (c == ' ' && text.ptr[at + 1] == '(')
			return at;
	}
	return 0;
}

struct str title_head(struct str text, size_t bytes)
{
	if (text.len <= bytes)
		return text;
	size_t least = bytes * LEAST_THIRDS / 3, end = clause_end(text, bytes);
	if (end >= least && end > 0)
		return str_head(text, end);
	struct str head = utf8_head(text, bytes);
	ptrdiff_t blank = str_rfind_byte(head, ' ');
	if (text.ptr[head.len] != ' ' && blank > 0 && (size_t)blank >= bytes / 3)
		head = str_head(head, (size_t)blank);
	struct str cut = without_leading(without_hanging(head));
	return cut.len > 0 ? cut : head;
}
