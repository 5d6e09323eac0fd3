/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <bzlib.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lineup/mem.h"

#define MAGIC_BITS   48
#define BLOCK_MAGIC  UINT64_C(0x314159265359)
#define STREAM_MAGIC UINT64_C(0x177245385090) /* ends a stream; then its checksum */
#define HEADER_BYTES 4
#define CRC_POLY     UINT32_C(0x04c11db7)

static bool bzip2_starts(struct str head)
{
	if (head.len < 10 || !str_starts(head, STR("BZh")) || head.ptr[3] < '1' ||
		head.ptr[3] > '9')
		return false;
	/* The first block, or the end of a stream without any. */
	return memcmp(head.ptr + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
	       memcmp(head.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0;
}

struct bzip2 {
	bz_stream stream;
	bool begun;
	void *table; /* the library's largest block of memory, kept from stream to stream */
	size_t table_bytes;
	bool table_lent;
};

/* The library walks a table of 3.6 MB in no order:
 * in pages of 4 KiB the half of its time is lost. */
#define LARGE_PAGE_BYTES ((size_t)2 << 20)

static void *lend(void *state, int count, int size)
{
	struct bzip2 *b = state;
	size_t bytes = (size_t)count * (size_t)size;
	if (bytes < LARGE_PAGE_BYTES / 4 || b->table_lent)
		return malloc(bytes);
	if (bytes > b->table_bytes) {
		free(b->table);
		b->table_bytes =
			(bytes + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES;
		b->table = aligned_alloc(LARGE_PAGE_BYTES, b->table_bytes);
		if (b->table == NULL) {
			b->table_bytes = 0;
			return NULL;
		}
		madvise(b->table, b->table_bytes, MADV_HUGEPAGE);
	}
	b->table_lent = true;
	return b->table;
}

static void take_back(void *state, void *memory)
{
	struct bzip2 *b = state;
	if (memory == b->table)
		b->table_lent = false;
	else
		free(memory);
}

static void *bzip2_create(void)
{
	return mem_zalloc(1, sizeof(struct bzip2));
}

static bool bzip2_start(void *state, struct error *err)
{
	struct bzip2 *b = state;
	if (b->begun)
		BZ2_bzDecompressEnd(&b->stream);
	b->stream = (bz_stream){ .bzalloc = lend, .bzfree = take_back, .opaque = b };
	b->begun = BZ2_bzDecompressInit(&b->stream, 0, 0) == BZ_OK;
	if (!b->begun)
		error_set(err, "no memory for a decoder");
	return b->begun;
}

static enum decoder_step bzip2_step(void *state, struct decoder_io *io, struct error *err)
{
	struct bzip2 *b = state;
	unsigned in_len = (unsigned)size_min(io->in_len, UINT32_MAX / 2);
	unsigned out_len = (unsigned)size_min(io->out_len, UINT32_MAX / 2);
	b->stream.next_in = (char *)(uintptr_t)io->in;
	b->stream.avail_in = in_len;
	b->stream.next_out = (char *)io->out;
	b->stream.avail_out = out_len;
	int code = BZ2_bzDecompress(&b->stream);
	size_t taken = in_len - b->stream.avail_in;
	size_t given = out_len - b->stream.avail_out;
	io->in += taken;
	io->in_len -= taken;
	io->out += given;
	io->out_len -= given;
	switch (code) {
	case BZ_OK:
		return DECODER_MORE;
	case BZ_STREAM_END:
		return DECODER_STREAM_END;
	case BZ_MEM_ERROR:
		error_set(err, "no memory for a decoder");
		return DECODER_LIMITED;
	default:
		error_set(err, "corrupt");
		return DECODER_DAMAGED;
	}
}

static void bzip2_destroy(void *state)
{
	struct bzip2 *b = state;
	if (b->begun)
		BZ2_bzDecompressEnd(&b->stream);
	free(b->table);
	free(b);
}

/*
 * Parts: blocks. They begin at any bit, with a magic of 48 bits, and need nothing of the blocks
 * before them; but the library takes whole streams only. So a block gets a stream of its own: in
 * front of it a short block, made so that it ends at the same bit of a byte as the one that stood
 * there, behind it the end of a stream. To go on from a block to the end of its stream in the
 * ordinary way, the short block is made to have the checksum of all blocks before, too: the library
 * then stands as if it had read them, and what it says of errors, and where, is the same.
 */

/* A longer one is no block: 900,000 bytes that do not compress take about 910,000. */
#define BLOCK_PACKED_MAX ((size_t)1200000)
/* Runs make more of a block than its 900,000 bytes; much more is left to the ordinary way. */
#define BLOCK_BYTES_MAX ((size_t)4 << 20)

#define SHORT_MAX   32
#define SHORT_TRIES 512

struct short_block {
	uint8_t bytes[256]; /* of a stream, up to the end of its block */
	size_t bits;
	size_t unpacked;
};

static uint64_t bits_at(const uint8_t *bytes, size_t bit, unsigned count)
{
	uint64_t value = 0;
	for (size_t i = bit; i < bit + count; i++)
		value = value << 1 | (bytes[i / 8] >> (7 - i % 8) & 1);
	return value;
}

static void put_bits(uint8_t *bytes, size_t bit, uint64_t value, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint8_t mask = (uint8_t)(0x80 >> ((bit + i) % 8));
		if ((value >> (count - 1 - i) & 1) != 0)
			bytes[(bit + i) / 8] |= mask;
		else
			bytes[(bit + i) / 8] &= (uint8_t)~mask;
	}
}

static uint32_t join_checksums(uint32_t all, uint32_t block)
{
	return (all << 1 | all >> 31) ^ block;
}

/* The last four bytes of a text, so that it has this checksum: the CRC run backwards. */
static void force_checksum(uint8_t *text, size_t len, uint32_t checksum)
{
	uint32_t want = ~checksum, have = UINT32_MAX;
	for (unsigned i = 0; i < 32; i++)
		want = (want & 1) != 0 ? (want ^ CRC_POLY) >> 1 | UINT32_C(1) << 31 : want >> 1;
	for (size_t i = 0; i < (len - 4) * 8; i++) {
		uint32_t bit = text[i / 8] >> (7 - i % 8) & 1;
		have = have << 1 ^ ((have >> 31 ^ bit) != 0 ? CRC_POLY : 0);
	}
	for (unsigned i = 0; i < 4; i++)
		text[len - 4 + i] = (uint8_t)((want ^ have) >> (24 - 8 * i));
}

/*
 * False: none with that checksum ends at that bit. How long a block is hangs on how many bytes are
 * in it and which of them are alike, so both are varied.
 */
static bool make_short_block(struct short_block *b, uint32_t checksum, unsigned bit, unsigned level)
{
	for (unsigned try = 0; try < SHORT_TRIES; try++) {
		uint8_t text[SHORT_MAX];
		unsigned len = sizeof(b->bytes);
		b->unpacked = 5 + try % (SHORT_MAX - 4);
		for (unsigned i = 0; i < SHORT_MAX; i++)
			text[i] = (uint8_t)(i * i * (1 + try / SHORT_MAX) % (2 + try % 7));
		force_checksum(text, b->unpacked, checksum);
		if (BZ2_bzBuffToBuffCompress((char *)b->bytes, &len, (char *)text,
			    (unsigned)b->unpacked, 1, 0, 0) != BZ_OK)
			return false;
		size_t end = (size_t)len * 8 - MAGIC_BITS - 32;
		while (bits_at(b->bytes, end, MAGIC_BITS) != STREAM_MAGIC)
			end--;
		if (end % 8 != bit)
			continue;
		b->bits = end;
		b->bytes[3] = (uint8_t)('0' + level);
		return true;
	}
	return false;
}

/* Makes the decoder read the short block, and with it the first bits of the byte where it ends. */
static bool read_short_block(struct bzip2 *b, struct short_block *s, uint8_t first)
{
	char text[SHORT_MAX + 1];
	size_t len = s->bits / 8;
	struct error ignored;
	if (s->bits % 8 != 0) {
		unsigned left = 8 - (unsigned)(s->bits % 8);
		put_bits(s->bytes, s->bits, first & ((1U << left) - 1), left);
		len++;
	}
	if (!bzip2_start(b, &ignored))
		return false;
	b->stream.next_in = (char *)s->bytes;
	b->stream.avail_in = (unsigned)len;
	b->stream.next_out = text;
	b->stream.avail_out = sizeof(text);
	return BZ2_bzDecompress(&b->stream) == BZ_OK && b->stream.avail_in == 0 &&
	       b->stream.avail_out == sizeof(text) - s->unpacked;
}

static bool bzip2_resume(
	void *state, const struct decoder_cursor *cursor, uint8_t first, bool *took)
{
	struct short_block s;
	*took = cursor->bit != 0;
	return make_short_block(&s, cursor->checksum, cursor->bit, cursor->level) &&
	       read_short_block(state, &s, first);
}

static bool decode_rest(struct bzip2 *b, const uint8_t *in, size_t len, struct decoder_room *room)
{
	int code = BZ_OK;
	b->stream.next_in = (char *)(uintptr_t)in;
	b->stream.avail_in = (unsigned)len;
	while (code == BZ_OK && room->len < BLOCK_BYTES_MAX) {
		size_t step = (size_t)1 << 20;
		b->stream.next_out = decoder_room(room, step);
		b->stream.avail_out = (unsigned)step;
		code = BZ2_bzDecompress(&b->stream);
		room->len += step - b->stream.avail_out;
		if (b->stream.avail_in == 0 && b->stream.avail_out > 0)
			break;
	}
	return code == BZ_STREAM_END;
}

static bool bzip2_decode(
	void *state, const struct decoder_part *part, uint8_t *packed, struct decoder_room *room)
{
	struct short_block s;
	size_t from = part->first_bit / 8, bit = part->first_bit % 8;
	size_t end = part->first_bit + part->bits;
	if (!make_short_block(&s, 0, (unsigned)bit, part->level) ||
		!read_short_block(state, &s, packed[from]))
		return false;
	put_bits(packed, end, STREAM_MAGIC, MAGIC_BITS);
	put_bits(packed, end + MAGIC_BITS, join_checksums(0, part->checksum), 32);
	from += bit != 0;
	return decode_rest(state, packed + from, (end + MAGIC_BITS + 32 + 7) / 8 - from, room);
}

/* The last byte but one of a magic, with no to seven bits of another byte behind it. */
#define MAYBE(magic)                                                                               \
	[(magic) >> 8 & 0xff] = true, [(magic) >> 7 & 0xff] = true, [(magic) >> 6 & 0xff] = true,  \
			[(magic) >> 5 & 0xff] = true, [(magic) >> 4 & 0xff] = true,                \
			[(magic) >> 3 & 0xff] = true, [(magic) >> 2 & 0xff] = true,                \
			[(magic) >> 1 & 0xff] = true
static const bool maybe_magic[256] = { MAYBE(BLOCK_MAGIC), MAYBE(STREAM_MAGIC) };

/* The bit from `from` on where a magic begins, and which; 0: none. */
static size_t find_magic(struct str bytes, size_t from, uint64_t *magic)
{
	const uint8_t *p = (const uint8_t *)bytes.ptr;
	uint64_t recent = 0;
	for (size_t i = from / 8; i < bytes.len; i++) {
		recent = recent << 8 | p[i];
		if (!maybe_magic[recent >> 8 & 0xff])
			continue;
		for (unsigned behind = 8; behind-- > 0;) {
			*magic = recent >> behind & ((UINT64_C(1) << MAGIC_BITS) - 1);
			size_t end = (i + 1) * 8 - behind;
			if ((*magic == BLOCK_MAGIC || *magic == STREAM_MAGIC) &&
				end >= from + MAGIC_BITS)
				return end - MAGIC_BITS;
		}
	}
	return 0;
}

/* The end of a stream, behind a block of it: taken along, when the checksum of all is right. */
static void cut_stream_end(
	struct decoder_cursor *c, const uint8_t *bytes, size_t end, struct decoder_part *part)
{
	if (bits_at(bytes, end + MAGIC_BITS, 32) != c->checksum) {
		c->stuck = true;
		return;
	}
	part->packed_bytes = part->advance = (end + MAGIC_BITS + 32 + 7) / 8;
	*c = (struct decoder_cursor){ 0 };
}

static enum decoder_cut bzip2_cut(
	struct decoder_cursor *c, struct str bytes, struct decoder_part *part)
{
	const uint8_t *p = (const uint8_t *)bytes.ptr;
	size_t begin = c->inside ? c->bit : HEADER_BYTES * 8;
	uint64_t magic = 0;
	if (c->stuck ||
		(!c->inside && bytes.len >= 10 &&
			(!bzip2_starts(bytes) || bits_at(p, begin, MAGIC_BITS) != BLOCK_MAGIC)))
		return DECODER_CUT_NONE;
	if (bytes.len * 8 < begin + MAGIC_BITS + 32)
		return DECODER_CUT_MORE;
	size_t from = begin + MAGIC_BITS + 32;
	if (c->searched > from / 8 + MAGIC_BITS / 8)
		from = (c->searched - MAGIC_BITS / 8) * 8;
	size_t end = find_magic(bytes, from, &magic);
	size_t wanted = magic == STREAM_MAGIC ? end + MAGIC_BITS + 32 : end;
	c->searched = end == 0 ? bytes.len : 0;
	if (end == 0 || bytes.len * 8 < wanted)
		return bytes.len > BLOCK_PACKED_MAX ? DECODER_CUT_NONE : DECODER_CUT_MORE;
	uint32_t checksum = (uint32_t)bits_at(p, begin + MAGIC_BITS, 32);
	unsigned level = c->inside ? c->level : (unsigned)(p[3] - '0');
	*part = (struct decoder_part){ .packed_bytes = (end + 7) / 8,
		.advance = end / 8,
		.unpacked_max = BLOCK_BYTES_MAX,
		.first_bit = begin,
		.bits = end - begin,
		.level = level,
		.checksum = checksum };
	*c = (struct decoder_cursor){ .inside = true,
		.bit = (unsigned)(end % 8),
		.level = level,
		.checksum = join_checksums(c->checksum, checksum) };
	if (magic == STREAM_MAGIC)
		cut_stream_end(c, p, end, part);
	return DECODER_CUT;
}

static const struct decoder_parts bzip2_parts = {
	.cut = bzip2_cut,
	.decode = bzip2_decode,
	.resume = bzip2_resume,
};

const struct decoder_format decode_bzip2 = {
	.name = "bzip2",
	.magic_bytes = 10,
	.starts = bzip2_starts,
	.zero_padding = true,
	.create = bzip2_create,
	.start = bzip2_start,
	.step = bzip2_step,
	.destroy = bzip2_destroy,
	.parts = &bzip2_parts,
};
