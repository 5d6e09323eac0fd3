/* SPDX-License-Identifier: MIT */
/*
 * The entries of a systemd journal file, in the order in which they were written, which is that of
 * time. Format: https://systemd.io/JOURNAL_FILE_FORMAT (regular and compact, with data packed by
 * xz, lz4 or zstd).
 *
 * libsystemd reads journals too, and is not used: it maps the file that others may be making
 * shorter, refuses files without a name and such as are cut off, and wants one thread for all that
 * is done with an open journal, while a reader goes from worker to worker.
 *
 * Entries refer to data that stands before them and often far away, so the whole file is in memory,
 * or mapped. It is walked object by object from its start, not along the index at its end, which a
 * file that was cut off lacks: so every entry that is there is found, and behind damage the next
 * object that looks like one. Nothing in the file is trusted. One thread at a time.
 */
#ifndef LINEUP_JOURNAL_ENTRIES_H
#define LINEUP_JOURNAL_ENTRIES_H

#include "lineup/buf.h"
#include "src/input/decoder.h"

#define JOURNAL_PACKINGS 3

struct journal_entries {
	struct str file; /* borrowed */
	bool compact;
	size_t at;	/* of the next object, in bytes */
	size_t tail;	/* of the last one, as the header says; 0: it does not say */
	size_t damaged; /* places that make no sense */
	size_t damaged_at;
	/* Of the entry at hand: */
	uint64_t time_us; /* UTC, when it was received, since 1970 */
	size_t items_at;
	size_t item_count;
	/* What unpacks data, made at its first use, and where to. */
	void *packings[JOURNAL_PACKINGS];
	struct buf unpacked;
};

bool journal_starts(struct str head);

/* Fails when the header makes no sense, or asks for what this reader does not know (*kind). */
MUST_USE int journal_entries_begin(
	struct journal_entries *, struct str file, enum trouble_kind *kind, struct error *);

/* Goes to the next entry; false at the end. */
MUST_USE bool journal_entries_next(struct journal_entries *);

/*
 * The first `limit` bytes of an item of the entry, `NAME=value`; empty when they cannot be had,
 * which counts as damage. Valid until the next call.
 */
struct str journal_entries_item(struct journal_entries *, size_t item, size_t limit);

/* Was the file cut off before its last object? */
bool journal_entries_cut(const struct journal_entries *);

void journal_entries_end(struct journal_entries *);

#endif
