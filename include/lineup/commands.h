/* SPDX-License-Identifier: MIT */
/*
 * The commands: one file each, cmd_*.c, and one row each in commands.c. A command takes the parsed
 * options, does its work, and returns the exit status, or -1 with a message for main to print. One
 * thread (the pipeline brings its own).
 */
#ifndef LINEUP_COMMANDS_H
#define LINEUP_COMMANDS_H

#include "lineup/options.h"

MUST_USE int cmd_scan(const struct options *, struct error *);
MUST_USE int cmd_lines(const struct options *, struct error *);
MUST_USE int cmd_rules(const struct options *, struct error *);
MUST_USE int cmd_help(const struct options *, struct error *);

#endif
