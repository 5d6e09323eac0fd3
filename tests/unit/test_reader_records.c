/* SPDX-License-Identifier: MIT */
/* Records of YAML, entries of the journal a field a line and documents in cells become lines of
 * JSON. */
#include "src/input/flow.h"
#include "tests/unit/reader_stage.h"

#define D1 "\"2026-03-01T10:00:01Z\""
#define D2 "\"2026-03-01T10:00:02Z\""

static void test_records_of_yaml_become_json_a_line_each(void **state)
{
	(void)state;
	static const struct document cases[] = {
		/* items of a list that stands in something, as kubectl prints events */
		{ "apiVersion: v1\nitems:\n- count: 1\n  lastTimestamp: " D1
		  "\n  message: 'it''s \"a\"'\n  source:\n    host: n\n- count: 012\r\n  "
		  "lastTimestamp: " D2
		  "\r\n  message: |-\r\n    a\r\n\r\n    b\\c\r\n  x: [~, true, "
		  "1.5, -2, 3.]\r\nkind: List\n",
			"apiVersion: v1\nitems:\n{\"count\":1,\"lastTimestamp\":" D1
			",\"message\":\"it's \\\"a\\\"\",\"source\":{\"host\":\"n\"}}\n\n\n\n\n"
			"{\"count\":\"012\",\"lastTimestamp\":" D2
			",\"message\":\"a\\n\\nb\\\\c\",\"x\":[null,true,1.5,-2,\"3.\"]}"
			"\n\n\n\n\n\n\n"
			"kind: List\n" },
		/* documents, as gcloud prints entries; the last one is cut in the middle of a text
		 */
		{ "---\ntextPayload: a\ntimestamp: " D1 "\n---\ntextPayload: b\ntimestamp: " D2
		  "\n---\ntimestamp: " D1 "\ntextPayload: 'c",
			"---\n{\"textPayload\":\"a\",\"timestamp\":" D1
			"}\n\n---\n{\"textPayload\":\"b\",\"timestamp\":" D2
			"}\n\n---\ntimestamp: " D1 "\ntextPayload: 'c" },
		/* the list of another member, further in */
		{ "events:\n  - ts: 1772359201\n    m: a\n  - ts: 1772359202\n    m: b\nothers:\n- "
		  "ts: "
		  "1772359203",
			"events:\n{\"ts\":1772359201,\"m\":\"a\"}\n\n{\"ts\":1772359202,\"m\":"
			"\"b\"}\n"
			"\nothers:\n{\"ts\":1772359203}" },
		/* times that are not the items' own, one item alone, no list but a log */
		{ "items:\n- metadata:\n    creationTimestamp: " D1
		  "\n- metadata:\n    creationTimestamp: " D2 "\n",
			NULL },
		{ "items:\n- time: " D1 "\n", NULL },
		{ "12:00 a: b\n- time: " D1 "\n- time: " D2 "\n", NULL },
		{ "---\ntime: " D1 "\ntime: " D2 "\n", NULL },
	};
	check_documents(cases, countof(cases));
}

/* A value with its length of 8 bytes in front of it, as exports have it. */
#define LENGTH(bytes) bytes "\0\0\0\0\0\0\0"

static const char export_text[] =
	"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1772359201000000\nPRIORITY=3\nMESSAGE\n" LENGTH(
		"\x0a") "ab\n\"c\"\n\n=x\nA=b=c\n\n"
			"__CURSOR=s=2\nMESSAGE\n" LENGTH("\x01") "d\n\n";

static const char export_lines[] =
	"{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"1772359201000000\",\"PRIORITY\":\"3\","
	"\"MESSAGE\":\"ab\\n\\\"c\\\"\\n\\n=x\",\"A\":\"b=c\"}\n\n\n\n\n\n\n\n\n\n\n"
	"{\"__CURSOR\":\"s=2\",\"MESSAGE\":\"d\"}\n\n\n\n";

