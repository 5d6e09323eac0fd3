/* SPDX-License-Identifier: MIT */
/*
 * Text of logs, file names and rules is untrusted: before it is shown, everything that a terminal,
 * a JSON reader or a spreadsheet would obey is made visible instead. Invalid UTF-8 becomes U+FFFD.
 * Output buffers are the caller's and are appended to. Pure; any thread.
 */
#ifndef LINEUP_ESCAPE_H
#define LINEUP_ESCAPE_H

#include "lineup/buf.h"

/*
 * For a terminal or a plain text file, as one line: tabs and line ends become a blank, other
 * controls, bidirectional overrides and invisible characters become \xNN or \uNNNN. With `ascii`
 * (the terminal is not known to read UTF-8) so does everything above 7 bits.
 */
void escape_terminal(struct buf *, struct str text, bool ascii);

/* Between the quotes of a JSON string; what is unsafe on a terminal is \u-escaped too. */
void escape_json(struct buf *, struct str text);

/*
 * A cell of a CSV file, quoted where needed. One that a spreadsheet would run as a formula gets a
 * ' in front; controls are as for a terminal.
 */
void escape_csv(struct buf *, struct str text);

#endif
