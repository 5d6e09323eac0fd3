/* SPDX-License-Identifier: MIT */
/*
 * The command line as plain data. One table (option_table.c) holds every option: what it is called,
 * what it takes, what it is for, which commands know it, and the function that sets it; the parser,
 * --help, the man page and the completions all follow that table.
 *
 * In: argv. Out: struct options, which is const once options_parse has returned and is passed on
 * explicitly: no part of the program looks at a global. Its texts live as long as argv and its
 * arena. One thread.
 */
#ifndef LINEUP_OPTIONS_H
#define LINEUP_OPTIONS_H

#include "lineup/arena.h"
#include "lineup/clock.h"
#include "lineup/error.h"
#include "lineup/reader.h"
#include "lineup/severity.h"

/* Exit statuses; the man page quotes them. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_FOUND = 1,		/* done, and --fail-on was met (rules check, rules test: failed) */
	EXIT_USAGE = 2,		/* usage or rule error, or the report could not be written */
	EXIT_INCOMPLETE = 3,	/* done, but some input could not be read whole */
	EXIT_INTERRUPTED = 130, /* by a signal; what was read so far is reported */
};

struct options;

/* One command: a row in commands.c. */
struct command {
	const char *name;
	unsigned bit;	       /* its bit in option_row.commands */
	const char *arguments; /* as shown in the usage line */
	const char *help;      /* one sentence */
	const char *more;      /* paragraphs for `help COMMAND` */
	/* Returns an exit_status; -1 with err filled stands for EXIT_USAGE and a message. */
	int (*run)(const struct options *, struct error *);
};

#define COMMAND_SCAN  1U
#define COMMAND_LINES 2U
#define COMMAND_RULES 4U
#define COMMAND_HELP  8U

/* The n-th command or NULL; by name or NULL. */
const struct command *command_at(size_t n);
const struct command *command_find(struct str name);

/* Fails, and says what may have been meant by this word in the place of a command. */
MUST_USE int command_unknown(struct str word, struct error *);

enum colour_choice {
	COLOUR_AUTO,
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

/* Texts of an option that may be given many times, in the order given. */
struct text_list {
	struct str *items;
	size_t count;
	size_t capacity;
};

struct options {
	struct arena arena;
	const struct command *command; /* NULL: only --version or --help was asked */
	struct text_list arguments;    /* what stands behind the command and is no option */
	bool help;
	bool version;

	/* Rules */
	struct text_list rules; /* -r, files and folders */
	bool no_builtin;
	struct text_list regexps;	/* -e */
	struct text_list pattern_files; /* -f */
	bool strict;			/* rules check: warnings fail too */

	/* Time; TIME_NONE: not given */
	struct str zone; /* empty: UTC */
	int year;	 /* 0: not given */
	struct text_list layouts;
	int64_t since_ns;
	int64_t until_ns;
	int64_t window_ns; /* 0: to be chosen */
	int64_t incident_from_ns;
	int64_t incident_to_ns;
	int64_t baseline_from_ns;
	int64_t baseline_to_ns;
	struct str baseline_path; /* --baseline PATH, empty when a span was given */
	struct str changes_path;

	/* Input */
	struct text_list services;
	struct text_list include;
	struct text_list exclude;
	struct read_limits limits;

	/* Output */
	size_t top; /* 0: all */
	enum severity least;
	bool fail_on_given;
	enum severity fail_on;
	struct str format; /* empty: by the suffix of output, else text */
	struct str output; /* empty: standard output */
	enum colour_choice colour;
	bool redact;
	bool stats;
	bool no_progress;
	bool quiet;
	bool verbose;

	/* Running */
	unsigned jobs; /* never 0 */
	bool no_cache;
	struct str cache_dir; /* empty: by XDG_CACHE_HOME */

	/* As written; turned into the instants above once the zone is known. */
	struct str since_text;
	struct str until_text;
	struct str incident_text;
	struct str baseline_text;
};

enum option_group {
	GROUP_RULES,
	GROUP_TIME,
	GROUP_INPUT,
	GROUP_OUTPUT,
	GROUP_RUNNING,
	GROUP_COUNT,
};

struct option_row {
	char letter;	      /* '\0': long form only */
	const char *name;     /* without the dashes */
	const char *argument; /* NULL: a flag */
	const char *help;     /* without a full stop */
	enum option_group group;
	unsigned commands; /* the bits of those that know it */
	bool hidden;	   /* for tests; not in --help */
	/* Takes the argument (empty for a flag); fails with a reason that does not repeat
	 * the name. */
	int (*set)(struct options *, struct str argument, struct error *);
};

/* The n-th row, or NULL. */
const struct option_row *option_at(size_t n);

/* "Rules", "Time" ... as headings. */
const char *option_group_title(enum option_group);

/*
 * Reads argv (argv[0] is skipped). `now_ns` is what relative times count from. Fails with a message
 * that names the nearest option or command where one was misspelt. Release also after a failure.
 */
MUST_USE int options_parse(struct options *, int argc, char **argv, int64_t now_ns, struct error *);
void options_release(struct options *);

/* Appends a view; the bytes are not copied. */
void text_list_add(struct text_list *, struct str);

#endif
