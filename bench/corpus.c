/* SPDX-License-Identifier: MIT */
/*
 * Makes logs from a seed: the demo incident, its variants for the tests of the ranking, and plain
 * corpora of any size for benchmarks.
 *
 *   corpus demo  SEED FOLDER         the demo: seven days of a shop, as a support bundle
 *   corpus story SEED CAUSE FOLDER [PERCENT]
 *                                    a variant: CAUSE is lock, index or none; of so many requests
 *   corpus lines SEED SIZE           lines of all programs of such a shop, to standard output
 *   corpus patterns SEED COUNT       patterns of error messages, one a line, to standard output
 *
 * demo and story print what the truth is, as one JSON object.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/patterns.h"
#include "bench/story.h"
#include "lineup/clock.h"

#define DAY_NS (86400 * NS_PER_S)

static NORETURN void die(const char *what, const char *which)
{
	fprintf(stderr, "corpus: %s '%s': %s\n", what, which, strerror(errno));
	exit(2);
}

static void make_folders(const char *path)
{
	char part[4096];
	size_t len = strlen(path);
	for (size_t i = 1; i < len && i < sizeof(part); i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			die("make folder", part);
	}
}

/* Writes the file and gives it this modification time, which tells the year of stamps without. */
static void write_file(const char *path, struct str text, int64_t modified_ns)
{
	make_folders(path);
	FILE *f = fopen(path, "wb");
	if (f == NULL || fwrite(text.ptr, 1, text.len, f) != text.len || fclose(f) != 0)
		die("write", path);
	struct timespec times[2] = { { modified_ns / NS_PER_S, 0 }, { modified_ns / NS_PER_S, 0 } };
	if (utimensat(AT_FDCWD, path, times, 0) != 0)
		die("set the time of", path);
}

/* ---- archives ---- */

/* Bytes in, compressed bytes out, by libarchive's filter of that code around raw data. */
static la_ssize_t to_buffer(struct archive *a, void *context, const void *bytes, size_t len)
{
	(void)a;
	buf_append(context, str_of(bytes, len));
	return (la_ssize_t)len;
}

static void compress_to(struct buf *out, struct str text, int filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	archive_write_add_filter(a, filter);
	archive_write_set_format_raw(a);
	archive_write_set_bytes_per_block(a, 0);
	if (filter == ARCHIVE_FILTER_GZIP)
		archive_write_set_options(a, "gzip:!timestamp");
	archive_write_open(a, out, NULL, to_buffer, NULL);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_write_header(a, e);
	archive_write_data(a, text.ptr, text.len);
	archive_entry_free(e);
	archive_write_close(a);
	archive_write_free(a);
}

static struct archive *open_bundle(const char *path, int filter, bool zip)
{
	make_folders(path);
	struct archive *a = archive_write_new();
	if (zip) {
		archive_write_set_format_zip(a);
	} else {
		archive_write_add_filter(a, filter);
		if (filter == ARCHIVE_FILTER_GZIP)
			archive_write_set_options(a, "gzip:!timestamp");
		archive_write_set_format_pax_restricted(a);
	}
	if (archive_write_open_filename(a, path) != ARCHIVE_OK) {
		fprintf(stderr, "corpus: %s: %s\n", path, archive_error_string(a));
		exit(2);
	}
	return a;
}

static void add_member(struct archive *a, const char *name, struct str text, int64_t modified_ns)
{
	struct archive_entry *e = archive_entry_new();
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)text.len);
	archive_entry_set_mtime(e, modified_ns / NS_PER_S, 0);
	if (archive_write_header(a, e) != ARCHIVE_OK ||
		archive_write_data(a, text.ptr, text.len) != (la_ssize_t)text.len) {
		fprintf(stderr, "corpus: %s: %s\n", name, archive_error_string(a));
		exit(2);
	}
	archive_entry_free(e);
}

/* ---- the bundle ---- */

