/* SPDX-License-Identifier: MIT */
#include "bench/story.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/clock.h"
#include "lineup/mem.h"

/* ---- chance ---- */

/* SplitMix64 (S. Vigna): any seed gives a good sequence. */
struct chance {
	uint64_t state;
};

static uint64_t draw(struct chance *c)
{
	uint64_t z = (c->state += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static double draw_share(struct chance *c)
{
	return (double)(draw(c) >> 11) / 9007199254740992.0;
}

static uint64_t draw_below(struct chance *c, uint64_t limit)
{
	return draw(c) % limit;
}

/* Exponential waiting time of this mean. */
static double draw_wait(struct chance *c, double mean)
{
	return -mean * log(1 - draw_share(c));
}

/* A duration: most near the median, a long tail. */
static int64_t draw_duration_ns(struct chance *c, double median_ms)
{
	double spread = exp(0.35 * (draw_share(c) + draw_share(c) + draw_share(c) - 1.5) * 2);
	return (int64_t)(median_ms * spread * 1e6);
}

/* ---- stories ---- */

#define DAY_NS	(86400 * NS_PER_S)
#define HOUR_NS (3600 * NS_PER_S)

void story_demo(struct story *s, uint64_t seed)
{
	*s = (struct story){
		.seed = seed,
		.cause = CAUSE_JOB_LOCK,
		.services = { "checkout", "payment", "inventory" },
		.formats = { FORMAT_JSON, FORMAT_JAVA, FORMAT_LOGFMT },
		.edge = "gateway",
		.database = "postgres",
		.job = "inventory-sync",
		.table = "stock",
		.first_day_ns = clock_days(2026, 11, 9) * DAY_NS,
		.days = 7,
		.hour_from = 17,
		.hours = 2,
		.requests_per_second = 0.15,
		.failing_share = 0.05,
	};
}

void story_random(struct story *s, uint64_t seed, enum story_cause cause)
{
	static const char *const names[][TIER_COUNT] = {
		{ "storefront", "billing", "warehouse" },
		{ "booking", "ticketing", "seatmap" },
		{ "portal", "claims", "policies" },
		{ "webapp", "orders", "catalog" },
		{ "mobile-api", "wallet", "ledger" },
		{ "frontend", "shipping", "tariffs" },
	};
	static const char *const tables[] = { "stock", "seats", "policy", "items", "accounts",
		"rates" };
	static const char *const edges[] = { "gateway", "edge", "ingress", "proxy" };
	static const char *const databases[] = { "postgres", "postgresql", "db-main" };
	static const char *const verbs[] = { "sync", "reindex", "import", "reconcile", "export" };
	struct chance c = { seed * 0x2545f4914f6cdd1dULL + 1 };
	size_t family = draw_below(&c, countof(names));
	story_demo(s, seed);
	s->cause = cause;
	memcpy(s->services, names[family], sizeof(s->services));
	s->table = tables[family];
	s->edge = edges[draw_below(&c, countof(edges))];
	s->database = databases[draw_below(&c, countof(databases))];
	snprintf(s->job, sizeof(s->job), "%s-%s", s->services[TIER_BACK],
		verbs[draw_below(&c, countof(verbs))]);
	for (size_t i = 0; i < TIER_COUNT; i++)
		s->formats[i] = (enum log_format)draw_below(&c, FORMAT_COUNT);
	s->hour_from = 1 + (unsigned)draw_below(&c, 20);
	s->hours = 1 + (unsigned)draw_below(&c, 3);
	s->days = 5 + (unsigned)draw_below(&c, 4);
	s->requests_per_second = 0.06 + 0.1 * draw_share(&c);
	s->failing_share = 0.04 + 0.08 * draw_share(&c);
	s->first_day_ns =
		clock_days(2026, 1 + (int)draw_below(&c, 12), 1 + (int)draw_below(&c, 28)) * DAY_NS;
}

const char *story_stream_name(const struct story *s, enum stream stream)
{
	switch (stream) {
	case STREAM_EDGE:
		return s->edge;
	case STREAM_FRONT:
	case STREAM_MIDDLE:
	case STREAM_BACK:
		return s->services[stream - STREAM_FRONT];
	case STREAM_DATABASE:
		return s->database;
	case STREAM_SCHEDULER:
		return "scheduler";
	default:
		return "deployments";
	}
}

/* ---- lines ---- */

struct line {
	int64_t time_ns;
	uint32_t order; /* of equal times */
	struct str text;
};

/* The lines of one program and day, before they are sorted by time. */
struct page {
	struct arena *arena;
	struct line *lines;
	size_t count;
	size_t capacity;
};

struct teller {
	const struct story *story;
	struct chance chance;
	struct arena arena;
	struct page pages[STREAM_COUNT];
	int64_t day_ns;
	unsigned day;
};

static void put_line(struct page *p, int64_t time_ns, struct str text)
{
	mem_grow(&p->lines, p->count, &p->capacity);
	p->lines[p->count] = (struct line){ time_ns, (uint32_t)p->count, text };
	p->count++;
}

struct moment {
	int year, month, day, hour, minute, second, millis, micros;
};

static struct moment moment_of(int64_t time_ns)
{
	struct moment m;
	int64_t year, days = time_ns / DAY_NS, rest = time_ns % DAY_NS;
	clock_date(days, &year, &m.month, &m.day);
	m.year = (int)year;
	m.hour = (int)(rest / HOUR_NS);
	m.minute = (int)(rest / (60 * NS_PER_S) % 60);
	m.second = (int)(rest / NS_PER_S % 60);
	m.millis = (int)(rest / NS_PER_MS % 1000);
	m.micros = (int)(rest / NS_PER_US % 1000000);
	return m;
}

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	"Sep", "Oct", "Nov", "Dec" };

enum word {
	WORD_INFO,
	WORD_WARN,
	WORD_ERROR,
};

/* One line of one of the services, in its format. */
static void say(struct teller *t, enum tier tier, int64_t time_ns, enum word word,
	const char *trace, const char *unit, const char *message)
{
	static const char *const lower[] = { "info", "warn", "error" };
	static const char *const upper[] = { "INFO", "WARN", "ERROR" };
	const struct story *s = t->story;
	const char *name = s->services[tier];
	struct moment m = moment_of(time_ns);
	unsigned worker = (unsigned)draw_below(&t->chance, 24);
	struct str text = STR_NONE;
	struct arena *a = &t->arena;
	switch (s->formats[tier]) {
	case FORMAT_JSON:
		text = arena_printf(a,
			"{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\","
			"\"service\":\"%s\","
			"\"trace_id\":\"%s\",\"msg\":\"%s\"}",
			m.year, m.month, m.day, m.hour, m.minute, m.second, m.millis, lower[word],
			name, trace, message);
		break;
	case FORMAT_JAVA:
		text = arena_printf(a,
			"%04d-%02d-%02d %02d:%02d:%02d,%03d %-5s [http-exec-%u] [trace_id=%s] "
			"com.shop.%s.%s - %s",
			m.year, m.month, m.day, m.hour, m.minute, m.second, m.millis, upper[word],
			worker, trace, name, unit, message);
		break;
	case FORMAT_LOGFMT:
		text = arena_printf(a,
			"time=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ level=%s unit=%s msg=\"%s\" "
			"trace_id=%s",
			m.year, m.month, m.day, m.hour, m.minute, m.second, m.millis, lower[word],
			unit, message, trace);
		break;
	case FORMAT_KLOG:
		text = arena_printf(a,
			"%c%02d%02d %02d:%02d:%02d.%06d %7u %s.go:%u] %s trace_id=%s",
			upper[word][0], m.month, m.day, m.hour, m.minute, m.second, m.micros,
			4200 + worker, unit, 40 + (unsigned)unit[0], message, trace);
		break;
	case FORMAT_PYTHON:
		text = arena_printf(a,
			"%04d-%02d-%02d %02d:%02d:%02d,%03d - %s.%s - %s - %s trace_id=%s", m.year,
			m.month, m.day, m.hour, m.minute, m.second, m.millis, name, unit,
			upper[word], message, trace);
		break;
	default:
		text = arena_printf(a, "%s %2d %02d:%02d:%02d %s-1 %s[%u]: %s: %s trace_id=%s",
			month_names[m.month - 1], m.day, m.hour, m.minute, m.second, name, name,
			900 + t->day, upper[word], message, trace);
		break;
	}
	put_line(&t->pages[STREAM_FRONT + tier], time_ns, text);
}

static void say_edge(struct teller *t, int64_t time_ns, const char *path, unsigned status,
	int64_t took_ns, const char *trace)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_EDGE], time_ns,
		arena_printf(&t->arena,
			"10.%u.%u.%u - - [%02d/%s/%04d:%02d:%02d:%02d +0000] \"POST %s HTTP/1.1\" "
			"%u %u "
			"\"-\" \"app/3.%u\" rt=%.3f request_id=%s",
			(unsigned)draw_below(&t->chance, 4), (unsigned)draw_below(&t->chance, 250),
			(unsigned)draw_below(&t->chance, 250), m.day, month_names[m.month - 1],
			m.year, m.hour, m.minute, m.second, path, status,
			200 + (unsigned)draw_below(&t->chance, 900),
			(unsigned)draw_below(&t->chance, 9), (double)took_ns / 1e9, trace));
}

