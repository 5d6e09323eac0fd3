/* SPDX-License-Identifier: MIT */
/* What is left of a file's name without what rotation, compression,
 * streams and collectors added. */
#include "src/reading/service_parts.h"

/* Names that say nothing of who writes: the folder decides. */
static const char *const empty_names[] = { "access", "audit", "console", "current", "debug",
	"default", "err", "error", "errors", "info", "log", "logs", "main", "other", "out",
	"output", "previous", "ssl_access", "ssl_error", "stderr", "stdout", "ssl_request", "trace",
	"warn", "warning", "access_log", "error_log", "ssl_access_log", "ssl_error_log", "json",
	"ndjson", "jsonl", "gc", "slow", "slowlog", "ERRORLOG", "text", "all", "startup", "PT1H",
	"PT1M" };

bool service_is_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]) && s.ptr[i] != '-' &&
			((s.ptr[i] | 32) < 'a' || (s.ptr[i] | 32) > 'f'))
			return false;
	}
	return s.len >= 24;
}

static bool cut_extension(struct str *name)
{
	static const char *const extensions[] = { ".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip",
		".z", ".log", ".txt", ".out", ".err", ".json", ".jsonl", ".ndjson", ".old", ".prev",
		".previous", ".bak", ".csv", ".tar", ".tgz", ".text", ".logs", ".current", ".zstd",
		".br", ".ips", ".crash", ".evtx", ".trc", ".tailed", ".fifo", ".clef" };
	for (size_t i = 0; i < countof(extensions); i++) {
		struct str extension = str_from(extensions[i]);
		if (name->len > extension.len &&
			str_equal_nocase(str_skip(*name, name->len - extension.len), extension)) {
			name->len -= extension.len;
			return true;
		}
	}
	if (str_ends(*name, STR(".service")) && name->len > 8) { /* not Cart.Service */
		name->len -= 8;
		return true;
	}
	/* .log00012, .out00003 */
	size_t end = name->len;
	while (end > 0 && is_digit(name->ptr[end - 1]))
		end--;
	struct str head = str_head(*name, end);
	if (end == name->len || end < 5 ||
		(!str_ends(head, STR(".log")) && !str_ends(head, STR(".out"))))
		return false;
	name->len = end - 4;
	return true;
}

/* cart-<64 digits of a container's id>, cart_<a UUID> */
static bool cut_id(struct str *name)
{
	static const size_t lengths[] = { 64, 36, 32 };
	for (size_t i = 0; i < countof(lengths); i++) {
		size_t len = lengths[i];
		if (name->len > len + 1 &&
			memchr("-_.", name->ptr[name->len - len - 1], 3) != NULL &&
			service_is_id(str_skip(*name, name->len - len))) {
			name->len -= len + 1;
			return true;
		}
	}
	return false;
}

/* cart(1), cart (1), `cart - Copy`: what a browser or a desktop adds. */
static bool cut_copy(struct str *name)
{
	size_t end = name->len;
	if (end > 7 && str_ends(*name, STR(" - Copy"))) {
		name->len -= 7;
		return true;
	}
	ptrdiff_t variant = str_find(*name, STR(" (")); /* build (ubuntu-latest) */
	if (variant > 0 && name->ptr[end - 1] == ')') {
		name->len = (size_t)variant;
		return true;
	}
	if (end < 4 || name->ptr[end - 1] != ')' || !is_digit(name->ptr[end - 2]))
		return false;
	while (end > 1 && (name->ptr[end - 1] == ')' || is_digit(name->ptr[end - 1])))
		end--;
	if (name->ptr[end - 1] != '(' || end < 2)
		return false;
	name->len = end - 1 - (name->ptr[end - 2] == ' ');
	return name->len > 0;
}

/* 20251109 */
static bool is_day(struct str text)
{
	return all_digits(text) && text.ptr[0] == '2' && text.ptr[1] == '0' && text.ptr[4] <= '1' &&
	       text.ptr[6] <= '3';
}

/* A number in front: of a step, 0_build; of an account; of a day, and the id of a machine behind
 * it. */
static struct str without_number_in_front(struct str name)
{
	size_t end = 0, digits = 0;
	while (end < name.len && (is_digit(name.ptr[end]) || name.ptr[end] == '_' ||
					 name.ptr[end] == '-' || name.ptr[end] == 'T'))
		digits += is_digit(name.ptr[end++]);
	if (digits == 0 || end + 2 > name.len || !is_alpha(name.ptr[end]) ||
		!(name.ptr[end - 1] == '_' || (name.ptr[end - 1] == '-' && digits >= 8)))
		return name;
	struct str rest = str_skip(name, end), next = rest, id = str_cut(&next, '_');
	size_t id_digits = 0;
	for (size_t i = 0; i < id.len; i++)
		id_digits += is_digit(id.ptr[i]);
	return digits >= 8 && next.len > 1 && id.len >= 10 && id_digits >= 4 ? next : rest;
}

