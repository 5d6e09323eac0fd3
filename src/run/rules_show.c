/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/clock.h"
#include "lineup/escape.h"
#include "lineup/json_write.h"
#include "lineup/mem.h"
#include "lineup/nearest.h"
#include "lineup/rules_commands.h"

static const char *const source_names[] = {
	[RULE_FROM_PATTERN] = "pattern",
	[RULE_FROM_CRE] = "cre",
	[RULE_FROM_PACK] = "pack",
};

static const char *const kind_names[] = {
	[TERM_REGEX] = "regex",
	[TERM_LITERAL] = "literal",
	[TERM_JQ] = "jq",
};

/* How many copies of a term stand behind one another, from this one on. */
static size_t copies_from(const struct rule *rule, size_t from)
{
	size_t end = from + 1;
	while (end < rule->term_count && rule->terms[end] == rule->terms[from])
		end++;
	return end - from;
}

/* --- JSON --- */

static void emit_terminated(struct emitter *e, const char *key, const char *text)
{
	emit_word(e, key, str_from(text));
}

static void emit_texts(struct emitter *e, const char *key, const struct str *items, size_t count)
{
	emit_array(e, key);
	for (size_t i = 0; i < count; i++)
		emit_str(e, NULL, items[i]);
	emit_end_array(e);
}

static double seconds_of(int64_t duration_ns)
{
	return (double)duration_ns / 1e9;
}

static void emit_term(struct emitter *e, const struct rule_set *set, uint32_t index)
{
	const struct term *term = &set->terms[index];
	emit_terminated(e, "kind", kind_names[term->kind]);
	emit_str(e, "text", term->text);
}

/* A rule's condition; copies of a term stand once, with their count. */
static void emit_condition(struct emitter *e, const struct rule_set *set, const struct rule *rule)
{
	emit_terminated(e, "form", rule->form == RULE_SET ? "set" : "sequence");
	emit_terminated(e, "by", rule_key_name(rule->key));
	if (rule->window_ns == 0)
		emit_null(e, "window_seconds");
	else
		emit_double(e, "window_seconds", seconds_of(rule->window_ns));
	emit_array(e, "terms");
	for (size_t i = 0; i < rule->term_count; i += copies_from(rule, i)) {
		emit_object(e, NULL);
		emit_term(e, set, rule->terms[i]);
		emit_u64(e, "count", copies_from(rule, i));
		emit_end_object(e);
	}
	emit_end_array(e);
	emit_array(e, "not");
	for (size_t i = 0; i < rule->negative_count; i++) {
		const struct rule_negative *n = &rule->negatives[i];
		emit_object(e, NULL);
		emit_term(e, set, n->term);
		emit_double(e, "window_seconds", seconds_of(n->window_ns));
		emit_double(e, "slide_seconds", seconds_of(n->slide_ns));
		emit_u64(e, "anchor", n->anchor);
		emit_bool(e, "absolute", n->absolute);
		emit_end_object(e);
	}
	emit_end_array(e);
}

static void emit_advice(struct emitter *e, const struct rule_advice *advice)
{
	const char *name;
	struct str text;
	emit_object(e, "advice");
	for (size_t i = 0; (name = rule_advice_text(advice, i, &text)) != NULL; i++)
		emit_known(e, name, text);
	emit_texts(e, "references", advice->references, advice->reference_count);
	emit_end_object(e);
}

static void emit_rule(
	struct emitter *e, const struct rule_set *set, const struct rule *rule, bool whole)
{
	emit_object(e, NULL);
	emit_word(e, "id", rule->id);
	emit_str(e, "title", rule->title);
	emit_terminated(e, "severity", severity_name(rule->severity));
	emit_known(e, "category", rule->category);
	emit_terminated(e, "source", source_names[rule->source]);
	emit_terminated(e, "event", rule_event_name(rule->event));
	emit_bool(e, "experimental", rule->experimental);
	emit_str(e, "path", rule->place.path);
	emit_u64(e, "line", rule->place.line);
	emit_texts(e, "services", rule->hints, rule->hint_count);
	if (whole) {
		emit_known(e, "description", rule->description);
		emit_condition(e, set, rule);
		emit_advice(e, &rule->advice);
		emit_texts(e, "examples", rule->examples, rule->example_count);
		emit_texts(
			e, "counter_examples", rule->counter_examples, rule->counter_example_count);
	}
	emit_end_object(e);
}

/* --- text --- */

/* Rules are files that somebody wrote: nothing of them reaches the terminal raw. */
static void print_safe(FILE *out, struct str text)
{
	struct buf safe = BUF_INIT(0);
	escape_terminal(&safe, text, false);
	fwrite(safe.ptr, 1, safe.len, out);
	buf_release(&safe);
}

/* Each line of a text behind a margin. */
static void print_lines(FILE *out, const char *margin, struct str text)
{
	while (text.ptr != NULL) {
		struct str line = str_cut(&text, '\n');
		fputs(margin, out);
		print_safe(out, line);
		fputc('\n', out);
	}
}

