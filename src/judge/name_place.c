/* SPDX-License-Identifier: MIT */
#include "src/judge/name_place.h"

#include "lineup/base.h"
#include "lineup/words.h"

/* How names of hosts end. */
static const char *const domains[] = { "local", "internal", "lan", "corp", "intra", "home",
	"consul", "svc", "service", "com", "net", "org", "io", "cloud" };

/* What a server calls the one that it serves, */
static const char *const clients[] = { "application_name", "applicationname", "client", "client_id",
	"clientid", "client_name", "clientname", "consumer", "consumer_group", "group", "group_id",
	"groupid", "user", "username", "caller", "requester" };
/* and what it does only beside what else it knows of the session: elsewhere it is whoever the line
 * is about. */
static const char *const apps[] = { "app", "application", "program" };
static const char *const session[] = { "user=", "usr=", "db=", "database=", "client=" };

/* What leads to a name, */
static const char *const leads[] = { "to", "from", "dial", "dialing", "calling", "upstream",
	"backend", "service", "host", "peer", "with", "dependency", "contact", "reach", "container",
	"pod", "unit", "process", "application", "call", "calls", "invoke", "invoking",
	"containerName", "at", "via", "toward", "towards", "blocker", "holder" };
/* and what does behind another word only: "by" and "on" alone stand before anything. */
static const struct {
	const char *first, *second;
} lead_pairs[] = { { "held", "by" }, { "blocked", "by" }, { "locked", "by" }, { "owned", "by" },
	{ "refused", "by" }, { "rejected", "by" }, { "returned", "by" }, { "caused", "by" },
	{ "waiting", "on" }, { "waits", "on" }, { "waited", "on" }, { "wait", "on" },
	{ "up", "on" }, { "depends", "on" }, { "stuck", "on" }, { "hanging", "on" },
	{ "breaker", "for" }, { "circuit", "for" } };
/* What someone does, or is; what he gives back. */
static const char *const does[] = { "did", "does", "answered", "returned", "responded", "replied",
	"is", "was", "has", "not", "failed", "refused", "timed", "unavailable", "unreachable",
	"timeout", "service", "call", "lookup", "query", "request", "connection", "rejected",
	"denied", "closed", "dropped", "reset", "gave", "sent", "says", "said", "reported",
	"crashed", "died", "exited", "stopped", "cannot", "could", "error", "errors", "failure",
	"errored", "unhealthy", "overloaded", "degraded", "down" };

/* Objects that a cluster keeps, several of one name in as many namespaces: none of them runs. */
static const char *const objects[] = { "role", "roles", "rolebinding", "rolebindings", "binding",
	"clusterrole", "clusterroles", "clusterrolebinding", "clusterrolebindings", "namespace",
	"namespaces", "serviceaccount", "serviceaccounts", "servicemonitor", "servicemonitors",
	"prometheusrule", "prometheusrules", "customresourcedefinition",
	"customresourcedefinitions", "configmap", "configmaps", "secret", "secrets" };

/* How the part of the one that speaks is called through which others are reached: "stock client:
 * 500". */
static const char *const through[] = { "client", "stub" };

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal_nocase(word, str_from(list[i])))
			return true;
	}
	return false;
}

struct str name_place_before(struct str text, size_t at)
{
	while (at > 0 &&
		(text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '"' || text.ptr[at - 1] == '\''))
		at--;
	size_t from = at;
	while (from > 0 && name_place_is_byte(text.ptr[from - 1]))
		from--;
	return str_of(text.ptr + from, at - from);
}

static bool is_port(struct str after)
{
	return after.len > 1 && after.ptr[0] == ':' && is_digit(after.ptr[1]);
}

/* Where the dotted name ends that goes on here; its last label. */
static size_t dotted_end(struct str text, size_t at, struct str *last)
{
	*last = STR_NONE;
	while (at + 1 < text.len && text.ptr[at] == '.' && name_place_is_byte(text.ptr[at + 1])) {
		size_t from = ++at;
		while (at < text.len && name_place_is_byte(text.ptr[at]))
			at++;
		*last = str_of(text.ptr + from, at - from);
	}
	return at;
}

bool name_place_is_address(struct str text, size_t from, size_t to)
{
	struct str before = str_head(text, from), after = str_skip(text, to), last;
	if (str_ends(before, STR("://")) || str_ends(before, STR("@")) ||
		str_starts(after, STR(".svc")) || str_starts(after, STR(".service")))
		return true;
	if (str_ends(before, STR("(")) && str_starts(after, STR(")")))
		return true;
	return is_port(str_skip(text, dotted_end(text, to, &last)));
}

bool name_place_is_cut(struct str text, size_t from, size_t to)
{
	return (from > 0 && text.ptr[from - 1] == '>') || (to < text.len && text.ptr[to] == '<');
}

bool name_place_is_part(struct str text, size_t to)
{
	struct str last;
	return dotted_end(text, to, &last) > to && !is_one_of(last, domains, countof(domains));
}

struct str name_place_key(struct str text, size_t from)
{
	bool joined = false;
	size_t at = from;
	while (at > 0 && strchr("=: \"'", text.ptr[at - 1]) != NULL) {
		joined |= text.ptr[at - 1] == '=' || text.ptr[at - 1] == ':';
		at--;
	}
	return joined ? name_place_before(text, at) : STR_NONE;
}

static struct str word_after(struct str text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '"' ||
					text.ptr[at] == '\'' || text.ptr[at] == ':'))
		at++;
	size_t to = at;
	while (to < text.len && name_place_is_byte(text.ptr[to]))
		to++;
	return str_of(text.ptr + at, to - at);
}

