/* SPDX-License-Identifier: MIT */
/* The service that a file's name and its folders give. */
#include "service_parts.h"

/* Names that say nothing of who writes: the folder decides. */
static const char *const empty_names[] = { "access", "audit", "console", "current", "debug",
	"default", "err", "error", "errors", "info", "log", "logs", "main", "other", "out",
	"output", "previous", "ssl_access", "ssl_error", "stderr", "stdout", "ssl_request", "trace",
	"warn", "warning", "access_log", "error_log", "ssl_access_log", "ssl_error_log", "json",
	"gc", "slow", "slowlog", "text", "all", "startup" };

/* Names of parts that every system has: the folder comes in front. */
static const char *const role_names[] = { "agent", "api", "app", "application", "backend", "backup",
	"client", "conductor", "controller", "daemon", "engine", "frontend", "manager", "master",
	"node", "proxy", "registry", "scheduler", "server", "service", "volume", "web", "worker",
	"catalina" };

/* Files that many programs write to. */
static const char *const shared_names[] = { "auth", "boot", "cron", "daemon", "dmesg", "journal",
	"journalctl", "kern", "kernel", "maillog", "mail", "messages", "secure", "syslog", "system",
	"user", "userlog", "spooler", "journalctl_--no-pager", "docker-compose", "compose" };

static const char *const folder_names[] = { "log", "logs", "var", "tmp", "data", "output",
	"current", "usr", "opt", "home", "root", "srv", "mnt", "etc", "standalone", "sos_commands",
	"files", "share", "old", "archive", "archived", "input", "local", "run", "upstart",
	"supervisor", "runit", "s6", "main", "pods", "containers", "alloc" };

static bool cut_extension(struct str *name)
{
	static const char *const extensions[] = { ".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip",
		".z", ".log", ".txt", ".out", ".err", ".json", ".jsonl", ".ndjson", ".old", ".prev",
		".previous", ".bak", ".csv", ".tar", ".tgz", ".text", ".logs", ".current", ".zstd",
		".br", ".service" };
	for (size_t i = 0; i < countof(extensions); i++) {
		struct str extension = str_from(extensions[i]);
		if (name->len > extension.len &&
			str_equal_nocase(str_skip(*name, name->len - extension.len), extension)) {
			name->len -= extension.len;
			return true;
		}
	}
	return false;
}

/* .1, -20250101, .2025-01-01, _2025-01-01T10-00-00.123, -1735689600: numbers at the end. */
static bool cut_rotation(struct str *name)
{
	size_t end = name->len;
	int digits = 0;
	while (end > 0 &&
		(is_digit(name->ptr[end - 1]) || memchr("-_.:T@", name->ptr[end - 1], 6) != NULL)) {
		digits += is_digit(name->ptr[end - 1]);
		end--;
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
	if (!is_counter && digits < 6)
		return false;
	name->len = end;
	return true;
}

/* cart-error, cart_access, cart.stdout: two logs of one service. */
static bool cut_stream(struct str *name)
{
	static const char *const streams[] = { "stdout", "stderr", "error", "errors", "err",
		"access", "previous" };
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

/* shop_cart_1, shop-cart-1: a project's service and its number, as docker compose names containers. */
static struct str without_number(struct str name)
{
	size_t end = name.len;
	while (end > 0 && is_digit(name.ptr[end - 1]))
		end--;
	if (end < 4 || name.len - end > 2 || end == name.len)
		return name;
	char separator = name.ptr[end - 1];
	struct str head = str_head(name, end - 1);
	ptrdiff_t before =
		separator == '-' || separator == '_' ? str_find_byte(head, separator) : -1;
	return before > 0 && !is_digit(head.ptr[head.len - 1]) ? head : name;
}

/* What a collector ran: podman_logs_-t_cart, journalctl_--no-pager_--unit_kubelet. */
static struct str without_command(struct str name)
{
	static const char *const commands[] = { "docker_logs_-t_", "docker_logs_",
		"podman_logs_-t_", "podman_logs_" };
	for (size_t i = 0; i < countof(commands); i++) {
		if (str_starts(name, str_from(commands[i])))
			return str_skip(name, strlen(commands[i]));
	}
	if (!str_starts(name, STR("journalctl_")))
		return name;
	ptrdiff_t unit = str_find(name, STR("_--unit_"));
	if (unit >= 0)
		return str_skip(name, (size_t)unit + 8);
	unit = str_find(name, STR("_-u_"));
	return unit >= 0 ? str_skip(name, (size_t)unit + 4) : name;
}

struct str service_file_strip(struct str name)
{
	if (name.len > 1 && name.ptr[0] == '.')
		name = str_skip(name, 1);
	/* cart-stdout---supervisor-<random> */
	ptrdiff_t random = str_find(name, STR("---supervisor-"));
	if (random > 0)
		name.len = (size_t)random;
	for (;;) {
		while (cut_extension(&name) || cut_rotation(&name))
			;
		if (str_ends(name, STR("_log")) || str_ends(name, STR("-log")))
			name.len -= 4;
		if (service_file_is_empty(name) || !cut_stream(&name))
			break;
	}
	name = without_instance(name);
	while (name.len > 1 && memchr("-_.", name.ptr[name.len - 1], 3) != NULL)
		name.len--;
	return name;
}

static bool is_hexadecimal(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]) && s.ptr[i] != '-' &&
			((s.ptr[i] | 32) < 'a' || (s.ptr[i] | 32) > 'f'))
			return false;
	}
	return s.len >= 24;
}

