/* SPDX-License-Identifier: MIT */
/*
 * The first byte chooses a decoder, the second the sizes of pieces, the rest is what it decodes.
 * What comes out of whole data does not depend on those sizes, and the limits hold.
 */
#include "src/input/decoder.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory_flow.h"

static const struct decoder_format *const formats[] = { &decode_gzip, &decode_deflate, &decode_zstd,
	&decode_xz, &decode_lzma, &decode_lzip, &decode_bzip2, &decode_lz4, &decode_lz4_legacy,
	&decode_compress, &decode_utf16le, &decode_utf16be };

struct result {
	uint64_t bytes;
	uint64_t hash;
	bool failed;
};

static struct result decode(const struct decoder_format *format, struct str data, size_t step,
	size_t room, unsigned threads)
{
	struct read_limits limits = read_limits_default;
	limits.max_size_bytes = 1 << 18;
	limits.threads = threads;
	struct flow_budget budget = { .limits = &limits };
	struct memory_flow memory = { .all = data, .step = step };
	struct flow *flow = decoder_open(format, memory_open(&memory, &budget, false), false);
	struct result result = { .hash = 1 };
	char *out = malloc(room);
	PROMISE(out != NULL);
	for (size_t n; (n = flow_read(flow, out, room)) > 0; result.bytes += n) {
		PROMISE(n <= room);
		for (size_t i = 0; i < n; i++)
			result.hash = (result.hash ^ (uint8_t)out[i]) * UINT64_C(0x100000001b3);
	}
	/* It has ended, for good. */
	PROMISE(flow_read(flow, out, room) == 0);
	result.failed = flow_fault(flow) != NULL;
	PROMISE(result.failed || result.bytes <= limits.max_size_bytes);
	PROMISE(!result.failed || flow_fault(flow)->fault.text[0] != '\0');
	free(out);
	flow_destroy(flow);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const struct decoder_format *format = formats[data[0] % countof(formats)];
	struct str rest = str_of((const char *)data + 2, size - 2);
	struct result large = decode(format, rest, SIZE_MAX, (size_t)64 << 10, 1);
	struct result small = decode(format, rest, 1 + data[1] % 16, 1 + data[1] / 16, 1);
	/* How far it gets before it sees a damage may depend on its buffers. */
	if (!large.failed && !small.failed)
		PROMISE(large.bytes == small.bytes && large.hash == small.hash);
	PROMISE(large.failed == small.failed);
	return 0;
}
