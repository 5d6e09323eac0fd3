/* SPDX-License-Identifier: MIT */
#include "tests/unit/reading_stage.h"

static void test_one_file_of_many_programs_is_many_services(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/var/log/messages" },
		"Jan 29 09:58:07 h sshd[1]: a\nJan 29 09:58:08 h CRON[2]: b\n  more of b\n");
	assert_string_equal(got.services[0], "sshd");
	assert_string_equal(got.services[1], "CRON");
	assert_string_equal(got.services[2], "CRON");
	read_member(&got,
		&(struct setup){
			.place = "x/pods/cart-7d9f8b6c54-x2x4z/cart/cart/logs/current.log" },
		"2031-01-29T09:58:07Z {\"logger\":\"a.b.C\",\"service\":\"other\"}\n");
	assert_string_equal(got.services[0], "cart");
}

static void test_lines_are_of_the_program_that_stands_above_them(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/dump.txt" },
		"==== START logs for container cart of pod shop/cart-7d9f8b6c54-x2x4z ====\n"
		"2031-01-29T09:58:07Z a\nand more\n"
		"==== END logs for container cart of pod shop/cart-7d9f8b6c54-x2x4z ====\n"
		"2031-01-29T09:58:07Z nobody's\n"
		"==== START logs for container db of pod shop/db-0 ====\n"
		"2031-01-29T09:58:08Z b\n");
	static const char *const dump[] = { "cart", "cart", "cart", "dump", "dump", "db", "db" };
	for (size_t i = 0; i < countof(dump); i++)
		assert_string_equal(got.services[i], dump[i]);
	read_member(&got, &(struct setup){ .place = "x/tail.txt" },
		"==> /var/log/cart/error.log <==\n2031-01-29T09:58:07Z a\n\n"
		"==> pay.log <==\n2031-01-29T09:58:07Z b\n");
	static const char *const tail[] = { "cart", "cart", "cart", "pay", "pay" };
	for (size_t i = 0; i < countof(tail); i++)
		assert_string_equal(got.services[i], tail[i]);
}

static void test_a_heading_ends_what_the_program_before_it_says(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/dump.txt" },
		"==> /var/log/messages <==\nJan 29 09:58:07 h sshd[1]: a\n"
		"==> pay.log <==\nwithout a stamp\n"
		"==== START logs for container cart of pod shop/cart-7d9f8b6c54-x2x4z ====\n"
		"Jan 29 09:58:07 h CRON[1]: a\n"
		"==== END logs for container cart of pod shop/cart-7d9f8b6c54-x2x4z ====\n"
		"nobody's\n"
		"==== START logs for container db of pod shop/db-0 ====\nthe database's\n");
	static const char *const services[] = { NULL, "sshd", "pay", "pay", "cart", "CRON", "dump",
		"dump", "db", "db" };
	for (size_t i = 1; i < countof(services); i++)
		assert_string_equal(got.services[i], services[i]);
	/* A cluster's dump begins with its nodes. */
	char dump[20000];
	int len = snprintf(dump, sizeof(dump), "{\n    \"kind\": \"NodeList\",\n%16000s\n", "}");
	snprintf(dump + len, sizeof(dump) - (size_t)len,
		"==== START logs for container db of pod shop/db-0 ====\nthe database's\n");
	read_member(&got, &(struct setup){ .place = "x/dump.txt" }, dump);
	assert_string_equal(got.services[got.count - 1], "db");
}

static void test_a_status_has_three_digits(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/access.log" },
		"10.0.0.1 - - [29/Jan/2031:09:58:07 +0000] \"GET / HTTP/1.1\" 502 17\n"
		"10.0.0.1 - - [29/Jan/2031:09:58:07 +0000] \"GET / HTTP/1.1\" 5023 17\n"
		"10.0.0.1 - - [29/Jan/2031:09:58:07 +0000] \"GET / HTTP/1.1\" 502\n"
		"10.0.0.1 - - [29/Jan/2031:09:58:07 +0000] \"GET / HTTP/1.1\" 50\n");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_NONE);
	assert_int_equal(got.levels[2], LEVEL_ERROR);
	assert_int_equal(got.levels[3], LEVEL_NONE);
}

