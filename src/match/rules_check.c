/* SPDX-License-Identifier: MIT */
#include "lineup/rules_check.h"

#include <stdlib.h>

#include "lineup/buf.h"
#include "lineup/mem.h"
#include "lineup/pattern.h"
#include "lineup/pattern_literal.h"

/* Fewer bytes of plain text than this hold nothing, and are met by chance all the time. */
#define LITERAL_MIN 4

struct check {
	struct rule_set *set;
	const struct matcher *matcher;
	struct matcher_scratch *scratch;
	struct term_facts *facts; /* by term */
};

/* What is known of a term by itself. */
struct term_facts {
	bool never; /* no line can match */
	bool empty; /* the empty line matches */
	bool tiny;  /* less plain text than LITERAL_MIN; `longest` bytes */
	size_t longest;
	const char *healthy; /* the first healthy line that matches */
	struct str language; /* equal texts match the same lines; empty: not known */
};

static void complain(
	struct check *c, const struct rule *rule, const struct term *term, const char *text)
{
	rule_set_complain(
		c->set, term != NULL ? term->place : rule->place, rule->id, false, "%s", text);
}

/* --- terms --- */

static void look_at_pattern(struct check *c, const struct term *term, struct term_facts *facts)
{
	struct arena arena = { 0 };
	struct pattern pattern;
	if (term->kind == TERM_JQ)
		return;
	if (term->kind == TERM_LITERAL)
		pattern_analyse_literal(&arena, term->text, &pattern);
	else
		pattern_analyse(&arena, term->text, &pattern);
	facts->never = pattern.verdict == PATTERN_NEVER;
	if (pattern.verdict == PATTERN_EXACT)
		facts->language = pattern_write(&c->set->arena, &pattern);
	arena_release(&arena);
	struct pattern_literal literal = pattern_literal_of(term);
	facts->longest = literal.longest;
	facts->tiny = literal.known && literal.longest < LITERAL_MIN;
}

static void look_at_term(struct check *c, uint32_t index)
{
	struct term_facts *facts = &c->facts[index];
	if (matcher_rejects(c->matcher, index))
		return;
	look_at_pattern(c, &c->set->terms[index], facts);
	facts->empty = matcher_line(c->matcher, c->scratch, index, STR(""));
	for (size_t i = 0; i < healthy_line_count && facts->healthy == NULL; i++) {
		struct str line = str_from(healthy_lines[i]);
		if (line.len > 0 && matcher_line(c->matcher, c->scratch, index, line))
			facts->healthy = healthy_lines[i];
	}
}

/* Is there what only a regex would mean? */
static const char *regex_syntax(struct str text)
{
	static const char *const signs[] = { ".*", ".+", "(.", "(?", "[0-9", "[a-z", "[A-Z", "[^",
		"\\d", "\\w", "\\s", "\\b", "\\.", "\\(", "\\[", "\\/", "\\\"", ")|(" };
	for (size_t i = 0; i < countof(signs); i++) {
		if (str_find(text, str_from(signs[i])) >= 0)
			return signs[i];
	}
	/* `a|b`: an alternative between words, not a table's border between blanks */
	for (size_t i = 1; i + 1 < text.len; i++) {
		if (text.ptr[i] == '|' && text.ptr[i - 1] != ' ' && text.ptr[i + 1] != ' ' &&
			text.ptr[i - 1] != '|' && text.ptr[i + 1] != '|')
			return "|";
	}
	return NULL;
}

static bool has_example_with(const struct rule *rule, struct str text)
{
	for (size_t i = 0; i < rule->example_count; i++) {
		if (str_find(rule->examples[i], text) >= 0)
			return true;
	}
	return false;
}

static void check_literal(struct check *c, const struct rule *rule, const struct term *term)
{
	const char *sign = regex_syntax(term->text);
	if (sign == NULL || has_example_with(rule, term->text))
		return;
	rule_set_complain(c->set, term->place, rule->id, false,
		"a literal with regex syntax ('%s') matches these very characters only; if a regex "
		"is meant, write it under '%s'",
		sign, rule->source == RULE_FROM_CRE ? "regex" : "match");
}

static void check_edges(struct check *c, const struct rule *rule, const struct term *term)
{
	if (str_starts(term->text, STR(".*")) || str_starts(term->text, STR("^.*")))
		complain(c, rule, term,
			"a leading '.*' changes nothing about what matches; leave "
			"it out");
	else if (str_ends(term->text, STR(".*")) && !str_ends(term->text, STR("\\.*")))
		complain(c, rule, term,
			"a trailing '.*' changes nothing about what matches; leave "
			"it out");
}

