/* SPDX-License-Identifier: MIT */
#include "src/judge/stores.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"
#include "src/judge/instances.h"
#include "src/judge/waits.h"

/*
 * "Redis command timed out", "PSQLException: FATAL: sorry, too many clients already": libraries say
 * what kind of store failed them, not which, and an engineer needs no more where there is one. So
 * such a line speaks of the only service that is called like a store of this kind. Where there are
 * several it is the only one of them that complains itself in the same moments (it logs what it
 * refuses, and statements that take long); else nobody can tell which (unless the line names it,
 * names.c).
 *
 * It has to be the store's failure: one that was not reached or did not answer, or one that refused
 * because of its own state (it is full, read-only, shutting down, out of connections). A statement
 * that is wrong (a table that does not exist, a key that is there already, a password) is refused
 * too, and by a store in the best of health: that is whoever wrote it. SQL says so by the class of
 * its state: 22, 23, 28 and 42 are the client's, 53, 55, 57 and 58 the server's.
 */
#define WORDS_MAX 13

struct kind {
	const char *called[WORDS_MAX]; /* services, by one of the words of their name */
	const char *words[WORDS_MAX];  /* and what clients say; in identifiers, too */
};

static const struct kind kinds[] = {
	{ { "redis", "valkey", "keydb", "dragonfly" }, { "redis", "jedis", "lettuce", "valkey" } },
	{ { "kafka", "redpanda", "broker" },
		{ "kafka", "batch creation", "in-sync replicas", "bootstrap.servers",
			"Broker may not be available" } },
	{ { "rabbitmq", "rabbit", "amqp" }, { "rabbitmq", "amqp" } },
	{ { "nats" }, { "nats:" } },
	{ { "mongo", "mongodb", "mongod", "mongos" }, { "mongo" } },
	{ { "elasticsearch", "elastic", "opensearch" }, { "elasticsearch", "opensearch" } },
	{ { "cassandra", "scylla" }, { "cassandra", "com.datastax", "gocql" } },
	{ { "memcached", "memcache" }, { "memcache" } },
	{ { "clickhouse" }, { "clickhouse" } },
	{ { "influxdb", "influx" }, { "influx" } },
	{ { "etcd" }, { "etcdserver", "etcdclient", "etcd client" } },
	{ { "zookeeper", "zk" }, { "zookeeper", "KeeperErrorCode" } },
	{ { "slapd", "openldap", "ldap" }, { "ldap" } },
	{ { "minio", "s3", "ceph", "rgw" }, { "minio", "s3exception", "S3Error", "botocore" } },
	/* the last: whatever speaks SQL */
	{ { "postgres", "postgresql", "pg", "mysql", "mysqld", "mariadb", "oracle", "mssql",
		  "sqlserver", "clickhouse", "db", "database", "sql" },
		{ "psql", "postgres", "psycopg", "mysql", "mariadb", "SQLException", "jdbc",
			"SQLSTATE", "sqlalchemy", "could not execute statement",
			"statement timeout", "database system" } },
};
_Static_assert(countof(kinds) <= STORE_KINDS, "a place for each");
#define KIND_SQL (countof(kinds) - 1)

/* Beside a store, or in front of it: no store. */
static const char *const helpers[] = { "exporter", "backup", "operator", "consumer", "producer",
	"client", "ui", "proxy", "connect", "manager", "migration", "migrations", "job", "cron",
	"monitor", "agent", "admin", "writer", "reader", "loader", "api", "service", "svc",
	"worker", "sync", "lookup", "dump", "sink", "bouncer", "pooler" };

/* What a store says when it is its own state that forbids what it was asked for. */
static const char *const refusals[] = { "no space left on device", "could not extend file",
	"disk full", "disk quota exceeded", "too many clients", "too many connections",
	"remaining connection slots", "oom command not allowed", "misconf", "clusterdown",
	"masterdown", "read-only", "read only", "readonly", "is starting up", "is shutting down",
	"shutting down", "in recovery mode", "administrator command",
	"server closed the connection", "in-sync replicas", "notenoughreplicas",
	"leader not available", "notleader", "may not be available", "could not be established",
	"no longer valid", "out of memory", "cluster_block_exception", "circuit_breaking_exception",
	"lost connection", "server has gone away", "no primary", "not primary",
	"input/output error", "unable to connect", "could not connect", "timed out", "timeout" };

/* And when what it was asked for was wrong. */
static const char *const mistakes[] = { "does not exist", "doesn't exist", "no such table",
	"unknown column", "unknown table", "syntax error", "violates", "duplicate",
	"permission denied", "access denied", "authentication failed", "wrongpass", "noauth",
	"wrongtype", "invalid input", "out of range", "cannot be null", "deadlock", "poll interval",
	"max.poll.interval" };

