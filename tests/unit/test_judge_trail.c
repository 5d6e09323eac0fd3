/* SPDX-License-Identifier: MIT */
/* A thing that was asked for and never came to be is of who had it last. */
#include "tests/unit/judge_stage.h"
#include "src/judge/trail.h"

#define THING "3f6c1a52-90d4-4be1-a7c3-5d2e8b14f069"
#define OWNER "b7e2d9104c5f48a6"

/* What happens in the request in which the thing is made, behind what the planner says of it. */
enum made { MADE_NOT, MADE_BY_NEWCOMER, MADE_WITH_ERROR };

/* One thing is asked for in two minutes in which all else goes its way. */
static void open_with_thing(struct stage *s, enum made made)
{
	open_stage(s);
	for (int64_t i = 0; i < 120; i++) {
		say(s, "door", LEVEL_INFO, i * 1000 + 1, 0, "door is open");
		say(s, "planner", LEVEL_INFO, i * 1000 + 2, 0, "planner has room");
		say(s, "maker", LEVEL_INFO, i * 1000 + 3, 0, "maker is idle");
	}
	say(s, "door", LEVEL_INFO, 70100, 7, "for " OWNER ": a chair is asked for");
	say(s, "door", LEVEL_INFO, 70200, 7, "for " OWNER ": chair " THING " noted");
	say(s, "planner", LEVEL_INFO, 70300, 7, "for " OWNER ": a shop for chair " THING);
	if (made == MADE_WITH_ERROR)
		say(s, "door", LEVEL_ERROR, 70350, 7, "for " OWNER ": no ink to note it");
	say(s, "planner", LEVEL_INFO, 70400, 7, "for " OWNER ": planned");
	if (made == MADE_BY_NEWCOMER)
		say(s, "maker", LEVEL_INFO, 70500, 7, "for " OWNER ": wood is cut");
	say(s, "desk", LEVEL_INFO, 90000, 8, "for " OWNER ": a look at chair " THING);
	say(s, "desk", LEVEL_ERROR, 90100, 8,
		"for " OWNER ": it has to stand here, but its status is creating");
}

static double named_part(const struct stage *s, const char *service)
{
	for (size_t i = 0; i < s->judgement.service_count; i++) {
		const struct service_case *c = &s->judgement.services[i];
		if (str_equal(s->findings.services[c->service].name, str_from(service)))
			return c->parts[PART_NAMED];
	}
	return 0;
}

static void test_what_is_never_made_is_of_who_spoke_of_it_last(void **state)
{
	(void)state;
	struct stage s;
	open_with_thing(&s, MADE_NOT);
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "planner");
	assert_true(named_part(&s, "planner") > 2);
	close_stage(&s);
}

static void test_what_went_on_to_someone_new_is_of_nobody(void **state)
{
	(void)state;
	struct stage s;
	open_with_thing(&s, MADE_BY_NEWCOMER);
	judge_stage(&s, 60, 120);
	assert_true(named_part(&s, "planner") <= 0);
	assert_true(named_part(&s, "maker") <= 0);
	assert_true(named_part(&s, "door") <= 0);
	close_stage(&s);
}

static void test_what_failed_on_the_way_is_of_who_said_so(void **state)
{
	(void)state;
	struct stage s;
	open_with_thing(&s, MADE_WITH_ERROR);
	judge_stage(&s, 60, 120);
	assert_true(named_part(&s, "door") > 2);
	assert_true(named_part(&s, "planner") <= 0);
	close_stage(&s);
}

static void test_who_had_it_last_is_told_in_words(void **state)
{
	(void)state;
	struct stage s;
	struct verdict v;
	open_with_thing(&s, MADE_NOT);
	judge_stage(&s, 60, 120);
	rank(&s.findings, &s.settings, &v);
	assert_true(v.suspect_count > 0);
	assert_true(str_equal(v.suspects[0].service, STR("planner")));
	assert_true(str_starts(v.suspects[0].sentence,
		STR("planner was the last to speak of " THING ", of which desk complains")));
	verdict_release(&v);
	close_stage(&s);
}

static void test_a_thing_on_its_way_is_known_by_words(void **state)
{
	(void)state;
	assert_true(trail_tells_unfinished(STR("Cannot attach, it is in vm_state building")));
	assert_true(trail_tells_unfinished(STR("claim is still Pending")));
	assert_false(trail_tells_unfinished(STR("status must be available, is error")));
	assert_false(trail_tells_unfinished(STR("3 pending_requests, state ok")));
	assert_false(trail_tells_unfinished(STR("creating the index failed")));
}

static void assert_ids(const char *text, const char *first, const char *second)
{
	size_t at = 0;
	struct str id = trail_next_id(str_from(text), &at);
	assert_true(str_equal(id, str_from(first)));
	id = trail_next_id(str_from(text), &at);
	assert_true(str_equal(id, str_from(second)));
}

