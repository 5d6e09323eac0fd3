/* SPDX-License-Identifier: MIT */
/* The service that a path names. */
#include "lineup/service.h"

#define PART_LIMIT 64

struct parts {
	struct str items[PART_LIMIT];
	size_t count;
};

/* Names that say nothing of who writes: the folder decides. */
static const char *const empty_names[] = { "access", "audit", "console", "current", "debug",
	"default", "err", "error", "errors", "info", "log", "logs", "main", "other", "out",
	"output", "previous", "ssl_access", "ssl_error", "stderr", "stdout", "ssl_request", "trace",
	"warn", "warning", "access_log", "error_log", "ssl_access_log", "ssl_error_log", "json",
	"gc", "slow", "slowlog", "text", "all", "startup" };

/* Names of parts that every system has: the folder comes in front. */
static const char *const role_names[] = { "agent", "api", "app", "application", "backend", "backup",
	"client", "conductor", "controller", "daemon", "engine", "frontend", "manager", "master",
	"node", "proxy", "registry", "scheduler", "server", "service", "volume", "web", "worker" };

/* Files that many programs write to. */
static const char *const shared_names[] = { "auth", "boot", "cron", "daemon", "dmesg", "journal",
	"journalctl", "kern", "kernel", "maillog", "mail", "messages", "secure", "syslog", "system",
	"user", "userlog", "spooler", "journalctl_--no-pager", "docker-compose", "compose" };

static const char *const folder_names[] = { "log", "logs", "var", "tmp", "data", "output",
	"current", "usr", "opt", "home", "root", "srv", "mnt", "etc", "standalone", "sos_commands",
	"files", "share", "old", "archive", "archived", "input", "local", "run" };

static const char *const container_names[] = { "api", "app", "application", "c", "container",
	"core", "default", "main", "manager", "server", "service", "web", "worker" };

static bool is_among(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal_nocase(name, str_from(names[i])))
			return true;
	}
	return false;
}

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]))
			return false;
	}
	return s.len > 0;
}

static void cut_parts(struct str place, struct parts *parts)
{
	parts->count = 0;
	size_t start = 0;
	for (size_t i = 0; i <= place.len; i++) {
		if (i < place.len && place.ptr[i] != '/' && place.ptr[i] != '!')
			continue;
		if (i > start && !(i - start == 1 && place.ptr[start] == '.')) {
			if (parts->count == PART_LIMIT) {
				memmove(parts->items, parts->items + 1,
					(PART_LIMIT - 1) * sizeof(parts->items[0]));
				parts->count--;
			}
			parts->items[parts->count++] = str_of(place.ptr + start, i - start);
		}
		start = i + 1;
	}
}

/* The alphabet of Kubernetes' generated names: no vowels, nothing that looks alike. */
static bool is_generated(struct str s, size_t min, size_t max)
{
	if (s.len < min || s.len > max)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\0' || memchr("bcdfghjklmnpqrstvwxz2456789", s.ptr[i], 27) == NULL)
			return false;
	}
	return true;
}

static bool is_template_hash(struct str s)
{
	bool hexadecimal = s.len >= 8 && s.len <= 10, digit = false;
	for (size_t i = 0; i < s.len; i++) {
		digit |= is_digit(s.ptr[i]);
		hexadecimal &= is_digit(s.ptr[i]) || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f');
	}
	return digit && (hexadecimal || is_generated(s, 6, 11));
}

static bool cut_last(struct str name, struct str *head, struct str *tail)
{
	ptrdiff_t dash = str_rfind_byte(name, '-');
	if (dash <= 0)
		return false;
	*head = str_head(name, (size_t)dash);
	*tail = str_skip(name, (size_t)dash + 1);
	return true;
}

/* The end of `word` in `name`, where both its ends are dashes or ends; 0. */
static size_t word_end(struct str name, struct str word)
{
	for (size_t at = 0; word.len >= 2 && at + word.len <= name.len; at++) {
		if ((at == 0 || name.ptr[at - 1] == '-') &&
			memcmp(name.ptr + at, word.ptr, word.len) == 0 &&
			(at + word.len == name.len || name.ptr[at + word.len] == '-'))
			return at + word.len;
	}
	return 0;
}

