/* SPDX-License-Identifier: MIT */
/*
 * A rule set as bytes and back, with its complaints, so that rules read from YAML at build time or
 * by an earlier run are in memory a few milliseconds after the start. The image is for the same
 * program on the same machine type: numbers are in its own byte order, and a version and a checksum
 * guard against any other. One thread a rule set.
 */
#ifndef LINEUP_RULES_IMAGE_H
#define LINEUP_RULES_IMAGE_H

#include "lineup/buf.h"
#include "lineup/error.h"
#include "lineup/rules.h"

/* Appends the image of the set. False when `out` is full. */
bool rules_image_write(const struct rule_set *, struct buf *out);

/*
 * Adds the rules of an image to a set. The rules' text stays where it is in the image, which must
 * outlive the set. Fails, with nothing added, when the image is not one of this program.
 */
MUST_USE int rules_image_read(struct rule_set *, struct str image, struct error *);

#endif
