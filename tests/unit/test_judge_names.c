/* SPDX-License-Identifier: MIT */
/* Whose trouble a line tells of, when it is said by another. */
#include "tests/unit/judge_stage.h"

/* A caller's lines name the one that does not answer; that one writes nothing of it. */
static void test_who_is_named_by_failing_callers_comes_first(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "cart-svc", LEVEL_INFO, 5, "cart opened", 0, 0 },
		{ "shop-svc", LEVEL_INFO, 6, "page shown", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 7, "rate looked up", 0, 0 },
		/* cart failed because rate did; shop failed because cart did */
		{ "cart-svc", LEVEL_ERROR, 8, "no answer from http://rate-svc:80/v1", 60, 0 },
		{ "cart-svc", LEVEL_ERROR, 9, "cart is lost", 60, 0 },
		{ "shop-svc", LEVEL_ERROR, 10, "call to cart-svc failed", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "rate-svc");
	assert_true(s.judgement.services[0].parts[PART_NAMED] > 3);
	bool shown = false;
	for (size_t i = 0; i < s.judgement.deviation_count; i++)
		shown |= s.judgement.deviations[i].kind == DEVIATION_NAMED &&
			 s.judgement.deviations[i].service == s.judgement.services[0].service;
	assert_true(shown);
	close_stage(&s);
}

/* It shows something itself: then what is said of it is one reason more,
 * and no suspect of its own. */
static void test_what_is_said_of_a_service_stands_with_what_it_shows(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "cart-svc", LEVEL_INFO, 5, "cart opened", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 7, "rate looked up", 0, 0 },
		{ "rate-svc", LEVEL_ERROR, 8, "book is torn", 60, 0 },
		{ "cart-svc", LEVEL_ERROR, 9, "rate-svc is down", 60, 0 },
	};
	struct stage s;
	struct verdict v;
	stage_two_minutes(&s, lines, countof(lines));
	rank(&s.findings, &s.settings, &v);
	assert_int_equal(v.suspect_count, 2);
	assert_true(str_equal(v.suspects[0].service, STR("rate-svc")));
	assert_true(has_reason(&v.suspects[0], "new") && has_reason(&v.suspects[0], "named"));
	assert_false(has_reason(&v.suspects[1], "named"));
	verdict_release(&v);
	close_stage(&s);
}

