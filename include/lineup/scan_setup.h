/* SPDX-License-Identifier: MIT */
/*
 * From options to what the pipeline needs: rules loaded and compiled, inputs listed, zone and
 * patterns checked. Shared by `scan` and `lines`. The setup owns all of it; the options must
 * outlive it. One thread.
 */
#ifndef LINEUP_SCAN_SETUP_H
#define LINEUP_SCAN_SETUP_H

#include "lineup/options.h"
#include "lineup/pipeline.h"

struct scan_setup {
	const struct options *options;
	struct rule_set rules;
	struct matcher *matcher;
	struct reading_options *reading;
	struct selection selection;
	struct read_limits limits;
	struct inputs inputs;
	struct troubles troubles; /* of paths that could not be listed */
	struct scan_settings settings;
};

/*
 * Fails when nothing could be scanned: no path, no rule of those asked for, an unknown zone.
 * Release also after a failure.
 */
MUST_USE int scan_setup_init(
	struct scan_setup *, const struct options *, int64_t now_ns, struct error *);
void scan_setup_release(struct scan_setup *);

/*
 * Gives up all rights but those to read the inputs and to write the output and temporary files.
 * When everything is prepared, before the first thread starts.
 */
void scan_setup_confine(const struct scan_setup *);

/*
 * Lists what is under the paths; fails when that is nothing at all and something was wrong, or when
 * the output would replace what is to be read.
 */
MUST_USE int scan_setup_inputs(struct inputs *, struct troubles *, const struct text_list *paths,
	struct str output, struct error *);

#endif
