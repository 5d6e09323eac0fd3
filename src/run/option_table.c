/* SPDX-License-Identifier: MIT */
#include "lineup/options.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* What a flag or an argument does. A setter says what is wrong with its argument as a predicate,
 * "is no whole number"; the parser puts the option and the argument in front. */

#define TEXT_SETTER(member)                                                                        \
	static int set_##member(struct options *o, struct str argument, struct error *err UNUSED)  \
	{                                                                                          \
		o->member = argument;                                                              \
		return 0;                                                                          \
	}
/* Where the last one alone would be a wrong answer to who meant both. */
#define ONCE_SETTER(member, why)                                                                   \
	static int set_##member(struct options *o, struct str argument, struct error *err)         \
	{                                                                                          \
		if (o->member.ptr != NULL)                                                         \
			return error_set(err, "is a second one: " why);                            \
		o->member = argument;                                                              \
		return 0;                                                                          \
	}
#define FLAG_SETTER(member)                                                                        \
	static int set_##member(                                                                   \
		struct options *o, struct str argument UNUSED, struct error *err UNUSED)           \
	{                                                                                          \
		o->member = true;                                                                  \
		return 0;                                                                          \
	}
#define LIST_SETTER(member)                                                                        \
	static int set_##member(struct options *o, struct str argument, struct error *err)         \
	{                                                                                          \
		if (argument.len == 0)                                                             \
			return error_set(err, "must not be empty");                                \
		text_list_add(&o->member, argument);                                               \
		return 0;                                                                          \
	}

TEXT_SETTER(since_text)
TEXT_SETTER(until_text)
ONCE_SETTER(incident_text, "a scan looks at one incident")
ONCE_SETTER(baseline_text, "give one span, or one path with all of it below")
TEXT_SETTER(zone)
TEXT_SETTER(changes_path)
TEXT_SETTER(format)
TEXT_SETTER(output)
TEXT_SETTER(cache_dir)
FLAG_SETTER(no_builtin)
FLAG_SETTER(strict)
FLAG_SETTER(redact)
FLAG_SETTER(stats)
FLAG_SETTER(no_progress)
FLAG_SETTER(quiet)
FLAG_SETTER(verbose)
FLAG_SETTER(no_cache)
FLAG_SETTER(help)
FLAG_SETTER(version)
LIST_SETTER(rules)
LIST_SETTER(pattern_files)
LIST_SETTER(layouts)
LIST_SETTER(services)
LIST_SETTER(include)
LIST_SETTER(exclude)

#define LAYOUTS_BYTES_MAX ((size_t)1 << 20)

/* Layouts from a file, one a line; empty lines and those that begin with # are none. */
static int set_layout_file(struct options *o, struct str argument, struct error *err)
{
	char *path = mem_strdup(argument);
	size_t before = o->layouts.count;
	struct buf text;
	int result = buf_read_file(&text, path, LAYOUTS_BYTES_MAX, err);
	free(path);
	if (result != 0)
		return error_wrap(err, "cannot be used");
	for (struct str rest = buf_str(&text); rest.ptr != NULL;) {
		struct str layout = str_trim(str_cut(&rest, '\n'));
		if (layout.len > 0 && layout.ptr[0] != '#')
			text_list_add(&o->layouts, arena_copy(&o->arena, layout));
	}
	buf_release(&text);
	if (o->layouts.count == before)
		return error_set(err, "holds no layout");
	return 0;
}

/* An empty pattern is a pattern: it matches every line, as in grep. */
static int set_regexps(struct options *o, struct str argument, struct error *err UNUSED)
{
	text_list_add(&o->regexps, argument);
	return 0;
}

static int parse_number(
	struct str text, uint64_t least, uint64_t most, uint64_t *value, struct error *err)
{
	if (!str_to_u64(text, value) || *value < least || *value > most)
		return error_set(err, "is no whole number from %llu to %llu",
			(unsigned long long)least, (unsigned long long)most);
	return 0;
}

static int set_year(struct options *o, struct str argument, struct error *err)
{
	uint64_t year = 0;
	if (parse_number(argument, 1678, 2261, &year, err) != 0)
		return -1;
	o->year = (int)year;
	return 0;
}

static int set_window(struct options *o, struct str argument, struct error *err)
{
	int64_t duration_ns;
	if (!clock_parse_duration(argument, &duration_ns) || duration_ns < NS_PER_S)
		return error_set(err, "is no duration of a second or more, such as 30s, 5m or 1h");
	o->window_ns = duration_ns;
	return 0;
}

static int set_jobs(struct options *o, struct str argument, struct error *err)
{
	uint64_t jobs = 0;
	if (parse_number(argument, 1, 1024, &jobs, err) != 0)
		return -1;
	o->jobs = (unsigned)jobs;
	return 0;
}

static int set_top(struct options *o, struct str argument, struct error *err)
{
	uint64_t top = 0;
	if (parse_number(argument, 0, 1000000, &top, err) != 0)
		return -1;
	o->top = (size_t)top;
	return 0;
}

static int parse_severity(struct str text, enum severity *value, struct error *err)
{
	if (!severity_parse(text, value))
		return error_set(err, "is none of critical, high, medium, low, info");
	return 0;
}

