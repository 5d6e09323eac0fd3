/* SPDX-License-Identifier: MIT */
/*
 * Names to small numbers: equal bytes get the same id, ids count from 0 in order of arrival. The
 * table copies and owns the bytes. One thread at a time; reading is safe from many once nothing is
 * added any more. Never let an id reach the output: order by name.
 */
#ifndef LINEUP_INTERN_H
#define LINEUP_INTERN_H

#include "lineup/arena.h"
#include "lineup/table.h"

struct intern {
	struct arena arena;
	struct str *names;
	size_t count;
	size_t capacity;
	struct table index; /* hash of the name, probed on collision -> id */
};

/* A zeroed struct is ready; release frees all. */
void intern_release(struct intern *);

/* The id of the name, added when new. */
uint32_t intern_add(struct intern *, struct str name);

/* The id, or UINT32_MAX when it was never added. */
uint32_t intern_find(const struct intern *, struct str name);

static inline struct str intern_name(const struct intern *t, uint32_t id)
{
	return t->names[id];
}

#endif
