/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lineup/ids.h"
#include "lineup/line_mask.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN  "b7ad6b7169203331"
#define UUID  "6f1d2c3b-4a59-4e68-8f70-0123456789ab"

static void assert_ids(const char *line, const char *trace, const char *span, const char *request)
{
	struct line_ids ids;
	ids_read(str_from(line), 0, &ids);
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
	assert_ids("{\"@t\":\"x\",\"@tr\":\"" TRACE "\",\"@sp\":\"" SPAN "\"}", TRACE, SPAN, "");
	assert_ids("\"GET / HTTP/1.1\" 503 \"curl/8\" \"" UUID "\" \"svc\"", "", "", UUID);
	assert_ids("log=\"{\\\"requestId\\\":\\\"r-5\\\"}\"", "", "", "r-5");
}

static void test_ids_alone_in_brackets_need_no_key(void **state)
{
	(void)state;
	assert_ids("2025-11-09 17:00:00 INFO [" TRACE "] paid", TRACE, "", "");
	assert_ids("17:00:00.123 [INF] (" SPAN ") paid", "", "", SPAN);
	assert_ids("17:00:00 [1731171600123456] paid", "", "", "");
	assert_ids("17:00:00 [0af76519] paid [deadbeefdeadbeef]", "", "", "");
	assert_ids("17:00:00 call(" SPAN ")", "", "", "");
}

static void test_a_short_word_tells_an_id_that_looks_like_one(void **state)
{
	(void)state;
	assert_ids("INFO [req-1a2b3c4d] paid", "", "", "req-1a2b3c4d");
	assert_ids("INFO (REQ_417) paid", "", "", "REQ_417");
	assert_ids("request-K3f9Zx2 | paid", "", "", "request-K3f9Zx2");
	assert_ids("INFO [rid=1a2b3c4d] paid", "", "", "1a2b3c4d");
	assert_ids("{\"corr\": \"deadbeef\"}", "", "", "deadbeef");
	assert_ids("paid, txn_id: 417", "", "", "417");
	assert_ids("paid, call-id=[7f3a.]", "", "", "");
	/* any other id is better */
	assert_ids("[req-17] x [" UUID "]", "", "", UUID);
	assert_ids("[req-17] trace_id=" TRACE, TRACE, "", "");
	/* services, pods, words, rows and clients */
	assert_ids(
		"request-router-7 [req-web01] trace-collector-2 call-center-12 is up", "", "", "");
	assert_ids("rid=17 cid: 4711 request=GET transaction=begin req: none", "", "", "");
	assert_ids("requests=17 req-timeout=30s pre-req-17 request_rate: 12345", "", "", "");
	assert_ids("req-0000 done", "", "", "req-0000");
	assert_ids("req=0000 done", "", "", "");
}

static void assert_worded(const char *line, unsigned kinds, const char *id)
{
	struct str found = ids_worded(str_from(line), kinds);
	assert_true(str_equal(found, str_from(id)));
	if (id[0] != '\0')
		assert_int_equal(ids_worded(str_from(line), 0).len, 0);
}

static void test_what_may_be_an_id_is_one_where_the_log_shows_it(void **state)
{
	(void)state;
	assert_worded("paid rid=4711", IDS_NUMBERS, "4711");
	assert_worded("paid rid=4711", IDS_WORK | IDS_ALONE, "");
	assert_worded("order_id=ORD-4711 paid", IDS_WORK, "ORD-4711");
	assert_worded("{\"job\":\"4711\"}", IDS_WORK, "4711");
	assert_worded("job=nightly-report", IDS_WORK, "");
	assert_worded("INFO [1a2b3c4d] paid", IDS_ALONE, "1a2b3c4d");
	assert_worded("INFO [main] (1a2b3c4d5e6f) paid", IDS_ALONE, "1a2b3c4d5e6f");
	assert_worded("INFO x[1a2b3c4d] (veth60932156) [1731171600] paid", IDS_ALONE, "");
}

/* A thousand lines, of which each value has `lines` near each other, or comes all the time. */
static unsigned learned_of(
	const char *format_front, const char *behind, unsigned lines, bool comes_again)
{
	struct ids_evidence evidence = { 0 };
	for (unsigned i = 0; i < 1000; i++) {
		char line[64];
		unsigned value = 0x1a2b3c40 + (comes_again ? i % lines : i / lines);
		snprintf(line, sizeof(line), "INFO %s%x%s paid", format_front, value, behind);
		ids_learn(&evidence, str_from(line));
	}
	return ids_learned(&evidence);
}

static void test_ids_come_and_go_and_others_stay(void **state)
{
	(void)state;
	assert_int_equal(learned_of("[", "]", 6, false), IDS_ALONE);
	assert_int_equal(learned_of("[", "]", 1, false), IDS_ALONE);
	assert_int_equal(learned_of("order=", "", 6, false), IDS_WORK);
	assert_int_equal(learned_of("[", "]", 8, true), 0);   /* threads */
	assert_int_equal(learned_of("[", "]", 100, true), 0); /* many threads */
	assert_int_equal(learned_of("job=", "", 1000, false), 0);
	assert_int_equal(learned_of("job=", "", 100, false), 0);
	assert_int_equal(learned_of("req-", "", 6, false), 0); /* known without */
}

