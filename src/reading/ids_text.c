/* SPDX-License-Identifier: MIT */
/* What the text of an id says: something at all, and what of it is the id. */
#include "lineup/ids.h"

bool ids_says_something(struct str id)
{
	if (id.len > STR("undefined").len && id.ptr[0] != '0' && id.ptr[0] != '-')
		return true;
	if (id.len < 2 || str_equal_nocase(id, STR("null")) || str_equal_nocase(id, STR("none")) ||
		str_equal_nocase(id, STR("undefined")) || str_equal_nocase(id, STR("n/a")))
		return false;
	for (size_t i = 0; i < id.len; i++) {
		if (id.ptr[i] != '0' && id.ptr[i] != '-')
			return true;
	}
	return false;
}

struct str ids_canonical(struct str id)
{
	static const struct str prefixes[] = { { "req-", 4 }, { "req_", 4 }, { "request-", 8 } };
	for (size_t i = 0; i < countof(prefixes); i++) {
		/* What is left must be an id of its own. */
		if (id.len >= prefixes[i].len + 6 &&
			str_equal_nocase(str_head(id, prefixes[i].len), prefixes[i]))
			return str_skip(id, prefixes[i].len);
	}
	return id;
}
