/* SPDX-License-Identifier: MIT */
/*
 * The libraries that the program was built with, and their versions, for --version and the reports.
 * The list is made by the build from pkg-config. Const; any thread.
 */
#ifndef LINEUP_LIBRARIES_H
#define LINEUP_LIBRARIES_H

struct library {
	const char *name;
	const char *version; /* NULL: the library does not say */
};

/* Ends with a name of NULL. */
extern const struct library libraries[];

#endif
