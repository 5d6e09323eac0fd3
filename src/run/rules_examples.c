/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/fire.h"
#include "lineup/mem.h"
#include "lineup/rules_commands.h"

/* An example that rules of so many other packs claim says little about any of them. */
#define FOREIGN_PACKS_MAX 3

struct example {
	uint32_t rule;
	bool counter;
	uint32_t number; /* among the rule's own, from 1 */
	struct str text;
};

struct claim {
	uint32_t example;
	uint32_t rule;
};

struct trial {
	struct rule_set *set;
	const struct matcher *matcher;
	struct example *examples;
	size_t example_count;
	size_t example_capacity;
	struct buf text;       /* all lines of all examples */
	uint32_t *line_owners; /* example of each line of the text */
	size_t line_count;
	size_t line_capacity;
	struct claim *claims;
	size_t claim_count;
	size_t claim_capacity;
};

/* How often the term that a rule counts most is wanted. */
static unsigned most_copies(const struct rule *rule)
{
	unsigned most = 1;
	for (size_t i = 0; i < rule->term_count; i++) {
		unsigned copies = 0;
		for (size_t k = 0; k < rule->term_count; k++)
			copies += rule->terms[k] == rule->terms[i];
		most = copies > most ? copies : most;
	}
	return most;
}

static void add_lines(struct trial *t, struct str rest)
{
	while (rest.ptr != NULL && rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		buf_append(&t->text, line);
		buf_append_byte(&t->text, '\n');
		mem_grow(&t->line_owners, t->line_count, &t->line_capacity);
		t->line_owners[t->line_count++] = (uint32_t)t->example_count;
	}
}

/* The example of a rule that counts shows one of the lines counted: it stands for all of them. */
static void add_example(struct trial *t, struct example example)
{
	unsigned times = example.counter ? 1 : most_copies(&t->set->rules[example.rule]);
	for (unsigned i = 0; i < times; i++)
		add_lines(t, example.text);
	mem_grow(&t->examples, t->example_count, &t->example_capacity);
	t->examples[t->example_count++] = example;
}

static void gather(struct trial *t)
{
	for (uint32_t i = 0; i < t->set->rule_count; i++) {
		const struct rule *rule = &t->set->rules[i];
		for (uint32_t k = 0; k < rule->example_count; k++)
			add_example(t, (struct example){ i, false, k + 1, rule->examples[k] });
		for (uint32_t k = 0; k < rule->counter_example_count; k++)
			add_example(
				t, (struct example){ i, true, k + 1, rule->counter_examples[k] });
	}
}

static void claim(struct trial *t, uint32_t example, uint32_t rule)
{
	mem_grow(&t->claims, t->claim_count, &t->claim_capacity);
	t->claims[t->claim_count++] = (struct claim){ example, rule };
}

/* Which simple rules are a term and nothing else: a list by term, linked through `next`. */
struct simple_rules {
	uint32_t *first; /* by term */
	uint32_t *next;	 /* by rule */
};

static void index_simple(const struct rule_set *set, struct simple_rules *s)
{
	s->first = mem_alloc((set->term_count + 1) * sizeof(*s->first));
	s->next = mem_alloc((set->rule_count + 1) * sizeof(*s->next));
	for (size_t i = 0; i < set->term_count; i++)
		s->first[i] = UINT32_MAX;
	for (uint32_t i = 0; i < set->rule_count; i++) {
		const struct rule *rule = &set->rules[i];
		if (rule_is_simple(rule)) {
			s->next[i] = s->first[rule->terms[0]];
			s->first[rule->terms[0]] = i;
		}
	}
}

/*
 * Every example is a member of its own without stamps: rules of several terms are tried on its
 * lines in their order, all at one time, so that windows never stand in the way.
 */
static void claim_hits(struct trial *t, const struct hits *hits, struct fire_events *events,
	const struct fire_plan *plan)
{
	struct simple_rules simple;
	size_t line = 0;
	size_t line_end = 0;
	struct str rest = buf_str(&t->text);
	index_simple(t->set, &simple);
	line_end = str_cut(&rest, '\n').len;
	for (size_t i = 0; i < hits->count; i++) {
		const struct hit *hit = &hits->items[i];
		while (hit->start > line_end) {
			line_end += 1 + str_cut(&rest, '\n').len;
			line++;
		}
		uint32_t example = t->line_owners[line];
		for (uint32_t r = simple.first[hit->term]; r != UINT32_MAX; r = simple.next[r])
			claim(t, example, r);
		struct fire_origin origin = {
			.time_ns = TIME_NONE,
			.sequence = example,
			.line = line + 1,
			.service = STR("example"),
		};
		fire_events_add(events, plan, hit->term, &origin);
	}
	free(simple.first);
	free(simple.next);
}

static int try_all(struct trial *t, struct error *err)
{
	struct matcher_scratch *scratch;
	struct hits hits = { 0 };
	struct fire_plan plan;
	struct fire_events events = { .budget = SIZE_MAX / 4 };
	struct fires fires;
	if (matcher_scratch_create(&scratch, t->matcher, err) < 0)
		return -1;
	int result = matcher_scan(t->matcher, scratch, buf_str(&t->text), &hits, err);
	if (result == 0) {
		fire_plan_create(&plan, t->set);
		claim_hits(t, &hits, &events, &plan);
		fire_run(&fires, t->set, &events);
		for (size_t i = 0; i < fires.count; i++)
			claim(t, fires.items[i].sequence, fires.items[i].rule);
		fires_release(&fires);
		fire_events_release(&events);
		fire_plan_release(&plan);
	}
	hits_release(&hits);
	matcher_scratch_destroy(scratch);
	return result;
}

