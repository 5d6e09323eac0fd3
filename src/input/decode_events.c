/* SPDX-License-Identifier: MIT */
/* Windows' events as XML, which its viewer saves on one line: each event gets a line of its own. */
#include "src/input/decoder.h"

#include <stdlib.h>

#include "lineup/mem.h"

static const char event_tag[] = "<Event";
#define TAG_BYTES (sizeof(event_tag) - 1)

struct events {
	size_t matched; /* bytes of the tag that are held back */
	size_t put_at;	/* of these, that are put; where > 0, all are to be */
	bool begins_line;
	bool ends_line; /* a line end is to be put first */
};

static void *events_create(void)
{
	struct events *e = mem_zalloc(1, sizeof(*e));
	e->begins_line = true;
	return e;
}

static void put(struct events *e, struct decoder_io *io, char c)
{
	*io->out++ = (uint8_t)c;
	io->out_len--;
	e->begins_line = c == '\n';
}

/* What was held back, before a byte that does not go on with the tag. */
static void put_held(struct events *e, struct decoder_io *io)
{
	if (e->ends_line) {
		put(e, io, '\n');
		e->ends_line = false;
		return;
	}
	put(e, io, event_tag[e->put_at++]);
	if (e->put_at == e->matched)
		e->matched = e->put_at = 0;
}

static enum decoder_step events_step(void *state, struct decoder_io *io, struct error *err UNUSED)
{
	struct events *e = state;
	while (io->out_len > 0) {
		if (e->put_at > 0 || e->ends_line) {
			put_held(e, io);
			continue;
		}
		if (io->in_len == 0) {
			if (!io->ended)
				return DECODER_MORE;
			if (e->matched == 0)
				return DECODER_STREAM_END;
			put_held(e, io);
			continue;
		}
		char c = (char)*io->in;
		if (e->matched < TAG_BYTES && c == event_tag[e->matched]) {
			e->matched++;
			io->in++;
			io->in_len--;
		} else if (e->matched > 0) {
			/* <Events> and <EventData> begin none. */
			e->ends_line = e->matched == TAG_BYTES && !e->begins_line &&
				       (c == ' ' || c == '>');
			put_held(e, io);
		} else {
			put(e, io, c);
			io->in++;
			io->in_len--;
		}
	}
	return DECODER_MORE;
}

const struct decoder_format decode_events = {
	.name = "XML",
	.magic_bytes = 1,
	.create = events_create,
	.step = events_step,
	.destroy = free,
};
