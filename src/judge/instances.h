/* SPDX-License-Identifier: MIT */
/*
 * Which services of a scene are instances of one: cart-0 and cart-1, where no cart is beside them.
 * Each is judged by itself, for one alone may be broken; but who calls "cart" names all of them.
 */
#ifndef LINEUP_JUDGE_INSTANCES_H
#define LINEUP_JUDGE_INSTANCES_H

#include "lineup/str.h"
#include "src/judge/scene.h"

/* Fills in scene.instances; in the scene's arena. */
void instances_find(struct scene *);

/* What stands before the number of the instance: "cart" of "cart-0"; empty: it has none. */
struct str instances_stem(struct str name);

static inline uint32_t instances_next(const struct scene *s, uint32_t service)
{
	return s->instances[service].next;
}

/* Are both the same service, or instances of one? Either may be NO_INDEX, which is none. */
static inline bool instances_same(const struct scene *s, uint32_t a, uint32_t b)
{
	return a == b ||
	       (a != NO_INDEX && b != NO_INDEX && s->instances[a].first == s->instances[b].first);
}

#endif
