/* SPDX-License-Identifier: MIT */
/* The service that a file's name and its folders give. */
#include "src/reading/service_parts.h"

/* Names of parts that every system has: the folder comes in front. */
static const char *const role_names[] = { "agent", "api", "backend", "backup", "client",
	"conductor", "controller", "daemon", "development", "engine", "frontend", "manager",
	"master", "node", "production", "proxy", "registry", "scheduler", "server", "staging",
	"volume", "web", "worker", "catalina", "config", "extension", "init" };

/* Files that many programs write to. */
static const char *const shared_names[] = { "auth", "boot", "cron", "daemon", "dmesg", "journal",
	"journalctl", "kern", "kernel", "maillog", "mail", "messages", "secure", "syslog", "system",
	"user", "userlog", "spooler", "journalctl_--no-pager", "docker-compose", "compose" };

/* What a program calls its own log when there is nothing else: the folder says who it is. */
static const char *const own_names[] = { "app", "application", "service" };

static const char *const folder_names[] = { "log", "logs", "var", "tmp", "data", "output",
	"current", "usr", "opt", "home", "root", "srv", "mnt", "etc", "standalone", "sos_commands",
	"files", "share", "old", "archive", "archived", "input", "local", "run", "upstart",
	"supervisor", "runit", "s6", "main", "pods", "containers", "alloc", "releases", "shared",
	"_data", "builds", "Log", "Logs" };

/* Folders in which someone put the logs of many: docker-compose-logs. */
static const char *const collected_names[] = { "docker-compose-logs", "compose-logs", "docker-logs",
	"container-logs", "kubectl-logs", "k8s-logs", "service-logs", "app-logs", "all-logs" };

/* shop_cart_1, shop-cart-1: a project's service and its number,
 * as docker compose names containers. */
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

/*
 * What a collector ran or made of a path: podman_logs_-t_cart, node-1_logs_kubelet,
 * journalctl_--no-pager_--unit_kubelet, journalctl-u-kubelet, journal_kubelet, var.log.cart;
 * Samba's log.smbd.
 */
static struct str without_command(struct str name)
{
	ptrdiff_t logs = str_find(name, STR("_logs_"));
	if (logs > 0) {
		name = str_skip(name, (size_t)logs + 6);
		return str_starts(name, STR("-t_")) ? str_skip(name, 3) : name;
	}
	if (str_starts(name, STR("var.log."))) {
		name = service_file_strip(name);
		return str_skip(name, (size_t)str_rfind_byte(name, '.') + 1);
	}
	if (str_starts(name, STR("log.")) && name.len > 4)
		return str_skip(name, 4);
	static const struct str journals[] = { { "journalctl-u-", 13 }, { "journalctl_-u-", 14 },
		{ "journal_", 8 }, { "journal-", 8 } };
	/* journal_verbose.log is all of it, in another form. */
	static const char *const forms[] = { "all", "boot", "export", "full", "json", "short",
		"verbose" };
	for (size_t i = 0; i < countof(journals); i++) {
		struct str unit = str_skip(name, size_min(journals[i].len, name.len));
		if (str_starts(name, journals[i]) && unit.len > 1 && is_alpha(unit.ptr[0]) &&
			!is_among(service_file_strip(unit), forms, countof(forms)))
			return unit;
	}
	if (!str_starts(name, STR("journalctl_")))
		return name;
	ptrdiff_t unit = str_find(name, STR("_--unit_"));
	size_t skipped = 8;
	if (unit < 0) {
		unit = str_find(name, STR("_-u_"));
		skipped = 4;
	}
	if (unit < 0)
		return str_head(name, 10);
	name = str_skip(name, (size_t)unit + skipped);
	ptrdiff_t option = str_find(name, STR("_--"));
	return option > 0 ? str_head(name, (size_t)option) : name;
}

static bool is_log_folder(struct str name)
{
	return str_equal_nocase(name, STR("log")) || str_equal_nocase(name, STR("logs"));
}

/* dag_id=load, y=2025: what a folder or a file named by key and value says; else all of it. */
static struct str value_of(struct str name)
{
	ptrdiff_t equals = str_find_byte(name, '=');
	return equals > 0 && (size_t)equals + 1 < name.len ? str_skip(name, (size_t)equals + 1)
							   : name;
}