/* What of a place in the source is told by its suffix. */
static const char *const sources[] = { "go", "py", "java", "kt", "scala", "rs", "c", "cc", "cpp",
	"h", "js", "ts", "rb", "php", "cs", "ex" };

static bool is_path_byte(char c)
{
	return name_place_is_byte(c) || c == '/' || c == '.' || c == '@' || c == '~' || c == '+';
}

/* The path that the word is a part of; the word alone. */
static struct str path_around(struct str text, size_t from, size_t to)
{
	while (from > 0 && is_path_byte(text.ptr[from - 1]))
		from--;
	while (to < text.len && is_path_byte(text.ptr[to]))
		to++;
	return str_of(text.ptr + from, to - from);
}

/* "/var/lib/order/stock not found": a file's path, and no route of a server. */
static bool is_file(struct str text, size_t from, size_t to)
{
	static const char *const roots[] = { "/bin/", "/dev/", "/etc/", "/home/", "/lib/", "/mnt/",
		"/opt/", "/proc/", "/root/", "/run/", "/srv/", "/sys/", "/tmp/", "/usr/", "/var/" };
	struct str path = path_around(text, from, to);
	for (size_t i = 0; i < countof(roots); i++) {
		if (str_starts(path, str_from(roots[i])))
			return true;
	}
	return false;
}

bool name_place_is_code(struct str text, size_t from, size_t to)
{
	struct str path = path_around(text, from, to);
	ptrdiff_t dot = str_rfind_byte(path, '.');
	return !str_starts(path, STR("//")) && str_find_byte(path, '/') >= 0 &&
	       dot > str_rfind_byte(path, '/') &&
	       is_one_of(str_skip(path, (size_t)dot + 1), sources, countof(sources));
}

bool name_place_is_object(struct str text, size_t from)
{
	if (from > 0 && text.ptr[from - 1] == '/') /* its namespace */
		from = (size_t)(name_place_before(text, from - 1).ptr - text.ptr);
	return is_one_of(name_place_before(text, from), objects, countof(objects));
}

/* "toward version 4.8", "from order 4711": the number is of what the word names, which is no
 * service; but three digits may be what it answered, and four numbers are its address. */
static bool is_numbered(struct str text, size_t to)
{
	size_t at = to, digits = 0, parts = 0;
	if (at == text.len || text.ptr[at] != ' ')
		return false;
	if (str_starts(str_skip(text, at + 1), STR("<*>"))) /* in a template */
		return true;
	for (at++; at < text.len && (is_digit(text.ptr[at]) || text.ptr[at] == '.'); at++) {
		digits += is_digit(text.ptr[at]);
		parts += text.ptr[at] == '.';
	}
	bool whole = at == text.len || !is_alpha(text.ptr[at]);
	return digits > 0 && whole && parts != 3 && !(parts == 0 && digits == 3);
}

static bool is_led(struct str text, size_t from)
{
	struct str word = name_place_before(text, from);
	if (is_one_of(word, leads, countof(leads)))
		return true;
	struct str first = name_place_before(text, (size_t)(word.ptr - text.ptr));
	for (size_t i = 0; i < countof(lead_pairs); i++) {
		if (str_equal_nocase(word, str_from(lead_pairs[i].second)) &&
			str_equal_nocase(first, str_from(lead_pairs[i].first)))
			return true;
	}
	return false;
}

/*
 * "slot is unsold because pricing 429", "no rating, balance 503": the status that it answered, at
 * the end of what is said. A number that more is said of may be that of a thing ("order 503 was
 * rejected"), and only what a server says of itself, or that it wants no more of this, is looked
 * for: few things have just these numbers. Behind a slash it is the status of a path, which is one
 * of the speaker's own ("GET /cart 502").
 */
static bool has_status(struct str text, size_t from, size_t to)
{
	if (from > 0 && text.ptr[from - 1] == '/')
		return false;
	struct str word = word_after(text, to);
	const char *p = word.ptr;
	if (word.len != 3 || !is_digit(p[0]) || !is_digit(p[1]) || !is_digit(p[2]))
		return false;
	bool server = p[0] == '5' && p[1] == '0';
	size_t end = (size_t)(p - text.ptr) + 3;
	return (server || str_equal(word, STR("429"))) &&
	       (end == text.len || strchr(",;)\"'|", text.ptr[end]) != NULL);
}

bool name_place_is_due(struct str text, size_t from, size_t to)
{
	if (name_place_is_address(text, from, to))
		return true;
	if (name_place_is_part(text, to) || is_file(text, from, to))
		return false;
	struct str after = word_after(text, to);
	return (is_led(text, from) && !is_numbered(text, to)) ||
	       is_one_of(name_place_key(text, from), leads, countof(leads)) ||
	       is_one_of(after, does, countof(does)) ||
	       is_one_of(after, through, countof(through)) || has_status(text, from, to);
}

/* Does a session stand before this: its user and its database, named or as "shop@shopdb"? */
static bool in_session(struct str before)
{
	for (size_t i = 0; i < countof(session); i++) {
		if (str_find(before, str_from(session[i])) >= 0)
			return true;
	}
	ptrdiff_t at = str_rfind_byte(before, '@');
	if (at <= 0 || !name_place_is_byte(before.ptr[at - 1]))
		return false;
	size_t end = (size_t)at + 1;
	while (end < before.len && name_place_is_byte(before.ptr[end]))
		end++;
	return str_equal(str_skip(before, end), STR(" "));
}

bool name_place_is_client(struct str text, size_t from)
{
	struct str key = name_place_key(text, from);
	if (key.len == 0)
		return false;
	return is_one_of(key, clients, countof(clients)) ||
	       (is_one_of(key, apps, countof(apps)) &&
		       in_session(str_head(text, (size_t)(key.ptr - text.ptr))));
}
