/* SPDX-License-Identifier: MIT */
/*
 * The benchmarks: each stage of the hot path alone, and whole programs beside their floor.
 *
 *   bench [-r ROUNDS] [-o JSON] [-p PATTERNS]... LINEUP FOLDER LOG
 *                                       all; a table to standard output
 *   bench floor PATTERNS|- LOG...       the floor alone; -: built-in rules
 *   bench hyperscan PATTERNS|- LOG...   the same with every pattern as it stands, no rare texts
 *   bench reading LOG                   what reading time and service costs, alone
 *
 * Seconds are CPU seconds, user and system: the best and the median of the rounds. The rounds of a
 * program and of its floor take turns, so that a busy machine slows both.
 */
#include "bench/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lineup/libraries.h"
#include "lineup/mem.h"

#define PATTERN_FILES_MAX 8

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

struct bench_row *bench_add(struct bench *b, const char *name, double *seconds, unsigned count)
{
	qsort(seconds, count, sizeof(*seconds), by_value);
	mem_grow(&b->rows, b->count, &b->capacity);
	struct bench_row *row = &b->rows[b->count++];
	*row = (struct bench_row){ .best_s = seconds[0], .median_s = seconds[count / 2] };
	snprintf(row->name, sizeof(row->name), "%s", name);
	return row;
}

double bench_thread_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct bench_row *bench_time(struct bench *b, const char *name, bench_fn *run, void *context)
{
	double seconds[BENCH_ROUNDS_MAX];
	run(context);
	for (unsigned i = 0; i < b->rounds; i++) {
		double begin = bench_thread_seconds();
		run(context);
		seconds[i] = bench_thread_seconds() - begin;
	}
	return bench_add(b, name, seconds, b->rounds);
}

/* ---- whole programs ---- */

struct run {
	const char *name;
	const char *const *argv;
	double seconds[BENCH_ROUNDS_MAX];
	double wall_s;
	long peak_kb;
};

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double run_once(struct run *r)
{
	int64_t begin_ns = clock_monotonic_ns();
	pid_t child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (null < 0 || dup2(null, 1) < 0)
			_exit(127);
		execv(r->argv[0], (char *const *)(uintptr_t)r->argv);
		_exit(127);
	}
	int status;
	struct rusage usage;
	while (child > 0 && wait4(child, &status, 0, &usage) < 0 && errno == EINTR)
		;
	if (child < 0 || !WIFEXITED(status) ||
		(WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 3))
		bench_die("run", r->argv[0]);
	double wall = (double)(clock_monotonic_ns() - begin_ns) / 1e9;
	r->wall_s = r->wall_s == 0 || wall < r->wall_s ? wall : r->wall_s;
	r->peak_kb = usage.ru_maxrss > r->peak_kb ? usage.ru_maxrss : r->peak_kb;
	return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

/* Sizes of the log, so that rates can be given. */
static void measure_log(const char *log, struct read_counts *counts)
{
	struct input input;
	struct chunk chunk = { 0 };
	struct reader *reader = bench_open(&input, log);
	while (reader_next(reader, &chunk) == 1)
		;
	*counts = reader_counts(reader);
	chunk_release(&chunk);
	reader_close(reader);
}

/* Both in turns; the first of them fills the cache of compiled rules and does not count. */
static void compare_runs(
	struct bench *b, struct run *runs, size_t count, const struct read_counts *sizes)
{
	for (size_t i = 0; i < count; i++)
		run_once(&runs[i]);
	for (unsigned round = 0; round < b->rounds; round++) {
		for (size_t i = 0; i < count; i++)
			runs[i].seconds[round] = run_once(&runs[i]);
	}
	for (size_t i = 0; i < count; i++) {
		struct bench_row *row = bench_add(b, runs[i].name, runs[i].seconds, b->rounds);
		row->bytes = sizes->bytes;
		row->bytes_encoded = sizes->bytes_encoded;
		row->lines = sizes->lines;
		row->wall_s = runs[i].wall_s;
		row->peak_kb = runs[i].peak_kb;
	}
}

