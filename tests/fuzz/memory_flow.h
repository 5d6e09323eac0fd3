/* SPDX-License-Identifier: MIT */
/* Bytes in memory as a flow, in pieces of a chosen size; for fuzz targets. */
#ifndef LINEUP_MEMORY_FLOW_H
#define LINEUP_MEMORY_FLOW_H

#include "src/input/flow.h"

struct memory_flow {
	struct str all;
	size_t at;
	size_t step;
};

static inline size_t memory_read(struct flow *f, char *out, size_t capacity)
{
	struct memory_flow *m = f->state;
	size_t n = size_min(size_min(capacity, m->step), m->all.len - m->at);
	if (n > 0)
		memcpy(out, m->all.ptr + m->at, n);
	m->at += n;
	f->budget->encoded_bytes += n;
	f->budget->fetched_bytes += n;
	return n;
}

static inline bool memory_seek(struct flow *f, uint64_t offset)
{
	struct memory_flow *m = f->state;
	m->at = offset < m->all.len ? (size_t)offset : m->all.len;
	return true;
}

/* The state is the caller's. */
static inline struct flow *memory_open(
	struct memory_flow *m, struct flow_budget *budget, bool seeks)
{
	static const struct flow_kind stream = { .read = memory_read };
	static const struct flow_kind file = { .read = memory_read, .seek = memory_seek };
	struct flow *f = flow_create(seeks ? &file : &stream, m, NULL, budget);
	f->size_bytes = seeks ? m->all.len : 0;
	return f;
}

#endif