static void say_database(struct teller *t, int64_t time_ns, unsigned process, const char *message)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_DATABASE], time_ns,
		arena_printf(&t->arena, "%04d-%02d-%02d %02d:%02d:%02d.%03d UTC [%u] %s", m.year,
			m.month, m.day, m.hour, m.minute, m.second, m.millis, process, message));
}

/* The scheduler writes syslog: no year, no zone. */
static void say_scheduler(
	struct teller *t, int64_t time_ns, const char *program, const char *message)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_SCHEDULER], time_ns,
		arena_printf(&t->arena, "%s %2d %02d:%02d:%02d ops-1 %s[%u]: %s",
			month_names[m.month - 1], m.day, m.hour, m.minute, m.second, program,
			3000 + (unsigned)draw_below(&t->chance, 900), message));
}

static void say_deployment(
	struct teller *t, int64_t time_ns, const char *service, const char *message)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_DEPLOYMENTS], time_ns,
		arena_printf(&t->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ deploy[%s]: %s", m.year,
			m.month, m.day, m.hour, m.minute, m.second, service, message));
}

/* ---- what happens ---- */

static bool after_migration(const struct teller *t, int64_t time_ns)
{
	/* the migration lands at ten in the morning of the third day */
	return time_ns >= t->story->first_day_ns + 2 * DAY_NS + 10 * HOUR_NS;
}

