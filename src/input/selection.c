/* SPDX-License-Identifier: MIT */
#include "src/input/selection.h"

static bool matches(struct str pattern, struct str place)
{
	if (str_glob(pattern, place))
		return true;
	ptrdiff_t entered = str_rfind_byte(place, '!');
	return entered >= 0 && str_glob(pattern, str_skip(place, (size_t)entered + 1));
}

bool selection_excludes(const struct selection *s, struct str place)
{
	for (size_t i = 0; s != NULL && i < s->exclude_count; i++) {
		if (matches(s->exclude[i], place))
			return true;
	}
	return false;
}

bool selection_takes(const struct selection *s, struct str place)
{
	if (selection_excludes(s, place))
		return false;
	if (s == NULL || s->include_count == 0)
		return true;
	for (size_t i = 0; i < s->include_count; i++) {
		if (matches(s->include[i], place))
			return true;
	}
	return false;
}
