/* SPDX-License-Identifier: MIT */
#include "tests/unit/reading_stage.h"

static void test_the_names_of_columns_tell_which_time_is_the_lines(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"id,receiveTimestamp,severity,service,text,timestamp\n"
		"a,2031-02-02T12:00:09Z,ERROR,cart,b,2031-02-02T12:00:00Z\n"
		"a,2031-02-02T12:00:09Z,ERROR,cart,b,\n");
	assert_string_equal(got.times[1], "2031-02-02T12:00:00Z");
	assert_string_equal(got.times[2], "2031-02-02T12:00:09Z");
	assert_string_equal(got.services[1], "cart");
}

static void test_a_time_behind_the_message_is_read_whatever_the_message_says(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"\"_raw\",\"_time\",\"host\"\n"
		"\"GET /a took 2 ms\",\"2031-02-02T12:00:00.000+0000\",\"h\"\n"
		"\"INFO loading some order, once more\",\"2031-02-02T12:00:01.000+0000\",\"h\"\n"
		"\"INFO it began at "
		"2031-02-02T11:00:00Z\",\"2031-02-02T12:00:02.000+0000\",\"h\"\n");
	assert_string_equal(got.times[1], "2031-02-02T12:00:00Z");
	assert_string_equal(got.times[2], "2031-02-02T12:00:01Z");
	assert_string_equal(got.times[3], "2031-02-02T12:00:02Z");
}

static void test_a_column_of_labels_names_the_service(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"labels,Time,Line\n"
		"\"{\"\"namespace\"\": \"\"shop\"\", \"\"app\"\": "
		"\"\"cart\"\"}\",1927800000000,INFO a\n"
		"\"{\"\"namespace\"\":\"\"app\"\"}\",1927800000000,INFO b\n"
		"\"{\"\"app\"\": \"\"pay\",1927800000000,INFO c\n");
	assert_string_equal(got.services[1], "cart");
	assert_int_equal(got.levels[1], LEVEL_INFO);
	assert_string_equal(got.services[2], "a");
	assert_string_equal(got.services[3], "a");
	assert_string_equal(got.times[1], "2031-02-02T12:00:00Z");
	/* A column of its own says it better. */
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"service,Time,Line,labels\n"
		"pay,1927800000000,INFO a,\"{\"\"app\"\": \"\"cart\"\"}\"\n");
	assert_string_equal(got.services[1], "pay");
}

static void test_a_trace_has_levels_of_its_own(void **state)
{
	(void)state;
	static const enum level levels[] = { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR,
		LEVEL_CRITICAL, LEVEL_NONE };
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"timestamp [UTC],message,severityLevel,cloud_RoleName\n"
		"2031-02-02T12:00:00Z,a,0,cart\n2031-02-02T12:00:00Z,a,1,cart\n"
		"2031-02-02T12:00:00Z,a,2,cart\n2031-02-02T12:00:00Z,a,3,cart\n"
		"2031-02-02T12:00:00Z,a,4,cart\n2031-02-02T12:00:00Z,a,5,cart\n");
	for (size_t i = 0; i < countof(levels); i++)
		assert_int_equal(got.levels[i + 1], levels[i]);
	read_member(&got, &(struct setup){ .place = "x/a.jsonl" },
		"{\"time\":\"2031-02-02T12:00:00Z\",\"severityLevel\":0,\"message\":\"a\"}\n"
		"{\"time\":\"2031-02-02T12:00:00Z\",\"severityLevel\":1,\"message\":\"a\"}\n"
		"{\"time\":\"2031-02-02T12:00:00Z\",\"severityLevel\":2,\"message\":\"a\"}\n"
		"{\"time\":\"2031-02-02T12:00:00Z\",\"severityLevel\":3,\"message\":\"a\"}\n"
		"{\"time\":\"2031-02-02T12:00:00Z\",\"severityLevel\":4,\"message\":\"a\"}\n"
		"{\"time\":\"2031-02-02T12:00:00Z\",\"severityLevel\":50,\"message\":\"a\"}\n");
	for (size_t i = 0; i < countof(levels); i++)
		assert_int_equal(got.levels[i], levels[i]);
}

static void test_a_level_in_words_goes_before_a_number_beside_it(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"Message,Level,ProviderName,TimeCreated,LevelDisplayName\n"
		"a,4,cart,2031-02-02T12:00:00Z,Information\n"
		"a,2,cart,2031-02-02T12:00:00Z,Error\n");
	assert_string_equal(got.services[1], "cart");
	assert_int_equal(got.levels[1], LEVEL_INFO);
	assert_int_equal(got.levels[2], LEVEL_ERROR);
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"severity_label,Level,message,time\n"
		"Information,4,a,2031-02-02T12:00:00Z\n");
	assert_int_equal(got.levels[1], LEVEL_INFO);
}

static void test_a_column_of_paths_names_the_service_by_its_file(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"_messageTimeMs,_raw,_source,_sourceName\n"
		"1927800000000,\"INFO a\",shop,/var/log/shop/cart.log\n"
		"1927800000000,\"INFO a\",shop,Http Input\n");
	assert_string_equal(got.services[1], "cart");
	assert_string_equal(got.services[2], "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_names_of_columns_tell_which_time_is_the_lines),
		cmocka_unit_test(test_a_time_behind_the_message_is_read_whatever_the_message_says),
		cmocka_unit_test(test_a_column_of_labels_names_the_service),
		cmocka_unit_test(test_a_trace_has_levels_of_its_own),
		cmocka_unit_test(test_a_level_in_words_goes_before_a_number_beside_it),
		cmocka_unit_test(test_a_column_of_paths_names_the_service_by_its_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