static bool in_hours(const struct teller *t, int64_t time_ns)
{
	int64_t from = t->day_ns + t->story->hour_from * HOUR_NS;
	return time_ns >= from && time_ns < from + t->story->hours * HOUR_NS;
}

/* Is the back tier held up at this moment? */
static bool back_hurts(const struct teller *t, int64_t time_ns)
{
	return t->story->cause == CAUSE_JOB_LOCK && in_hours(t, time_ns);
}

/* Do the middle tier's own queries crawl? Only a missing index that is the cause makes them fail. */
static bool middle_hurts(const struct teller *t, int64_t time_ns)
{
	return t->story->cause == CAUSE_MISSING_INDEX && after_migration(t, time_ns);
}

/* A pool that runs full while its users wait, and the failed payment behind it. */
static int64_t middle_fails(struct teller *t, int64_t now, const char *trace, const char *callee)
{
	char text[256];
	bool pool = draw_share(&t->chance) < 0.5;
	if (pool) {
		now += 5 * NS_PER_S + draw_duration_ns(&t->chance, 20);
		snprintf(text, sizeof(text),
			"HikariPool-1 - Connection is not available, request timed out after %u ms "
			"(total=50, active=50, "
			"idle=0, waiting=%u)",
			5000 + (unsigned)draw_below(&t->chance, 30),
			3 + (unsigned)draw_below(&t->chance, 40));
		say(t, TIER_MIDDLE, now, WORD_ERROR, trace, "Pool", text);
	} else {
		now += 4 * NS_PER_S + draw_duration_ns(&t->chance, 900);
		snprintf(text, sizeof(text), "call to %s timed out: Read timed out after 5000 ms",
			callee);
		say(t, TIER_MIDDLE, now, WORD_ERROR, trace, "Client", text);
	}
	now += draw_duration_ns(&t->chance, 2);
	say(t, TIER_MIDDLE, now, WORD_ERROR, trace, "Handler", "request failed, rolled back");
	return now;
}

