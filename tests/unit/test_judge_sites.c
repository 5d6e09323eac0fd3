/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_stage.h"

/* A line of the service at this site. */
static void say_at(struct stage *s, const char *service, const char *folder, enum level level,
	int64_t ms, const char *text)
{
	uint32_t number = tally_service(&s->tally, str_from(service));
	struct site_name site = { .text = str_from(folder) };
	site.hash = site_hash(site.text, false);
	struct line_place place = { .time_ns = START + ms * NS_PER_MS,
		.member = &member,
		.line = ++s->line,
		.site = site.hash,
		.text = str_from(text) };
	tally_site(&s->tally, number, &site, place.time_ns);
	tally_line(&s->tally, number, place.time_ns, level, level >= LEVEL_WARNING, false);
	tally_template(&s->tally, place.text, number, level, UINT32_MAX, &place, NULL);
}

struct loss {
	bool missed;	 /* the door complains of it */
	bool taken_over; /* by another site that begins then */
};

/* Three nodes of the switch for ten minutes; the third is gone from the sixth on. */
static void play(struct stage *s, struct loss loss)
{
	open_stage(s);
	for (int64_t i = 0; i < 600; i++) {
		say_at(s, "switch", "logs/fs1/log", LEVEL_INFO, i * 1000 + 5, "call is answered");
		say_at(s, "switch", "logs/fs2/log", LEVEL_INFO, i * 1000 + 9, "call is answered");
		say_at(s, "door", "logs/prx1/log", LEVEL_INFO, i * 1000 + 2, "call comes in");
		if (i < 360)
			say_at(s, "switch", "logs/fs3/log", LEVEL_INFO, i * 1000 + 7,
				"call is answered");
		else if (loss.taken_over)
			say_at(s, "switch", "logs/fs4/log", LEVEL_INFO, i * 1000 + 7,
				"call is answered");
		if (i >= 360 && i % 4 == 0 && loss.missed)
			say_at(s, "door", "logs/prx1/log", LEVEL_ERROR, i * 1000 + 900,
				"call is refused");
	}
	judge_stage(s, 360, 600);
}

static const struct deviation *silent_site(const struct stage *s)
{
	for (size_t i = 0; i < s->judgement.deviation_count; i++) {
		const struct deviation *d = &s->judgement.deviations[i];
		if (d->kind == DEVIATION_STOPPED && d->site > 0)
			return d;
	}
	return NULL;
}

static void test_a_site_that_falls_silent_is_named(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct loss){ .missed = true });
	const struct deviation *d = silent_site(&s);
	assert_non_null(d);
	struct str name = s.findings.sites[d->site - 1].name;
	assert_true(str_equal(name, STR("fs3")));
	assert_true(str_equal(s.findings.services[d->service].name, STR("switch")));
	int64_t off_ns = d->first_ns - (START + 360 * NS_PER_S);
	assert_true(off_ns >= -NS_PER_S && off_ns <= 5 * NS_PER_S);
	close_stage(&s);
}

static void test_a_site_that_nobody_misses_was_shut_down(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct loss){ .missed = false });
	assert_null(silent_site(&s));
	close_stage(&s);
}

static void test_a_site_that_another_takes_over_from_is_not_lost(void **state)
{
	(void)state;
	struct stage s;
	play(&s, (struct loss){ .missed = true, .taken_over = true });
	assert_null(silent_site(&s));
	close_stage(&s);
}

/* What ran on one host: all of it is gone with it, or one service alone. */
static bool tells_of_company(bool all)
{
	static const char *const services[] = { "cart", "rate", "stock", "mail", "desk", "till",
		"gate" };
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < 600; i++) {
		for (int64_t k = 0; k < 7; k++)
			if (i < 360 || k >= (all ? 3 : 1))
				say(&s, services[k], LEVEL_INFO, i * 1000 + k, 0, "all is well");
		if (i >= 365 && i % 4 == 0)
			say(&s, "gate", LEVEL_ERROR, i * 1000 + 900, 0, "nobody is there");
	}
	build_alone(&s.findings, &s.tally, &s.rules);
	s.settings.incident_from_ns = START + 360 * NS_PER_S;
	s.settings.incident_to_ns = START + 600 * NS_PER_S;
	rank(&s.findings, &s.settings, &v);
	bool tells = str_find(v.summary, STR(" So do ")) > 0 &&
		     str_find(v.summary, STR(" within a minute: what they share")) > 0;
	verdict_release(&v);
	close_stage(&s);
	return tells;
}

static void test_those_that_fall_silent_together_are_told_together(void **state)
{
	(void)state;
	assert_true(tells_of_company(true));
	assert_false(tells_of_company(false));
}

static const char *const nodes[] = { "logs/fs1", "logs/fs2", "logs/fs3" };

/* An error of the last folder alone, or of all in turn. */
static bool names_a_site(const char *const folders[3], bool one)
{
	struct stage s;
	struct verdict v;
	open_stage(&s);
	for (int64_t i = 0; i < 300; i++) {
		say_at(&s, "switch", folders[i % 3], LEVEL_INFO, i * 1000 + 5, "call is answered");
		if (i >= 200 && i % 5 == 0)
			say_at(&s, "switch", folders[one ? 2 : i % 3], LEVEL_ERROR, i * 1000 + 9,
				"no room for the recording");
	}
	build_alone(&s.findings, &s.tally, &s.rules);
	rank(&s.findings, &s.settings, &v);
	bool names = str_find(v.summary, STR(", all of them on ")) >= 0;
	assert_true(!names || str_find(v.summary, STR(" on fs3.")) > 0);
	verdict_release(&v);
	close_stage(&s);
	return names;
}

static void test_what_comes_from_one_site_alone_is_said_to(void **state)
{
	(void)state;
	assert_true(names_a_site(nodes, true));
	assert_false(names_a_site(nodes, false));
}

static void test_folders_of_one_pod_are_no_sites(void **state)
{
	(void)state;
	static const char *const pod[] = { "pods/a", "pods/a", "pods/a/switch/logs" };
	assert_false(names_a_site(pod, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_site_that_falls_silent_is_named),
		cmocka_unit_test(test_a_site_that_nobody_misses_was_shut_down),
		cmocka_unit_test(test_a_site_that_another_takes_over_from_is_not_lost),
		cmocka_unit_test(test_those_that_fall_silent_together_are_told_together),
		cmocka_unit_test(test_what_comes_from_one_site_alone_is_said_to),
		cmocka_unit_test(test_folders_of_one_pod_are_no_sites),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