/* cart.20251109.<what made the name unique>, cart_20251109T1000Z_10.0.0.1_x2:
 * a day in the middle. */
static bool cut_behind_day(struct str *name)
{
	for (size_t at = 2; at + 9 < name->len; at++) {
		if (memchr("-_.", name->ptr[at], 3) == NULL || !is_digit(name->ptr[at + 1]) ||
			is_digit(name->ptr[at - 1]) || !is_day(str_of(name->ptr + at + 1, 8)) ||
			is_digit(name->ptr[at + 9]))
			continue;
		/* Every word behind it has a digit, or is a zone. */
		struct str rest = str_skip(*name, at + 9);
		bool numbered = true;
		for (size_t i = 0; i < rest.len;) {
			size_t digits = 0, start = i;
			for (; i < rest.len && memchr("-_.", rest.ptr[i], 3) == NULL; i++)
				digits += is_digit(rest.ptr[i]);
			struct str word = str_of(rest.ptr + start, i - start);
			numbered &=
				digits > 0 || word.len < 2 || str_equal_nocase(word, STR("utc"));
			i++;
		}
		if (numbered) {
			name->len = at;
			return true;
		}
	}
	return false;
}

/* postgresql-Sun, cart.Sunday */
static bool cut_weekday(struct str *name)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
	for (size_t i = 0; i < countof(days); i++) {
		struct str day = str_from(days[i]);
		if (name->len > day.len + 1 &&
			memchr("-_.", name->ptr[name->len - day.len - 1], 3) != NULL &&
			str_ends(*name, day)) {
			name->len -= day.len + 1;
			return true;
		}
	}
	/* postgresql-09, of the day of a month */
	if (name->len == 13 && str_starts(*name, STR("postgresql-")) &&
		all_digits(str_skip(*name, 11))) {
		name->len = 10;
		return true;
	}
	return false;
}

/* A date that stands directly behind a word: MSGTRK2025110913-1. */
static bool begins_date(struct str text)
{
	return text.len >= 8 && is_day(str_head(text, 8));
}

/* -1.2.3, of a version; an address has a fourth number. */
static bool is_version(struct str text)
{
	int dots = 0;
	for (size_t i = 1; i < text.len; i++) {
		if (!is_digit(text.ptr[i]) && text.ptr[i] != '.')
			return false;
		dots += text.ptr[i] == '.';
	}
	return dots == 2 && (text.ptr[0] == '-' || text.ptr[0] == '_') && is_digit(text.ptr[1]);
}

/* .1, -20250101, .2025-01-01, _2025-01-01T10-00-00.123, -1735689600: numbers at the end. */
static bool cut_rotation(struct str *name)
{
	size_t end = name->len;
	int digits = 0;
	while (end > 0 && (is_digit(name->ptr[end - 1]) ||
				  memchr("-_.:TWZ@", name->ptr[end - 1], 8) != NULL)) {
		digits += is_digit(name->ptr[end - 1]);
		end--;
	}
	if (end == 0) /* nothing but numbers: all of it is the date */
		return false;
	if (end > 1 && begins_date(str_skip(*name, end))) {
		name->len = end;
		return true;
	}
	/* Back to where the separator stands, so that http2 and ipv4 keep their digits. */
	while (end < name->len && memchr("-_.@", name->ptr[end], 4) == NULL)
		end++;
	if (end == 0 || end >= name->len || digits == 0)
		return false;
	digits = 0;
	for (size_t i = end; i < name->len; i++)
		digits += is_digit(name->ptr[i]);
	char separator = name->ptr[end];
	bool is_counter = separator == '.' && digits <= 3 && digits > 0;
	if (!is_counter && digits < 6 && !is_version(str_skip(*name, end)))
		return false;
	name->len = end;
	return true;
}

/* cart-error, cart_access, cart.stdout, cart.debug: two logs of one service. */
bool service_cut_stream(struct str *name)
{
	static const char *const streams[] = { "stdout", "stderr", "error", "errors", "err",
		"access", "previous", "prev", "json", "slow" };
	static const char *const dotted[] = { ".debug", ".info", ".trace", ".warn", ".warning",
		".fatal", ".gc" };
	for (size_t i = 0; i < countof(dotted); i++) {
		size_t len = strlen(dotted[i]);
		if (name->len > len + 1 &&
			str_equal_nocase(str_skip(*name, name->len - len), str_from(dotted[i]))) {
			name->len -= len;
			return true;
		}
	}
	for (size_t i = 0; i < countof(streams); i++) {
		size_t len = strlen(streams[i]);
		if (name->len > len + 2 &&
			memchr("-_.", name->ptr[name->len - len - 1], 3) != NULL &&
			str_equal_nocase(str_skip(*name, name->len - len), str_from(streams[i]))) {
			name->len -= len + 1;
			return true;
		}
	}
	return false;
}