static size_t named_parts(const char *line)
{
	const struct refrain lines[] = {
		{ "shop", LEVEL_INFO, 5, "page shown", 0, 0 },
		{ "order", LEVEL_INFO, 6, "order kept", 0, 0 },
		{ "stock-svc", LEVEL_INFO, 7, "stock kept", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 7, "rate kept", 0, 0 },
		{ "pods_cart-7d9f_1/cart", LEVEL_INFO, 7, "cart kept", 0, 0 },
		{ "neutron/server", LEVEL_INFO, 7, "port kept", 0, 0 },
		{ "node1/system", LEVEL_INFO, 7, "row kept", 0, 0 },
		{ "alert_BOOK", LEVEL_INFO, 7, "log switched", 0, 0 },
		{ "rent/api", LEVEL_INFO, 7, "rent kept", 0, 0 },
		{ "rent/worker", LEVEL_INFO, 7, "rent sent", 0, 0 },
		{ "shop", LEVEL_ERROR, 8, line, 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	size_t count = 0;
	for (size_t i = 0; i < s.judgement.service_count; i++)
		count += s.judgement.services[i].parts[PART_NAMED] > 0;
	close_stage(&s);
	return count;
}

static void test_a_name_is_taken_only_where_a_name_is_due(void **state)
{
	(void)state;
	assert_int_equal(named_parts("stock-svc is down"), 1);
	assert_int_equal(named_parts("StockClient: gave up"), 1);
	assert_int_equal(named_parts("order client: gave up"), 1);
	assert_int_equal(named_parts("call to order failed"), 1);
	assert_int_equal(named_parts("POST order:8080/v1 gave up"), 1);
	assert_int_equal(named_parts("gave up waiting (order)"), 1);
	assert_int_equal(named_parts("restarting failed container=order pod=order-7d"), 1);
	assert_int_equal(named_parts("order.service: main process exited"), 1);
	assert_int_equal(named_parts("order lookup gave up"), 1);
	assert_int_equal(named_parts("container \"order\" was killed"), 1);
	assert_int_equal(named_parts("cannot put the order in its place"), 0);
	assert_int_equal(named_parts("lookup stock-svc: no such host"), 0); /* it was never asked */
	assert_int_equal(named_parts("up: stock-svc, rate-svc"), 0);	    /* a list */
	assert_int_equal(named_parts("shop gave up"), 0);		    /* itself */
	assert_int_equal(named_parts("restock-svc2 gave up"), 0);
	assert_int_equal(named_parts("no reply from cart within 2 s"), 1);   /* of a path */
	assert_int_equal(named_parts("the server has erred"), 0);	     /* any server */
	assert_int_equal(named_parts("cannot append to order.events-3"), 0); /* a queue */
	assert_int_equal(named_parts("POST to order.acme.internal failed"), 1);
	assert_int_equal(named_parts("order.acme.test:8080 gave up"), 1);
	assert_int_equal(named_parts("cannot call ORDER in time"), 1);
}

/* Names that may be common words, in the ways in which callers speak of whom they called. */
static void test_a_name_is_due_behind_what_leads_to_it(void **state)
{
	(void)state;
	assert_int_equal(named_parts("step gave up at order: no luck"), 1);
	assert_int_equal(named_parts("cannot deliver towards order"), 1);
	assert_int_equal(named_parts("waits for a row, held by order"), 1);
	assert_int_equal(named_parts("circuit breaker for order is open"), 1);
	assert_int_equal(named_parts("still waiting on order"), 1);
	assert_int_equal(named_parts("no page: order 503"), 1);
	assert_int_equal(named_parts("order error: out of luck"), 1);
	assert_int_equal(named_parts("written by order and kept"), 0);
	assert_int_equal(named_parts("page made for order"), 0);
	assert_int_equal(named_parts("order 503 has no price"), 0); /* a thing */
	assert_int_equal(named_parts("GET /order 503"), 0); /* a path of the speaker's own */
	assert_int_equal(named_parts("no price for order 417"), 0);
}

/* A file's name that says little got its folder in front, and others know the folder. */
static void test_a_queue_that_grows_is_of_who_reads_it(void **state)
{
	(void)state;
	assert_int_equal(named_parts("queue of order grows: ready=200"), 1);
	assert_int_equal(named_parts("queue order.events has 3000 messages ready"), 1);
	assert_int_equal(named_parts("jobs.order: 90 messages wait, oldest 60 s"), 1);
	assert_int_equal(named_parts("consumer group=rate-svc lag is 1200"), 1);
	assert_int_equal(named_parts("order-queue grows, 300 unacked messages"), 1);
	assert_int_equal(named_parts("queue of order declared anew"), 0);
	assert_int_equal(named_parts("group order: lag behind rate-svc, 90 messages"), 0);
}

static void test_a_process_that_crashed_is_its_service(void **state)
{
	(void)state;
	assert_int_equal(named_parts("stock[812]: segfault at 0 ip 00007f12 sp 00007f34"), 1);
	assert_int_equal(named_parts("order[812]: segfault at 0 ip 00007f12 sp 00007f34"), 1);
	assert_int_equal(named_parts("traps: rate[7] general protection ip:7f12 sp:7f34"), 1);
	assert_int_equal(
		named_parts("Killed process 812 (stock), out of memory: killed process"), 1);
	assert_int_equal(named_parts("stock[812]: file at 0 is torn"), 0);
	assert_int_equal(named_parts("dial order: connect: refused"), 1);
}

static void test_a_folder_names_the_only_service_in_it(void **state)
{
	(void)state;
	assert_int_equal(named_parts("cannot call neutron in time"), 1);
	assert_int_equal(named_parts("node1:9042 gave up"), 1);
	assert_int_equal(named_parts("neutrons are lost"), 0);
	assert_int_equal(named_parts("cannot call BOOK in time"), 1); /* the instance of Oracle */
	assert_int_equal(named_parts("cannot call rent in time"), 0); /* one of two */
}

/* A server says whom it serves before all that it says: that one is not what it speaks of. */
static void test_who_is_named_as_the_client_is_not_accused(void **state)
{
	(void)state;
	assert_int_equal(named_parts("client=stock-svc cannot extend file"), 0);
	assert_int_equal(named_parts("\"client_id\": \"stock-svc\", cannot extend file"), 0);
	assert_int_equal(named_parts("user=x,db=y,app=stock-svc cannot extend file"), 0);
	assert_int_equal(named_parts("x@y app=stock-svc cannot extend file"), 0);
	assert_int_equal(named_parts("probe failed app=stock-svc"), 1); /* whom it is about */
	assert_int_equal(named_parts("mail to x@y failed, app=stock-svc"), 1);
}

/* back says one line when it is done, which the order of lines makes look like a call of rate's. */
static void test_who_speaks_once_when_done_may_name_whom_it_called(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		uint64_t n = (uint64_t)i + 1;
		say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 5, n, "rate asked for");
		if (i < 60)
			say(&s, "rate-svc", LEVEL_INFO, i * 1000 + 7, n, "rate looked up");
		say(&s, "back-svc", i < 60 ? LEVEL_INFO : LEVEL_ERROR, i * 1000 + 9, n,
			i < 60 ? "shelf read" : "rate-svc answered 500");
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "rate-svc");
	assert_true(case_of(&s, "rate-svc")->parts[PART_NAMED] > 0);
	close_stage(&s);
}