/* Dates, numbers, ids: 2025-11-09, @400000006925d6df11111111, [$LATEST]<id>, u_ex251109. */
static bool is_numbered(struct str name)
{
	if (str_starts(name, STR("[$LATEST]")))
		name = str_skip(name, 9);
	else if (name.len > 1 && name.ptr[0] == '@')
		name = str_skip(name, 1);
	struct str bare = name;
	ptrdiff_t dot = str_find_byte(name, '.');
	if (dot > 0)
		bare = str_head(name, (size_t)dot);
	if (is_hexadecimal(bare))
		return true;
	if (name.len >= 8 && str_starts(name, STR("u_ex")) && all_digits(str_skip(name, 4)))
		return true;
	size_t digits = 0;
	for (size_t i = 0; i < name.len; i++) {
		if (!is_digit(name.ptr[i]) && memchr("-_.T:", name.ptr[i], 5) == NULL)
			return false;
		digits += is_digit(name.ptr[i]);
	}
	return digits > 0 && (digits == name.len || digits >= 4);
}

bool service_file_is_empty(struct str name)
{
	return is_among(name, empty_names, countof(empty_names)) || is_numbered(name);
}

static bool is_log_folder(struct str name)
{
	return str_equal_nocase(name, STR("log")) || str_equal_nocase(name, STR("logs"));
}

/* Folders that are containers of archives or hold many things name no service. */
static bool names_service(struct str folder)
{
	if (folder.len < 2 || is_among(folder, folder_names, countof(folder_names)) ||
		is_numbered(folder))
		return false;
	return !str_starts(folder, STR("sosreport")) && !str_starts(folder, STR("must-gather")) &&
	       str_find(folder, STR(".tar")) < 0 && !str_ends(folder, STR(".zip")) &&
	       !str_ends(folder, STR(".tgz")) && str_find(folder, STR("sha256-")) < 0;
}

static bool contains_nocase(struct str name, struct str part)
{
	for (size_t i = 0; i + part.len <= name.len; i++) {
		if (str_equal_nocase(str_of(name.ptr + i, part.len), part))
			return true;
	}
	return false;
}

/* The nearest folder that names a service, past those of logs; never the first of all. */
static struct str naming_folder(const struct parts *p, size_t last)
{
	for (size_t i = last, passed = 0; i-- > 1 && passed < 3; passed++) {
		if (names_service(p->items[i]))
			return p->items[i];
	}
	return STR_NONE;
}

/* Layouts where a folder says what the files in it are. */
static bool of_known_folder(const struct parts *p, size_t last, struct str name, struct buf *out)
{
	struct str folder = last > 0 ? p->items[last - 1] : STR_NONE;
	struct str above = last > 1 ? p->items[last - 2] : STR_NONE;
	struct str file = p->items[last];
	ptrdiff_t json = str_find(file, STR("-json"));
	if (json == 64 &&
		is_hexadecimal(str_head(file, 64))) { /* docker's, named by a container's id */
		buf_append(out, str_head(file, 12));
		return true;
	}
	if (str_equal(above, STR("audit_logs"))) {
		buf_append(out, folder);
		return true;
	}
	if (str_equal(above, STR("host_service_logs")) && str_ends(name, STR("_service"))) {
		buf_append(out, str_head(name, name.len - 8));
		return true;
	}
	if (str_equal(above, STR(".pm2"))) {
		size_t end = name.len;
		while (end > 0 && is_digit(name.ptr[end - 1]))
			end--;
		if (end > 1 && end < name.len && name.ptr[end - 1] == '-')
			name.len = end - 1;
		cut_stream(&name);
		name.len -= str_ends(name, STR("-out")) ? 4 : 0;
		buf_append(out, name);
		return true;
	}
	/* vpxd/vpxd-12.log */
	if (folder.len > 1 && name.len > folder.len + 1 && str_starts(name, folder) &&
		memchr("-_.", name.ptr[folder.len], 3) != NULL &&
		all_digits(str_skip(name, folder.len + 1))) {
		buf_append(out, folder);
		return true;
	}
	return false;
}

enum service_source service_of_file(const struct parts *p, struct buf *out)
{
	size_t last = p->count - 1;
	struct str name = without_number(service_file_strip(without_command(p->items[last])));
	/* app.log.gz!app.log: the inner name is the same one, decompressed. */
	if (last > 0 && str_starts(p->items[last - 1], p->items[last]))
		last--;
	if (of_known_folder(p, last, name, out))
		return SERVICE_FROM_FILE;
	struct str folder = last > 0 ? p->items[last - 1] : STR_NONE;
	bool under_log = last > 1 && is_log_folder(p->items[last - 2]) && names_service(folder);
	bool is_shared = is_among(name, shared_names, countof(shared_names));
	bool is_role = is_among(name, role_names, countof(role_names));
	if (service_file_is_empty(name)) {
		for (size_t i = last; i-- > 0;) {
			if (names_service(p->items[i])) {
				struct str pod = service_file_strip(p->items[i]);
				buf_append(out, service_workload(pod, STR_NONE, STR_NONE));
				return SERVICE_FROM_FILE;
			}
		}
		buf_append(out, name);
		return SERVICE_FROM_GENERIC;
	}
	if (is_shared && !under_log) {
		buf_append(out, name);
		return SERVICE_FROM_GENERIC;
	}
	if (is_role && !names_service(folder))
		folder = naming_folder(p, last);
	if ((under_log || (is_role && names_service(folder))) && !contains_nocase(name, folder)) {
		buf_append(out, folder);
		buf_append_byte(out, '/');
	}
	buf_append(out, name);
	return SERVICE_FROM_FILE;
}
