/* SPDX-License-Identifier: MIT */
/*
 * Rules that speak of another technology than the lines that they match. One for a broker's
 * `deadlock detected` matches a database's as well; where a rule that is at home there knows the
 * very same lines, that one names them, and the other is a guest.
 */
#ifndef LINEUP_JUDGE_GUESTS_H
#define LINEUP_JUDGE_GUESTS_H

#include "lineup/findings.h"

/*
 * Does the rule look where it means to? Only a rule that names services can be away from home: in a
 * service whose name holds none of them.
 */
bool rule_is_at_home(const struct rule *, struct str service);

/*
 * Sets `guest` of subjects, and has templates named by the host. For what a line names itself, one
 * of the words that the rule names as services is enough. One thread.
 */
void guests_mark(struct findings *);

#endif
