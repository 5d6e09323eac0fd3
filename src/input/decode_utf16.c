/* SPDX-License-Identifier: MIT */
/*
 * UTF-16 to UTF-8, so that patterns meet the bytes that they were written for. Halves of a pair
 * that stand alone become U+FFFD; so does an odd last byte.
 */
#include "src/input/decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/utf8.h"

struct utf16 {
	bool big_endian;
	uint8_t unit[2];
	size_t unit_len;
	uint32_t high; /* first half of a pair, or 0 */
	bool at_start; /* a byte order mark is dropped here */
	bool cut;      /* the text ended within a character, which is not told yet */
	char text[2 * UTF8_BYTES_MAX]; /* of one unit */
	size_t text_at;
	size_t text_len;
};

static void *utf16_create(bool big_endian)
{
	struct utf16 *u = mem_zalloc(1, sizeof(*u));
	u->big_endian = big_endian;
	return u;
}

static void *utf16le_create(void)
{
	return utf16_create(false);
}

static void *utf16be_create(void)
{
	return utf16_create(true);
}

static bool utf16_start(void *state, struct error *err UNUSED)
{
	struct utf16 *u = state;
	u->at_start = true;
	u->cut = false;
	return true;
}

static void put(struct utf16 *u, uint32_t c)
{
	u->text_len += utf8_encode(c, u->text + u->text_len);
}

/* At most two characters come out of one unit: a lone half, and the unit itself. */
static void put_unit(struct utf16 *u, uint32_t unit)
{
	if (u->high != 0) {
		uint32_t high = u->high;
		u->high = 0;
		if (unit >= 0xdc00 && unit < 0xe000) {
			put(u, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
			return;
		}
		put(u, UTF8_REPLACEMENT);
	}
	if (unit >= 0xd800 && unit < 0xdc00)
		u->high = unit;
	else if (unit >= 0xdc00 && unit < 0xe000)
		put(u, UTF8_REPLACEMENT);
	else if (!(u->at_start && unit == 0xfeff))
		put(u, unit);
	u->at_start = false;
}

static bool next_unit(struct utf16 *u, struct decoder_io *io)
{
	while (u->unit_len < 2 && io->in_len > 0) {
		u->unit[u->unit_len++] = *io->in++;
		io->in_len--;
	}
	if (u->unit_len < 2)
		return false;
	u->unit_len = 0;
	unsigned first = u->unit[0];
	unsigned second = u->unit[1];
	put_unit(u, u->big_endian ? first << 8 | second : second << 8 | first);
	return true;
}

static enum decoder_step utf16_step(void *state, struct decoder_io *io, struct error *err)
{
	struct utf16 *u = state;
	while (io->out_len > 0) {
		if (u->text_at < u->text_len) {
			size_t n = size_min(io->out_len, u->text_len - u->text_at);
			memcpy(io->out, u->text + u->text_at, n);
			u->text_at += n;
			io->out += n;
			io->out_len -= n;
			continue;
		}
		u->text_at = u->text_len = 0;
		if (next_unit(u, io))
			continue;
		if (!io->ended)
			return DECODER_MORE;
		if (u->cut) {
			error_set(err, "ends within a character");
			return DECODER_DAMAGED;
		}
		if (u->high == 0 && u->unit_len == 0)
			return DECODER_STREAM_END;
		u->cut = true;
		u->high = 0;
		u->unit_len = 0;
		put(u, UTF8_REPLACEMENT);
	}
	return DECODER_MORE;
}

const struct decoder_format decode_utf16le = {
	.name = "UTF-16",
	.magic_bytes = 2,
	.create = utf16le_create,
	.start = utf16_start,
	.step = utf16_step,
	.destroy = free,
};

const struct decoder_format decode_utf16be = {
	.name = "UTF-16",
	.magic_bytes = 2,
	.create = utf16be_create,
	.start = utf16_start,
	.step = utf16_step,
	.destroy = free,
};
