/* SPDX-License-Identifier: MIT */
/*
 * Gives up what a scan does not need, so that a fault in a decoder is no way into the machine: no
 * new privileges, no other program, process or network (seccomp), and no files but those named
 * here (Landlock). What the kernel does not have is left out without a word. Not undone until the
 * process ends.
 *
 * Called once, by the main thread, after the start and before the first worker.
 */
#ifndef LINEUP_SANDBOX_H
#define LINEUP_SANDBOX_H

#include "lineup/str.h"

struct sandbox_paths {
	const struct str *read; /* files and folders with all below them */
	size_t read_count;
	/* Files and folders in which files may be made, written, renamed and removed. */
	const struct str *write;
	size_t write_count;
};

enum sandbox_part {
	SANDBOX_PRIVILEGES = 1,
	SANDBOX_CALLS = 2,
	SANDBOX_FILES = 4,
};

/* What is in force now, a sum of enum sandbox_part. Paths that cannot be opened are left out. */
unsigned sandbox_enter(const struct sandbox_paths *);

#endif
