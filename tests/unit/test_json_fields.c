/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lineup/json_fields.h"

static struct json_fields fields;

static struct str value(const char *text, enum json_field field)
{
	json_fields_read(str_from(text), &fields);
	return fields.values[field].text;
}

#define assert_value(text, field, expected)                                                        \
	assert_true(str_equal(value(text, field), str_from(expected)))

static void test_keys_are_known_whatever_their_letter_and_writing(void **state)
{
	(void)state;
	static const struct {
		const char *key;
		enum json_field field;
	} keys[] = { { "appName", JSON_FIELD_SERVICE }, { "asctime", JSON_FIELD_TIME },
		{ "body", JSON_FIELD_MESSAGE }, { "container_name", JSON_FIELD_SERVICE },
		{ "dateTime", JSON_FIELD_TIME }, { "event.time", JSON_FIELD_TIME },
		{ "eventcreatedat", JSON_FIELD_TIME }, { "textPayload", JSON_FIELD_MESSAGE },
		{ "_raw", JSON_FIELD_MESSAGE }, { "full_message", JSON_FIELD_MESSAGE },
		{ "hostName", JSON_FIELD_HOST }, { "ident", JSON_FIELD_SERVICE },
		{ "log_time", JSON_FIELD_TIME }, { "@message", JSON_FIELD_MESSAGE },
		{ "node", JSON_FIELD_HOST }, { "occurredAt", JSON_FIELD_TIME },
		{ "program", JSON_FIELD_SERVICE }, { "__REALTIME_TIMESTAMP", JSON_FIELD_TIME },
		{ "service", JSON_FIELD_SERVICE }, { "@timestamp", JSON_FIELD_TIME },
		{ "updated_at", JSON_FIELD_TIME }, { "when", JSON_FIELD_TIME },
		{ "_Systemd_Unit", JSON_FIELD_SERVICE }, { "event_ts", JSON_FIELD_TIME },
		{ "seenAt", JSON_FIELD_TIME }, { "date_create", JSON_FIELD_TIME },
		{ "events", JSON_FIELD_COUNT }, { "ts_ms", JSON_FIELD_TIME },
		{ "myTimestampNanos", JSON_FIELD_TIME }, { "weird", JSON_FIELD_COUNT } };
	for (size_t i = 0; i < countof(keys); i++) {
		char text[128];
		bool is_time = keys[i].field == JSON_FIELD_TIME;
		snprintf(text, sizeof(text), "{\"x\":1,\"%s\":\"%s\"}", keys[i].key,
			is_time ? "1927447087123456" : "name");
		bool known = json_fields_read(str_from(text), &fields);
		assert_int_equal(known, keys[i].field != JSON_FIELD_COUNT);
		if (known)
			assert_true(fields.values[keys[i].field].text.ptr != NULL);
	}
}

static void test_the_key_that_says_most_of_the_line_wins(void **state)
{
	(void)state;
	assert_value("{\"requestReceivedTimestamp\":\"2031-01-29T09:58:07Z\","
		     "\"stageTimestamp\":\"2031-01-29T09:58:08Z\"}",
		JSON_FIELD_TIME, "2031-01-29T09:58:08Z");
	assert_value("{\"created\":\"2031-01-29T09:58:07Z\",\"time\":\"2031-01-29T09:58:08Z\"}",
		JSON_FIELD_TIME, "2031-01-29T09:58:08Z");
	assert_value("{\"a\":{\"level\":\"error\"},\"level\":\"info\"}", JSON_FIELD_LEVEL, "info");
	/* A number that can be no time leaves the place to one that can. */
	assert_value("{\"time\":123456789012,\"started_at\":\"2031-01-29T09:58:07Z\"}",
		JSON_FIELD_TIME, "2031-01-29T09:58:07Z");
	/* A value that is no level says nothing, whatever its key. */
	assert_value("{\"level\":\"Metadata\",\"severity\":\"error\"}", JSON_FIELD_LEVEL, "error");
}

static void test_times_may_be_in_parts(void **state)
{
	(void)state;
	assert_value("{\"timestamp\":{\"seconds\":1927447087,\"nanos\":500}}", JSON_FIELD_TIME,
		"1927447087");
	assert_int_equal(fields.fraction_ns, 500);
	assert_value("{\"timestampSeconds\":1927447087,\"timestampNanos\":7}", JSON_FIELD_TIME,
		"1927447087");
	assert_int_equal(fields.fraction_ns, 7);
	assert_value(
		"{\"date\":\"2031-01-29\",\"time\":\"09:58:07\"}", JSON_FIELD_TIME, "09:58:07");
	assert_true(str_equal(fields.day, STR("2031-01-29")));
}

static void test_a_process_is_an_object_with_an_id_and_a_file(void **state)
{
	(void)state;
	assert_value("{\"a\":{\"file\":{\"file_name\":\"x.exe\",\"parent\":{\"process_id\":7,"
		     "\"file_name\":\"shell.exe\"}}}}",
		JSON_FIELD_SERVICE, "shell.exe");
	assert_value("{\"name\":\"cart\",\"hostname\":\"h\",\"pid\":7,\"v\":0}", JSON_FIELD_SERVICE,
		"cart");
	assert_value("{\"name\":\"Alice\",\"pid\":7}", JSON_FIELD_SERVICE, "");
}

