/* SPDX-License-Identifier: MIT */
/*
 * What is common in logs: the examples of the program's own rules, from some hundred programs, and
 * lines of healthy systems. The build learns them once and links in what was learned.
 *
 * In: rules, or the image of a model. Out: a model that has learned from them. One thread a model.
 */
#ifndef LINEUP_TEXT_MODEL_IMAGE_H
#define LINEUP_TEXT_MODEL_IMAGE_H

#include "lineup/buf.h"
#include "lineup/rules.h"
#include "lineup/text_model.h"

/* Lets a model learn from the examples of the rules, and from healthy lines. */
void text_model_of_logs(struct text_model *, const struct rule_set *);

/* Appends all that it knows, in the byte order of this machine. False when `out` is full. */
MUST_USE bool text_model_write(const struct text_model *, struct buf *out);

/* The reverse, for a zeroed model. False, with nothing learned, when it is no image. */
MUST_USE bool text_model_read(struct text_model *, struct str image);

/* The one of the build, for a zeroed model. */
void text_model_builtin(struct text_model *);

#endif
