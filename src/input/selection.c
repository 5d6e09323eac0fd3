/* SPDX-License-Identifier: MIT */
#include "src/input/selection.h"

static bool ends_part(char c)
{
	return c == '/' || c == '!';
}

/* Is this a name of what is read? From the start of the place, of an archive's member or, where the
 * pattern has a '/', of any folder; the place may begin with "./" or with folders above. */
static bool matches_name(struct str pattern, struct str name)
{
	bool has_slash = str_find_byte(pattern, '/') >= 0;
	if (str_glob(pattern, name))
		return true;
	for (size_t i = 1; i < name.len; i++) {
		bool starts = name.ptr[i - 1] == '!' || (has_slash && name.ptr[i - 1] == '/');
		if (starts && str_glob(pattern, str_skip(name, i)))
			return true;
	}
	return false;
}

static bool has_wildcard(struct str pattern)
{
	return str_find_byte(pattern, '*') >= 0 || str_find_byte(pattern, '?') >= 0 ||
	       str_find_byte(pattern, '[') >= 0;
}

/* A folder stands for all that is in it: one that ends in '/',
 * or that is named without wildcards. */
static bool matches_folder(struct str pattern, struct str place)
{
	if (str_ends(pattern, STR("/")))
		pattern.len--;
	else if (has_wildcard(pattern))
		return false;
	for (size_t i = 1; i < place.len && pattern.len > 0; i++) {
		if (ends_part(place.ptr[i]) && matches_name(pattern, str_head(place, i)))
			return true;
	}
	return false;
}

static bool matches(struct str pattern, struct str place)
{
	return matches_name(pattern, place) || matches_folder(pattern, place);
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
