/* SPDX-License-Identifier: MIT */
/*
 * ARCHITECTURE
 *
 * Data flows one way:
 *
 *   argv -> options      patterns -> rules -> matcher (compiled once, shared, const)
 *                                                |
 *   paths -> inputs -> reader -> chunk of lines -> scanner -> tally (one a worker)
 *                                                            |
 *                                    findings <- merge <-----+
 *                                        |
 *                                      rank -> verdict -> report (text, json, jsonl, csv)
 *
 * `findings` are plain data and complete: they can be ranked again without the logs. `rank` is a
 * pure function of them. Reports see findings and verdict, never the pipeline.
 *
 * The rooms are folders of src/, and a module includes headers of its own room and of those above
 * it in this list only (tools/check_layers.sh, part of `make check`):
 *
 *   base     words that everything is said in: str, buf, arena, table, intern, clock, error, mem
 *   rules    signatures: packs, CRE documents and plain patterns to one model
 *   input    paths to inputs, inputs to chunks of whole lines; decoders, archives, journals,
 *            text whose records are no lines (documents of JSON, YAML and XML, what prints a
 *            field a line, mails): decode_*.c, which sniff_lines.c chooses
 *   match    rules to a matcher, a chunk to hits: pattern_*.c is what is known of a pattern,
 *            matcher_*.c puts them together, line_*.c is what lines of one form have in common
 *   reading  a line to its time, service, level and ids: timestamp_*.c and zone_*.c know times,
 *            service_*.c names, reading_*.c where in the line they stand
 *   scan     a chunk to a tally, tallies to one
 *   findings a tally to findings: what fired, who is who and where, whose clock is off
 *   judge    findings to a verdict
 *   store    findings to a file and back (has its place, and is not built yet)
 *   out      findings and verdict to a stream; what is shown is escaped and redacted here
 *   run      the command line, signals, progress, the pipeline, one cmd_*.c a command; this file is
 *            of it, and stands outside, where it is met first
 *
 * Headers open with their job, what flows in and out, who owns it and which threads may call it.
 * Those of modules are in include/lineup; what the files of one module share among themselves, and
 * nobody else, stands in a header beside them (trial.h, *_parts.h). A foreign library is known to
 * one .c file: Hyperscan to pattern_database.c, PCRE2 to confirm.c and, for names of services, to
 * service_pattern.c, libjq to jq_term.c, each compression to its decoder, libarchive to
 * container*.c, libyaml to yaml_tree.c, jansson to changes.c.
 *
 * Concurrency: readers are pulled. Every worker takes an open reader (its own, else a new input,
 * else one of another worker), is the only one to pull from it, lets go, scans the chunk while it
 * is hot in cache, and repeats (intake.c); where decoding takes longer than all scanning, one
 * worker goes on decoding for the others. A large plain file has nothing to decode: each worker
 * reads a piece of it into its own chunk, and only which lines it holds is settled one behind the
 * other (chunker_pieces.c). What depends on the order of lines is settled at the
 * pull; all else is sums, minima and maxima in a tally of the worker's own, so the report is the
 * same for every number of threads. Ranking is a pure function all the same: what it tries and
 * takes apart side by side (parallel.c) is put together in a set order. The progress bar has a
 * thread that reads sums and nothing else. One stream that can be cut (frames of zstd, members of
 * gzip and BGZF, blocks of bzip2, blocks of xz that say their sizes), and the members of a zip, are
 * decoded ahead by threads of their own (crew.c), as many as the inputs leave, and handed on in
 * order (ahead.c, zip_ahead.c; for xz by liblzma).
 *
 * The program's own patterns and the user's are two databases: the first is compiled by the build
 * and linked in, the second kept in the cache. Rare texts, tens of thousands of them, stand for
 * most patterns of rules and need no automaton (text_finder.c); Hyperscan looks for the others.
 * Every line is read for its time and service, but for -q with plain patterns alone: then
 * line_seeker.c reads only the lines that hit.
 *
 * Logs repeat themselves. A worker masks the digits and ids of each line and remembers, by this
 * form (line_memo.c), what all lines of the form have in common: the terms that they hit, and those
 * that each has to be asked for (pattern_blind.c proves which are which), the template that counts
 * them, where their ids stand, and what their heads say but for the values of digits
 * (reading_plan.c). So most lines are never scanned for the patterns, and of most little but the
 * stamp is read. It is exact, bounded, leaves itself alone where lines do not repeat, and never
 * shows in the report.
 *
 * Once the inputs, the rules and the matcher are there, the main thread gives up what the scan does
 * not need (sandbox.c); it is before the first worker, so that all of them are bound by it.
 *
 * Errors go up as text in struct error and are printed here, and nowhere else. Bad input is no
 * error: it is a trouble in the report.
 */
#include <errno.h>
#include <stdio.h>

#include "lineup/commands.h"
#include "lineup/escape.h"
#include "lineup/help.h"
#include "lineup/libraries.h"
#include "lineup/signals.h"

/* Names of files and patterns stand in errors: they are no more trusted than logs. */
static void print_error(const struct error *err)
{
	struct buf text = BUF_INIT(0);
	escape_terminal(&text, str_from(err->text), true);
	fprintf(stderr, "lineup: %.*s\n", STR_ARG(buf_str(&text)));
	buf_release(&text);
}

static void print_version(void)
{
	printf("lineup %s\n", LINEUP_VERSION);
	for (const struct library *l = libraries; l->name != NULL; l++)
		printf("%s %s\n", l->name, l->version != NULL ? l->version : "(version not known)");
}

static int run(const struct options *o, struct error *err)
{
	if (o->version) {
		print_version();
		return EXIT_DONE;
	}
	if (o->help) {
		help_print(stdout, o->command);
		return EXIT_DONE;
	}
	if (o->command == NULL) {
		help_print(stderr, NULL);
		return EXIT_USAGE;
	}
	return o->command->run(o, err);
}

int main(int argc, char **argv)
{
	struct options options;
	struct error err = { "" };
	signals_prepare();
	int status = options_parse(&options, argc, argv, clock_wall_ns(), &err);
	if (status == 0)
		status = run(&options, &err);
	options_release(&options);
	/* What the command wrote to standard output itself;
	 * a reader that went away wants no word. */
	if (fflush(stdout) != 0 && status == EXIT_DONE)
		status = errno == EPIPE ? EXIT_USAGE
					: error_errno(&err, errno, "write to standard output");
	if (status < 0) {
		if (err.text[0] != '\0')
			print_error(&err);
		status = EXIT_USAGE;
	}
	return status;
}
