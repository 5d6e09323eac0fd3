/* SPDX-License-Identifier: MIT */
#include "bench/patterns.h"

#include "lineup/base.h"
#include "lineup/table.h"

static const char *const words[] = { "connection", "refused", "closed", "timeout", "retry",
	"backend", "pool", "exhausted", "kernel", "memory", "killed", "process", "disk", "full",
	"quota", "replica", "lag", "leader", "election", "lost", "commit", "rollback", "deadlock",
	"certificate", "expired", "handshake", "token", "invalid", "denied", "permission", "mount",
	"device", "offline", "link", "down", "carrier", "reset", "frame", "overflow", "checksum",
	"mismatch", "corrupt", "segment", "index", "missing", "table", "lock", "wait", "exceeded",
	"upstream", "prematurely", "header", "payload", "schema", "decode", "parse", "unexpected",
	"broken", "pipe", "socket", "address", "resolve", "host", "unreachable", "route", "gateway",
	"probe", "liveness", "evicted", "scheduled", "node", "volume", "attach", "snapshot",
	"backup", "restore", "archive", "failed", "error", "fatal", "panic", "assertion", "stack",
	"heap", "space", "collector", "pause", "thread", "starvation", "queue", "depth", "consumer",
	"rebalance", "broker", "partition", "offset", "cursor", "tenant", "shard", "journal",
	"fence" };

static const char *const programs[] = { "sshd", "kernel", "postgres", "nginx", "kubelet", "kafka",
	"redis", "etcd", "cron", "systemd", "dockerd", "haproxy" };

/* A few that the corpus holds, so that hits cost what hits cost. */
static const char *const present[] = { "charge (failed|declined)",
	"inventory answered in [0-9]{4,} ms", "connection acquired, pool active=4[0-9]",
	"\"level\":\"error\"", " 50[0-9] [0-9]+ \"", "lock", "pool .*exhausted",
	"checkpoint (starting|complete)" };

/* xorshift64*: G. Marsaglia, S. Vigna */
static uint64_t draw(uint64_t *state, uint64_t below)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (*state * 0x2545f4914f6cdd1dULL >> 33) % below;
}

static const char *word(uint64_t *state)
{
	return words[draw(state, countof(words))];
}

static void make_one(uint64_t *s, struct buf *out)
{
	uint64_t kind = draw(s, 100);
	const char *a = word(s), *b = word(s), *c = word(s), *d = word(s);
	const char *program = programs[draw(s, countof(programs))];
	if (kind < 30)
		buf_printf(out, "%s %s %s", a, b, c);
	else if (kind < 40)
		buf_printf(out, "%s %s.*%s", a, b, c);
	else if (kind < 50)
		buf_printf(out, "[%c%c]%s %s +%s", a[0] - 'a' + 'A', a[0], a + 1, b, c);
	else if (kind < 60)
		buf_printf(out, "%s\\[[0-9]+\\]: %s %s", program, a, b);
	else if (kind < 67)
		buf_printf(out, "%s (%s|%s) [^ ]+ %s", a, b, c, d);
	else if (kind < 74)
		buf_printf(out, "^[A-Z][a-z]{2} [ :0-9]{11} [^ ]+ %s\\[[0-9]+\\]: %s %s [^ ]+$",
			program, a, b);
	else if (kind < 80)
		buf_printf(out, "%s %s=[0-9]+", a, b);
	else if (kind < 86)
		buf_printf(out, "(%s|%s|%s) %s (%s|[a-z]+ed)", a, b, program, c, d);
	else if (kind < 91)
		buf_printf(out, "[A-Za-z.]+Exception: .*%s %s", a, b);
	else if (kind < 96)
		buf_printf(out, ".*%s.*: (%s|%s) %s.*", a, b, c, d);
	else
		buf_printf(out, "%s %s( after [0-9]+ms)?: %s", a, b, c);
}

void patterns_make(uint64_t seed, size_t count, struct buf *out)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15ULL + 1;
	struct table seen = { 0 };
	size_t made = 0;
	for (; made < size_min(count, countof(present)); made++)
		buf_printf(out, "%s\n", present[made]);
	while (made < count) {
		size_t start = out->len;
		make_one(&state, out);
		uint64_t *mark = table_put(&seen, str_hash(str_skip(buf_str(out), start)));
		if (*mark != 0) {
			out->len = start;
			continue;
		}
		*mark = 1;
		made++;
		buf_append_byte(out, '\n');
	}
	table_release(&seen);
}
