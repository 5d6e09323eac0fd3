/* SPDX-License-Identifier: MIT */
/* A line fits a form exactly when masking it gives that form, in every way that it is found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lineup/line_fit.h"

#define ROOM (LINE_MASK_BYTES + LINE_MASK_PADDING)

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*state >> 33);
}

static const char alphabet[] = "0123456789abcdef--gG_ .:\xc3\xff";

/* The form of a line, with zeros behind it. */
static void make_form(struct str line, char masked[ROOM], struct line_fit *fit)
{
	char out[ROOM];
	memset(masked, 0, ROOM);
	line_mask(line, out);
	memcpy(masked, out, line.len);
	line_fit_init(fit, masked, line.len);
}

/* Runs that may be ids, with other bytes between them. */
static size_t make_line(uint64_t *state, char line[ROOM])
{
	size_t len = next_random(state) % (next_random(state) % 8 == 0 ? LINE_MASK_BYTES + 1 : 150);
	for (size_t at = 0; at < ROOM;) {
		bool run = next_random(state) % 2 == 0;
		size_t kinds = run ? 16 + next_random(state) % 3 : sizeof(alphabet) - 1;
		for (size_t n = next_random(state) % 40 + 1; n > 0 && at < ROOM; n--)
			line[at++] = alphabet[next_random(state) % kinds];
		if (at < ROOM && next_random(state) % 4 != 0)
			line[at++] = " =.g"[next_random(state) % 4];
	}
	return len;
}

/* Changes some bytes: mostly to what leaves the form as it is. */
static void change(uint64_t *state, char line[ROOM], const char *masked, size_t len)
{
	bool all = next_random(state) % 2 == 0;
	for (size_t i = 0; i < len; i++) {
		if (!all && next_random(state) % 8 != 0)
			continue;
		if (masked[i] == '0')
			line[i] = (char)('0' + next_random(state) % 10);
		else if (masked[i] == LINE_MASK_ID)
			line[i] = alphabet[next_random(state) % (all ? 16 : 10)];
	}
	if (len > 0 && next_random(state) % 3 == 0)
		line[next_random(state) % len] =
			alphabet[next_random(state) % (sizeof(alphabet) - 1)];
}

static void test_a_line_fits_the_form_that_masking_gives(void **state)
{
	(void)state;
	struct line_fit_way ways[LINE_FIT_WAYS];
	size_t count = line_fit_ways(ways), fitted = 0, others = 0, many = 0;
	uint64_t seed = 7;
	char line[ROOM], twin[ROOM], masked[ROOM], again[ROOM];
	for (int round = 0; round < 60000; round++) {
		struct line_fit fit, other;
		size_t len = make_line(&seed, line);
		make_form(str_of(line, len), masked, &fit);
		memcpy(twin, line, sizeof(twin));
		change(&seed, twin, masked, len);
		make_form(str_of(twin, len), again, &other);
		bool same = memcmp(masked, again, len) == 0;
		uint64_t key = line_fit_key(str_of(line, len));
		many += fit.id_count > LINE_FIT_IDS;
		fitted += same;
		others += !same;
		assert_int_equal(line_fits(&fit, str_of(twin, len)), same);
		assert_true(line_fits(&fit, str_of(line, len)));
		if (same)
			assert_int_equal(line_fit_key(str_of(twin, len)), key);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(ways[i].key(str_of(line, len)), key);
			if (fit.id_count <= LINE_FIT_IDS)
				assert_int_equal(ways[i].fits(&fit, str_of(twin, len)), same);
		}
	}
	assert_true(fitted > 10000 && others > 10000 && many > 1000);
}

static void test_what_stands_behind_a_line_does_not_show(void **state)
{
	(void)state;
	struct line_fit_way ways[LINE_FIT_WAYS];
	size_t count = line_fit_ways(ways);
	char a[ROOM] = "took 5 ms abcdef0", b[ROOM] = "took 7 ms gbcdef012345", masked[ROOM];
	struct line_fit fit;
	make_form(str_of(a, 10), masked, &fit);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(ways[i].key(str_of(a, 10)), ways[i].key(str_of(b, 10)));
		assert_int_not_equal(ways[i].key(str_of(a, 9)), ways[i].key(str_of(b, 10)));
		assert_true(ways[i].fits(&fit, str_of(b, 10)));
	}
	assert_false(line_fits(&fit, str_of(b, 11)));
}

static void test_lines_of_one_form_have_one_key(void **state)
{
	(void)state;
	char a[ROOM] = "at 12:34 trace=4bf92f3577b34da6a3ce929d0e0e4736 feed "
		       "550e8400-e29b-41d4-a716-446655440000 took 15 ms";
	char b[ROOM] = "at 23:59 trace=00f067aa0ba902b70123456789abcdef feed "
		       "6ba7b810-9dad-11d1-80b4-00c04fd430c8 took 99 ms";
	char c[ROOM] = "at 23:59 trace=00f067aa0ba902b70123456789abcdef need "
		       "6ba7b810-9dad-11d1-80b4-00c04fd430c8 took 99 ms";
	size_t len = strlen(a);
	/* wherever blocks begin */
	for (size_t from = 0; from + 10 < len; from++) {
		struct str one = str_of(a + from, len - from), two = str_of(b + from, len - from);
		struct str other = str_of(c + from, len - from);
		assert_int_equal(line_fit_key(one), line_fit_key(two));
		if (from < 40)
			assert_int_not_equal(line_fit_key(one), line_fit_key(other));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_fits_the_form_that_masking_gives),
		cmocka_unit_test(test_lines_of_one_form_have_one_key),
		cmocka_unit_test(test_what_stands_behind_a_line_does_not_show),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