static int set_least(struct options *o, struct str argument, struct error *err)
{
	return parse_severity(argument, &o->least, err);
}

static int set_fail_on(struct options *o, struct str argument, struct error *err)
{
	o->fail_on_given = true;
	return parse_severity(argument, &o->fail_on, err);
}

static int set_colour(struct options *o, struct str argument, struct error *err)
{
	if (str_equal(argument, STR("auto")))
		o->colour = COLOUR_AUTO;
	else if (str_equal(argument, STR("always")))
		o->colour = COLOUR_ALWAYS;
	else if (str_equal(argument, STR("never")))
		o->colour = COLOUR_NEVER;
	else
		return error_set(err, "is none of auto, always, never");
	return 0;
}

static int parse_size(struct str text, uint64_t least, uint64_t *value, struct error *err)
{
	if (!str_to_size(text, value) || *value < least)
		return error_set(err, "is no size of %llu or more, such as 64K, 10M or 2G",
			(unsigned long long)least);
	return 0;
}

static int set_max_depth(struct options *o, struct str argument, struct error *err)
{
	uint64_t depth = 0;
	if (parse_number(argument, 0, 64, &depth, err) != 0)
		return -1;
	o->limits.max_depth = (unsigned)depth;
	return 0;
}

static int set_max_size(struct options *o, struct str argument, struct error *err)
{
	return parse_size(argument, 1, &o->limits.max_size_bytes, err);
}

static int set_max_ratio(struct options *o, struct str argument, struct error *err)
{
	return parse_number(argument, 0, UINT64_MAX, &o->limits.max_ratio, err);
}

static int set_max_members(struct options *o, struct str argument, struct error *err)
{
	return parse_number(argument, 1, UINT64_MAX, &o->limits.max_members, err);
}

static int set_max_window(struct options *o, struct str argument, struct error *err)
{
	return parse_size(argument, 1, &o->limits.window_bytes, err);
}

static int set_max_line(struct options *o, struct str argument, struct error *err)
{
	uint64_t bytes = 0;
	if (parse_size(argument, 16, &bytes, err) != 0)
		return -1;
	if (bytes > (UINT64_C(1) << 30))
		return error_set(err, "is more than 1G, the longest line that can be scanned");
	o->limits.line_bytes = (size_t)bytes;
	return 0;
}

static int set_chunk_size(struct options *o, struct str argument, struct error *err)
{
	uint64_t bytes = 0;
	if (parse_size(argument, 1, &bytes, err) != 0)
		return -1;
	if (bytes > (UINT64_C(1) << 30))
		return error_set(err, "is more than 1G");
	o->limits.chunk_bytes = (size_t)bytes;
	return 0;
}

#define SCAN  COMMAND_SCAN
#define LINES COMMAND_LINES
#define RULES COMMAND_RULES
#define READ  (SCAN | LINES)
#define ALL   (SCAN | LINES | RULES)
#define EVERY (SCAN | LINES | RULES | COMMAND_HELP)

