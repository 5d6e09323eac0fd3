/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "bench/story_lines.h"

/* ---- when it hurts ---- */

static bool after_migration(const struct teller *t, int64_t time_ns)
{
	/* the migration lands at ten in the morning of the third day; healthy weeks have none */
	return t->story->cause != CAUSE_NONE &&
	       time_ns >= t->story->first_day_ns + 2 * DAY_NS + 10 * HOUR_NS;
}

static int64_t hurts_from(const struct teller *t)
{
	return t->day_ns + t->story->hour_from * HOUR_NS;
}

static int64_t hurts_to(const struct teller *t)
{
	return hurts_from(t) + t->story->hours * HOUR_NS;
}

/* Someone restarts the middle service most evenings, a while before the job is done. */
static int64_t restart_at(const struct teller *t)
{
	return t->day % 2 == 1 ? hurts_to(t) - 600 * NS_PER_S : INT64_MAX;
}

/* Is this tier held up at this moment by the job's lock? */
static bool is_locked(const struct teller *t, enum tier tier, int64_t time_ns)
{
	return t->story->cause == CAUSE_JOB_LOCK && t->story->victim == tier &&
	       time_ns >= hurts_from(t) + 3 * NS_PER_S && time_ns < hurts_to(t);
}

/* Do those who wait fail? Not after the restart: it helps until the next day. */
static bool fails(struct teller *t, int64_t time_ns)
{
	return draw_share(&t->chance) < t->story->failing_share && time_ns < restart_at(t);
}

/* Do the middle tier's own queries crawl?
 * Only a missing index that is the cause makes them fail. */
static bool middle_crawls(const struct teller *t, int64_t time_ns)
{
	return t->story->cause == CAUSE_MISSING_INDEX && after_migration(t, time_ns);
}

/* ---- requests ---- */

/* A pool that runs full while its users wait, and the failed call behind it. */
static int64_t middle_fails(struct teller *t, int64_t now, const char *trace, const char *callee)
{
	unsigned late = 5000 + (unsigned)draw_below(&t->chance, 30),
		 waiting = 3 + (unsigned)draw_below(&t->chance, 40), w = t->story->wording;
	char text[256];
	if (draw_share(&t->chance) < 0.5) {
		now += 5 * NS_PER_S + draw_duration_ns(&t->chance, 20);
		if (w == 0)
			snprintf(text, sizeof(text),
				"HikariPool-1 - Connection is not available, request timed out "
				"after "
				"%u ms (total=50, active=50, idle=0, waiting=%u)",
				late, waiting);
		else if (w == 1)
			snprintf(text, sizeof(text),
				"no connection within %u ms: pool size 50, in use 50, queue %u",
				late, waiting);
		else
			snprintf(text, sizeof(text),
				"QueuePool limit of size 50 overflow 0 reached, connection timed "
				"out, timeout 5.00 (queue %u)",
				waiting);
		say(t, TIER_MIDDLE, now, WORD_ERROR, trace, "Pool", text);
	} else {
		static const char *const words[STORY_WORDINGS] = {
			"call to $ timed out: Read timed out after 5000 ms",
			"$: deadline exceeded after 5000 ms",
			"$ did not answer in time (5.0 s)",
		};
		now += 4 * NS_PER_S + draw_duration_ns(&t->chance, 900);
		fill(text, sizeof(text), words[w], callee, 0);
		say(t, TIER_MIDDLE, now, WORD_ERROR, trace, "Client", text);
	}
	now += draw_duration_ns(&t->chance, 2);
	say(t, TIER_MIDDLE, now, WORD_ERROR, trace, "Handler",
		w == 0 ? "request failed, rolled back" : "giving up, transaction rolled back");
	return now;
}

static void say_lock_wait(struct teller *t, int64_t now, int64_t took_ns)
{
	char text[256];
	unsigned process = 4000 + (unsigned)draw_below(&t->chance, 60);
	if (t->story->database_kind == DATABASE_POSTGRES) {
		snprintf(text, sizeof(text),
			"[%u] LOG:  process %u still waiting for RowExclusiveLock on relation %u "
			"of database 16384 after %u.%03u ms",
			process, process, 16390 + (unsigned)strlen(t->story->table),
			1000 + (unsigned)draw_below(&t->chance, 9),
			(unsigned)draw_below(&t->chance, 1000));
		say_database(t, now + NS_PER_S, text);
		return;
	}
	snprintf(text, sizeof(text),
		"%u [Warning] Aborted connection %u to db: 'shop' user: 'app' host: '10.0.0.%u' "
		"(Got timeout reading communication packets)",
		process, process, (unsigned)draw_below(&t->chance, 200));
	if (took_ns > 3 * NS_PER_S)
		say_database(t, now + took_ns, text);
}

