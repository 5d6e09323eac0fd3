/* SPDX-License-Identifier: MIT */
/*
 * What is this? Told by the first bytes, never by a name. Any thread.
 */
#ifndef LINEUP_SNIFF_H
#define LINEUP_SNIFF_H

#include "src/input/container.h"
#include "src/input/decoder.h"

enum sniff_kind {
	SNIFF_EMPTY,
	SNIFF_TEXT,
	SNIFF_NULS, /* nothing but NULs so far: text or nothing may stand behind them */
	SNIFF_ENCODED,
	SNIFF_CONTAINER,
	SNIFF_JOURNAL, /* of systemd: entries that can be written as lines */
	SNIFF_BINARY,
	SNIFF_UNSUPPORTED, /* may well hold logs, but this program cannot read it */
};

struct sniffed {
	enum sniff_kind kind;
	const struct decoder_format
		*decoder; /* SNIFF_ENCODED; SNIFF_TEXT when it is to be recoded */
	/* SNIFF_TEXT: what makes lines of it; NULL: it has lines. */
	const struct decoder_format *lines;
	enum container_format container;
	const char *reason; /* SNIFF_BINARY, SNIFF_UNSUPPORTED: what it is */
	size_t mark_bytes;  /* SNIFF_TEXT: of a byte order mark */
};

/* So many bytes are wanted; fewer are all there are. */
#define SNIFF_BYTES ((size_t)4096)

struct sniffed sniff(struct str head);

/* Of text: what makes lines of it; NULL: it has them. */
const struct decoder_format *sniff_lines(struct str head);

/* The text that the flow (taken over) holds, from its first line on: of SNIFF_TEXT, SNIFF_JOURNAL. */
struct flow *sniffed_text(const struct sniffed *, struct flow *);

#endif
