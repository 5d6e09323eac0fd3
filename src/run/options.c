/* SPDX-License-Identifier: MIT */
#include "lineup/options.h"

#include <stdlib.h>
#include <unistd.h>

#include "lineup/instant.h"
#include "lineup/mem.h"
#include "lineup/nearest.h"
#include "lineup/rank.h"

void text_list_add(struct text_list *list, struct str text)
{
	mem_grow(&list->items, list->count, &list->capacity);
	list->items[list->count++] = text;
}

static void set_defaults(struct options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	*o = (struct options){
		.since_ns = TIME_NONE,
		.until_ns = TIME_NONE,
		.incident_from_ns = TIME_NONE,
		.incident_to_ns = TIME_NONE,
		.baseline_from_ns = TIME_NONE,
		.baseline_to_ns = TIME_NONE,
		.limits = read_limits_default,
		.top = RANK_TOLD,
		.least = SEVERITY_INFO,
		.jobs = cores > 0 ? (unsigned)cores : 1,
	};
}

void options_release(struct options *o)
{
	struct text_list *lists[] = { &o->arguments, &o->rules, &o->regexps, &o->pattern_files,
		&o->layouts, &o->services, &o->include, &o->exclude };
	for (size_t i = 0; i < countof(lists); i++)
		free(lists[i]->items);
	arena_release(&o->arena);
	*o = (struct options){ 0 };
}

/* The row of this name that the command knows. */
static const struct option_row *find_long(const struct command *command, struct str name)
{
	const struct option_row *row;
	for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
		if (str_equal(str_from(row->name), name) &&
			(command == NULL || (row->commands & command->bit) != 0))
			return row;
	}
	return NULL;
}

static const struct option_row *find_short(const struct command *command, char letter)
{
	const struct option_row *row;
	for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
		if (row->letter == letter && letter != '\0' &&
			(command == NULL || (row->commands & command->bit) != 0))
			return row;
	}
	return NULL;
}

/* Which command knows an option that this one does not? */
static const struct command *command_with(struct str name)
{
	const struct option_row *row = find_long(NULL, name);
	const struct command *command;
	for (size_t i = 0; row != NULL && (command = command_at(i)) != NULL; i++) {
		if ((row->commands & command->bit) != 0)
			return command;
	}
	return NULL;
}

static int unknown_long(const struct command *command, struct str name, struct error *err)
{
	const struct command *other = command == NULL ? NULL : command_with(name);
	if (other != NULL)
		return error_set(err, "option '--%.*s' belongs to '%s', not to '%s'", STR_ARG(name),
			other->name, command->name);
	const char *names[128];
	size_t count = 0;
	const struct option_row *row;
	for (size_t i = 0; (row = option_at(i)) != NULL && count < countof(names); i++) {
		if (!row->hidden && (command == NULL || (row->commands & command->bit) != 0))
			names[count++] = row->name;
	}
	const char *near = nearest_name(name, names, count);
	if (near != NULL)
		return error_set(
			err, "unknown option '--%.*s'; did you mean '--%s'?", STR_ARG(name), near);
	return error_set(err, "unknown option '--%.*s'; 'lineup%s%s --help' lists them",
		STR_ARG(name), command == NULL ? "" : " ", command == NULL ? "" : command->name);
}

static int apply(
	struct options *o, const struct option_row *row, struct str argument, struct error *err)
{
	struct error wrong = { "" };
	if (row->set(o, argument, &wrong) == 0)
		return 0;
	return error_set(err, "--%s '%.*s' %s", row->name, STR_ARG(argument), wrong.text);
}

/* What the argument would have been is told by the help of the option. */
static int without_argument(
	const struct option_row *row, const char *dashes, const char *name, struct error *err)
{
	return error_set(err, "option '%s%s' needs %s: %s", dashes, name, row->argument, row->help);
}

struct words {
	char **at;
	int left;
};

static bool next_word(struct words *w, struct str *word)
{
	if (w->left == 0)
		return false;
	*word = str_from(*w->at++);
	w->left--;
	return true;
}

static int parse_long(struct options *o, struct str text, struct words *rest, struct error *err)
{
	struct str argument = text;
	struct str name = str_cut(&argument, '=');
	const struct option_row *row = find_long(o->command, name);
	if (row == NULL)
		return unknown_long(o->command, name, err);
	bool attached = argument.ptr != NULL;
	if (row->argument == NULL && attached)
		return error_set(err, "option '--%s' takes no argument", row->name);
	if (row->argument != NULL && !attached && !next_word(rest, &argument))
		return without_argument(row, "--", row->name, err);
	return apply(o, row, argument, err);
}

