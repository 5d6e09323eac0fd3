/* SPDX-License-Identifier: MIT */
#include "src/match/matcher_terms.h"

#include "lineup/confirm.h"
#include "lineup/jq_term.h"
#include "lineup/pattern_key.h"
#include "lineup/pattern_relax.h"
#include "lineup/rules_check.h"

/* The first rule that asks for the term. */
static struct str rule_of(const struct rule_set *rules, uint32_t term)
{
	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct rule *rule = &rules->rules[i];
		for (size_t k = 0; k < rule->term_count; k++) {
			if (rule->terms[k] == term)
				return rule->id;
		}
		for (size_t k = 0; k < rule->negative_count; k++) {
			if (rule->negatives[k].term == term)
				return rule->id;
		}
	}
	return STR_NONE;
}

void matcher_reject(struct rule_set *rules, uint32_t term, const struct rejection *why)
{
	struct rule_place place = rules->terms[term].place;
	if (place.column != 0)
		place.column += (uint32_t)why->offset;
	/* a pattern by itself is a rule that is called by its place */
	struct str id = rule_of(rules, term);
	rule_set_complain(rules, place, str_starts(id, place.path) ? STR_NONE : id, true,
		"pattern cannot be used: %.*s", STR_ARG(why->reason));
}

static enum term_path path_of(enum pattern_verdict verdict)
{
	switch (verdict) {
	case PATTERN_EXACT:
		return PATH_SCAN;
	case PATTERN_SUPERSET:
		return PATH_CONFIRM;
	case PATTERN_ALWAYS:
		return PATH_ALWAYS;
	case PATTERN_NEVER:
		return PATH_NEVER;
	default:
		return PATH_SLOW;
	}
}

void matcher_plan_term(struct term_plan *plan, const struct term *term, struct arena *arena,
	struct pattern *pattern, struct rejection *why)
{
	struct error reason = { .text = "" };
	struct confirm_facts facts = { .has_names = false };
	bool usable = true;
	*why = (struct rejection){ .offset = 0 };
	switch (term->kind) {
	case TERM_LITERAL:
		pattern_analyse_literal(arena, term->text, pattern);
		plan->path = (uint8_t)path_of(pattern->verdict);
		break;
	case TERM_REGEX:
		usable = confirm_check(term->text, &facts, &reason) == 0;
		plan->has_names = facts.has_names;
		if (usable) {
			pattern_analyse(arena, term->text, pattern);
			plan->path = (uint8_t)path_of(pattern->verdict);
		}
		break;
	case TERM_JQ:
		usable = jq_term_check(term->text, &reason) == 0;
		plan->path = PATH_JQ;
		break;
	}
	if (usable)
		return;
	plan->path = PATH_REJECTED;
	why->reason = arena_copy(arena, str_from(reason.text));
	why->offset = facts.offset;
}

/* ---- what is looked for ---- */

/*
 * Heavy patterns take up to half a second each to compile. Plain texts are never heavy, however
 * many they are.
 */
#define HEAVY_WEIGHT 500

static bool is_heavy(const struct pattern *p)
{
	return p->weight > HEAVY_WEIGHT && !tree_is_texts(p->tree);
}

/*
 * A relaxed pattern with less plain text than this would be met in most lines, and PCRE2 be asked
 * each time; it is cheaper to look for what was meant, in every line.
 */
#define LITERAL_OF_RELAXED 2

static struct pattern_item item_of(struct arena *arena, const struct pattern *pattern)
{
	size_t count;
	const struct pattern_text *texts = pattern_branches(arena, pattern, &count);
	return (struct pattern_item){ .texts = texts,
		.text_count = count,
		.weight = pattern->weight,
		.literal_len = pattern->literal_len,
		.matches_empty = pattern->matches_empty };
}

/* By rare texts, when that is wanted. */
static struct pattern narrowed(
	const struct term_making *how, const struct pattern *pattern, struct arena *arena)
{
	struct pattern p = *pattern;
	if (how->memo != NULL)
		pattern_narrow(arena, how->memo, &p);
	return p;
}

/*
 * Decides how a term is found by masked forms. The relaxed pattern may be narrowed like any other:
 * then one line of a form is confirmed. `as_meant` narrowed is `narrow`.
 */
static void make_relaxed(const struct term_making *how, struct term_plan *plan,
	const struct term *term, const struct pattern *as_meant, const struct pattern *narrow,
	struct arena *arena, struct term_items *out)
{
	struct relaxed_pattern r;
	struct arena scratch = { 0 };
	pattern_relax(&scratch, term, as_meant, &r);
	bool exact = r.pattern.verdict == PATTERN_EXACT;
	struct pattern p = r.blind ? *narrow : narrowed(how, &r.pattern, &scratch);
	bool tight = r.blind || r.literal_len >= LITERAL_OF_RELAXED;
	bool usable = p.verdict == PATTERN_EXACT || p.verdict == PATTERN_SUPERSET;
	if (usable && tight && !is_heavy(&p)) {
		plan->masked = r.blind ? MASKED_BLIND : MASKED_CHECK;
		if (exact && p.verdict != PATTERN_EXACT)
			plan->path = PATH_CONFIRM;
		out->relaxed = r.blind ? out->exact : item_of(arena, &p);
	}
	arena_release(&scratch);
}

void matcher_make_items(const struct term_making *how, struct term_plan *plan,
	const struct term *term, const struct pattern *as_meant, struct arena *arena,
	struct term_items *out)
{
	struct arena scratch = { 0 };
	*out = (struct term_items){ .heavy = false };
	if (plan->path == PATH_JQ)
		return;
	struct pattern p = narrowed(how, as_meant, &scratch);
	plan->path = (uint8_t)path_of(p.verdict);
	if (plan->path == PATH_SCAN || plan->path == PATH_CONFIRM) {
		plan->by_texts = tree_is_texts(p.tree);
		plan->follow = p.follow;
		plan->needle = p.needle;
		plan->digits = p.digits;
		out->heavy = is_heavy(&p);
		out->exact = item_of(arena, &p);
		if (how->with_forms)
			make_relaxed(how, plan, term, as_meant, &p, arena, out);
	}
	arena_release(&scratch);
}
