/* SPDX-License-Identifier: MIT */
/*
 * For decoders of text that look at whole lines: bytes in any pieces come in, what the decoder
 * makes of each line goes out. It is a part of the decoder's state, and is used by one thread at a
 * time, as that is.
 */
#ifndef LINEUP_LINE_DECODER_H
#define LINEUP_LINE_DECODER_H

#include "src/input/decoder.h"

/* Zeroed is ready. */
struct line_decoder {
	struct buf line; /* at hand, without its end */
	struct decoder_output output;
};

struct line_decoder_calls {
	size_t line_bytes_max; /* of a longer line, pieces of about so much come without an end */
	/* Appends to the output's text what becomes of `line`. */
	void (*line)(void *state, bool has_end);
	/* Once, behind the last line: the same for what was held back. May be NULL. */
	void (*end)(void *state);
};

/* DECODER_MORE, or DECODER_STREAM_END when all is handed on. `state` is for the calls. */
enum decoder_step line_decoder_step(
	struct line_decoder *, struct decoder_io *, const struct line_decoder_calls *, void *state);

void line_decoder_release(struct line_decoder *);

#endif
