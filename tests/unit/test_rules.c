/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/buf.h"
#include "lineup/clock.h"
#include "lineup/rules_image.h"
#include "tests/unit/rules_stage.h"

static const struct rules_load_options experimental = { .experimental = true };

static void test_a_cre_document_is_read_whole(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, FOLDER "good-cre.yaml");
	assert_int_equal(set.complaint_count, 0);
	assert_int_equal(set.rule_count, 2);
	const struct rule *rule = find(&set, "CRE-9999-0001");
	assert_int_equal(rule->severity, SEVERITY_CRITICAL);
	assert_int_equal(rule->form, RULE_SEQUENCE);
	assert_int_equal(rule->window_ns, 30 * NS_PER_S);
	assert_text(rule->title, "Ledger writer lost its lock and went on");
	assert_text(rule->description, "The writer goes on after its lease has run out.");
	assert_text(rule->advice.fix, "Restart the writer");
	assert_text(rule->advice.references[0], "https://example.org/ledger");
	assert_int_equal(rule->hint_count, 4);
	assert_text(rule->hints[0], "ledger");
	assert_text(rule->hints[1], "ledger-writer");
	assert_text(rule->hints[2], "cre.log.ledger");
	assert_text(rule->hints[3], "writer");
	assert_int_equal(rule->place.line, 2);
	rule_set_release(&set);
}

static void test_cre_terms_have_copies_names_and_negatives(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, FOLDER "good-cre.yaml");
	const struct rule *rule = find(&set, "CRE-9999-0001");
	assert_int_equal(rule->term_count, 5);
	assert_int_equal(rule->terms[1], rule->terms[2]);
	assert_int_equal(rule->terms[2], rule->terms[3]);
	assert_int_equal(set.terms[rule->terms[0]].kind, TERM_REGEX);
	assert_int_equal(set.terms[rule->terms[1]].kind, TERM_LITERAL);
	assert_text(set.terms[rule->terms[1]].text, "append [");
	/* A name stands for its term, and a character of several bytes switches to characters. */
	assert_text(set.terms[rule->terms[4]].text, "(*UTF)pause of [0-9]+ ms\xe2\x80\x99");
	assert_int_equal(rule->negative_count, 2);
	const struct rule_negative *n = &rule->negatives[0];
	assert_int_equal(n->window_ns, 10 * NS_PER_S);
	assert_int_equal(n->slide_ns, -5 * NS_PER_S);
	assert_int_equal(n->anchor, 2);
	assert_true(n->absolute);
	assert_int_equal(rule->negatives[1].anchor, 1);
	assert_false(rule->negatives[1].absolute);
	assert_int_equal(set.terms[find(&set, "CRE-9999-0002")->terms[0]].kind, TERM_JQ);
	rule_set_release(&set);
}

static void test_one_bare_cre_rule_is_a_document(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, FOLDER "good-bare.yml");
	assert_int_equal(set.complaint_count, 0);
	assert_true(rule_is_simple(find(&set, "CRE-9999-0003")));
	rule_set_release(&set);
}

static void test_a_pack_is_read_with_its_defaults(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, FOLDER "good-pack.yaml");
	assert_int_equal(set.complaint_count, 0);
	assert_int_equal(set.rule_count, 4);
	const struct rule *dry = find(&set, "kettle/dry");
	assert_int_equal(dry->severity, SEVERITY_HIGH);
	assert_text(dry->category, "kitchen");
	assert_text(dry->hints[0], "kettled");
	assert_int_equal(dry->example_count, 1);
	assert_int_equal(dry->counter_example_count, 1);
	const struct rule *any = find(&set, "kettle/any");
	assert_int_equal(any->severity, SEVERITY_LOW);
	assert_text(any->hints[0], "kettle-ui");
	assert_int_equal(set.terms[any->terms[0]].kind, TERM_REGEX);
	assert_text(set.terms[any->terms[0]].text, "lid \\[open\\]|lid\\-missing");
	const struct rule *start = find(&set, "kettle/start");
	assert_int_equal(start->event, RULE_EVENT_RESTART);
	assert_int_equal(start->term_count, 2);
	assert_int_equal(start->window_ns, 60 * NS_PER_S);
	rule_set_release(&set);
}