static int compare_claims(const void *left, const void *right)
{
	const struct claim *a = left;
	const struct claim *b = right;
	if (a->example != b->example)
		return a->example < b->example ? -1 : 1;
	return (a->rule > b->rule) - (a->rule < b->rule);
}

static struct str pack_of(const struct rule *rule)
{
	struct str id = rule->id;
	return str_cut(&id, '/');
}

/* Means no service in particular (texts of errno, classes of exceptions): knows others' lines. */
static bool is_general(const struct rule *rule)
{
	return rule->hint_count == 0 && rule->severity > SEVERITY_MEDIUM;
}

/* Rules are in order of id, so those of one pack stand together. */
static void check_foreign(
	struct trial *t, const struct example *example, const struct claim *claims, size_t count)
{
	const struct rule *own = &t->set->rules[example->rule];
	struct buf names = BUF_INIT(400);
	struct str last = pack_of(own);
	size_t packs = 0;
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = &t->set->rules[claims[i].rule];
		if (is_general(rule) || str_equal(pack_of(rule), last) ||
			str_equal(pack_of(rule), pack_of(own)))
			continue;
		last = pack_of(rule);
		packs++;
		buf_printf(&names, " %.*s", STR_ARG(rule->id));
	}
	if (packs >= FOREIGN_PACKS_MAX)
		rule_set_complain(t->set, own->place, own->id, false,
			"example %u is claimed by rules of %zu other packs:%.*s", example->number,
			packs, STR_ARG(buf_str(&names)));
	buf_release(&names);
}

static void judge(struct trial *t, uint32_t index, const struct claim *claims, size_t count)
{
	const struct example *example = &t->examples[index];
	const struct rule *rule = &t->set->rules[example->rule];
	bool own = false;
	for (size_t i = 0; i < count; i++)
		own = own || claims[i].rule == example->rule;
	struct str text = str_head(example->text, 160);
	if (!example->counter && !own)
		rule_set_complain(t->set, rule->place, rule->id, true,
			"example %u does not match: %.*s", example->number, STR_ARG(text));
	if (example->counter && own)
		rule_set_complain(t->set, rule->place, rule->id, true,
			"counter-example %u matches: %.*s", example->number, STR_ARG(text));
	if (!example->counter)
		check_foreign(t, example, claims, count);
}

/* --- the same failure under two ids --- */

/* `by` claims examples of `rule`. */
struct pair {
	uint32_t rule;
	uint32_t by;
};

static int compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left;
	const struct pair *b = right;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return (a->by > b->by) - (a->by < b->by);
}

/* One for each example and each foreign claim on it, among rules that are a term and no more. */
static size_t list_pairs(const struct trial *t, struct pair *pairs)
{
	size_t count = 0;
	for (size_t i = 0; i < t->claim_count; i++) {
		const struct claim *c = &t->claims[i];
		const struct example *e = &t->examples[c->example];
		if (e->counter || c->rule == e->rule || (i > 0 && compare_claims(c, c - 1) == 0))
			continue;
		if (rule_is_simple(&t->set->rules[e->rule]) &&
			rule_is_simple(&t->set->rules[c->rule]))
			pairs[count++] = (struct pair){ e->rule, c->rule };
	}
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	return count;
}

/* Keeps, once each, the pairs in which all examples are claimed. */
static size_t keep_whole(const struct trial *t, struct pair *pairs, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && compare_pairs(&pairs[end], &pairs[i]) == 0;)
			end++;
		if (end - i == t->set->rules[pairs[i].rule].example_count)
			pairs[kept++] = pairs[i];
	}
	return kept;
}

/* Patterns that differ may still say the same; their authors' own examples tell. */
static void find_doubles(struct trial *t)
{
	struct pair *pairs = mem_alloc((t->claim_count + 1) * sizeof(*pairs));
	size_t count = keep_whole(t, pairs, list_pairs(t, pairs));
	for (size_t i = 0; i < count; i++) {
		struct pair back = { pairs[i].by, pairs[i].rule };
		const struct rule *rule = &t->set->rules[pairs[i].by];
		if (back.rule > back.by &&
			bsearch(&back, pairs, count, sizeof(*pairs), compare_pairs) != NULL)
			rule_set_complain(t->set, rule->place, rule->id, false,
				"%.*s matches all of its examples, and it all of that one's: the "
				"same failure under two ids; merge them, or make one tighter",
				STR_ARG(t->set->rules[pairs[i].rule].id));
	}
	free(pairs);
}

int rules_test_examples(struct rule_set *set, const struct matcher *matcher, struct error *err)
{
	struct trial t = { .set = set, .matcher = matcher };
	gather(&t);
	int result = t.line_count == 0 ? 0 : try_all(&t, err);
	if (t.claim_count > 1)
		qsort(t.claims, t.claim_count, sizeof(*t.claims), compare_claims);
	for (size_t i = 0, at = 0; i < t.example_count && result == 0; i++) {
		size_t from = at;
		while (at < t.claim_count && t.claims[at].example == i)
			at++;
		judge(&t, (uint32_t)i, t.claims + from, at - from);
	}
	if (result == 0)
		find_doubles(&t);
	buf_release(&t.text);
	free(t.examples);
	free(t.line_owners);
	free(t.claims);
	rule_set_order_complaints(set);
	return result;
}