/* Older days lie in archives: members compressed one by one, in a container of varying kind. */
static void write_archived_day(
	const struct story *s, unsigned day, const char *folder, struct buf streams[STREAM_COUNT])
{
	static const struct kind {
		const char *suffix;
		int filter;
		bool zip;
	} kinds[] = {
		{ "tar.zst", ARCHIVE_FILTER_ZSTD, false },
		{ "tar.gz", ARCHIVE_FILTER_GZIP, false },
		{ "zip", 0, true },
	};
	const struct kind *kind = &kinds[day % countof(kinds)];
	int64_t midnight_ns = s->first_day_ns + day * DAY_NS, year;
	int month, date;
	char path[4096];
	clock_date(midnight_ns / DAY_NS, &year, &month, &date);
	snprintf(path, sizeof(path), "%s/archive/%04d-%02d-%02d.%s", folder, (int)year, month, date,
		kind->suffix);
	struct archive *a = open_bundle(path, kind->filter, kind->zip);
	for (size_t i = 0; i < STREAM_COUNT; i++) {
		const char *name = story_stream_name(s, (enum stream)i);
		char member[256];
		struct buf packed = BUF_INIT(0);
		if (streams[i].len == 0)
			continue;
		snprintf(member, sizeof(member), "var/log/%s/%s.log%s", name,
			i == STREAM_EDGE ? "access" : name,
			i % 3 == 0   ? ".gz"
			: i % 3 == 1 ? ".zst"
				     : "");
		if (i % 3 != 2)
			compress_to(&packed, buf_str(&streams[i]),
				i % 3 == 0 ? ARCHIVE_FILTER_GZIP : ARCHIVE_FILTER_ZSTD);
		add_member(a, member, i % 3 == 2 ? buf_str(&streams[i]) : buf_str(&packed),
			midnight_ns + DAY_NS - NS_PER_S);
		buf_release(&packed);
	}
	if (archive_write_close(a) != ARCHIVE_OK) {
		fprintf(stderr, "corpus: %s: %s\n", path, archive_error_string(a));
		exit(2);
	}
	archive_write_free(a);
}

/* The last two days lie in the open, one file a program. */
static void write_open_days(
	const struct story *s, const char *folder, struct buf streams[STREAM_COUNT])
{
	int64_t end_ns = s->first_day_ns + s->days * DAY_NS - NS_PER_S;
	for (size_t i = 0; i < STREAM_COUNT; i++) {
		const char *name = story_stream_name(s, (enum stream)i);
		char path[4096];
		snprintf(path, sizeof(path), "%s/var/log/%s/%s.log", folder, name,
			i == STREAM_EDGE ? "access" : name);
		if (streams[i].len > 0)
			write_file(path, buf_str(&streams[i]), end_ns);
	}
}

/* What no bundle is without: a member that breaks off, and a clock that was wrong for a while. */
static void write_blemishes(const struct story *s, const char *folder)
{
	char path[4096];
	struct buf text = BUF_INIT(0), packed = BUF_INIT(0);
	int64_t year;
	int month, day;
	clock_date(s->first_day_ns / DAY_NS, &year, &month, &day);
	for (unsigned i = 0; i < 3000; i++)
		buf_printf(&text, "%04d-%02d-%02d 03:%02u:%02u INFO mirror: copied segment %u\n",
			(int)year, month, day, i / 60, i % 60, i * 7919 % 100003);
	compress_to(&packed, buf_str(&text), ARCHIVE_FILTER_GZIP);
	packed.len = packed.len * 2 / 3;
	snprintf(path, sizeof(path), "%s/var/log/mirror/mirror.log.gz", folder);
	write_file(path, buf_str(&packed), s->first_day_ns);
	buf_clear(&text);
	for (unsigned i = 0; i < 60; i++)
		buf_printf(&text, "%04d-%02d-%02dT00:%02u:07Z INFO agent: heartbeat ok\n",
			i < 5 ? 2062 : (int)year, month, day, i);
	snprintf(path, sizeof(path), "%s/var/log/agent/agent.log", folder);
	write_file(path, buf_str(&text), s->first_day_ns + DAY_NS);
	buf_release(&text);
	buf_release(&packed);
}

