/* SPDX-License-Identifier: MIT */
/*
 * Lines of any bytes through the whole reading of a line. What must hold: no fault; whatever the
 * size of the chunks, every line reads the same; views lie in the line or the member; the place of
 * the message is in the line.
 */
#include <stdlib.h>

#include "lineup/reading.h"

#define LINES_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct line_result {
	int64_t time_ns;
	enum time_basis basis;
	enum level level;
	uint64_t service;
};

static size_t read_all(const struct reading_options *options, struct str data, size_t chunk_bytes,
	struct line_result *results)
{
	struct member member = { .place = STR("bundle.tar!var/log/app-20251231.log"),
		.modified_ns = INT64_C(1767225600) * NS_PER_S };
	size_t count = 0;
	reading_learn(options, &member, data);
	for (size_t at = 0; at < data.len;) {
		size_t end = size_min(at + chunk_bytes, data.len);
		while (end < data.len && data.ptr[end - 1] != '\n')
			end++;
		struct chunk chunk = { .data = (char *)(uintptr_t)data.ptr + at,
			.len = end - at,
			.member = &member,
			.ends_member = end == data.len };
		struct chunk_reading start;
		struct line_cursor cursor;
		reading_pull(options, &chunk, &start);
		line_cursor_start(&cursor, options, &start);
		struct str rest = str_of(chunk.data, chunk.len);
		while (rest.ptr != NULL && rest.len > 0) {
			struct reading r;
			struct str line = str_cut(&rest, '\n');
			line_read(&cursor, line, true, &r);
			if (r.message_at > line.len)
				abort();
			if ((r.basis == TIME_BASIS_NONE) != (r.time_ns == TIME_NONE))
				abort();
			if (count < LINES_MAX)
				results[count] = (struct line_result){ r.time_ns, r.basis, r.level,
					str_hash(r.service) };
			count++;
			/* Every byte of every view is touched. */
			(void)(str_hash(r.host) + str_hash(r.trace) + str_hash(r.span) +
				str_hash(r.request));
		}
		at = end;
	}
	if (member.context_destroy != NULL)
		member.context_destroy(member.context);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading_options *options;
	static struct line_result whole[LINES_MAX], cut[LINES_MAX];
	if (options == NULL) {
		struct error err;
		static const struct str layout = { "%d~%m~%Y %H.%M.%S.%f", 20 };
		const struct reading_settings settings = { .zone = STR("Europe/Berlin"),
			.layouts = &layout,
			.layout_count = 1,
			.now_ns = INT64_C(1767225600) * NS_PER_S };
		if (reading_options_create(&options, &settings, &err) != 0)
			abort();
	}
	if (size > 16384)
		return -1;
	/* A copy of the exact size, so that reading past its end is seen. */
	char *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL || size == 0) {
		free(copy);
		return 0;
	}
	memcpy(copy, data, size);
	size_t lines = read_all(options, str_of(copy, size), size, whole);
	if (read_all(options, str_of(copy, size), 1 + data[0] % 64u, cut) != lines)
		abort();
	for (size_t i = 0; i < lines && i < LINES_MAX; i++) {
		if (whole[i].time_ns != cut[i].time_ns || whole[i].basis != cut[i].basis ||
			whole[i].level != cut[i].level || whole[i].service != cut[i].service)
			abort();
	}
	free(copy);
	return 0;
}