static void test_events_of_windows_in_text_say_their_source_and_level(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.txt" },
		"Event[0]  Log Name: Application  Source: Cart Store  Date: "
		"2031-01-29T09:58:07.1230000Z  Event ID: 7  Level: Error  Description: no: WARN\n"
		"Event[1]  Log Name: a  Source: pay  Date: 2031-01-29T09:58:08.000  Level: "
		"Information\nand more\n"
		"Event[2]  Source: pay  Date: 2031-01-29T09:58:09.000\n");
	assert_string_equal(got.times[0], "2031-01-29T09:58:07.123Z");
	assert_string_equal(got.services[0], "Cart Store");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_string_equal(got.services[1], "pay");
	assert_string_equal(got.services[2], "pay");
	assert_int_equal(got.levels[1], LEVEL_INFO);
	assert_string_equal(got.services[3], "a");
}

#define EVENT(name, level)                                                                         \
	"<Event><System><Provider Name='" name "'/><Level>" level                                  \
	"</Level><TimeCreated SystemTime='2031-01-29T09:58:07Z'/></System>"

static void test_events_of_windows_in_xml_say_their_provider_level_and_text(void **state)
{
	(void)state;
	static const char text[] = EVENT(
		"cart", "2") "<EventData><Data>no stock</Data></EventData></Event>\n" EVENT("pay",
		"3") "<Data Name='a'>late</Data><Message>no stock</Message></Event>\n" EVENT("",
		"2") "<Data>no stock</Data></Event>\n"
		     "Event[2]  Log Name: a  Source: pay  Date: "
		     "2031-01-29T09:58:09.000  Level: Verbose  "
		     "Description: no stock\n";
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.xml" }, text);
	assert_string_equal(got.services[0], "cart");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_string_equal(got.services[1], "pay");
	assert_int_equal(got.levels[1], LEVEL_WARNING);
	assert_string_equal(got.services[2], "a.xml");
	assert_string_equal(got.services[3], "pay");
	assert_int_equal(got.levels[3], LEVEL_DEBUG);
	const char *line = text;
	for (size_t i = 0; i < 4; i++) {
		if (i != 2)
			assert_memory_equal(line + got.messages[i], "no stock", 8);
		line = strchr(line, '\n') + 1;
	}
}

static void test_a_status_of_a_table_is_a_level_where_it_is_a_word(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/a.csv" },
		"time,service,status,content\n2031-01-29T09:58:07Z,cart,2,ok\n"
		"2031-01-29T09:58:08Z,pay,error,no\n2031-01-29T09:58:09Z,pay,,WARN late\n");
	assert_string_equal(got.services[1], "cart");
	assert_int_equal(got.levels[1], LEVEL_NONE);
	assert_int_equal(got.levels[2], LEVEL_ERROR);
	assert_int_equal(got.levels[3], LEVEL_WARNING);
}

struct layout {
	const char *before, *behind;
};

/* Six lines of a file of this name, with cart, cart, pay, cart, pay and pay in that layout. */
static void read_names(struct read_member *got, const char *place, const struct layout *layout,
	const char *const names[2])
{
	char text[1024];
	size_t len = 0;
	for (int i = 0; i < 6; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
			"2031-01-29 09:58:0%d %s%s%s\n", i, layout->before, names[i == 2 || i > 3],
			layout->behind);
	read_member(got, &(struct setup){ .place = place }, text);
}

