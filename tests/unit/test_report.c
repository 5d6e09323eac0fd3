/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>

#include "lineup/report.h"
#include "tests/unit/verdict_example.h"

/* The report in this format as one text; free() it. */
static char *write_report(const char *format, struct report_settings settings)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct findings f = example_findings();
	struct verdict v = example_verdict();
	struct error err;
	assert_int_equal(report_find(str_from(format))->write(out, &f, &v, &settings, &err), 0);
	fclose(out);
	return text;
}

static bool has(const char *text, const char *what)
{
	return strstr(text, what) != NULL;
}

static bool has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 && *text != '\n')
			return true;
	}
	return false;
}

static void test_a_format_is_found_by_its_name_and_by_the_suffix_of_a_file(void **state UNUSED)
{
	assert_string_equal(report_find(STR("json"))->name, "json");
	assert_null(report_find(STR("html?")));
	assert_string_equal(report_for_file(STR("night.d/report.JSON"))->name, "json");
	assert_string_equal(report_for_file(STR("a.csv"))->name, "csv");
	assert_null(report_for_file(STR("report")));
	assert_null(report_for_file(STR("report.zst")));
}

static json_t *parse(const char *text)
{
	json_error_t why;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL)
		fail_msg("line %d: %s", why.line, why.text);
	return root;
}

static void test_json_has_every_key_of_the_contract(void **state UNUSED)
{
	static const char *const top[] = { "schema", "tool", "inputs", "time", "rules",
		"detections", "suspects", "timeline", "services", "unexplained" };
	static const char *const keys[] = { "rank", "id", "title", "severity", "service", "score",
		"reasons", "count", "first", "last", "onset", "histogram", "evidence", "advice",
		"state", "recurrence", "changes", "led_to" };
	static const char *const advice[] = { "cause", "impact", "fix", "workaround", "prevention",
		"references" };
	char *text = write_report("json", (struct report_settings){ .top = 10 });
	json_t *root = parse(text);
	for (size_t i = 0; i < countof(top); i++)
		assert_non_null(json_object_get(root, top[i]));
	json_t *suspects = json_object_get(root, "suspects");
	assert_int_equal(json_array_size(suspects), 3);
	for (size_t s = 0; s < 3; s++) {
		json_t *suspect = json_array_get(suspects, s);
		for (size_t i = 0; i < countof(keys); i++)
			assert_non_null(json_object_get(suspect, keys[i]));
		for (size_t i = 0; i < countof(advice); i++)
			assert_non_null(
				json_object_get(json_object_get(suspect, "advice"), advice[i]));
	}
	json_decref(root);
	free(text);
}

static void test_json_says_null_for_what_is_not_known(void **state UNUSED)
{
	char *text = write_report("json", (struct report_settings){ .top = 10 });
	json_t *root = parse(text);
	json_t *third = json_array_get(json_object_get(root, "suspects"), 2);
	assert_true(json_is_null(json_object_get(third, "onset")));
	assert_true(json_is_null(json_object_get(third, "recurrence")));
	assert_true(json_is_null(json_object_get(json_object_get(third, "advice"), "fix")));
	json_t *first = json_array_get(json_object_get(root, "suspects"), 0);
	json_t *pool = json_array_get(json_object_get(first, "state"), 0);
	assert_true(json_is_null(json_object_get(pool, "limit")));
	json_t *baseline = json_object_get(json_object_get(root, "time"), "baseline");
	assert_true(json_is_null(json_object_get(baseline, "to")));
	json_decref(root);
	free(text);
}

static void test_json_reasons_add_up_to_the_score(void **state UNUSED)
{
	char *text = write_report("json", (struct report_settings){ .top = 10 });
	json_t *root = parse(text);
	json_t *first = json_array_get(json_object_get(root, "suspects"), 0);
	double sum = 0;
	size_t i;
	json_t *reason;
	json_array_foreach(json_object_get(first, "reasons"), i, reason) sum +=
		json_number_value(json_object_get(reason, "points"));
	assert_true(sum == json_number_value(json_object_get(first, "score")));
	json_decref(root);
	free(text);
}

