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

static void note(struct ids_evidence *all, unsigned kind, uint64_t hash)
{
	uint32_t line = (uint32_t)all->kinds[kind].lines++;
	size_t at = 0, kept = size_min(all->kinds[kind].values, IDS_LEARNED);
	while (at < kept && all->kinds[kind].hashes[at] != hash)
		at++;
	all->kinds[kind].values += at == kept;
	if (at == kept && at < IDS_LEARNED) {
		all->kinds[kind].hashes[at] = hash;
		all->kinds[kind].first[at] = line;
	}
	if (at < IDS_LEARNED)
		all->kinds[kind].last[at] = line;
}

void ids_learn(struct ids_evidence *all, struct str line)
{
	struct str plain = ids_worded(line, 0);
	for (unsigned kind = 0; kind < IDS_KINDS && plain.len == 0; kind++) {
		struct str id = ids_worded(line, 1U << kind);
		if (id.len > 0)
			note(all, kind, str_hash(id));
	}
}

unsigned ids_learned(const struct ids_evidence *all)
{
	unsigned kinds = 0;
	for (unsigned kind = 0; kind < IDS_KINDS; kind++) {
		size_t lines = all->kinds[kind].lines, values = all->kinds[kind].values;
		size_t kept = size_min(values, IDS_LEARNED);
		double spans = 0;
		for (size_t i = 0; i < kept; i++)
			spans += all->kinds[kind].last[i] - all->kinds[kind].first[i];
		if (values >= VALUES_LEAST && lines <= LINES_MOST * values &&
			spans <= SPAN_MOST * (double)lines * (double)kept)
			kinds |= 1U << kind;
	}
	return kinds;
}
