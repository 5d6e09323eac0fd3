/* SPDX-License-Identifier: MIT */
#include "lineup/commands.h"

static const struct command commands[] = {
	{
		.name = "scan",
		.bit = COMMAND_SCAN,
		.arguments = "PATH...",
		.help = "read every log under the paths, match all rules in one pass, and report "
			"the "
			"suspects, the likeliest first; - is standard input",
		.more = "Paths are files and folders. What a file is (plain, gzip, zstd, xz, "
			"bzip2, lz4, tar,\n"
			"zip, 7z, ...) is told by its content, archives inside archives included.\n"
			"\n"
			"Exit status: 0 done; 1 done, and --fail-on was met; 2 usage or rule "
			"error, or the\n"
			"report could not be written; 3 done, but some input could not be read "
			"whole (the\n"
			"report lists it); 130 interrupted, with the report of what was read so "
			"far.\n",
		.run = cmd_scan,
	},
	{
		.name = "lines",
		.bit = COMMAND_LINES,
		.arguments = "PATH...",
		.help = "show how each line is read, one JSON object a line: its time, service, "
			"severity, "
			"ids, and the rules that it matches",
		.more = "The answer to \"why did it land in that window, in that service?\"\n",
		.run = cmd_lines,
	},
	{
		.name = "rules",
		.bit = COMMAND_RULES,
		.arguments = "list|show ID|check|test|cost [PATH...]",
		.help = "list rules, show one whole, check them, run their examples, measure what "
			"they cost",
		.more = "With paths, the rules in them; without, the built-in ones and what -r, -e "
			"and -f add.\n"
			"\n"
			"list     one line a rule\n"
			"show ID  all that is known of a rule\n"
			"check    what is wrong or doubtful, with file:line:column and what to do\n"
			"test     all examples and counter-examples of all rules against all "
			"rules\n"
			"cost     what each rule costs the scan, measured, dearest first\n"
			"\n"
			"Exit status: 0 all is well; 1 check or test found errors (with --strict, "
			"warnings too);\n"
			"2 usage error.\n",
		.run = cmd_rules,
	},
	{
		.name = "help",
		.bit = COMMAND_HELP,
		.arguments = "[COMMAND]",
		.help = "tell more of a command",
		.run = cmd_help,
	},
};

const struct command *command_at(size_t n)
{
	return n < countof(commands) ? &commands[n] : NULL;
}

const struct command *command_find(struct str name)
{
	for (size_t i = 0; i < countof(commands); i++) {
		if (str_equal(str_from(commands[i].name), name))
			return &commands[i];
	}
	return NULL;
}