static void test_a_plain_word_names_the_service_where_the_file_says_nothing(void **state)
{
	(void)state;
	struct read_member got;
	static const char *const names[2] = { "cart", "pay" };
	static const struct layout layouts[] = { { "INFO  [", "] no: money" },
		{ "INFO ", ": no: money" }, { "[", "] INFO no: money" }, { "", " INFO no: money" },
		{ "[INFO] [", "] no: money" }, { "| INFO | ", " | no: money" },
		{ "INFO ", " - no: money" }, { "17 INFO [", "]: no: money" } };
	for (size_t i = 0; i < countof(layouts); i++) {
		read_names(&got, "x/incident.log", &layouts[i], names);
		for (size_t line = 0; line < 6; line++)
			assert_string_equal(got.services[line], names[line == 2 || line > 3]);
		read_names(&got, "x/shop.log", &layouts[i], names);
		assert_string_equal(got.services[2], "shop"); /* parts of it, perhaps */
	}
	static const char *const others[][2] = { { "main", "pay" }, { "worker-1", "worker-2" },
		{ "pool-1-thread-1", "pay" }, { "pay.Client", "Cart" }, { "cart", "cart" } };
	for (size_t i = 0; i < countof(others); i++) {
		read_names(&got, "x/incident.log", &layouts[0], others[i]);
		assert_string_equal(got.services[2], "incident");
	}
	/* Two that only services are called: so are the others at their place. */
	read_member(&got, &(struct setup){ .place = "x/shop.log" },
		"2031-01-29 09:58:00 [cart-service] a\n2031-01-29 09:58:01 [pay-service] b\n"
		"2031-01-29 09:58:02 [stock] c\n2031-01-29 09:58:03 [stock] c\n"
		"2031-01-29 09:58:04 [cart-service] a\n");
	assert_string_equal(got.services[2], "stock");
	/* A word in front of a colon begins a message as well: it has to come in nearly all. */
	read_member(&got, &(struct setup){ .place = "x/incident.log" },
		"2031-01-29 09:58:00 INFO cart: a\n2031-01-29 09:58:01 INFO no money\n"
		"2031-01-29 09:58:02 INFO cart: a\n2031-01-29 09:58:03 INFO pay: b\n"
		"2031-01-29 09:58:04 INFO pay: c\n2031-01-29 09:58:05 INFO no more money\n");
	assert_string_equal(got.services[0], "incident");
}

static void test_records_of_journald_name_their_program_across_chunks(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/journal.export" },
		"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1927447087000001\nPRIORITY=3\n"
		"SYSLOG_IDENTIFIER=pay\n_SOURCE_REALTIME_TIMESTAMP=1927447087000000\n"
		"MESSAGE=no money\n\n"
		"__CURSOR=s=2\n__REALTIME_TIMESTAMP=1927447088000001\nMESSAGE=who am I\n");
	assert_string_equal(got.services[5], "pay");
	assert_string_equal(got.times[5], "~2031-01-29T09:58:07Z");
	assert_int_equal(got.levels[5], LEVEL_ERROR);
	assert_string_equal(got.services[9], "journal.export");
	assert_int_equal(got.levels[9], LEVEL_NONE);
}

static void test_a_host_and_a_tag_are_prose_where_most_lines_have_none(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z connection lost: again\n2031-01-29T09:58:08Z waiting for it\n"
		"2031-01-29T09:58:09Z waiting for it\n2031-01-29T09:58:10Z web1 pay[7]: sure\n"
		"2031-01-29T09:58:11Z and so on\n");
	assert_string_equal(got.services[0], "app");
	assert_string_equal(got.services[3], "pay");
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z web1 kernel: a\n2031-01-29T09:58:08Z web1 cron: b\n"
		"2031-01-29T09:58:09Z web1 cron: c\n2031-01-29T09:58:10Z web1 pay[7]: d\n");
	assert_string_equal(got.services[0], "kernel");
}

static void test_a_json_text_behind_a_wrapper_is_read(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"2031-01-29T09:58:07Z stdout F {\"level\":\"error\",\"service\":\"pay\",\"ts\":7}\n"
		"{\"log\":\"{\\\"level\\\":\\\"warn\\\",\\\"msg\\\":\\\"x\\\"}\\n\","
		"\"time\":\"2031-01-29T09:58:08Z\"}\n"
		"Jan 29 09:58:09 h cart[7]: {\"severity\":\"FATAL\",\"app\":\"other\"}\n");
	assert_string_equal(got.services[0], "pay");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_WARNING);
	assert_string_equal(got.services[2], "cart");
	assert_int_equal(got.levels[2], LEVEL_CRITICAL);
}

