/* SPDX-License-Identifier: MIT */
#include "lineup/commands.h"

/* clang-format off */
static const char scan_more[] =
	"Examples:\n"
	"  lineup scan bundle.tar.xz                   who did it?\n"
	"  kubectl logs my-pod | lineup scan -         the same, of what a pipe gives\n"
	"  lineup scan --incident 17:00..19:00 logs/   it hurt then: the last such hours\n"
	"  lineup scan --baseline good-day/ logs/      against the logs of a good day\n"
	"  lineup scan -r my-rules/ logs/              own rules beside the built-in ones\n"
	"  lineup scan --no-builtin -e 'timed? out' logs/   one pattern alone, as in grep\n"
	"\n"
	"Paths are files and folders. What a file is (plain, gzip, zstd, xz, bzip2, lz4,\n"
	"tar, zip, 7z, ...) is told by its content, archives inside archives included.\n"
	"\n"
	"Exit status: 0 done; 1 done, and --fail-on was met; 2 usage or rule error, or\n"
	"the report could not be written; 3 done, but some input could not be read whole\n"
	"(the report lists it); 130 interrupted, with the report of what was read so far.\n";

static const char lines_more[] =
	"The answer to \"why did it land in that window, in that service?\"\n"
	"\n"
	"  lineup lines --include orders.log bundle.tar.xz | head\n"
	"  lineup lines app.log | jq -r 'select(.time_basis != \"stamp\") | .line'\n";

static const char rules_more[] =
	"With paths, the rules in them; without, the built-in ones and what -r, -e and\n"
	"-f add.\n"
	"\n"
	"list     one line a rule\n"
	"show ID  all that is known of a rule; its title will do\n"
	"check    what is wrong or doubtful, with file:line:column and what to do\n"
	"test     all examples and counter-examples of all rules against all rules\n"
	"cost     what each rule costs the scan, measured, dearest first\n"
	"\n"
	"Exit status: 0 all is well; 1 check or test found errors (with --strict,\n"
	"warnings too); 2 usage error.\n";
/* clang-format on */

static const struct command commands[] = {
	{
		.name = "scan",
		.bit = COMMAND_SCAN,
		.arguments = "PATH...",
		.help = "read every log under the paths, match all rules in one pass, and report "
			"the suspects, the likeliest first; - is standard input",
		.more = scan_more,
		.run = cmd_scan,
	},
	{
		.name = "lines",
		.bit = COMMAND_LINES,
		.arguments = "PATH...",
		.help = "show how each line is read, one JSON object a line: its time, service, "
			"severity, ids, and the rules that it matches",
		.more = lines_more,
		.run = cmd_lines,
	},
	{
		.name = "rules",
		.bit = COMMAND_RULES,
		.arguments = "list|show ID|check|test|cost [PATH...]",
		.help = "list rules, show one whole, check them, run their examples, measure what "
			"they cost",
		.more = rules_more,
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
