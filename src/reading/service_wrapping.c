/* SPDX-License-Identifier: MIT */
/* What tools that follow the logs of containers put before each line. */
#include "lineup/level.h"
#include "src/reading/service_parts.h"

#define ECS_ID	  15  /* an id has more hexadecimal digits */
#define POD_MIN	  12  /* bytes of the shortest name of a replica set's pod */
#define TAG_BYTES 192 /* of a pod, its namespace, its container and an id */
#define STREAM_ID 32  /* hexadecimal digits of a task's id */

#define RECORD_SEPARATOR '\x1e'

static inline bool is_name(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

/* The end of the name that starts at `at`. */
static size_t name_end(struct str line, size_t at)
{
	size_t end = at;
	while (end < line.len && end < at + 64 && is_name(line.ptr[end]))
		end++;
	return end;
}

/* web-1, web_1, project-web-1, web.1: the replica's number says nothing. */
static struct str without_replica(struct str name)
{
	size_t end = name.len;
	while (end > 0 && is_digit(name.ptr[end - 1]))
		end--;
	if (end > 1 && end < name.len && name.len - end <= 3 &&
		memchr("-_.", name.ptr[end - 1], 3) != NULL)
		name.len = end - 1;
	return name;
}

/* Of a container or a pod, as tools that join logs print it. */
static struct str of_shown(struct str name)
{
	return name.len >= POD_MIN && service_is_pod(name)
		       ? service_workload(name, STR_NONE, STR_NONE)
		       : without_replica(name);
}

/* kube.var.log.containers.<pod>_<namespace>_<container>-<id>.log: the pod, as fluentd tags its
 * lines. */
static struct str pod_of_tag(struct str name)
{
	static const struct str folder = { "var.log.containers.", 19 };
	ptrdiff_t found = str_find(name, folder);
	struct str rest = found < 0 ? STR_NONE : str_skip(name, (size_t)found + folder.len);
	return str_cut(&rest, '_');
}

/* ecs-<family>-<revision>-<container>-<id of the task>, as ECS calls containers; or nothing. */
static struct str of_ecs(struct str name)
{
	ptrdiff_t last = str_rfind_byte(name, '-');
	if (!str_starts(name, STR("ecs-")) || last < 8 || name.len - (size_t)last <= ECS_ID)
		return STR_NONE;
	for (size_t i = (size_t)last + 1; i < name.len; i++) {
		if (!is_small_hex(name.ptr[i]))
			return STR_NONE;
	}
	for (size_t dash = (size_t)last; dash > 4; dash--) {
		size_t digits = dash;
		while (name.ptr[dash] == '-' && is_digit(name.ptr[digits - 1]))
			digits--;
		if (digits < dash && name.ptr[digits - 1] == '-' && dash < (size_t)last)
			return str_of(name.ptr + dash + 1, (size_t)last - dash - 1);
	}
	return STR_NONE;
}

struct str service_of_stream(struct str stream)
{
	struct str rest = stream;
	str_cut(&rest, '/');
	struct str name = str_cut(&rest, '/');
	if (rest.len != STREAM_ID || name.len == 0 || name_end(name, 0) != name.len)
		return STR_NONE;
	for (size_t i = 0; i < rest.len; i++) {
		if (!is_small_hex(rest.ptr[i]))
			return STR_NONE;
	}
	return name;
}

struct str service_clean_name(struct str name)
{
	struct str stream = service_of_stream(name);
	if (stream.len > 0)
		return stream;
	struct str container = of_ecs(str_skip(name, name.len > 1 && name.ptr[0] == '/'));
	if (container.len > 0)
		return container;
	struct str pod = pod_of_tag(name);
	if (pod.len > 0)
		return service_workload(pod, STR_NONE, STR_NONE);
	if (name.len > 1 && name.ptr[0] == '/')
		return without_replica(str_skip(name, 1));
	name.len -= name.len > 8 && str_ends(name, STR(".service")) ? 8 : 0;
	return name;
}

/* db-0: a pod of a stateful set. The name is like many others, so the container has to be db. */
static bool is_numbered_pod(struct str name, struct str container)
{
	struct str number = str_skip(name, container.len);
	if (number.len < 2 || number.len > 4 || !str_starts(name, container) ||
		number.ptr[0] != '-')
		return false;
	for (size_t i = 1; i < number.len; i++) {
		if (!is_digit(number.ptr[i]))
			return false;
	}
	return true;
}

/* `web-7d9f8b6c54-x2x4z nginx text`, as stern prints; the pod's name ends at `len`. */
static bool unwrap_stern(struct str line, size_t at, size_t len, struct line_wrapping *w)
{
	if (len < at + 4 || len + 2 >= line.len || line.ptr[len] != ' ')
		return false;
	struct str pod = str_of(line.ptr + at, len - at);
	bool numbered = is_digit(pod.ptr[pod.len - 1]);
	bool replica = pod.len >= POD_MIN && pod.ptr[pod.len - 6] == '-' && service_is_pod(pod);
	size_t end = numbered || replica ? name_end(line, len + 1) : line.len;
	if (end == len + 1 || end >= line.len || line.ptr[end] != ' ')
		return false;
	struct str container = str_of(line.ptr + len + 1, end - len - 1);
	if (!replica && !is_numbered_pod(pod, container))
		return false;
	w->service = replica ? service_workload(pod, container, STR_NONE) : container;
	w->payload_at = end + 1;
	return true;
}

/* `shop/web-7d9f8b6c54-x2x4z[nginx]: text`, as kail prints; the namespace ends at `len`. */
static bool unwrap_kail(struct str line, size_t len, struct line_wrapping *w)
{
	size_t end = name_end(line, len + 1);
	if (end >= line.len || line.ptr[end] != '[')
		return false;
	struct str pod = str_of(line.ptr + len + 1, end - len - 1);
	size_t close = name_end(line, end + 1);
	if (close + 2 >= line.len || line.ptr[close] != ']' || line.ptr[close + 1] != ':' ||
		!service_is_pod(pod))
		return false;
	w->service = service_workload(
		pod, str_of(line.ptr + end + 1, close - end - 1), str_head(line, len));
	w->payload_at = close + 2 + (line.ptr[close + 2] == ' ');
	return true;
}

/* Swarm's `web.1.<id>@node    | text`: the end of the node's name. */
static size_t skip_node(struct str line, size_t len, struct str *name)
{
	ptrdiff_t dot = str_find_byte(*name, '.');
	if (dot < 1 || (size_t)dot + 1 >= name->len || !is_digit(name->ptr[dot + 1]))
		return len;
	*name = str_head(*name, (size_t)dot);
	return name_end(line, len + 1);
}

/*
 * `[0] kube.orders: [1700000000.123, {"log"=>"text"}]`, and `[[1700000000.123, {}], {...}]` of
 * later versions, as Fluent Bit prints records, and as it writes them to a file without the number:
 * from the tag at `at` on.
 */
static bool unwrap_fluent(struct str line, size_t at, size_t end, struct line_wrapping *w)
{
	struct str tag = str_of(line.ptr + at, end - at);
	size_t payload = end + 3;
	if (tag.len < 2 || payload + 12 >= line.len || !str_starts(str_skip(line, end), STR(": [")))
		return false;
	payload += line.ptr[payload] == '[';
	for (size_t i = 0; i < 11; i++) {
		if (i < 10 ? !is_digit(line.ptr[payload + i]) : line.ptr[payload + i] != '.')
			return false;
	}
	w->service = service_clean_name(tag);
	w->payload_at = payload;
	return true;
}

/* The end of a tag, which may be longer than a name. */
static size_t tag_end(struct str line, size_t at)
{
	size_t end = at;
	while (end < line.len && end < at + TAG_BYTES && is_name(line.ptr[end]))
		end++;
	return end;
}

/* A name from `at` on, blanks and a bar. Colours around both are passed. */
static bool unwrap_bar(struct str line, size_t at, size_t len, struct line_wrapping *w)
{
	struct str name = str_of(line.ptr + at, len - at);
	if (len < line.len && line.ptr[len] == '@')
		len = skip_node(line, len, &name);
	size_t bar = len;
	while (bar < line.len && bar < at + 100 && line.ptr[bar] == ' ')
		bar++;
	if (name.len < 2 || bar == len || bar >= line.len || line.ptr[bar] != '|')
		return false;
	/* A level between bars, or another word in capitals, is a column of the log itself. */
	if (level_of_word(name) != LEVEL_NONE || service_is_capitals(name))
		return false;
	w->service = of_shown(name);
	w->payload_at = bar + 1;
	if (w->payload_at + 4 < line.len && line.ptr[w->payload_at] == '\x1b')
		w->payload_at += line.ptr[w->payload_at + 3] == 'm' ? 4 : 0;
	w->payload_at += w->payload_at < line.len && line.ptr[w->payload_at] == ' ';
	return true;
}

static bool unwrap_word(struct str line, struct line_wrapping *w)
{
	size_t len = name_end(line, 0);
	if (unwrap_stern(line, 0, len, w) || unwrap_bar(line, 0, len, w))
		return true;
	if (len >= line.len || len < 2)
		return false;
	if (str_starts(line, STR("data: {"))) { /* of a stream of events of HTTP */
		w->payload_at = 6;
		return true;
	}
	if (unwrap_fluent(line, 0, tag_end(line, 0), w))
		return true;
	if (line.ptr[len] == '/')
		return unwrap_kail(line, len, w);
	/* The namespace first. */
	return line.ptr[len] == ' ' && unwrap_stern(line, len + 1, name_end(line, len + 1), w);
}

static bool unwrap_bracket(struct str line, struct line_wrapping *w)
{
	if (str_starts(line, STR("[pod/"))) {
		ptrdiff_t close = str_find_byte(str_head(line, 400), ']');
		if (close < 0)
			return false;
		struct str rest = str_of(line.ptr + 5, (size_t)close - 5);
		struct str pod = str_cut(&rest, '/');
		w->service = service_workload(pod, rest, STR_NONE);
		w->payload_at = (size_t)close + 1;
		w->payload_at += w->payload_at < line.len && line.ptr[w->payload_at] == ' ';
		return pod.len > 0;
	}
	size_t digits = 1;
	while (digits < line.len && is_digit(line.ptr[digits]))
		digits++;
	if (digits > 1 && str_starts(str_skip(line, digits), STR("] ")))
		return unwrap_fluent(line, digits + 2, tag_end(line, digits + 2), w);
	/* `[web] | text` of podman-compose, `[web-7d9f8b6c54-x2x4z] text` of kubetail */
	size_t len = line.len > 1 && is_alpha(line.ptr[1]) ? name_end(line, 1) : 0;
	if (len < 3 || len + 4 >= line.len || line.ptr[len] != ']' || line.ptr[len + 1] != ' ')
		return false;
	struct str name = str_of(line.ptr + 1, len - 1);
	if (line.ptr[len + 2] == '|' && line.ptr[len + 3] == ' ' &&
		level_of_word(name) == LEVEL_NONE) {
		w->service = of_shown(name);
		w->payload_at = len + 4;
		return true;
	}
	if (name.len < POD_MIN || !service_is_pod(name))
		return false;
	w->service = service_workload(name, STR_NONE, STR_NONE);
	w->payload_at = len + 2;
	return true;
}

/* `12:00:00 web.1  | text` of foreman: the time stays before the text. */
static bool unwrap_foreman(struct str line, struct line_wrapping *w)
{
	if (line.len < 16 || line.ptr[2] != ':' || line.ptr[5] != ':' || line.ptr[8] != ' ' ||
		!is_alpha(line.ptr[9]))
		return false;
	size_t end = name_end(line, 9);
	if (line.ptr[end - 1] < '1' || line.ptr[end - 1] > '9' || line.ptr[end - 2] != '.' ||
		!unwrap_bar(line, 9, end, w))
		return false;
	w->payload_at = 0;
	return true;
}

/* `0|web     | text` of pm2, and `118 <14>1 ...`, the length in front of a message that came by
 * TCP. */
static bool unwrap_number(struct str line, struct line_wrapping *w)
{
	size_t at = 0;
	while (at < line.len && at < 5 && is_digit(line.ptr[at]))
		at++;
	if (at + 4 >= line.len)
		return false;
	if (line.ptr[at] == '|')
		return is_alpha(line.ptr[at + 1]) &&
		       unwrap_bar(line, at + 1, name_end(line, at + 1), w);
	if (line.ptr[at] != ' ' || line.ptr[at + 1] != '<' || !is_digit(line.ptr[at + 2]))
		return false;
	w->payload_at = at + 1;
	return true;
}

bool service_unwrap(struct str line, struct line_wrapping *w)
{
	*w = (struct line_wrapping){ STR_NONE, 0 };
	if (line.len < 4)
		return false;
	char c = line.ptr[0];
	if (is_alpha(c))
		return unwrap_word(line, w);
	if (c == '[')
		return unwrap_bracket(line, w);
	if (is_digit(c))
		return unwrap_foreman(line, w) || unwrap_number(line, w);
	if (c == RECORD_SEPARATOR && line.ptr[1] == '{') { /* a sequence of JSON (RFC 7464) */
		w->payload_at = 1;
		return true;
	}
	if (c != '\x1b' || line.ptr[1] != '[')
		return false;
	/* A coloured name. */
	size_t at = 2;
	while (at < line.len && at < 12 && (is_digit(line.ptr[at]) || line.ptr[at] == ';'))
		at++;
	return at + 1 < line.len && line.ptr[at] == 'm' && is_alpha(line.ptr[at + 1]) &&
	       unwrap_bar(line, at + 1, name_end(line, at + 1), w);
}
