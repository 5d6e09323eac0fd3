/* SPDX-License-Identifier: MIT */
#include "src/input/line_decoder.h"

/* One call of line_decoder_step. */
struct step {
	struct line_decoder *decoder;
	const struct line_decoder_calls *calls;
	void *state;
};

static void take(void *context, struct decoder_io *io)
{
	const struct step *s = context;
	struct buf *line = &s->decoder->line;
	size_t most = s->calls->line_bytes_max;
	struct str bytes = str_of((const char *)io->in, size_min(io->in_len, most));
	ptrdiff_t end = str_find_byte(bytes, '\n');
	size_t n = end < 0 ? bytes.len : (size_t)end;
	buf_append(line, str_head(bytes, n));
	n += end >= 0;
	io->in += n;
	io->in_len -= n;
	if (end >= 0 || line->len > most) {
		s->calls->line(s->state, end >= 0);
		buf_clear(line);
	}
}

static void finish(void *context)
{
	const struct step *s = context;
	if (s->decoder->line.len > 0)
		s->calls->line(s->state, false);
	buf_clear(&s->decoder->line);
	if (s->calls->end != NULL)
		s->calls->end(s->state);
}

enum decoder_step line_decoder_step(struct line_decoder *d, struct decoder_io *io,
	const struct line_decoder_calls *calls, void *state)
{
	static const struct decoder_maker maker = { .take = take, .end = finish };
	struct step s = { .decoder = d, .calls = calls, .state = state };
	return decoder_make(&d->output, io, &maker, &s);
}

void line_decoder_release(struct line_decoder *d)
{
	buf_release(&d->line);
	buf_release(&d->output.text);
}
