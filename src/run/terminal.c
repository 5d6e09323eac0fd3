/* SPDX-License-Identifier: MIT */
#include "lineup/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned terminal_width(FILE *stream)
{
	const char *columns = getenv("COLUMNS");
	struct winsize window;
	uint64_t width;
	if (columns != NULL && str_to_u64(str_from(columns), &width) && width > 0 && width < 10000)
		return (unsigned)width;
	if (isatty(fileno(stream)) == 1 && ioctl(fileno(stream), TIOCGWINSZ, &window) == 0)
		return window.ws_col;
	return 0;
}

bool terminal_erases(FILE *stream)
{
	const char *term = getenv("TERM");
	return isatty(fileno(stream)) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

bool terminal_wants_colour(FILE *stream, enum colour_choice choice)
{
	const char *no_colour = getenv("NO_COLOR");
	if (choice != COLOUR_AUTO)
		return choice == COLOUR_ALWAYS;
	return (no_colour == NULL || no_colour[0] == '\0') && terminal_erases(stream);
}

bool terminal_reads_utf8(void)
{
	/* Asked without setlocale: the rest of the program stays in the C locale, where functions
	 * such as isalpha mean the same everywhere. */
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	if (locale == (locale_t)0)
		return false;
	bool utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}
