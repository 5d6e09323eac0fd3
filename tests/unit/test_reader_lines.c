/* SPDX-License-Identifier: MIT */
/* Documents of JSON and XML that hold many records, and mails, become lines. */
#include "tests/unit/reader_stage.h"

#define T1 "\"time\": \"2026-03-01T10:00:01Z\""
#define T2 "\"time\": \"2026-03-01T10:00:02Z\""

static void test_a_record_over_several_lines_becomes_one_and_keeps_its_number(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "[\n  {\n    " T1 ",\n    \"m\": \"a b\"\n  },\n  {\n    " T2 "\n  }\n]\n",
			"[\n  {" T1 ",\"m\": \"a b\"}\n    \n    \n   \n  {" T2
			"}\n    \n  \n]\n" },
		/* values one behind the other, as journalctl and jq print them */
		{ "{\n\t" T1 "\n}\n{\n\t" T2 "\n}\n", "{" T1 "}\n\t\n\n{" T2 "}\n\t\n\n" },
		/* below others, and with objects of its own */
		{ "{\"n\": 1,\n \"hits\": [\n{\"s\": {\n" T1 "}},\n{\"s\": {" T2 "}}]}",
			"{\"n\": 1,\n \"hits\": [\n{\"s\": {" T1 "}}\n \n{\"s\": {" T2 "}}\n]}" },
	};
	check_documents(cases, countof(cases));
}

static void test_records_that_share_a_line_get_lines_of_their_own(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "[{" T1 "},{" T2 "}]", "[\n{" T1 "}\n{" T2 "}\n]" },
		{ "{\"Records\":[{" T1 "}, {" T2 "}]}\n",
			"{\"Records\":[\n{" T1 "}\n {" T2 "}\n]}\n" },
		{ "\xef\xbb\xbf[{" T1 "},\r\n{" T2 "}]\r\n", "[\n{" T1 "} \n{" T2 "}\n]\n" },
		{ "[{" T1 "}\n,{" T2 "}\n]\n", "[\n{" T1 "}\n,\n{" T2 "}\n]\n" },
	};
	check_documents(cases, countof(cases));
}

static void test_what_names_the_stream_of_records_stands_in_each_of_them(void **state)
{
	(void)state;
	static const struct document cases[] = {
		/* as a log service sends them on, without anything between */
		{ "{\"group\":\"/ecs/cart\",\"n\":1,\"events\":[{\"timestamp\":1772359201000},"
		  "{\"timestamp\":1772359202000}]}{\"group\":\"pay\",\"events\":[{\"timestamp\":"
		  "1772359203000}]}",
			"{\"group\":\"/ecs/cart\",\"n\":1,\"events\":[\n"
			"{\"timestamp\":1772359201000,\"group\":\"/ecs/cart\"}\n"
			"{\"timestamp\":1772359202000,\"group\":\"/ecs/cart\"}\n"
			"]}{\"group\":\"pay\",\"events\":[\n"
			"{\"timestamp\":1772359203000,\"group\":\"pay\"}\n]}" },
		/* as Loki answers: a time and a text */
		{ "{\"data\":{\"result\":[{\"stream\":{\"app\":\"cart\"},\"values\":["
		  "[\"1772359201000000000\",\"a, [b]\"],[\"1772359202000000000\",\"c\",{}]]},"
		  "{\"stream\":{\"app\":\"pay\"},\"values\":[[\"1772359203000000000\",\"d\"]]}]}}",
			"{\"data\":{\"result\":[{\"stream\":{\"app\":\"cart\"},\"values\":[\n"
			"{\"timestamp\":\"1772359201000000000\",\"line\":\"a, [b]\","
			"\"stream\":{\"app\":\"cart\"}}\n"
			"{\"timestamp\":\"1772359202000000000\",\"line\":\"c\",\"metadata\":{},"
			"\"stream\":{\"app\":\"cart\"}}\n"
			"]},{\"stream\":{\"app\":\"pay\"},\"values\":[\n"
			"{\"timestamp\":\"1772359203000000000\",\"line\":\"d\","
			"\"stream\":{\"app\":\"pay\"}}\n]}]}}" },
	};
	check_documents(cases, countof(cases));
}

#define D1 "\"2026-03-01T10:00:01Z\""
#define D2 "\"2026-03-01T10:00:02Z\""

