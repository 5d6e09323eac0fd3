/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a log that is scanned, ranked and reported: titles, names, requests, numbers and
 * periods are read off text that others wrote. It ends; the same comes out of two threads as of
 * one; JSON is JSON, and no control byte reaches a terminal.
 */
#include <jansson.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lineup/pipeline.h"
#include "lineup/rank.h"
#include "lineup/report.h"
#include "lineup/rules_load.h"
#include "tests/fuzz/fuzz.h"

static struct rule_set rules;
static struct matcher *matcher;
static struct reading_options *reading;

static void prepare(void)
{
	static const struct str pack = {
		"pack: fuzz\nrules:\n"
		"  - {id: fuzz/word, title: t, severity: high, match: '(?i)fail|refused|denied'}\n"
		"  - {id: fuzz/number, title: t, severity: low, match: "
		"'(?<busy>\\d+)/(?<all>\\d+)'}\n",
		0
	};
	static const struct rules_load_options how;
	const struct matcher_options options = { .with_forms = true };
	const struct reading_settings settings = { .now_ns = 1790000000 * NS_PER_S };
	struct error err;
	rules_load_text(&rules, STR("fuzz.yaml"), str_from(pack.ptr), &how);
	rule_set_finish(&rules);
	PROMISE(rules.rule_count == 2);
	PROMISE(matcher_create(&matcher, &rules, &options, &err) == 0);
	PROMISE(reading_options_create(&reading, &settings, &err) == 0);
}

static void write_report(const char *name, const struct findings *findings,
	const struct verdict *verdict, struct str *out)
{
	const struct report_settings settings = { .redact = true, .verbose = true };
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);
	struct error err;
	PROMISE(report_find(str_from(name))->write(stream, findings, verdict, &settings, &err) ==
		0);
	fclose(stream);
	*out = str_of(text, len);
}

static void check_reports(const struct findings *findings, const struct verdict *verdict)
{
	struct str text;
	for (int i = 0; i < 2; i++) {
		write_report(i == 0 ? "text" : "csv", findings, verdict, &text);
		for (size_t at = 0; at < text.len; at++) {
			unsigned char c = (unsigned char)text.ptr[at];
			PROMISE((c >= ' ' || c == '\n' || (c == '\r' && i == 1)) && c != 127);
		}
		free((char *)(uintptr_t)text.ptr);
	}
}

/* The JSON of a scan with so many threads; the caller frees it. */
static struct str scan(const char *path, unsigned jobs)
{
	static const struct selection all;
	struct inputs inputs = { 0 };
	struct troubles troubles = { 0 };
	struct read_limits limits = read_limits_default;
	limits.chunk_bytes = 512;
	limits.max_size_bytes = 1 << 20;
	limits.window_bytes = 8 << 20;
	inputs_add(&inputs, str_from(path), &troubles);
	inputs_finish(&inputs, &troubles);
	/* The name of the file is not the same in two runs of the fuzzer. */
	const struct scan_settings settings = { .inputs = &inputs,
		.rules = &rules,
		.matcher = matcher,
		.reading = reading,
		.limits = &limits,
		.selection = &all,
		.since_ns = TIME_NONE,
		.until_ns = TIME_NONE,
		.jobs = jobs,
		.with_templates = true };
	static struct scan_progress progress;
	struct findings findings = { 0 };
	struct verdict verdict = { 0 };
	struct scan_stats stats;
	struct error err;
	const struct rank_settings how = { .incident_from_ns = TIME_NONE,
		.incident_to_ns = TIME_NONE,
		.baseline_from_ns = TIME_NONE,
		.baseline_to_ns = TIME_NONE,
		.jobs = jobs,
		.least = SEVERITY_INFO };
	struct str json;
	PROMISE(pipeline_scan(&settings, &progress, &findings, &stats, &err) == 0);
	rank(&findings, &how, &verdict);
	write_report("json", &findings, &verdict, &json);
	if (jobs == 1)
		check_reports(&findings, &verdict);
	verdict_release(&verdict);
	findings_release(&findings);
	inputs_release(&inputs);
	troubles_release(&troubles);
	return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (matcher == NULL)
		prepare();
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct str one = scan(path, 1);
	struct str two = scan(path, 2);
	close(fd);
	PROMISE(str_equal(one, two));
	json_t *parsed =
		json_loadb(one.ptr, one.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	PROMISE(parsed != NULL);
	json_decref(parsed);
	free((char *)(uintptr_t)one.ptr);
	free((char *)(uintptr_t)two.ptr);
	return 0;
}
