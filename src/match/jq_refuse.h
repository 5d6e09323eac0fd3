/* SPDX-License-Identifier: MIT */
/*
 * What a jq term may not say: what reads files, the environment or other input, what depends on
 * more than the line, and functions of its own, which may call themselves until memory ends. jq has
 * no way to leave these out, so they are looked for in the text. Pure; any thread.
 */
#ifndef LINEUP_JQ_REFUSE_H
#define LINEUP_JQ_REFUSE_H

#include "lineup/str.h"

/* The first word that is refused; NULL: none. */
const char *jq_refused_word(struct str program);

#endif
