/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the condition of a CRE rule: `rule:` and what stands below it. What loads can be
 * written and read back, and its terms, windows and anchors keep to what the standard allows.
 */
#include "lineup/buf.h"
#include "lineup/rules_image.h"
#include "lineup/rules_load.h"
#include "tests/fuzz/fuzz.h"

static void check_rule(const struct rule_set *set, const struct rule *rule)
{
	PROMISE(rule->term_count > 0 && rule->term_count <= 64 && rule->window_ns >= 0);
	for (size_t i = 0; i < rule->term_count; i++)
		PROMISE(rule->terms[i] < set->term_count);
	for (size_t i = 0; i < rule->negative_count; i++)
		PROMISE(rule->negatives[i].term < set->term_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_set set = { .rule_count = 0 };
	struct rule_set again = { .rule_count = 0 };
	struct buf text = BUF_INIT(0);
	struct buf image = BUF_INIT(0);
	struct error err;
	static const struct rules_load_options options = { .experimental = true };
	buf_append(&text, STR("terms: {known: {regex: 'a.b'}}\nrules:\n  - cre: {id: CRE-1, "
			      "severity: 1, title: t}\n"
			      "    metadata: {id: m}\n    rule:\n"));
	/* What is not indented belongs to the rule all the same. */
	for (struct str rest = str_of((const char *)data, size); rest.ptr != NULL;) {
		buf_append(&text, STR("      "));
		buf_append(&text, str_cut(&rest, '\n'));
		buf_append_byte(&text, '\n');
	}
	rules_load_text(&set, STR("fuzz.yaml"), buf_str(&text), &options);
	rule_set_finish(&set);
	for (size_t i = 0; i < set.rule_count; i++)
		check_rule(&set, &set.rules[i]);
	/* A document is used, or there is a complaint about it. */
	PROMISE(set.rule_count > 0 || set.complaint_count > 0);
	PROMISE(rules_image_write(&set, &image));
	PROMISE(rules_image_read(&again, buf_str(&image), &err) == 0);
	rule_set_finish(&again);
	PROMISE(again.rule_count == set.rule_count && again.term_count == set.term_count);
	buf_release(&text);
	buf_release(&image);
	rule_set_release(&again);
	rule_set_release(&set);
	return 0;
}
