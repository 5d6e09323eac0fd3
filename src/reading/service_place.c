/* SPDX-License-Identifier: MIT */
/* The service that a path names: from Kubernetes' layouts, and those of its collectors. */
#include "src/reading/service_parts.h"

#define POD_BYTES 8 /* of the shortest pod's name that is looked for inside of another */

static const char *const container_names[] = { "api", "app", "application", "c", "container",
	"core", "default", "main", "manager", "server", "service", "web", "worker" };

static void cut_parts(struct str place, struct parts *parts)
{
	parts->count = 0;
	size_t start = 0;
	for (size_t i = 0; i <= place.len; i++) {
		if (i < place.len && place.ptr[i] != '/' && place.ptr[i] != '!' &&
			place.ptr[i] != '\\')
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
bool service_is_generated(struct str s, size_t min, size_t max)
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
		hexadecimal &= is_small_hex(s.ptr[i]);
	}
	return digit && (hexadecimal || service_is_generated(s, 6, 11));
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

/* Is the last part of it a number, as in the address of a host, ip-10-0-1-2? */
static bool ends_in_number(struct str name)
{
	struct str head, tail;
	return cut_last(name, &head, &tail) && all_digits(tail);
}

struct str service_workload(struct str pod, struct str container, struct str name_space)
{
	struct str head, tail, front, hash;
	if (!cut_last(pod, &head, &tail))
		return pod;
	if (service_is_generated(tail, 5, 5) && cut_last(head, &front, &hash)) {
		if (is_template_hash(hash))
			return front;
		/* A job of a cron job: name-28394820-x5k2p. */
		return all_digits(hash) && hash.len >= 7 ? front : head;
	}
	if (service_is_generated(tail, 5, 5))
		return head;
	static const char *const planes[] = { "kube-apiserver-", "kube-controller-manager-",
		"kube-scheduler-" };
	for (size_t i = 0; i < countof(planes); i++) { /* static pods, with their node's name */
		if (str_starts(pod, str_from(planes[i])))
			return str_head(pod, strlen(planes[i]) - 1);
	}
	if (all_digits(tail) && tail.len <= 3 && !ends_in_number(head) &&
		str_find(pod, STR("master")) < 0 && str_find(pod, STR("worker")) < 0 &&
		str_find_byte(pod, '.') < 0)
		return head;
	struct str name = cut_node(pod, container, name_space);
	if (cut_last(name, &head, &tail) && all_digits(tail) && tail.len <= 3 &&
		!ends_in_number(head))
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
		if (!is_hex(s.ptr[i]) && s.ptr[i] != '-')
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

/*
 * ecs-<container>-<id of the task>/000000.gz: the stream ecs/<container>/<id>, as CloudWatch calls
 * it in a bucket.
 */
static bool exported_stream(const struct parts *p, struct buf *out)
{
	static const struct str prefix = { "ecs-", 4 };
	struct str head, id;
	if (p->count < 2 || !cut_last(p->items[p->count - 2], &head, &id) || id.len != 32 ||
		!is_hex_run(id, 32) || !str_starts(head, prefix) || head.len == prefix.len ||
		!service_file_is_empty(service_file_strip(p->items[p->count - 1])))
		return false;
	buf_append(out, str_skip(head, prefix.len));
	return true;
}

/*
 * Under a folder of pods, item i: podlogs/<ns>/<pod>/logs/<container>.txt,
 * pods/logs/<ns>/<pod>/<container>.log, podlogs/<ns>-<pod>, of a namespace that ends in -system.
 */
static bool collected_pod(const struct parts *p, size_t i, struct buf *out)
{
	size_t last = p->count - 1;
	/* pods/<pod>/<container>/logs/current.log ends alike, and its file names no container. */
	bool named = !service_file_is_empty(service_file_strip(p->items[last]));
	bool behind = i + 4 == last && named && str_equal(p->items[i + 3], STR("logs"));
	if (behind || (i + 4 == last && str_equal(p->items[i + 1], STR("logs")))) {
		size_t at = behind ? i + 1 : i + 2;
		put_pod(out, p->items[at], p->items[at + 1], service_file_strip(p->items[last]));
		return true;
	}
	if (i + 1 != last || !str_equal(p->items[i], STR("podlogs")))
		return false;
	struct str pod = service_file_strip(p->items[last]);
	ptrdiff_t end = str_find(pod, STR("-system-"));
	pod = end > 0 ? str_skip(pod, (size_t)end + 8) : pod;
	put_pod(out, STR_NONE, pod, STR_NONE);
	return true;
}

/* What a pod is, written down when someone asked: beside its logs, and none of them. */
static bool is_manifest(struct str file)
{
	static const char *const endings[] = { ".yaml", ".yml", ".html", ".xml" };
	for (size_t i = 0; i < countof(endings); i++) {
		if (str_ends(file, str_from(endings[i])))
			return true;
	}
	return false;
}

/* A pod's name by itself: of a replica set, of a cron job's job, of a daemon set. */
static bool is_pod_name(struct str name)
{
	struct str head, tail, rest, hash;
	bool digit = false, letter = false;
	if (!cut_last(name, &head, &tail) || !service_is_generated(tail, 5, 5))
		return false;
	for (size_t i = 0; i < tail.len; i++) {
		digit |= is_digit(tail.ptr[i]);
		letter |= !is_digit(tail.ptr[i]);
	}
	return service_is_pod(name) || (digit && letter) ||
	       (cut_last(head, &rest, &hash) && all_digits(hash) && hash.len >= 7);
}

/* stock-db-0 */
static bool has_ordinal(struct str name)
{
	struct str head, tail;
	return cut_last(name, &head, &tail) && all_digits(tail) && tail.len <= 3;
}

/* .../[namespaces/<ns>/]pods/<pod>/<container>/<container>/logs/current.log,
 * or .../<container>.log */
static bool pods_tree(const struct parts *p, struct buf *out)
{
	for (size_t i = p->count; i-- > 0;) {
		if (!str_equal(p->items[i], STR("pods")) &&
			!str_equal(p->items[i], STR("podlogs")) &&
			!str_equal(p->items[i], STR("pod-logs")))
			continue;
		if (collected_pod(p, i, out))
			return true;
		if (i + 2 >= p->count)
			return false;
		struct str name_space = i > 0 ? p->items[i - 1] : STR_NONE;
		struct str container = p->items[i + 2];
		/* <namespace>/<pod>.log, <namespace>/<pod>/<container>/current.log */
		struct str inner = i + 3 == p->count ? service_file_strip(container) : container;
		if (!has_ordinal(p->items[i + 1]) && !is_pod_name(p->items[i + 1]) &&
			(is_pod_name(inner) || (i + 3 == p->count && has_ordinal(inner)))) {
			put_pod(out, p->items[i + 1], inner,
				i + 4 < p->count ? p->items[i + 3] : STR_NONE);
			return true;
		}
		if (i + 3 == p->count) { /* the file itself */
			container = service_file_strip(container);
			if (is_manifest(container))
				return false;
			if (service_file_is_empty(container))
				container = STR_NONE;
		}
		if (str_equal(container, STR("logs")))
			container = STR_NONE;
		/* <namespace>_<pod>, whose id was left out */
		struct str pod = p->items[i + 1];
		if (str_find_byte(pod, '_') > 0)
			name_space = str_cut(&pod, '_');
		put_pod(out, name_space, pod, container);
		return true;
	}
	return false;
}

bool service_is_pod(struct str name)
{
	struct str head, tail, rest, hash;
	return cut_last(name, &head, &tail) && service_is_generated(tail, 5, 5) &&
	       cut_last(head, &rest, &hash) && is_template_hash(hash);
}

struct str service_of_replicas(struct str name)
{
	struct str head, tail;
	return cut_last(name, &head, &tail) && is_template_hash(tail) ? head : name;
}

/* Dumps that lay out NAMESPACE/POD/CONTAINER.log or POD/CONTAINER/FILE without saying so. */
static bool pod_named_folder(const struct parts *p, struct buf *out)
{
	for (size_t i = p->count - 1; i-- > 0;) {
		if (!service_is_pod(p->items[i]))
			continue;
		struct str container = p->items[i + 1];
		if (i + 2 == p->count)
			container = service_file_strip(container);
		if (service_file_is_empty(container) || str_equal(container, STR("logs")))
			container = STR_NONE;
		put_pod(out, i > 0 ? p->items[i - 1] : STR_NONE, p->items[i], container);
		return true;
	}
	return false;
}

/*
 * logs-<pod>-<container>, <pod>-<namespace>: a name that goes on behind a pod's. Only where nothing
 * else looks so: behind a replica set's pod, or where the container's name begins as the pod's.
 */
static bool pod_before_dash(struct str name, struct buf *out)
{
	static const struct str logs = { "logs-", 5 };
	if (str_starts(name, logs))
		name = str_skip(name, logs.len);
	for (size_t i = POD_BYTES; i + 2 < name.len; i++) {
		struct str pod = str_head(name, i), rest = str_skip(name, i + 1);
		if (name.ptr[i] != '-' || !is_pod_name(pod))
			continue;
		struct str workload = service_workload(pod, STR_NONE, STR_NONE);
		if (!service_is_pod(pod) && !str_starts(rest, workload))
			continue;
		put_pod(out, STR_NONE, pod, str_ends(rest, STR("-system")) ? STR_NONE : rest);
		return true;
	}
	return false;
}

/* [<ns>_]<pod>[_<container>].log, <pod>.<container>.log */
static bool pod_named_file(const struct parts *p, struct buf *out)
{
	struct str rest = service_file_strip(p->items[p->count - 1]), before = STR_NONE;
	if (is_manifest(rest))
		return false;
	while (rest.len > 0) {
		struct str part = rest;
		size_t len = 0;
		while (len < rest.len && rest.ptr[len] != '_' && rest.ptr[len] != '.')
			len++;
		part = str_head(rest, len);
		rest = len < rest.len ? str_skip(rest, len + 1) : STR_NONE;
		if (is_pod_name(part)) {
			put_pod(out, before, part, rest);
			return true;
		}
		before = part;
	}
	return pod_before_dash(service_file_strip(p->items[p->count - 1]), out);
}

enum service_source service_of_place(struct str place, size_t top, struct buf *out)
{
	struct parts parts;
	cut_parts(place, &parts);
	parts.top = place.ptr + size_min(top, place.len);
	if (parts.count == 0 || str_equal(place, STR("-")))
		return SERVICE_UNKNOWN;
	if (pods_folder(&parts, out) || containers_file(&parts, out) || pods_tree(&parts, out) ||
		pod_named_folder(&parts, out) || pod_named_file(&parts, out))
		return SERVICE_FROM_POD;
	if (exported_stream(&parts, out))
		return SERVICE_FROM_FILE;
	size_t before = out->len;
	enum service_source source = service_of_file(&parts, out);
	/* Of a name that is a suffix alone nothing is left. */
	return out->len > before ? source : SERVICE_UNKNOWN;
}