/* Folders that are containers of archives or hold many things name no service. */
static bool names_service(struct str folder)
{
	folder = value_of(folder);
	if (folder.len < 2 || is_among(folder, folder_names, countof(folder_names)) ||
		is_among(folder, collected_names, countof(collected_names)) ||
		service_is_numbered(folder))
		return false;
	return !str_starts(folder, STR("sosreport")) && !str_starts(folder, STR("must-gather")) &&
	       str_find(folder, STR(".tar")) < 0 && !str_ends(folder, STR(".zip")) &&
	       !str_ends(folder, STR(".tgz")) && str_find(folder, STR("sha256-")) < 0;
}

/*
 * Does the folder tell its files from those of others? Not the one that all are in: the folder
 * given, or the one that an archive was made of and is called by.
 */
static bool tells_apart(const struct parts *p, size_t i)
{
	struct str folder = p->items[i], archive = i > 0 ? p->items[i - 1] : STR_NONE;
	if (folder.ptr < p->top || !names_service(folder))
		return false;
	return !str_starts(archive, folder) || archive.len == folder.len ||
	       archive.ptr[folder.len] != '.';
}

/* The nearest folder that names a service, past those of logs; never the first of all. */
static struct str naming_folder(const struct parts *p, size_t last)
{
	for (size_t i = last, passed = 0; i-- > 1 && passed < 4; passed++) {
		if (tells_apart(p, i))
			return value_of(p->items[i]);
	}
	return STR_NONE;
}

/* The folder `back` levels above the file; empty where there is none. */
static struct str folder_above(const struct parts *p, size_t last, size_t back)
{
	return last >= back ? p->items[last - back] : STR_NONE;
}

/* Of a container's id, the part that its tools show: docker's ID-json.log, podman's
 * ID/userdata/ctr.log. */
static bool of_container(const struct parts *p, size_t last, struct buf *out)
{
	struct str file = p->items[last], id = file;
	if (str_starts(file, STR("ctr.log")) &&
		str_equal(folder_above(p, last, 1), STR("userdata")))
		id = folder_above(p, last, 2);
	else if (str_find(file, STR("-json")) != 64)
		return false;
	if (id.len < 64 || !service_is_id(str_head(id, 64)))
		return false;
	buf_append(out, str_head(id, 12));
	return true;
}

/*
 * AWSLogs/ACCOUNT/SERVICE/REGION/..., SERVER's own log of an application server under
 * servers/SERVER/logs, a machine's under volumes/STORE/MACHINE, a unit's journal.
 */
static bool of_owner(const struct parts *p, size_t last, struct str name, struct buf *out)
{
	struct str folder = folder_above(p, last, 1), above = folder_above(p, last, 2);
	for (size_t i = 0; i + 3 < p->count; i++) {
		if (str_equal(p->items[i], STR("AWSLogs")) && all_digits(p->items[i + 1])) {
			buf_append(out, p->items[i + 2]);
			return true;
		}
	}
	if (is_log_folder(folder) && str_equal(folder_above(p, last, 3), STR("servers")) &&
		(is_among(name, shared_names, countof(shared_names)) ||
			service_file_is_empty(name))) {
		buf_append(out, above);
		return true;
	}
	if (str_starts(p->items[last], STR("log.xml")) && str_equal(folder, STR("alert"))) {
		buf_append(out, above); /* Oracle's, of the instance */
		return true;
	}
	if (str_starts(name, STR("vmware")) &&
		str_equal(folder_above(p, last, 3), STR("volumes"))) {
		buf_append(out, folder);
		return true;
	}
	if (str_starts(name, STR("journal")) &&
		(str_starts(folder, STR("snap.")) || str_ends(folder, STR(".service")))) {
		buf_append(out, service_file_strip(folder));
		return true;
	}
	/* kotsadm-0/kotsadm.log: a member of a stateful set, and its only container */
	if (name.len > 1 && folder.len > name.len + 1 && folder.len < name.len + 4 &&
		str_starts(folder, name) && folder.ptr[name.len] == '-' &&
		all_digits(str_skip(folder, name.len + 1))) {
		buf_append(out, name);
		return true;
	}
	return false;
}

