/* SPDX-License-Identifier: MIT */
/*
 * Where the lines of a service come from, when it runs in several places: the host that a line
 * names, else the folder of its file with what the service's name leaves of the file's own. How
 * many lines each service wrote at each of its sites over time, coarsely: enough to see that a site
 * falls silent while the others go on.
 *
 * Part of a tally: one worker's, sums and minima and maxima alone, so that merging in any order
 * gives the same. Cells widen by the number of cells of a site, and sites are thinned by the last
 * bits of their hash, until all fit.
 */
#ifndef LINEUP_SITES_H
#define LINEUP_SITES_H

#include "lineup/cells.h"
#include "lineup/str.h"
#include "lineup/table.h"

/* Of a subject: none of its lines has a site; they have several. */
#define SITE_NONE    UINT64_C(0)
#define SITE_SEVERAL UINT64_C(1)

/* A site's name: a host's, or a folder's `outer!inner/folder` with "/rest" of a file's name. */
struct site_name {
	struct str text;
	uint64_t hash; /* neither SITE_NONE nor SITE_SEVERAL */
	bool is_host;
};

/* The name's hash; a host and a folder of the same name are two. */
uint64_t site_hash(struct str text, bool is_host);

/* What stands before the file in a member's place: "a.tar!fs1" of "a.tar!fs1/switch.log". */
struct str site_folder(struct str place);

/* What the service's name left of the file's: "dn3" of "a/datanode-dn3.log" and datanode; empty
 * where nothing is, or a date. */
struct str site_rest(struct str place, struct str service);

struct site {
	uint64_t key;	  /* of service and name */
	uint32_t service; /* the tally's number */
	uint64_t name_hash;
	char *name;
	bool is_host;
	bool dropped;  /* thinned out */
	unsigned step; /* its cells are so wide */
	uint64_t total;
	int64_t first_ns; /* of the dated ones; TIME_NONE: none */
	int64_t last_ns;
	struct cell_list cells; /* first_ms is 0: it is not kept */
};

/* Zeroed it is ready. */
struct sites {
	struct table index; /* key -> index in items, plus 1 */
	struct site *items;
	size_t count;
	size_t capacity;
	size_t kept;
	unsigned sampling; /* one in 2^this is kept */
	/* The site and cell of the line before; most lines are of these. */
	uint64_t last_name;
	uint32_t last_service;
	size_t last; /* index plus 1; 0: none */
	int64_t last_from_ns, last_to_ns;
};

/* One line; the name is copied when it is new. `service_hash` is of the service's name. */
void sites_add(struct sites *, uint32_t service, uint64_t service_hash, const struct site_name *,
	int64_t time_ns);

/* All of `from`, whose services have these numbers in `into` (UINT32_MAX: nobody). */
void sites_merge(struct sites *into, struct sites *from, const uint32_t *services);

/* Each site's cells once and in order; before they are looked at. */
void sites_finish(struct sites *);
void sites_release(struct sites *);

#endif