static bool holds_any(struct str text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count && words[i] != NULL; i++) {
		if (str_holds_nocase(text, str_from(words[i])))
			return true;
	}
	return false;
}

static bool is_any(struct str word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count && words[i] != NULL; i++) {
		if (str_equal_nocase(word, str_from(words[i])))
			return true;
	}
	return false;
}

/* By one of the words of its name, the digits at their ends left out, none of which is a helper's.
 * "influxdb" is a database by how it ends. */
static bool is_called(struct str name, size_t kind)
{
	const struct kind *of = &kinds[kind];
	bool is = false;
	for (size_t at = 0; at < name.len; at++) {
		size_t from = at;
		while (at < name.len && is_alpha(name.ptr[at]))
			at++;
		struct str word = str_of(name.ptr + from, at - from);
		if (is_any(word, helpers, countof(helpers)))
			return false;
		is |= is_any(word, of->called, WORDS_MAX) ||
		      (kind == KIND_SQL && word.len > 2 && str_ends(word, STR("db")));
	}
	return is;
}

void stores_find(struct stores *stores, struct scene *s)
{
	*stores = (struct stores){ .scene = s };
	s->is_store = arena_alloc(&s->arena, s->service_count, sizeof(*s->is_store));
	for (size_t k = 0; k < countof(kinds); k++) {
		for (uint32_t i = 0; i < s->findings->service_count; i++) {
			if (!is_called(s->findings->services[i].name, k))
				continue;
			if (stores->counts[k] < STORES_A_KIND)
				stores->of_kind[k][stores->counts[k]] = i;
			s->is_store[i] = true;
			stores->counts[k]++;
			stores->any = true;
		}
	}
}

/* In how many of these cells does the service complain, or in those beside them? */
static size_t count_with(const struct scene *s, const struct series *of, uint32_t service)
{
	size_t with = 0;
	bool *known = mem_zalloc(of->cell_count + 1, sizeof(*known));
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct series *x = &s->subjects[i].subject->series;
		size_t at = 0;
		if (s->subjects[i].service != service || s->subjects[i].class < CLASS_WARNING)
			continue;
		for (size_t k = 0; k < of->cell_count; k++) {
			while (at < x->cell_count && x->cells[at].index < of->cells[k].index - 1)
				at++;
			if (!known[k] && at < x->cell_count &&
				x->cells[at].index <= of->cells[k].index + 1) {
				known[k] = true;
				with++;
			}
		}
	}
	free(known);
	return with;
}

/* The one of the kind, or the one of them that complains in most of the moments of the subject;
 * NO_INDEX: none. */
static uint32_t which(const struct stores *stores, size_t kind, const struct scene_subject *s)
{
	const uint32_t *all = stores->of_kind[kind];
	size_t count = stores->counts[kind];
	uint32_t found = NO_INDEX;
	bool one = count > 0 && count <= STORES_A_KIND;
	for (size_t i = 1; i < count && one; i++)
		one = instances_same(stores->scene, all[0], all[i]);
	if (one || count == 0 || count > STORES_A_KIND)
		return one ? all[0] : NO_INDEX;
	for (size_t i = 0; i < count; i++) {
		const struct series *series = &s->subject->series;
		if (2 * count_with(stores->scene, series, all[i]) <= series->cell_count)
			continue;
		if (found != NO_INDEX)
			return NO_INDEX;
		found = all[i];
	}
	return found;
}

static bool is_refusal(struct str text)
{
	return holds_any(text, refusals, countof(refusals));
}

uint32_t stores_named(const struct stores *stores, const struct scene_subject *s)
{
	struct str text = s->subject != NULL && s->subject->evidence_count > 0
				  ? line_behind_stamp(s->subject->evidence[0].text)
				  : STR_NONE;
	if (!stores->any || s->class < CLASS_WARNING || s->named != NO_INDEX || text.len == 0)
		return NO_INDEX;
	if ((!is_refusal(text) && !waits_for_another(s)) || waits_in_line(s) ||
		holds_any(text, mistakes, countof(mistakes)))
		return NO_INDEX;
	for (size_t k = 0; k < countof(kinds); k++) {
		if (!holds_any(text, kinds[k].words, WORDS_MAX))
			continue;
		/* a store of the same kind is a replica, or speaks of itself */
		uint32_t store = which(stores, k, s);
		struct str own = stores->scene->findings->services[s->service].name;
		if (is_called(own, k))
			return NO_INDEX;
		if (store != NO_INDEX)
			return store;
	}
	return NO_INDEX;
}