static void test_the_export_of_open_telemetry_is_read(void **state)
{
	(void)state;
	const char *text =
		"{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
		"\"value\":{\"stringValue\":\"cart\"}},{\"key\":\"x\",\"value\":{\"stringValue\":"
		"\"y\"}}]},\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":"
		"\"1927447087000000001\",\"severityText\":\"WARN\",\"body\":{\"stringValue\":"
		"\"hello\"}}]}]}]}";
	assert_value(text, JSON_FIELD_SERVICE, "cart");
	assert_value(text, JSON_FIELD_TIME, "1927447087000000001");
	assert_value(text, JSON_FIELD_LEVEL, "WARN");
	assert_value(text, JSON_FIELD_MESSAGE, "hello");
}

static void test_a_level_in_words_goes_before_a_number_beside_it(void **state)
{
	(void)state;
	assert_value("{\"Level\":4,\"LevelDisplayName\":\"Information\"}", JSON_FIELD_LEVEL,
		"Information");
	assert_value("{\"LevelDisplayName\":\"Information\",\"Level\":4}", JSON_FIELD_LEVEL,
		"Information");
	assert_value("{\"level\":\"error\",\"severity\":\"info\"}", JSON_FIELD_LEVEL, "error");
}

static void test_a_scale_is_told_by_its_key(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum json_level_scale scale;
	} scales[] = { { "{\"severityNumber\":3}", JSON_SCALE_OTEL },
		{ "{\"levelno\":3}", JSON_SCALE_PYTHON },
		{ "{\"severityLevel\":3}", JSON_SCALE_TRACE },
		{ "{\"SeverityLevel\":\"3\"}", JSON_SCALE_TRACE } };
	for (size_t i = 0; i < countof(scales); i++) {
		assert_true(json_fields_read(str_from(scales[i].text), &fields));
		assert_true(str_equal(fields.scaled_level, STR("3")));
		assert_int_equal(fields.level_scale, scales[i].scale);
		assert_null(fields.values[JSON_FIELD_LEVEL].text.ptr);
	}
	assert_value("{\"severityLevel\":\"Error\"}", JSON_FIELD_LEVEL, "Error");
	assert_int_equal(fields.scaled_level.len, 0);
}

static void test_a_container_names_the_service_before_its_pod(void **state)
{
	(void)state;
	assert_value("{\"kubernetes\":{\"pod\":{\"name\":\"cart-0\"},"
		     "\"container\":{\"name\":\"cart\"}}}",
		JSON_FIELD_SERVICE, "cart");
	assert_value("{\"container\":{\"name\":\"cart\"}}", JSON_FIELD_SERVICE, "cart");
}

static void test_a_source_names_the_service_where_it_is_one(void **state)
{
	(void)state;
	assert_value(
		"{\"eventSource\":\"rds.amazonaws.com\"}", JSON_FIELD_SERVICE, "rds.amazonaws.com");
	assert_value("{\"eventSource\":\"user\"}", JSON_FIELD_SERVICE, "");
	assert_value(
		"{\"sourceName\":\"/var/log/cart.log\"}", JSON_FIELD_SERVICE, "/var/log/cart.log");
	assert_value("{\"sourceName\":\"Http Input\"}", JSON_FIELD_SERVICE, "");
	assert_value("{\"processImagePath\":\"/usr/libexec/cart\"}", JSON_FIELD_SERVICE,
		"/usr/libexec/cart");
}

static void test_damaged_text_gives_what_stood_before_the_damage(void **state)
{
	(void)state;
	assert_value("{\"level\":\"error\",\"msg\":\"cut of", JSON_FIELD_LEVEL, "error");
	assert_value("{\"level\":\"error\",\"msg\":\"cut of", JSON_FIELD_MESSAGE, "cut of");
	assert_false(json_fields_read(STR("{"), &fields));
	assert_false(json_fields_read(STR("{\"\":1}]]]]}}}"), &fields));
	assert_false(json_fields_read(STR("{[[[[[[[[[[[[[[{\"level\":\"error\"}"), &fields));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_are_known_whatever_their_letter_and_writing),
		cmocka_unit_test(test_the_key_that_says_most_of_the_line_wins),
		cmocka_unit_test(test_times_may_be_in_parts),
		cmocka_unit_test(test_a_process_is_an_object_with_an_id_and_a_file),
		cmocka_unit_test(test_the_export_of_open_telemetry_is_read),
		cmocka_unit_test(test_a_level_in_words_goes_before_a_number_beside_it),
		cmocka_unit_test(test_a_scale_is_told_by_its_key),
		cmocka_unit_test(test_a_container_names_the_service_before_its_pod),
		cmocka_unit_test(test_a_source_names_the_service_where_it_is_one),
		cmocka_unit_test(test_damaged_text_gives_what_stood_before_the_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
