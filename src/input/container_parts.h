/* SPDX-License-Identifier: MIT */
/*
 * What container.c, which goes from member to member, container_member.c, which reads their data,
 * and container_end.c, which says what is wrong at the end, share of an archive. No other file
 * includes it. One thread at a time.
 */
#ifndef LINEUP_CONTAINER_PARTS_H
#define LINEUP_CONTAINER_PARTS_H

#include <archive.h>

#include "lineup/table.h"
#include "src/input/container.h"
#include "src/input/zip.h"

#define TAR_BLOCK_BYTES 512

struct container_kind {
	const char *name;
	int (*enable)(struct archive *);
	bool seeks; /* reads well only what can seek */
};

extern const struct container_kind container_kinds[];

struct container {
	enum container_format format;
	struct archive *archive; /* or */
	struct zip *zip;
	struct flow *upstream;
	uint64_t opened_at;	    /* where libarchive began, in the upstream */
	size_t lent;		    /* bytes of the view that libarchive has */
	char tail[TAR_BLOCK_BYTES]; /* the last bytes lent, to see the mark that ends a tar */
	size_t tail_len;
	uint64_t passed_bytes; /* before the first good header, still to be told */
	uint64_t at;	       /* entries passed since the archive was opened */
	unsigned reopened;
	struct table linked;	     /* hash of a name -> it had data: for hard links of cpio */
	struct archive_entry *found; /* behind damage that was told first */
	bool in_damage;		     /* looking for the next good header */
	bool broken; /* the last member's data ended in an error for the whole archive */
	bool ended;  /* the end was met, and what was wrong before it is told */
	bool over;   /* nothing more can be read */
};

/* Around all calls of libarchive that read;
 * what it returns goes to mem_refuse_above behind them. */
size_t container_enter_library(const struct container *);

/* The data of the entry that libarchive stands at. */
struct flow *container_member_open(struct container *);

/* Is its checksum right? */
bool container_is_tar_header(struct str block);

/* Opens libarchive's part anew where the upstream stands. */
MUST_USE int container_reopen(struct container *, struct error *);

/* The words of libarchive for what went wrong. */
const char *container_why(const struct container *);

/* Keeps the last bytes of what libarchive is given. */
void container_keep_tail(struct container *, struct str view);

/* Says what libarchive says of a header. */
enum container_event container_header_trouble(
	struct container *, enum trouble_kind *, struct error *);

/*
 * No member follows: says what is wrong, or goes on with an archive that stands behind this one
 * (CONTAINER_MEMBER, though no member is filled yet).
 */
enum container_event container_at_end(struct container *, enum trouble_kind *, struct error *);

#endif
