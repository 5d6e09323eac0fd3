/* SPDX-License-Identifier: MIT */
/* Which of a service's signs is shown first. */
#include "tests/unit/judge_stage.h"

/* The title of the first suspect when back no longer answers from `ONSET` on and says this. */
#define ONSET 200
#define END   400

static void first_title(enum level level, const char *says, int64_t every_s, char out[128])
{
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < END; i++) {
		tell_request(&s, (uint64_t)i + 1, i, 20, i < ONSET, false);
		if (i >= ONSET && i % every_s == 0)
			say(&s, "back", level, i * 1000 + 900, 0, says);
	}
	build_alone(&s.findings, &s.tally, &s.rules);
	s.settings.incident_from_ns = START + ONSET * NS_PER_S;
	s.settings.incident_to_ns = START + END * NS_PER_S;
	rank(&s.findings, &s.settings, &v);
	assert_true(v.suspect_count > 0);
	assert_true(str_equal(v.suspects[0].service, STR("back")));
	snprintf(out, 128, "%.*s", STR_ARG(v.suspects[0].title));
	verdict_release(&v);
	findings_release(&s.findings);
	tally_release(&s.tally);
	rule_set_release(&s.rules);
}

static void test_what_a_service_says_is_wrong_stands_before_what_it_no_longer_says(void **state)
{
	(void)state;
	char title[128];
	first_title(LEVEL_WARNING, "all workers are busy", 2, title);
	assert_string_equal(title, "all workers are busy");
	first_title(LEVEL_ERROR, "workers wait for each other", 2, title);
	assert_string_equal(title, "workers wait for each other");
	/* what it says once may be of anything, and what is no trouble explains none */
	first_title(LEVEL_ERROR, "workers wait for each other", 250, title);
	assert_string_equal(title, "lookup done");
	first_title(LEVEL_INFO, "metrics pushed", 2, title);
	assert_string_equal(title, "lookup done");
}

/* The head of a trace is no event of its own beside a complaint that is followed by requests. */
static void test_the_head_of_a_trace_counts_moments_not_requests(void **state)
{
	(void)state;
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < END; i++) {
		say(&s, "front", LEVEL_INFO, i * 1000, (uint64_t)(i / 2) + 1, "order received");
		if (i < ONSET && i != 7)
			continue;
		say(&s, "front", LEVEL_ERROR, i * 1000 + 8, (uint64_t)(i / 2) + 1, "order is torn");
		say(&s, "front", LEVEL_ERROR, i * 1000 + 8, 0,
			"Traceback (most recent call last):");
	}
	build_alone(&s.findings, &s.tally, &s.rules);
	s.settings.incident_from_ns = START + ONSET * NS_PER_S;
	s.settings.incident_to_ns = START + END * NS_PER_S;
	rank(&s.findings, &s.settings, &v);
	assert_true(v.suspect_count > 0);
	for (size_t i = 0; i < v.suspect_count; i++)
		assert_true(str_find(v.suspects[i].title, STR("Traceback")) < 0);
	verdict_release(&v);
	findings_release(&s.findings);
	tally_release(&s.tally);
	rule_set_release(&s.rules);
}

/* Frames that nobody stamped, of Ruby and PHP, stand behind the complaint that tells what of. */
static void test_a_frame_is_no_suspect_beside_what_it_is_of(void **state)
{
	(void)state;
	static const char *const frames[] = { "app/shelf.rb:42:in `read'",
		"#0 /app/Shelf.php(42): read()", "#1 {main}" };
	for (size_t k = 0; k < countof(frames); k++) {
		struct stage s;
		struct verdict v;
		open_stage(&s);
		for (int64_t i = 0; i < END; i++) {
			say(&s, "front", LEVEL_INFO, i * 1000, 0, "order received");
			if (i < ONSET)
				continue;
			say(&s, "front", LEVEL_ERROR, i * 1000 + 8, 0, "order is torn");
			say(&s, "front", LEVEL_ERROR, i * 1000 + 8, 0, frames[k]);
		}
		build_alone(&s.findings, &s.tally, &s.rules);
		s.settings.incident_from_ns = START + ONSET * NS_PER_S;
		s.settings.incident_to_ns = START + END * NS_PER_S;
		rank(&s.findings, &s.settings, &v);
		assert_int_equal(v.suspect_count, 1);
		assert_true(str_find(v.suspects[0].title, STR("torn")) >= 0);
		verdict_release(&v);
		findings_release(&s.findings);
		tally_release(&s.tally);
		rule_set_release(&s.rules);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_what_a_service_says_is_wrong_stands_before_what_it_no_longer_says),
		cmocka_unit_test(test_a_frame_is_no_suspect_beside_what_it_is_of),
		cmocka_unit_test(test_the_head_of_a_trace_counts_moments_not_requests),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