static void test_json_replaces_invalid_utf8_and_escapes_controls(void **state UNUSED)
{
	char *text = write_report("json", (struct report_settings){ .top = 10 });
	assert_false(has_control(text));
	assert_true(has(text, "\xef\xbf\xbd"));
	assert_true(has(text, "\\u001b[1mlock"));
	assert_true(has(text, "\\u202egnirts"));
	free(text);
}

static void test_jsonl_is_one_object_a_line_each_with_its_type(void **state UNUSED)
{
	char *text = write_report("jsonl", (struct report_settings){ .top = 10 });
	size_t suspects = 0;
	struct str rest = str_from(text);
	while (rest.ptr != NULL) {
		struct str line = str_cut(&rest, '\n');
		if (line.len == 0)
			continue;
		json_error_t why;
		json_t *object = json_loadb(line.ptr, line.len, 0, &why);
		assert_non_null(object);
		const char *type = json_string_value(json_object_get(object, "type"));
		assert_non_null(type);
		suspects += strcmp(type, "suspect") == 0;
		json_decref(object);
	}
	assert_int_equal(suspects, 3);
	free(text);
}

static void test_csv_disarms_formulas_and_has_one_row_a_suspect(void **state UNUSED)
{
	char *text = write_report("csv", (struct report_settings){ .top = 10 });
	size_t rows = 0;
	for (const char *c = text; *c != '\0'; c++)
		rows += *c == '\n';
	assert_int_equal(rows, 4);
	assert_false(has_control(text));
	free(text);
}

static void test_text_lets_no_control_byte_of_a_log_through(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10 });
	assert_false(has_control(text));
	assert_true(has(text, "\\x1b[1mlock"));
	assert_true(has(text, "\\u202egnirts"));
	free(text);
}

static void test_text_is_ascii_where_utf8_is_not_read(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10, .ascii = true });
	for (const char *c = text; *c != '\0'; c++)
		assert_true((unsigned char)*c < 0x80);
	free(text);
}

static void test_text_folds_a_consequence_under_its_cause(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10 });
	const char *cause = strstr(text, "Table lock held");
	const char *folded = strstr(text, "812 of 900 requests");
	const char *other = strstr(text, "no index on");
	assert_true(cause != NULL && folded != NULL && other != NULL);
	assert_true(cause < folded && folded < other);
	free(text);
}

static void test_text_gives_the_fix_before_the_cause(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10 });
	assert_true(strstr(text, "Fix ") < strstr(text, "Cause "));
	free(text);
}

/* For a cause that no rule knows, the fix of what comes of it is better than none. */
static void test_text_gives_a_cause_without_advice_that_of_its_consequence(void **state UNUSED)
{
	struct suspect suspects[countof(example_suspects)];
	struct findings f = example_findings();
	struct verdict v = example_verdict();
	struct report_settings settings = { .top = 10 };
	struct error err;
	memcpy(suspects, example_suspects, sizeof(suspects));
	v.suspects = suspects;
	for (int consequence_is_known = 0; consequence_is_known <= 1; consequence_is_known++) {
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);
		suspects[0].advice = NULL;
		suspects[1].advice = consequence_is_known ? &example_advice : NULL;
		assert_int_equal(report_find(STR("text"))->write(out, &f, &v, &settings, &err), 0);
		fclose(out);
		assert_int_equal(has(text, "of number 2: End the job"), consequence_is_known);
		free(text);
	}
}

static void test_text_counts_troubles_of_one_reason_once(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10 });
	assert_true(has(text, "2 times: an ELF core dump"));
	assert_true(has(text, "2 skipped, 1 damaged; see the end"));
	assert_false(has(text, "core.2"));
	free(text);
	text = write_report("text", (struct report_settings){ .top = 10, .verbose = true });
	assert_true(has(text, "core.2"));
	free(text);
}

static void test_text_tells_the_reasons_that_count_for_anything(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10 });
	assert_true(has(text, "+30.2  12 lines a minute"));
	assert_true(has(text, "+19.7  rose 42 s"));
	assert_true(has(text, "+0.3  one service"));
	assert_false(has(text, "hardly early"));
	free(text);
}