static void test_traces_of_jaeger_aws_and_spring_are_cut_from_what_they_stand_in(void **state)
{
	(void)state;
	assert_ids(
		"uber-trace-id: 0af7651916cd43dd:" SPAN ":0:1 done", "0af7651916cd43dd", SPAN, "");
	assert_ids("X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
		"1-5759e988-bd862e3fe1be46a994272793", "", "");
	assert_ids("INFO [cart," TRACE "," SPAN "] x", TRACE, SPAN, "");
	assert_ids("INFO [cart,0af7651916cd43dd," SPAN ",true] x", "0af7651916cd43dd", SPAN, "");
	assert_ids("INFO 1 --- [main] [" TRACE "-" SPAN "] o.s.X : x", TRACE, SPAN, "");
	assert_ids("INFO [" TRACE "] [a,b] x", TRACE, "", "");
	assert_ids("{\"trace\":{\"id\":\"" TRACE "\"},\"span\": {\"id\":\"" SPAN "\"}}", TRACE,
		SPAN, "");
	assert_ids("{\"user\":{\"id\":\"" TRACE "\"}}", "", "", "");
}

static void test_openstack_requests_and_bare_uuids_are_requests(void **state)
{
	(void)state;
	assert_ids("INFO x [req-" UUID " admin] GET", "", "", "req-" UUID);
	assert_ids("INFO x [" UUID "] begin", "", "", UUID);
	assert_ids("2026-03-01T10:00:00Z\t" UUID "\tINFO\tx", "", "", UUID);
	assert_ids("a\t" UUID " b", "", "", "");
	assert_ids("h2 app/x/50dc 502 \"Root=1-69230574-0123456789abcdef01234567\" \"h\"",
		"1-69230574-0123456789abcdef01234567", "", "");
	assert_ids("root=/dev/sda1 Root=1-69230574 Root: x", "", "", "");
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

/* Ids are looked for in blocks of 64 bytes: at every place of them, and at every length of the
 * line. */
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
			ids_read(str_of(line, (size_t)len), 0, &ids);
			assert_true(str_equal(ids.request, str_from(uuid)));
			len = snprintf(line, sizeof(line), "%*s trace_id=\"4bf92f3577b34da6\"%*s",
				(int)before, "", (int)behind, "");
			ids_read(str_of(line, (size_t)len), 0, &ids);
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

static uint32_t random_state = 1;

static unsigned random_digit(unsigned kinds)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 16) % kinds;
}

static bool same_place(struct str a, struct str b, const char *a_line, const char *b_line)
{
	return a.len == b.len && (a.len == 0 || a.ptr - a_line == b.ptr - b_line);
}

/* What line_memo relies on: the places of ids follow from the masked form,
 * where ids_read says so. */
static void test_lines_of_one_form_have_their_ids_in_the_same_places(void **state)
{
	(void)state;
	static const char *const lines[] = { "traceparent: 00-" TRACE "-" SPAN "-01 ok",
		"b3: " TRACE "-" SPAN "-1", "b7: " TRACE "-" SPAN "-1",
		"X-B3-TraceId=" TRACE " X-B3-SpanId=" SPAN " spanId=000000000000",
		"[trace_id=" TRACE "] took 15 ms request_id=77 corr-id: " UUID,
		"trace_id=00000000 traceparent=00-" TRACE "-" SPAN "-01", "[req-" UUID "] x",
		"POST /v1/" UUID " 200 " UUID ", b4=" SPAN "-" SPAN, "span_id=1 reqid=00",
		"INFO [cart," TRACE "," SPAN "] [" TRACE "-" SPAN "] x",
		"Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
		"uber-trace-id: " SPAN ":" SPAN ":0:1", "{\"trace\":{\"id\":\"" TRACE "\"}}",
		"[1a2b3c4d5e] x", "[req-1a2b3c4d5e] x", "order=ORD-417 x", "[req-17] took 15 ms",
		"rid=4711 x", "x [1a2b3c] x", "(1a2b3c4d5e) order_id: 17",
		"rid=0af7651916cd txn: 417", "corr=K3f9Zx2 rid=" SPAN, "req=0000 x",
		"rid=deadbeef00 x", "x txn-0af7651916cd",
		"{\"ts\":1700000000,\"trace\":\"" SPAN "\",\"span.id\":\"0a1b2c3d\"}" };
	size_t compared = 0;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char line[512] = { 0 }, changed[512] = { 0 };
		char masked[LINE_MASK_BYTES + LINE_MASK_PADDING], other[sizeof(masked)];
		size_t len = strlen(lines[i]);
		memcpy(line, lines[i], len);
		struct line_ids ids, changed_ids;
		ids_read(str_of(line, len), i % 2 == 0 ? 7 : 0, &ids);
		line_mask(str_of(line, len), masked);
		for (int round = 0; round < 2000; round++) {
			/* many zeros, so that some ids say nothing */
			bool zeros = random_digit(8) == 0;
			for (size_t k = 0; k < len; k++) {
				char digit = "0123456789abcdef"[random_digit(
					masked[k] == LINE_MASK_ID ? 16 : 10)];
				bool variable = masked[k] == LINE_MASK_ID || masked[k] == '0';
				changed[k] = !variable ? line[k] : zeros ? '0' : digit;
			}
			line_mask(str_of(changed, len), other);
			ids_read(str_of(changed, len), i % 2 == 0 ? 7 : 0, &changed_ids);
			if (memcmp(masked, other, len) != 0 || ids.digits_matter ||
				(ids.trace.len > 0 &&
					!ids_says_something(str_of(changed + (ids.trace.ptr - line),
						ids.trace.len))) ||
				(ids.span.len > 0 &&
					!ids_says_something(str_of(
						changed + (ids.span.ptr - line), ids.span.len))) ||
				(ids.request.len > 0 && !ids_says_something(str_of(
								changed + (ids.request.ptr - line),
								ids.request.len))))
				continue;
			compared++;
			assert_true(same_place(ids.trace, changed_ids.trace, line, changed));
			assert_true(same_place(ids.span, changed_ids.span, line, changed));
			assert_true(same_place(ids.request, changed_ids.request, line, changed));
		}
	}
	assert_true(compared > 5000);
}

