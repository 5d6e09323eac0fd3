/* SPDX-License-Identifier: MIT */
/*
 * Each line as the place of a member, as a pod's name, as a line with something before it and as a
 * head of syslog: names that come out are parts of it, and neither empty nor with a line end.
 */
#include "lineup/service.h"
#include "tests/fuzz/fuzz.h"

static void check_place(struct str place)
{
	struct buf out = BUF_INIT(0);
	struct buf again = BUF_INIT(0);
	buf_append(&out, STR("before"));
	enum service_source source = service_of_place(place, 0, &out);
	PROMISE(str_starts(buf_str(&out), STR("before")));
	PROMISE((source == SERVICE_UNKNOWN) == (out.len == strlen("before")));
	PROMISE(out.len <= strlen("before") + place.len + 1);
	PROMISE(service_of_place(place, 0, &again) == source);
	PROMISE(str_equal(str_skip(buf_str(&out), strlen("before")), buf_str(&again)));
	buf_release(&out);
	buf_release(&again);
}

static void check_line(struct str line)
{
	struct line_wrapping wrapping;
	struct syslog_head head;
	if (service_unwrap(line, &wrapping))
		PROMISE(wrapping.payload_at <= line.len && wrapping.service.len > 0 &&
			lies_within(wrapping.service, line));
	for (size_t at = 0; at <= line.len && at < 64; at++) {
		for (int strict = 0; strict < 2; strict++) {
			if (!service_syslog_head(line, at, strict != 0, &head))
				continue;
			PROMISE(head.message_at >= at && head.message_at <= line.len);
			PROMISE(lies_within(head.host, line) && lies_within(head.program, line));
		}
		if (service_syslog5424_head(line, at, &head))
			PROMISE(head.message_at >= at && head.message_at <= line.len &&
				lies_within(head.host, line) && lies_within(head.program, line));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size_min(size, 20000));
	for (struct str rest = text; rest.ptr != NULL;) {
		struct str line = str_cut(&rest, '\n');
		char *copy = exact_copy(line, 0);
		line = str_of(copy, line.len);
		check_place(line);
		check_line(line);
		struct str container = line;
		struct str pod = str_cut(&container, ' ');
		if (container.ptr == NULL)
			container = STR("");
		struct str name = service_workload(pod, container, STR("default"));
		PROMISE(lies_within(name, line));
		free(copy);
	}
	return 0;
}
