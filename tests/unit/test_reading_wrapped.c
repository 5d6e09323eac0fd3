/* SPDX-License-Identifier: MIT */
/* Records that stand behind something: JSON behind a head, a tag, a mark; events told by another.
 */
#include "tests/unit/reading_stage.h"

#define T "2031-01-29T09:58:07Z"

struct line_case {
	const char *line;
	const char *service;
	enum level level;
};

/* Every line by itself; the time of each is T. */
static void check_lines(const struct line_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct read_member got;
		read_member(&got, &(struct setup){ .place = "x/some.log" }, cases[i].line);
		assert_string_equal(got.times[0], T);
		assert_string_equal(got.services[0], cases[i].service);
		assert_int_equal(got.levels[0], cases[i].level);
	}
}

#define RECORD "{\"time\":\"" T "\",\"level\":\"error\",\"service\":\"cart\",\"msg\":\"a\"}"
#define BARE   "{\"level\":\"error\",\"msg\":\"a WARN b\"}"

static void test_a_record_behind_a_prefix_says_its_time_level_and_program(void **state)
{
	(void)state;
	static const struct line_case cases[] = {
		{ "\x1e" RECORD, "cart", LEVEL_ERROR }, /* a sequence of JSON */
		{ "data: " RECORD, "cart", LEVEL_ERROR },
		{ "WARN: " RECORD, "cart", LEVEL_ERROR },
		{ "cart-1  | " RECORD, "cart", LEVEL_ERROR },
		{ "<14>1 " T " h cart 8 - - " BARE, "cart", LEVEL_ERROR },
		{ T " app[cart.1]: " BARE, "cart", LEVEL_ERROR },
		{ T "\t12345678-1234-4abc-8def-123456789abc\tINFO\t" RECORD, "cart", LEVEL_ERROR },
		{ T " INFO " RECORD, "cart", LEVEL_ERROR },
		/* what a message is about is no record: it has no level, or no message */
		{ T "\tINFO\tcart.go:7\tserved\t{\"service\": \"pay\", \"msg\": \"x\"}", "some",
			LEVEL_INFO },
		{ T " INFO it sent {\"level\":\"error\",\"service\":\"pay\"}", "some", LEVEL_INFO },
		/* nor is what stands in the middle of a line */
		{ T " INFO sent " RECORD " to pay", "some", LEVEL_INFO },
	};
	check_lines(cases, countof(cases));
}

#define SECONDS "1927447087.000000000" /* T */

static void test_what_fluent_bit_prints_is_of_its_tag(void **state)
{
	(void)state;
	static const struct line_case cases[] = {
		{ "[0] cart: [" SECONDS ", {\"log\"=>\"ERROR a\"}]", "cart", LEVEL_ERROR },
		{ "[12] kube.var.log.containers.cart-7d9f8b6c54-x2x4z_shop_cart-0a.log: [[" SECONDS
		  ", {}], {\"log\"=>\"WARN a\", \"stream\"=>\"stdout\"}]",
			"cart", LEVEL_WARNING },
		{ "app.cart: [" SECONDS ", {\"level\":\"info\",\"msg\":\"FATAL it says\"}]",
			"app.cart", LEVEL_INFO },
	};
	check_lines(cases, countof(cases));
	/* no number of seconds, no tag */
	struct read_member got;
	read_member(&got, &(struct setup){ .place = "x/some.log" },
		T " a\n[0] cart: [17, {\"log\"=>\"a\"}]\n[0] cart\n[0]\ncart: [\n");
	for (size_t i = 0; i < got.count; i++)
		assert_string_equal(got.services[i], "some");
}

#define ID "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"

