/* SPDX-License-Identifier: MIT */
/*
 * Paths given on the command line to a sorted list of inputs: folders are walked, symbolic links
 * inside them are not followed (loops cannot happen), a file reached twice is read once. Devices,
 * sockets, links to what is not read otherwise, the run's own output and what cannot be opened
 * become troubles. Built by one thread, const afterwards.
 */
#ifndef LINEUP_INPUTS_H
#define LINEUP_INPUTS_H

#include <sys/stat.h>

#include "lineup/arena.h"
#include "lineup/clock.h"
#include "lineup/troubles.h"

struct input {
	struct str path; /* as given, with what was found under it; "-" is standard input */
	size_t top;	 /* bytes of it that are the one folder given; 0: several paths were */
	uint32_t index;	 /* its place in the list */
	uint32_t tree;	 /* what belongs together: a number by folder given; files given are one */
	uint64_t size_bytes; /* 0 when not known (a pipe) */
	int64_t modified_ns; /* TIME_NONE when not known */
	bool is_stdin;
	bool in_folder;	 /* found there, not given by name */
	uint64_t device; /* with inode: the same file under two paths is read once */
	uint64_t inode;
};

struct inputs {
	struct arena arena;
	struct input *items; /* sorted by path, so that the order of arguments never shows */
	size_t count;
	size_t capacity;
	uint64_t size_bytes; /* of all, for the progress bar */
	struct stat output;  /* the file that the report replaces; st_mode 0: none */
	/* Until inputs_finish: links met in folders, each with what it leads to,
	 * and the folders. */
	struct input *links;
	size_t link_count;
	size_t link_capacity;
	struct input *folders;
	size_t folder_count;
	size_t folder_capacity;
	size_t given; /* calls of inputs_add */
};

/* Before the first inputs_add: the file that this run writes, if it is there; in a folder it is
 * passed over. */
void inputs_set_output(struct inputs *, struct str path);

/* Was that file given by name, so that the report would replace what is read? */
bool inputs_hold_output(const struct inputs *);

/*
 * Adds a path. Nothing fails: what cannot be read is a trouble (TROUBLE_OF_NO_INPUT). Excluded
 * files are left out by the reader, which sees members too. Returns the number of inputs that it
 * added.
 */
size_t inputs_add(struct inputs *, struct str path, struct troubles *);

/* Sorts, takes out doubles, numbers, says which links led to what is not read. Call once after the
 * last inputs_add. */
void inputs_finish(struct inputs *, struct troubles *);

void inputs_release(struct inputs *);

#endif
