/* SPDX-License-Identifier: MIT */
/* Text as it stands in a string of JSON, for decoders that make lines of JSON. Bytes that are no
 * UTF-8 stay what they are, as in any log. Pure; any thread. */
#ifndef LINEUP_JSON_TEXT_H
#define LINEUP_JSON_TEXT_H

#include "lineup/buf.h"

/* Appends one byte between the quotes of a string. */
void json_put_byte(struct buf *out, char byte);

/* Appends a string with its quotes. */
void json_put_text(struct buf *out, struct str text);

#endif
