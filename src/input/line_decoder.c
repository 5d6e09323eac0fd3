/* SPDX-License-Identifier: MIT */
#include "src/input/line_decoder.h"

static void take_input(struct line_decoder *d, struct decoder_io *io,
	const struct line_decoder_calls *calls, void *state)
{
	struct str bytes =
		str_of((const char *)io->in, size_min(io->in_len, calls->line_bytes_max));
	ptrdiff_t end = str_find_byte(bytes, '\n');
	size_t n = end < 0 ? bytes.len : (size_t)end;
	buf_append(&d->line, str_head(bytes, n));
	n += end >= 0;
	io->in += n;
	io->in_len -= n;
	if (end >= 0 || d->line.len > calls->line_bytes_max) {
		calls->line(state, end >= 0);
		buf_clear(&d->line);
	}
}

static void finish(struct line_decoder *d, const struct line_decoder_calls *calls, void *state)
{
	d->ended = true;
	if (d->line.len > 0)
		calls->line(state, false);
	buf_clear(&d->line);
	if (calls->end != NULL)
		calls->end(state);
}

enum decoder_step line_decoder_step(struct line_decoder *d, struct decoder_io *io,
	const struct line_decoder_calls *calls, void *state)
{
	while (io->out_len > 0) {
		if (decoder_hand_on(io, buf_str(&d->out), &d->out_at))
			continue;
		d->out_at = 0;
		buf_clear(&d->out);
		if (io->in_len > 0)
			take_input(d, io, calls, state);
		else if (!io->ended)
			return DECODER_MORE;
		else if (d->ended)
			return DECODER_STREAM_END;
		else
			finish(d, calls, state);
	}
	return DECODER_MORE;
}

void line_decoder_release(struct line_decoder *d)
{
	buf_release(&d->line);
	buf_release(&d->out);
}
