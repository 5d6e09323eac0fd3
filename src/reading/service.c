/* SPDX-License-Identifier: MIT */
/* The service that a line names by its head. */
#include "lineup/service.h"

#include "lineup/level.h"

#define CONTAINER_ID 12 /* hexadecimal digits of the short form */
#define MARK_MAX     24 /* bytes of the longest `facility.level` */

static inline bool is_name(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
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

bool service_is_capitals(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z')
			return false;
	}
	return true;
}

/* /USR/SBIN/CRON, sshd(pam_unix): without the folders and what stands in parentheses. */
/* `cart/0f1e2d3c4b5a`, the tag of Docker's syslog driver as mostly set: the name alone. */
static struct str without_container_id(struct str tag)
{
	if (tag.len <= CONTAINER_ID + 1 || tag.ptr[tag.len - CONTAINER_ID - 1] != '/')
		return tag;
	for (size_t i = tag.len - CONTAINER_ID; i < tag.len; i++) {
		if (!is_small_hex(tag.ptr[i]))
			return tag;
	}
	struct str name = str_head(tag, tag.len - CONTAINER_ID - 1);
	return str_equal(name, STR("docker")) ? tag : name;
}

static struct str program_name(struct str tag)
{
	if (tag.len > 2 && tag.ptr[0] == '(' && tag.ptr[tag.len - 1] == ')')
		return str_of(
			tag.ptr + 1, tag.len - 2); /* systemd's, before it has become the program */
	if (tag.len > 0 && tag.ptr[0] == '/') {
		ptrdiff_t slash = str_rfind_byte(tag, '/');
		if ((size_t)slash + 1 < tag.len)
			tag = str_skip(tag, (size_t)slash + 1);
	}
	for (size_t i = 1; i < tag.len; i++) {
		if (tag.ptr[i] == '(')
			return str_head(tag, i);
	}
	tag.len -= tag.len > 8 && str_ends(tag, STR(".service")) ? 8 : 0;
	return without_container_id(tag);
}

struct str service_of_spring(struct str line, size_t at)
{
	while (at < line.len && line.ptr[at] == ' ')
		at++;
	size_t open = at;
	while (open < line.len && open < at + 8 && is_digit(line.ptr[open]))
		open++;
	bool numbered = open > at;
	if (numbered && !str_starts(str_skip(line, open), STR(" --- [")))
		return STR_NONE;
	open += numbered ? 5 : 0;
	if (open >= line.len || line.ptr[open] != '[' || open + 2 >= line.len ||
		!is_alpha(line.ptr[open + 1]))
		return STR_NONE;
	size_t end = open + 1;
	while (end < line.len && end < open + 64 && is_name(line.ptr[end]))
		end++;
	struct str rest = str_skip(line, end);
	/* `[name] [thread]`, and without a name the thread alone; `[name,trace,span]` */
	bool named = numbered ? str_starts(rest, STR("] [")) : rest.len > 1 && rest.ptr[0] == ',';
	ptrdiff_t close = named && !numbered ? str_find_byte(str_head(rest, 96), ']') : 0;
	for (ptrdiff_t i = 1; i < close; i++)
		named &= is_name(rest.ptr[i]) || rest.ptr[i] == ',';
	bool two = close <= 0 || str_find_byte(str_of(rest.ptr + 1, (size_t)close - 1), ',') >= 0;
	return named && close >= 0 && two ? str_of(line.ptr + open + 1, end - open - 1) : STR_NONE;
}

static bool is_program(struct str tag)
{
	if (tag.len == 0 || tag.len > 64 ||
		!(is_alpha(tag.ptr[0]) || tag.ptr[0] == '/' || tag.ptr[0] == '_' ||
			tag.ptr[0] == '<' || tag.ptr[0] == '(' || is_digit(tag.ptr[0])))
		return false;
	bool letter = false;
	for (size_t i = 0; i < tag.len; i++) {
		char c = tag.ptr[i];
		letter |= is_alpha(c);
		/* MODULE/5/MNEMONIC of switches names no program. */
		if (c == '/' && i + 2 < tag.len && is_digit(tag.ptr[i + 1]) &&
			tag.ptr[i + 2] == '/')
			return false;
		if (!is_name(c) && c != '/' && c != '(' && c != ')' && c != '@' && c != '<' &&
			c != '>' && c != '#' && c != '+')
			return false;
	}
	return letter && level_of_word(tag) == LEVEL_NONE;
}

/*
 * tag:, tag[pid]:, tag[pid]; *has_pid. The rest of the token is left out. Not `strict`, a task's
 * name may stand for the process id: tag[task]:
 */
static bool take_tag(struct str token, bool strict, struct str *program, bool *has_pid)
{
	ptrdiff_t bracket = 0;
	*has_pid = false;
	while ((size_t)bracket < token.len && token.ptr[bracket] != '[')
		bracket++;
	if (bracket > 0 && (size_t)bracket < token.len) {
		ptrdiff_t close = str_find_byte(token, ']');
		if (close < bracket + 2)
			return false;
		*has_pid = is_digit(token.ptr[bracket + 1]);
		*program = program_name(str_head(token, (size_t)bracket));
		return (*has_pid || (!strict && str_ends(token, STR("]:")))) &&
		       is_program(str_head(token, (size_t)bracket));
	}
	if (token.len < 2 || token.ptr[token.len - 1] != ':' || token.ptr[0] == '(')
		return false;
	struct str tag = str_head(token, token.len - 1); /* is_program allows no other colon */
	*program = program_name(tag);
	return is_program(tag);
}