/* How long the tier works on its table; writes what it has to wait for. */
static int64_t work_on_table(
	struct teller *t, enum tier tier, int64_t now, const char *trace, bool *failed)
{
	static const char *const words[STORY_WORDINGS] = {
		"waited # ms for a lock on table $",
		"delayed by # ms, lock wait on $",
		"statement took # ms, most of it waiting for table $",
	};
	char text[256];
	if (!is_locked(t, tier, now))
		return draw_duration_ns(&t->chance, 14);
	int64_t took = draw_duration_ns(&t->chance, 700);
	*failed = fails(t, now);
	if (*failed || draw_share(&t->chance) < 0.15) {
		took += draw_duration_ns(&t->chance, 3800);
		fill(text, sizeof(text), words[t->story->wording], t->story->table,
			(unsigned)(took / NS_PER_MS));
		say(t, tier, now + took - NS_PER_MS, WORD_WARN, trace, "store", text);
		say_lock_wait(t, now, took);
	}
	return took;
}

/* The back tier's part; returns when it has answered. */
static int64_t tell_back(struct teller *t, int64_t now, const char *trace, bool *failed)
{
	const struct story *s = t->story;
	char text[256];
	snprintf(text, sizeof(text), "reserve %s item=%u quantity=%u", s->table,
		(unsigned)draw_below(&t->chance, 90000), 1 + (unsigned)draw_below(&t->chance, 4));
	say(t, TIER_BACK, now, WORD_INFO, trace, "reserve", text);
	int64_t took = work_on_table(t, TIER_BACK, now, trace, failed);
	now += took;
	snprintf(text, sizeof(text), "reserved in %u ms", (unsigned)(took / NS_PER_MS));
	say(t, TIER_BACK, now, WORD_INFO, trace, "reserve", text);
	return now;
}

/* The index that was left out: slow all day long, and harmless unless it is the cause. */
static int64_t query_charges(struct teller *t, int64_t now, const char *trace)
{
	char text[256];
	int64_t took = draw_duration_ns(&t->chance, middle_crawls(t, now) ? 3800 : 650);
	unsigned process = 4100 + (unsigned)draw_below(&t->chance, 40);
	now += took;
	if (t->story->database_kind == DATABASE_MARIADB) {
		/* its slow log is not in the bundle: the caller tells of it */
		snprintf(text, sizeof(text), "query on charges by customer_id took %u ms, no index",
			(unsigned)(took / NS_PER_MS));
		say(t, TIER_MIDDLE, now, WORD_WARN, trace, "Store", text);
	} else {
		snprintf(text, sizeof(text),
			"[%u] LOG:  duration: %u.%03u ms  statement: SELECT * FROM charges WHERE "
			"customer_id = $1",
			process, (unsigned)(took / NS_PER_MS), (unsigned)(took / NS_PER_US % 1000));
		say_database(t, now, text);
	}
	return now;
}

static bool is_busy(const struct teller *t, int64_t now)
{
	return is_locked(t, TIER_MIDDLE, now) || is_locked(t, TIER_BACK, now) ||
	       middle_crawls(t, now);
}

static int64_t call_back(struct teller *t, int64_t now, const char *trace, bool *failed)
{
	const struct story *s = t->story;
	char text[256];
	snprintf(text, sizeof(text), "calling %s", s->services[TIER_BACK]);
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Client", text);
	int64_t called = now;
	int64_t answered = tell_back(t, now + draw_duration_ns(&t->chance, 2), trace, failed);
	if (*failed)
		return middle_fails(t, called, trace, s->services[TIER_BACK]);
	now = answered + draw_duration_ns(&t->chance, 2);
	snprintf(text, sizeof(text), "%s answered in %u ms", s->services[TIER_BACK],
		(unsigned)((now - called) / NS_PER_MS));
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Client", text);
	now += draw_duration_ns(&t->chance, 4);
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Handler", "charge completed");
	return now;
}

static int64_t tell_middle(struct teller *t, int64_t now, const char *trace, bool *failed)
{
	char text[256];
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Handler", "charge started");
	now += draw_duration_ns(&t->chance, 3);
	snprintf(text, sizeof(text), "connection acquired, pool active=%u max=50",
		is_busy(t, now) ? 38 + (unsigned)draw_below(&t->chance, 13)
				: 4 + (unsigned)draw_below(&t->chance, 9));
	say(t, TIER_MIDDLE, now, WORD_INFO, trace, "Pool", text);
	if (after_migration(t, now) && draw_share(&t->chance) < 0.02)
		now = query_charges(t, now, trace);
	if (middle_crawls(t, now) && fails(t, t->day_ns)) {
		*failed = true;
		snprintf(text, sizeof(text), "slow query: sequential scan on charges took %u ms",
			3000 + (unsigned)draw_below(&t->chance, 2500));
		now += 3 * NS_PER_S;
		say(t, TIER_MIDDLE, now, WORD_WARN, trace, "Store", text);
		return middle_fails(t, now, trace, t->story->database);
	}
	if (is_locked(t, TIER_MIDDLE, now)) {
		now += work_on_table(t, TIER_MIDDLE, now, trace, failed);
		if (*failed)
			return middle_fails(t, now, trace, t->story->database);
	}
	return call_back(t, now + draw_duration_ns(&t->chance, 2), trace, failed);
}

