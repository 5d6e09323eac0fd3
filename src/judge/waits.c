/* SPDX-License-Identifier: MIT */
#include "src/judge/waits.h"

#include "lineup/answer.h"
#include "lineup/words.h"

/* What a caller says of a call that failed for the other's sake, or on the way there. */
static const char *const waits[] = { "upstream", "downstream", "timed out", "timeout", "time out",
	"timedout", "etimedout", "deadline exceeded", "deadline_exceeded", "connection refused",
	"econnrefused", "connection reset", "econnreset", "socket hang up",
	"closed connection without response", "connection closed by remote",
	"connection was closed by the remote", "no route to host", "ehostunreach", "unreachable",
	"bad gateway", "service unavailable", "gateway timeout", "too many requests",
	"did not answer", "did not respond", "no answer from", "no response", "connect to",
	"could not connect", "cannot connect", "failed to connect", "unable to connect",
	"error contacting", "failed to contact", "cannot contact", "could not contact",
	"unable to contact", "failed to reach", "cannot reach", "could not reach",
	"unable to reach", "server error for url",
	/* it looked at the other's certificate */
	"certificate has expired", "cert_has_expired", "certificate verify failed",
	"certificate is not yet valid", "expired or is not yet valid", "pkix path",
	"valid certification path", "certificate signed by unknown authority",
	"unable to verify the first certificate", "self-signed certificate",
	"self signed certificate",
	/* what it hands on is not taken, by who keeps it or for want of who reads it */
	"publish rejected", "publish failed", "failed to publish", "cannot publish",
	"could not publish", "unable to publish", "blocked by flow control", "producer is blocked",
	"producer blocked",
	/* a database did not do what it was asked to */
	"could not execute statement", "could not execute query", "could not execute batch",
	"could not extract resultset", "jdbc exception executing sql",
	/* something that it handed on has not come back */
	"still pending", "still unprocessed", "not yet processed", "not yet confirmed",
	"still waiting after",
	/* what another should bring, or say now and then, does not come any more */
	"is stale", "are stale", "stale data", "not been updated", "not updated since",
	"no new data", "no data received", "has not run", "did not run", "is overdue",
	"no heartbeat", "missed heartbeat", "missed heartbeats", "missing heartbeat",
	"missing heartbeats", "not heard from", "has not reported", "have not reported" };

/* The deadline was the speaker's own: it is late with what it should do, and waits for nobody. */
static const char *const own_pace[] = { "poll timeout", "max.poll.interval", "max.poll.interval.ms",
	"watchdog" };

/* What is stamped in the future: the clock that stamped it is wrong, or that of who reads it; but
 * for certificates, which are mostly out of date when something is wrong with their time. */
static const char *const untimely[] = { "not yet valid", "not valid yet", "jwt not active",
	"token not active", "used before", "issued in the future", "is in the future",
	"clock skew" };

/*
 * What those who watch over others say of them, and nobody says of himself: kernel and systemd of a
 * process that ended, kubelet of a container or its probe, operators of what they operate,
 * balancers and registries of what they check. It is no trouble of theirs.
 * Not that a pod is evicted: then its node is short of something, and kubelet speaks for the node.
 */
static const char *const overseen[] = { "out of memory: killed process",
	"out of memory: kill process", "invoked oom-killer", "oom-kill", "oom_reaper",
	"main process exited", "killed as a result of limit of", "segfault at",
	"general protection fault", "general protection ip", "trap invalid opcode", "dumped core",
	"core dumped", "terminated abnormally", "failed with result", "scheduled restart job",
	"dependency failed for", "back-off restarting failed", "crashloopbackoff", "probe failed",
	"probe errored", "error syncing pod", "failed liveness probe", "failed readiness probe",
	"failed startup probe", "pod uses more than", "exceeded its progress deadline",
	"cluster operator", "clusteroperator", "is down, reason", "has no server available",
	"service alert", "host alert", "is now critical", "expired lease", "lease expired for",
	"failed its health check", "failed health check", "failed health checks",
	"marked unhealthy", "marked as unhealthy", "marked down", "marked as down", "scrape failed",
	"targetdown" };