/* Swarm's cart.1.<id of the task>, rabbit@host. */
static struct str without_instance(struct str name)
{
	ptrdiff_t end = str_find_byte(name, '@');
	if (end > 1)
		return str_head(name, (size_t)end);
	size_t at = name.len;
	while (at > 0 && (is_digit(name.ptr[at - 1]) ||
				 (name.ptr[at - 1] >= 'a' && name.ptr[at - 1] <= 'z')))
		at--;
	if (name.len - at != 25 || at < 4 || name.ptr[at - 1] != '.' || !is_digit(name.ptr[at - 2]))
		return name;
	at -= 2;
	while (at > 0 && is_digit(name.ptr[at - 1]))
		at--;
	return at > 1 && name.ptr[at - 1] == '.' ? str_head(name, at - 1) : name;
}

/* Dates, numbers, ids: 2025-11-09, @400000006925d6df11111111, [$LATEST]<id>, u_ex251109. */
bool service_is_numbered(struct str name)
{
	ptrdiff_t latest = str_find(name, STR("[$LATEST]"));
	if (latest == 0 || (latest == 11 && is_digit(name.ptr[0])))
		name = str_skip(name, (size_t)latest + 9);
	else if (name.len > 1 && name.ptr[0] == '@')
		name = str_skip(name, 1);
	struct str bare = name;
	ptrdiff_t dot = str_find_byte(name, '.');
	if (dot > 0)
		bare = str_head(name, (size_t)dot);
	if (service_is_id(bare))
		return true;
	if (name.len >= 8 && str_starts(name, STR("u_ex")) &&
		all_digits(
			str_of(name.ptr + 4, name.len - 4 - (str_ends(name, STR("_x")) ? 2 : 0))))
		return true;
	ptrdiff_t equals = str_find_byte(name, '=');
	name = equals > 0 ? str_skip(name, (size_t)equals + 1) : name; /* y=2025, attempt=1 */
	size_t digits = 0;
	for (size_t i = 0; i < name.len; i++) {
		/* 10:00:00_10:59:59_S0 */
		bool is_shard = i > 0 && name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' &&
				name.ptr[i - 1] == '_' && i + 1 < name.len &&
				is_digit(name.ptr[i + 1]);
		if (!is_digit(name.ptr[i]) && memchr("-_.T:", name.ptr[i], 5) == NULL && !is_shard)
			return false;
		digits += is_digit(name.ptr[i]);
	}
	return digits > 0 && (digits == name.len || digits >= 4);
}

bool service_file_is_empty(struct str name)
{
	return is_among(name, empty_names, countof(empty_names)) || service_is_numbered(name);
}

static bool is_glog_level(struct str text)
{
	static const char *const levels[] = { "INFO", "WARNING", "ERROR", "FATAL" };
	text = str_cut(&text, '.');
	for (size_t i = 0; i < countof(levels); i++) {
		if (str_equal(text, str_from(levels[i])))
			return true;
	}
	return false;
}

struct str service_file_strip(struct str name)
{
	if (name.len > 1 && name.ptr[0] == '.')
		name = str_skip(name, 1);
	/* cart-stdout---supervisor-<random> */
	ptrdiff_t random = str_find(name, STR("---supervisor-"));
	if (random > 0)
		name.len = (size_t)random;
	/* ceph-mon.a, ceph-mgr.host.x: a daemon and its id */
	static const char *const daemons[] = { "ceph-mon.", "ceph-mgr.", "ceph-mds." };
	for (size_t i = 0; i < countof(daemons); i++) {
		if (str_starts(name, str_from(daemons[i])))
			return str_head(name, 8);
	}
	/* glog's cart.<host>.<user>.log.INFO.20251231-235959.4711 */
	ptrdiff_t level = str_find(name, STR(".log."));
	if (level > 0 && is_glog_level(str_skip(name, (size_t)level + 5)))
		return str_cut(&name, '.');
	for (;;) {
		while (cut_extension(&name) || cut_rotation(&name) || cut_copy(&name) ||
			cut_weekday(&name) || cut_id(&name) || cut_behind_day(&name))
			;
		if (str_ends(name, STR("_log")) || str_ends(name, STR("-log")))
			name.len -= 4;
		if (service_file_is_empty(name) || !service_cut_stream(&name))
			break;
	}
	name = without_number_in_front(without_instance(name));
	while (name.len > 1 && memchr("-_.", name.ptr[name.len - 1], 3) != NULL)
		name.len--;
	return name;
}