static void test_a_pack_rule_of_several_terms_has_keys_copies_and_negatives(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, FOLDER "good-pack.yaml");
	const struct rule *all = find(&set, "kettle/all");
	assert_int_equal(all->key, RULE_BY_HOST);
	assert_int_equal(all->term_count, 4);
	assert_int_equal(set.terms[all->terms[0]].kind, TERM_REGEX);
	assert_int_equal(set.terms[all->terms[1]].kind, TERM_LITERAL);
	assert_text(set.terms[all->terms[2]].text, "(?:a)|(?:b)");
	assert_int_equal(all->terms[2], all->terms[3]);
	assert_int_equal(all->negative_count, 2);
	assert_int_equal(all->negatives[1].window_ns, 10 * NS_PER_S);
	rule_set_release(&set);
}

static void test_experimental_rules_come_only_when_asked_for(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct error err;
	assert_int_equal(
		rules_load_path(&set, STR(FOLDER "good-pack.yaml"), &experimental, &err), 0);
	rule_set_finish(&set);
	assert_true(find(&set, "kettle/try")->experimental);
	rule_set_release(&set);
}

/* Each bad file's complaints are written beside it, a line each: `line:column kind reason`. */
static void check_complaints(const char *path)
{
	struct rule_set set = { 0 };
	char expect_path[256];
	char line[512];
	load(&set, path);
	int stem = (int)(strlen(path) - strlen(".yaml"));
	snprintf(expect_path, sizeof(expect_path), "%.*s.expect", stem, path);
	FILE *expect = fopen(expect_path, "r");
	assert_non_null(expect);
	size_t i = 0;
	for (; fgets(line, sizeof(line), expect) != NULL; i++) {
		char got[512] = "nothing";
		if (i < set.complaint_count) {
			const struct rule_complaint *c = &set.complaints[i];
			assert_text(c->place.path, path);
			snprintf(got, sizeof(got), "%u:%u %s %.*s\n", c->place.line,
				c->place.column, c->rejected ? "rejected" : "used",
				STR_ARG(c->reason));
		}
		assert_string_equal(got, line);
	}
	fclose(expect);
	assert_int_equal(set.complaint_count, i);
	rule_set_release(&set);
}