/* Exceptions of those who call, whatever they say: a service throws none of them when it is called.
 * Endings: "requests.exceptions.ReadTimeout", "java.net.ConnectException". */
static const char *const thrown[] = { "ReadTimeout", "ConnectTimeout", "TimeoutException",
	"TimeoutError", "ConnectException", "ConnectionError", "ConnectionRefusedError",
	"ConnectionResetError", "RemoteDisconnected", "ServerDisconnectedError",
	"NoHttpResponseException", "NoRouteToHostException", "HttpServerErrorException",
	"ResourceAccessException", "WebClientResponseException", "ClientConnectorError",
	"MaxRetryError", "FeignException", "HTTPError", "HttpRequestException",
	"HttpHostConnectException", "SSLHandshakeException", "SSLCertVerificationError" };

/* The name of another was not resolved: it was never asked, and the trouble is of who should know
 * it. */
static const char *const unresolved[] = { "getaddrinfo", "unknownhostexception", "unknown host",
	"no such host", "server misbehaving", "could not resolve", "cannot resolve",
	"failed to resolve", "resolution failure", "failure in name resolution",
	"name or service not known", "nameresolutionerror", "eai_again", "enotfound" };

/*
 * What is held while one waits, and how one says that all of it is taken. Such a line holds one
 * word of each list ("connection pool exhausted", "0 threads free", "queue is full").
 */
static const char *const held[] = { "pool", "queuepool", "connection", "connections", "worker",
	"workers", "thread", "threads", "executor", "queue", "backlog", "slot", "slots",
	"in flight", "inflight", "semaphore", "bulkhead", "permit", "permits", "session",
	"sessions" };
static const char *const taken[] = { "exhausted", "exhaustion", "no free", "0 free", "none free",
	"threads free", "workers free", "worker free", "slots free", "no idle", "no available",
	"not available", "none available", "no worker", "no more", "overflow", "probably full",
	"acquiring a connection", "waiting for an open connection", "is full", "queue full",
	"full queue", "pool full", "at capacity", "max_connections", "limit reached", "too many",
	"pool timeout", "all busy", "are busy", "in use", "saturated", "unable to acquire",
	"could not acquire", "cannot acquire", "failed to acquire", "waiting for a connection",
	"waiting for connection", "waiting for idle", "rejected", "dropped" };

/* What is handed on without waiting for an answer, and how one says that nobody takes it up. Such a
 * line holds one word of each list ("queue of mailer grows", "group mailer lag 1200"). */
static const char *const handed[] = { "queue", "queues", "topic", "partition", "subscription",
	"stream", "consumer", "consumers", "group", "message", "messages", "job", "jobs", "event",
	"events", "record", "records" };
static const char *const left[] = { "grows", "growing", "has grown", "lag", "lags", "lagging",
	"behind", "backlog", "backlogged", "messages ready", "ready messages", "messages wait",
	"messages waiting", "messages are waiting", "waiting messages", "jobs wait", "jobs waiting",
	"unacked", "unacknowledged", "undelivered", "unconsumed", "not consumed", "piling up",
	"piles up", "no consumer", "no consumers", "without consumers", "slow consumer" };

/* What stands before the status of another's answer. */
static const char *const answers[] = { "answered ", "returned ", "responded ", "replied ",
	"received ", "got ", "status ", "with ", "code ", "unexpected ", "failed ", "failed: " };

/* What may stand between the two: "responded with HTTP 500". */
static const char *const between[] = { "http ", "http status ", "status ", "status code ",
	"error " };

/* Of code or of a longer word: "timeout=timeout", "wait_for_timeout(". */
#define JOINS "_=(/"

static bool ends_nocase(struct str text, struct str end)
{
	return text.len >= end.len && str_equal_nocase(str_skip(text, text.len - end.len), end);
}

