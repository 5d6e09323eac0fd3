/* SPDX-License-Identifier: MIT */
#include "src/input/record_time.h"

/* All of these bytes are there. */
static bool digits_at(struct str s, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++) {
		if (!is_digit(s.ptr[i]))
			return false;
	}
	return true;
}

bool record_is_date(struct str s)
{
	return s.len >= 16 && digits_at(s, 0, 4) && s.ptr[4] == '-' && digits_at(s, 5, 2) &&
	       s.ptr[7] == '-' && digits_at(s, 8, 2) && (s.ptr[10] == 'T' || s.ptr[10] == ' ') &&
	       digits_at(s, 11, 2) && s.ptr[13] == ':';
}

bool record_is_epoch(struct str s)
{
	struct str whole = str_cut(&s, '.');
	bool length = whole.len == 10 || whole.len == 13 || whole.len == 16 || whole.len == 19;
	return length && whole.ptr[0] == '1' && digits_at(whole, 0, whole.len);
}

bool record_names_time(struct str key)
{
	static const char *const words[] = { "time", "date", "epoch", "stamp" };
	for (size_t i = 0; i < key.len; i++) {
		for (size_t w = 0; w < countof(words); w++) {
			size_t len = strlen(words[w]);
			if (str_equal_nocase(str_head(str_skip(key, i), len), str_from(words[w])))
				return true;
		}
	}
	return str_equal_nocase(key, STR("ts")) || str_equal_nocase(key, STR("t"));
}
