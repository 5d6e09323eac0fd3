/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lineup/changes.h"
#include "lineup/commands.h"
#include "lineup/frame.h"
#include "lineup/instant.h"
#include "lineup/mem.h"
#include "lineup/nearest.h"
#include "lineup/output.h"
#include "lineup/progress.h"
#include "lineup/report.h"
#include "lineup/scan_setup.h"
#include "lineup/signals.h"
#include "lineup/stats.h"
#include "lineup/terminal.h"

/* All that one run of the command owns. */
struct scan_run {
	const struct options *options;
	const struct report_format *format;
	int64_t now_ns;
	struct scan_setup setup;
	struct changes changes;
	struct scan_stats stats;
	struct findings findings;
	struct findings baseline;
	bool has_baseline;
	struct verdict verdict;
	struct stage_seconds rank;
};

/* It outlives the command, since a signal may come at any time. */
static struct scan_progress progress_sums;

static int unknown_format(struct str name, struct error *err)
{
	const char *names[16];
	char list[256] = "";
	size_t count = 0, len = 0;
	const struct report_format *format;
	while (count < countof(names) && (format = report_at(count)) != NULL) {
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
			count > 0 ? ", " : "", format->name);
		len = size_min(len, sizeof(list) - 1);
		names[count++] = format->name;
	}
	const char *near = nearest_name(name, names, count);
	return error_set(err, "--format '%.*s' is none of %s%s%s%s", STR_ARG(name), list,
		near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
		near != NULL ? "'?" : "");
}

static int choose_format(struct scan_run *r, struct error *err)
{
	const struct options *o = r->options;
	if (o->format.len > 0) {
		r->format = report_find(o->format);
	} else if (report_find(o->output) != NULL) {
		return error_set(err,
			"--output '%.*s' would be a file of that name; the format is said by "
			"'--format %.*s' (and the file, if it is meant, by './%.*s')",
			STR_ARG(o->output), STR_ARG(o->output), STR_ARG(o->output));
	} else {
		r->format = o->output.len > 0 ? report_for_file(o->output) : NULL;
		if (r->format == NULL)
			r->format = report_find(STR("text"));
	}
	if (r->format != NULL)
		return 0;
	return unknown_format(o->format, err);
}

static bool wants_progress(const struct options *o)
{
	return !o->no_progress && !o->quiet;
}

/* What is no span is a path; a span that was written wrongly is none either. */
static int check_baseline(const struct options *o, struct error *err)
{
	if (o->baseline_path.len == 0 || str_equal(o->baseline_path, STR("-")))
		return 0;
	char *path = mem_strdup(o->baseline_path);
	int result = access(path, R_OK);
	if (result != 0)
		error_errno(err, errno,
			"--baseline '%s' is no span A..B, such as 09:00..17:00, and no path", path);
	free(path);
	return result;
}

/* Everything that can be wrong with the command line is found before the first byte is read. */
static int prepare(struct scan_run *r, struct error *err)
{
	const struct options *o = r->options;
	if (choose_format(r, err) != 0 || output_check(o->output, err) != 0 ||
		check_baseline(o, err) != 0)
		return -1;
	if (o->changes_path.len > 0 &&
		changes_load(&r->changes, o->changes_path, o->zone, r->now_ns, err) != 0)
		return error_wrap(err, "--changes");
	/* Thousands of rules take seconds to compile, the first time. */
	progress_say("preparing the rules ...", wants_progress(o));
	int result = scan_setup_init(&r->setup, o, r->now_ns, err);
	progress_say("", wants_progress(o));
	return result;
}

static int scan_baseline(struct scan_run *r, struct error *err)
{
	const struct options *o = r->options;
	if (o->baseline_path.len == 0 || signals_caught())
		return 0;
	struct str path = o->baseline_path;
	struct text_list paths = { &path, 1, 1 };
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	struct scan_settings settings = r->setup.settings;
	struct scan_stats stats;
	/* -s and -u narrow the time of the trouble; the baseline lies before it. */
	settings.inputs = &inputs;
	settings.since_ns = TIME_NONE;
	settings.until_ns = TIME_NONE;
	int result = scan_setup_inputs(&inputs, &troubles, &paths, o->output, err);
	if (result != 0)
		error_wrap(err, "--baseline");
	if (result == 0)
		result = pipeline_scan(&settings, &progress_sums, &r->baseline, &stats, err);
	r->has_baseline = result == 0;
	/* What nothing was compared with must not pass for what is as it was. */
	if (result == 0 && r->baseline.totals.lines == 0 && !signals_caught())
		troubles_add(&troubles, TROUBLE_UNREADABLE, TROUBLE_OF_NO_INPUT, 0, path,
			"the baseline has no line that could be read: nothing was compared with "
			"it");
	if (result == 0) {
		troubles_join(&r->findings.troubles, &r->baseline.troubles);
		troubles_join(&r->findings.troubles, &troubles);
	}
	inputs_release(&inputs);
	troubles_release(&troubles);
	return result;
}

