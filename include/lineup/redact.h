/* SPDX-License-Identifier: MIT */
/*
 * Takes secrets out of text that is about to be shown: values of keys called password, token,
 * secret and their like, bearer tokens, credentials in URLs, tokens with a well-known shape,
 * private keys, private addresses, mail addresses. Each becomes `<secret:N>`; the same secret gets
 * the same N all over one report, so that what belongs together can still be seen. N counts from 1
 * in order of first appearance. One thread.
 */
#ifndef LINEUP_REDACT_H
#define LINEUP_REDACT_H

#include "lineup/buf.h"
#include "lineup/intern.h"

/* A zeroed struct is ready. */
struct redactor {
	struct intern secrets;
	struct buf text;
};

void redactor_release(struct redactor *);

/* The text without its secrets: the text itself when it has none, else a view that lives until the
 * next call. A NULL redactor changes nothing. */
struct str redact(struct redactor *, struct str text);

#endif
