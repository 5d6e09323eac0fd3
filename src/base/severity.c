/* SPDX-License-Identifier: MIT */
#include "lineup/severity.h"

static const char *const severity_names[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = "critical",
	[SEVERITY_HIGH] = "high",
	[SEVERITY_MEDIUM] = "medium",
	[SEVERITY_LOW] = "low",
	[SEVERITY_INFO] = "info",
};

static const char *const level_names[LEVEL_COUNT] = {
	[LEVEL_NONE] = NULL,
	[LEVEL_DEBUG] = "debug",
	[LEVEL_INFO] = "info",
	[LEVEL_WARNING] = "warning",
	[LEVEL_ERROR] = "error",
	[LEVEL_CRITICAL] = "critical",
};

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool severity_parse(struct str text, enum severity *severity)
{
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		if (str_equal_nocase(text, str_from(severity_names[i]))) {
			*severity = (enum severity)i;
			return true;
		}
	}
	return false;
}

const char *level_name(enum level level)
{
	return level_names[level];
}
