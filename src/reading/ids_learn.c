/* SPDX-License-Identifier: MIT */
/*
 * Whether what may be an id is one in this log. The id of a request comes in some lines that lie
 * near each other, and never again; a thread, a client, a table's row or the job that runs all day
 * come back when others have been there, or are one for all.
 */
#include "lineup/ids.h"

#define VALUES_LEAST 4	 /* different ones, before anything can be said */
#define LINES_MOST   32	 /* a value has, in the mean */
#define SPAN_MOST    0.3 /* of all lines, from its first to its last, in the mean */

static void note(struct ids_of_kind *e, uint64_t hash)
{
	uint32_t line = (uint32_t)e->lines++;
	size_t at = 0, kept = size_min(e->values, IDS_LEARNED);
	while (at < kept && e->hashes[at] != hash)
		at++;
	e->values += at == kept;
	if (at == kept && at < IDS_LEARNED) {
		e->hashes[at] = hash;
		e->first[at] = line;
	}
	if (at < IDS_LEARNED)
		e->last[at] = line;
}

void ids_learn(struct ids_evidence *e, struct str line)
{
	bool known = ids_worded(line, 0).len > 0;
	for (unsigned kind = 0; kind < IDS_KINDS && !known; kind++) {
		struct str id = ids_worded(line, 1U << kind);
		if (id.len > 0)
			note(&e->kinds[kind], str_hash(id));
	}
}

static bool come_and_go(const struct ids_of_kind *e)
{
	size_t kept = size_min(e->values, IDS_LEARNED);
	double spans = 0;
	for (size_t i = 0; i < kept; i++)
		spans += e->last[i] - e->first[i];
	return e->values >= VALUES_LEAST && e->lines <= LINES_MOST * e->values &&
	       spans <= SPAN_MOST * (double)e->lines * (double)kept;
}

unsigned ids_learned(const struct ids_evidence *e)
{
	unsigned kinds = 0;
	for (unsigned kind = 0; kind < IDS_KINDS; kind++)
		kinds |= (unsigned)come_and_go(&e->kinds[kind]) << kind;
	return kinds;
}
