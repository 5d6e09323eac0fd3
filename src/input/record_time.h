/* SPDX-License-Identifier: MIT */
/* Whether a member of a record says when it was: what tells records of logs from other data. Pure;
 * any thread. */
#ifndef LINEUP_RECORD_TIME_H
#define LINEUP_RECORD_TIME_H

#include "lineup/str.h"

/* 2026-11-24T03:13 or with a blank, and whatever stands behind it. */
bool record_is_date(struct str value);

/* Seconds since 1970, or thousandths of them, since 2001; with a fraction or not. */
bool record_is_epoch(struct str value);

/* Ids have as many digits as times, so a number counts only by its name. */
bool record_names_time(struct str key);

#endif
