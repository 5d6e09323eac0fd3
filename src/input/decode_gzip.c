/* SPDX-License-Identifier: MIT */
#include "src/input/decoder.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#include "lineup/little_endian.h"
#include "lineup/mem.h"

struct inflate {
	int failure; /* ISA-L's code, met but not yet told: good bytes come first */
	struct inflate_state s;
};

static bool gzip_starts(struct str head)
{
	/* Two bytes of magic, the one method there is, and no reserved flag. */
	return head.len >= 4 && memcmp(head.ptr, "\x1f\x8b\x08", 3) == 0 &&
	       ((unsigned char)head.ptr[3] & 0xe0) == 0;
}

static void *inflate_create(void)
{
	struct inflate *f = mem_alloc(sizeof(*f));
	isal_inflate_init(&f->s);
	return f;
}

static bool start(struct inflate *f, uint32_t wrapper)
{
	f->failure = ISAL_DECOMP_OK;
	isal_inflate_reset(&f->s);
	/* Of damaged data a byte may come out that was left of the stream before; it must not. */
	memset(f->s.tmp_out_buffer, 0, sizeof(f->s.tmp_out_buffer));
	f->s.crc_flag = wrapper;
	return true;
}

static bool gzip_start(void *state, struct error *err UNUSED)
{
	/* The header is read, checksum and size behind the data are checked. */
	return start(state, ISAL_GZIP);
}

static bool deflate_start(void *state, struct error *err UNUSED)
{
	return start(state, ISAL_DEFLATE);
}

static const char *reason(int code)
{
	switch (code) {
	case ISAL_INCORRECT_CHECKSUM:
		return "checksum or size does not fit";
	case ISAL_UNSUPPORTED_METHOD:
		return "unknown method";
	case ISAL_NEED_DICT:
		return "needs a dictionary";
	case ISAL_INVALID_WRAPPER:
		return "broken header";
	default:
		return "corrupt";
	}
}

/*
 * isal_inflate decodes into a buffer of its own first and drops what is there when it meets an
 * error. It is good data: this hands it out, then tells the error.
 */
static enum decoder_step fail(struct inflate *f, struct decoder_io *io, struct error *err)
{
	size_t left = f->s.tmp_out_valid > f->s.tmp_out_processed
			      ? (size_t)(f->s.tmp_out_valid - f->s.tmp_out_processed)
			      : 0;
	size_t n = size_min(io->out_len, left);
	memcpy(io->out, f->s.tmp_out_buffer + f->s.tmp_out_processed, n);
	f->s.tmp_out_processed += (int32_t)n;
	io->out += n;
	io->out_len -= n;
	if (n < left)
		return DECODER_MORE;
	error_set(err, "%s", reason(f->failure));
	return DECODER_DAMAGED;
}

/*
 * Of damaged data isal_inflate may go on for a while over bytes that it never wrote: what lies
 * there is what the memory held before, text of another log. So the room is cleared, and no more of
 * it than is likely to be used, since a small file is decoded into the room of a large one.
 */
#define ROOM_LEAST ((size_t)128 * 1024)
#define EXPANSION  16

static size_t clear_room(struct decoder_io *io)
{
	size_t room = size_min(io->out_len, size_max(ROOM_LEAST, io->in_len * EXPANSION));
	memset(io->out, 0, room);
	return room;
}

static enum decoder_step inflate_step(void *state, struct decoder_io *io, struct error *err)
{
	struct inflate *f = state;
	if (f->failure != ISAL_DECOMP_OK)
		return fail(f, io, err);
	uint32_t in_len = (uint32_t)size_min(io->in_len, UINT32_MAX / 2);
	uint32_t out_len = (uint32_t)size_min(clear_room(io), UINT32_MAX / 2);
	f->s.next_in = (uint8_t *)(uintptr_t)io->in;
	f->s.avail_in = in_len;
	f->s.next_out = io->out;
	f->s.avail_out = out_len;
	int code = isal_inflate(&f->s);
	size_t taken = in_len - f->s.avail_in;
	size_t given = out_len - f->s.avail_out;
	/* It reads ahead; behind a checksum it gives back what it has too much, else not. */
	if (f->s.block_state == ISAL_BLOCK_FINISH && f->s.crc_flag == ISAL_DEFLATE)
		taken -= size_min(taken, (size_t)f->s.read_in_length / 8);
	io->in += taken;
	io->in_len -= taken;
	io->out += given;
	io->out_len -= given;
	if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT && code != ISAL_OUT_OVERFLOW) {
		f->failure = code;
		return fail(f, io, err);
	}
	return f->s.block_state == ISAL_BLOCK_FINISH ? DECODER_STREAM_END : DECODER_MORE;
}

/*
 * Parts: members. Those of BGZF (Li et al., SAM/BAM specification, 4.1) say their size in an extra
 * field and decode to 64 KiB at most. Of others the end is guessed: where the header of another one
 * stands (RFC 1952, 2.3), with a size before it that the bytes up to there can decode to. A wrong
 * guess does not decode whole. Long members are left alone: the search for their ends would keep
 * the decoder waiting.
 */
#define BGZF_HEADER_BYTES 18
#define BGZF_MEMBER_BYTES ((size_t)64 << 10)
#define HEADER_BYTES	  ((size_t)10)
#define MEMBER_PACKED_MIN ((size_t)20) /* a header, a block without data, checksum and size */
#define MEMBER_PACKED_MAX ((size_t)1 << 20)
#define MEMBER_BYTES_MAX  ((size_t)8 << 20)
#define RATIO_MAX	  ((size_t)1032) /* of deflate: 258 bytes in two bits */

