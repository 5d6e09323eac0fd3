/* SPDX-License-Identifier: MIT */
/*
 * compress(1), .Z: LZW with codes of 9 to 16 bits, low bits first. Codes come in groups of eight,
 * and when their width changes the rest of a group is padding. There is no end mark and no
 * checksum: an early end is seen where it cuts a code in two, which at 9 bits is nearly everywhere,
 * and at 16 every other byte.
 */
#include "src/input/decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"

#define CODES	   65536
#define CODE_CLEAR 256
#define WIDTH_MIN  9
#define WIDTH_MAX  16

struct lzw {
	uint16_t prefix[CODES];
	uint8_t suffix[CODES];
	uint8_t stack[CODES + 1]; /* the string of a code, last byte first */
	size_t stack_len;
	uint8_t head[3];
	size_t head_len;
	uint8_t group[WIDTH_MAX + 4]; /* eight codes, and room to load four bytes anywhere */
	unsigned group_bytes;
	unsigned bit_at;
	unsigned width;
	unsigned width_max;
	bool blocks; /* the clear code is in use */
	bool fresh;  /* no code yet since the start or a clear */
	uint32_t next;
	uint32_t previous;
	uint8_t first_byte;
};

static bool compress_starts(struct str head)
{
	if (head.len < 3 || !str_starts(head, STR("\x1f\x9d")))
		return false;
	unsigned flags = (unsigned char)head.ptr[2];
	unsigned width = flags & 0x1f;
	return width >= WIDTH_MIN && width <= WIDTH_MAX && (flags & 0x60) == 0;
}

static void *compress_create(void)
{
	return mem_zalloc(1, sizeof(struct lzw));
}

static bool compress_start(void *state, struct error *err UNUSED)
{
	struct lzw *z = state;
	z->stack_len = z->head_len = 0;
	z->group_bytes = z->bit_at = 0;
	z->width = WIDTH_MIN;
	z->fresh = true;
	for (unsigned i = 0; i < 256; i++)
		z->suffix[i] = (uint8_t)i;
	return true;
}

/* The next code into *code. False: it is not all there yet. */
static bool next_code(struct lzw *z, struct decoder_io *io, uint32_t *code)
{
	if (z->next >= UINT32_C(1) << z->width && z->width < z->width_max) {
		/* Wider from the next group on. A group not begun is read at the new width. */
		if (z->bit_at > 0) {
			while (z->group_bytes < z->width && io->in_len > 0) {
				z->group_bytes++;
				io->in++;
				io->in_len--;
			}
			if (z->group_bytes < z->width)
				return false;
		}
		z->width++;
		z->group_bytes = z->bit_at = 0;
	}
	if (z->bit_at == z->width * 8)
		z->group_bytes = z->bit_at = 0;
	while (z->group_bytes * 8 < z->bit_at + z->width) {
		if (io->in_len == 0)
			return false;
		z->group[z->group_bytes++] = *io->in++;
		io->in_len--;
	}
	uint32_t bits;
	memcpy(&bits, z->group + z->bit_at / 8, sizeof(bits));
	*code = bits >> (z->bit_at % 8) & ((UINT32_C(1) << z->width) - 1);
	z->bit_at += z->width;
	return true;
}

/*
 * May the input end here? Behind the last code stands what fills its byte up, and it is zero;
 * behind one that changes the width, old programs write the whole group. A clear without a code is
 * no end.
 */
static bool may_end(const struct lzw *z)
{
	if (z->next == 0)
		return false;
	unsigned used = (z->bit_at + 7) / 8;
	bool widens = z->next >= UINT32_C(1) << z->width && z->width < z->width_max;
	if (z->group_bytes != used)
		return widens && z->group_bytes == z->width;
	return z->bit_at % 8 == 0 || z->group[z->bit_at / 8] >> (z->bit_at % 8) == 0;
}

/* After a clear the rest of its group is passed over, then codes have nine bits again. */
static bool finish_clear(struct lzw *z, struct decoder_io *io)
{
	while (z->group_bytes < z->width && io->in_len > 0) {
		z->group_bytes++;
		io->in++;
		io->in_len--;
	}
	if (z->group_bytes < z->width)
		return false;
	z->width = WIDTH_MIN;
	z->group_bytes = z->bit_at = 0;
	z->next = CODE_CLEAR + 1;
	z->fresh = true;
	return true;
}

static bool expand(struct lzw *z, uint32_t code)
{
	uint32_t at = code;
	if (z->fresh) {
		if (code >= 256)
			return false;
	} else if (at >= z->next) {
		if (at > z->next)
			return false;
		z->stack[z->stack_len++] = z->first_byte;
		at = z->previous;
	}
	while (at >= 256) {
		z->stack[z->stack_len++] = z->suffix[at];
		at = z->prefix[at];
	}
	z->first_byte = (uint8_t)at;
	z->stack[z->stack_len++] = (uint8_t)at;
	if (!z->fresh && z->next < UINT32_C(1) << z->width_max) {
		z->prefix[z->next] = (uint16_t)z->previous;
		z->suffix[z->next] = z->first_byte;
		z->next++;
	}
	z->previous = code;
	z->fresh = false;
	return true;
}

static bool read_head(struct lzw *z, struct decoder_io *io)
{
	while (z->head_len < 3 && io->in_len > 0) {
		z->head[z->head_len++] = *io->in++;
		io->in_len--;
	}
	if (z->head_len < 3)
		return false;
	z->blocks = (z->head[2] & 0x80) != 0;
	z->width_max = z->head[2] & 0x1f;
	if (z->next == 0)
		z->next = z->blocks ? CODE_CLEAR + 1 : CODE_CLEAR;
	return true;
}

static enum decoder_step compress_step(void *state, struct decoder_io *io, struct error *err)
{
	struct lzw *z = state;
	if (z->head_len < 3) {
		z->next = 0;
		if (!read_head(z, io))
			return DECODER_MORE;
	}
	while (io->out_len > 0) {
		if (z->stack_len > 0) {
			*io->out++ = z->stack[--z->stack_len];
			io->out_len--;
			continue;
		}
		/* A clear that still waits for its padding is marked by a next of 0. */
		uint32_t code;
		if ((z->next == 0 && !finish_clear(z, io)) || !next_code(z, io, &code))
			return io->ended && may_end(z) ? DECODER_STREAM_END : DECODER_MORE;
		if (z->blocks && code == CODE_CLEAR) {
			z->next = 0;
		} else if (!expand(z, code)) {
			error_set(err, "corrupt");
			return DECODER_DAMAGED;
		}
	}
	return DECODER_MORE;
}

const struct decoder_format decode_compress = {
	.name = "compress",
	.magic_bytes = 3,
	.starts = compress_starts,
	.create = compress_create,
	.start = compress_start,
	.step = compress_step,
	.destroy = free,
};
