/* SPDX-License-Identifier: MIT */
/*
 * The masked form of a line: the line with every digit replaced by '0', and the digits of every id
 * by one mark. An id is a run of lower-case hexadecimal digits and dashes with two letters a to f
 * and a digit at least, the first part of which, up to a dash, has eight bytes or more, and none
 * behind it is empty; beside it stands no byte of a word ([0-9A-Za-z_], or not ASCII). Length and
 * all other bytes stay.
 *
 * Logs repeat themselves: most lines have a masked form that was seen before (line_fit.h), and what
 * can be told from the masked form need not be found out again (line_memo.h, pattern_relax.h). Not
 * to be mixed up with mask.h, whose templates are for people and forget lengths.
 *
 * Pure; any thread. In: a line without its end, of at most LINE_MASK_BYTES, with LINE_MASK_PADDING
 * readable bytes behind it.
 */
#ifndef LINEUP_LINE_MASK_H
#define LINEUP_LINE_MASK_H

#include "lineup/str.h"

#define LINE_MASK_BYTES	  1024
#define LINE_MASK_PADDING 64

/* Stands for a digit of an id; no line holds it. */
#define LINE_MASK_ID '\n'

/* An id has so many letters at least. */
#define LINE_MASK_ID_LETTERS 2

/* Writes the masked form to out, which has LINE_MASK_BYTES + LINE_MASK_PADDING bytes of room, of
 * which those behind the line's length are left undefined. */
void line_mask(struct str line, char *out);

/* The same, byte by byte: what line_mask is tested against, and used where it has no vectors. */
void line_mask_portable(struct str line, char *out);

#endif
