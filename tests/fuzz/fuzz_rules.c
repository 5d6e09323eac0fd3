/* SPDX-License-Identifier: MIT */
/* Any bytes as a rule document, as an image of rules, and as a list of plain patterns. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lineup/buf.h"
#include "lineup/rules_image.h"
#include "lineup/rules_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_set set = { 0 };
	struct rule_set again = { 0 };
	struct buf image = BUF_INIT(0);
	struct error err;
	struct str text = str_of((const char *)data, size);
	static const struct rules_load_options options = { .experimental = true };
	rules_load_text(&set, STR("fuzz.yaml"), text, &options);
	if (rules_image_read(&set, text, &err) == 0)
		abort(); /* a checksum that was met by chance */
	rule_set_finish(&set);
	if (!rules_image_write(&set, &image) || rules_image_read(&again, buf_str(&image), &err) < 0)
		abort();
	rule_set_finish(&again);
	if (again.rule_count != set.rule_count || again.term_count != set.term_count)
		abort();
	buf_release(&image);
	rule_set_release(&again);
	rule_set_release(&set);
	return 0;
}