/* `-qv`, `-j4`, `-j 4`: letters may share a dash; the first with an argument takes the rest. */
static int parse_short(struct options *o, struct str letters, struct words *rest, struct error *err)
{
	while (letters.len > 0) {
		const struct option_row *row = find_short(o->command, letters.ptr[0]);
		if (row == NULL) {
			row = find_short(NULL, letters.ptr[0]);
			const struct command *other =
				row == NULL ? NULL : command_with(str_from(row->name));
			if (other != NULL)
				return error_set(err, "option '-%c' belongs to '%s', not to '%s'",
					row->letter, other->name, o->command->name);
			return error_set(err,
				"unknown option '-%.*s'; 'lineup%s%s --help' lists them",
				STR_ARG(str_head(letters, 1)), o->command == NULL ? "" : " ",
				o->command == NULL ? "" : o->command->name);
		}
		letters = str_skip(letters, 1);
		if (row->argument == NULL) {
			if (apply(o, row, STR(""), err) != 0)
				return -1;
			continue;
		}
		struct str argument = letters;
		if (letters.len == 0 && !next_word(rest, &argument))
			return without_argument(row, "-", (char[]){ row->letter, '\0' }, err);
		return apply(o, row, argument, err);
	}
	return 0;
}

int command_unknown(struct str word, struct error *err)
{
	if (str_equal(word, STR("version")))
		return error_set(err, "unknown command 'version'; did you mean '--version'?");
	const char *names[16];
	size_t count = 0;
	const struct command *command;
	for (size_t i = 0; (command = command_at(i)) != NULL && count < countof(names); i++)
		names[count++] = command->name;
	const char *near = nearest_name(word, names, count);
	if (near != NULL)
		return error_set(
			err, "unknown command '%.*s'; did you mean '%s'?", STR_ARG(word), near);
	char path[4096];
	if (word.len < sizeof(path)) {
		memcpy(path, word.ptr, word.len);
		path[word.len] = '\0';
		if (access(path, F_OK) == 0)
			return error_set(err, "'%s' is no command; did you mean 'lineup scan %s'?",
				path, path);
	}
	return error_set(err, "unknown command '%.*s'; 'lineup --help' lists them", STR_ARG(word));
}

/* A baseline is a span when it has the form of one, else a path. */
static int resolve_baseline(
	struct options *o, const struct zone *zone, int64_t now_ns, struct error *err)
{
	if (o->baseline_text.ptr == NULL)
		return 0;
	if (!instant_is_span(o->baseline_text, zone, now_ns)) {
		o->baseline_path = o->baseline_text;
		return 0;
	}
	if (instant_parse_span(o->baseline_text, zone, now_ns, &o->baseline_from_ns,
		    &o->baseline_to_ns, err) != 0)
		return error_wrap(err, "--baseline");
	return 0;
}

static int resolve_times(
	struct options *o, const struct zone *zone, int64_t now_ns, struct error *err)
{
	if (o->since_text.ptr != NULL &&
		instant_parse(o->since_text, zone, now_ns, &o->since_ns, err) != 0)
		return error_wrap(err, "--since");
	if (o->until_text.ptr != NULL &&
		instant_parse(o->until_text, zone, now_ns, &o->until_ns, err) != 0)
		return error_wrap(err, "--until");
	if (o->since_ns != TIME_NONE && o->until_ns != TIME_NONE && o->until_ns <= o->since_ns)
		return error_set(err, "--until is not after --since: no line can be in between");
	if (o->incident_text.ptr != NULL &&
		instant_parse_span(o->incident_text, zone, now_ns, &o->incident_from_ns,
			&o->incident_to_ns, err) != 0)
		return error_wrap(err, "--incident");
	return resolve_baseline(o, zone, now_ns, err);
}

/* Times wait for --tz, which may come after them. */
static int finish_times(struct options *o, int64_t now_ns, struct error *err)
{
	struct zone zone;
	if (zone_parse(&zone, o->zone, err) != 0)
		return error_wrap(err, "--tz");
	int result = resolve_times(o, &zone, now_ns, err);
	zone_release(&zone);
	return result;
}

int options_parse(struct options *o, int argc, char **argv, int64_t now_ns, struct error *err)
{
	set_defaults(o);
	struct words words = { argv + 1, argc > 0 ? argc - 1 : 0 };
	struct str word;
	bool only_arguments = false;
	while (next_word(&words, &word)) {
		int result = 0;
		if (!only_arguments && str_equal(word, STR("--"))) {
			only_arguments = true;
		} else if (!only_arguments && str_starts(word, STR("--"))) {
			result = parse_long(o, str_skip(word, 2), &words, err);
		} else if (!only_arguments && word.len > 1 && word.ptr[0] == '-') {
			result = parse_short(o, str_skip(word, 1), &words, err);
		} else if (o->command == NULL) {
			o->command = command_find(word);
			if (o->command == NULL)
				result = command_unknown(word, err);
		} else {
			text_list_add(&o->arguments, word);
		}
		if (result != 0)
			return -1;
	}
	return finish_times(o, now_ns, err);
}
