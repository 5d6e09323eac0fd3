/* SPDX-License-Identifier: MIT */
#include "lineup/commands.h"
#include "lineup/nearest.h"
#include "lineup/output.h"
#include "lineup/rules_check.h"
#include "lineup/rules_commands.h"
#include "lineup/rules_given.h"
#include "lineup/terminal.h"

/* One part of the command; the set is finished, the matcher made where it is wanted. */
struct rules_job {
	const struct options *options;
	struct rule_set set;
	struct matcher *matcher;
	struct rules_view view;
};

static int run_list(struct rules_job *job, struct error *err)
{
	(void)err;
	rules_list(&job->set, &job->view);
	return EXIT_DONE;
}

static int run_show(struct rules_job *job, struct error *err)
{
	struct str id = job->options->arguments.items[1];
	return rules_show(&job->set, id, &job->view, err) < 0 ? -1 : EXIT_DONE;
}

static int run_check(struct rules_job *job, struct error *err)
{
	if (rules_check(&job->set, job->matcher, err) < 0)
		return -1;
	return rules_report(&job->set, &job->view, job->options->strict) ? EXIT_DONE : EXIT_FOUND;
}

static int run_test(struct rules_job *job, struct error *err)
{
	if (rules_test_examples(&job->set, job->matcher, err) < 0)
		return -1;
	return rules_report(&job->set, &job->view, job->options->strict) ? EXIT_DONE : EXIT_FOUND;
}

static int run_cost(struct rules_job *job, struct error *err)
{
	return rules_cost(&job->set, job->matcher, &job->view, err) < 0 ? -1 : EXIT_DONE;
}

static const struct rules_part {
	const char *name;
	size_t words; /* arguments that are no paths: the part's name, and an id */
	bool matches; /* wants a matcher */
	int (*run)(struct rules_job *, struct error *);
} parts[] = {
	{ "list", 1, false, run_list },
	{ "show", 2, false, run_show },
	{ "check", 1, true, run_check },
	{ "test", 1, true, run_test },
	{ "cost", 1, true, run_cost },
};

static const struct rules_part *find_part(const struct options *o, struct error *err)
{
	const char *names[countof(parts)];
	for (size_t i = 0; i < countof(parts); i++) {
		names[i] = parts[i].name;
		if (o->arguments.count > 0 &&
			str_equal(o->arguments.items[0], str_from(names[i]))) {
			if (o->arguments.count >= parts[i].words)
				return &parts[i];
			error_set(err, "rules %s: which rule? Give its id", names[i]);
			return NULL;
		}
	}
	if (o->arguments.count == 0) {
		error_set(err, "rules: one of list, show ID, check, test and cost is wanted");
		return NULL;
	}
	struct str word = o->arguments.items[0];
	const char *nearest = nearest_name(word, names, countof(names));
	error_set(err, "rules: unknown command '%.*s'%s%s%s", STR_ARG(word),
		nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "'?" : "");
	return NULL;
}

static int load_path(struct rules_job *job, struct str path, struct error *err)
{
	static const struct rules_load_options how = { .experimental = true };
	static const struct rules_cache_options cache = { .use_cache = false };
	return rules_given_path(&job->set, path, &how, &cache, err);
}

/* A word in the place of a path is mostly meant to choose among the built-in rules. */
static int load_named(struct rules_job *job, struct str path, struct error *err)
{
	struct error why = { "" };
	if (load_path(job, path, &why) == 0)
		return 0;
	if (str_find_byte(path, '.') >= 0 || str_find_byte(path, '/') >= 0)
		return error_set(err, "%s", why.text);
	return error_set(err, "%s ('lineup rules list | grep %.*s' looks among the built-in rules)",
		why.text, STR_ARG(path));
}

/* Paths given are all that is looked at; without any, the built-in rules and what -r, -e,
 * -f add. */
static int load(struct rules_job *job, size_t words, struct error *err)
{
	const struct options *o = job->options;
	bool named = o->arguments.count > words;
	if (!named && !o->no_builtin && rules_load_builtin(&job->set, err) < 0)
		return -1;
	for (size_t i = words; i < o->arguments.count; i++) {
		if (load_named(job, o->arguments.items[i], err) < 0)
			return -1;
	}
	for (size_t i = 0; i < o->rules.count; i++) {
		if (load_path(job, o->rules.items[i], err) < 0)
			return -1;
	}
	if (rules_given_patterns(&job->set, o, err) < 0)
		return -1;
	rule_set_finish(&job->set);
	return 0;
}

static int run(struct rules_job *job, const struct rules_part *part, struct error *err)
{
	const struct options *o = job->options;
	struct matcher_options matching = {
		.use_cache = !o->no_cache, .cache_dir = o->cache_dir, .threads = o->jobs
	};
	if (load(job, part->words, err) < 0)
		return -1;
	if (part->matches && matcher_create(&job->matcher, &job->set, &matching, err) < 0)
		return -1;
	struct output output;
	if (output_open(&output, o->output, err) < 0)
		return -1;
	job->view.out = output.stream;
	int status = part->run(job, err);
	if (status < 0) {
		output_discard(&output);
		return -1;
	}
	return output_commit(&output, err) < 0 ? -1 : status;
}

int cmd_rules(const struct options *o, struct error *err)
{
	const struct rules_part *part = find_part(o, err);
	if (part == NULL)
		return -1;
	struct rules_job job = { .options = o };
	job.view.least = o->least;
	job.view.progress = !o->quiet && !o->no_progress && terminal_erases(stderr);
	job.view.json = str_equal(o->format, STR("json"));
	if (o->format.len > 0 && !job.view.json && !str_equal(o->format, STR("text")))
		return error_set(err, "--format: rules are written as text or json, not as '%.*s'",
			STR_ARG(o->format));
	int status = run(&job, part, err);
	matcher_destroy(job.matcher);
	rule_set_release(&job.set);
	return status;
}
