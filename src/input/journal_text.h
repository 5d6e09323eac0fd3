/* SPDX-License-Identifier: MIT */
/* Text that journalctl prints with a field a line. Pure; any thread. */
#ifndef LINEUP_JOURNAL_TEXT_H
#define LINEUP_JOURNAL_TEXT_H

#include "lineup/str.h"

/* Does a text that begins so hold entries of `journalctl -o export` or `-o verbose`? */
bool journal_is_text(struct str head);

#endif
