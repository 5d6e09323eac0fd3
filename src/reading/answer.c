/* SPDX-License-Identifier: MIT */
/*
 * How a request ended, in a line that a program writes when it has answered: "Completed checkout
 * with status 500 in 12 ms", `"status":500,"duration_ms":12`. Most programs write it at one level,
 * whatever the status; a status of 5xx says that the server failed, as in an access log, and often
 * is all that the one at fault ever says.
 *
 * Three digits behind a word for a status may be of anything. They are those of a request where the
 * line names one besides (its method, its address) or says how long it took. All of this is told by
 * what stands around the digits, never by their value: lines of one masked form have it in one
 * place.
 */
#include "lineup/answer.h"
#include "lineup/base.h"
#include "lineup/level.h"
#include "src/reading/reading_source.h"

/* What leads to a status: words of texts and keys, and what stands between them and the digits. */
static const struct str words[] = { { "status", 6 }, { "code", 4 }, { "Code", 4 },
	{ "Completed", 9 }, { "responded", 9 } };
static const struct str joins[] = { { "=", 1 }, { ": ", 2 }, { " ", 1 }, { " code ", 6 },
	{ " code: ", 7 } };

/* What only lines of requests hold, */
static const struct str keys[] = { { "method=", 7 }, { "path=", 5 }, { "uri=", 4 }, { "url=", 4 } };
static const struct str methods[] = { { "GET /", 5 }, { "POST /", 6 }, { "PUT /", 5 },
	{ "DELETE /", 8 }, { "PATCH /", 7 }, { "HEAD /", 6 } };

/* or lines of what took its time. */
static const struct str times[] = { { "took", 4 }, { "duration", 8 }, { "elapsed", 7 },
	{ "latency", 7 }, { "time=", 5 }, { "time: ", 6 }, { "responseTime", 12 },
	{ "response_time", 13 }, { "request_time", 12 } };

static bool is_of_word(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_';
}

/* Does it stand in the text, at the start of a word? */
static bool holds_start(struct str text, struct str word)
{
	struct str rest = text;
	ptrdiff_t at;
	while ((at = str_find(rest, word)) >= 0) {
		const char *p = rest.ptr + at;
		if (p == text.ptr || !is_alpha(p[-1]))
			return true;
		rest = str_skip(rest, (size_t)at + word.len);
	}
	return false;
}

static bool holds_any(struct str text, const struct str *starts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (holds_start(text, starts[i]))
			return true;
	}
	return false;
}

/* "12 ms", "12ms", "1.5 s". */
static bool tells_milliseconds(struct str text)
{
	static const struct str units[] = { { "ms", 2 }, { "\xc2\xb5s", 3 } };
	for (size_t i = 0; i < countof(units); i++) {
		struct str rest = text;
		ptrdiff_t at;
		while ((at = str_find(rest, units[i])) >= 0) {
			const char *p = rest.ptr + at, *end = p + units[i].len;
			bool whole = end == text.ptr + text.len || !is_of_word(*end);
			if (whole && p > text.ptr && p[-1] == ' ')
				p--;
			if (whole && p > text.ptr && is_digit(p[-1]))
				return true;
			rest = str_skip(rest, (size_t)at + units[i].len);
		}
	}
	return false;
}

/* Three digits and no more of a number or a word. */
static struct str digits_at(struct str text, size_t at)
{
	struct str status = str_head(str_skip(text, size_min(at, text.len)), 3);
	bool good = status.len == 3 &&
		    (at + 3 == text.len || memchr(" ,;)]|\"", text.ptr[at + 3], 7) != NULL);
	for (size_t i = 0; good && i < 3; i++)
		good = is_digit(status.ptr[i]);
	return good ? status : STR_NONE;
}

bool answer_tells_request(struct str text)
{
	return holds_any(text, keys, countof(keys)) || holds_any(text, methods, countof(methods)) ||
	       holds_any(text, times, countof(times)) || tells_milliseconds(text);
}

/* Behind a word that ends here. */
static struct str digits_behind(struct str text, size_t at)
{
	for (size_t i = 0; i < countof(joins); i++) {
		if (!str_starts(str_skip(text, at), joins[i]))
			continue;
		struct str status = digits_at(text, at + joins[i].len);
		if (status.len > 0)
			return status;
	}
	return STR_NONE;
}

struct str answer_status(struct str text)
{
	for (size_t i = 0; i < countof(words); i++) {
		struct str rest = text;
		ptrdiff_t at;
		while ((at = str_find(rest, words[i])) >= 0) {
			const char *p = rest.ptr + at;
			/* "postcode" is another word, "statusCode" is not */
			bool whole = *p == 'C' || p == text.ptr || !is_alpha(p[-1]);
			rest = str_skip(rest, (size_t)at + words[i].len);
			struct str status = digits_behind(text, (size_t)(rest.ptr - text.ptr));
			if (whole && status.len > 0)
				return answer_tells_request(text) ? status : STR_NONE;
		}
	}
	return STR_NONE;
}

/* ---- what it makes of the line's level ---- */

bool reading_may_tell_status(enum level level)
{
	return level == LEVEL_NONE || level == LEVEL_INFO || level == LEVEL_DEBUG;
}

void reading_take_status(struct line_head *head, struct str status)
{
	enum level of_status = level_of_http(status);
	head->http_status = status;
	head->level_besides = head->level;
	if (of_status != LEVEL_NONE && reading_may_tell_status(head->level))
		head->level = of_status;
}
