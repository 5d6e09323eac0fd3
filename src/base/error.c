/* SPDX-License-Identifier: MIT */
#include "lineup/error.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct error *err, const char *format, ...)
{
	if (err != NULL) {
		va_list args;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
	}
	return -1;
}

int error_errno(struct error *err, int error_number, const char *format, ...)
{
	if (err != NULL) {
		va_list args;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
		char reason[128];
		const char *text = strerror_r(error_number, reason, sizeof(reason));
		size_t len = strlen(err->text);
		snprintf(err->text + len, sizeof(err->text) - len, ": %s", text);
	}
	return -1;
}

int error_wrap(struct error *err, const char *format, ...)
{
	if (err != NULL) {
		char old[sizeof(err->text)];
		memcpy(old, err->text, sizeof(old));
		va_list args;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
		size_t len = strlen(err->text);
		snprintf(err->text + len, sizeof(err->text) - len, ": %.*s", (int)(sizeof(old) - 1),
			old);
	}
	return -1;
}