/* Layouts where a folder says what the files in it are. */
static bool of_known_folder(const struct parts *p, size_t last, struct str name, struct buf *out)
{
	struct str folder = last > 0 ? p->items[last - 1] : STR_NONE;
	struct str above = last > 1 ? p->items[last - 2] : STR_NONE;
	if (of_container(p, last, out) || of_owner(p, last, name, out))
		return true;
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
		service_cut_stream(&name);
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

static struct str without_host_of_daemon(struct str name)
{
	static const struct str families[] = { { "hadoop-", 7 }, { "yarn-", 5 }, { "hbase-", 6 },
		{ "mapred-", 7 }, { "zookeeper-", 10 }, { "spark-", 6 } };
	size_t dashes = 0, i = 0, at = 0;
	while (i < countof(families) && !str_starts(name, families[i]))
		i++;
	while (i < countof(families) && at < name.len && dashes < 3)
		dashes += name.ptr[at++] == '-';
	/* A host has a digit or a domain; else it may be more of the daemon's name. */
	for (size_t k = at; k < name.len && dashes == 3; k++) {
		if (is_digit(name.ptr[k]) || name.ptr[k] == '.')
			return str_head(name, at - 1);
	}
	return name;
}

/*
 * hadoop-hdfs-namenode-node1.example.org, indexserver_hana1 under a folder of that host: the folder
 * tells, if it looks like a host's name; but alert_SHOP1 under SHOP1 is of that instance of Oracle.
 * Without such a folder it is known where the scripts of
 * Hadoop and its kin put it: FAMILY-USER-DAEMON-HOST.
 */
static struct str without_host(const struct parts *p, size_t last, struct str name)
{
	for (size_t i = 0; i < last; i++) {
		struct str host = p->items[i];
		bool digits = false;
		for (size_t c = 0; c < host.len; c++)
			digits |= is_digit(host.ptr[c]) || host.ptr[c] == '.';
		for (size_t at = 2; digits && host.len > 1 && at + host.len <= name.len; at++) {
			size_t end = at + host.len;
			if ((name.ptr[at - 1] == '-' || name.ptr[at - 1] == '_') &&
				(end == name.len || name.ptr[end] == '.') &&
				memcmp(name.ptr + at, host.ptr, host.len) == 0)
				return at == 6 && str_starts(name, STR("alert_"))
					       ? host
					       : str_head(name, at - 1);
		}
	}
	return without_host_of_daemon(name);
}

static bool says_little(struct str name)
{
	return is_among(name, role_names, countof(role_names)) || str_equal(name, STR("system"));
}

struct str service_called_as(struct str name)
{
	ptrdiff_t slash = str_rfind_byte(name, '/');
	if (slash > 0 && says_little(str_skip(name, (size_t)slash + 1)))
		return str_head(name, (size_t)slash);
	return str_starts(name, STR("alert_")) ? str_skip(name, 6) : STR_NONE;
}

enum service_source service_of_file(const struct parts *p, struct buf *out)
{
	size_t last = p->count - 1;
	struct str name = service_file_strip(without_command(p->items[last]));
	name = without_number(without_host(p, last, name));
	/* app.log.gz!app.log: the inner name is the same one, decompressed. */
	if (last > 0 && str_starts(p->items[last - 1], p->items[last]))
		last--;
	if (of_known_folder(p, last, name, out))
		return SERVICE_FROM_FILE;
	struct str folder = last > 0 ? p->items[last - 1] : STR_NONE;
	bool apart = last > 0 && tells_apart(p, last - 1);
	bool under_log = last > 1 && is_log_folder(p->items[last - 2]) && apart;
	bool is_shared = is_among(name, shared_names, countof(shared_names));
	bool is_role = is_among(name, role_names, countof(role_names));
	bool is_own = is_among(name, own_names, countof(own_names));
	if (service_file_is_empty(name) || is_own) {
		for (size_t i = last; i-- > 0;) {
			if (is_own ? tells_apart(p, i) : names_service(p->items[i])) {
				struct str pod = service_file_strip(value_of(p->items[i]));
				buf_append(out, service_workload(pod, STR_NONE, STR_NONE));
				return SERVICE_FROM_FILE;
			}
		}
		buf_append(out, name);
		return SERVICE_FROM_GENERIC;
	}
	if (is_shared && !under_log) {
		/* Cassandra's system.log: who names itself in no line has the file for itself.
		 * Others of these may be the names of services ("auth"). */
		struct str owner = naming_folder(p, last);
		if (owner.len > 0 && str_equal(name, STR("system"))) {
			buf_append(out, owner);
			buf_append_byte(out, '/');
		}
		buf_append(out, name);
		return SERVICE_FROM_GENERIC;
	}
	if (is_role && !apart) {
		folder = naming_folder(p, last);
		apart = folder.len > 0;
	}
	if ((under_log || (is_role && apart)) && !str_holds_nocase(name, folder)) {
		buf_append(out, folder);
		buf_append_byte(out, '/');
	}
	buf_append(out, name);
	return SERVICE_FROM_FILE;
}