static void write_bundle(const struct story *s, const char *folder)
{
	struct buf streams[STREAM_COUNT];
	for (size_t i = 0; i < STREAM_COUNT; i++)
		buf_init(&streams[i], 0);
	for (unsigned day = 0; day < s->days; day++) {
		bool archived = day + 2 < s->days;
		story_day(s, day, streams);
		if (archived)
			write_archived_day(s, day, folder, streams);
		for (size_t i = 0; i < STREAM_COUNT && archived; i++)
			buf_clear(&streams[i]);
	}
	write_open_days(s, folder, streams);
	write_blemishes(s, folder);
	for (size_t i = 0; i < STREAM_COUNT; i++)
		buf_release(&streams[i]);
}

static void print_truth(const struct story *s)
{
	static const char *const causes[] = { "lock", "index", "none" };
	char first[CLOCK_TEXT_MAX];
	clock_rfc3339(s->first_day_ns, first);
	printf("{\"cause\": \"%s\", \"front\": \"%s\", \"middle\": \"%s\", \"back\": \"%s\", "
	       "\"database\": \"%s\", "
	       "\"job\": \"%s\", \"table\": \"%s\", \"first_day\": \"%s\", \"days\": %u, "
	       "\"hour_from\": %u, \"hours\": %u, \"victim\": \"%s\", \"edge\": \"%s\"}\n",
		causes[s->cause], s->services[TIER_FRONT], s->services[TIER_MIDDLE],
		s->services[TIER_BACK], s->database, s->job, s->table, first, s->days, s->hour_from,
		s->hours, s->services[s->victim], s->edge);
}

/* ---- corpora for benchmarks ---- */

/* Days one after the other, their programs in turn, until the size is reached. */
static void write_lines(uint64_t seed, uint64_t size_bytes)
{
	struct story s;
	struct buf streams[STREAM_COUNT];
	story_demo(&s, seed);
	s.requests_per_second = 1.5;
	for (size_t i = 0; i < STREAM_COUNT; i++)
		buf_init(&streams[i], 0);
	uint64_t written = 0;
	for (unsigned day = 0; written < size_bytes; day++) {
		story_day(&s, day, streams);
		for (size_t i = 0; i < STREAM_COUNT; i++) {
			size_t len = size_min(streams[i].len, size_bytes - written);
			while (len < streams[i].len && len > 0 && streams[i].ptr[len - 1] != '\n')
				len--;
			if (len > 0 && fwrite(streams[i].ptr, 1, len, stdout) != len)
				die("write", "standard output");
			written += len;
			if (len < streams[i].len)
				written = size_bytes;
			buf_clear(&streams[i]);
		}
	}
	for (size_t i = 0; i < STREAM_COUNT; i++)
		buf_release(&streams[i]);
}

static NORETURN void usage(void)
{
	fputs("usage: corpus demo SEED FOLDER | corpus story SEED lock|index|none FOLDER [PERCENT] "
	      "| "
	      "corpus lines SEED SIZE | corpus patterns SEED COUNT\n",
		stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct story s;
	uint64_t seed, size_bytes;
	if (argc < 4 || !str_to_u64(str_from(argv[2]), &seed))
		usage();
	if (strcmp(argv[1], "demo") == 0 && argc == 4) {
		story_demo(&s, seed);
		write_bundle(&s, argv[3]);
		print_truth(&s);
	} else if (strcmp(argv[1], "story") == 0 && (argc == 5 || argc == 6)) {
		enum story_cause cause = strcmp(argv[3], "lock") == 0	 ? CAUSE_JOB_LOCK
					 : strcmp(argv[3], "index") == 0 ? CAUSE_MISSING_INDEX
									 : CAUSE_NONE;
		story_random(&s, seed, cause);
		if (argc == 6)
			s.requests_per_second *= strtod(argv[5], NULL) / 100;
		write_bundle(&s, argv[4]);
		print_truth(&s);
	} else if (strcmp(argv[1], "lines") == 0 && argc == 4 &&
		   str_to_size(str_from(argv[3]), &size_bytes)) {
		write_lines(seed, size_bytes);
	} else if (strcmp(argv[1], "patterns") == 0 && argc == 4 &&
		   str_to_u64(str_from(argv[3]), &size_bytes)) {
		struct buf text = BUF_INIT(0);
		patterns_make(seed, size_bytes, &text);
		if (fwrite(text.ptr, 1, text.len, stdout) != text.len)
			die("write", "standard output");
		buf_release(&text);
	} else {
		usage();
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