/* Does it end with a word that leads to an answer? */
static bool leads_to_answer(struct str before)
{
	for (size_t k = 0; k < countof(between); k++) {
		struct str word = str_from(between[k]);
		if (ends_nocase(before, word))
			before = str_head(before, before.len - word.len);
	}
	for (size_t k = 0; k < countof(answers); k++) {
		if (ends_nocase(before, str_from(answers[k])))
			return true;
	}
	return false;
}

/* HAProxy's five times, "0/0/0/103/103 ", before the status that a server answered or that it gave
 * the client itself when none did. */
static bool ends_with_times(struct str before)
{
	size_t at = before.len, slashes = 0;
	while (at > 0 && (is_digit(before.ptr[at - 1]) || before.ptr[at - 1] == '/' ||
				 before.ptr[at - 1] == '-' || before.ptr[at - 1] == '+'))
		slashes += before.ptr[--at] == '/';
	return slashes == 4;
}

/*
 * A status that says of another that it failed: 502, 503 and 504 wherever they stand as a word,
 * since they are of gateways; 429 and 5xx behind a word that leads to an answer.
 */
static bool tells_status(struct str text)
{
	struct str own = answer_status(text);
	for (size_t i = 1; i + 3 <= text.len; i++) {
		const char *p = text.ptr + i;
		bool whole = (p[-1] == ' ' || p[-1] == '=' || p[-1] == ':') && is_digit(p[0]) &&
			     is_digit(p[1]) && is_digit(p[2]) &&
			     (i + 3 == text.len || !(is_digit(p[3]) || p[3] == '.' || p[3] == '-'));
		if (!whole)
			continue;
		if (p[0] == '5' && p[1] == '0' && p[2] >= '2' && p[2] <= '4')
			return true;
		bool failed = p[0] == '5' || (p[0] == '4' && p[1] == '2' && p[2] == '9');
		/* `"GET / HTTP/1.1" 500`: what a client got, at the end of all that happened */
		if (p[0] == '5' &&
			((i >= 2 && p[-2] == '"') || ends_with_times(str_head(text, i - 1))))
			return true;
		/* or the line's own, when it is done and says how long it took */
		if (failed && own.ptr != p && leads_to_answer(str_head(text, i)))
			return true;
	}
	return false;
}

static bool holds_any(struct str text, const char *const *words, size_t count)
{
	return holds_any_word(text, words, count, JOINS);
}

/* Does a name in the text end like this? */
static bool throws(struct str text)
{
	for (size_t k = 0; k < countof(thrown); k++) {
		struct str name = str_from(thrown[k]), rest = text;
		ptrdiff_t at;
		while ((at = str_find(rest, name)) >= 0) {
			rest = str_skip(rest, (size_t)at + name.len);
			if (rest.len == 0 || !(is_alpha(rest.ptr[0]) || is_digit(rest.ptr[0])))
				return true;
		}
	}
	return false;
}

/* Another has what it needs, and is not named: a lock is held by a session, which has a number. */
static const char *const locked[] = { "still waiting for", "waiting for lock", "waits for lock",
	"lock wait timeout", "holding the lock", "could not obtain lock", "lock timeout",
	"lock request time out", "waiting for table metadata lock", "resource busy and acquire",
	"database is locked", "lock contention", "enq: tx", "enq: tm", "waiting on lock",
	"waiting for a lock", "waits for a lock", "waited for lock", "blocked by session",
	"blocking session" };

static struct str text_of(const struct scene_subject *s)
{
	return s->subject != NULL && s->subject->evidence_count > 0 ? s->subject->evidence[0].text
								    : STR_NONE;
}

/* "[pool-2-thread-7] ...": who speaks is called so by Java, and no pool of which anything is said.
 * The text without such names, in `room`. */
