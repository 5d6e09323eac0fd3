/* SPDX-License-Identifier: MIT */
/* Those whom all rely on: who resolves names, who keeps the time. */
#include "tests/unit/judge_stage.h"

/* The points of coredns when this service, beside front, does not find another. */
static double resolver_part(const char *other)
{
	const struct refrain lines[] = {
		{ "coredns", LEVEL_INFO, 4, "reloaded", 0, 10 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "front", LEVEL_ERROR, 7, "lookup rate-svc: no such host", 60, 0 },
		{ other, LEVEL_ERROR, 8, "getaddrinfo EAI_AGAIN stock-svc", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	double part = case_of(&s, "coredns")->parts[PART_NAMED];
	assert_true(case_of(&s, "rate-svc")->parts[PART_NAMED] == 0);
	close_stage(&s);
	return part;
}

static void test_names_that_several_do_not_find_are_the_resolvers_trouble(void **state)
{
	(void)state;
	assert_true(resolver_part("rate-svc") > 3);
	assert_true(resolver_part("front") == 0);
}

/* It names whoever is looked for, and waits for nobody that others know of. */
static void test_a_resolver_speaks_of_itself(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "coredns", LEVEL_INFO, 4, "reloaded", 0, 10 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "stock-svc", LEVEL_INFO, 6, "stock kept", 0, 0 },
		{ "coredns", LEVEL_ERROR, 7, "2 rate-svc.acme.svc. A: i/o timeout", 60, 0 },
		{ "front", LEVEL_ERROR, 8,
			"dial tcp: lookup rate-svc on 10.0.0.2:53: read udp: i/o timeout", 60, 0 },
		{ "stock-svc", LEVEL_ERROR, 8, "getaddrinfo EAI_AGAIN rate-svc", 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "coredns");
	assert_true(case_of(&s, "rate-svc")->parts[PART_NAMED] == 0);
	assert_true(case_of(&s, "coredns")->parts[PART_PROBLEMS] > 4);
	close_stage(&s);
}

/* Names are found, but slowly: whoever is called gets the blame, and the resolver says why. */
static void test_a_slow_resolver_makes_all_calls_late(void **state)
{
	(void)state;
	const struct refrain lines[] = {
		{ "coredns", LEVEL_INFO, 4, "reloaded", 0, 10 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "stock-svc", LEVEL_INFO, 6, "stock kept", 0, 0 },
		{ "coredns", LEVEL_ERROR, 7, "2 rate-svc.acme.svc. A: i/o timeout", 60, 0 },
		{ "front", LEVEL_ERROR, 8, "call to rate-svc timed out", 62, 0 },
		{ "front", LEVEL_ERROR, 9, "call to stock-svc timed out", 63, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_string_equal(service_at(&s, 0), "coredns");
	assert_true(case_of(&s, "rate-svc")->parts[PART_NAMED] == 0);
	close_stage(&s);
}

/* What is said of chronyd when two services read tokens from the future, and it says this. */
static double timekeeper_part(enum level level, const char *says, const char *what)
{
	const struct refrain lines[] = {
		{ "chronyd", level, 4, says, 90, 91 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "rate-svc", LEVEL_INFO, 6, "rate looked up", 0, 0 },
		{ "front", LEVEL_ERROR, 7, what, 60, 0 },
		{ "rate-svc", LEVEL_ERROR, 8, what, 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	double part = case_of(&s, "chronyd")->parts[PART_NAMED];
	close_stage(&s);
	return part;
}

static void test_what_is_stamped_in_the_future_is_of_who_keeps_the_clocks(void **state)
{
	(void)state;
	const char *token = "the token is not yet valid", *wrong = "System clock wrong by 74.2 s";
	assert_true(timekeeper_part(LEVEL_WARNING, wrong, token) > 3);
	assert_true(timekeeper_part(LEVEL_INFO, "Selected source", token) == 0);
	assert_true(timekeeper_part(LEVEL_WARNING, wrong,
			    "x509: certificate has expired or is not yet valid") == 0);
}

/* What is said of the store when a client says this, and another store is beside it. */
static double store_part(const char *store, const char *beside, const char *says)
{
	const struct refrain lines[] = {
		{ store, LEVEL_INFO, 4, "checkpoint complete", 0, 10 },
		{ beside, LEVEL_INFO, 4, "nothing to do", 0, 10 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "front", LEVEL_ERROR, 7, says, 60, 0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	double part = case_of(&s, store)->parts[PART_NAMED];
	close_stage(&s);
	return part;
}

static void test_what_clients_say_of_a_kind_of_store_is_of_the_only_one(void **state)
{
	(void)state;
	const char *late = "Redis command timed out after 2 second(s)";
	const char *full = "PSQLException: FATAL: sorry, too many clients already";
	assert_true(store_part("cart-redis", "orders-db", late) > 3);
	assert_true(store_part("orders-db", "cart-redis", full) > 3);
	/* nobody can tell which, and whoever looks at a store is none */
	assert_true(store_part("cart-redis", "redis-2b", late) == 0);
	assert_true(store_part("redis-exporter", "orders-db", late) == 0);
}

static void test_of_two_stores_of_a_kind_it_is_the_one_that_complains(void **state)
{
	(void)state;
	static const struct refrain lines[] = {
		{ "stock-db", LEVEL_INFO, 4, "checkpoint complete", 0, 10 },
		{ "orders-db", LEVEL_INFO, 4, "checkpoint complete", 0, 10 },
		{ "front", LEVEL_INFO, 5, "order received", 0, 0 },
		{ "stock-db", LEVEL_CRITICAL, 6, "sorry, too many clients already", 60, 0 },
		{ "front", LEVEL_ERROR, 7, "PSQLException: sorry, too many clients already", 60,
			0 },
	};
	struct stage s;
	stage_two_minutes(&s, lines, countof(lines));
	assert_true(case_of(&s, "stock-db")->parts[PART_NAMED] > 3);
	assert_true(case_of(&s, "orders-db")->parts[PART_NAMED] == 0);
	close_stage(&s);
}

static void test_a_store_that_is_named_and_neither_refuses_nor_is_late_is_not_blamed(void **state)
{
	(void)state;
	assert_true(
		store_part("cart-redis", "orders-db", "Redis has another value of the cart") == 0);
}

static void test_a_wrong_statement_is_whose_it_is(void **state)
{
	(void)state;
	assert_true(store_part("orders-db", "cart-redis",
			    "PSQLException: ERROR: relation \"points\" does not exist") == 0);
	assert_true(store_part("orders-db", "cart-redis",
			    "SQLException: Duplicate entry, the insert timed out") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_that_several_do_not_find_are_the_resolvers_trouble),
		cmocka_unit_test(test_a_resolver_speaks_of_itself),
		cmocka_unit_test(test_a_slow_resolver_makes_all_calls_late),
		cmocka_unit_test(test_what_is_stamped_in_the_future_is_of_who_keeps_the_clocks),
		cmocka_unit_test(test_what_clients_say_of_a_kind_of_store_is_of_the_only_one),
		cmocka_unit_test(test_of_two_stores_of_a_kind_it_is_the_one_that_complains),
		cmocka_unit_test(
			test_a_store_that_is_named_and_neither_refuses_nor_is_late_is_not_blamed),
		cmocka_unit_test(test_a_wrong_statement_is_whose_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
