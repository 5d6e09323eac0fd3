/* SPDX-License-Identifier: MIT */
#include "bench/story.h"

#include <stdio.h>

#include "bench/story_lines.h"
#include "lineup/clock.h"

void story_demo(struct story *s, uint64_t seed)
{
	*s = (struct story){
		.seed = seed,
		.cause = CAUSE_JOB_LOCK,
		.services = { "checkout", "payment", "inventory" },
		.formats = { FORMAT_JSON, FORMAT_JAVA, FORMAT_LOGFMT },
		.victim = TIER_BACK,
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

/* A shop: its services, and a table of the middle and of the back one. */
struct family {
	const char *services[TIER_COUNT];
	const char *tables[TIER_COUNT];
};

static const struct family families[] = {
	{ { "storefront", "billing", "warehouse" }, { NULL, "invoices", "stock" } },
	{ { "booking", "ticketing", "seatmap" }, { NULL, "tickets", "seats" } },
	{ { "portal", "claims", "policies" }, { NULL, "claim_items", "policy" } },
	{ { "webapp", "orders", "catalog" }, { NULL, "order_lines", "items" } },
	{ { "mobile-api", "wallet", "ledger" }, { NULL, "balances", "accounts" } },
	{ { "frontend", "shipping", "tariffs" }, { NULL, "parcels", "rates" } },
	{ { "player", "playlists", "rights" }, { NULL, "entries", "licences" } },
	{ { "kiosk", "admissions", "beds" }, { NULL, "stays", "wards" } },
};

/* A job is called after the service whose table it works on, or after what it is for. */
static void draw_job(struct story *s, struct chance *c)
{
	static const char *const verbs[] = { "sync", "reindex", "import", "reconcile", "export" };
	static const char *const names[] = { "month-closing", "price-refresh", "data-mart-load",
		"gdpr-cleanup" };
	if (draw_below(c, 3) == 0)
		snprintf(s->job, sizeof(s->job), "%s", names[draw_below(c, countof(names))]);
	else
		snprintf(s->job, sizeof(s->job), "%s-%s", s->services[s->victim],
			verbs[draw_below(c, countof(verbs))]);
	s->job_alone = draw_below(c, 2) == 0;
	s->job_format = (enum log_format)draw_below(c, FORMAT_COUNT);
}

void story_random(struct story *s, uint64_t seed, enum story_cause cause)
{
	static const char *const edges[] = { "gateway", "edge", "ingress", "proxy" };
	static const char *const databases[][3] = {
		[DATABASE_POSTGRES] = { "postgres", "postgresql", "db-main" },
		[DATABASE_MARIADB] = { "mariadb", "mysql", "db-main" },
	};
	struct chance c = { seed * 0x2545f4914f6cdd1dULL + 1 };
	const struct family *family = &families[draw_below(&c, countof(families))];
	story_demo(s, seed);
	s->cause = cause;
	memcpy(s->services, family->services, sizeof(s->services));
	s->victim = draw_below(&c, 3) == 0 ? TIER_MIDDLE : TIER_BACK;
	s->table = family->tables[s->victim];
	s->wording = (unsigned)draw_below(&c, STORY_WORDINGS);
	s->edge = edges[draw_below(&c, countof(edges))];
	s->database_kind = draw_below(&c, 3) == 0 ? DATABASE_MARIADB : DATABASE_POSTGRES;
	s->database = databases[s->database_kind][draw_below(&c, 3)];
	draw_job(s, &c);
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
	case STREAM_JOB:
		return s->job;
	default:
		return "deployments";
	}
}