static void test_digits_matter_where_a_key_has_one_or_an_id_says_nothing(void **state)
{
	(void)state;
	struct line_ids ids;
	ids_read(STR("b3: " TRACE "-" SPAN "-1"), 0, &ids);
	assert_true(ids.digits_matter);
	ids_read(STR("b5 = 1"), 0, &ids);
	assert_true(ids.digits_matter);
	ids_read(STR("trace_id=0000000000000000 done"), 0, &ids);
	assert_true(ids.digits_matter);
	ids_read(STR("trace_id=" TRACE " took 15 ms"), 0, &ids);
	assert_false(ids.digits_matter);
}

static void test_a_request_is_one_with_and_without_its_prefix(void **state)
{
	(void)state;
	struct str uuid = STR("3f2b1c9a-5d4e-4f60-8a7b-9c0d1e2f3a4b");
	assert_true(
		str_equal(ids_canonical(STR("req-3f2b1c9a-5d4e-4f60-8a7b-9c0d1e2f3a4b")), uuid));
	assert_true(str_equal(ids_canonical(uuid), uuid));
	assert_true(str_equal(ids_canonical(STR("REQ_8f3a2b1c")), STR("8f3a2b1c")));
	assert_true(str_equal(ids_canonical(STR("request-8f3a2b1c")), STR("8f3a2b1c")));
	assert_true(str_equal(ids_canonical(STR("req-1")), STR("req-1")));
	assert_int_equal(ids_canonical(STR_NONE).len, 0);
}

static void test_ids_are_whole_and_the_first_that_is_one_counts(void **state)
{
	(void)state;
	assert_ids(UUID " began", "", "", UUID);
	assert_ids("trace_id=0af76519-x17 a", "0af76519-x17", "", "");
	assert_ids("a [deadbeef] [b7ad6b7169203331] b", "", "", "b7ad6b7169203331");
	assert_ids("a [1234567890123456] b", "", "", "");
	assert_ids("request-id=undefined", "", "", "");
	assert_ids("request-id=n/a", "", "", "");
	assert_ids("request-id=none", "", "", "");
	assert_true(str_equal(ids_canonical(STR("req-123456")), STR("123456")));
	assert_true(str_equal(ids_canonical(STR("req-12345")), STR("req-12345")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_w3c_trace_context_gives_trace_and_span),
		cmocka_unit_test(test_b3_gives_trace_and_span),
		cmocka_unit_test(test_keys_are_known_in_every_writing),
		cmocka_unit_test(test_ids_alone_in_brackets_need_no_key),
		cmocka_unit_test(test_a_short_word_tells_an_id_that_looks_like_one),
		cmocka_unit_test(test_what_may_be_an_id_is_one_where_the_log_shows_it),
		cmocka_unit_test(test_ids_come_and_go_and_others_stay),
		cmocka_unit_test(
			test_traces_of_jaeger_aws_and_spring_are_cut_from_what_they_stand_in),
		cmocka_unit_test(test_openstack_requests_and_bare_uuids_are_requests),
		cmocka_unit_test(test_empty_ids_and_other_keys_are_none),
		cmocka_unit_test(test_ids_are_found_wherever_they_stand_in_a_block),
		cmocka_unit_test(test_what_is_nearly_a_uuid_is_none),
		cmocka_unit_test(test_a_request_is_one_with_and_without_its_prefix),
		cmocka_unit_test(test_lines_of_one_form_have_their_ids_in_the_same_places),
		cmocka_unit_test(test_digits_matter_where_a_key_has_one_or_an_id_says_nothing),
		cmocka_unit_test(test_ids_are_whole_and_the_first_that_is_one_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