/* One request through all tiers; returns when the back tier has answered. */
static int64_t tell_back(struct teller *t, int64_t now, const char *trace, bool *failed)
{
	const struct story *s = t->story;
	char text[256];
	snprintf(text, sizeof(text), "reserve %s item=%u quantity=%u", s->table,
		(unsigned)draw_below(&t->chance, 90000), 1 + (unsigned)draw_below(&t->chance, 4));
	say(t, TIER_BACK, now, WORD_INFO, trace, "reserve", text);
	int64_t took = draw_duration_ns(&t->chance, 14);
	if (back_hurts(t, now)) {
		took = draw_duration_ns(&t->chance, 700);
		*failed = draw_share(&t->chance) < s->failing_share;
		if (*failed || draw_share(&t->chance) < 0.15) {
			took += draw_duration_ns(&t->chance, 3800);
			snprintf(text, sizeof(text), "waited %u ms for a lock on table %s",
				(unsigned)(took / NS_PER_MS), s->table);
			say(t, TIER_BACK, now + took - NS_PER_MS, WORD_WARN, trace, "store", text);
			unsigned process = 4000 + (unsigned)draw_below(&t->chance, 60);
			snprintf(text, sizeof(text),
				"LOG:  process %u still waiting for RowExclusiveLock on relation "
				"%u of database 16384 after "
				"%u.%03u ms",
				process, 16390 + (unsigned)strlen(s->table),
				1000 + (unsigned)draw_below(&t->chance, 9),
				(unsigned)draw_below(&t->chance, 1000));
			say_database(t, now + NS_PER_S, process, text);
		}
	}
	now += took;
	snprintf(text, sizeof(text), "reserved in %u ms", (unsigned)(took / NS_PER_MS));
	say(t, TIER_BACK, now, WORD_INFO, trace, "reserve", text);
	return now;
}

static int64_t tell_middle(struct teller *t, int64_t now, const char *trace, bool *failed)
{
	const struct story *s = t->story;
	char text[256];
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Handler", "charge started");
	now += draw_duration_ns(&t->chance, 3);
	snprintf(text, sizeof(text), "connection acquired, pool active=%u max=50",
		back_hurts(t, now) || middle_hurts(t, now)
			? 38 + (unsigned)draw_below(&t->chance, 13)
			: 4 + (unsigned)draw_below(&t->chance, 9));
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Pool", text);
	if (after_migration(t, now) && draw_share(&t->chance) < 0.02) {
		/* the index that was left out: slow all day long, and harmless unless it is the cause */
		int64_t took = draw_duration_ns(&t->chance, middle_hurts(t, now) ? 3800 : 650);
		snprintf(text, sizeof(text),
			"LOG:  duration: %u.%03u ms  statement: SELECT * FROM charges WHERE "
			"customer_id = $1",
			(unsigned)(took / NS_PER_MS), (unsigned)(took / NS_PER_US % 1000));
		now += took;
		say_database(t, now, 4100 + (unsigned)draw_below(&t->chance, 40), text);
	}
	if (middle_hurts(t, now) && draw_share(&t->chance) < s->failing_share) {
		*failed = true;
		snprintf(text, sizeof(text), "slow query: sequential scan on charges took %u ms",
			3000 + (unsigned)draw_below(&t->chance, 2500));
		now += 3 * NS_PER_S;
		say(t, TIER_MIDDLE, now, WORD_WARN, trace, "Store", text);
		return middle_fails(t, now, trace, s->database);
	}
	now += draw_duration_ns(&t->chance, 2);
	snprintf(text, sizeof(text), "calling %s", s->services[TIER_BACK]);
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Client", text);
	int64_t called = now;
	bool late = false;
	int64_t answered = tell_back(t, now + draw_duration_ns(&t->chance, 2), trace, &late);
	if (late) {
		*failed = true;
		return middle_fails(t, called, trace, s->services[TIER_BACK]);
	}
	now = answered + draw_duration_ns(&t->chance, 2);
	snprintf(text, sizeof(text), "%s answered in %u ms", s->services[TIER_BACK],
		(unsigned)((now - called) / NS_PER_MS));
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Client", text);
	now += draw_duration_ns(&t->chance, 4);
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Handler", "charge completed");
	return now;
}

