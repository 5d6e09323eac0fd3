/* SPDX-License-Identifier: MIT */
/*
 * Names of programs that the text of a line sets apart, where it has neither a tag of syslog nor a
 * key: `[cart-service]`, `| cart-service |` beside stamp and level, and what routers of logs and
 * some loggers put there. A name in brackets is mostly a thread or a module; so it counts only when
 * its last word says that it is a service's. What stands in a message is no name of who writes it.
 */
#include "lineup/level.h"
#include "src/reading/reading_source.h"

#define NAME_MAX   64
#define MARKS_MAX  3   /* words behind the stamp that are looked at */
#define STREAM_MAX 180 /* bytes of two names and a task's id */

static inline bool is_name(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

static size_t name_end(struct str line, size_t at)
{
	size_t end = at;
	while (end < line.len && end < at + NAME_MAX && is_name(line.ptr[end]))
		end++;
	return end;
}

/* cart-service, cart_api: two words, of which the last is one that only programs are called. With
 * dots in it, it is a module of the code ("acme.cart_service"), of which a service has many. */
bool reading_is_service_word(struct str name)
{
	static const char *const ends[] = { "service", "svc", "api", "gateway", "backend",
		"frontend", "server", "app", "proxy", "operator" };
	size_t at = name.len;
	while (at > 0 && name.ptr[at - 1] != '-' && name.ptr[at - 1] != '_')
		at--;
	if (at < 3 || service_is_capitals(name) || str_find_byte(name, '.') >= 0)
		return false;
	for (size_t i = 0; i < countof(ends); i++) {
		if (str_equal_nocase(str_skip(name, at), str_from(ends[i])))
			return true;
	}
	return false;
}

/* ` app[web.1]: `, ` heroku[router]: ` behind the stamp: the kind of process. */
static struct str of_dyno(struct str line, size_t at)
{
	struct str rest = str_skip(line, at);
	size_t skipped = str_starts(rest, STR(" app["))	     ? 5
			 : str_starts(rest, STR(" heroku[")) ? 8
							     : 0;
	if (skipped == 0)
		return STR_NONE;
	size_t start = at + skipped, end = name_end(line, start);
	if (end == start || !str_starts(str_skip(line, end), STR("]: ")))
		return STR_NONE;
	struct str process = str_of(line.ptr + start, end - start);
	return str_cut(&process, '.');
}

/* `\ttag\t{...}`, ` tag.of.fluentd: {...}`: how fluentd writes to files and to its own output. */
static struct str of_tag(struct str line, size_t at)
{
	char before = str_byte(line, at);
	size_t end = at + 1, dots = 0;
	for (; end < line.len && end < at + 256 && is_name(line.ptr[end]); end++)
		dots += line.ptr[end] == '.';
	struct str tag = str_of(line.ptr + at + 1, end - at - 1);
	bool is_field = before == '\t' && str_byte(line, end) == '\t';
	bool is_tag = before == ' ' && dots > 0 && str_byte(line, end) == ':' &&
		      str_byte(line, end + 1) == ' ';
	if (tag.len < 2 || (!is_field && !is_tag) || str_byte(line, end + 1 + is_tag) != '{')
		return STR_NONE;
	return service_clean_name(tag);
}

/* ` ecs/cart/<id of the task> text`: the stream that CloudWatch's client puts behind its stamp. */
static struct str of_stream(struct str line, size_t at)
{
	struct str rest = str_head(str_skip(line, at + 1), STREAM_MAX);
	struct str stream = str_cut(&rest, ' ');
	return str_byte(line, at) == ' ' && rest.ptr != NULL ? service_of_stream(stream) : STR_NONE;
}

/* The message, and the level in front of it, stand behind the stream. */
static void pass_stream(struct str line, size_t at, struct line_head *head)
{
	while (at < line.len && line.ptr[at] != ' ')
		at++;
	reading_begin_message(line, at, line.len, head);
}

/* `\tERROR\tcart\tpay.go:12\t` of zap, `ERROR -- cart: ` of Ruby: the name behind the level. */
static struct str of_logger(struct str line, size_t at, size_t level_end)
{
	struct str head = str_head(str_skip(line, at), 2 * NAME_MAX);
	if (str_starts(str_skip(line, size_min(level_end, line.len)), STR(" -- "))) {
		size_t start = level_end + 4, end = name_end(line, start);
		return end > start && str_byte(line, end) == ':' && str_byte(line, end + 1) == ' '
			       ? str_of(line.ptr + start, end - start)
			       : STR_NONE;
	}
	ptrdiff_t caller = str_find(head, STR(".go:"));
	if (str_byte(line, at) != '\t' || caller < 0)
		return STR_NONE;
	struct str rest = str_skip(head, 1);
	str_cut(&rest, '\t');
	struct str name = str_cut(&rest, '\t');
	return str_find(name, STR(".go:")) < 0 && name.len > 1 && name_end(name, 0) == name.len &&
			       str_find_byte(name, '.') < 0
		       ? name
		       : STR_NONE;
}

/* `[cart-service] 2025-...`, `cart-service: 2025-...`, `cart-service | 2025-...` */
static struct str of_front(struct str front)
{
	size_t start = str_byte(front, 0) == '[', end = name_end(front, start);
	struct str rest = str_skip(front, end);
	bool set_apart = start == 1 ? str_starts(rest, STR("]"))
				    : str_starts(rest, STR(": ")) || str_starts(rest, STR(" | ")) ||
					      str_starts(rest, STR("|"));
	struct str name = str_of(front.ptr + start, end - start);
	return set_apart && reading_is_service_word(name) ? name : STR_NONE;
}

static inline bool is_bar(char c)
{
	return c == '|' || c == ';' || c == ',';
}

/*
 * Is the word from `at` to `end` set apart: in brackets, between bars or separators, or between
 * dashes with blanks? A colon does not count: it stands behind what a message tells of as well.
 */
static bool is_set_apart(struct str line, size_t at, size_t end)
{
	char before = line.ptr[at - 1], after = str_byte(line, end);
	char left = before == ' ' && at > 1 ? line.ptr[at - 2] : before;
	char right = after == ' ' ? str_byte(line, end + 1) : after;
	if (is_bar(left) || (left == '-' && before == ' ' && after == ' '))
		return right == left;
	return before == '[' && after == ']';
}

/* A level or a number, which stand between a stamp and a name;
 * any other word begins the message. */
static bool is_of_head(struct str word)
{
	bool digits = true;
	for (size_t i = 0; i < word.len; i++)
		digits &= is_digit(word.ptr[i]);
	return digits || level_of_word(word) != LEVEL_NONE;
}

static struct str of_mark(struct str line, size_t at)
{
	for (int words = 0; words < MARKS_MAX && at < line.len; words++) {
		while (at < line.len && memchr(" \t[]|():-,;", line.ptr[at], 11) != NULL)
			at++;
		size_t end = name_end(line, at);
		if (end == at)
			return STR_NONE;
		struct str name = str_of(line.ptr + at, end - at);
		bool set_apart = is_set_apart(line, at, end);
		if (set_apart && reading_is_service_word(name))
			return name;
		/* A name in a message may be another's, of whom it complains. */
		if (!set_apart && !is_of_head(name))
			return STR_NONE;
		at = end;
	}
	return STR_NONE;
}

void reading_marked(struct str line, size_t text_at, const struct stamp *s, struct line_head *head)
{
	static struct str (*const finders[])(struct str, size_t) = {
		of_dyno,
		of_tag,
		of_stream,
		of_mark,
	};
	if (s->start > text_at)
		head->program = of_front(str_of(line.ptr + text_at, s->start - text_at));
	if (head->program.len == 0 && head->level != LEVEL_NONE)
		head->program = of_logger(line, s->end, head->text_at);
	for (size_t i = 0; i < countof(finders) && head->program.len == 0; i++) {
		head->program = finders[i](line, s->end);
		if (finders[i] == of_stream && head->program.len > 0)
			pass_stream(line, s->end + 1, head);
	}
}
