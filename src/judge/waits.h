/* SPDX-License-Identifier: MIT */
/*
 * Whose trouble is it that a line tells, by its words: that of another that it does not name
 * ("upstream timed out", "answered 502"), that of whoever resolves names, or the speaker's own that
 * comes of waiting ("no free connection")? Pure; any thread. In: a subject; for the first whose
 * name is known (names.h).
 */
#ifndef LINEUP_JUDGE_WAITS_H
#define LINEUP_JUDGE_WAITS_H

#include "src/judge/scene.h"

bool waits_for_another(const struct scene_subject *);

/* Does it say that a name was not resolved? Whoever it names is not to blame. */
bool waits_for_name(const struct scene_subject *);

/* Does it say that something is stamped in the future? */
bool waits_for_clock(const struct scene_subject *);

/* Does it say that the time that it gives another ran out? */
bool waits_too_long(const struct scene_subject *);

/* Does it say that it waits for a lock that another holds? */
bool waits_for_lock(const struct scene_subject *);

/* Does it say that all of something that is held while one waits (connections, threads, places in a
 * queue) is taken? */
bool waits_in_line(const struct scene_subject *);

/* Does it say what only those say who watch over others: that a process ended, that a probe or a
 * check failed? */
bool waits_oversees(const struct scene_subject *);

/* Does it tell the state that something is in ("is degraded", "not ready", "firing")? */
bool waits_reports(const struct scene_subject *);

/* Does it say that what was handed to another waits to be taken up: a queue grows, its readers are
 * behind? */
bool waits_to_be_read(const struct scene_subject *);

#endif
