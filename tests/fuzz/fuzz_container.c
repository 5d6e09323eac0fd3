/* SPDX-License-Identifier: MIT */
/*
 * The first byte chooses an archive format and whether it is read from a file or a pipe, the rest
 * is the archive, whatever it begins with. The limits hold, and it ends.
 */
#include "src/input/container.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory_flow.h"

static void read_member(struct flow *flow)
{
	static char out[4096];
	while (flow_read(flow, out, sizeof(out)) > 0)
		;
	const struct flow *fault = flow_fault(flow);
	PROMISE(fault == NULL || fault->fault.text[0] != '\0');
	flow_destroy(flow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct read_limits limits = read_limits_default;
	limits.max_size_bytes = 1 << 20;
	limits.max_members = 50;
	struct flow_budget budget = { .limits = &limits };
	struct memory_flow memory = {
		.all = str_of((const char *)data + 1, size - 1),
		.step = (data[0] & 64) != 0 ? 7 : SIZE_MAX,
	};
	enum container_format format =
		(enum container_format)(CONTAINER_TAR + (data[0] & 63) % CONTAINER_XAR);
	struct flow *flow = memory_open(&memory, &budget, (data[0] & 128) != 0);
	struct error err = { "" };
	struct container *container = container_open(format, flow, &err);
	if (container == NULL) {
		PROMISE(err.text[0] != '\0');
		return 0;
	}
	unsigned members = 0;
	unsigned troubles = 0;
	for (;;) {
		struct container_entry entry = { .flow = NULL };
		enum trouble_kind kind = TROUBLE_SKIPPED;
		enum container_event event = container_next(container, &entry, &kind, &err);
		if (event == CONTAINER_END)
			break;
		if (event == CONTAINER_TROUBLE) {
			PROMISE(err.text[0] != '\0' && ++troubles < 10000);
			continue;
		}
		PROMISE(entry.name.len > 0 && ++members <= limits.max_members);
		/* Every other one is left unread. */
		if (members % 2 == 1)
			read_member(entry.flow);
		else
			flow_destroy(entry.flow);
	}
	container_close(container);
	return 0;
}
