/* SPDX-License-Identifier: MIT */
/* Is this text what `errpt -a` of AIX prints? By its first lines. Pure; any thread. */
#ifndef LINEUP_ERRPT_H
#define LINEUP_ERRPT_H

#include "lineup/str.h"

bool errpt_is_text(struct str head);

#endif