/* The step that never comes and the error in its place are one event, and the error says whose. */
static void test_an_error_in_the_place_of_a_step_counts_alone(void **state)
{
	(void)state;
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		uint64_t n = (uint64_t)i + 1;
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		say(&s, "front", i < 60 ? LEVEL_INFO : LEVEL_ERROR, i * 1000 + 9, n,
			i < 60 ? "order complete" : "no answer from upstream");
		say(&s, "back", LEVEL_INFO, i * 1000 + 6, n, "shelf asked for");
		say(&s, "back", LEVEL_INFO, i * 1000 + 7, n, "shelf read");
	}
	judge_stage(&s, 60, 120);
	assert_true(case_of(&s, "front")->parts[PART_PROBLEMS] > 1);
	assert_true(case_of(&s, "front")->parts[PART_FLOW] < 1);
	close_stage(&s);
}

/* What the problems of `front` are worth that says this, beside `back`, which says what it has. */
static double worth_of(const char *line)
{
	const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "back", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "back", LEVEL_ERROR, 8, "shelf is torn", 60, 0 },
		{ "front", LEVEL_ERROR, 7, line, 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	double worth = case_of(&s, "front")->parts[PART_PROBLEMS];
	close_stage(&s);
	return worth;
}

static void test_who_waited_for_another_keeps_a_quarter_of_what_it_says(void **state)
{
	(void)state;
	double own = worth_of("order is torn");
	assert_true(worth_of("call timed out") < own * 0.3);
	assert_true(worth_of("could not execute statement") < own * 0.3);
	assert_true(worth_of("publish rejected: queue is full") < own * 0.3);
	assert_true(worth_of("upstream returned 500") < own * 0.3);
	assert_true(worth_of("GET /order 503") < own * 0.3);
	assert_true(worth_of("\"GET /order HTTP/1.1\" 500 12") < own * 0.3);
	assert_true(worth_of("be/app1 0/0/0/69/69 500 40 \"GET /order\"") < own * 0.3);
	assert_true(worth_of("parts 0/0/69/69 500 40 are torn") > own * 0.9);
	assert_true(worth_of("lookup order: no such host") < own * 0.3);
	assert_true(worth_of("x509: certificate has expired") < own * 0.3);
	assert_true(worth_of("backend responded with HTTP 500") < own * 0.3);
	assert_true(worth_of("HTTPError: order of 7 pieces") < own * 0.3);
	assert_true(worth_of("java.net.ConnectException: order") < own * 0.3);
	assert_true(worth_of("connect ECONNREFUSED order") < own * 0.3);
	assert_true(worth_of("PKIX path validation failed: order") < own * 0.3);
	assert_true(worth_of("order 7 still pending after 90 s") < own * 0.3);
	assert_true(worth_of("Out of memory: Killed process 7 (java)") < own * 0.3);
	assert_true(worth_of("order.service: Main process exited, code=killed") < own * 0.3);
	assert_true(worth_of("the token is not yet valid") < own * 0.3);
	assert_true(worth_of("consumer poll timeout has expired") == own);
	assert_true(worth_of("order of 503.5 kg is torn") == own);
	assert_true(worth_of("HTTPErrors: 7") == own);
	assert_true(worth_of("order HTTP 500 is torn") == own);
	assert_true(worth_of("send(timeout=timeout) is torn") == own);
}