static void tell_request(struct teller *t, int64_t start)
{
	const struct story *s = t->story;
	char trace[40], text[256], path[64];
	snprintf(trace, sizeof(trace), "%016llx%016llx", (unsigned long long)draw(&t->chance),
		(unsigned long long)draw(&t->chance));
	snprintf(path, sizeof(path), "/%s/submit", s->services[TIER_FRONT]);
	int64_t now = start + draw_duration_ns(&t->chance, 1);
	say(t, TIER_FRONT, now, WORD_INFO, trace, "Api", "order received");
	now += draw_duration_ns(&t->chance, 5);
	snprintf(text, sizeof(text), "calling %s", s->services[TIER_MIDDLE]);
	say(t, TIER_FRONT, now, WORD_INFO, trace, "Client", text);
	bool failed = false;
	now = tell_middle(t, now + draw_duration_ns(&t->chance, 2), trace, &failed);
	now += draw_duration_ns(&t->chance, 2);
	unsigned status = 200;
	if (failed) {
		status = 502;
		snprintf(text, sizeof(text), "%s answered 500: order not completed",
			s->services[TIER_MIDDLE]);
		say(t, TIER_FRONT, now, WORD_ERROR, trace, "Client", text);
		now += draw_duration_ns(&t->chance, 1);
		say(t, TIER_FRONT, now, WORD_ERROR, trace, "Api",
			"submit failed, customer sees an error page");
	} else if (draw_share(&t->chance) < 0.002) {
		status = 400;
		say(t, TIER_FRONT, now, WORD_WARN, trace, "Api", "order refused: card declined");
	} else {
		say(t, TIER_FRONT, now, WORD_INFO, trace, "Api", "order completed");
	}
	now += draw_duration_ns(&t->chance, 1);
	say_edge(t, now, path, status, now - start, trace);
}

/* A shop's day: quiet at night, a hump in the afternoon. */
static double daily_curve(int64_t time_of_day_ns)
{
	double hour = (double)time_of_day_ns / (double)HOUR_NS;
	return 0.35 + 1.3 * exp(-pow((hour - 15) / 5.5, 2));
}

static void tell_requests(struct teller *t)
{
	int64_t time = 0;
	while (time < DAY_NS) {
		time += (int64_t)(draw_wait(&t->chance, 1 / t->story->requests_per_second) * 1e9 /
				  daily_curve(time));
		if (time < DAY_NS)
			tell_request(t, t->day_ns + time);
	}
}

static void tell_job(struct teller *t)
{
	const struct story *s = t->story;
	char text[256];
	int64_t from = t->day_ns + s->hour_from * HOUR_NS;
	int64_t to = from + s->hours * HOUR_NS;
	bool locks = s->cause == CAUSE_JOB_LOCK;
	if (!locks)
		to = from + 300 * NS_PER_S;
	say_scheduler(t, from, "cron", "(ops) CMD (/opt/jobs/run-nightly.sh)");
	snprintf(text, sizeof(text), "starting job %s", s->job);
	say_scheduler(t, from + NS_PER_S, s->job, text);
	if (locks) {
		snprintf(text, sizeof(text), "taking exclusive lock on table %s for full rewrite",
			s->table);
		say_scheduler(t, from + 2 * NS_PER_S, s->job, text);
		snprintf(text, sizeof(text), "%s: table %s is locked by session of %s", s->job,
			s->table, s->job);
		say(t, TIER_BACK, from + 3 * NS_PER_S, WORD_WARN, "-", "store", text);
	}
	snprintf(text, sizeof(text), "job %s finished, %u rows", s->job,
		100000 + (unsigned)draw_below(&t->chance, 30000));
	say_scheduler(t, to, s->job, text);
}

