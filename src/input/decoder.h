/* SPDX-License-Identifier: MIT */
/*
 * Decompression formats behind one const struct each. A format decodes one stream step by step
 * from any pieces of input into any room of output; decoder.c turns it into a flow and does what
 * all formats share: streams one after another, padding, what stands behind them, early ends.
 */
#ifndef LINEUP_DECODER_H
#define LINEUP_DECODER_H

#include "src/input/flow.h"

/* One step's input and output; the format moves the pointers and takes off the lengths. */
struct decoder_io {
	const uint8_t *in;
	size_t in_len;
	bool ended; /* there is no input behind this (and none here) */
	uint8_t *out;
	size_t out_len;
};

enum decoder_step {
	DECODER_MORE,       /* input used up or output full */
	DECODER_STREAM_END, /* the stream is whole and checked */
	DECODER_DAMAGED,    /* err says why; what came out before is good */
	DECODER_LIMITED,
	DECODER_UNREADABLE,
};

struct decoder_format {
	const char *name;   /* as troubles name it */
	size_t magic_bytes; /* what `starts` wants to see */
	bool (*starts)(struct str head);
	bool zero_padding; /* zeros may stand behind a stream */
	bool single;       /* what stands behind a stream is not this format's business */
	void *(*create)(void);
	/* Optional, before the first start: up to this many threads may decode one stream's blocks. */
	void (*spread)(void *state, unsigned threads);
	/* Makes ready for a stream; false (with err) when that is not possible. */
	bool (*start)(void *state, struct error *err);
	enum decoder_step (*step)(void *state, struct decoder_io *, struct error *err);
	void (*destroy)(void *state);
};

extern const struct decoder_format decode_gzip;
extern const struct decoder_format decode_deflate; /* bare, as in zip; never told by content */
extern const struct decoder_format decode_zstd;
extern const struct decoder_format decode_xz;
extern const struct decoder_format decode_lzma;
extern const struct decoder_format decode_lzip;
extern const struct decoder_format decode_bzip2;
extern const struct decoder_format decode_lz4;
extern const struct decoder_format decode_lz4_legacy;
extern const struct decoder_format decode_compress;
extern const struct decoder_format decode_utf16le; /* chosen by sniff.c alone */
extern const struct decoder_format decode_utf16be;

/* The compression that these first bytes show, or NULL. */
const struct decoder_format *decoder_find(struct str head);

/* The most that any format's `starts` wants to see. */
#define DECODER_MAGIC_BYTES 64

/* CRC-32 as gzip and zip have it, of what `crc` stands for (0 at first) and these bytes. */
uint32_t decoder_crc32(uint32_t crc, const void *data, size_t len);

/* Takes over upstream. */
struct flow *decoder_open(const struct decoder_format *, struct flow *upstream);

#endif
