/* SPDX-License-Identifier: MIT */
/* What a key of a JSON line says of its value, and what the value can be. Pure; any thread. */
#ifndef LINEUP_JSON_KEYS_H
#define LINEUP_JSON_KEYS_H

#include "lineup/json_fields.h"

#define KEY_LIMIT 28

/* The key's letters and digits in small letters; 0 when they are more than KEY_LIMIT. */
size_t json_key_fold(struct str key, char folded[KEY_LIMIT]);

/* Of a folded key, by the table of known ones alone. */
bool json_key_known(struct str key, uint8_t *field, uint8_t *weight);

/* The same, and keys that are no more than some time; false when it means nothing to us. */
bool json_key_classify(struct str key, uint8_t *field, uint8_t *weight);

/*
 * Of a key as written that json_key_classify does not know: some stamp by its ending or beginning,
 * as event_ts, seenAt, date_create; its weight, or 0.
 */
uint8_t json_key_stamp(struct str key);

/*
 * Of keys that mostly hold something else than a program: source and filename are a log's path,
 * facility is none of syslog's, type is a warning's or an error's.
 */
bool json_key_fits(struct str key, struct str text);

/* Could the value be a stamp, or seconds in some unit? */
bool json_may_be_time(struct str text);

/* An id, of which the first byte may be a digit or not. */
bool json_may_be_id(struct str text);

/* What writers put where they know no name; unknown_service is OpenTelemetry's, MainProcess
 * Python's. */
bool json_is_placeholder(struct str text);

/* Notes a number that is a level by the key's own scale; false when it is no such key. */
bool json_note_scale(struct json_fields *, struct str key, struct str text);

/* Notes what shows that the object tells of an event of Windows, and the number of its level. */
void json_note_event(struct json_fields *, struct str key, struct str text);

#endif