/* Static pods carry their node's name: kube-apiserver-ip-10-0-1-2.ec2.internal, etcd-master-0. */
static struct str cut_node(struct str pod, struct str container, struct str name_space)
{
	ptrdiff_t ip = str_find(pod, STR("-ip-"));
	if (ip > 0 && (size_t)ip + 4 < pod.len && is_digit(pod.ptr[ip + 4]))
		pod = str_head(pod, (size_t)ip);
	size_t end = word_end(pod, container);
	if (end > 0 && end < pod.len)
		return str_head(pod, end);
	/* The tail of the namespace's name: openstack-etcd, kube-system. */
	for (struct str tail = name_space; tail.len > 0;) {
		if (str_starts(pod, tail) && pod.len > tail.len && pod.ptr[tail.len] == '-')
			return str_head(pod, tail.len);
		ptrdiff_t dash = str_find_byte(tail, '-');
		tail = dash < 0 ? STR_NONE : str_skip(tail, (size_t)dash + 1);
	}
	return pod;
}

struct str service_workload(struct str pod, struct str container, struct str name_space)
{
	struct str head, tail, front, hash;
	if (!cut_last(pod, &head, &tail))
		return pod;
	if (is_generated(tail, 5, 5) && cut_last(head, &front, &hash)) {
		if (is_template_hash(hash))
			return front;
		/* A job of a cron job: name-28394820-x5k2p. */
		return all_digits(hash) && hash.len >= 7 ? front : head;
	}
	if (is_generated(tail, 5, 5))
		return head;
	if (all_digits(tail) && tail.len <= 3 && str_find(pod, STR("master")) < 0 &&
		str_find(pod, STR("worker")) < 0 && str_find_byte(pod, '.') < 0)
		return head;
	struct str name = cut_node(pod, container, name_space);
	if (cut_last(name, &head, &tail) && all_digits(tail) && tail.len <= 3)
		return head;
	return name;
}

static enum service_source put_pod(
	struct buf *out, struct str name_space, struct str pod, struct str container)
{
	struct str workload = service_workload(pod, container, name_space);
	buf_append(out, workload);
	bool is_main = container.len == 0 ||
		       is_among(container, container_names, countof(container_names)) ||
		       word_end(workload, container) > 0 || word_end(container, workload) > 0;
	if (!is_main) {
		buf_append_byte(out, '/');
		buf_append(out, container);
	}
	return SERVICE_FROM_POD;
}

static bool is_hex_run(struct str s, size_t min)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]) && !((s.ptr[i] | 32) >= 'a' && (s.ptr[i] | 32) <= 'f') &&
			s.ptr[i] != '-')
			return false;
	}
	return s.len >= min;
}

/* /var/log/pods/<ns>_<pod>_<uid>/<container>/0.log */
static bool pods_folder(const struct parts *p, struct buf *out)
{
	for (size_t i = 0; i + 1 < p->count; i++) {
		struct str rest = p->items[i];
		struct str name_space = str_cut(&rest, '_');
		if (rest.ptr == NULL)
			continue;
		struct str pod = str_cut(&rest, '_');
		if (rest.ptr == NULL || pod.len == 0 || name_space.len == 0 ||
			!is_hex_run(rest, 32))
			continue;
		struct str container = i + 2 < p->count ? p->items[i + 1] : STR_NONE;
		put_pod(out, name_space, pod, container);
		return true;
	}
	return false;
}

/* <pod>_<ns>_<container>-<64 hex>.log */
static bool containers_file(const struct parts *p, struct buf *out)
{
	struct str rest = p->count > 0 ? p->items[p->count - 1] : STR_NONE;
	ptrdiff_t dash = str_rfind_byte(rest, '-');
	if (dash < 0)
		return false;
	struct str id = str_skip(rest, (size_t)dash + 1);
	ptrdiff_t dot = str_find_byte(id, '.');
	if (dot != 64 || !is_hex_run(str_head(id, 64), 64))
		return false;
	rest = str_head(rest, (size_t)dash);
	struct str pod = str_cut(&rest, '_');
	struct str name_space = str_cut(&rest, '_');
	if (rest.ptr == NULL)
		return false;
	put_pod(out, name_space, pod, rest);
	return true;
}

static struct str strip_suffixes(struct str name);