static void print_part(FILE *out, const char *name, struct str text)
{
	if (text.len == 0)
		return;
	fprintf(out, "\n%s\n", name);
	print_lines(out, "  ", text);
}

static void print_term(FILE *out, const struct rule_set *set, uint32_t index, const char *before)
{
	const struct term *term = &set->terms[index];
	fprintf(out, "  %s%-7s ", before, kind_names[term->kind]);
	print_safe(out, term->text);
}

/* Where a term must not be met, when it is elsewhere than in the positive match. */
static void print_span(FILE *out, const struct rule_negative *n)
{
	char text[CLOCK_TEXT_MAX];
	int64_t slide_ns = n->slide_ns < 0 ? -n->slide_ns : n->slide_ns;
	if (n->window_ns != 0)
		fprintf(out, n->absolute ? "  (for %.*s" : "  (and up to %.*s after",
			STR_ARG(clock_duration(n->window_ns, text)));
	if (n->anchor > 1)
		fprintf(out, "%sfrom term %u on", n->window_ns != 0 ? ", " : "  (", n->anchor);
	if (slide_ns != 0)
		fprintf(out, "%s%.*s %s", n->window_ns != 0 || n->anchor > 1 ? ", " : "  (",
			STR_ARG(clock_duration(slide_ns, text)),
			n->slide_ns < 0 ? "earlier" : "later");
	if (n->window_ns != 0 || n->anchor > 1 || slide_ns != 0)
		fputc(')', out);
}

static void print_condition(FILE *out, const struct rule_set *set, const struct rule *rule)
{
	char text[CLOCK_TEXT_MAX];
	fprintf(out, "\nmatches%s",
		rule->term_count <= 1	 ? ""
		: rule->form == RULE_SET ? " all of, in any order"
					 : " in this order");
	if (rule->window_ns > 0)
		fprintf(out, ", within %.*s", STR_ARG(clock_duration(rule->window_ns, text)));
	if (rule->term_count > 1)
		fprintf(out, ", in one %s", rule_key_name(rule->key));
	fputc('\n', out);
	for (size_t i = 0; i < rule->term_count; i += copies_from(rule, i)) {
		print_term(out, set, rule->terms[i], "");
		if (copies_from(rule, i) > 1)
			fprintf(out, "  (%zu times)", copies_from(rule, i));
		fputc('\n', out);
	}
	for (size_t i = 0; i < rule->negative_count; i++) {
		const struct rule_negative *n = &rule->negatives[i];
		print_term(out, set, n->term, "not ");
		print_span(out, n);
		fputc('\n', out);
	}
}

static void print_rule(FILE *out, const struct rule_set *set, const struct rule *rule)
{
	const struct rule_advice *advice = &rule->advice;
	print_safe(out, rule->id);
	fprintf(out, "  [%s]  ", severity_name(rule->severity));
	print_safe(out, rule->title);
	fputs("\n  ", out);
	print_safe(out, rule->place.path);
	fprintf(out, ":%u%s\n", rule->place.line, rule->experimental ? "  (experimental)" : "");
	print_part(out, "category", rule->category);
	if (rule_event_name(rule->event) != NULL)
		print_part(out, "event", str_from(rule_event_name(rule->event)));
	for (size_t i = 0; i < rule->hint_count; i++) {
		fputs(i == 0 ? "\nmeans to look at\n  " : ", ", out);
		print_safe(out, rule->hints[i]);
	}
	if (rule->hint_count > 0)
		fputc('\n', out);
	print_part(out, "description", rule->description);
	print_condition(out, set, rule);
	const char *name;
	struct str text;
	for (size_t i = 0; (name = rule_advice_text(advice, i, &text)) != NULL; i++)
		print_part(out, name, text);
	for (size_t i = 0; i < advice->reference_count; i++)
		print_part(out, i == 0 ? "references" : "", advice->references[i]);
	for (size_t i = 0; i < rule->example_count; i++)
		print_part(out, "example", rule->examples[i]);
	for (size_t i = 0; i < rule->counter_example_count; i++)
		print_part(out, "counter-example", rule->counter_examples[i]);
}

/* --- the parts of the command --- */

void rules_list(const struct rule_set *set, const struct rules_view *view)
{
	struct emitter emitter;
	if (view->json) {
		emit_init(&emitter, view->out, NULL, 1);
		emit_array(&emitter, NULL);
	}
	for (size_t i = 0; i < set->rule_count; i++) {
		const struct rule *rule = &set->rules[i];
		if (rule->severity > view->least)
			continue;
		if (view->json) {
			emit_rule(&emitter, set, rule, false);
			continue;
		}
		fprintf(view->out, "%-8s  ", severity_name(rule->severity));
		print_safe(view->out, rule->id);
		fputs("  ", view->out);
		print_safe(view->out, rule->title);
		fputc('\n', view->out);
	}
	if (view->json) {
		emit_end_array(&emitter);
		emit_newline(&emitter);
		emit_release(&emitter);
	}
}

