/* SPDX-License-Identifier: MIT */
#include "lineup/reader.h"

#include <inttypes.h>

/*
 * Ratio: one layer of DEFLATE cannot pass 1,032; logs come to 10 to 50, very even ones to some
 * hundreds. Nothing that is decoded is kept, so a bomb costs time alone, and what it may take is
 * ended by the size. Depth: a case file as zip, in it tar.xz, in it tar.gz, in it .gz makes 6.
 * Window: what is worth it, zstd --long=30 and more than any preset of xz and 7z, and that is the
 * memory that hostile data may fill, once for every thread.
 */
const struct read_limits read_limits_default = {
	.chunk_bytes = (size_t)512 << 10,
	.line_bytes = (size_t)16 << 20,
	.max_depth = 8,
	.max_size_bytes = (uint64_t)256 << 30,
	.max_ratio = 1000,
	.max_members = 1000000,
	.window_bytes = (uint64_t)1 << 30,
};

int read_limits_check(
	const struct read_limits *limits, uint64_t bytes, uint64_t encoded_bytes, struct error *err)
{
	if (bytes > limits->max_size_bytes)
		return error_set(err,
			"the input gave more than %" PRIu64
			" bytes, the limit of decoded size (--max-size)",
			limits->max_size_bytes);
	if (limits->max_ratio != 0 && bytes > READ_RATIO_FLOOR_BYTES &&
		bytes / limits->max_ratio > encoded_bytes)
		return error_set(err,
			"the input gave more than %" PRIu64
			" times its bytes, the limit against decompression bombs (--max-ratio)",
			limits->max_ratio);
	return 0;
}

void read_counts_add(struct read_counts *into, const struct read_counts *from)
{
	into->files += from->files;
	into->members += from->members;
	into->bytes_encoded += from->bytes_encoded;
	into->bytes += from->bytes;
	into->lines += from->lines;
}