static void tell_routine(struct teller *t)
{
	char text[256];
	for (unsigned hour = 0; hour < 24; hour++) {
		int64_t at = t->day_ns + hour * HOUR_NS;
		say_scheduler(
			t, at + 60 * NS_PER_S, "cron", "(root) CMD (run-parts /etc/cron.hourly)");
		for (unsigned k = 0; k < 4; k++) {
			unsigned written = (unsigned)draw_below(&t->chance, 900);
			int64_t when = at + k * 900 * NS_PER_S +
				       (int64_t)draw_below(&t->chance, 60) * NS_PER_S;
			say_database(t, when, 101, "LOG:  checkpoint starting: time");
			snprintf(text, sizeof(text),
				"LOG:  checkpoint complete: wrote %u buffers (%u.%u%%); 0 WAL "
				"file(s) added",
				written, written / 160, written % 10);
			say_database(t, when + 40 * NS_PER_S, 101, text);
		}
	}
	say_scheduler(t, t->day_ns + 2 * HOUR_NS, "backup", "starting job backup");
	say_scheduler(t, t->day_ns + 2 * HOUR_NS + 1500 * NS_PER_S, "backup",
		"job backup finished, 41 GB");
	say_scheduler(t, t->day_ns + 4 * HOUR_NS, "logrotate", "rotating all logs");
}

/* Restarting the middle service helps until the next day; someone does it most evenings. */
static void tell_restart(struct teller *t)
{
	if (t->story->cause != CAUSE_JOB_LOCK || t->day % 2 == 0)
		return;
	int64_t at = t->day_ns + (t->story->hour_from + t->story->hours) * HOUR_NS - 600 * NS_PER_S;
	say(t, TIER_MIDDLE, at, WORD_INFO, "-", "Main", "shutting down on signal 15");
	say(t, TIER_MIDDLE, at + 9 * NS_PER_S, WORD_INFO, "-", "Main",
		"service started in 8.2 seconds");
}

static void tell_deployments(struct teller *t)
{
	char text[256];
	const struct story *s = t->story;
	if (t->day == 2) {
		int64_t at = t->day_ns + 10 * HOUR_NS;
		snprintf(text, sizeof(text), "version 2.14.1 of %s rolled out",
			s->services[TIER_MIDDLE]);
		say_deployment(t, at, s->services[TIER_MIDDLE], text);
		say_deployment(t, at + 20 * NS_PER_S, s->services[TIER_MIDDLE],
			"migration 0042 applied, index charges_customer_id_idx skipped");
	}
	if (t->day == 1 || t->day == 4) {
		snprintf(text, sizeof(text), "version 5.%u.0 of %s rolled out", t->day,
			s->services[TIER_FRONT]);
		say_deployment(t, t->day_ns + 11 * HOUR_NS, s->services[TIER_FRONT], text);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void story_day(const struct story *s, unsigned day, struct buf out[STREAM_COUNT])
{
	struct teller t = { .story = s,
		.chance = { draw(&(struct chance){ (s->seed << 8 | day) + 7 }) },
		.day_ns = s->first_day_ns + day * DAY_NS,
		.day = day };
	tell_requests(&t);
	tell_routine(&t);
	tell_deployments(&t);
	if (s->cause != CAUSE_NONE)
		tell_restart(&t);
	tell_job(&t);
	for (size_t i = 0; i < STREAM_COUNT; i++) {
		struct page *p = &t.pages[i];
		qsort(p->lines, p->count, sizeof(*p->lines), by_time);
		for (size_t k = 0; k < p->count; k++) {
			buf_append(&out[i], p->lines[k].text);
			buf_append_byte(&out[i], '\n');
		}
		free(p->lines);
	}
	arena_release(&t.arena);
}
