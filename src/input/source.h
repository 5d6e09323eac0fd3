/* SPDX-License-Identifier: MIT */
/*
 * Files, pipes and spooled copies as flows.
 *
 * They are read in windows, not mapped: a mapping of a file that shrinks kills the process, and
 * reading costs one copy that a mapping would cost in page faults (plain text goes from the kernel
 * straight into the chunk). One thread at a time.
 */
#ifndef LINEUP_SOURCE_H
#define LINEUP_SOURCE_H

#include "src/input/flow.h"
#include "src/input/spool.h"

/* Opens the input; fails when it cannot be read at all. modified_ns is TIME_NONE for pipes. */
MUST_USE int source_open(struct flow **, const struct input *, struct flow_budget *,
	int64_t *modified_ns, struct error *);

/*
 * A flow that can seek, with all bytes of this one: itself if it can, else a copy in a temporary
 * file without a name. Takes over `flow` and always gives one back; when the copy had to end early
 * it is failed or short, and its fault is that of the original.
 */
struct flow *source_spool(struct flow *);

/*
 * All that the flow still gives, in a temporary file that the caller owns. False when there can be
 * none, which is then a fault of the flow, as it is when the copy had to end early.
 */
MUST_USE bool source_copy(struct flow *, struct spool *);

/*
 * The bytes of a temporary file, from its start, as a flow that can seek. Takes over both, and
 * always gives one back: when the file cannot be read it is the upstream, failed.
 */
struct flow *source_of_spool(struct spool *, struct flow *upstream);

/*
 * Of these bytes of a file that can be seeked in, those that are there, up to the first that cannot
 * be read; 0 when it is no such file. Nothing is moved or counted; any thread, while the flow is
 * there.
 */
size_t source_read_some(const struct flow *, uint64_t offset, char *out, size_t len);

/*
 * Where in a plain file the flow stands, and how much of it is left; false when it is none, of no
 * known size, a spooled copy, or bytes of it are fetched and not taken.
 */
bool source_left(const struct flow *, uint64_t *at, uint64_t *left);

/* Goes on behind bytes that source_read_some gave, and counts them as read and taken. */
void source_move(struct flow *, uint64_t bytes);

#endif
