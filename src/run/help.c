/* SPDX-License-Identifier: MIT */
#include "lineup/help.h"

/* Help is laid out for 80 columns: options on the left, text from this column on. */
#define HELP_COLUMN 27
#define HELP_WIDTH  80

/* Writes words wrapped; every line but the first starts at the column. */
static void print_wrapped(FILE *out, const char *text, size_t column, size_t width)
{
	struct str rest = str_from(text);
	size_t at = column;
	while (rest.ptr != NULL) {
		struct str word = str_cut(&rest, ' ');
		if (at > column && at + 1 + word.len > width) {
			fprintf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			fputc(' ', out);
			at++;
		}
		fwrite(word.ptr, 1, word.len, out);
		at += word.len;
	}
	fputc('\n', out);
}

static void print_option(FILE *out, const struct option_row *row)
{
	char head[80];
	int len = row->letter != '\0'
			  ? snprintf(head, sizeof(head), "  -%c, --%s", row->letter, row->name)
			  : snprintf(head, sizeof(head), "      --%s", row->name);
	if (row->argument != NULL)
		len += snprintf(head + len, sizeof(head) - (size_t)len, " %s", row->argument);
	fputs(head, out);
	if (len >= HELP_COLUMN - 1)
		fprintf(out, "\n%*s", HELP_COLUMN, "");
	else
		fprintf(out, "%*s", HELP_COLUMN - len, "");
	print_wrapped(out, row->help, HELP_COLUMN, HELP_WIDTH);
}

static void print_options(FILE *out, unsigned bits)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		bool titled = false;
		const struct option_row *row;
		for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
			if (row->hidden || (int)row->group != group || (row->commands & bits) == 0)
				continue;
			if (!titled)
				fprintf(out, "\n%s:\n",
					option_group_title((enum option_group)group));
			titled = true;
			print_option(out, row);
		}
	}
}

static void print_overview(FILE *out)
{
	fputs("lineup reads the logs of an incident once, matches thousands of known failure\n"
	      "signatures, and puts the suspects in a row: the likeliest first, each with its\n"
	      "reasons and its evidence.\n"
	      "\n"
	      "  lineup scan bundle.tar.xz          who did it?\n"
	      "  lineup scan -s -2h /var/log        what went wrong in the last two hours?\n"
	      "\n"
	      "Commands:\n",
		out);
	const struct command *command;
	for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
		int len = fprintf(out, "  %s %s", command->name, command->arguments);
		if (len >= HELP_COLUMN - 1)
			fprintf(out, "\n%*s", HELP_COLUMN, "");
		else
			fprintf(out, "%*s", HELP_COLUMN - len, "");
		print_wrapped(out, command->help, HELP_COLUMN, HELP_WIDTH);
	}
	fputs("\n'lineup help COMMAND' tells more of one; 'lineup --version' names the "
	      "libraries.\n",
		out);
}

void help_print(FILE *out, const struct command *command)
{
	if (command == NULL) {
		fputs("Usage: lineup COMMAND [options] [argument]...\n\n", out);
		print_overview(out);
		return;
	}
	fprintf(out, "Usage: lineup %s [options] %s\n\n", command->name, command->arguments);
	print_wrapped(out, command->help, 0, HELP_WIDTH);
	print_options(out, command->bit);
	if (command->more != NULL)
		fprintf(out, "\n%s", command->more);
}

void help_print_table(FILE *out)
{
	const struct option_row *row;
	for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
		if (row->hidden)
			continue;
		fprintf(out, "%c\t%s\t%s\t", row->letter != '\0' ? row->letter : '-', row->name,
			row->argument != NULL ? row->argument : "-");
		const struct command *command;
		const char *comma = "";
		for (size_t c = 0; (command = command_at(c)) != NULL; c++) {
			if ((row->commands & command->bit) != 0) {
				fprintf(out, "%s%s", comma, command->name);
				comma = ",";
			}
		}
		fprintf(out, "\t%s\n", row->help);
	}
}
