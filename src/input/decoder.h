/* SPDX-License-Identifier: MIT */
/*
 * Decompression formats behind one const struct each. A format decodes one stream step by step
 * from any pieces of input into any room of output; decoder.c turns it into a flow and does what
 * all formats share: streams one after another, padding, what stands behind them, early ends. A
 * format's structs are const; a state belongs to the flow that was made of it, and is used by one
 * thread at a time, as the flow is.
 */
#ifndef LINEUP_DECODER_H
#define LINEUP_DECODER_H

#include "lineup/buf.h"
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
	DECODER_MORE,	    /* input used up or output full */
	DECODER_STREAM_END, /* the stream is whole and checked */
	DECODER_DAMAGED,    /* err says why; what came out before is good */
	DECODER_LIMITED,
	DECODER_UNREADABLE,
};

/*
 * Parts: pieces of the compressed bytes that decode without what stands before them. They are told
 * by what stands in them and around them; whether they decode whole is what proves them.
 */

/* Where a part begins, when that is inside a stream; all zeros at the start of one. */
struct decoder_cursor {
	bool inside;
	unsigned bit;	   /* of the first byte */
	unsigned level;	   /* of the stream */
	uint32_t checksum; /* of the stream so far */
	size_t searched;   /* bytes from the part's start on that hold no end of it */
	bool stuck;	   /* what follows is for the decoder of whole streams */
};

struct decoder_part {
	size_t packed_bytes; /* that it needs, from its first byte on */
	size_t advance;	     /* bytes before the first one of the next part */
	size_t unpacked_max;
	size_t first_bit; /* for formats of bits: of the block */
	size_t bits;
	unsigned level;
	uint32_t checksum;
};

/* Where a part is decoded to; kept from one to the next. */
struct decoder_room {
	char *ptr;
	size_t len;
	size_t capacity;
};

/* Room for this many more bytes behind len. */
char *decoder_room(struct decoder_room *, size_t bytes);

/* The packed bytes of a part are its decoder's own, with so many behind them to write on. */
#define DECODER_PART_SPARE 16

enum decoder_cut {
	DECODER_CUT,	  /* the part is filled, the cursor stands behind it */
	DECODER_CUT_MORE, /* not told by these bytes alone: show more */
	DECODER_CUT_NONE, /* the next bytes are no part */
};

struct decoder_parts {
	enum decoder_cut (*cut)(struct decoder_cursor *, struct str bytes, struct decoder_part *);
	/* With a state of the format's create: true when the part is whole and checked. */
	bool (*decode)(
		void *state, const struct decoder_part *, uint8_t *packed, struct decoder_room *);
	/* Makes a state ready to step on from inside a stream; `took`: with the first byte. */
	bool (*resume)(void *state, const struct decoder_cursor *, uint8_t first, bool *took);
};

struct decoder_format {
	const char *name;   /* as troubles name it */
	size_t magic_bytes; /* what `starts` wants to see */
	bool (*starts)(struct str head); /* NULL: its first bytes never tell, others choose it */
	bool zero_padding; /* zeros may stand behind a stream */
	bool single;	   /* what stands behind a stream is not this format's business */
	void *(*create)(void);
	/* Optional, before the first start: up to this many threads may decode one
	 * stream's blocks. */
	void (*spread)(void *state, unsigned threads);
	/*
	 * Makes ready for a stream; false (with err) when that is not possible. NULL: there is one
	 * stream alone, and a new state is ready for it.
	 */
	bool (*start)(void *state, struct error *err);
	enum decoder_step (*step)(void *state, struct decoder_io *, struct error *err);
	void (*destroy)(void *state);
	/* The memory that it has taken, filled or not; NULL where it is always small. */
	uint64_t (*memory)(void *state);
	const struct decoder_parts *parts; /* NULL: streams cannot be cut */
	/* What its first bytes may be of as well; the streams behind them tell. NULL: they tell. */
	const struct decoder_format *sibling;
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
extern const struct decoder_format decode_json;	   /* the same */
extern const struct decoder_format decode_lone_cr; /* the same */
extern const struct decoder_format decode_events;  /* the same */
extern const struct decoder_format decode_mail;	   /* the same */
extern const struct decoder_format decode_event_text; /* the same */
extern const struct decoder_format decode_byte_arrays; /* the same */
extern const struct decoder_format decode_journal_text; /* the same */
extern const struct decoder_format decode_source_csv; /* the same */
extern const struct decoder_format decode_logcat_long; /* the same */
extern const struct decoder_format decode_errpt; /* the same */
extern const struct decoder_format decode_yaml_items;  /* the same */
extern const struct decoder_format decode_yaml_documents; /* the same */

/*
 * For decoders that make text of any length of some input: what is made is handed on as there is
 * room for it, and then the next input is taken. Zeroed is ready.
 */
struct decoder_output {
	struct buf text; /* handed on up to `at` */
	size_t at;
	bool ended;
};

struct decoder_maker {
	/* Takes a byte of the input at least; appends to the text what comes of it. */
	void (*take)(void *state, struct decoder_io *);
	/* Once, behind all input: appends what was held back. */
	void (*end)(void *state);
};

/* DECODER_MORE, or DECODER_STREAM_END when all is handed on. `state` is for the calls. */
enum decoder_step decoder_make(
	struct decoder_output *, struct decoder_io *, const struct decoder_maker *, void *state);

/* The compression that these first bytes show, or NULL. */
const struct decoder_format *decoder_find(struct str head);

/* The most that any format's `starts` wants to see. */
#define DECODER_MAGIC_BYTES 64

/* Does a skippable frame of zstd and lz4, which have the same ones, begin here? */
bool decoder_skippable(struct str head);

/* Passes over those at the head. True: none of them ends where what follows can be seen. */
bool decoder_behind_skippable(struct str *head);

/* CRC-32 as gzip and zip have it, of what `crc` stands for (0 at first) and these bytes. */
uint32_t decoder_crc32(uint32_t crc, const void *data, size_t len);

/* Takes over upstream. `single`: one stream alone, and what stands behind it is left. */
struct flow *decoder_open(const struct decoder_format *, struct flow *upstream, bool single);

#endif
