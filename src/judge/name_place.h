/* SPDX-License-Identifier: MIT */
/*
 * Where in a line a word stands that may be the name of a service: in an address, as a part of a
 * longer name, where a server says who its client is. Pure; any thread. In: a line or template, and
 * where in it the word begins and ends.
 */
#ifndef LINEUP_JUDGE_NAME_PLACE_H
#define LINEUP_JUDGE_NAME_PLACE_H

#include "lineup/str.h"

static inline bool name_place_is_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* The word that ends before `at`, but for spaces and quotes. */
struct str name_place_before(struct str text, size_t at);

/* The key of the value that begins at `from` ("container=order"); empty: it is no value. */
struct str name_place_key(struct str text, size_t from);

/* "http://order/v1", "order:8080", "order.acme.internal:8080", "(order)". */
bool name_place_is_address(struct str text, size_t from, size_t to);

/*
 * Does the word stand where the name of someone else is due: in an address, behind a word that leads
 * to it ("call to order", "held by vacuum"), before what someone does ("order refused") or the
 * status that he answered ("order 503")?
 */
bool name_place_is_due(struct str text, size_t from, size_t to);

/* "customs-<*>": a hole is part of it, and so the word is not the whole name. */
bool name_place_is_cut(struct str text, size_t from, size_t to);

/* "github.com/acme/order/pkg/list.go:101", "order/start.go": where in its source the program is. */
bool name_place_is_code(struct str text, size_t from, size_t to);

/* `rolebinding "shop/order"`: an object of that name, and not who is called so. */
bool name_place_is_object(struct str text, size_t from);

/* "order.events-3", "order.yaml": another name begins with it, which is not that of a host. */
bool name_place_is_part(struct str text, size_t to);

/* "client=order", "user=shop,db=shop,app=order": whom the speaker serves. */
bool name_place_is_client(struct str text, size_t from);

#endif
