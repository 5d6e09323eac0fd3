/* SPDX-License-Identifier: MIT */
/*
 * The counts as bytes: a bit for each that is not zero, then these, seven bits a byte, the lowest
 * first, a set eighth bit for one more. Half a megabyte for two megabytes of lines, which are read
 * in two milliseconds and took seventy to learn.
 */
#include <string.h>

#include "lineup/rules_check.h"
#include "lineup/text_model_image.h"

/* What healthy systems write is met all day; what the examples of failures say is met at times. */
#define HEALTHY_WEIGHT 8

#define MASK_BYTES (TEXT_MODEL_SLOTS / 8)

void text_model_of_logs(struct text_model *model, const struct rule_set *rules)
{
	for (size_t i = 0; i < rules->rule_count; i++)
		for (size_t k = 0; k < rules->rules[i].example_count; k++)
			text_model_learn(model, rules->rules[i].examples[k], 1);
	for (size_t i = 0; i < healthy_line_count; i++)
		text_model_learn(model, str_from(healthy_lines[i]), HEALTHY_WEIGHT);
}

static bool put_count(struct buf *out, uint32_t count)
{
	bool good = true;
	for (; count >= 0x80; count >>= 7)
		good = good && buf_append_byte(out, (char)(count | 0x80));
	return good && buf_append_byte(out, (char)count);
}

bool text_model_write(const struct text_model *m, struct buf *out)
{
	bool good = buf_append(out, str_of((const char *)&m->total, sizeof(m->total)));
	for (size_t i = 0; i < TEXT_MODEL_SLOTS && good; i += 8) {
		unsigned mask = 0;
		for (size_t k = 0; k < 8 && m->counts != NULL; k++)
			mask |= (m->counts[i + k] != 0 ? 1u : 0u) << k;
		good = buf_append_byte(out, (char)mask);
	}
	for (size_t i = 0; i < TEXT_MODEL_SLOTS && good && m->counts != NULL; i++)
		good = m->counts[i] == 0 || put_count(out, m->counts[i]);
	return good;
}

/* None is left behind the last. */
static uint32_t take_count(struct str *bytes)
{
	uint32_t count = 0;
	for (unsigned shift = 0; bytes->len > 0 && shift < 32; shift += 7) {
		unsigned byte = (unsigned char)*bytes->ptr;
		*bytes = str_skip(*bytes, 1);
		count |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			break;
	}
	return count;
}

bool text_model_read(struct text_model *m, struct str image)
{
	if (image.len < sizeof(m->total) + MASK_BYTES)
		return false;
	text_model_reserve(m);
	memcpy(&m->total, image.ptr, sizeof(m->total));
	const char *masks = image.ptr + sizeof(m->total);
	struct str counts = str_skip(image, sizeof(m->total) + MASK_BYTES);
	for (size_t i = 0; i < MASK_BYTES; i++)
		for (unsigned left = (unsigned char)masks[i]; left != 0; left &= left - 1)
			m->counts[i * 8 + (unsigned)__builtin_ctz(left)] = take_count(&counts);
	return true;
}

/* Made by the build, and as true as the code beside it; missing (weak) in the tool that makes it.
 */
extern const char lineup_model_image[] __attribute__((weak));
extern const char lineup_model_image_end[] __attribute__((weak));

void text_model_builtin(struct text_model *m)
{
	const struct rule_set none = { .rules = NULL };
	bool linked = lineup_model_image != NULL && lineup_model_image_end != NULL;
	size_t bytes = (size_t)((uintptr_t)lineup_model_image_end - (uintptr_t)lineup_model_image);
	if (!linked || !text_model_read(m, str_of(lineup_model_image, bytes)))
		text_model_of_logs(m, &none);
}
