/* SPDX-License-Identifier: MIT */
/*
 * Logs of several programs one behind the other in one text, each under a line that names it: what
 * kubectl cluster-info dump prints, and tail and head of several files.
 */
#include "src/reading/reading_source.h"
#include "src/reading/service_parts.h"

#define HEAD_BYTES 512 /* a list of nodes says so in fewer */

static const struct str start_of_logs = { "==== START logs for container ", 30 };
static const struct str end_of_logs = { "==== END logs for container ", 28 };

static bool is_file_heading(struct str line)
{
	return line.len > 8 && str_starts(line, STR("==> ")) && str_ends(line, STR(" <=="));
}

bool reading_has_sections(struct str sample)
{
	/* The dump of a cluster begins with its nodes; the logs come last. */
	struct str head = str_head(sample, HEAD_BYTES), line;
	if (str_starts(head, STR("{")) && str_find(head, STR("\"kind\": \"NodeList\"")) > 0)
		return true;
	ptrdiff_t marks = str_find(sample, STR("==="));
	if (marks < 0 && !str_starts(sample, STR("==> ")))
		return false;
	while (reading_next_line(&sample, &line)) {
		if (str_starts(line, start_of_logs) || is_file_heading(line))
			return true;
	}
	return false;
}

bool reading_section(struct str line, struct str *service)
{
	if (str_starts(line, end_of_logs)) {
		*service = STR_NONE;
		return true;
	}
	if (is_file_heading(line)) {
		*service = reading_program_of_path(str_of(line.ptr + 4, line.len - 8));
		return true;
	}
	if (!str_starts(line, start_of_logs))
		return false;
	/* ... of pod shop/cart-7d9f8b6c54-x2x4z ==== */
	struct str rest = str_skip(line, start_of_logs.len);
	struct str container = str_cut(&rest, ' ');
	ptrdiff_t slash = str_find_byte(rest, '/');
	rest = str_skip(rest, (size_t)(slash + 1));
	*service = service_workload(str_cut(&rest, ' '), container, STR_NONE);
	return true;
}
