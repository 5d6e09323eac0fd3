/* SPDX-License-Identifier: MIT */
#include "lineup/commands.h"
#include "lineup/help.h"

int cmd_help(const struct options *o, struct error *err)
{
	if (o->arguments.count == 0) {
		help_print(stdout, NULL);
		return EXIT_DONE;
	}
	struct str topic = o->arguments.items[0];
	/* For the checks of man page and completions. */
	if (str_equal(topic, STR("options"))) {
		help_print_table(stdout);
		return EXIT_DONE;
	}
	const struct command *command = command_find(topic);
	if (command == NULL)
		return command_unknown(topic, err);
	help_print(stdout, command);
	return EXIT_DONE;
}