/* .../[namespaces/<ns>/]pods/<pod>/<container>/<container>/logs/current.log, pods/<pod>/<container>.log */
static bool pods_tree(const struct parts *p, struct buf *out)
{
	for (size_t i = p->count; i-- > 0;) {
		if (!str_equal(p->items[i], STR("pods")) &&
			!str_equal(p->items[i], STR("podlogs")) &&
			!str_equal(p->items[i], STR("pod-logs")))
			continue;
		if (i + 2 >= p->count)
			return false;
		struct str name_space = i > 0 ? p->items[i - 1] : STR_NONE;
		struct str container = p->items[i + 2];
		if (i + 3 == p->count) { /* the file itself */
			container = strip_suffixes(container);
			if (is_among(container, empty_names, countof(empty_names)))
				container = STR_NONE;
		}
		if (str_equal(container, STR("logs")))
			container = STR_NONE;
		put_pod(out, name_space, p->items[i + 1], container);
		return true;
	}
	return false;
}

bool service_is_pod(struct str name)
{
	struct str head, tail, rest, hash;
	return cut_last(name, &head, &tail) && is_generated(tail, 5, 5) &&
	       cut_last(head, &rest, &hash) && is_template_hash(hash);
}

/* Dumps that lay out NAMESPACE/POD/CONTAINER.log or POD/CONTAINER/FILE without saying so. */
static bool pod_named_folder(const struct parts *p, struct buf *out)
{
	for (size_t i = p->count - 1; i-- > 0;) {
		if (!service_is_pod(p->items[i]))
			continue;
		struct str container = p->items[i + 1];
		if (i + 2 == p->count)
			container = strip_suffixes(container);
		if (is_among(container, empty_names, countof(empty_names)) ||
			str_equal(container, STR("logs")))
			container = STR_NONE;
		put_pod(out, i > 0 ? p->items[i - 1] : STR_NONE, p->items[i], container);
		return true;
	}
	return false;
}

/* ---- file names ---- */

static bool cut_extension(struct str *name)
{
	static const char *const extensions[] = { ".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip",
		".z", ".log", ".txt", ".out", ".err", ".json", ".jsonl", ".ndjson", ".old", ".prev",
		".previous", ".bak", ".csv", ".tar", ".tgz", ".text", ".logs", ".current" };
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

static struct str strip_suffixes(struct str name)
{
	if (name.len > 1 && name.ptr[0] == '.')
		name = str_skip(name, 1);
	while (cut_extension(&name) || cut_rotation(&name))
		;
	if (str_ends(name, STR("_log")) || str_ends(name, STR("-log")))
		name.len -= 4;
	while (name.len > 1 && memchr("-_.", name.ptr[name.len - 1], 3) != NULL)
		name.len--;
	return name;
}

static bool is_log_folder(struct str name)
{
	return str_equal_nocase(name, STR("log")) || str_equal_nocase(name, STR("logs"));
}

/* Folders that are containers of archives or hold many things name no service. */
static bool names_service(struct str folder)
{
	if (folder.len < 2 || is_among(folder, folder_names, countof(folder_names)) ||
		all_digits(folder))
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

static enum service_source from_file(const struct parts *p, struct buf *out)
{
	size_t last = p->count - 1;
	struct str name = strip_suffixes(p->items[last]);
	/* app.log.gz!app.log: the inner name is the same one, decompressed. */
	if (last > 0 && str_starts(p->items[last - 1], p->items[last]))
		last--;
	struct str folder = last > 0 ? p->items[last - 1] : STR_NONE;
	bool under_log = last > 1 && is_log_folder(p->items[last - 2]) && names_service(folder);
	bool is_shared = is_among(name, shared_names, countof(shared_names));
	bool is_empty = is_among(name, empty_names, countof(empty_names)) || all_digits(name);
	bool is_role = is_among(name, role_names, countof(role_names));
	if (is_empty) {
		for (size_t i = last; i-- > 0;) {
			if (names_service(p->items[i])) {
				struct str pod = strip_suffixes(p->items[i]);
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
	if ((under_log || (is_role && names_service(folder))) && !contains_nocase(name, folder)) {
		buf_append(out, folder);
		buf_append_byte(out, '/');
	}
	buf_append(out, name);
	return SERVICE_FROM_FILE;
}

enum service_source service_of_place(struct str place, struct buf *out)
{
	struct parts parts;
	cut_parts(place, &parts);
	if (parts.count == 0 || str_equal(place, STR("-")))
		return SERVICE_UNKNOWN;
	if (pods_folder(&parts, out) || containers_file(&parts, out) || pods_tree(&parts, out) ||
		pod_named_folder(&parts, out))
		return SERVICE_FROM_POD;
	size_t before = out->len;
	enum service_source source = from_file(&parts, out);
	/* Of a name that is a suffix alone nothing is left. */
	return out->len > before ? source : SERVICE_UNKNOWN;
}