static void test_behind_a_column_of_seconds_syslog_names_the_program(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ .zone = NULL },
		"- 1927447087 2031.01.29 n1 Jan 29 09:58:07 n1/n1 pay[7]: a\n"
		"- 1927447088 2031.01.29 n1 Jan 29 09:58:08 n1/n1 cart(x)[8]: b\n"
		"- 1927447089 2031.01.29 n1 and no more\n");
	assert_string_equal(got.services[0], "pay");
	assert_string_equal(got.services[1], "cart");
	assert_string_equal(got.services[2], "app");
}

static void test_a_very_long_service_name_is_cut_alike_everywhere(void **state)
{
	(void)state;
	char text[400];
	struct read_member got;
	snprintf(text, sizeof(text),
		"[pod/%0150d/c] 2031-01-29T09:58:07Z a\n  more\n  still more\n", 7);
	read_member(&got, &(struct setup){ .zone = NULL }, text);
	assert_string_equal(got.services[0], got.services[2]);
}

static void test_an_access_log_says_by_its_status_that_the_server_failed(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ 0 },
		"10.0.0.7 - - [29/Jan/2031:09:58:07 +0000] \"GET /a HTTP/1.1\" 502 157 \"-\"\n"
		"10.0.0.7 - - [29/Jan/2031:09:58:07 +0000] \"GET /a HTTP/1.1\" 200 157 \"-\"\n"
		"10.0.0.7 - - [29/Jan/2031:09:58:07 +0000] \"GET /a HTTP/1.1\" 404 157 \"-\"\n"
		"[2031-01-29T09:58:07Z] \"GET /a HTTP/2\" 503 UH\n"
		"2031-01-29T09:58:07Z sent \"GET /a HTTP/1.1\", 500 of them\n");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_NONE);
	assert_int_equal(got.levels[2], LEVEL_NONE);
	assert_int_equal(got.levels[3], LEVEL_ERROR);
	assert_int_equal(got.levels[4], LEVEL_NONE);
}

static void test_the_status_of_an_answer_says_more_than_info(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ 0 },
		"2031-01-29 09:58:07 INFO Completed charge with status 500 in 6 ms\n"
		"2031-01-29 09:58:07 INFO Completed charge with status 200 in 6 ms\n"
		"2031-01-29 09:58:07 INFO charge status=503 took=6ms\n"
		"2031-01-29 09:58:07 INFO 10.0.0.7:4711 - \"GET /a HTTP/1.1\" 500\n"
		"2031-01-29 09:58:07 INFO \"GET /a HTTP/1.1\" status: 500 len: 12 time: 0.1\n"
		"2031-01-29 09:58:07 INFO Completed 500 Internal Server Error in 30ms\n"
		"2031-01-29 09:58:07 WARN charge status=500 took=6ms\n");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_INFO);
	assert_int_equal(got.levels[2], LEVEL_ERROR);
	assert_int_equal(got.levels[3], LEVEL_ERROR);
	assert_int_equal(got.levels[4], LEVEL_ERROR);
	assert_int_equal(got.levels[5], LEVEL_ERROR);
	assert_int_equal(got.levels[6], LEVEL_WARNING);
	/* three digits that are of no request */
	read_member(&got, &(struct setup){ 0 },
		"2031-01-29 09:58:07 INFO job 7 ended with status 500\n"
		"2031-01-29 09:58:07 INFO postcode 500 took 6 ms\n"
		"2031-01-29 09:58:07 INFO error code 5001 took 6 ms\n");
	assert_int_equal(got.levels[0], LEVEL_INFO);
	assert_int_equal(got.levels[1], LEVEL_INFO);
	assert_int_equal(got.levels[2], LEVEL_INFO);
	read_member(&got, &(struct setup){ 0 },
		"{\"time\":\"2031-01-29T09:58:07Z\",\"level\":\"info\",\"msg\":\"done\","
		"\"status\":500,\"duration_ms\":6}\n"
		"{\"time\":\"2031-01-29T09:58:07Z\",\"level\":\"info\",\"msg\":\"done\","
		"\"status\":200,\"duration_ms\":6}\n"
		"{\"time\":\"2031-01-29T09:58:07Z\",\"level\":30,\"msg\":\"a code 500 (6 ms)\"}\n"
		"{\"time\":\"2031-01-29T09:58:07Z\",\"level\":30,\"msg\":\"x\",\"status\":500}\n");
	assert_int_equal(got.levels[0], LEVEL_ERROR);
	assert_int_equal(got.levels[1], LEVEL_INFO);
	assert_int_equal(got.levels[2], LEVEL_ERROR);
	assert_int_equal(got.levels[3], LEVEL_INFO);
}