/* Is it the name of a pack, which all ids of the pack begin with? */
static bool names_pack(const struct rule_set *set, struct str word)
{
	for (size_t i = 0; i < set->rule_count; i++) {
		struct str id = set->rules[i].id;
		if (str_starts(id, word) && id.len > word.len && id.ptr[word.len] == '/')
			return true;
	}
	return false;
}

/* The id that was most likely meant. */
static const char *nearest_id(const struct rule_set *set, struct str id, struct arena *arena)
{
	const char **names = mem_alloc((set->rule_count + 1) * sizeof(*names));
	for (size_t i = 0; i < set->rule_count; i++)
		names[i] = arena_copy(arena, set->rules[i].id).ptr;
	const char *nearest = nearest_name(id, names, set->rule_count);
	free(names);
	return nearest;
}

/* A report shows titles. The rule that has this one, or NULL; -1 with an error when several have.
 */
static int find_by_title(
	const struct rule_set *set, struct str title, const struct rule **rule, struct error *err)
{
	struct buf ids = BUF_INIT(0);
	const struct rule *found = NULL;
	size_t count = 0;
	for (size_t i = 0; i < set->rule_count; i++) {
		if (!str_equal_nocase(set->rules[i].title, title))
			continue;
		found = &set->rules[i];
		if (count++ > 0)
			buf_append(&ids, STR(", "));
		buf_append(&ids, found->id);
	}
	if (count > 1)
		error_set(err, "%zu rules have the title '%.*s': %.*s", count, STR_ARG(title),
			STR_ARG(buf_str(&ids)));
	buf_release(&ids);
	*rule = found;
	return count > 1 ? -1 : 0;
}

int rules_show(
	const struct rule_set *set, struct str id, const struct rules_view *view, struct error *err)
{
	const struct rule *rule = rule_set_find(set, id);
	if (rule == NULL && find_by_title(set, id, &rule, err) != 0)
		return -1;
	if (rule == NULL && names_pack(set, id))
		return error_set(err,
			"'%.*s' is a pack of rules; 'lineup rules list | grep %.*s/' lists them",
			STR_ARG(id), STR_ARG(id));
	if (rule == NULL) {
		struct arena arena = { 0 };
		const char *nearest = nearest_id(set, id, &arena);
		int result = error_set(err, "no rule has the id '%.*s'; %s%s%s", STR_ARG(id),
			nearest != NULL ? "did you mean '" : "'",
			nearest != NULL ? nearest : "lineup rules list",
			nearest != NULL ? "'?" : "' lists them");
		arena_release(&arena);
		return result;
	}
	if (view->json) {
		struct emitter emitter;
		emit_init(&emitter, view->out, NULL, 3);
		emit_rule(&emitter, set, rule, true);
		emit_newline(&emitter);
		emit_release(&emitter);
	} else {
		print_rule(view->out, set, rule);
	}
	return 0;
}

bool rules_report(const struct rule_set *set, const struct rules_view *view, bool strict)
{
	size_t errors = 0;
	struct emitter emitter;
	if (view->json) {
		emit_init(&emitter, view->out, NULL, 1);
		emit_array(&emitter, NULL);
	}
	for (size_t i = 0; i < set->complaint_count; i++) {
		const struct rule_complaint *c = &set->complaints[i];
		bool error = c->rejected || strict;
		errors += error;
		if (view->json) {
			emit_object(&emitter, NULL);
			emit_str(&emitter, "path", c->place.path);
			emit_u64(&emitter, "line", c->place.line);
			emit_u64(&emitter, "column", c->place.column);
			emit_terminated(&emitter, "level", error ? "error" : "warning");
			emit_known(&emitter, "id", c->rule_id);
			emit_str(&emitter, "reason", c->reason);
			emit_end_object(&emitter);
			continue;
		}
		print_safe(view->out, c->place.path);
		if (c->place.line > 0)
			fprintf(view->out, ":%u:%u", c->place.line, c->place.column);
		fprintf(view->out, ": %s: ", error ? "error" : "warning");
		if (c->rule_id.len > 0) {
			print_safe(view->out, c->rule_id);
			fputs(": ", view->out);
		}
		print_safe(view->out, c->reason);
		fputc('\n', view->out);
	}
	if (view->json) {
		emit_end_array(&emitter);
		emit_newline(&emitter);
		emit_release(&emitter);
	} else {
		fprintf(view->out, "%zu rule%s, %zu pattern%s: %zu error%s, %zu warning%s\n",
			set->rule_count, plural(set->rule_count), set->term_count,
			plural(set->term_count), errors, plural(errors),
			set->complaint_count - errors, plural(set->complaint_count - errors));
	}
	return errors == 0;
}
