/* SPDX-License-Identifier: MIT */
/*
 * Findings and a verdict made by hand: a job locks a table, a caller waits, a caller of that fails.
 * For the tests of the reports; static, nothing to free. One thread.
 */
#ifndef TESTS_VERDICT_EXAMPLE_H
#define TESTS_VERDICT_EXAMPLE_H

#include <math.h>

#include "lineup/verdict.h"

#define AT(hour, minute, second)                                                                   \
	((INT64_C(20500) * 86400 + (hour)*3600 + (minute)*60 + (second)) * NS_PER_S)

#define S(literal)                                                                                 \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}

static struct rule example_rules[] = {
	{ .id = S("db/lock"), .title = S("Table lock held"), .severity = SEVERITY_CRITICAL },
	{ .id = S("shop/timeout"), .title = S("Calls time out"), .severity = SEVERITY_HIGH },
};

static struct rule_complaint example_complaints[] = {
	{ .place = { S("my.yaml"), 12, 9 },
		.reason = S("unmatched ( in the pattern"),
		.rejected = true },
	{ .place = { S("my.yaml"), 14, 9 }, .reason = S("only a doubt"), .rejected = false },
};

static struct rule_set example_rule_set = {
	.rules = example_rules,
	.rule_count = countof(example_rules),
	.complaints = example_complaints,
	.complaint_count = countof(example_complaints),
};

static struct service_findings example_services[] = {
	{ .name = S("database") },
	{ .name = S("payment") },
};

static uint32_t example_detection_services[] = { 0, 1 };

static struct detection example_detections[] = {
	{ .rule = 0,
		.count = 12,
		.first_ns = AT(17, 0, 10),
		.last_ns = AT(18, 0, 0),
		.services = example_detection_services,
		.service_count = 2 },
};

static struct trouble example_troubles[] = {
	{ .kind = TROUBLE_SKIPPED, .path = S("b.tar!core"), .reason = S("an ELF core dump") },
	{ .kind = TROUBLE_SKIPPED, .path = S("b.tar!core.2"), .reason = S("an ELF core dump") },
	{ .kind = TROUBLE_DAMAGED, .path = S("b.tar!x\033[31m.gz"), .reason = S("ends early") },
};

static struct str example_notes[] = { S("app.log: no year in stamps, 2026 taken") };

static struct findings example_findings(void)
{
	return (struct findings){
		.rules = &example_rule_set,
		.cell_ns = NS_PER_S,
		.first_ns = AT(16, 0, 0),
		.last_ns = AT(19, 59, 59),
		.services = example_services,
		.service_count = countof(example_services),
		.detections = example_detections,
		.detection_count = countof(example_detections),
		.totals = { .files = 1,
			.members = 3,
			.bytes_read = 4000,
			.bytes = 1234567,
			.lines = 23456,
			.undated_lines = 7 },
		.troubles = { .items = example_troubles,
			.count = countof(example_troubles),
			.kept = { [TROUBLE_SKIPPED] = 2, [TROUBLE_DAMAGED] = 1 },
			.incomplete = true },
		.notes = example_notes,
		.note_count = countof(example_notes),
	};
}

static struct reason example_reasons[] = {
	{ S("burst"), 30.25, S("12 lines a minute, 40 times the baseline") },
	{ S("first"), 19.6875, S("rose 42 s before anything else") },
	{ S("spread"), 0.28125, S("one service") },
	{ S("order"), 0.03125, S("hardly early") },
};

static struct histogram_bar example_bars[] = {
	{ AT(16, 55, 0), 1 },
	{ AT(17, 0, 0), 40 },
	{ AT(17, 5, 0), 80 },
	{ AT(17, 50, 0), 20 },
};

static struct evidence example_evidence[] = {
	{ .time_ns = AT(17, 0, 10),
		.line = 1234,
		.offset = 99999,
		.path = S("b.tar!db/server.log"),
		.text = S("LOG: process 42 still waiting for \033[1mlock\033[0m, password=hunter22 "
			  "on relation stock after 1000 ms, client 10.1.2.3") },
	{ .time_ns = AT(17, 0, 20),
		.line = 1240,
		.offset = 100999,
		.path = S("b.tar!db/server.log"),
		.text = S("=cmd|' /C calc'!A0 \xff\xfe 10.1.2.3") },
};