/* What is held while one waits runs out because of the waiting. */
static void test_a_full_pool_is_of_whom_its_holders_wait_for(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "back-svc", LEVEL_INFO, 6, "shelf read", 0, 0 },
		{ "front", LEVEL_ERROR, 7, "connection pool exhausted", 60, 0 },
		{ "front", LEVEL_ERROR, 8, "call to back-svc timed out", 64, 4 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines) - 1);
	double alone = case_of(&s, "front")->parts[PART_PROBLEMS];
	assert_string_equal(service_at(&s, 0), "front");
	close_stage(&s);
	stage_two_minutes(&s, lines, countof(lines));
	assert_true(case_of(&s, "front")->parts[PART_PROBLEMS] < alone * 0.4);
	assert_string_equal(service_at(&s, 0), "back-svc");
	close_stage(&s);
}

/* Whoever complains of another keeps no more of what is said of it than of what it says. */
static void test_who_complains_of_one_unnamed_keeps_little_of_what_it_is_named_for(void **state)
{
	(void)state;
	static const char *const says[] = { "order is torn", "no answer from upstream" };
	double named[2];
	for (size_t i = 0; i < countof(says); i++) {
		const struct refrain lines[] = {
			{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
			{ "back-svc", LEVEL_INFO, 6, "shelf read", 0, 0 },
			{ "back-svc", LEVEL_ERROR, 7, says[i], 60, 0 },
			{ "front", LEVEL_ERROR, 8, "call to back-svc failed", 60, 0 },
		};
		struct stage s;
		stage_two_minutes(&s, lines, countof(lines));
		named[i] = case_of(&s, "back-svc")->parts[PART_NAMED];
		close_stage(&s);
	}
	assert_true(named[1] > 0.5);
	assert_true(named[1] < named[0] * 0.4);
}

/* One of three that are called alike but for a number fails; the number is a hole in the line. */
static void test_one_of_several_instances_is_named(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "rate-2", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "rate-3", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "front", LEVEL_ERROR, 7, "http://rate-3:80/v1 gave up", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "rate-3");
	assert_true(case_of(&s, "rate")->parts[PART_NAMED] == 0);
	close_stage(&s);
}

/* The only pod of a set has a number all the same, which its callers leave out. */
static void test_the_only_instance_is_named_without_its_number(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate-0", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "front", LEVEL_ERROR, 7, "call to rate failed", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "rate-0");
	close_stage(&s);
}

/* Six say the same at once, each in its own layout; one says another thing. */
static void test_what_many_say_at_once_is_of_something_that_they_share(void **state)
{
	(void)state;
	static const char *const words[] = { "cannot write the block", "E cannot write the block",
		"msg=cannot write the block", "block: cannot write the block!",
		"[io] cannot write the block", "cannot write the block (io)" };
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		for (int64_t k = 0; k < 6; k++) {
			char name[16];
			snprintf(name, sizeof(name), "part-%d", (int)k);
			say(&s, name, LEVEL_INFO, i * 1000 + k, 0, "all is well");
			if (i >= 60)
				say(&s, name, LEVEL_ERROR, i * 1000 + 20 + k, 0, words[k]);
		}
		say(&s, "store", LEVEL_INFO, i * 1000 + 9, 0, "block written");
		if (i >= 60)
			say(&s, "store", LEVEL_ERROR, i * 1000 + 30, 0, "no block is left");
	}
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "store");
	close_stage(&s);
}