static void test_a_line_without_a_stamp_is_of_the_host_of_the_line_before_it(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got, &(struct setup){ 0 },
		"2031-01-29T09:58:07.000Z db-1 pay[7]: request failed\n"
		"    at a.b.C\n"
		"caused by nothing\n"
		"2031-01-29T09:58:08.000Z db-2 pay[7]: request failed\n"
		"    at a.b.C\n");
	assert_string_equal(got.hosts[0], "db-1");
	assert_string_equal(got.hosts[1], "db-1");
	assert_string_equal(got.hosts[2], "db-1");
	assert_string_equal(got.hosts[4], "db-2");
}

static void test_the_user_names_services_and_layouts_first(void **state)
{
	(void)state;
	struct read_member got;
	read_member(&got,
		&(struct setup){ .place = "x/team-blue/app.log", .service = "team-([a-z]+)/" },
		"Jan 29 09:58:07 h sshd[1]: a\n");
	assert_string_equal(got.services[0], "blue");
	read_member(&got, &(struct setup){ .service = "unit=([a-z]+)" },
		"2031-01-29 09:58:07 unit=red a\n");
	assert_string_equal(got.services[0], "red");
	assert_times(&(struct setup){ .layout = "%S.%M.%H %d~%m~%Y" }, "x 07.58.09 29~01~2031 y\n",
		TIMES("2031-01-29T09:58:07Z"));
}

static void test_bad_settings_are_errors(void **state)
{
	(void)state;
	struct reading_options *options;
	struct error err;
	struct str bad = STR("(");
	struct reading_settings settings = { .zone = STR("No/Where") };
	assert_int_equal(reading_options_create(&options, &settings, &err), -1);
	settings = (struct reading_settings){ .services = &bad, .service_count = 1 };
	assert_int_equal(reading_options_create(&options, &settings, &err), -1);
	settings = (struct reading_settings){ .layouts = &bad, .layout_count = 1 };
	assert_int_equal(reading_options_create(&options, &settings, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_of_the_program_that_stands_above_them),
		cmocka_unit_test(test_a_heading_ends_what_the_program_before_it_says),
		cmocka_unit_test(test_a_status_has_three_digits),
		cmocka_unit_test(test_events_of_windows_in_text_say_their_source_and_level),
		cmocka_unit_test(test_events_of_windows_in_xml_say_their_provider_level_and_text),
		cmocka_unit_test(test_a_status_of_a_table_is_a_level_where_it_is_a_word),
		cmocka_unit_test(test_one_file_of_many_programs_is_many_services),
		cmocka_unit_test(test_a_plain_word_names_the_service_where_the_file_says_nothing),
		cmocka_unit_test(test_records_of_journald_name_their_program_across_chunks),
		cmocka_unit_test(test_a_host_and_a_tag_are_prose_where_most_lines_have_none),
		cmocka_unit_test(test_a_json_text_behind_a_wrapper_is_read),
		cmocka_unit_test(test_behind_a_column_of_seconds_syslog_names_the_program),
		cmocka_unit_test(test_a_very_long_service_name_is_cut_alike_everywhere),
		cmocka_unit_test(test_an_access_log_says_by_its_status_that_the_server_failed),
		cmocka_unit_test(test_the_status_of_an_answer_says_more_than_info),
		cmocka_unit_test(test_a_line_without_a_stamp_is_of_the_host_of_the_line_before_it),
		cmocka_unit_test(test_the_user_names_services_and_layouts_first),
		cmocka_unit_test(test_bad_settings_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
