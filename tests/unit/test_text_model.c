/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lineup/text_model_image.h"

static void test_an_image_is_all_that_a_model_knows(void **state)
{
	(void)state;
	struct text_model model = { 0 }, again = { 0 }, broken = { 0 };
	struct buf image = BUF_INIT(1 << 22);
	/* counts of one, two and three bytes, on both sides of where the next byte is needed */
	static const uint32_t weights[] = { 1, 127, 128, 16383, 16384 };
	for (size_t i = 0; i < countof(weights); i++)
		text_model_learn(&model, str_head(STR("abcde"), i + 1), weights[i]);
	assert_true(text_model_write(&model, &image));
	assert_true(text_model_read(&again, buf_str(&image)));
	assert_true(again.total == model.total);
	assert_memory_equal(again.counts, model.counts, TEXT_MODEL_SLOTS * sizeof(*model.counts));
	assert_false(text_model_read(&broken, str_head(buf_str(&image), TEXT_MODEL_SLOTS / 8)));
	assert_null(broken.counts);
	text_model_release(&model);
	text_model_release(&again);
	buf_release(&image);
}

static void test_a_full_buffer_takes_no_image(void **state)
{
	(void)state;
	struct text_model model = { 0 };
	text_model_learn(&model, STR("abcde"), 1 << 20);
	struct buf image = BUF_INIT(1 << 22);
	assert_true(text_model_write(&model, &image));
	for (size_t less = 1; less < 20; less++) {
		struct buf narrow = BUF_INIT(image.len - less);
		assert_false(text_model_write(&model, &narrow));
		buf_release(&narrow);
	}
	buf_release(&image);
	text_model_release(&model);
}

static void test_a_model_without_lines_has_an_image_too(void **state)
{
	(void)state;
	struct text_model none = { 0 }, again = { 0 };
	struct buf image = BUF_INIT(1 << 22);
	assert_true(text_model_write(&none, &image));
	assert_true(text_model_read(&again, buf_str(&image)));
	assert_true(again.total == 0);
	for (size_t i = 0; i < TEXT_MODEL_SLOTS; i++)
		assert_int_equal(again.counts[i], 0);
	text_model_release(&again);
	buf_release(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_image_is_all_that_a_model_knows),
		cmocka_unit_test(test_a_full_buffer_takes_no_image),
		cmocka_unit_test(test_a_model_without_lines_has_an_image_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