static bool is_facility(struct str word)
{
	static const char *const names[] = { "auth", "authpriv", "cron", "daemon", "ftp", "kern",
		"lpr", "mail", "news", "security", "syslog", "user", "uucp", "console" };
	for (size_t i = 0; i < countof(names); i++) {
		if (str_equal(word, str_from(names[i])))
			return true;
	}
	return word.len == 6 && str_starts(word, STR("local")) && is_digit(word.ptr[5]);
}

enum mark { MARK_NONE, MARK_LEVEL, MARK_FACILITY };

/* Wa(180): a level's first letters and the number of facility and level, as ESXi writes them. */
static enum level level_of_esxi(struct str token)
{
	static const struct {
		char letters[3];
		enum level level;
	} marks[] = { { "Em", LEVEL_CRITICAL }, { "Al", LEVEL_CRITICAL }, { "Cr", LEVEL_CRITICAL },
		{ "Er", LEVEL_ERROR }, { "Wa", LEVEL_WARNING }, { "No", LEVEL_INFO },
		{ "In", LEVEL_INFO }, { "Db", LEVEL_DEBUG } };
	if (token.len < 5 || token.len > 7 || token.ptr[2] != '(' || !is_digit(token.ptr[3]) ||
		token.ptr[token.len - 1] != ')')
		return LEVEL_NONE;
	for (size_t i = 0; i < countof(marks); i++) {
		if (memcmp(token.ptr, marks[i].letters, 2) == 0)
			return marks[i].level;
	}
	return LEVEL_NONE;
}

/* daemon.info, local0.warn, <user.err>, err, E: what some write between a host and a tag. */
static enum mark take_mark(struct str token, enum level *level)
{
	if (token.len > MARK_MAX || token.len == 2)
		return MARK_NONE;
	if (token.len == 1) {
		*level = token.ptr[0] >= 'A' && token.ptr[0] <= 'Z' ? level_of_word(token)
								    : LEVEL_NONE;
		return *level != LEVEL_NONE ? MARK_LEVEL : MARK_NONE;
	}
	/* <1.5>, numbers of facility and level, as Isilon's log has them */
	if (token.len > 4 && token.ptr[0] == '<' && is_digit(token.ptr[1]) &&
		str_find_byte(token, '.') > 0 && token.ptr[token.len - 1] == '>')
		return MARK_FACILITY;
	*level = level_of_esxi(token);
	if (*level != LEVEL_NONE)
		return MARK_FACILITY;
	if (token.ptr[0] == '<' && token.ptr[token.len - 1] == '>')
		token = str_of(token.ptr + 1, token.len - 2);
	size_t dot = 0;
	while (dot < token.len && token.ptr[dot] != '.')
		dot++;
	bool is_facility_level = dot < token.len;
	if (is_facility_level && !is_facility(str_head(token, dot)))
		return MARK_NONE;
	enum level of_word = level_of_word(is_facility_level ? str_skip(token, dot + 1) : token);
	if (of_word == LEVEL_NONE || token.len < 3)
		return MARK_NONE;
	*level = of_word;
	return is_facility_level ? MARK_FACILITY : MARK_LEVEL;
}

/* A host's name or address; a word in capitals alone is none. */
static bool is_host(struct str token)
{
	bool capitals = true;
	for (size_t i = 0; i < token.len; i++) {
		if (!is_name(token.ptr[i]) && token.ptr[i] != ':')
			return false;
		capitals &= token.ptr[i] >= 'A' && token.ptr[i] <= 'Z';
	}
	return token.len > 0 && !capitals;
}

/* slot1/host, host/10.0.0.1, host(auth.info): before a tag with a process id no other word looks
 * so. */
static bool is_marked_host(struct str token)
{
	bool marked = false;
	for (size_t i = 0; i < token.len; i++) {
		char c = token.ptr[i];
		if (i > 0 && (c == '/' || c == '(' || c == ')'))
			marked = true;
		else if (!is_name(c) && c != ':')
			return false;
	}
	return marked;
}

/* host(auth.info): the host, and the level of the mark. */
static struct str without_mark(struct str host, enum level *level)
{
	ptrdiff_t open = str_find_byte(host, '(');
	if (open > 0 && host.ptr[host.len - 1] == ')' &&
		take_mark(str_of(host.ptr + open + 1, host.len - (size_t)open - 2), level) ==
			MARK_FACILITY)
		return str_head(host, (size_t)open);
	return host;
}

/* The tokens of a head, marks taken out. */
struct head_tokens {
	struct str items[3];
	size_t ends[3];
	size_t count;
	enum level level;
	enum mark mark;
	bool mark_follows_host; /* one token stands before it */
};