static void test_rows_of_a_table_get_the_names_of_its_columns(void **state)
{
	(void)state;
	static const struct document cases[] = {
		/* a list of columns, with more values than names, and none */
		{ "{\"tables\":[{\"name\":\"t\",\"columns\":[{\"name\":\"time\",\"type\":\"d\"},"
		  "{\"type\":\"s\",\"ColumnName\":\"msg\"}],\"rows\":[[" D1 ",\"a, b\"],[" D2
		  ",null,7],[]]}]}",
			"{\"tables\":[{\"name\":\"t\",\"columns\":[{\"name\":\"time\",\"type\":"
			"\"d\"},{\"type\":\"s\",\"ColumnName\":\"msg\"}],\"rows\":[\n"
			"{\"time\":" D1 ",\"msg\":\"a, b\",\"name\":\"t\"}\n"
			"{\"time\":" D2 ",\"msg\":null,\"\":7,\"name\":\"t\"}\n"
			"{\"name\":\"t\"}\n]}]}" },
		/* names alone; of two lists the one in front of the rows */
		{ "{\"x\":{\"tags\":[\"p\",\"q\"],\"columns\":[\"time\",\"msg\"],\"values\":[["
		  "\n " D1 ",\n \"a\"\n],[" D2 ",\"b\"]]}}",
			"{\"x\":{\"tags\":[\"p\",\"q\"],\"columns\":[\"time\",\"msg\"],"
			"\"values\":[\n{\"time\":" D1 ",\"msg\":\"a\"}\n \n \n "
			"{\"time\":" D2 ",\"msg\":\"b\"}\n]}}" },
		/* no names: the rows stay lists */
		{ "{\"x\":{\"n\":[1,2],\"tags\":[\"p\"],\"rows\":[[" D1 ",1],[" D2 ",2]]}}",
			"{\"x\":{\"n\":[1,2],\"tags\":[\"p\"],\"rows\":[\n[" D1 ",1]\n[" D2
			",2]\n]}}" },
	};
	check_documents(cases, countof(cases));
}

static void test_lines_and_what_is_no_run_of_records_stay_as_they_are(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"{" T1 ",\"jobs\":[{" T1 "},{" T2 "}]}\n{" T2 ",\"jobs\":[{" T1 "}]}\n",
		"{\"jobs\":[{" T1 "}]}\n{\"jobs\":[{" T1 "}]}\n",
		"{\n  \"name\": \"shop\",\n  \"ports\": [\n    80\n  ]\n}\n",
		"{\n  " T1 ",\n  \"parts\": [\n    1\n  ]\n}\n",
		"[2026-03-01 10:00:01] {\"a\": [{" T1 "},{" T2 "}]}\n",
		"[{" T1 "} and no JSON at all\n[{" T2 "}\n",
		/* numbers that are no times */
		"[{\"id\": 1772359201},{\"id\": 1772359202}]\n",
		"[{\"v\": \"2026-03-01x10:00:01\"},{\"v\": \"2026-03-01x10:00:02\"}]\n",
	};
	for (size_t i = 0; i < countof(texts); i++)
		check_documents(&(struct document){ texts[i], texts[i] }, 1);
}

static void test_text_behind_a_broken_record_is_read_on_its_own_lines(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "[\n{\n" T1 "\n},\n{\n" T2 "\n},\n{\n\"m\": \"cut\nERROR behind it\nmore {\n",
			"[\n{" T1 "}\n\n \n{" T2
			"}\n\n \n{\"m\": \"cut\n\nERROR behind it\nmore {\n" },
		{ "{\n" T1 "\n}\n{\n" T2 "\n}\nERROR \"}\n{\n" T1 "\n}\n",
			"{" T1 "}\n\n\n{" T2 "}\n\n\nERROR \"}\n{" T1 "}\n\n\n" },
		{ "{\n" T1 "\n}\n{\n" T2 "\n}\n{\n" T1 "\nERROR in it\n}\nnext\n",
			"{" T1 "}\n\n\n{" T2 "}\n\n\n{" T1 "ERROR in it\n\n\n}\nnext\n" },
	};
	check_documents(cases, countof(cases));
}

static void test_no_byte_is_lost_wherever_a_document_ends(void **state)
{
	(void)state;
	static const char text[] =
		"{\n  \"events\": [\n    {\n      " T1 ",\n      \"m\": \"x\"\n    "
		"},\n    {\n      " T2 "\n    } ,\n\n    {" T1 "},   {" T2
		"}\n  ],\n  \"n\": 3\n}\n";
	for (size_t len = 0; len < sizeof(text); len++) {
		struct result got = read_text(text, len, &read_limits_default);
		assert_int_equal(got.text.len, len);
		assert_int_equal(got.troubles, 0);
		result_free(&got);
	}
}

