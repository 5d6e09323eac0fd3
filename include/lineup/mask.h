/* SPDX-License-Identifier: MIT */
/*
 * The constant part of a log line: what is left when its variable parts are taken out. Variable is
 * every word that holds a digit (numbers, ids, addresses, hex runs, versions), every word of eight
 * and more hex letters, and beside a number the names of a date (its month, its day, its zone);
 * neighbours among them count as one, so that a list of numbers reads the same whatever its length.
 *
 * Two functions of one line. mask_text is the definition: its output is the template, and the hash
 * of it the template's identity, stable between scans and machines. mask_key is many times faster
 * and only a key to remember the first by: equal keys imply equal texts (but for collisions of a
 * 64-bit hash), equal texts may have several keys. Both look at the first MASK_BYTES of the
 * message. Pure; any thread.
 */
#ifndef LINEUP_MASK_H
#define LINEUP_MASK_H

#include "lineup/buf.h"

#define MASK_BYTES 1024

/* What stands in a template for a variable part. */
#define MASK_HOLE "<*>"

uint64_t mask_key(struct str message);

/* Appends the template to the buffer; what passes its ceiling is left out. */
void mask_text(struct str message, struct buf *);

#endif
