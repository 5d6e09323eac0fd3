/* SPDX-License-Identifier: MIT */
#include "lineup/commands.h"
#include "lineup/escape.h"
#include "lineup/output.h"
#include "lineup/progress.h"
#include "lineup/scan_setup.h"
#include "lineup/signals.h"

/* It outlives the command, since a signal may come at any time. */
static struct scan_progress progress_sums;

/* Standard output carries the lines alone, so what could not be read is said beside it. */
static void print_troubles(const struct troubles *troubles)
{
	struct buf text = BUF_INIT(0);
	for (size_t i = 0; i < troubles->count; i++) {
		const struct trouble *t = &troubles->items[i];
		buf_clear(&text);
		escape_terminal(&text, t->path, true);
		buf_append(&text, STR(": "));
		escape_terminal(&text, t->reason, true);
		fprintf(stderr, "lineup: %.*s\n", STR_ARG(buf_str(&text)));
	}
	buf_release(&text);
}

static int write_lines(struct scan_setup *setup, const struct options *o, struct error *err)
{
	struct output out;
	if (output_open(&out, o->output, err) != 0)
		return -1;
	/* A bar and lines on one terminal would only disturb each other. */
	bool wants_bar = !o->no_progress && !o->quiet && o->output.len > 0;
	struct progress *bar = progress_start(&progress_sums, setup->inputs.size_bytes, wants_bar);
	int result =
		pipeline_lines(&setup->settings, &progress_sums, out.stream, &setup->troubles, err);
	progress_stop(bar);
	if (result != 0) {
		output_discard(&out);
		return -1;
	}
	return output_commit(&out, err);
}

int cmd_lines(const struct options *o, struct error *err)
{
	struct scan_setup setup;
	int status = output_check(o->output, err);
	if (status != 0)
		return -1;
	status = scan_setup_init(&setup, o, clock_wall_ns(), err);
	if (status == 0) {
		signals_watch(&progress_sums.stop);
		setup.limits.stop = &progress_sums.stop;
		scan_setup_confine(&setup);
		status = write_lines(&setup, o, err);
	}
	if (status == 0) {
		troubles_sort(&setup.troubles);
		if (!o->quiet)
			print_troubles(&setup.troubles);
		status = signals_caught()	     ? EXIT_INTERRUPTED
			 : setup.troubles.incomplete ? EXIT_INCOMPLETE
						     : EXIT_DONE;
	}
	scan_setup_release(&setup);
	return status;
}
