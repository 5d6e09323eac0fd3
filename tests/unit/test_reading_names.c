/* SPDX-License-Identifier: MIT */
/* A column of words behind the stamp: services, or not. */
#include "tests/unit/reading_stage.h"

/* Reads lines of a file in which the words take turns. */
static void read_column_of(
	struct read_member *got, const char *place, const char *const *words, size_t count)
{
	struct buf text = BUF_INIT(0);
	for (size_t i = 0; i < 48; i++)
		buf_printf(&text, "2031-02-02T12:00:%02d.%03dZ INFO [%s] loading some part of it\n",
			(int)i, (int)(i * 7), words[i % count]);
	buf_append_byte(&text, '\0');
	read_member(got, &(struct setup){ .place = place }, text.ptr);
	buf_release(&text);
}

static void read_column(struct read_member *got, const char *const *words, size_t count)
{
	read_column_of(got, "x/all.log", words, count);
}

static void test_small_words_that_come_again_are_services(void **state)
{
	(void)state;
	struct read_member got;
	read_column(&got, (const char *const[]){ "cart", "desk-app" }, 2);
	assert_string_equal(got.services[0], "cart");
	assert_string_equal(got.services[1], "desk-app");
}

static void test_ids_letters_and_capitals_are_none(void **state)
{
	(void)state;
	static const char *const columns[][2] = { { "deadbeef", "cafebabe" }, { "a", "b" },
		{ "Cart", "Desk" }, { "c.rt", "d.sk" } };
	struct read_member got;
	for (size_t i = 0; i < countof(columns); i++) {
		read_column(&got, columns[i], 2);
		assert_string_equal(got.services[0], "all");
		assert_string_equal(got.services[1], "all");
	}
}

static void test_in_a_file_with_a_name_two_words_have_to_be_those_of_services(void **state)
{
	(void)state;
	struct read_member got;
	read_column_of(&got, "x/shop.log", (const char *const[]){ "cart-service", "desk" }, 2);
	assert_string_equal(got.services[1], "shop");
	read_column_of(&got, "x/shop.log", (const char *const[]){ "cart", "desk" }, 2);
	assert_string_equal(got.services[0], "shop");
	read_column_of(
		&got, "x/shop.log", (const char *const[]){ "cart-service", "desk-service" }, 2);
	assert_string_equal(got.services[0], "cart-service");
	assert_string_equal(got.services[1], "desk-service");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_words_that_come_again_are_services),
		cmocka_unit_test(test_ids_letters_and_capitals_are_none),
		cmocka_unit_test(test_in_a_file_with_a_name_two_words_have_to_be_those_of_services),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