/* back is not asked any more, for front fails by itself; or it does not answer, says front. */
static double stopped_part(const char *error)
{
	struct stage s;
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		uint64_t n = (uint64_t)i + 1;
		say(&s, "back", LEVEL_INFO, i * 1000 + 4, 0, "all is well");
		say(&s, "store-db", LEVEL_INFO, i * 1000 + 4, 0, "all is well");
		say(&s, "front", LEVEL_INFO, i * 1000 + 5, n, "order received");
		if (i < 60)
			say(&s, "back", LEVEL_INFO, i * 1000 + 10, n, "shelf read");
		say(&s, "front", i < 60 ? LEVEL_INFO : LEVEL_ERROR, i * 1000 + (i < 60 ? 12 : 8), n,
			i < 60 ? "order complete" : error);
	}
	judge_stage(&s, 60, 120);
	double part = case_of(&s, "back")->parts[PART_STOPPED];
	close_stage(&s);
	return part;
}

static void test_who_is_not_called_any_more_has_not_stopped(void **state)
{
	(void)state;
	assert_true(stopped_part("order is torn") < 1);
	assert_true(stopped_part("upstream timed out") > 3);
	/* it says itself who has failed, and that is another */
	assert_true(stopped_part("cannot reach store-db:5432") < 1);
}

/* How slow front is held to be, which takes longer and says this in every third order. */
static double slow_part(const char *error)
{
	struct stage s;
	char text[64];
	open_stage(&s);
	for (int64_t i = 0; i < 120; i++) {
		snprintf(text, sizeof(text), "order done, took %d ms",
			i < 60 ? 40 + (int)i % 7 : 900 + (int)i % 100);
		say(&s, "store-db", LEVEL_INFO, i * 1000 + 4, 0, "all is well");
		say(&s, "front", LEVEL_INFO, i * 1000 + 9, 0, text);
		if (i >= 60 && i % 3 == 0)
			say(&s, "front", LEVEL_ERROR, i * 1000 + 7, 0, error);
	}
	judge_stage(&s, 60, 120);
	double part = case_of(&s, "front")->parts[PART_SLOW];
	close_stage(&s);
	return part;
}

static void test_who_complains_of_another_is_slow_for_that(void **state)
{
	(void)state;
	double own = slow_part("order is torn");
	assert_true(own > 3);
	assert_true(slow_part("no answer from upstream") < own * 0.7);
	assert_true(slow_part("cannot reach store-db:5432") < own * 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_is_named_by_failing_callers_comes_first),
		cmocka_unit_test(test_what_is_said_of_a_service_stands_with_what_it_shows),
		cmocka_unit_test(test_a_name_is_taken_only_where_a_name_is_due),
		cmocka_unit_test(test_a_queue_that_grows_is_of_who_reads_it),
		cmocka_unit_test(test_a_process_that_crashed_is_its_service),
		cmocka_unit_test(test_a_name_is_due_behind_what_leads_to_it),
		cmocka_unit_test(test_a_folder_names_the_only_service_in_it),
		cmocka_unit_test(test_who_is_named_as_the_client_is_not_accused),
		cmocka_unit_test(test_who_speaks_once_when_done_may_name_whom_it_called),
		cmocka_unit_test(test_an_error_in_the_place_of_a_step_counts_alone),
		cmocka_unit_test(test_who_waited_for_another_keeps_a_quarter_of_what_it_says),
		cmocka_unit_test(test_a_full_pool_is_of_whom_its_holders_wait_for),
		cmocka_unit_test(
			test_who_complains_of_one_unnamed_keeps_little_of_what_it_is_named_for),
		cmocka_unit_test(test_one_of_several_instances_is_named),
		cmocka_unit_test(test_the_only_instance_is_named_without_its_number),
		cmocka_unit_test(test_what_many_say_at_once_is_of_something_that_they_share),
		cmocka_unit_test(test_who_is_not_called_any_more_has_not_stopped),
		cmocka_unit_test(test_who_complains_of_another_is_slow_for_that),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