static void whole_programs(struct bench *b, const char *self, const char *lineup, const char *log,
	const char *const *patterns, size_t pattern_count)
{
	struct read_counts sizes;
	measure_log(log, &sizes);
	struct run builtin[] = {
		{ .name = "program/hyperscan/built-in",
			.argv = (const char *[]){ self, "hyperscan", "-", log, NULL } },
		{ .name = "program/floor/built-in",
			.argv = (const char *[]){ self, "floor", "-", log, NULL } },
		{ .name = "program/scan/built-in",
			.argv = (const char *[]){ lineup, "scan", "-j1", "--no-progress", log,
				NULL } },
	};
	compare_runs(b, builtin, countof(builtin), &sizes);
	for (size_t i = 0; i < pattern_count; i++) {
		char names[3][64];
		const char *base = strrchr(patterns[i], '/') != NULL ? strrchr(patterns[i], '/') + 1
								     : patterns[i];
		snprintf(names[0], sizeof(names[0]), "program/floor/%s", base);
		snprintf(names[2], sizeof(names[2]), "program/hyperscan/%s", base);
		snprintf(names[1], sizeof(names[1]), "program/scan-q/%s", base);
		struct run plain[] = {
			{ .name = names[2],
				.argv = (const char *[]){ self, "hyperscan", patterns[i], log,
					NULL } },
			{ .name = names[0],
				.argv = (const char *[]){ self, "floor", patterns[i], log, NULL } },
			{ .name = names[1],
				.argv = (const char *[]){ lineup, "scan", "-j1", "-q",
					"--no-builtin", "-f", patterns[i], log, NULL } },
		};
		compare_runs(b, plain, countof(plain), &sizes);
	}
}

/* ---- output ---- */

static void print_table(const struct bench *b)
{
	printf("%-30s %9s %9s %8s %8s %9s %8s\n", "", "best", "median", "GB/s", "ns/line", "wall",
		"peak MB");
	double floor_s = 0, hyperscan_s = 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct bench_row *r = &b->rows[i];
		bool program = strncmp(r->name, "program/", 8) == 0;
		printf("%-30s %7.3f s %7.3f s %8.3f %8.1f", r->name, r->best_s, r->median_s,
			(double)r->bytes / r->best_s / 1e9,
			r->best_s * 1e9 / (double)(r->lines == 0 ? 1 : r->lines));
		if (program)
			printf(" %7.3f s %8.1f", r->wall_s, (double)r->peak_kb / 1024);
		if (strcmp(r->name, "scan/with_reading") == 0 && i + 1 < b->count)
			printf("  %.1f %% more than without",
				(r->best_s / b->rows[i + 1].best_s - 1) * 100);
		if (strncmp(r->name, "program/hyperscan/", 18) == 0)
			hyperscan_s = r->best_s;
		else if (strncmp(r->name, "program/floor/", 14) == 0)
			floor_s = r->best_s;
		else if (program && floor_s > 0)
			printf("  %.2f x hyperscan, %.2f x floor", r->best_s / hyperscan_s,
				r->best_s / floor_s);
		putchar('\n');
	}
}

static void print_cpu(FILE *out)
{
	char line[512];
	FILE *in = fopen("/proc/cpuinfo", "r");
	fputs("\"cpu\": \"", out);
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		char *colon = strchr(line, ':');
		if (strncmp(line, "model name", 10) != 0 || colon == NULL)
			continue;
		for (const char *c = colon + 2; *c != '\0' && *c != '\n'; c++) {
			if (*c != '"' && *c != '\\')
				fputc(*c, out);
		}
		break;
	}
	fputc('"', out);
	if (in != NULL)
		fclose(in);
}

