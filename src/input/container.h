/* SPDX-License-Identifier: MIT */
/*
 * Archives: the members of a flow, one after another, each a flow of its own. Names are bytes and
 * never used as paths; nothing is written. One thread at a time.
 */
#ifndef LINEUP_CONTAINER_H
#define LINEUP_CONTAINER_H

#include "src/input/flow.h"

enum container_format {
	CONTAINER_NONE,
	CONTAINER_TAR,
	CONTAINER_ZIP,
	CONTAINER_7ZIP,
	CONTAINER_CPIO,
	CONTAINER_AR,
	CONTAINER_RAR,
	CONTAINER_RAR5,
	CONTAINER_CAB,
	CONTAINER_LHA,
	CONTAINER_XAR,
};

struct container;

/* What stands in an archive under one name. Views live until the next container_next. */
struct container_entry {
	struct str name;
	int64_t modified_ns; /* TIME_NONE when not known */
	bool encrypted;
	struct flow *flow; /* its data; the caller destroys it before the next call */
};

enum container_event {
	CONTAINER_MEMBER,  /* entry is filled */
	CONTAINER_TROUBLE, /* err says what was lost; going on may find more members */
	CONTAINER_END,
};

/* The archive that these first bytes show; SNIFF_BYTES are enough for all of them. */
enum container_format container_find(struct str head);

const char *container_name(enum container_format);

/* Takes over upstream, even when it fails (NULL, with err). */
struct container *container_open(enum container_format, struct flow *upstream, struct error *);

/*
 * Goes to the next entry that can hold lines: folders, links, devices and such are passed over.
 * *kind is that of a trouble.
 */
enum container_event container_next(
	struct container *, struct container_entry *, enum trouble_kind *kind, struct error *);

/* The flow that it reads from: its fault is why the archive ends early. */
const struct flow *container_upstream(const struct container *);

/* Destroys the upstream too. NULL is fine. */
void container_close(struct container *);

#endif