static void test_ids_of_things_are_found_in_text(void **state)
{
	(void)state;
	assert_ids(
		"[instance: " THING "] on vol-0a1b2c3d4e5f, 12 of 30", THING, "vol-0a1b2c3d4e5f");
	assert_ids("2026-11-26 10:00:00.123 [req-" THING "] job 7 done", "", "");
	assert_ids(
		"deadbeef-0000-4000-8000-000000000001", "deadbeef-0000-4000-8000-000000000001", "");
	/* words of such letters have hardly a digit */
	assert_ids("fadedfacade1 and vol-deadbeefcafe", "", "");
}

/* A script cannot reach an address that desk gave out, and then so many others mapped. */
static void open_with_address(struct stage *s, int mappers, const char *complaint)
{
	static const char *const names[] = { "mapper", "router", "tunnel", "switch", "bridge" };
	open_stage(s);
	for (int64_t i = 0; i < 120; i++) {
		say(s, "desk", LEVEL_INFO, i * 1000 + 1, 0, "desk is open");
		say(s, "door", LEVEL_INFO, i * 1000 + 2, 0, "10.7.4.6 - GET /chairs 200");
		for (int k = 0; k < mappers; k++)
			say(s, names[k], LEVEL_INFO, i * 1000 + 3 + k, 0, "path is checked");
	}
	say(s, "desk", LEVEL_INFO, 30100, 0, "gives out 10.7.4.6 to a chair");
	for (int k = 0; k < mappers; k++)
		say(s, names[k], LEVEL_INFO, 30200 + 10 * k, 0, "maps 10.7.4.6/32 to port 9");
	say(s, "desk", LEVEL_INFO, 30900, 0, "10.7.4.6 is mapped");
	for (int64_t i = 60; i < 120; i += 5)
		say(s, "script", LEVEL_ERROR, i * 1000 + 500, 0, complaint);
}

static void test_an_address_that_is_not_reached_is_of_who_took_it_up_last(void **state)
{
	(void)state;
	struct stage s;
	open_with_address(&s, 1, "connect to host 10.7.4.6 port 22: Connection refused");
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "mapper");
	assert_true(named_part(&s, "desk") <= 0);
	assert_true(named_part(&s, "door") <= 0);
	close_stage(&s);
}

/* Who came is not where one went. */
static void test_the_address_of_a_client_is_not_complained_of(void **state)
{
	(void)state;
	struct stage s;
	open_with_address(&s, 1, "connect() failed, client: 10.9.9.9, upstream: \"10.7.4.6:22\"");
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "mapper");
	close_stage(&s);
}

static void test_an_address_that_many_speak_of_is_of_nobody(void **state)
{
	(void)state;
	struct stage s;
	open_with_address(&s, 5, "connect to host 10.7.4.6 port 22: Connection refused");
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "script");
	assert_true(named_part(&s, "bridge") <= 0);
	close_stage(&s);
}

static void test_another_port_is_another_thing(void **state)
{
	(void)state;
	for (int same = 0; same < 2; same++) {
		struct stage s;
		open_with_address(&s, 0, "dial 10.7.4.7:5432: connection refused");
		say(&s, "store", LEVEL_INFO, 30100, 0,
			same ? "listens on 10.7.4.7:5432" : "listens on 10.7.4.7:6000");
		judge_stage(&s, 60, 120);
		assert_true(same ? named_part(&s, "store") > 2 : named_part(&s, "store") <= 0);
		close_stage(&s);
	}
}

/* "watcher" asks for something there, as the script does, and took nothing up. */
static void test_who_asks_at_an_address_did_not_take_it_up(void **state)
{
	(void)state;
	struct stage s;
	open_with_address(&s, 1, "connect to host 10.7.4.6 port 22: Connection refused");
	for (int64_t i = 0; i < 120; i++)
		say(&s, "watcher", LEVEL_INFO, i * 1000 + 20, 0, "chairs are looked at");
	say(&s, "watcher", LEVEL_INFO, 40000, 0, "waits 1 s to ask http://10.7.4.6:80/chairs/7");
	judge_stage(&s, 60, 120);
	assert_string_equal(service_at(&s, 0), "mapper");
	assert_true(named_part(&s, "watcher") <= 0);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_never_made_is_of_who_spoke_of_it_last),
		cmocka_unit_test(test_what_went_on_to_someone_new_is_of_nobody),
		cmocka_unit_test(test_what_failed_on_the_way_is_of_who_said_so),
		cmocka_unit_test(test_who_had_it_last_is_told_in_words),
		cmocka_unit_test(test_a_thing_on_its_way_is_known_by_words),
		cmocka_unit_test(test_an_address_that_is_not_reached_is_of_who_took_it_up_last),
		cmocka_unit_test(test_the_address_of_a_client_is_not_complained_of),
		cmocka_unit_test(test_an_address_that_many_speak_of_is_of_nobody),
		cmocka_unit_test(test_who_asks_at_an_address_did_not_take_it_up),
		cmocka_unit_test(test_another_port_is_another_thing),
		cmocka_unit_test(test_ids_of_things_are_found_in_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
