/* SPDX-License-Identifier: MIT */
/*
 * Help for people, written from the tables of commands and of options. Errors of the stream stay in
 * the stream. One thread.
 */
#ifndef LINEUP_HELP_H
#define LINEUP_HELP_H

#include <stdio.h>

#include "lineup/options.h"

/* Usage, commands and options of one command, or of the program (NULL). */
void help_print(FILE *, const struct command *);

/* The option table as tab-separated lines, for the checks of man page and completions. */
void help_print_table(FILE *);

#endif