struct gzip_member {
	size_t packed_bytes; /* 0: its end is not to be seen */
	size_t unpacked_max;
};

/* What the last bytes of a member say that it decodes to. */
static size_t said_size(const char *end)
{
	return little_endian(end - 4, 4);
}

/* The whole length of the member, 0: it does not say. */
static size_t bgzf_member(struct str head)
{
	if (!str_starts(head, STR("\x1f\x8b\x08\x04")) || head.len < BGZF_HEADER_BYTES)
		return 0;
	size_t extra = little_endian(head.ptr + 10, 2);
	bool first_field = memcmp(head.ptr + 12, "BC\2\0", 4) == 0;
	size_t size = little_endian(head.ptr + 16, 2) + 1;
	return first_field && extra >= 6 && size >= 12 + extra + 8 ? size : 0;
}

/* As writers fill it in: effort 0, 2 or 4, and a system that has a number, or none. */
static bool is_header(struct str bytes)
{
	if (bytes.len < HEADER_BYTES || !gzip_starts(bytes))
		return false;
	unsigned effort = (unsigned char)bytes.ptr[8], system = (unsigned char)bytes.ptr[9];
	return (effort == 0 || effort == 2 || effort == 4) && (system <= 13 || system == 255);
}

/* The member that begins here. Its end, where it is not said, is looked for from `from` on. */
static struct gzip_member find_member(struct str bytes, size_t from)
{
	size_t said = bgzf_member(bytes);
	if (said > 0)
		return (struct gzip_member){ said, BGZF_MEMBER_BYTES };
	for (size_t at = size_max(from, MEMBER_PACKED_MIN); at < bytes.len; at++) {
		const char *next = memchr(bytes.ptr + at, 0x1f, bytes.len - at);
		if (next == NULL)
			break;
		at = (size_t)(next - bytes.ptr);
		if (is_header(str_skip(bytes, at)) && said_size(next) <= at * RATIO_MAX)
			return (struct gzip_member){ at, said_size(next) };
	}
	return (struct gzip_member){ 0 };
}

static enum decoder_cut cut_member(struct str bytes, size_t from, struct gzip_member *m)
{
	if (bytes.len < BGZF_HEADER_BYTES)
		return DECODER_CUT_MORE;
	if (!gzip_starts(bytes))
		return DECODER_CUT_NONE;
	*m = find_member(bytes, from);
	if (m->packed_bytes == 0)
		return bytes.len > MEMBER_PACKED_MAX ? DECODER_CUT_NONE : DECODER_CUT_MORE;
	if (m->packed_bytes > bytes.len)
		return DECODER_CUT_MORE;
	return m->unpacked_max > MEMBER_BYTES_MAX ? DECODER_CUT_NONE : DECODER_CUT;
}

static enum decoder_cut gzip_cut(
	struct decoder_cursor *cursor, struct str bytes, struct decoder_part *part)
{
	enum decoder_cut cut = DECODER_CUT;
	size_t from = cursor->searched;
	cursor->searched = 0;
	while (part->unpacked_max < flow_tuning.part_bytes) {
		struct gzip_member m = { 0 };
		cut = cut_member(str_skip(bytes, part->advance), from, &m);
		if (cut != DECODER_CUT)
			break;
		part->advance = part->packed_bytes += m.packed_bytes;
		part->unpacked_max += m.unpacked_max;
		from = 0;
	}
	if (part->advance > 0)
		return DECODER_CUT;
	if (cut == DECODER_CUT_MORE) /* a header may have begun in the last bytes */
		cursor->searched = bytes.len - size_min(bytes.len, HEADER_BYTES);
	return cut;
}

static bool gzip_decode(
	void *state, const struct decoder_part *part, uint8_t *packed, struct decoder_room *room)
{
	struct inflate *f = state;
	struct decoder_io io = { .in = packed,
		.in_len = part->packed_bytes,
		.out = (uint8_t *)decoder_room(room, part->unpacked_max),
		.out_len = part->unpacked_max };
	struct error ignored;
	while (io.in_len > 0) {
		struct str rest = str_of((const char *)io.in, io.in_len);
		struct gzip_member m = find_member(rest, 0);
		if (m.packed_bytes == 0) /* the last one: the part ends with it */
			m = (struct gzip_member){ rest.len, said_size(rest.ptr + rest.len) };
		struct decoder_io one = io;
		one.in_len = m.packed_bytes;
		one.out_len = size_min(io.out_len, m.unpacked_max);
		start(f, ISAL_GZIP);
		if (inflate_step(f, &one, &ignored) != DECODER_STREAM_END || one.in_len > 0)
			return false;
		io.in += m.packed_bytes;
		io.in_len -= m.packed_bytes;
		io.out_len -= (size_t)(one.out - io.out);
		io.out = one.out;
	}
	room->len = part->unpacked_max - io.out_len;
	return true;
}

static const struct decoder_parts gzip_parts = {
	.cut = gzip_cut,
	.decode = gzip_decode,
};

uint32_t decoder_crc32(uint32_t crc, const void *data, size_t len)
{
	return crc32_gzip_refl(crc, data, len);
}

const struct decoder_format decode_gzip = {
	.name = "gzip",
	.magic_bytes = 4,
	.starts = gzip_starts,
	.zero_padding = true,
	.create = inflate_create,
	.start = gzip_start,
	.step = inflate_step,
	.destroy = free,
	.parts = &gzip_parts,
};

const struct decoder_format decode_deflate = {
	.name = "deflate",
	.magic_bytes = 1,
	.single = true,
	.create = inflate_create,
	.start = deflate_start,
	.step = inflate_step,
	.destroy = free,
};
