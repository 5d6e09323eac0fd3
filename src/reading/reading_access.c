/* SPDX-License-Identifier: MIT */
/*
 * The status of a request, where a line of an access log has it. Which three digits they are is
 * told by what stands around them, never by their value: lines of one masked form have it in one
 * place.
 */
#include "lineup/answer.h"
#include "src/reading/reading_source.h"

/* Three digits and then a blank or the end; else nothing. */
static struct str status_at(struct str line, size_t at)
{
	struct str status = str_head(str_skip(line, size_min(at, line.len)), 3);
	bool good = status.len == 3 && (at + 3 == line.len || line.ptr[at + 3] == ' ');
	for (size_t i = 0; good && i < 3; i++)
		good = is_digit(status.ptr[i]);
	return good ? status : STR_NONE;
}

/* `HTTP/1.1" 502 `, `HTTP/1.1" status: 502 ` */
static struct str behind_request(struct str line, size_t version_at)
{
	static const struct str key = { "status: ", 8 };
	size_t i = version_at;
	while (i < line.len && (is_digit(line.ptr[i]) || line.ptr[i] == '.'))
		i++;
	if (i == version_at || !str_starts(str_skip(line, i), STR("\" ")))
		return STR_NONE;
	return status_at(line, i + 2 + (str_starts(str_skip(line, i + 2), key) ? key.len : 0));
}

/* Five numbers with slashes between them: the timers of HAProxy. */
static bool is_timers(struct str word)
{
	size_t slashes = 0;
	for (size_t i = 0; i < word.len; i++) {
		slashes += word.ptr[i] == '/';
		if (!is_digit(word.ptr[i]) && memchr("/-+", word.ptr[i], 3) == NULL)
			return false;
	}
	return slashes == 4;
}

/*
 * What stands before the request in its quotes: `0/0/0/50/50 502 123 ... "GET` of HAProxy, and
 * `0.001 0.402 0.000 502 502 120 300 "GET` of Amazon's balancers, where the second number is what
 * the machine behind said.
 */
static struct str before_request(struct str line, size_t from, size_t quote)
{
	size_t starts[4] = { 0 }, count = 0;
	for (size_t i = from; i < quote; count++) {
		while (i < quote && line.ptr[i] == ' ')
			i++;
		size_t start = i;
		while (i < quote && line.ptr[i] != ' ')
			i++;
		if (is_timers(str_of(line.ptr + start, i - start)))
			return status_at(line, i + 1);
		memmove(starts, starts + 1, sizeof(starts) - sizeof(starts[0]));
		starts[3] = start < quote ? start : starts[3];
		count -= start >= quote; /* blanks at the end */
	}
	if (count < 4)
		return STR_NONE;
	for (size_t i = starts[2]; i < quote; i++) {
		if (!is_digit(line.ptr[i]) && line.ptr[i] != ' ')
			return STR_NONE;
	}
	if (status_at(line, starts[1]).len == 0 && line.ptr[starts[1]] != '-')
		return STR_NONE;
	return status_at(line, starts[0]);
}

/* ` TCP_MISS/502 ` of Squid */
static struct str behind_result(struct str line, size_t at)
{
	while (at < line.len &&
		((line.ptr[at] >= 'A' && line.ptr[at] <= 'Z') || line.ptr[at] == '_'))
		at++;
	return at < line.len && line.ptr[at] == '/' ? status_at(line, at + 1) : STR_NONE;
}

struct str reading_access_status(struct str line, size_t at)
{
	static const struct str version = { " HTTP/", 6 }, result = { " TCP_", 5 };
	struct str rest = str_skip(line, at), status = STR_NONE;
	ptrdiff_t found = str_find(rest, version);
	if (found >= 0) {
		size_t version_at = at + (size_t)found + version.len;
		ptrdiff_t quote = str_rfind_byte(str_head(line, version_at), '"');
		status = behind_request(line, version_at);
		if (status.len == 0 && quote > (ptrdiff_t)at)
			status = before_request(line, at, (size_t)quote);
		return status;
	}
	found = str_find(rest, result);
	if (found >= 0)
		status = behind_result(line, at + (size_t)found + 1);
	return status.len > 0 ? status : answer_status(rest);
}

/* Does the text of a JSON line name a request: its method, its address? */
bool reading_names_request(struct str line)
{
	static const struct str ends[] = { { "ethod\":", 7 }, { "uri\":", 5 }, { "Uri\":", 5 },
		{ "url\":", 5 }, { "Url\":", 5 }, { "URL\":", 5 }, { "path\":", 6 },
		{ "Path\":", 6 }, { "request\":", 9 }, { "verb\":", 6 } };
	for (size_t i = 0; i < countof(ends); i++) {
		if (str_find(line, ends[i]) >= 0)
			return true;
	}
	return false;
}