static struct str example_references[] = { S("https://example.org/locks") };

static struct rule_advice example_advice = {
	.cause = S("A batch job takes the table in one transaction."),
	.fix = S("End the job's transaction: find its backend in pg_stat_activity and cancel it."),
	.prevention = S("Let the job work in small batches."),
	.references = example_references,
	.reference_count = 1,
};

static struct state example_states[] = { { S("pool_active"), 12, 50, NAN } };

static struct str example_coincides[] = { S("inventory-sync started (scheduler)") };

static struct change example_changes[] = {
	{ AT(16, 46, 0), S("payment"), S("deploy 2.3.1"), 850, 3, false },
};

static struct link example_links[] = { { 1, 812, 900, 7, 7, 2.34 } };

static struct suspect example_suspects[] = {
	{ .rank = 1,
		.id = S("db/lock"),
		.title = S("Table lock held"),
		.sentence = S("The database waits for a lock from 17:00 on."),
		.severity = SEVERITY_CRITICAL,
		.service = S("database"),
		.score = 50.25,
		.reasons = example_reasons,
		.reason_count = countof(example_reasons),
		.count = 12,
		.first_ns = AT(17, 0, 10),
		.last_ns = AT(18, 0, 0),
		.onset_ns = AT(17, 0, 10),
		.histogram = example_bars,
		.histogram_count = 4,
		.evidence = example_evidence,
		.evidence_count = 2,
		.advice = &example_advice,
		.states = example_states,
		.state_count = 1,
		.recurrence = { true, S("daily 17:00-19:00"), 86400, 7, 7, example_coincides, 1 },
		.changes = example_changes,
		.change_count = 1,
		.led_to = example_links,
		.led_to_count = 1,
		.caused_by = SIZE_MAX },
	{ .rank = 2,
		.id = S("shop/timeout"),
		.title = S("Calls time out"),
		.severity = SEVERITY_HIGH,
		.service = S("payment"),
		.score = 31,
		.count = 812,
		.first_ns = AT(17, 0, 12),
		.last_ns = AT(18, 59, 0),
		.onset_ns = AT(17, 0, 12),
		.histogram = example_bars,
		.histogram_count = 4,
		.caused_by = 0 },
	{ .rank = 3,
		.id = S("template:00000000deadbeef"),
		.title = S("no index on <*>"),
		.severity = SEVERITY_LOW,
		.service = S("\xe2\x80\xae"
			     "gnirts"),
		.score = 3.5,
		.count = 1,
		.first_ns = TIME_NONE,
		.last_ns = TIME_NONE,
		.onset_ns = TIME_NONE,
		.caused_by = SIZE_MAX },
};

static struct timeline_event example_timeline[] = {
	{ AT(16, 46, 0), S("payment"), S("change"), S(""), S("deploy 2.3.1"), S(""), false },
	{ AT(17, 0, 10), S("database"), S("onset"), S("db/lock"), S("Table lock held"),
		S("b.tar!db/server.log:1234"), false },
};

static uint32_t example_ranks[] = { 1, 3 };

static struct ranked_service example_ranked[] = {
	{ 1, S("database"), 50.25, 5000, example_ranks, 2 },
	{ 2, S("payment"), 31, 8000, NULL, 0 },
};

static struct unexplained_template example_templates[] = {
	{ S("retry <*> of <*>"), 77, S("payment"), AT(17, 1, 0), S("retry 1 of 3") },
};

static struct verdict example_verdict(void)
{
	return (struct verdict){
		.window_ns = 300 * NS_PER_S,
		.incident = { AT(17, 0, 0), AT(19, 0, 0), S("found: errors rose tenfold") },
		.baseline = { TIME_NONE, TIME_NONE, S("all outside the incident") },
		.summary = S("The database waits for a lock from 17:00 on; payment follows."),
		.suspects = example_suspects,
		.suspect_count = countof(example_suspects),
		.timeline = example_timeline,
		.timeline_count = countof(example_timeline),
		.services = example_ranked,
		.service_count = countof(example_ranked),
		.problem_lines = 1000,
		.matched_lines = 923,
		.unexplained = example_templates,
		.unexplained_count = countof(example_templates),
	};
}

#endif
