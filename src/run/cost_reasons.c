/* SPDX-License-Identifier: MIT */
#include "lineup/cost_reasons.h"

#include "lineup/pattern.h"
#include "lineup/pattern_literal.h"

/* Less plain text than this is met by chance all the time. */
#define LITERAL_MIN 4

/* A repeat of up to so many is counted by PCRE2 at the hit. */
#define COUNTED_MAX 8

/* More hits than this, and noting them is what costs. */
#define HIT_SHARE_MAX 0.01

/* As much more, and looking a second time is. */
#define VAIN_SHARE_MAX 0.0005

/* What all terms of a rule show together. */
struct signs {
	bool json;
	bool opaque;
	bool empty;
	bool confirmed;
	bool characters; /* confirmed because of (*UTF) */
	bool looks;	 /* look-around or a back reference */
	bool counts;	 /* a large counted repeat */
	bool heavy;
	size_t shortest; /* plain text of the term that has the least */
	size_t gaps;
};

/* Is there an unescaped piece of syntax? */
static bool has_syntax(struct str text, const char *sign)
{
	struct str wanted = str_from(sign);
	for (size_t i = 0; i < text.len; i++) {
		if (str_starts(str_skip(text, i), wanted))
			return true;
		if (text.ptr[i] == '\\')
			i++;
	}
	return false;
}

static bool has_look(struct str text)
{
	static const char *const signs[] = { "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?(" };
	for (size_t i = 0; i < countof(signs); i++) {
		if (has_syntax(text, signs[i]))
			return true;
	}
	for (size_t i = 0; i + 1 < text.len; i++) {
		if (text.ptr[i] != '\\')
			continue;
		i++;
		if ((text.ptr[i] >= '1' && text.ptr[i] <= '9') || text.ptr[i] == 'k' ||
			text.ptr[i] == 'g')
			return true;
	}
	return false;
}

/* {m,n} with a large n, as in .{0,80} */
static bool has_large_count(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\') {
			i++;
			continue;
		}
		if (text.ptr[i] != '{')
			continue;
		struct str rest = str_skip(text, i + 1);
		struct str inside = str_cut(&rest, '}');
		struct str most = inside;
		uint64_t number = 0;
		str_cut(&most, ',');
		if (rest.ptr != NULL && most.ptr != NULL && str_to_u64(most, &number) &&
			number > COUNTED_MAX)
			return true;
	}
	return false;
}

/* Gaps without an end, such as .*: each keeps the scanner busy from where it opened. */
static size_t open_gaps(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i + 1 < text.len; i++) {
		bool escaped = text.ptr[i] == '\\';
		bool at_edge = i == 0 || i + 2 >= text.len; /* says nothing and is left out */
		if (!escaped && !at_edge && text.ptr[i] == '.' &&
			(text.ptr[i + 1] == '*' || text.ptr[i + 1] == '+'))
			count++;
		i += escaped;
	}
	return count;
}

static void look_at(const struct term *term, struct arena *arena, struct signs *s)
{
	struct pattern pattern;
	if (term->kind == TERM_JQ) {
		s->json = true;
		return;
	}
	if (term->kind == TERM_LITERAL)
		pattern_analyse_literal(arena, term->text, &pattern);
	else
		pattern_analyse(arena, term->text, &pattern);
	s->empty = s->empty || pattern.verdict == PATTERN_ALWAYS || pattern.matches_empty;
	s->opaque = s->opaque || pattern.verdict == PATTERN_OPAQUE;
	s->heavy = s->heavy || pattern.weight > PATTERN_WEIGHT_GOAL;
	struct pattern_literal literal = pattern_literal_of(term);
	if (literal.known)
		s->shortest = size_min(s->shortest, literal.longest);
	if (term->kind != TERM_REGEX)
		return;
	s->gaps += open_gaps(term->text);
	if (pattern.verdict != PATTERN_SUPERSET)
		return;
	s->confirmed = true;
	s->characters = s->characters || str_starts(term->text, STR("(*UTF)"));
	s->looks = s->looks || has_look(term->text);
	s->counts = s->counts || has_large_count(term->text);
}

static void say_confirmed(const struct signs *s, struct buf *out)
{
	if (s->looks)
		buf_append(out,
			STR("; look-around or a back reference, so that PCRE2 confirms each hit: "
			    "write only what must be there"));
	if (s->counts)
		buf_printf(out,
			"; a repeat of up to more than %d, which PCRE2 counts at each hit: write * "
			"or +",
			COUNTED_MAX);
	if (s->characters)
		buf_append(out,
			STR("; characters of several bytes, so that PCRE2 confirms each hit: leave "
			    "them out if other text is enough"));
	if (s->confirmed && !s->looks && !s->counts && !s->characters)
		buf_append(out, STR("; PCRE2 confirms each hit: a simpler pattern needs it not"));
}

void cost_reasons(
	const struct rule_set *set, const struct rule_cost *cost, bool cheap, struct buf *out)
{
	const struct rule *rule = cost->rule;
	struct arena arena = { 0 };
	struct signs s = { .shortest = SIZE_MAX };
	struct buf text = BUF_INIT(2048);
	for (size_t i = 0; i < rule->term_count + rule->negative_count; i++) {
		bool positive = i < rule->term_count;
		look_at(&set->terms[positive ? rule->terms[i]
					     : rule->negatives[i - rule->term_count].term],
			&arena, &s);
	}
	if (s.empty)
		buf_append(&text,
			STR("; matches lines that hold nothing: ask for some text of the message"));
	else if (s.opaque)
		buf_append(&text,
			STR("; PCRE2 tries it on every line, since the scanner cannot take it: "
			    "write plain alternatives, small counts, no special syntax"));
	if (s.json)
		buf_append(&text,
			STR("; jq runs on every line that is an object: a regex on its text costs "
			    "less"));
	if (s.shortest < LITERAL_MIN && !s.empty)
		buf_printf(&text,
			"; only %zu byte%s of plain text to hold on to: name at least %d "
			"characters of the message",
			s.shortest, s.shortest == 1 ? "" : "s", LITERAL_MIN);
	if (cost->vain_share > VAIN_SHARE_MAX && !s.empty && !s.opaque && !cheap)
		buf_printf(&text,
			"; %.2f %% of the lines hold the rarest text of one of its alternatives "
			"and "
			"are looked at in vain: name more of the message in each, or rarer words",
			100 * cost->vain_share);
	if (cost->hit_share > HIT_SHARE_MAX)
		buf_printf(&text,
			"; hits %.1f %% of the lines, each to be noted: ask for more of the "
			"message",
			100 * cost->hit_share);
	if (s.heavy && !cost->by_texts && !cheap)
		buf_append(&text,
			STR("; needs a large automaton: fewer counted repeats and alternatives"));
	if (!cheap)
		say_confirmed(&s, &text);
	if (s.gaps > 0 && !cost->by_texts && !cheap)
		buf_printf(&text,
			"; %zu gap%s without an end (.* or .+): where one word stands there, write "
			"\\S+",
			s.gaps, s.gaps == 1 ? "" : "s");
	buf_append(out, str_skip(buf_str(&text), size_min(2, text.len)));
	buf_release(&text);
	arena_release(&arena);
}