static void test_documents_read_the_same_with_buffers_of_any_size(void **state)
{
	(void)state;
	static const char text[] = "{\"a\":\"b\",\"e\":[\n{\n " T1 ",\"m\":\"q\\\"\\\\\"\n },{" T2
				   "},\n\n{" T1 "}]}\n{\"a\":\"c\",\"e\":[{" T2 "}]}\n";
	struct result want = read_text(text, sizeof(text) - 1, &read_limits_default);
	struct flow_tuning usual = flow_tuning;
	for (size_t bytes = 1; bytes <= 64; bytes += bytes < 4 ? 1 : 13) {
		flow_tuning.buffer_bytes = flow_tuning.read_bytes = bytes;
		struct result got = read_text(text, sizeof(text) - 1, &read_limits_default);
		assert_int_equal(got.text.len, want.text.len);
		assert_memory_equal(got.text.ptr, want.text.ptr, want.text.len);
		assert_int_equal(got.offset_sums, want.offset_sums);
		result_free(&got);
	}
	flow_tuning = usual;
	result_free(&want);
}

#define XMLNS " xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>"

static void test_events_of_windows_on_one_line_get_lines_of_their_own(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "<?xml version=\"1.0\"?>\r\n<Events><Event" XMLNS
		  "<EventData>a</EventData></Event><Event" XMLNS "<<Eve</Event></Events>",
			"<?xml version=\"1.0\"?>\n<Events>\n<Event" XMLNS
			"<EventData>a</EventData></Event>\n<Event" XMLNS "<<Eve</Event></Events>" },
		{ "<Event" XMLNS "</Event>\n<Event" XMLNS "</Event>\n<Ev",
			"<Event" XMLNS "</Event>\n<Event" XMLNS "</Event>\n<Ev" },
	};
	for (size_t bytes = 1; bytes <= 64; bytes *= 8) {
		set_tuning(bytes, bytes);
		check_documents(cases, countof(cases));
	}
	set_tuning(1 << 16, 1 << 16);
}

static void test_events_of_windows_in_text_become_a_line_each(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "Event[0]\r\n  Log Name: System\r\n  Source: disk\r\n  Description: \r\nbad "
		  "block\r\nat 7\r\n\r\n",
			"Event[0]  Log Name: System  Source: disk  Description: bad block"
			"\n\n\n\n\nat 7\n\n" },
		/* without a text, with a text in the same line, without an end */
		{ "Event[0]\n  Log Name: a\n\nEvent[1]\n  Log Name: a\n  Description: x\n\nb",
			"Event[0]  Log Name: a\n\n\nEvent[1]  Log Name: a  Description: x"
			"\n\n\n\nb" },
		{ "Event[0]\n  Log Name: a\n  Description:",
			"Event[0]  Log Name: a  Description:\n\n" },
		/* what only begins so */
		{ "Event[0] is the first\n  Log: a\n", "Event[0] is the first\n  Log: a\n" },
	};
	check_documents(cases, countof(cases));
}

#define AT "{\"__REALTIME_TIMESTAMP\":\"1772359201000000\","

static void test_a_message_of_bytes_in_the_journals_json_becomes_text(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ AT "\"MESSAGE\":[27,91,109,97,34,92,195,164,255],\"A\":[1]}\n" AT
		     "\"MESSAGE\" : [ 97 , 98 ]}",
			AT "\"MESSAGE\":\"\\u001b[ma\\\"\\\\\xc3\xa4\xff\",\"A\":[1]}\n" AT
			   "\"MESSAGE\" : \"ab\"}" },
		/* what is none stays as it is */
		{ AT "\"MESSAGE\":[256]}\n" AT "\"MESSAGE\":[97\n" AT "\"MESSAGE\":[]}\n" AT
		     "\"MESSAGE\":\"a\"}\n{\"A\":[97]}\n" AT "\"MESSAGE\":[97,]}\n" AT
		     "\"MESSAGE\"",
			AT "\"MESSAGE\":[256]}\n" AT "\"MESSAGE\":[97\n" AT "\"MESSAGE\":[]}\n" AT
			   "\"MESSAGE\":\"a\"}\n{\"A\":[97]}\n" AT "\"MESSAGE\":[97,]}\n" AT
			   "\"MESSAGE\"" },
	};
	check_documents(cases, countof(cases));
}

