/* SPDX-License-Identifier: MIT */
#include "lineup/scan_setup.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "lineup/rules_given.h"
#include "lineup/sandbox.h"

/* Of the inputs, at most so many are looked into for the year, of each so much; of one archive that
 * is all there is, so many members within its first bytes. */
#define HEADS_MAX     64
#define HEAD_BYTES    (16 * 1024)
#define ARCHIVE_HEADS 16
#define ARCHIVE_BYTES (8 << 20)
#define FRESH_NS      (7 * NS_PER_DAY)

/* The rules of the options, loaded and finished. */
static int load_rules(struct rule_set *rules, const struct options *o, struct error *err)
{
	struct rules_cache_options cache = { .use_cache = !o->no_cache, .dir = o->cache_dir };
	struct rules_load_options how = { .threads = o->jobs };
	if (!o->no_builtin && rules_load_builtin(rules, err) != 0)
		return -1;
	for (size_t i = 0; i < o->rules.count; i++) {
		if (rules_given_path(rules, o->rules.items[i], &how, &cache, err) != 0)
			return -1;
	}
	if (rules_given_patterns(rules, o, err) != 0)
		return -1;
	rule_set_finish(rules);
	return 0;
}

/* A pattern of the command line that cannot be used is a mistake of the moment, as with grep. */
static int check_regexps(const struct scan_setup *s, struct error *err)
{
	for (size_t i = 0; i < s->rules.complaint_count; i++) {
		const struct rule_complaint *c = &s->rules.complaints[i];
		struct str path = c->place.path, number = path;
		uint64_t n;
		if (!c->rejected || c->place.line != 0 ||
			!str_equal(str_cut(&number, ':'), STR("regexp")) ||
			!str_to_u64(number, &n) || n == 0 || n > s->options->regexps.count)
			continue;
		return error_set(err, "--regexp '%.*s': %.*s",
			STR_ARG(s->options->regexps.items[n - 1]), STR_ARG(c->reason));
	}
	return 0;
}

/* One good pattern of a file among bad ones is worth a scan; asked for and all bad is a mistake. */
static int check_rules(const struct scan_setup *s, struct error *err)
{
	const struct options *o = s->options;
	bool asked = o->rules.count + o->regexps.count + o->pattern_files.count > 0;
	if (check_regexps(s, err) != 0)
		return -1;
	if (!asked || !o->no_builtin || s->matcher == NULL)
		return 0;
	bool usable = s->rules.term_count == 0 && s->rules.rule_count > 0;
	for (size_t i = 0; i < s->rules.term_count && !usable; i++)
		usable = !matcher_rejects(s->matcher, (uint32_t)i);
	if (usable)
		return 0;
	for (size_t i = 0; i < s->rules.complaint_count; i++) {
		const struct rule_complaint *c = &s->rules.complaints[i];
		if (!c->rejected)
			continue;
		char line[32] = "";
		if (c->place.line > 0)
			snprintf(line, sizeof(line), ":%u:%u", (unsigned)c->place.line,
				(unsigned)c->place.column);
		return error_set(err,
			"no rule can be used: %.*s%s: %.*s ('lineup rules check' tells of all of "
			"them)",
			STR_ARG(c->place.path), line, STR_ARG(c->reason));
	}
	return error_set(err, "no rule was found ('lineup rules check' tells why)");
}

static int init_reading(struct scan_setup *s, int64_t now_ns, struct error *err)
{
	const struct options *o = s->options;
	struct reading_settings settings = {
		.zone = o->zone,
		.year = o->year,
		.services = o->services.items,
		.service_count = o->services.count,
		.layouts = o->layouts.items,
		.layout_count = o->layouts.count,
		.now_ns = now_ns,
	};
	return reading_options_create(&s->reading, &settings, err);
}

/* Shows the heads of the input: of the first member, or of as many as lie within `bytes`. */
static void look_into(
	const struct scan_setup *s, const struct input *input, size_t members, size_t bytes)
{
	struct read_limits limits = s->options->limits;
	const struct selection all = { .include = NULL };
	struct chunk chunk = { .data = NULL };
	struct reader *reader;
	struct error err;
	limits.chunk_bytes = HEAD_BYTES;
	limits.threads = 1;
	if (input->is_stdin || input->modified_ns == TIME_NONE ||
		reader_open(&reader, input, &limits, &all, &err) != 0)
		return;
	for (size_t left = bytes; members > 0 && reader_next(reader, &chunk) == 1;) {
		if (chunk.first_line == 1) {
			struct str head = str_of(chunk.data, chunk.len);
			if (!reading_options_see_container(s->reading, chunk.member->place, head))
				reading_options_see(s->reading, head);
			members--;
		}
		/* What is no archive has no other member. */
		if (chunk.len >= left || str_find_byte(chunk.member->place, '!') < 0)
			break;
		left -= chunk.len;
	}
	chunk_release(&chunk);
	reader_close(reader);
}

/*
 * Files that were just unpacked or copied have a modification time that says nothing of what is in
 * them, nor have those that were packed then. Some of them are looked into before, for the year of
 * those whose stamps have none. Which ones follows from the list alone.
 */
static void look_into_heads(const struct scan_setup *s, int64_t now_ns)
{
	const struct inputs *inputs = &s->inputs;
	size_t fresh = 0;
	for (size_t i = 0; i < inputs->count; i++)
		fresh += !inputs->items[i].is_stdin && inputs->items[i].modified_ns != TIME_NONE &&
			 inputs->items[i].modified_ns > now_ns - FRESH_NS;
	if (fresh == 0 || s->options->year != 0)
		return;
	if (inputs->count == 1) {
		look_into(s, &inputs->items[0], ARCHIVE_HEADS, ARCHIVE_BYTES);
		return;
	}
	size_t step = (inputs->count + HEADS_MAX - 1) / HEADS_MAX;
	for (size_t i = 0; i < inputs->count; i += step)
		look_into(s, &inputs->items[i], 1, HEAD_BYTES);
}