/* A token that is a tag is the last one that matters: tag:, tag[pid]. */
static bool ends_head(struct str token)
{
	bool bracket = false;
	for (size_t i = 0; i < token.len; i++)
		bracket |= token.ptr[i] == '[';
	return bracket || token.ptr[token.len - 1] == ':';
}

static void cut_tokens(struct str line, size_t at, struct head_tokens *t)
{
	*t = (struct head_tokens){ .count = 0 };
	at += at < line.len && line.ptr[at] == ']';
	while (at < line.len && (line.ptr[at] == ':' || line.ptr[at] == ' '))
		at++;
	while (t->count < countof(t->items)) {
		struct str token = token_at(line, &at);
		if (token.len == 0)
			return;
		enum mark mark = t->mark != MARK_NONE ? MARK_NONE : take_mark(token, &t->level);
		if (mark != MARK_NONE) {
			t->mark = mark;
			t->mark_follows_host = t->count == 1;
			continue;
		}
		t->items[t->count] = token;
		t->ends[t->count++] = at;
		if (ends_head(token) && !(t->count == 1 && str_find_byte(token, ',') > 0))
			return;
	}
}

/* The number of a device: capitals and digits, and no few. */
static bool is_serial(struct str token)
{
	size_t digits = 0;
	for (size_t i = 0; i < token.len; i++) {
		digits += is_digit(token.ptr[i]);
		if (!is_digit(token.ptr[i]) && !(token.ptr[i] >= 'A' && token.ptr[i] <= 'Z'))
			return false;
	}
	return token.len >= 8 && digits >= 4;
}

static bool take_head(const struct head_tokens *t, bool strict, struct syslog_head *head)
{
	struct str first = t->items[0], second = t->count > 1 ? t->items[1] : STR_NONE;
	bool sure = t->mark == MARK_FACILITY;
	/* `host tag[pid]:` first: a host's name may end like a tag only when nothing follows it. */
	if (second.len > 0 && !ends_head(first) &&
		take_tag(second, strict, &head->program, &head->has_pid) &&
		(!strict || is_host(first) || (head->has_pid && is_marked_host(first))) &&
		(head->has_pid || sure || t->mark == MARK_NONE ||
			(!strict && t->mark_follows_host))) {
		head->host = without_mark(first, &head->level);
		head->message_at = t->ends[1];
		return true;
	}
	/* Without a host, a word in capitals is more likely a level: LOG5[4711:139]: */
	if (take_tag(first, strict, &head->program, &head->has_pid) &&
		(!strict || (head->has_pid && !service_is_capitals(head->program)) || sure)) {
		head->message_at = t->ends[0];
		return true;
	}
	/* `sogod [26818]: message` */
	if (second.len > 3 && second.ptr[0] == '[' && is_digit(second.ptr[1]) &&
		str_ends(second, STR("]:")) && is_program(first)) {
		head->program = program_name(first);
		head->has_pid = true;
		head->message_at = t->ends[1];
		return true;
	}
	/* `name,address,version: tag: message` of an access point */
	if (!strict && str_find_byte(first, ',') > 0 && str_ends(first, STR(":")) &&
		take_tag(second, strict, &head->program, &head->has_pid)) {
		head->host = str_cut(&first, ',');
		head->message_at = t->ends[1];
		return true;
	}
	if (strict || second.len == 0 || str_ends(first, STR(":")))
		return false;
	/* `host pacemakerd          [26818] message` */
	if (t->count == 3 && t->items[2].len > 2 && t->items[2].ptr[0] == '[' &&
		is_digit(t->items[2].ptr[1]) && str_find_byte(t->items[2], ']') > 0 &&
		is_program(second)) {
		head->host = first;
		head->program = program_name(second);
		head->has_pid = true;
		head->message_at = t->ends[2];
		return true;
	}
	/* A third token: `host something tag[pid]:` of some routers, `host serial tag:` of others.
	 */
	if (t->count == 3 && take_tag(t->items[2], strict, &head->program, &head->has_pid) &&
		(head->has_pid || is_serial(second))) {
		head->host = first;
		head->message_at = t->ends[2];
		return true;
	}
	return false;
}

bool service_syslog_head(struct str line, size_t at, bool strict, struct syslog_head *head)
{
	struct head_tokens tokens;
	*head = (struct syslog_head){ .program = STR_NONE, .host = STR_NONE, .message_at = at };
	cut_tokens(line, at, &tokens);
	if (tokens.count == 0 || !take_head(&tokens, strict, head))
		return false;
	if (head->level == LEVEL_NONE)
		head->level = tokens.level;
	head->has_facility = tokens.mark == MARK_FACILITY;
	return true;
}

bool service_syslog5424_head(struct str line, size_t at, struct syslog_head *head)
{
	*head = (struct syslog_head){ .program = STR_NONE, .host = STR_NONE, .message_at = at };
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
	program.len -= program.len > 1 && program.ptr[program.len - 1] == ':';
	if (!str_equal(program, STR("-")))
		head->program = program_name(program);
	head->message_at = message_at;
	return true;
}
