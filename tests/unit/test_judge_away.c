/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_stage.h"

#define SECONDS 900

/* When the till is away: from second 600 on, for so many seconds (0: never), and whether its first
 * lines come again behind that. */
struct scene_of_shop {
	int64_t away_s;
	bool starts_again;
	bool begins_with_log; /* its first lines are there at the beginning, too */
	bool starts_daily;    /* it starts anew every two minutes, without harm */
	bool complained_before;
	bool till_is_named;
};

static void say_start(struct stage *s, int64_t second)
{
	int64_t ms = second * 1000;
	say(s, "till", LEVEL_INFO, ms + 2, 0, "till service v2 is starting");
	say(s, "till", LEVEL_INFO, ms + 402, 0, "drawer opened by first hand");
	say(s, "till", LEVEL_INFO, ms + 802, 0, "listening on port of the till");
}

static bool is_away(const struct scene_of_shop *of, int64_t second)
{
	return of->away_s > 0 && second >= 600 && second < 600 + of->away_s;
}

/* The till sells each second, the others do what they do; the door waits while the till is away. */
static void play(struct stage *s, struct scene_of_shop of)
{
	open_stage(s);
	for (int64_t i = 0; i < SECONDS; i++) {
		int64_t ms = i * 1000;
		bool starts = (i == 0 && of.begins_with_log) ||
			      (of.starts_daily && i % 120 == 60) ||
			      (of.starts_again && i == 600 + of.away_s);
		say(s, "door", LEVEL_INFO, ms + 11, 0, "someone comes in");
		say(s, "shelf", LEVEL_INFO, ms + 31, 0, "bread is put up");
		if (starts)
			say_start(s, i);
		if (!is_away(&of, i))
			say(s, "till", LEVEL_INFO, ms + 901, 0, "bread is sold");
		bool fails =
			(is_away(&of, i) && i % 3 == 1) || (of.complained_before && i % 50 == 7);
		if (fails)
			say(s, "door", LEVEL_ERROR, ms + 950, 0,
				of.till_is_named ? "call to till: connection refused"
						 : "connection refused");
	}
	judge_stage(s, 598, 640);
}

static const struct deviation *heard_of(const struct stage *s, const char *service)
{
	for (size_t i = 0; i < s->judgement.deviation_count; i++) {
		const struct deviation *d = &s->judgement.deviations[i];
		if (d->kind == DEVIATION_NAMED &&
			str_equal(s->findings.services[d->service].name, str_from(service)))
			return d;
	}
	return NULL;
}

static void test_one_that_started_anew_is_waited_for(void **state)
{
	(void)state;
	for (int begins = 0; begins < 2; begins++) {
		struct stage s;
		play(&s, (struct scene_of_shop){
				 .away_s = 20, .starts_again = true, .begins_with_log = begins });
		const struct deviation *d = heard_of(&s, "till");
		assert_string_equal(service_at(&s, 0), "till");
		assert_non_null(d);
		assert_int_equal(d->named_how, NAMED_AS_AWAY);
		assert_true(d->restarted);
		int64_t off_ns = d->away_ns - (START + 620 * NS_PER_S);
		assert_true(off_ns >= 0 && off_ns < NS_PER_S);
		close_stage(&s);
	}
}

static void test_one_that_is_named_is_said_to_have_restarted(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct scene_of_shop){
			 .away_s = 20, .starts_again = true, .till_is_named = true });
	const struct deviation *d = heard_of(&s, "till");
	assert_non_null(d);
	assert_int_equal(d->named_how, NAMED_BY_NAME);
	assert_true(d->restarted);
	close_stage(&s);
}

static void test_a_restart_without_harm_accuses_nobody(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct scene_of_shop){ .away_s = 0, .starts_again = true });
	assert_null(heard_of(&s, "till"));
	close_stage(&s);
}

static void test_a_complaint_of_all_day_is_not_of_a_restart(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct scene_of_shop){
			 .away_s = 0, .starts_again = true, .complained_before = true });
	assert_null(heard_of(&s, "till"));
	close_stage(&s);
}

static void test_one_that_starts_all_day_is_away_by_habit(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct scene_of_shop){ .away_s = 5, .starts_daily = true });
	const struct deviation *d = heard_of(&s, "till");
	assert_true(d == NULL || !d->restarted);
	close_stage(&s);
}

static void test_one_that_fell_silent_is_waited_for(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct scene_of_shop){ .away_s = 40 });
	const struct deviation *d = heard_of(&s, "till");
	assert_string_equal(service_at(&s, 0), "till");
	assert_non_null(d);
	assert_int_equal(d->named_how, NAMED_AS_AWAY);
	assert_false(d->restarted);
	close_stage(&s);
}

/* The span that was told ends, and it is still gone. */
static void test_a_silence_that_outlasts_the_incident_is_of_it(void **state)
{
	(void)state;
	bool stopped = false;
	struct stage s;
	play(&s, (struct scene_of_shop){ .away_s = SECONDS });
	for (size_t i = 0; i < s.judgement.deviation_count; i++) {
		const struct deviation *d = &s.judgement.deviations[i];
		stopped |= d->kind == DEVIATION_STOPPED && !d->one_line &&
			   str_equal(s.findings.services[d->service].name, STR("till"));
	}
	assert_true(stopped);
	assert_string_equal(service_at(&s, 0), "till");
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_that_started_anew_is_waited_for),
		cmocka_unit_test(test_one_that_is_named_is_said_to_have_restarted),
		cmocka_unit_test(test_a_restart_without_harm_accuses_nobody),
		cmocka_unit_test(test_a_complaint_of_all_day_is_not_of_a_restart),
		cmocka_unit_test(test_one_that_starts_all_day_is_away_by_habit),
		cmocka_unit_test(test_one_that_fell_silent_is_waited_for),
		cmocka_unit_test(test_a_silence_that_outlasts_the_incident_is_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
