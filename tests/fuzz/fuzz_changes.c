/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of known changes (CSV or JSON lines) and, its first line, as an instant. */
#include <sys/mman.h>
#include <unistd.h>

#include "lineup/changes.h"
#include "lineup/instant.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct changes changes = { .count = 0 };
	struct error err;
	if (changes_load(&changes, str_from(path), STR("+02:00"), 1790000000 * NS_PER_S, &err) ==
		0) {
		for (size_t i = 1; i < changes.count; i++)
			PROMISE(changes.items[i - 1].time_ns <= changes.items[i].time_ns);
	}
	changes_release(&changes);
	close(fd);
	struct str line = str_of((const char *)data, size);
	line = str_cut(&line, '\n');
	int64_t from_ns = 0;
	int64_t to_ns = 0;
	static struct zone berlin, utc; /* made once, kept to the end */
	if (utc.count == 0) {
		PROMISE(zone_parse(&berlin, STR("Europe/Berlin"), &err) == 0);
		PROMISE(zone_parse(&utc, STR(""), &err) == 0);
	}
	(void)!instant_parse(line, &berlin, 1790000000 * NS_PER_S, &from_ns, &err);
	if (instant_parse_span(line, &utc, 1790000000 * NS_PER_S, &from_ns, &to_ns, &err) == 0)
		PROMISE(from_ns < to_ns);
	return 0;
}
