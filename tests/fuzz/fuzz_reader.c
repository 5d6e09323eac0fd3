/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an input file: all decoders, archives in archives, the chunker. The chunks that come
 * out must be whole lines, numbered without a gap, within the limits; and small buffers give no
 * other lines than large ones where nothing is damaged.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "lineup/reader.h"
#include "src/input/flow.h"
#include "tests/fuzz/fuzz.h"

static const struct read_limits limits = {
	.chunk_bytes = 4096,
	.line_bytes = 1000,
	.max_depth = 4,
	.max_size_bytes = 4 << 20,
	.max_ratio = 1000,
	.max_members = 100,
	.window_bytes = 8 << 20,
};

struct sum {
	uint64_t lines;
	uint64_t bytes;
	uint64_t members;
	uint64_t hash;
	bool incomplete;
};

static void check_chunk(const struct chunk *c, uint64_t *next_line, const struct member **member)
{
	uint64_t lines = 0;
	size_t line_start = 0;
	PROMISE(c->len > 0 && c->member != NULL);
	for (size_t i = 0; i < c->len; i++) {
		if (c->data[i] != '\n')
			continue;
		PROMISE(i - line_start <= limits.line_bytes);
		line_start = i + 1;
		lines++;
	}
	PROMISE(line_start == c->len || c->ends_member);
	lines += line_start < c->len;
	if (c->member != *member)
		*next_line = 1;
	PROMISE(c->first_line == *next_line);
	*next_line += lines;
	*member = c->ends_member ? NULL : c->member;
	for (size_t i = 0; i < c->dropped_count; i++)
		PROMISE(c->dropped[i] < c->len && c->data[c->dropped[i]] == '\n');
}

static struct sum read_all(const char *path, size_t read_bytes, size_t buffer_bytes)
{
	static const struct selection all;
	flow_tuning.read_bytes = read_bytes;
	flow_tuning.buffer_bytes = buffer_bytes;
	struct input input = { .path = str_from(path), .modified_ns = TIME_NONE };
	struct reader *reader = NULL;
	struct chunk chunk = { .data = NULL };
	struct sum sum = { 0 };
	struct error err;
	uint64_t next_line = 1;
	const struct member *member = NULL;
	PROMISE(reader_open(&reader, &input, &limits, &all, &err) == 0);
	while (reader_next(reader, &chunk) == 1) {
		check_chunk(&chunk, &next_line, &member);
		sum.lines = reader_counts(reader).lines;
		for (size_t i = 0; i < chunk.len; i++)
			sum.hash = (sum.hash ^ (uint8_t)chunk.data[i]) * UINT64_C(0x100000001b3);
	}
	PROMISE(reader_counts(reader).lines == sum.lines);
	sum.bytes = reader_counts(reader).bytes;
	sum.members = reader_counts(reader).members;
	sum.incomplete = reader_troubles(reader)->incomplete;
	PROMISE(sum.bytes <= limits.max_size_bytes + (1 << 20) || sum.incomplete);
	chunk_release(&chunk);
	reader_close(reader);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char path[64];
	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct sum large = read_all(path, SIZE_MAX, (size_t)128 << 10);
	struct sum small = read_all(path, 61, 97);
	close(fd);
	/* How far a decoder gets before it sees the damage, and whether what came out by then looks
	 * like text, may depend on its buffers. */
	if (!large.incomplete && !small.incomplete)
		PROMISE(large.lines == small.lines && large.hash == small.hash &&
			large.members == small.members);
	return 0;
}
