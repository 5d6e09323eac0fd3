/* SPDX-License-Identifier: MIT */
/*
 * Turns rule packs into the images that are linked into the program, of the rules and of what their
 * examples tell of logs: packc RULES MODEL FILE...
 * Part of the build only. Complaints go to standard error; a rule that cannot be used is left out,
 * as it would be at run time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/buf.h"
#include "lineup/rules_image.h"
#include "lineup/rules_load.h"
#include "lineup/text_model_image.h"

static bool write_model(const struct rule_set *rules, struct buf *image)
{
	struct text_model model = { .counts = NULL };
	text_model_of_logs(&model, rules);
	bool good = text_model_write(&model, image);
	text_model_release(&model);
	return good;
}

static int write_file(const char *path, struct str bytes)
{
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		return -1;
	bool good = fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len;
	return fclose(file) == 0 && good ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct rule_set set = { 0 };
	struct buf image = BUF_INIT(0), model = BUF_INIT(0);
	struct error err;
	if (argc < 3) {
		fprintf(stderr, "usage: packc RULES MODEL FILE...\n");
		return 2;
	}
	for (int i = 3; i < argc; i++) {
		if (rules_load_path(&set, str_from(argv[i]), NULL, &err) < 0) {
			fprintf(stderr, "packc: %s\n", err.text);
			return 1;
		}
	}
	rule_set_finish(&set);
	for (size_t i = 0; i < set.complaint_count; i++) {
		const struct rule_complaint *c = &set.complaints[i];
		fprintf(stderr, "%.*s:%u:%u: %s%.*s: %.*s\n", STR_ARG(c->place.path), c->place.line,
			c->place.column, c->rejected ? "left out: " : "", STR_ARG(c->rule_id),
			STR_ARG(c->reason));
	}
	if (!rules_image_write(&set, &image) || write_file(argv[1], buf_str(&image)) < 0 ||
		!write_model(&set, &model) || write_file(argv[2], buf_str(&model)) < 0) {
		fprintf(stderr, "packc: write '%s' and '%s': failed\n", argv[1], argv[2]);
		return 1;
	}
	buf_release(&model);
	buf_release(&image);
	rule_set_release(&set);
	return 0;
}
