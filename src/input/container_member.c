/* SPDX-License-Identifier: MIT */
/* The data of an archive's member, block by block, as a flow. */
#include <archive.h>
#include <inttypes.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/container_parts.h"

/* Blocks without data that a member may give in a row while its decoder takes in a header. */
#define EMPTY_BLOCKS_MAX 1000000

struct member_data {
	struct container *container;
	const char *block;
	size_t block_len;
	uint64_t block_at; /* offset of the block in the member: behind `at` where a hole is */
	uint64_t at;
	struct error warning; /* told at the end of the data */
};

/* The next block; false at the end or a fault. */
static bool next_block(struct flow *f, struct member_data *m)
{
	struct archive *a = m->container->archive;
	/* A retry, or a block of nothing, that changes nothing must not go on for ever. */
	for (unsigned tries = 0; tries < EMPTY_BLOCKS_MAX; tries++) {
		const void *block;
		size_t len;
		la_int64_t at;
		size_t before = container_enter_library(m->container);
		int code = archive_read_data_block(a, &block, &len, &at);
		mem_refuse_above(before);
		if (code == ARCHIVE_EOF) {
			if (m->warning.text[0] != '\0')
				flow_fail(f, TROUBLE_DAMAGED, "%s", m->warning.text);
			return false;
		}
		if (code == ARCHIVE_OK || code == ARCHIVE_WARN) {
			m->block = block;
			m->block_len = len;
			m->block_at = at < 0 || (uint64_t)at < m->at ? m->at : (uint64_t)at;
			/* A wrong size or checksum is told with the last block. */
			if (code == ARCHIVE_WARN)
				error_set(&m->warning, "%s", container_why(m->container));
			if (len == 0 && m->block_at == m->at)
				continue;
			return true;
		}
		if (code == ARCHIVE_RETRY)
			continue;
		m->container->broken = code == ARCHIVE_FATAL;
		flow_fail(f, TROUBLE_DAMAGED, "%s (after byte %" PRIu64 " of the member)",
			container_why(m->container), m->at);
		return false;
	}
	flow_fail(f, TROUBLE_DAMAGED, "%s", container_why(m->container));
	return false;
}

static size_t member_read(struct flow *f, char *out, size_t capacity)
{
	struct member_data *m = f->state;
	if (m->block_len == 0 && m->block_at <= m->at && !next_block(f, m))
		return 0;
	if (m->block_at > m->at) { /* a hole of a sparse file reads as NULs */
		size_t n = size_min(capacity, (size_t)(m->block_at - m->at));
		memset(out, 0, n);
		m->at += n;
		return n;
	}
	size_t n = size_min(capacity, m->block_len);
	memcpy(out, m->block, n);
	m->block += n;
	m->block_len -= n;
	m->at += n;
	m->block_at = m->at;
	return n;
}

static void member_destroy(struct flow *f)
{
	free(f->state);
}

static const struct flow_kind member_kind = {
	.read = member_read,
	.destroy = member_destroy,
	.expands = true,
};

struct flow *container_member_open(struct container *c)
{
	struct member_data *m = mem_zalloc(1, sizeof(*m));
	m->container = c;
	return flow_create(&member_kind, m, NULL, c->upstream->budget);
}
