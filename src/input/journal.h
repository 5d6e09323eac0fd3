/* SPDX-License-Identifier: MIT */
/*
 * The entries of a systemd journal file as lines, oldest first. Where /var/log has a journal, the
 * texts of most programs stand nowhere else.
 *
 * A line is what rsyslog would forward of the entry: `<PRI>STAMP HOST NAME[PID]: MESSAGE`, so that
 * it is read for time, severity and service as any line of syslog. What follows a newline in the
 * message stands on lines of its own, indented, which a message cannot pass off as entries. The
 * n-th line is the n-th of `journalctl -q --file FILE -o short-iso-precise`, unless messages hold
 * bytes that journalctl does not show.
 *
 * The file is read from a copy in a temporary file, which is mapped (journal_entries.h).
 */
#ifndef LINEUP_JOURNAL_H
#define LINEUP_JOURNAL_H

#include "src/input/flow.h"

/*
 * The lines of the journal that `upstream` holds, which is taken over. Always gives a flow: what
 * could not be read is its fault, behind the lines that could.
 */
struct flow *journal_open(struct flow *upstream);

#endif