static int64_t front_fails(struct teller *t, int64_t now, const char *trace)
{
	static const char *const words[STORY_WORDINGS][2] = {
		{ "$ answered 500: order not completed",
			"submit failed, customer sees an error page" },
		{ "upstream $ returned HTTP 500", "submit aborted" },
		{ "$ responded with status 500", "cannot complete the order, sorry page shown" },
	};
	const char *const *said = words[t->story->wording];
	char text[256];
	fill(text, sizeof(text), said[0], t->story->services[TIER_MIDDLE], 0);
	say(t, TIER_FRONT, now, WORD_ERROR, trace, "Client", text);
	now += draw_duration_ns(&t->chance, 1);
	say(t, TIER_FRONT, now, WORD_ERROR, trace, "Api", said[1]);
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
		now = front_fails(t, now, trace);
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

/* ---- what else happens ---- */

static void tell_job(struct teller *t)
{
	static const char *const locks[STORY_WORDINGS] = {
		"taking exclusive lock on table $ for full rewrite",
		"LOCK TABLE $ IN EXCLUSIVE MODE granted, rewriting",
		"rebuilding $ offline, table is locked until done",
	};
	const struct story *s = t->story;
	char text[256];
	int64_t from = hurts_from(t), to = hurts_to(t);
	bool takes_lock = s->cause == CAUSE_JOB_LOCK;
	if (!takes_lock)
		to = from + 300 * NS_PER_S;
	say_scheduler(t, from, "cron", "(ops) CMD (/opt/jobs/run-nightly.sh)");
	snprintf(text, sizeof(text), "starting job %s", s->job);
	say_job(t, from + NS_PER_S, text);
	if (takes_lock) {
		fill(text, sizeof(text), locks[s->wording], s->table, 0);
		say_job(t, from + 2 * NS_PER_S, text);
	}
	if (takes_lock && s->wording == 0) {
		snprintf(text, sizeof(text), "%s: table %s is locked by session of %s", s->job,
			s->table, s->job);
		say(t, s->victim, from + 3 * NS_PER_S, WORD_WARN, "-", "store", text);
	}
	snprintf(text, sizeof(text), "job %s finished, %u rows", s->job,
		100000 + (unsigned)draw_below(&t->chance, 30000));
	say_job(t, to, text);
}

static void tell_routine(struct teller *t)
{
	char text[256];
	bool postgres = t->story->database_kind == DATABASE_POSTGRES;
	for (unsigned hour = 0; hour < 24; hour++) {
		int64_t at = t->day_ns + hour * HOUR_NS;
		say_scheduler(
			t, at + 60 * NS_PER_S, "cron", "(root) CMD (run-parts /etc/cron.hourly)");
		for (unsigned k = 0; k < 4 && postgres; k++) {
			unsigned written = (unsigned)draw_below(&t->chance, 900);
			int64_t when = at + k * 900 * NS_PER_S +
				       (int64_t)draw_below(&t->chance, 60) * NS_PER_S;
			say_database(t, when, "[101] LOG:  checkpoint starting: time");
			snprintf(text, sizeof(text),
				"[101] LOG:  checkpoint complete: wrote %u buffers (%u.%u%%); 0 "
				"WAL "
				"file(s) added",
				written, written / 160, written % 10);
			say_database(t, when + 40 * NS_PER_S, text);
		}
		if (!postgres)
			say_database(t, at + 1700 * NS_PER_S,
				"0 [Note] InnoDB: Buffer pool(s) dump completed");
	}
	say_scheduler(t, t->day_ns + 2 * HOUR_NS, "backup", "starting job backup");
	say_scheduler(t, t->day_ns + 2 * HOUR_NS + 1500 * NS_PER_S, "backup",
		"job backup finished, 41 GB");
	say_scheduler(t, t->day_ns + 4 * HOUR_NS, "logrotate", "rotating all logs");
}

static void tell_restart(struct teller *t)
{
	int64_t at = restart_at(t);
	if (t->story->cause == CAUSE_MISSING_INDEX || at == INT64_MAX)
		return;
	say(t, TIER_MIDDLE, at, WORD_INFO, "-", "Main", "shutting down on signal 15");
	say(t, TIER_MIDDLE, at + 9 * NS_PER_S, WORD_INFO, "-", "Main",
		"service started in 8.2 seconds");
}

static void tell_deployments(struct teller *t)
{
	char text[256];
	const struct story *s = t->story;
	if (t->day == 2 && s->cause != CAUSE_NONE) {
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

void story_day(const struct story *s, unsigned day, struct buf out[STREAM_COUNT])
{
	struct chance seed = { (s->seed << 8 | day) + 7 };
	struct teller t = { .story = s,
		.chance = { draw(&seed) },
		.day_ns = s->first_day_ns + day * DAY_NS,
		.day = day };
	tell_requests(&t);
	tell_routine(&t);
	tell_deployments(&t);
	tell_restart(&t);
	tell_job(&t);
	put_pages(&t, out);
}