static void test_entries_of_an_export_become_a_line_each(void **state)
{
	(void)state;
	struct result got = read_text(export_text, sizeof(export_text) - 1, &read_limits_default);
	assert_true(str_equal(str_of(got.text.ptr, got.text.len), str_from(export_lines)));
	result_free(&got);
	/* cut anywhere behind the first stamp: no line is lost, what there is of a value is told */
	for (size_t len = 60; len < sizeof(export_text); len++) {
		got = read_text(export_text, len, &read_limits_default);
		assert_int_equal(got.troubles, 0);
		assert_true(got.text.len > 0);
		result_free(&got);
	}
	got = read_text(export_text, sizeof(export_text) - 3, &read_limits_default);
	assert_true(str_ends(str_of(got.text.ptr, got.text.len),
		STR("{\"__CURSOR\":\"s=2\",\"MESSAGE\":\"d\"}\n\n")));
	result_free(&got);
}

static void test_a_value_of_no_bytes_ends_where_it_begins(void **state)
{
	(void)state;
	static const char text[] =
		"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\nMESSAGE\n" LENGTH("\0") "\nA=b\n";
	struct result got = read_text(text, sizeof(text) - 1, &read_limits_default);
	assert_true(str_ends(str_of(got.text.ptr, got.text.len),
		STR("\"MESSAGE\":\"\",\"A\":\"b\"}\n\n\n\n\n")));
	result_free(&got);
}

static void test_verbose_entries_become_a_line_each(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "-- Journal begins at Mon 2026-03-01 --\n"
		  "Sun 2026-03-01 10:00:01.5 UTC [s=a;i=1;b=c]\n    PRIORITY=3\n    _PID=7\n"
		  "    MESSAGE=a \"b\"\n            more=c\n"
		  "Sun 2026-03-01 10:00:02.5 UTC [s=a;i=2;b=c]\n    MESSAGE=d\n-- Boot 0 --\n",
			"-- Journal begins at Mon 2026-03-01 --\n"
			"{\"time\":\"2026-03-01 10:00:01.5 UTC\",\"PRIORITY\":\"3\",\"_PID\":\"7\","
			"\"MESSAGE\":\"a \\\"b\\\"\\nmore=c\"}\n\n\n\n\n"
			"{\"time\":\"2026-03-01 10:00:02.5 UTC\",\"MESSAGE\":\"d\"}\n\n"
			"-- Boot 0 --\n" },
		/* a log whose lines end with a bracket, and fields without an entry */
		{ "Sun 2026-03-01 10:00:01.5 UTC [s=a;i=1]\n  x=1\n", NULL },
		{ "PRIORITY=3\n__REALTIME_TIMESTAMP=1772359201000000\n", NULL },
	};
	check_documents(cases, countof(cases));
}

static void test_rows_with_a_document_become_the_document(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "\"@timestamp\",\"_source\",id\n"
		  "\"Mar 1, 2026 @ 10:00:01\",\"{\"\"message\"\": \"\"a, \\\"\"b\\\"\"\"\"}\",7\r\n"
		  "x,y\n\"Mar 1, 2026\",\"{\"\"m\"\": 1}\",8",
			"\"@timestamp\",\"_source\",id\n{\"message\": \"a, \\\"b\\\"\"}\nx,y\n"
			"{\"m\": 1}" },
		{ "\xef\xbb\xbf_source\n\"{\"\"m\"\": 1}\"\n", "_source\n{\"m\": 1}\n" },
		/* a column of paths, and documents in a column of another name */
		{ "_time,_source\n1,/var/log/a.log\n", NULL },
		{ "_time,_sourceName\n1,\"{\"\"m\"\": 1}\"\n", NULL },
	};
	check_documents(cases, countof(cases));
}

#define LOGCAT                                                                                     \
	"--------- beginning of main\n[ 11-24 02:50:00.134  1234: 1300 I/cart ]\na b\nmore\n\n"    \
	"[ 11-24 02:50:01.134    12:   13 E/Activity Manager ]\r\nc\r\n\n"                         \
	"[ 11-24 02:50:02.134    12:   13 W/x ]\n[ 11-24 02:50:03.134    12:   13 W/y ]"