static void test_an_event_is_of_what_it_is_about_and_not_of_who_reports_it(void **state)
{
	(void)state;
	static const struct line_case cases[] = {
		{ "{\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"cart-7d9f8b6c54-x2x4z\"},"
		  "\"lastTimestamp\":\"" T
		  "\",\"message\":\"a\",\"source\":{\"component\":\"kubelet\"},"
		  "\"type\":\"Warning\"}",
			"cart", LEVEL_WARNING },
		{ "{\"eventTime\":\"" T
		  "\",\"note\":\"a\",\"regarding\":{\"kind\":\"Pod\",\"name\":"
		  "\"db-0\"},\"reportingController\":\"kubelet\",\"type\":\"Warning\"}",
			"db", LEVEL_WARNING },
		{ "{\"involvedObject\":{\"kind\":\"ReplicaSet\",\"name\":\"cart-7d9f8b6c54\"},"
		  "\"lastTimestamp\":\"" T
		  "\",\"message\":\"a\",\"source\":{\"component\":\"replicaset-controller\"},"
		  "\"type\":\"Warning\"}",
			"cart", LEVEL_WARNING },
		{ "{\"involvedObject\":{\"kind\":\"Deployment\",\"name\":\"cart\"},"
		  "\"lastTimestamp\":\"" T
		  "\",\"message\":\"a\",\"source\":{\"component\":\"deployment-controller\"},"
		  "\"type\":\"Normal\"}",
			"deployment-controller", LEVEL_NONE },
		{ "{\"involvedObject\":{\"kind\":\"Deployment\",\"name\":\"cart\"},"
		  "\"lastTimestamp\":\"" T "\",\"message\":\"a\",\"type\":\"Normal\"}",
			"cart", LEVEL_NONE },
		/* what is no program does nothing itself */
		{ "{\"involvedObject\":{\"kind\":\"Node\",\"name\":\"node-3\"},"
		  "\"lastTimestamp\":\"" T
		  "\",\"message\":\"a\",\"source\":{\"component\":\"node-controller\"},"
		  "\"type\":\"Normal\"}",
			"node-controller", LEVEL_NONE },
		{ "{\"eventTime\":\"" T
		  "\",\"note\":\"a\",\"regarding\":{\"kind\":\"Namespace\",\"name\":"
		  "\"shop\"},\"reportingController\":\"quota-controller\",\"type\":\"Warning\"}",
			"quota-controller", LEVEL_WARNING },
		/* of docker */
		{ T " container exec_start: /bin/true " ID " (image=acme/x:1, name=cart)", "cart",
			LEVEL_NONE },
		{ T " container die " ID " (name=cart, exitCode=137)", "cart", LEVEL_NONE },
		{ T " network connect " ID " (container=" ID ", name=bridge)", "some", LEVEL_NONE },
		{ T " container die 17 (name=cart, exitCode=137)", "some", LEVEL_NONE },
		{ "{\"status\":\"die\",\"id\":\"0a\",\"Type\":\"container\",\"Action\":\"die\","
		  "\"Actor\":{"
		  "\"ID\":\"0a\",\"Attributes\":{\"image\":\"acme/x\",\"name\":\"cart\"}},\"time\":"
		  "1927447087}",
			"cart", LEVEL_NONE },
		/* a call of AWS that failed, and one that did not */
		{ "{\"eventTime\":\"" T
		  "\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"A\","
		  "\"errorCode\":\"Client.RequestLimitExceeded\"}",
			"ec2.amazonaws.com", LEVEL_ERROR },
		{ "{\"eventTime\":\"" T "\",\"eventSource\":\"ec2.amazonaws.com\",\"errorCode\":"
		  "\"None\"}",
			"ec2.amazonaws.com", LEVEL_NONE },
		{ "{\"time\":\"" T
		  "\",\"service\":\"cart\",\"level\":\"info\",\"errorCode\":\"E\"}",
			"cart", LEVEL_INFO },
	};
	check_lines(cases, countof(cases));
}

static void test_quotes_of_either_kind_are_no_part_of_a_name(void **state)
{
	(void)state;
	static const struct line_case cases[] = {
		{ "time=" T " level=error app='cart' msg='a'", "cart", LEVEL_ERROR },
		{ "time=" T " level=error app=\"cart\" msg='a'", "cart", LEVEL_ERROR },
		{ T " [FTL] app=cart", "cart", LEVEL_CRITICAL },
		{ T " fail: Shop.Cart.Service[13]", "some", LEVEL_ERROR },
		{ T " fail: it did", "some", LEVEL_NONE },
		{ "{\"text\":\"a\",\"record\":{\"file\":{\"name\":\"m.py\",\"path\":\"/a/"
		  "m.py\"},\"process\":{"
		  "\"id\":1,\"name\":\"MainProcess\"},\"time\":{\"repr\":\"" T "\"}},\"time\":\"" T
		  "\"}",
			"some", LEVEL_NONE },
	};
	check_lines(cases, countof(cases));
}

#define FOLDER "x/docker/containers/" ID

/* What a container is called whose folder's configuration is this. */
static void check_container(const char *place, const char *config, const char *name)
{
	const struct reading_settings settings = { .now_ns = TIME_NONE };
	struct reading_options *options;
	struct error err;
	struct chunk_reading at;
	struct line_cursor cursor;
	struct reading r;
	static char line[] = "{\"log\":\"a\",\"time\":\"" T "\"}\n";
	struct member member = { .place = STR(FOLDER "/" ID "-json.log"), .modified_ns = 0 };
	struct chunk chunk = {
		.data = line, .len = sizeof(line) - 1, .member = &member, .ends_member = true
	};
	assert_int_equal(reading_options_create(&options, &settings, &err), 0);
	bool seen = reading_options_see_container(options, str_from(place), str_from(config));
	assert_int_equal(seen, str_ends(str_from(place), STR("/config.v2.json")));
	reading_pull(options, &chunk, &at);
	line_cursor_start(&cursor, options, &at);
	line_read(&cursor, str_of(line, sizeof(line) - 2), false, &r);
	assert_true(str_equal(r.service, str_from(name)));
	member.context_destroy(member.context);
	reading_options_destroy(options);
}

static void test_a_folder_of_docker_is_called_as_its_container(void **state)
{
	(void)state;
	const char *name = "{\"ID\":\"" ID "\",\"Name\":\"/cart\"}";
	check_container(FOLDER "/config.v2.json", name, "cart");
	check_container(FOLDER "/config.v2.json",
		"{\"Name\":\"/shop-cart-1\",\"Config\":{\"Labels\":{\"com.docker.compose.service\":"
		"\"cart\"}}}",
		"cart");
	/* another's, another file, no name, and a name that is cut off */
	check_container("x/0a/config.v2.json", name, "0a1b2c3d4e5f");
	check_container(FOLDER "/hostconfig.json", name, "0a1b2c3d4e5f");
	check_container(FOLDER "/config.v2.json", "{\"Name\":\"\"}", "0a1b2c3d4e5f");
	check_container(FOLDER "/config.v2.json", "{\"Name\":\"/ca", "0a1b2c3d4e5f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_record_behind_a_prefix_says_its_time_level_and_program),
		cmocka_unit_test(test_what_fluent_bit_prints_is_of_its_tag),
		cmocka_unit_test(test_an_event_is_of_what_it_is_about_and_not_of_who_reports_it),
		cmocka_unit_test(test_a_folder_of_docker_is_called_as_its_container),
		cmocka_unit_test(test_quotes_of_either_kind_are_no_part_of_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