static struct str without_threads(struct str text, char room[EVIDENCE_TEXT_BYTES])
{
	static const struct str pool = { "pool-", 5 }, thread = { "-thread-", 8 };
	size_t len = 0;
	for (size_t at = 0; at < text.len && len < EVIDENCE_TEXT_BYTES;) {
		struct str rest = str_skip(text, at);
		size_t end = pool.len;
		while (str_starts(rest, pool) && end < rest.len && is_digit(rest.ptr[end]))
			end++;
		if (end > pool.len && str_starts(str_skip(rest, end), thread))
			at += end + thread.len;
		else
			room[len++] = text.ptr[at++];
	}
	return str_of(room, len);
}

/* How Go says it: "lookup stock-svc on 10.0.0.10:53: ... i/o timeout". */
static bool looks_up(struct str text)
{
	ptrdiff_t at = str_find(text, STR("lookup "));
	return at >= 0 && str_find(str_skip(text, (size_t)at), STR(":53: ")) >= 0;
}

/* In half of the lines that are kept, at least: one message may go before several exceptions. */
bool waits_for_name(const struct scene_subject *s)
{
	size_t count = s->subject != NULL ? s->subject->evidence_count : 0, lost = 0;
	for (size_t i = 0; i < count; i++) {
		struct str text = s->subject->evidence[i].text;
		lost += holds_any(text, unresolved, countof(unresolved)) || looks_up(text);
	}
	return lost > 0 && 2 * lost >= count;
}

bool waits_for_clock(const struct scene_subject *s)
{
	struct str text = text_of(s);
	return holds_any(text, untimely, countof(untimely)) &&
	       !holds_word(text, STR("certificate"), "");
}

bool waits_in_line(const struct scene_subject *s)
{
	char room[EVIDENCE_TEXT_BYTES];
	struct str text = without_threads(text_of(s), room);
	return holds_any(text, taken, countof(taken)) && holds_any(text, held, countof(held));
}

bool waits_oversees(const struct scene_subject *s)
{
	return holds_any(text_of(s), overseen, countof(overseen));
}

bool waits_reports(const struct scene_subject *s)
{
	static const char *const states[] = { "degraded", "unhealthy", "not healthy", "not ready",
		"not available", "unavailable", "down", "critical", "firing", "fired", "failing",
		"crashed", "died", "restarting", "restarted",
		/* or that a call to it failed */
		"call to", "calling", "request to", "http", "https" };
	return holds_any(text_of(s), states, countof(states));
}

bool waits_to_be_read(const struct scene_subject *s)
{
	struct str text = text_of(s);
	return holds_any(text, left, countof(left)) && holds_any(text, handed, countof(handed));
}

bool waits_too_long(const struct scene_subject *s)
{
	static const char *const late[] = { "timed out", "timeout", "time out", "timedout",
		"etimedout", "deadline exceeded", "deadlineexceeded", "deadline_exceeded" };
	struct str text = text_of(s);
	return holds_any(text, late, countof(late)) || str_find(text, STR("TimeoutException")) >= 0;
}

bool waits_for_lock(const struct scene_subject *s)
{
	return holds_any(text_of(s), locked, countof(locked));
}

/* "connection is not available, request timed out", of a pool that is its own: it waits for those
 * who hold what is in it. */
static bool waits_for_pool(struct str text)
{
	static const char *const patience[] = { "timed out", "timeout", "time out",
		"deadline exceeded" };
	static const char *const pools[] = { "pool", "queuepool", "hikaripool",
		"connection is not available", "acquire connection", "acquiring a connection",
		"resourcerequest" };
	return holds_any(text, pools, countof(pools)) &&
	       holds_any(text, patience, countof(patience));
}

bool waits_for_another(const struct scene_subject *s)
{
	char room[EVIDENCE_TEXT_BYTES];
	struct str text = without_threads(text_of(s), room);
	return s->named == NO_INDEX && !waits_for_pool(text) &&
	       !holds_any(text, own_pace, countof(own_pace)) &&
	       (holds_any(text, waits, countof(waits)) || throws(text) ||
		       holds_any(text, overseen, countof(overseen)) || waits_for_name(s) ||
		       waits_for_clock(s) || tells_status(text));
}