static int scan(struct scan_run *r, struct error *err)
{
	const struct options *o = r->options;
	signals_watch(&progress_sums.stop);
	r->setup.limits.stop = &progress_sums.stop;
	scan_setup_confine(&r->setup);
	struct progress *bar =
		progress_start(&progress_sums, r->setup.inputs.size_bytes, wants_progress(o));
	int result =
		pipeline_scan(&r->setup.settings, &progress_sums, &r->findings, &r->stats, err);
	if (result == 0)
		result = scan_baseline(r, err);
	progress_stop(bar);
	if (result != 0)
		return -1;
	troubles_join(&r->findings.troubles, &r->setup.troubles);
	troubles_sort(&r->findings.troubles);
	return 0;
}

/* Who looks at a bundle of last month means by 17:00..19:00 the last such hours in it. */
static void place_spans(const struct scan_run *r, struct rank_settings *settings)
{
	const struct options *o = r->options;
	struct zone zone;
	struct frame frame;
	struct error err;
	if (o->incident_text.len == 0 && o->baseline_text.len == 0)
		return;
	frame_find(&r->findings, o->window_ns, &frame);
	if (frame.to_ns <= frame.from_ns || zone_parse(&zone, o->zone, &err) != 0)
		return;
	instant_latest_span(o->incident_text, &zone, frame.read_to_ns, &settings->incident_from_ns,
		&settings->incident_to_ns);
	if (o->baseline_path.ptr == NULL)
		instant_latest_span(o->baseline_text, &zone, frame.read_to_ns,
			&settings->baseline_from_ns, &settings->baseline_to_ns);
	zone_release(&zone);
}

static void judge(struct scan_run *r)
{
	const struct options *o = r->options;
	struct rank_settings settings = {
		.window_ns = o->window_ns,
		.incident_from_ns = o->incident_from_ns,
		.incident_to_ns = o->incident_to_ns,
		.baseline_from_ns = o->baseline_from_ns,
		.baseline_to_ns = o->baseline_to_ns,
		.baseline = r->has_baseline ? &r->baseline : NULL,
		.changes = r->changes.items,
		.change_count = r->changes.count,
		.jobs = o->jobs,
		.top = o->verbose ? 0 : o->top,
		.least = o->least,
	};
	struct stage_clock clock = stage_begin();
	place_spans(r, &settings);
	rank(&r->findings, &settings, &r->verdict);
	r->rank = stage_end(&clock);
}

static int report(struct scan_run *r, struct error *err)
{
	const struct options *o = r->options;
	struct output out;
	if (output_open(&out, o->output, err) != 0)
		return -1;
	struct report_settings settings = {
		.width = terminal_width(out.stream),
		.colour = terminal_wants_colour(out.stream, o->colour),
		.ascii = !terminal_reads_utf8(),
		.interrupted = signals_caught(),
		.verbose = o->verbose,
		.redact = o->redact,
		.top = o->top,
	};
	if (r->format->write(out.stream, &r->findings, &r->verdict, &settings, err) != 0) {
		output_discard(&out);
		return -1;
	}
	return output_commit(&out, err);
}

/* It looks at every suspect, shown or not. */
static bool fails_on(const struct scan_run *r)
{
	return r->options->fail_on_given && r->verdict.suspect_count > 0 &&
	       r->verdict.worst <= r->options->fail_on;
}

/* What was found weighs more than what could not be read: the report lists that anyway. */
static int exit_status(const struct scan_run *r)
{
	if (signals_caught())
		return EXIT_INTERRUPTED;
	if (fails_on(r))
		return EXIT_FOUND;
	return r->findings.troubles.incomplete ? EXIT_INCOMPLETE : EXIT_DONE;
}

static int run(struct scan_run *r, struct error *err)
{
	if (prepare(r, err) != 0 || scan(r, err) != 0)
		return -1;
	judge(r);
	if (report(r, err) != 0)
		return -1;
	if (r->options->stats)
		stats_print(stderr, &r->findings, &r->stats, matcher_stats(r->setup.matcher),
			r->options->jobs, &r->rank);
	return exit_status(r);
}

int cmd_scan(const struct options *o, struct error *err)
{
	struct scan_run r = { .options = o, .now_ns = clock_wall_ns() };
	int status = run(&r, err);
	verdict_release(&r.verdict);
	findings_release(&r.findings);
	findings_release(&r.baseline);
	changes_release(&r.changes);
	scan_setup_release(&r.setup);
	return status;
}
