/* SPDX-License-Identifier: MIT */
/* What the files of service share: a place cut into its parts. Views into the place; nothing is
 * owned. */
#ifndef LINEUP_SERVICE_PARTS_H
#define LINEUP_SERVICE_PARTS_H

#include "lineup/service.h"

#define PART_LIMIT 64

struct parts {
	struct str items[PART_LIMIT];
	size_t count;
	const char *top; /* the parts before it are of the folder that holds everything */
};

/* Asked of most words of most lines: nearly all fall with the first letter. */
static inline bool is_among(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count && name.len > 0; i++) {
		if ((name.ptr[0] | 32) == (names[i][0] | 32) &&
			str_equal_nocase(name, str_from(names[i])))
			return true;
	}
	return false;
}

static inline bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]))
			return false;
	}
	return s.len > 0;
}

/* The alphabet of Kubernetes' generated names. */
bool service_is_generated(struct str, size_t min, size_t max);

/* service_file_name.c: names of files. */

/* At least 24 hexadecimal digits and dashes. */
bool service_is_id(struct str);

/* Cuts the name of a stream or of a level off, cart-error; false when there is none. */
bool service_cut_stream(struct str *name);

/* A date, a number, an id. */
bool service_is_numbered(struct str name);

/* Without what rotation, compression, streams of output and collectors added. */
struct str service_file_strip(struct str name);

/* Does the name say nothing of who writes? */
bool service_file_is_empty(struct str name);

/* service_file.c: the service that a file's name and its folders give; appends. */
enum service_source service_of_file(const struct parts *, struct buf *out);

#endif