/* Folders of docker's are called by ids; a file in them says whose. */
static void look_for_containers(const struct scan_setup *s)
{
	for (size_t i = 0; i < s->inputs.count; i++) {
		const struct input *input = &s->inputs.items[i];
		if (str_ends(input->path, STR("/config.v2.json")))
			look_into(s, input, 1, HEAD_BYTES);
	}
}

/*
 * Nothing but counts of plain patterns, said briefly: then only lines that match are read. Lines by
 * service, templates and requests are left out, which are the price of all others.
 */
static bool asks_for_hits_alone(const struct options *o)
{
	return o->quiet && o->no_builtin && o->rules.count == 0;
}

int scan_setup_inputs(struct inputs *inputs, struct troubles *troubles,
	const struct text_list *paths, struct str output, struct error *err)
{
	inputs_set_output(inputs, output);
	for (size_t i = 0; i < paths->count; i++)
		inputs_add(inputs, paths->items[i], troubles);
	inputs_finish(inputs, troubles);
	if (inputs_hold_output(inputs))
		return error_set(err, "write '%.*s': it is what is to be read", STR_ARG(output));
	if (inputs->count > 0 || troubles->count == 0)
		return 0;
	return error_set(err, "nothing was scanned: '%.*s': %.*s", STR_ARG(troubles->items[0].path),
		STR_ARG(troubles->items[0].reason));
}

/* What takes a while and can be done before all else: rules are read while what is linked in of
 * their patterns is loaded. */
struct early {
	struct scan_setup *s;
	struct matcher_linked *linked;
	int result;
	struct error *err;
};

static void start_early(void *context, size_t part)
{
	struct early *early = context;
	const struct options *o = early->s->options;
	if (part == 0)
		early->result = load_rules(&early->s->rules, o, early->err);
	else
		early->linked = matcher_linked_load(o->jobs > 2 ? o->jobs - 1 : 1);
}

static int make_matcher(struct scan_setup *s, struct error *err)
{
	const struct options *o = s->options;
	struct early early = { .s = s, .err = err };
	parallel_each(o->jobs, o->no_builtin ? 1 : 2, start_early, &early);
	struct matcher_options how = { .use_cache = !o->no_cache,
		.cache_dir = o->cache_dir,
		.threads = o->jobs,
		.with_forms = !asks_for_hits_alone(o),
		.linked = early.linked };
	int result = early.result;
	if (result == 0)
		result = matcher_create(&s->matcher, &s->rules, &how, err);
	matcher_linked_destroy(early.linked);
	return result == 0 ? check_rules(s, err) : -1;
}

int scan_setup_init(
	struct scan_setup *s, const struct options *o, int64_t now_ns, struct error *err)
{
	*s = (struct scan_setup){ .options = o };
	if (o->arguments.count == 0)
		return error_set(err, "%s what? Name files or folders, or - for standard input",
			o->command->name);
	if (scan_setup_inputs(&s->inputs, &s->troubles, &o->arguments, o->output, err) != 0 ||
		init_reading(s, now_ns, err) != 0 || make_matcher(s, err) != 0)
		return -1;
	/* One decoder of blocks may use the threads that other inputs would have. */
	s->limits = o->limits;
	s->limits.threads = o->jobs / (unsigned)size_min(size_max(s->inputs.count, 1), o->jobs + 1);
	look_for_containers(s);
	look_into_heads(s, now_ns);
	s->selection = (struct selection){
		.include = o->include.items,
		.include_count = o->include.count,
		.exclude = o->exclude.items,
		.exclude_count = o->exclude.count,
	};
	s->settings = (struct scan_settings){
		.inputs = &s->inputs,
		.rules = &s->rules,
		.matcher = s->matcher,
		.reading = s->reading,
		.limits = &s->limits,
		.selection = &s->selection,
		.since_ns = o->since_ns,
		.until_ns = o->until_ns,
		.jobs = o->jobs,
		.with_templates = !asks_for_hits_alone(o),
		.timed = o->stats,
	};
	return 0;
}

void scan_setup_confine(const struct scan_setup *s)
{
	const struct options *o = s->options;
	const char *temporary = getenv("TMPDIR");
	struct text_list readable = { .items = NULL };
	struct str writable[3] = { str_from(
		temporary != NULL && temporary[0] == '/' ? temporary : "/tmp") };
	size_t writable_count = 1;
	for (size_t i = 0; i < o->arguments.count; i++)
		text_list_add(&readable, o->arguments.items[i]);
	if (o->baseline_path.len > 0)
		text_list_add(&readable, o->baseline_path);
	/* Where the output goes when it is a link: the report is made beside what it points to. */
	char *output = mem_strdup(o->output);
	char *real = realpath(output, NULL);
	char *folder = mem_strdup(str_from(real != NULL ? real : output));
	if (o->output.len > 0) {
		writable[writable_count++] = o->output;
		writable[writable_count++] = str_from(dirname(folder));
	}
	struct sandbox_paths paths = { readable.items, readable.count, writable, writable_count };
	(void)sandbox_enter(&paths);
	free(folder);
	free(real);
	free(output);
	free(readable.items);
}

void scan_setup_release(struct scan_setup *s)
{
	matcher_destroy(s->matcher);
	rule_set_release(&s->rules);
	reading_options_destroy(s->reading);
	inputs_release(&s->inputs);
	troubles_release(&s->troubles);
}
