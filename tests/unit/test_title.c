/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lineup/title.h"

static void assert_message(const char *text, const char *wanted)
{
	struct str got = template_message(str_from(text));
	if (!str_equal(got, str_from(wanted)))
		fail_msg("'%s' became '%.*s'", text, STR_ARG(got));
}

static void test_a_template_is_called_by_its_message(void **state)
{
	(void)state;
	assert_message(
		"unit=reserve msg=\"reserved in <*> ms\" trace_id=<*>", "reserved in <*> ms");
	assert_message("order completed\"}", "order completed");
	assert_message("c.shop.pay.Pool          : pool is empty", "pool is empty");
	assert_message("[http-exec-<*>] [trace_id=<*>] com.shop.pay.Pool - pool is empty",
		"pool is empty");
	assert_message("<*> reserve.go:<*>] reserve stock item=<*> quantity=<*> trace_id=<*>",
		"reserve stock");
	assert_message("c.s.ContactsServiceImpl#<*> TraceID: <*> SpanID: <*> [findById][Fail]",
		"[findById][Fail]");
	assert_message("cinder.api.wsgi [req-<*>] Exception handling resource",
		"Exception handling resource");
	assert_message("neutron.plugins.<*>.agent [req-<*> - - -] Agent started", "Agent started");
	assert_message("<*> ERROR  c.s.ContactsServiceImpl#<*> TraceID: <*> [findById][Fail]\\n",
		"[findById][Fail]");
	assert_message(" - rights answered in <*> ms trace_id=<*>", "rights answered in <*> ms");
	assert_message(": order refused: card declined trace_id=-", "order refused: card declined");
	assert_message("{\"level\":\"warn\",\"msg\":\"queue \\\"a\\\" is full\",\"n\":<*>}",
		"queue \\\"a\\\" is full");
	assert_message("stock answered <*>\",\"api\",<*>", "stock answered <*>");
	assert_message("stock answered <*> id=<*>\"},\"sort\": [<*>]}", "stock answered <*>");
	assert_message("stock answered <*></Data></EventData></Event>", "stock answered <*>");
	assert_message("stock answered twice\"}]}", "stock answered twice");
	assert_message("stock answered <*>\", \"correlation_id\": \"ap-<*>", "stock answered <*>");
	assert_message(
		"queue \\\"a\\\", \\\"b\\\": full\",\"n\":<*>", "queue \\\"a\\\", \\\"b\\\": full");
}

static void test_what_is_message_already_stays(void **state)
{
	(void)state;
	assert_message("connect to db.example.org failed", "connect to db.example.org failed");
	assert_message("[ERROR] disk is full", "[ERROR] disk is full");
	assert_message("ERROR disk is full", "ERROR disk is full");
	assert_message("<*>", "<*>");
	assert_message("] \"GET /a HTTP/<*>\" <*>", "GET /a");
	assert_message("\"POST /shop/cart HTTP/<*>\" <*> \"-\" \"curl\"", "POST /shop/cart");
	assert_message("\"hello HTTP/<*>\"", "\"hello HTTP/<*>\"");
	assert_message("] no child in the board", "no child in the board");
	assert_message("): - no child in the board", "no child in the board");
	assert_message("", "(no message)");
	assert_message("  ", "(no message)");
	assert_message("took <*> ms", "took <*> ms");
	assert_message("invalid: <*> of <*> is left", "invalid: <*> of <*> is left");
	assert_message("TraceID: <*>", "TraceID: <*>");
	assert_message("value=<*>", "value=<*>");
	assert_message("it says \"no\"", "it says \"no\"");
	assert_message("said \"no\", \"maybe\" and went", "said \"no\", \"maybe\" and went");
}

static void test_a_line_loses_its_stamp_alone(void **state)
{
	(void)state;
	struct str line = STR("Nov  9 17:00:01 ops-1 sync[3063]: starting");
	assert_true(str_equal(line_behind_stamp(line), STR("ops-1 sync[3063]: starting")));
	line = STR("2026-03-01T10:00:00Z deploy[pay]: version 2.1 of pay rolled out");
	assert_true(str_equal(
		line_behind_stamp(line), STR("deploy[pay]: version 2.1 of pay rolled out")));
	line = STR("17 widgets");
	assert_true(str_equal(line_behind_stamp(line), STR("widgets")));
	line = STR("2026");
	assert_true(str_equal(line_behind_stamp(line), line));
}

static void test_a_status_that_was_masked_is_said_to_be_a_failure(void **state)
{
	(void)state;
	struct evidence line = { .text = STR("INFO charge ended with status 500 in 6 ms") };
	struct subject s = { .kind = SUBJECT_TEMPLATE,
		.level = LEVEL_ERROR,
		.template_text = STR("charge ended with status <*> in <*> ms"),
		.evidence = &line,
		.evidence_count = 1 };
	struct findings f = { 0 };
	assert_true(str_equal(
		subject_title(&f, &s, &f.arena), STR("charge ended with status 5xx in <*> ms")));
	line.text = STR("ERROR charge ended with status 404 in 6 ms");
	assert_true(str_equal(subject_title(&f, &s, &f.arena), s.template_text));
	/* what is not in the message is said behind it */
	line.text = STR("INFO charged status=500 took=6ms");
	s.template_text = STR("charged status=<*> took=<*>");
	assert_true(str_equal(subject_title(&f, &s, &f.arena), STR("charged (5xx)")));
	arena_release(&f.arena);
}

static void test_documents_are_told_from_logs(void **state)
{
	(void)state;
	assert_true(names_document(STR("events.yaml")));
	assert_true(names_document(STR("openshift-multus/pods.YML")));
	assert_true(names_document(STR("haproxy.config")));
	assert_false(names_document(STR("events")));
	assert_false(names_document(STR("shop.pay")));
	assert_false(names_document(STR(".yaml")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_template_is_called_by_its_message),
		cmocka_unit_test(test_what_is_message_already_stays),
		cmocka_unit_test(test_a_line_loses_its_stamp_alone),
		cmocka_unit_test(test_a_status_that_was_masked_is_said_to_be_a_failure),
		cmocka_unit_test(test_documents_are_told_from_logs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