static void check_term(struct check *c, const struct rule *rule, uint32_t index)
{
	const struct term *term = &c->set->terms[index];
	const struct term_facts *facts = &c->facts[index];
	if (matcher_rejects(c->matcher, index))
		return;
	if (term->kind == TERM_LITERAL)
		check_literal(c, rule, term);
	else if (term->kind == TERM_REGEX)
		check_edges(c, rule, term);
	if (facts->never)
		complain(c, rule, term,
			"no line can match: it wants more than one line, or what "
			"cannot be; match one line");
	else if (facts->empty)
		complain(c, rule, term,
			"matches the empty line, and so every line; ask for some "
			"text of the message");
	else if (facts->tiny)
		rule_set_complain(c->set, term->place, rule->id, false,
			"only %zu byte%s of plain text %s in every match: slow to look for, and "
			"met "
			"by chance; name at least %d characters of the message",
			facts->longest, plural(facts->longest), facts->longest == 1 ? "is" : "are",
			LITERAL_MIN);
}

/* --- rules --- */

/* A rule fires on everyday lines when each of its terms is met by one. */
static void check_health(struct check *c, const struct rule *rule)
{
	if (rule->severity == SEVERITY_INFO || rule->term_count == 0)
		return;
	for (size_t i = 0; i < rule->term_count; i++) {
		if (c->facts[rule->terms[i]].healthy == NULL || c->facts[rule->terms[i]].empty)
			return;
	}
	rule_set_complain(c->set, c->set->terms[rule->terms[0]].place, rule->id, false,
		"matches lines of everyday operation, such as: %.120s",
		c->facts[rule->terms[0]].healthy);
}

static void check_advice(struct check *c, const struct rule *rule)
{
	if (rule->source != RULE_FROM_PACK)
		return;
	if (rule->example_count == 0)
		complain(c, rule, NULL,
			"no 'examples': give one whole line as the software prints it");
	if (rule->severity == SEVERITY_INFO)
		return;
	if (rule->advice.cause.len == 0)
		complain(c, rule, NULL, "no 'cause'");
	if (rule->advice.fix.len == 0)
		complain(c, rule, NULL, "no 'fix'");
}

/* The condition as text in which terms of the same language are the same. */
static void describe(const struct check *c, const struct rule *rule, struct buf *out)
{
	buf_clear(out);
	buf_printf(out, "%d %d %lld", (int)rule->form, (int)rule->key,
		rule->term_count > 1 ? (long long)rule->window_ns : 0LL);
	for (size_t i = 0; i < rule->term_count + rule->negative_count; i++) {
		bool negative = i >= rule->term_count;
		const struct rule_negative *n =
			negative ? &rule->negatives[i - rule->term_count] : NULL;
		uint32_t term = negative ? n->term : rule->terms[i];
		if (negative)
			buf_printf(out, " not %u %lld %lld %d", n->anchor, (long long)n->window_ns,
				(long long)n->slide_ns, n->absolute);
		if (c->facts[term].language.len > 0) {
			buf_append(out, STR(" ="));
			buf_append(out, c->facts[term].language);
		} else {
			buf_printf(out, " #%u", term);
		}
	}
}

static void check_doubles(struct check *c)
{
	struct intern seen = { 0 };
	struct buf text = BUF_INIT(0);
	uint32_t *first = mem_alloc((c->set->rule_count + 1) * sizeof(*first));
	for (uint32_t i = 0; i < c->set->rule_count; i++) {
		const struct rule *rule = &c->set->rules[i];
		describe(c, rule, &text);
		size_t known = seen.count;
		uint32_t id = intern_add(&seen, buf_str(&text));
		if (seen.count > known) {
			first[id] = i;
			continue;
		}
		const struct rule *other = &c->set->rules[first[id]];
		rule_set_complain(c->set, rule->place, rule->id, false,
			"matches just what '%.*s' does (%.*s:%u): one of them is enough",
			STR_ARG(other->id), STR_ARG(other->place.path), other->place.line);
	}
	free(first);
	buf_release(&text);
	intern_release(&seen);
}

int rules_check(struct rule_set *set, const struct matcher *matcher, struct error *err)
{
	struct check c = { .set = set, .matcher = matcher };
	if (matcher_scratch_create(&c.scratch, matcher, err) < 0)
		return -1;
	c.facts = mem_zalloc(set->term_count + 1, sizeof(*c.facts));
	for (uint32_t i = 0; i < set->term_count; i++)
		look_at_term(&c, i);
	for (size_t i = 0; i < set->rule_count; i++) {
		const struct rule *rule = &set->rules[i];
		for (size_t k = 0; k < rule->term_count; k++) {
			if (k == 0 || rule->terms[k] != rule->terms[k - 1])
				check_term(&c, rule, rule->terms[k]);
		}
		for (size_t k = 0; k < rule->negative_count; k++)
			check_term(&c, rule, rule->negatives[k].term);
		check_health(&c, rule);
		check_advice(&c, rule);
	}
	check_doubles(&c);
	free(c.facts);
	matcher_scratch_destroy(c.scratch);
	rule_set_order_complaints(set);
	return 0;
}
