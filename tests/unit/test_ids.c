/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lineup/ids.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN  "b7ad6b7169203331"
#define UUID  "6f1d2c3b-4a59-4e68-8f70-0123456789ab"

static void assert_ids(const char *line, const char *trace, const char *span, const char *request)
{
	struct line_ids ids;
	ids_read(str_from(line), &ids);
	assert_true(str_equal(ids.trace, str_from(trace)));
	assert_true(str_equal(ids.span, str_from(span)));
	assert_true(str_equal(ids.request, str_from(request)));
}

static void test_w3c_trace_context_gives_trace_and_span(void **state)
{
	(void)state;
	assert_ids("traceparent: 00-" TRACE "-" SPAN "-01 ok", TRACE, SPAN, "");
	assert_ids("{\"traceparent\":\"00-" TRACE "-" SPAN "-01\"}", TRACE, SPAN, "");
}

static void test_b3_gives_trace_and_span(void **state)
{
	(void)state;
	assert_ids("b3: " TRACE "-" SPAN "-1", TRACE, SPAN, "");
	assert_ids("X-B3-TraceId=" TRACE " X-B3-SpanId=" SPAN, TRACE, SPAN, "");
}

static void test_keys_are_known_in_every_writing(void **state)
{
	(void)state;
	assert_ids("TraceID: " TRACE " SpanID: " SPAN " done", TRACE, SPAN, "");
	assert_ids("{\"trace_id\": \"" TRACE "\", \"span_id\": \"" SPAN "\"}", TRACE, SPAN, "");
	assert_ids("{\"trace.id\":\"" TRACE "\",\"request_id\":\"abc-17\"}", TRACE, "", "abc-17");
	assert_ids("msg=x x-request-id=" UUID " status=200", "", "", UUID);
	assert_ids("correlationId=[ord-9981]", "", "", "ord-9981");
	assert_ids("log=\"{\\\"requestId\\\":\\\"r-5\\\"}\"", "", "", "r-5");
}

static void test_openstack_requests_and_bare_uuids_are_requests(void **state)
{
	(void)state;
	assert_ids("INFO x [req-" UUID " admin] GET", "", "", "req-" UUID);
	assert_ids("INFO x [" UUID "] begin", "", "", UUID);
	assert_ids("GET /v2/" UUID "/servers", "", "", "");
}

static void test_empty_ids_and_other_keys_are_none(void **state)
{
	(void)state;
	assert_ids(
		"trace_id=00000000000000000000000000000000 span_id=0000000000000000", "", "", "");
	assert_ids("{\"request_id\":null,\"trace_id\":\"-\"}", "", "", "");
	assert_ids("uid=0 euid=0 pid: 17 valid: yes", "", "", "");
	assert_ids("", "", "", "");
}

/* Ids are looked for in blocks of 64 bytes: at every place of them, and at every length of the line. */
static void test_ids_are_found_wherever_they_stand_in_a_block(void **state)
{
	(void)state;
	static const char uuid[] = "550e8400-e29b-41d4-a716-446655440000";
	for (size_t before = 0; before < 140; before++) {
		for (size_t behind = 0; behind < 70; behind += 3) {
			char line[320];
			struct line_ids ids;
			int len = snprintf(line, sizeof(line), "%*s %s %*s", (int)before, "", uuid,
				(int)behind, "");
			ids_read(str_of(line, (size_t)len), &ids);
			assert_true(str_equal(ids.request, str_from(uuid)));
			len = snprintf(line, sizeof(line), "%*s trace_id=\"4bf92f3577b34da6\"%*s",
				(int)before, "", (int)behind, "");
			ids_read(str_of(line, (size_t)len), &ids);
			assert_true(str_equal(ids.trace, STR("4bf92f3577b34da6")));
		}
	}
}

static void test_what_is_nearly_a_uuid_is_none(void **state)
{
	(void)state;
	assert_ids("a 550e8400-e29b-41d4-a716-44665544000 b", "", "", "");
	assert_ids("a 550e8400-e29b-41d4-a716-4466554400001 b", "", "", "");
	assert_ids("a 0550e8400-e29b-41d4-a716-446655440000 b", "", "", "");
	assert_ids("a 550e8400-e29b-41g4-a716-446655440000 b", "", "", "");
	assert_ids("-550e8400-e29b-41d4-a716-446655440000", "", "", "");
	assert_ids("x/550e8400-e29b-41d4-a716-446655440000 650e8400-e29b-41d4-a716-446655440000",
		"", "", "650e8400-e29b-41d4-a716-446655440000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_w3c_trace_context_gives_trace_and_span),
		cmocka_unit_test(test_b3_gives_trace_and_span),
		cmocka_unit_test(test_keys_are_known_in_every_writing),
		cmocka_unit_test(test_openstack_requests_and_bare_uuids_are_requests),
		cmocka_unit_test(test_empty_ids_and_other_keys_are_none),
		cmocka_unit_test(test_ids_are_found_wherever_they_stand_in_a_block),
		cmocka_unit_test(test_what_is_nearly_a_uuid_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