static void test_text_that_is_attached_to_a_mail_is_read_in_its_place(void **state)
{
	(void)state;
	static const char head[] = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: "
				   "multipart/mixed; boundary=b\n\n";
	static const struct document parts[] = {
		{ "--b\nContent-Transfer-Encoding: base64\n\nb25lCnR3\r\nbw==\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\none\ntwo\n--b--\n" },
		/* behind more blank lines than one */
		{ "--b\nContent-Transfer-Encoding: base64\n\n\nb25lCnR3\r\nbw==\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\n\none\ntwo\n--b--\n" },
		/* packed, in one stream or two; over several lines of code */
		{ "--b\nContent-Transfer-Encoding: "
		  "base64\n\nH4sIAAAAAAACA8vPS+UqKc/nAgDmC7oSCAAAAA==\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\none\ntwo\n\n--b--\n" },
		{ "--b\nContent-Transfer-Encoding: "
		  "base64\n\nH4sIAAAAAAACA8vPS+Uq\nKc/"
		  "nAgDmC7oSCAAAAB+LCAAAAAAAAgMryShKTQUA9djFRgUAAAA=\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\none\ntwo\nthree\n--b--\n" },
		{ "--b\nContent-Transfer-Encoding: "
		  "base64\n\nQlpoOTFBWSZTWacUK3cA\nAALBgAAQAgGEgCAAIYAMAjj1G4u5IpwoSFOKFbuA\n",
			"--b\nContent-Transfer-Encoding: base64\n\none\ntwo\n" },
		/* packed, and no text; damaged; with an end missing */
		{ "--b\nContent-Transfer-Encoding: "
		  "base64\n\nH4sIAAAAAAACA2NgZErK\nzAMAZ8PNcwYAAAA=\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\n\n\n--b--\n" },
		{ "--b\nContent-Transfer-Encoding: "
		  "base64\n\nH4sIAAAAAAACAwfPS+Uq\nKc/nAgDmC7oSCAAAAA==\nAAAA\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\n\n\n\n--b--\n" },
		{ "--b\nContent-Transfer-Encoding: base64\n\nH4sIAAAAAAACA8vPS+UqKc/nAgA=\n--b--\n",
			"--b\nContent-Transfer-Encoding: base64\n\none\ntwo\n\n--b--\n" },
		/* no text: as many lines, and nothing in them */
		{ "--b\ncontent-transfer-encoding: BASE64\n\nH4sIAAAA\nAAAA\n\n--b--\n",
			"--b\ncontent-transfer-encoding: BASE64\n\n\n\n\n--b--\n" },
		{ "--b\nContent-Transfer-Encoding: 7bit\n\nb25lCnR3\nb25l\n--b\n\nb25l",
			"--b\nContent-Transfer-Encoding: 7bit\n\nb25lCnR3\nb25l\n--b\n\nb25l" },
	};
	for (size_t i = 0; i < 2 * countof(parts); i++) {
		char mail[512], lines[512];
		const struct document *part = &parts[i / 2];
		set_tuning(i % 2 == 0 ? 1 : 1 << 16, i % 2 == 0 ? 1 : 1 << 16);
		snprintf(mail, sizeof(mail), "%s%s", head, part->text);
		snprintf(lines, sizeof(lines), "%s%s", head, part->lines);
		struct result got = read_text(mail, strlen(mail), &read_limits_default);
		assert_int_equal(
			got.troubles, i / 2 >= 5 && i / 2 <= 8); /* something is left out */
		if (got.text.len != strlen(lines) || memcmp(got.text.ptr, lines, got.text.len) != 0)
			fail_msg("case %zu: %.*s", i, (int)got.text.len, got.text.ptr);
		result_free(&got);
	}
}

static void test_lines_that_end_with_cr_alone_are_lines(void **state)
{
	(void)state;
	static const struct document cases[] = {
		{ "one\rtwo\rthree", "one\ntwo\nthree" },
		{ "one\rtwo\r", "one\ntwo\n" },
		{ "a bar 10%\rand no more", "a bar 10%\rand no more" },
		{ "bar 1%\rbar 2%\rbar 3%\ndone\n", "bar 1%\rbar 2%\rbar 3%\ndone\n" },
	};
	check_documents(cases, countof(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_record_over_several_lines_becomes_one_and_keeps_its_number),
		cmocka_unit_test(test_records_that_share_a_line_get_lines_of_their_own),
		cmocka_unit_test(test_what_names_the_stream_of_records_stands_in_each_of_them),
		cmocka_unit_test(test_rows_of_a_table_get_the_names_of_its_columns),
		cmocka_unit_test(test_lines_and_what_is_no_run_of_records_stay_as_they_are),
		cmocka_unit_test(test_text_behind_a_broken_record_is_read_on_its_own_lines),
		cmocka_unit_test(test_no_byte_is_lost_wherever_a_document_ends),
		cmocka_unit_test(test_documents_read_the_same_with_buffers_of_any_size),
		cmocka_unit_test(test_events_of_windows_on_one_line_get_lines_of_their_own),
		cmocka_unit_test(test_events_of_windows_in_text_become_a_line_each),
		cmocka_unit_test(test_a_message_of_bytes_in_the_journals_json_becomes_text),
		cmocka_unit_test(test_text_that_is_attached_to_a_mail_is_read_in_its_place),
		cmocka_unit_test(test_lines_that_end_with_cr_alone_are_lines),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