/* One row a line, so that a script can read it without a parser. */
static void print_json(const struct bench *b, const char *path)
{
	struct utsname system = { 0 };
	FILE *out = fopen(path, "w");
	if (out == NULL)
		bench_die(path, strerror(errno));
	uname(&system);
	fprintf(out, "{\"schema\": \"lineup-bench/1\", \"machine\": {");
	print_cpu(out);
	fprintf(out, ", \"cores\": %ld, \"memory_bytes\": %lld, \"system\": \"%s %s %s\"},\n",
		sysconf(_SC_NPROCESSORS_ONLN),
		(long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE), system.sysname,
		system.release, system.machine);
	fprintf(out, "\"lineup\": \"%s\", \"compiler\": \"%s\", \"libraries\": {", LINEUP_VERSION,
		__VERSION__);
	for (const struct library *l = libraries; l->name != NULL; l++)
		fprintf(out, "%s\"%s\": \"%s\"", l == libraries ? "" : ", ", l->name,
			l->version == NULL ? "" : l->version);
	fprintf(out, "},\n\"rounds\": %u,\n\"rows\": [\n", b->rounds);
	for (size_t i = 0; i < b->count; i++) {
		const struct bench_row *r = &b->rows[i];
		fprintf(out,
			"{\"name\": \"%s\", \"best_s\": %.6f, \"median_s\": %.6f, \"wall_s\": "
			"%.6f, "
			"\"bytes\": %" PRIu64 ", \"bytes_encoded\": %" PRIu64
			", \"lines\": %" PRIu64 ", \"peak_kb\": %ld}%s\n",
			r->name, r->best_s, r->median_s, r->wall_s, r->bytes, r->bytes_encoded,
			r->lines, r->peak_kb, i + 1 < b->count ? "," : "");
	}
	fputs("]}\n", out);
	if (fclose(out) != 0)
		bench_die(path, strerror(errno));
}

static NORETURN void usage(void)
{
	fputs("usage: bench [-r ROUNDS] [-o JSON] [-p PATTERNS]... LINEUP FOLDER LOG | bench [-r "
	      "ROUNDS] reading LOG | bench floor|hyperscan PATTERNS|- LOG...\n",
		stderr);
	exit(2);
}

static int run_floor(int argc, char **argv)
{
	struct bench_rules rules;
	bench_rules_load(&rules, strcmp(argv[2], "-") == 0 ? NULL : argv[2],
		strcmp(argv[1], "hyperscan") == 0);
	for (int i = 3; i < argc; i++)
		bench_floor(&rules, argv[i]);
	bench_rules_release(&rules);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench b = { .rounds = 5 };
	const char *json = NULL;
	const char *patterns[PATTERN_FILES_MAX];
	size_t pattern_count = 0;
	uint64_t rounds;
	if (argc >= 4 && (strcmp(argv[1], "floor") == 0 || strcmp(argv[1], "hyperscan") == 0))
		return run_floor(argc, argv);
	for (int option; (option = getopt(argc, argv, "r:o:p:")) != -1;) {
		if (option == 'r' && str_to_u64(str_from(optarg), &rounds) && rounds > 0 &&
			rounds <= BENCH_ROUNDS_MAX)
			b.rounds = (unsigned)rounds;
		else if (option == 'o')
			json = optarg;
		else if (option == 'p' && pattern_count < PATTERN_FILES_MAX)
			patterns[pattern_count++] = optarg;
		else
			usage();
	}
	if (argc - optind == 2 && strcmp(argv[optind], "reading") == 0) {
		bench_stages(&b, argv[optind + 1], NULL, NULL);
		print_table(&b);
		free(b.rows);
		return 0;
	}
	if (argc - optind != 3)
		usage();
	const char *log = argv[optind + 2];
	bench_stages(&b, log, NULL, argv[optind + 1]);
	whole_programs(&b, argv[0], argv[optind], log, patterns, pattern_count);
	print_table(&b);
	if (json != NULL)
		print_json(&b, json);
	free(b.rows);
	return 0;
}