static void test_text_keeps_to_the_width(void **state UNUSED)
{
	static const unsigned widths[] = { 80, 100, 120 };
	for (size_t i = 0; i < countof(widths); i++) {
		char *text = write_report("text",
			(struct report_settings){ .top = 10, .ascii = true, .width = widths[i] });
		struct str rest = str_from(text);
		while (rest.ptr != NULL) {
			struct str line = str_cut(&rest, '\n');
			/* What must not be cut: histograms with their count, places, rule files. */
			if (line.len > widths[i] && str_find(line, STR("hit")) < 0 &&
				str_find(line, STR("16:00:00")) < 0)
				fail_msg("%u columns: %.*s", widths[i], STR_ARG(line));
		}
		free(text);
	}
}

static void test_text_has_colour_only_when_asked(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 10, .colour = true });
	assert_true(has(text, "\033[1;31mCRITICAL"));
	free(text);
}

static void test_an_interrupted_report_says_so_first(void **state UNUSED)
{
	char *text =
		write_report("text", (struct report_settings){ .top = 10, .interrupted = true });
	assert_true(str_starts(str_from(text), STR("Interrupted")));
	free(text);
}

static void test_redaction_gives_one_secret_one_number_all_over_the_report(void **state UNUSED)
{
	static const char *const formats[] = { "text", "json", "jsonl", "csv" };
	for (size_t i = 0; i < countof(formats); i++) {
		char *text = write_report(formats[i],
			(struct report_settings){ .top = 10, .redact = true, .verbose = true });
		assert_false(has(text, "hunter22"));
		assert_false(has(text, "10.1.2.3"));
		assert_true(has(text, "password=<secret:1>"));
		assert_true(has(text, "<secret:2>"));
		assert_false(has(text, "<secret:3>"));
		assert_true(strcmp(formats[i], "text") == 0 || has(text, "deadbeef"));
		free(text);
	}
}

static void test_the_longest_span_of_time_has_an_axis(void **state UNUSED)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct findings f = example_findings();
	struct verdict v = example_verdict();
	struct report_settings settings = { .top = 10, .ascii = true };
	struct error err;
	f.first_ns = INT64_MIN + 1;
	f.last_ns = INT64_MAX - 1;
	assert_int_equal(report_find(STR("text"))->write(out, &f, &v, &settings, &err), 0);
	fclose(out);
	assert_true(has(text, "the incident"));
	free(text);
}

static void test_the_top_n_are_shown_and_the_rest_is_counted(void **state UNUSED)
{
	char *text = write_report("text", (struct report_settings){ .top = 1 });
	assert_true(has(text, "1 of 3"));
	assert_false(has(text, "no index on"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_format_is_found_by_its_name_and_by_the_suffix_of_a_file),
		cmocka_unit_test(test_json_has_every_key_of_the_contract),
		cmocka_unit_test(test_json_says_null_for_what_is_not_known),
		cmocka_unit_test(test_json_reasons_add_up_to_the_score),
		cmocka_unit_test(test_json_replaces_invalid_utf8_and_escapes_controls),
		cmocka_unit_test(test_jsonl_is_one_object_a_line_each_with_its_type),
		cmocka_unit_test(test_csv_disarms_formulas_and_has_one_row_a_suspect),
		cmocka_unit_test(test_text_lets_no_control_byte_of_a_log_through),
		cmocka_unit_test(test_text_is_ascii_where_utf8_is_not_read),
		cmocka_unit_test(test_text_folds_a_consequence_under_its_cause),
		cmocka_unit_test(test_text_gives_the_fix_before_the_cause),
		cmocka_unit_test(test_text_gives_a_cause_without_advice_that_of_its_consequence),
		cmocka_unit_test(test_text_counts_troubles_of_one_reason_once),
		cmocka_unit_test(test_text_tells_the_reasons_that_count_for_anything),
		cmocka_unit_test(test_text_keeps_to_the_width),
		cmocka_unit_test(test_text_has_colour_only_when_asked),
		cmocka_unit_test(test_an_interrupted_report_says_so_first),
		cmocka_unit_test(test_redaction_gives_one_secret_one_number_all_over_the_report),
		cmocka_unit_test(test_the_longest_span_of_time_has_an_axis),
		cmocka_unit_test(test_the_top_n_are_shown_and_the_rest_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
