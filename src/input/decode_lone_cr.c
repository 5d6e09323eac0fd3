/* SPDX-License-Identifier: MIT */
/* Text whose lines end with CR alone, as old Macs and some devices write it: to lines of LF. */
#include "src/input/decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"

struct lone_cr {
	bool behind_cr; /* which is not put yet: it may be one of CR LF */
};

static void *lone_cr_create(void)
{
	return mem_zalloc(1, sizeof(struct lone_cr));
}

static void put(struct decoder_io *io, uint8_t c)
{
	*io->out++ = c;
	io->out_len--;
}

static enum decoder_step lone_cr_step(void *state, struct decoder_io *io, struct error *err UNUSED)
{
	struct lone_cr *e = state;
	while (io->out_len > 0 && (io->in_len > 0 || (io->ended && e->behind_cr))) {
		if (e->behind_cr) {
			e->behind_cr = false;
			put(io, io->in_len > 0 && *io->in == '\n' ? '\r' : '\n');
			continue;
		}
		uint8_t c = *io->in++;
		io->in_len--;
		e->behind_cr = c == '\r';
		if (!e->behind_cr)
			put(io, c);
	}
	return io->ended && io->in_len == 0 && !e->behind_cr ? DECODER_STREAM_END : DECODER_MORE;
}

const struct decoder_format decode_lone_cr = {
	.name = "text",
	.magic_bytes = 1,
	.create = lone_cr_create,
	.step = lone_cr_step,
	.destroy = free,
};
