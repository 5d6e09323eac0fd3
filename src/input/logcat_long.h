/* SPDX-License-Identifier: MIT */
/* Is this text what `logcat -v long` prints? By its first lines. Pure; any thread. */
#ifndef LINEUP_LOGCAT_LONG_H
#define LINEUP_LOGCAT_LONG_H

#include "lineup/str.h"

bool logcat_is_long(struct str head);

#endif
