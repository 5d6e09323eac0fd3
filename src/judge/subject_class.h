/* SPDX-License-Identifier: MIT */
/*
 * What a subject says, by its own level and by the rule that knows it. Pure functions of the
 * findings.
 */
#ifndef LINEUP_JUDGE_SUBJECT_CLASS_H
#define LINEUP_JUDGE_SUBJECT_CLASS_H

#include "lineup/findings.h"

enum subject_class {
	CLASS_ORDINARY, /* a line among lines */
	CLASS_CONTEXT,	/* an info rule knows it: a job, a restart, a deployment; never a suspect */
	CLASS_WARNING,	/* something that the program coped with */
	CLASS_PROBLEM,	/* an error, or a known failure mode */
};

enum subject_class subject_class(const struct findings *, const struct subject *);

/*
 * Does the text name an exception: a word of a type's shape that ends in Error or Exception
 * (ValueError, java.io.IOException), or the head of a trace? A plain "Error" is no name.
 */
bool subject_names_exception(struct str text);

/*
 * Is the text a part of a trace, whose every line was stamped? What it is a part of has a line
 * above or below it that says more.
 */
bool subject_is_part_of_trace(struct str text);

#endif
