/* SPDX-License-Identifier: MIT */
#include "lineup/redact.h"

#include <ctype.h>

void redactor_release(struct redactor *r)
{
	intern_release(&r->secrets);
	buf_release(&r->text);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* What tokens are made of: base64, base64url, hex, and the dots of a JWT. */
static bool is_token_byte(char c)
{
	return isalnum((unsigned char)c) || memchr("_-.~+/=", c, 7) != NULL;
}

static size_t token_run(struct str s)
{
	size_t n = 0;
	while (n < s.len && is_token_byte(s.ptr[n]))
		n++;
	return n;
}

static bool starts_nocase(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_equal_nocase(str_head(s, prefix.len), prefix);
}

/*
 * Each finder looks at the text from `at` on: when a secret begins there it says where the secret
 * itself lies (behind its key, say) and returns true.
 */
struct span_found {
	size_t from;
	size_t to;
};

/* Is this the name of something to be kept to oneself? The end of the word decides, so that
 * "db_password" is one and "token_count" is none. */
static bool is_secret_key(struct str key)
{
	static const struct str endings[] = { { "password", 8 }, { "passwd", 6 },
		{ "passphrase", 10 }, { "pwd", 3 }, { "secret", 6 }, { "token", 5 },
		{ "apikey", 6 }, { "api_key", 7 }, { "api-key", 7 }, { "access_key", 10 },
		{ "accesskey", 9 }, { "secret_key", 10 }, { "secretkey", 9 }, { "private_key", 11 },
		{ "access_key_id", 13 }, { "accesskeyid", 11 }, { "credential", 10 },
		{ "credentials", 11 }, { "cookie", 6 }, { "sessionid", 9 }, { "authorization", 13 },
		{ "pass", 4 }, { "sig", 3 } };
	for (size_t i = 0; i < countof(endings); i++) {
		if (key.len < endings[i].len)
			continue;
		struct str tail = str_skip(key, key.len - endings[i].len);
		if (!str_equal_nocase(tail, endings[i]))
			continue;
		/* "pass" alone is a key; "bypass" is a word. */
		if (endings[i].len > 4 || tail.len == key.len ||
			!isalpha((unsigned char)tail.ptr[-1]))
			return true;
	}
	return false;
}

/*
 * The length of what stands between a key and its value: `=`, `:`, `=>` of Ruby, or `=` as URLs
 * quote it.
 */
static size_t separator(struct str rest)
{
	if (rest.ptr[0] == '%')
		return starts_nocase(rest, STR("%3d")) ? 3 : 0;
	if (str_starts(rest, STR("=>")))
		return 2;
	return rest.ptr[0] == '=' || rest.ptr[0] == ':';
}

/* `key=value`, `key: value`, `"key": "value"`; the key ends before `at`. */
static bool find_value(struct str text, size_t at, struct span_found *found)
{
	size_t between = separator(str_skip(text, at));
	if (between == 0)
		return false;
	size_t end = at;
	while (end > 0 && (text.ptr[end - 1] == '"' || text.ptr[end - 1] == '\'' ||
				  text.ptr[end - 1] == '\\' || text.ptr[end - 1] == ' '))
		end--;
	size_t start = end;
	while (start > 0 && (is_word(text.ptr[start - 1]) || text.ptr[start - 1] == '-'))
		start--;
	if (!is_secret_key(str_of(text.ptr + start, end - start)))
		return false;
	size_t from = at + between;
	while (from < text.len && (text.ptr[from] == ' ' || text.ptr[from] == '\\'))
		from++;
	char quote = from < text.len ? text.ptr[from] : '\0';
	if (quote == '"' || quote == '\'')
		from++;
	else
		quote = '\0';
	/* An Authorization header: the scheme stays, the rest of it goes. */
	static const struct str schemes[] = { { "Bearer ", 7 }, { "Basic ", 6 }, { "Digest ", 7 },
		{ "Token ", 6 } };
	for (size_t i = 0; i < countof(schemes); i++) {
		if (starts_nocase(str_skip(text, from), schemes[i]))
			from += schemes[i].len;
	}
	size_t to = from;
	while (to < text.len) {
		char c = text.ptr[to];
		if (quote != '\0' ? c == quote || c == '\\'
				  : memchr(" \t,;&\"')]}>|", c, 12) != NULL)
			break;
		to++;
	}
	*found = (struct span_found){ from, to };
	return to > from;
}

/* `<password>value</password>`, `<wsse:Password>value</...`; at the bracket behind the name. */
static bool find_element(struct str text, size_t at, struct span_found *found)
{
	size_t start = at, to = at + 1;
	if (text.ptr[at] != '>')
		return false;
	while (start > 0 && (is_word(text.ptr[start - 1]) || text.ptr[start - 1] == '-'))
		start--;
	if (start == 0 || (text.ptr[start - 1] != '<' && text.ptr[start - 1] != ':') ||
		!is_secret_key(str_of(text.ptr + start, at - start)))
		return false;
	while (to < text.len && text.ptr[to] != '<')
		to++;
	*found = (struct span_found){ at + 1, to };
	return to > at + 1;
}

/* `--password value`, `curl -u user:value`, `IDENTIFIED BY 'value'`; at the blank before it. */
static bool find_argument(struct str text, size_t at, struct span_found *found)
{
	if (text.ptr[at] != ' ' || at + 1 >= text.len || text.ptr[at + 1] == '-')
		return false;
	size_t start = at;
	while (start > 0 && (is_word(text.ptr[start - 1]) || text.ptr[start - 1] == '-'))
		start--;
	struct str word = str_of(text.ptr + start, at - start);
	struct str value = str_skip(text, at + 1);
	static const struct str sql = { "identified by", 13 };
	bool quoted = text.ptr[at + 1] == '\'' || text.ptr[at + 1] == '"';
	size_t from = 0, to = 0;
	if (quoted && at >= sql.len &&
		str_equal_nocase(str_of(text.ptr + at - sql.len, sql.len), sql)) {
		ptrdiff_t end = str_find_byte(str_skip(value, 1), value.ptr[0]);
		from = 1;
		to = end < 0 ? value.len : (size_t)end + 1;
	} else {
		ptrdiff_t end = str_find_byte(value, ' ');
		to = end < 0 ? value.len : (size_t)end;
		ptrdiff_t colon = str_find_byte(str_head(value, to), ':');
		if (str_equal(word, STR("-u")) && colon > 0)
			from = (size_t)colon + 1;
		else if (!str_starts(word, STR("--")) || !is_secret_key(word))
			return false;
	}
	*found = (struct span_found){ at + 1 + from, at + 1 + to };
	return to > from;
}

/* A token by its shape: what issuers put in front so that it can be found. */
static bool find_token(struct str text, size_t at, struct span_found *found)
{
	static const struct {
		struct str prefix;
		size_t least; /* bytes of the whole token */
	} shapes[] = {
		{ { "AKIA", 4 }, 20 },
		{ { "ASIA", 4 }, 20 },
		{ { "AIza", 4 }, 35 },
		{ { "eyJ", 3 }, 30 },
		{ { "ghp_", 4 }, 30 },
		{ { "gho_", 4 }, 30 },
		{ { "ghs_", 4 }, 30 },
		{ { "ghu_", 4 }, 30 },
		{ { "github_pat_", 11 }, 40 },
		{ { "glpat-", 6 }, 20 },
		{ { "xoxb-", 5 }, 20 },
		{ { "xoxp-", 5 }, 20 },
		{ { "xoxa-", 5 }, 20 },
		{ { "xoxs-", 5 }, 20 },
		{ { "sk_live_", 8 }, 20 },
		{ { "rk_live_", 8 }, 20 },
		{ { "sk-", 3 }, 30 },
		{ { "npm_", 4 }, 30 },
		{ { "hvs.", 4 }, 24 },
		{ { "sha256~", 7 }, 30 },
	};
	if (at > 0 && is_word(text.ptr[at - 1]))
		return false;
	struct str rest = str_skip(text, at);
	for (size_t i = 0; i < countof(shapes); i++) {
		if (!str_starts(rest, shapes[i].prefix))
			continue;
		size_t len = token_run(rest);
		if (len >= shapes[i].least) {
			*found = (struct span_found){ at, at + len };
			return true;
		}
	}
	static const struct str schemes[] = { { "Bearer ", 7 }, { "Basic ", 6 } };
	for (size_t i = 0; i < countof(schemes); i++) {
		size_t len = starts_nocase(rest, schemes[i])
				     ? token_run(str_skip(rest, schemes[i].len))
				     : 0;
		if (len >= 12) {
			*found = (struct span_found){ at + schemes[i].len,
				at + schemes[i].len + len };
			return true;
		}
	}
	if (str_starts(rest, STR("-----BEGIN ")) && str_find(rest, STR("PRIVATE KEY-----")) >= 0) {
		*found = (struct span_found){ at, text.len };
		return true;
	}
	return false;
}

/* `scheme://user:password@host`: all before the @. */
static bool find_url_user(struct str text, size_t at, struct span_found *found)
{
	if (!str_starts(str_skip(text, at), STR("://")))
		return false;
	size_t to = at + 3;
	while (to < text.len && memchr("/ \t\"'?#<>", text.ptr[to], 10) == NULL) {
		if (text.ptr[to] == '@') {
			*found = (struct span_found){ at + 3, to };
			return to > at + 3;
		}
		to++;
	}
	return false;
}

static bool is_mail_byte(char c)
{
	return isalnum((unsigned char)c) || memchr("._%+-", c, 5) != NULL;
}

static bool find_mail(struct str text, size_t at, struct span_found *found)
{
	if (!isalnum((unsigned char)text.ptr[at]) || (at > 0 && is_mail_byte(text.ptr[at - 1])))
		return false;
	size_t i = at;
	while (i < text.len && i - at < 64 && is_mail_byte(text.ptr[i]))
		i++;
	if (i >= text.len || text.ptr[i] != '@')
		return false;
	size_t host = ++i;
	size_t dot = 0;
	while (i < text.len &&
		(isalnum((unsigned char)text.ptr[i]) || text.ptr[i] == '-' || text.ptr[i] == '.')) {
		if (text.ptr[i] == '.' && i > host)
			dot = i;
		i++;
	}
	/* The full stop of a sentence is no part of it. */
	if (dot != 0 && dot + 1 == i)
		i--;
	if (dot == 0 || i - host < 4 || !isalpha((unsigned char)text.ptr[i - 1]))
		return false;
	*found = (struct span_found){ at, i };
	return true;
}

/* RFC 1918, RFC 6598 (shared) and link-local. */
static bool is_private_ipv4(const unsigned octet[4])
{
	return octet[0] == 10 || (octet[0] == 172 && octet[1] >= 16 && octet[1] <= 31) ||
	       (octet[0] == 192 && octet[1] == 168) || (octet[0] == 169 && octet[1] == 254) ||
	       (octet[0] == 100 && octet[1] >= 64 && octet[1] <= 127);
}

static bool find_ipv4(struct str text, size_t at, struct span_found *found)
{
	if (!isdigit((unsigned char)text.ptr[at]) ||
		(at > 0 && (is_word(text.ptr[at - 1]) || text.ptr[at - 1] == '.')))
		return false;
	unsigned octet[4];
	size_t i = at;
	for (int n = 0; n < 4; n++) {
		size_t start = i;
		octet[n] = 0;
		while (i < text.len && i - start < 3 && isdigit((unsigned char)text.ptr[i]))
			octet[n] = octet[n] * 10 + (unsigned)(text.ptr[i++] - '0');
		if (i == start || octet[n] > 255)
			return false;
		if (n < 3 && (i >= text.len || text.ptr[i++] != '.'))
			return false;
	}
	bool goes_on = i < text.len &&
		       (is_word(text.ptr[i]) || (text.ptr[i] == '.' && i + 1 < text.len &&
							isdigit((unsigned char)text.ptr[i + 1])));
	*found = (struct span_found){ at, i };
	return !goes_on && is_private_ipv4(octet);
}

/* Unique local (fc00::/7) and link-local (fe80::/10) addresses. */
static bool find_ipv6(struct str text, size_t at, struct span_found *found)
{
	if (at > 0 && (is_word(text.ptr[at - 1]) || text.ptr[at - 1] == ':'))
		return false;
	size_t i = at;
	size_t colons = 0;
	while (i < text.len && (isxdigit((unsigned char)text.ptr[i]) || text.ptr[i] == ':')) {
		colons += text.ptr[i] == ':';
		i++;
	}
	struct str word = str_of(text.ptr + at, i - at);
	bool local = word.len >= 6 && word.ptr[4] == ':' &&
		     (starts_nocase(word, STR("fc")) || starts_nocase(word, STR("fd")) ||
			     starts_nocase(word, STR("fe8")) || starts_nocase(word, STR("fe9")) ||
			     starts_nocase(word, STR("fea")) || starts_nocase(word, STR("feb")));
	*found = (struct span_found){ at, i };
	return local && colons >= 2;
}

static bool find_secret(struct str text, size_t at, struct span_found *found)
{
	return find_value(text, at, found) || find_element(text, at, found) ||
	       find_argument(text, at, found) || find_url_user(text, at, found) ||
	       find_token(text, at, found) || find_mail(text, at, found) ||
	       find_ipv4(text, at, found) || find_ipv6(text, at, found);
}

struct str redact(struct redactor *r, struct str text)
{
	if (r == NULL)
		return text;
	size_t copied = 0;
	buf_clear(&r->text);
	for (size_t at = 0; at < text.len; at++) {
		struct span_found found;
		if (!find_secret(text, at, &found))
			continue;
		buf_append(&r->text, str_of(text.ptr + copied, found.from - copied));
		uint32_t id = intern_add(
			&r->secrets, str_of(text.ptr + found.from, found.to - found.from));
		buf_printf(&r->text, "<secret:%u>", (unsigned)id + 1);
		copied = found.to;
		at = found.to - 1;
	}
	if (copied == 0)
		return text;
	buf_append(&r->text, str_skip(text, copied));
	return buf_str(&r->text);
}