static void test_what_logcat_prints_in_brackets_stands_before_its_message(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ LOGCAT, "--------- beginning of main\n"
			  "11-24 02:50:00.134  1234  1300 I cart: a b\n\nmore\n\n"
			  "11-24 02:50:01.134  12  13 E Activity Manager: c\n\n\n"
			  "11-24 02:50:02.134  12  13 W x: \n"
			  "11-24 02:50:03.134  12  13 W y: " },
		/* the year in front */
		{ "[ 2026-11-24 02:50:00.134  1234: 1300 I/cart ]\na\n",
			"2026-11-24 02:50:00.134  1234  1300 I cart: a\n\n" },
		/* other logs with their stamps in brackets */
		{ "[ 11-24 02:50:00.134 ] a\nb\n", NULL },
		{ "[ 11-24 02:50:00.134  1234 1300 I/cart ]\nb\n", NULL },
		{ "[ 11-24 02:50:00.134  1234: 1300 cart ]\nb\n", NULL },
		{ "[ a 02:50:00.134  1234: 1300 I/cart ]\nb\n", NULL },
	};
	check_documents(cases, countof(cases));
}

#define RULE "---------------------------------------------------------------------------\n"
#define ERRPT                                                                                      \
	RULE "LABEL:\t\tSC_DISK_ERR4\nIDENTIFIER:\tDCB47997\n\nDate/Time:       Tue Nov 24 "       \
	     "02:50:00 "                                                                           \
	     "UTC 2026\nType:            PERM\nVPD:\n\nDescription\nDISK OPERATION "               \
	     "ERROR\n\nProbable "                                                                  \
	     "Causes\nDASD\n" RULE "LABEL:\t\tX\nType:            TEMP\n"

static void test_errors_of_aix_become_a_line_each(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ ERRPT RULE "LABEL: Y\nType: INFO\nDescription\nOK",
			"{\"LABEL\":\"SC_DISK_ERR4\",\"IDENTIFIER\":\"DCB47997\","
			"\"Date/Time\":\"Tue Nov 24 02:50:00 UTC 2026\",\"Type\":\"PERM\","
			"\"level\":\"error\",\"message\":\"DISK OPERATION ERROR\"}"
			"\n\n\n\n\n\n\n\n\n\n\nProbable Causes\nDASD\n"
			/* cut: it has no description */
			RULE "LABEL:\t\tX\nType:            TEMP\n"
			"{\"LABEL\":\"Y\",\"Type\":\"INFO\",\"level\":\"info\",\"message\":\"OK\"}"
			"\n\n\n\n" },
		/* a rule in another text, and an entry without its date */
		{ RULE "a\nLABEL: b\nDate/Time: c\n", NULL },
		{ RULE "LABEL: b\nDescription\nc\n", NULL },
		{ "--\nLABEL: b\nDate/Time: c\nDescription\nc\n", NULL },
	};
	check_documents(cases, countof(cases));
}

static void test_records_read_the_same_with_buffers_of_any_size(void **state)
{
	(void)state;
	static const char yaml[] =
		"items:\n- time: " D1 "\n  m: a\n- time: " D2 "\n  m: |\n    b\n";
	static const struct str texts[] = { { export_text, sizeof(export_text) - 1 },
		{ yaml, sizeof(yaml) - 1 }, { LOGCAT, sizeof(LOGCAT) - 1 },
		{ ERRPT, sizeof(ERRPT) - 1 } };
	struct flow_tuning usual = flow_tuning;
	for (size_t i = 0; i < countof(texts); i++) {
		struct result want = read_text(texts[i].ptr, texts[i].len, &read_limits_default);
		for (size_t bytes = 1; bytes <= 64; bytes += bytes < 4 ? 1 : 13) {
			flow_tuning.buffer_bytes = flow_tuning.read_bytes = bytes;
			struct result got =
				read_text(texts[i].ptr, texts[i].len, &read_limits_default);
			assert_int_equal(got.text.len, want.text.len);
			assert_memory_equal(got.text.ptr, want.text.ptr, want.text.len);
			result_free(&got);
		}
		flow_tuning = usual;
		result_free(&want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_of_yaml_become_json_a_line_each),
		cmocka_unit_test(test_entries_of_an_export_become_a_line_each),
		cmocka_unit_test(test_a_value_of_no_bytes_ends_where_it_begins),
		cmocka_unit_test(test_verbose_entries_become_a_line_each),
		cmocka_unit_test(test_rows_with_a_document_become_the_document),
		cmocka_unit_test(test_what_logcat_prints_in_brackets_stands_before_its_message),
		cmocka_unit_test(test_errors_of_aix_become_a_line_each),
		cmocka_unit_test(test_records_read_the_same_with_buffers_of_any_size),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
