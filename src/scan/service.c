/* SPDX-License-Identifier: MIT */
/* The service that a line names by its head. */
#include "lineup/service.h"

#include "lineup/level.h"

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool is_alpha(char c)
{
	return (unsigned char)((c | 32) - 'a') < 26;
}

static inline bool is_name(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

/* web-1, web_1, project-web-1: the replica's number says nothing. */
static struct str without_replica(struct str name)
{
	size_t end = name.len;
	while (end > 0 && is_digit(name.ptr[end - 1]))
		end--;
	if (end > 1 && end < name.len && name.len - end <= 3 &&
		(name.ptr[end - 1] == '-' || name.ptr[end - 1] == '_'))
		name.len = end - 1;
	return name;
}

static bool unwrap_compose(struct str line, struct line_wrapping *w)
{
	size_t len = 0;
	while (len < line.len && len < 64 && is_name(line.ptr[len]))
		len++;
	size_t bar = len;
	while (bar < line.len && bar < 100 && line.ptr[bar] == ' ')
		bar++;
	if (len < 2 || bar == len || bar >= line.len || line.ptr[bar] != '|' ||
		!is_alpha(line.ptr[0]))
		return false;
	/* A level between bars is a column of the log itself. */
	if (level_of_word(str_head(line, len)) != LEVEL_NONE)
		return false;
	w->service = without_replica(str_head(line, len));
	w->payload_at = bar + 1 < line.len && line.ptr[bar + 1] == ' ' ? bar + 2 : bar + 1;
	return true;
}

static bool unwrap_kubectl(struct str line, struct line_wrapping *w)
{
	if (!str_starts(line, STR("[pod/")))
		return false;
	ptrdiff_t close = str_find_byte(str_head(line, 400), ']');
	if (close < 0)
		return false;
	struct str rest = str_of(line.ptr + 5, (size_t)close - 5);
	struct str pod = str_cut(&rest, '/');
	if (pod.len == 0)
		return false;
	w->service = service_workload(pod, rest, STR_NONE);
	w->payload_at = (size_t)close + 1;
	if (w->payload_at < line.len && line.ptr[w->payload_at] == ' ')
		w->payload_at++;
	return true;
}

bool service_unwrap(struct str line, struct line_wrapping *w)
{
	*w = (struct line_wrapping){ STR_NONE, 0 };
	if (line.len < 4)
		return false;
	if (line.ptr[0] == '[')
		return unwrap_kubectl(line, w);
	return is_alpha(line.ptr[0]) && unwrap_compose(line, w);
}

static struct str token_at(struct str line, size_t *at)
{
	while (*at < line.len && line.ptr[*at] == ' ')
		(*at)++;
	size_t start = *at;
	while (*at < line.len && line.ptr[*at] != ' ' && line.ptr[*at] != '\t')
		(*at)++;
	return str_of(line.ptr + start, *at - start);
}

/* /USR/SBIN/CRON, sshd(pam_unix): without the folders and what stands in parentheses. */
static struct str program_name(struct str tag)
{
	if (tag.len > 0 && tag.ptr[0] == '/') {
		ptrdiff_t slash = str_rfind_byte(tag, '/');
		if ((size_t)slash + 1 < tag.len)
			tag = str_skip(tag, (size_t)slash + 1);
	}
	ptrdiff_t open = str_find_byte(tag, '(');
	return open > 0 ? str_head(tag, (size_t)open) : tag;
}

static bool is_program(struct str tag)
{
	if (tag.len == 0 || tag.len > 64 ||
		!(is_alpha(tag.ptr[0]) || tag.ptr[0] == '/' || tag.ptr[0] == '_' ||
			tag.ptr[0] == '<' || is_digit(tag.ptr[0])))
		return false;
	bool letter = false;
	for (size_t i = 0; i < tag.len; i++) {
		char c = tag.ptr[i];
		letter |= is_alpha(c);
		if (!is_name(c) && c != '/' && c != '(' && c != ')' && c != '@' && c != '<' &&
			c != '>' && c != '#' && c != '+')
			return false;
	}
	return letter && level_of_word(tag) == LEVEL_NONE;
}

/* tag:, tag[pid]:, tag[pid]; *has_pid. The rest of the token is left out. */
static bool take_tag(struct str token, struct str *program, bool *has_pid)
{
	ptrdiff_t bracket = str_find_byte(token, '[');
	*has_pid = false;
	if (bracket > 0) {
		ptrdiff_t close = str_find_byte(token, ']');
		if (close < bracket + 2)
			return false;
		*has_pid = is_digit(token.ptr[bracket + 1]);
		*program = program_name(str_head(token, (size_t)bracket));
		return *has_pid && is_program(str_head(token, (size_t)bracket));
	}
	ptrdiff_t colon = str_find_byte(token, ':');
	if (colon < 1 || (size_t)colon + 1 != token.len)
		return false;
	struct str tag = str_head(token, (size_t)colon);
	*program = program_name(tag);
	return is_program(tag);
}

bool service_syslog_head(struct str line, size_t at, bool strict, struct syslog_head *head)
{
	*head = (struct syslog_head){ STR_NONE, STR_NONE, at };
	bool has_pid = false;
	while (at < line.len && (line.ptr[at] == ':' || line.ptr[at] == ' '))
		at++;
	struct str first = token_at(line, &at);
	size_t behind_first = at;
	struct str second = token_at(line, &at);
	if (first.len == 0)
		return false;
	/* `host tag[pid]:` first: a host's name may end like a tag only when nothing follows it. */
	if (second.len > 0 && first.ptr[first.len - 1] != ':' && str_find_byte(first, '[') < 0 &&
		level_of_word(first) == LEVEL_NONE && take_tag(second, &head->program, &has_pid)) {
		head->host = first;
		head->message_at = at;
		return true;
	}
	if (take_tag(first, &head->program, &has_pid) && (!strict || has_pid)) {
		head->message_at = behind_first;
		return true;
	}
	/* `sogod [26818]: message` */
	if (second.len > 3 && second.ptr[0] == '[' && is_digit(second.ptr[1]) &&
		str_ends(second, STR("]:")) && is_program(first)) {
		head->program = program_name(first);
		head->message_at = at;
		return true;
	}
	if (strict || second.len == 0 || str_ends(first, STR(":")))
		return false;
	/* A third token: `host facility.level tag[pid]:` of some routers and AIX. */
	struct str third = token_at(line, &at);
	if (third.len > 0 && take_tag(third, &head->program, &has_pid) && has_pid) {
		head->host = first;
		head->message_at = at;
		return true;
	}
	return false;
}

bool service_syslog5424_head(struct str line, size_t at, struct syslog_head *head)
{
	*head = (struct syslog_head){ STR_NONE, STR_NONE, at };
	struct str host = token_at(line, &at);
	struct str program = token_at(line, &at);
	struct str pid = token_at(line, &at);
	if (pid.len == 0)
		return false;
	size_t message_at = at;
	token_at(line, &at); /* message id */
	if (at < line.len)
		message_at = at;
	if (!str_equal(host, STR("-")))
		head->host = host;
	if (!str_equal(program, STR("-")))
		head->program = program_name(program);
	head->message_at = message_at;
	return true;
}
