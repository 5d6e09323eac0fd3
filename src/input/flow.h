/* SPDX-License-Identifier: MIT */
/*
 * Bytes that are pulled: a file, what a decoder makes of another flow, or the data of an archive's
 * member, all read alike. For callers: read, view, peek; for implementers: struct flow_kind.
 *
 * A flow owns the flow above it (its upstream) and its own buffer. Nothing fails loudly: a flow
 * ends, and its fault says whether it ended well. One thread at a time.
 */
#ifndef LINEUP_FLOW_H
#define LINEUP_FLOW_H

#include "lineup/error.h"
#include "lineup/reader.h"

struct flow;

struct flow_kind {
	/* At least one byte into out, or 0: the end, or a fault (set by flow_fail). */
	size_t (*read)(struct flow *, char *out, size_t capacity);
	void (*destroy)(struct flow *); /* frees the state; may be NULL */
	/* Goes to this place; false when it cannot. NULL: no seeking. */
	bool (*seek)(struct flow *, uint64_t offset);
	/* Passes over a hole of a sparse file that begins here; its length, or 0. May be NULL. */
	size_t (*pass_hole)(struct flow *);
	bool fetches; /* its bytes are those that the budget counts as fetched */
	bool expands; /* gives more bytes than it takes: the limits on size and ratio hold */
};

/* What all flows of one reader share: how much came in, and how much may come out. */
struct flow_budget {
	const struct read_limits *limits;
	uint64_t encoded_bytes; /* taken from the file system */
	uint64_t fetched_bytes; /* the same and what was read back from spooled archives */
	uint64_t entries;	/* met in archives, of whatever kind */
	uint64_t file_bytes;	/* the size of the file; 0: not known */
};

struct flow {
	const struct flow_kind *kind;
	void *state;
	struct flow *upstream;
	struct flow_budget *budget;
	char *buffer; /* bytes that came out and are not taken yet: [at, end) */
	size_t at;
	size_t end;
	size_t capacity;
	uint64_t taken;	   /* bytes that the user of the flow has had */
	uint64_t produced; /* bytes that came out in all */
	uint64_t fetched_at_open;
	uint64_t taken_at_open; /* of the upstream */
	uint64_t size_bytes;	/* of a regular file; 0: not known */
	bool reads_ahead;	/* how much of the upstream it has taken hangs on threads */
	bool ended;
	bool failed;
	enum trouble_kind fault_kind;
	struct error fault;
};

/* For tests: sizes of buffers and of single reads. Set before any reader is open. */
struct flow_tuning {
	size_t buffer_bytes;
	size_t read_bytes;
	size_t part_bytes; /* small parts decoded ahead are taken together up to about this */
};
extern struct flow_tuning flow_tuning;

/* Takes over upstream (may be NULL) and state. */
struct flow *flow_create(
	const struct flow_kind *, void *state, struct flow *upstream, struct flow_budget *);

/* Destroys the upstream too; NULL is fine. */
void flow_destroy(struct flow *);

/* Some bytes into out, straight from the decoder where nothing is buffered; 0 at the end. */
size_t flow_read(struct flow *, char *out, size_t capacity);

/* What is ready, at least one byte, or nothing at the end; valid until the next call. */
struct str flow_view(struct flow *);

/* At least `want` bytes from where the flow stands, or all that are left; nothing is taken. */
struct str flow_peek(struct flow *, size_t want);

/* Takes n bytes of what flow_view or flow_peek showed. */
void flow_take(struct flow *, size_t n);

/* Takes NULs as far as they go in what is ready: 0 when the next byte is none, or at the end. */
size_t flow_take_nuls(struct flow *);

/* Takes all of them; `endless`: it went on too long in a file that does not say its size. */
uint64_t flow_pass_nuls(struct flow *, bool *endless);

bool flow_can_seek(const struct flow *);

/* Was the run told to end? Whoever reads on and on looks. */
bool flow_is_stopped(const struct flow *);
bool flow_seek(struct flow *, uint64_t offset);

/* Ends the flow with a fault; the first one stays. Returns 0, for `return flow_fail(...)`. */
size_t flow_fail(struct flow *, enum trouble_kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* The flow whose fault ended this one: the one furthest upstream; NULL when all is well. */
const struct flow *flow_fault(const struct flow *);

#endif