static void test_each_fault_is_said_at_its_place(void **state)
{
	(void)state;
	glob_t found;
	assert_int_equal(glob(FOLDER "bad-*.yaml", 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 4);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_complaints(found.gl_pathv[i]);
	globfree(&found);
}

static void test_a_bad_rule_does_not_stop_the_others(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load(&set, FOLDER "bad-pack.yaml");
	assert_int_equal(set.rule_count, 1);
	assert_text(set.rules[0].id, "kettle/good");
	rule_set_release(&set);
}

static void test_equal_patterns_are_one_term(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load_text(&set, "pack: p\nrules:\n"
			"- {id: p/a, title: a, severity: low, match: same}\n"
			"- {id: p/b, title: b, severity: low, match: same}\n"
			"- {id: p/c, title: c, severity: low, literal: same}\n");
	assert_int_equal(set.rule_count, 3);
	assert_int_equal(set.term_count, 2);
	assert_int_equal(set.rules[0].terms[0], set.rules[1].terms[0]);
	rule_set_release(&set);
}

static void test_terms_of_rules_left_out_are_left_out(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	load_text(&set, "pack: p\nrules:\n"
			"- {id: p/a, title: a, severity: low, match: one}\n"
			"- {id: p/a, title: b, severity: low, match: two}\n");
	assert_int_equal(set.rule_count, 1);
	assert_int_equal(set.term_count, 1);
	assert_text(set.terms[0].text, "one");
	rule_set_release(&set);
}

static void test_an_alias_bomb_is_refused_and_an_honest_alias_is_not(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct buf bomb = BUF_INIT(0);
	buf_printf(&bomb, "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 12; i++) {
		buf_printf(&bomb, "l%d: &l%d [*l%d,*l%d,*l%d,*l%d,*l%d,*l%d,*l%d,*l%d,*l%d]\n", i,
			i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	}
	rules_load_text(&set, STR("bomb.yaml"), buf_str(&bomb), NULL);
	assert_int_equal(set.complaint_count, 1);
	assert_true(set.complaints[0].rejected);
	assert_text(set.complaints[0].reason,
		"too many values (aliases count with all they stand for)");
	buf_release(&bomb);
	load_text(&set, "pack: p\ndefaults: {services: &s [one]}\nrules:\n"
			"- {id: p/a, title: &t Title, severity: low, match: m, services: *s}\n"
			"- {id: p/b, title: *t, severity: low, match: n}\n");
	assert_text(find(&set, "p/b")->title, "Title");
	assert_int_equal(set.complaint_count, 1);
	rule_set_release(&set);
}

static void test_deep_nesting_is_refused(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct buf deep = BUF_INIT(0);
	for (int i = 0; i < 500; i++)
		buf_append_byte(&deep, '[');
	rules_load_text(&set, STR("deep.yaml"), buf_str(&deep), NULL);
	assert_int_equal(set.complaint_count, 1);
	assert_text(set.complaints[0].reason, "nested too deeply");
	buf_release(&deep);
	rule_set_release(&set);
}

static void assert_same_rules(const struct rule_set *a, const struct rule_set *b)
{
	struct buf left = BUF_INIT(0);
	struct buf right = BUF_INIT(0);
	assert_true(rules_image_write(a, &left));
	assert_true(rules_image_write(b, &right));
	assert_true(str_equal(buf_str(&left), buf_str(&right)));
	buf_release(&left);
	buf_release(&right);
}

static void test_an_image_gives_back_the_same_rules(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct rule_set again = { 0 };
	struct buf image = BUF_INIT(0);
	struct error err;
	load(&set, "tests/golden/rules");
	assert_true(set.rule_count > 6);
	assert_true(rules_image_write(&set, &image));
	assert_int_equal(rules_image_read(&again, buf_str(&image), &err), 0);
	rule_set_finish(&again);
	assert_int_equal(again.rule_count, set.rule_count);
	assert_same_rules(&set, &again);
	assert_text(set.terms[find(&again, "CRE-9999-0001")->terms[1]].text, "append [");
	rule_set_release(&set);
	rule_set_release(&again);
	buf_release(&image);
}

static void test_a_damaged_image_is_refused(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct buf image = BUF_INIT(0);
	struct error err;
	load(&set, FOLDER "good-pack.yaml");
	assert_true(rules_image_write(&set, &image));
	image.ptr[image.len / 2] ^= 1;
	struct rule_set again = { 0 };
	assert_int_equal(rules_image_read(&again, buf_str(&image), &err), -1);
	assert_int_equal(rules_image_read(&again, str_head(buf_str(&image), 40), &err), -1);
	assert_int_equal(again.rule_count, 0);
	rule_set_release(&set);
	rule_set_release(&again);
	buf_release(&image);
}

static void test_the_built_in_rules_can_be_read(void **state)
{
	(void)state;
	struct rule_set set = { 0 };
	struct error err;
	if (rules_load_builtin(&set, &err) < 0)
		fail_msg("%s", err.text);
	rule_set_finish(&set);
	assert_int_equal(set.complaint_count, 0);
	rule_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cre_document_is_read_whole),
		cmocka_unit_test(test_cre_terms_have_copies_names_and_negatives),
		cmocka_unit_test(test_one_bare_cre_rule_is_a_document),
		cmocka_unit_test(test_a_pack_is_read_with_its_defaults),
		cmocka_unit_test(test_a_pack_rule_of_several_terms_has_keys_copies_and_negatives),
		cmocka_unit_test(test_experimental_rules_come_only_when_asked_for),
		cmocka_unit_test(test_each_fault_is_said_at_its_place),
		cmocka_unit_test(test_a_bad_rule_does_not_stop_the_others),
		cmocka_unit_test(test_equal_patterns_are_one_term),
		cmocka_unit_test(test_terms_of_rules_left_out_are_left_out),
		cmocka_unit_test(test_an_alias_bomb_is_refused_and_an_honest_alias_is_not),
		cmocka_unit_test(test_deep_nesting_is_refused),
		cmocka_unit_test(test_an_image_gives_back_the_same_rules),
		cmocka_unit_test(test_a_damaged_image_is_refused),
		cmocka_unit_test(test_the_built_in_rules_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