/* clang-format off */
static const struct option_row rows[] = {
	{ 'r', "rules", "PATH", "rule file or folder, added to the built-in rules; repeatable", GROUP_RULES, ALL, false, set_rules },
	{ 0, "no-builtin", NULL, "leave the built-in rules out", GROUP_RULES, ALL, false, set_no_builtin },
	{ 'e', "regexp", "REGEX", "a pattern, as in grep -P; each is a rule of its own; repeatable", GROUP_RULES, ALL, false, set_regexps },
	{ 'f', "file", "FILE", "patterns from a file, one a line (empty lines are none); repeatable", GROUP_RULES, ALL, false, set_pattern_files },
	{ 0, "strict", NULL, "rules check: warnings count as errors", GROUP_RULES, RULES, false, set_strict },

	{ 's', "since", "TIME", "only lines from this time on: 2026-11-20T17:00:00Z, '2026-11-20 17:00', @EPOCH, -2h, 17:00 (today)", GROUP_TIME, READ, false, set_since_text },
	{ 'u', "until", "TIME", "only lines before this time", GROUP_TIME, READ, false, set_until_text },
	{ 0, "tz", "ZONE", "zone of stamps that carry none, and of times given here: an IANA name or +hh:mm (default: UTC)", GROUP_TIME, READ, false, set_zone },
	{ 0, "year", "YYYY", "year of stamps that carry none (default: from the modification time)", GROUP_TIME, READ, false, set_year },
	{ 0, "layout", "LAYOUT", "layout of stamps, strptime-like, tried before the built-in ones; repeatable", GROUP_TIME, READ, false, set_layouts },
	{ 0, "layout-file", "FILE", "layouts of stamps from FILE, one a line; lines that begin with # are none; repeatable", GROUP_TIME, READ, false, set_layout_file },
	{ 0, "window", "DURATION", "width of a time bucket, such as 30s, 5m, 1h (default: from the span)", GROUP_TIME, SCAN, false, set_window },
	{ 0, "incident", "A..B", "when it hurt; 17:00..19:00 are the last such hours that were read (default: found from the data)", GROUP_TIME, SCAN, false, set_incident_text },
	{ 0, "baseline", "A..B|PATH", "what normal looks like: a span, or other logs (default: all outside the incident)", GROUP_TIME, SCAN, false, set_baseline_text },
	{ 0, "changes", "FILE", "deployments, config changes, jobs: CSV or JSON lines with time,service,change", GROUP_TIME, SCAN, false, set_changes_path },

	{ 0, "service", "REGEX", "its first capture group, in the member's path or else in the line, names the service; repeatable", GROUP_INPUT, READ, false, set_services },
	{ 0, "include", "GLOB", "read only such files, folders and members of archives; repeatable", GROUP_INPUT, READ, false, set_include },
	{ 0, "exclude", "GLOB", "leave such files, folders and members out; repeatable", GROUP_INPUT, READ, false, set_exclude },
	{ 0, "max-depth", "N", "archives and compressions inside each other (default: 8)", GROUP_INPUT, READ, false, set_max_depth },
	{ 0, "max-size", "SIZE", "decoded bytes of one input (default: 256G)", GROUP_INPUT, READ, false, set_max_size },
	{ 0, "max-ratio", "N", "decoded to encoded bytes of one input (default: 1000); 0: no limit", GROUP_INPUT, READ, false, set_max_ratio },
	{ 0, "max-members", "N", "members of one input, in all its archives (default: 1000000)", GROUP_INPUT, READ, false, set_max_members },
	{ 0, "max-window", "SIZE", "memory that one decoder may fill with what it looks back at (default: 1G)", GROUP_INPUT, READ, false, set_max_window },
	{ 0, "max-line", "SIZE", "longer lines are cut there (default: 16M)", GROUP_INPUT, READ, false, set_max_line },

	{ 'n', "top", "N", "suspects shown; 0: all (default: 10)", GROUP_OUTPUT, SCAN, false, set_top },
	{ 0, "min-severity", "LEVEL", "leave out what is less severe: critical, high, medium, low, info", GROUP_OUTPUT, SCAN | RULES, false, set_least },
	{ 0, "format", "FORMAT", "text, json, jsonl or csv (default: by the suffix of --output, or text); rules: text or json", GROUP_OUTPUT, SCAN | RULES, false, set_format },
	{ 'o', "output", "FILE", "write the report there, whole or not at all; as json, jsonl or csv by its suffix, else as text", GROUP_OUTPUT, ALL, false, set_output },
	{ 0, "fail-on", "LEVEL", "exit with 1 if a suspect is at least this severe", GROUP_OUTPUT, SCAN, false, set_fail_on },
	{ 0, "redact", NULL, "replace secrets and private addresses in all shown text", GROUP_OUTPUT, SCAN, false, set_redact },
	{ 0, "stats", NULL, "bytes, lines, rules, and seconds and GB/s by stage, on standard error", GROUP_OUTPUT, SCAN, false, set_stats },
	{ 0, "color", "WHEN", "auto, always or never", GROUP_OUTPUT, SCAN | RULES, false, set_colour },
	{ 0, "no-progress", NULL, "no progress bar", GROUP_OUTPUT, READ, false, set_no_progress },
	{ 'q', "quiet", NULL, "no messages but errors; with plain patterns alone (--no-builtin), only lines that match are read, several times faster", GROUP_OUTPUT, SCAN, false, set_quiet },
	{ 'q', "quiet", NULL, "no messages but errors", GROUP_OUTPUT, LINES | RULES, false, set_quiet },
	{ 'v', "verbose", NULL, "show all: every suspect's evidence, every note and trouble", GROUP_OUTPUT, SCAN, false, set_verbose },
	{ 'v', "verbose", NULL, "taken everywhere, as people expect; all is shown anyway", GROUP_OUTPUT, LINES | RULES, true, set_verbose },

	{ 'j', "jobs", "N", "threads (default: one a core); the output is the same for every N", GROUP_RUNNING, ALL, false, set_jobs },
	{ 0, "cache-dir", "DIR", "where compiled rules are kept (default: $XDG_CACHE_HOME/lineup)", GROUP_RUNNING, ALL, false, set_cache_dir },
	{ 0, "no-cache", NULL, "neither read nor write compiled rules", GROUP_RUNNING, ALL, false, set_no_cache },
	{ 0, "chunk-size", "SIZE", "bytes scanned at a time", GROUP_RUNNING, READ, true, set_chunk_size },
	{ 'h', "help", NULL, "this text", GROUP_RUNNING, EVERY, false, set_help },
	{ 'V', "version", NULL, "the version, and that of every library", GROUP_RUNNING, EVERY, false, set_version },
};
/* clang-format on */

const struct option_row *option_at(size_t n)
{
	return n < countof(rows) ? &rows[n] : NULL;
}

const char *option_group_title(enum option_group group)
{
	static const char *const titles[GROUP_COUNT] = {
		[GROUP_RULES] = "Rules",
		[GROUP_TIME] = "Time",
		[GROUP_INPUT] = "Input",
		[GROUP_OUTPUT] = "Output",
		[GROUP_RUNNING] = "Running",
	};
	return titles[group];
}
