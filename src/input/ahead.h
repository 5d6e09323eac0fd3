/* SPDX-License-Identifier: MIT */
/*
 * Parts of a compressed stream (frames, members, blocks) decoded ahead of the reader by threads of
 * their own, and handed on in order. What comes out, and where the upstream then stands, is what a
 * decoder that reads one byte behind the other gives: a part that does not decode whole is left to
 * that one, with the upstream at its first byte.
 *
 * Memory: the packed bytes of the parts at hand are at most 8 MiB (copied once, and buffered in the
 * upstream), what they decode to about 64 MiB, and what the crew keeps for the next ones (crew.h).
 * The upstream is borrowed. One thread at a time calls; the threads inside touch nothing but their
 * parts.
 */
#ifndef LINEUP_AHEAD_H
#define LINEUP_AHEAD_H

#include "src/input/decoder.h"

struct ahead;

/* For a format with parts. `threads`: so many are started, once there are two parts. */
struct ahead *ahead_create(const struct decoder_format *, struct flow *in, unsigned threads);

/* The next bytes of the parts; 0: the next part, if there is one, is not to be had this way. */
size_t ahead_read(struct ahead *, char *out, size_t capacity);

/* Has any part been handed on whole? */
bool ahead_passed(const struct ahead *);

/* After 0: true when the upstream stands inside a stream, at which `state` is now made ready. */
bool ahead_resume(struct ahead *, void *state);

/* Waits for the threads. NULL is fine. */
void ahead_destroy(struct ahead *);

#endif
