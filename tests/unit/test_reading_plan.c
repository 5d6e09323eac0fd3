/* SPDX-License-Identifier: MIT */
/*
 * A line that is read with the help of its form reads as without: over the lines of every layout of
 * the table, and some made to mislead, with twins of each that have other digits. Files given on
 * the command line are gone through as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/clock.h"
#include "lineup/mem.h"
#include "lineup/reading.h"
#include "tests/twins.h"
#include "tests/unit/layout_table.h"

#define TWINS 40

static const char *const misleading[] = {
	"<134>Nov  9 12:00:00 host app[7]: priority",
	"<11>1 2025-11-09T12:00:00Z host app 12 - - version",
	"1 2025-11-09T12:00:00Z host app 12 - - version without priority",
	"2025-11-09 12:00:00 DEBUG1: a level with a digit",
	"Nov  9 12:00:00 sw %LINK-3-UPDOWN: a switch says how bad",
	"Nov  9 12:00:00 host DEBUG4: x",
	"10.20.30 2025-11-09 12:00:00 what is in front may be a date",
	"12:30:45 2025-11-09 12:00:00 what is in front is a time",
	"2025-11-09 12:00:00 [3f2a9c1b77de] ERROR an id in brackets",
	"Nov  9 12:00:00 host app[3f2a9c1b77de]: an id for a process",
	"Nov  9 12:00:00 3f2a9c1b77de app[12]: an id for a host",
	"2025-11-09 12:00:00 3f2a9c1b-77de-4a4b-9c9d-1234567890ab WARN behind an id",
	"2025-11-09 12:00:00 3f2a9c1b-77de-4a4b-9c9d-1234567890ab e: behind an id",
	"2025-11-09 12:00:00 \x1b[3f2a9c1b77de;1m ERROR an id in a colour",
	"2025-11-09 12:00:00 a 3f2a9c1b-11-22-33-44-55-66-77-88-99-10-11-12-13-14-15-16-17 Xab "
	"ERROR x",
	"2025-11-09 12:00:00 3f2a9c1b-1-2-3-4-5-6-7-8-9-0 Warn the first word",
	"web-7d9f8b6c54-x2x4z nginx 2025-11-09 12:00:00 a pod by its digits",
	"web-1  | 2025-11-09 12:00:00 ERROR compose",
	"[pod/web-7d9f8b6c54-x2x4z/nginx] 2025-11-09 12:00:00 x",
	"2025-11-09T12:00:00.123Z stdout F I1109 12:00:00.123456 1 x.go:1] klog in CRI",
	"2025-11-09T12:00:00.123Z stdout F E1109 12:00:00.123456 1 x.go:1] klog in CRI",
	"1762689600 Nov  9 12:00:00 host app[7]: a column in front",
	"1762689600.123 1762689700 in out",
	"[   12.345678] usb 1-1: new device",
	"11-09 12:00:00.123  1234  5678 E ActivityManager: logcat",
	"11-09 12:00:00.123 E/Tag( 123): short logcat",
	"CEF:0|v|p|1|2|n|5|rt=1762689600000 app=pop3",
	"ts=1762689600.5 level=error app=shop2 msg=\"pairs\"",
	"PRIORITY=3",
	"10.0.0.7 - - [09/Nov/2025:12:00:00 +0000] \"GET /a7 HTTP/1.1\" 502 157 \"-\" \"c\"",
	"10.0.0.7 - - [09/Nov/2025:12:00:00 +0000] \"GET /3f2a9c1b77de HTTP/2\" 500",
	"[2025-11-09T12:00:00.123Z] \"GET /a HTTP/1.1\" 503 UH 0 19 0 - \"-\" \"curl\"",
	"<190>Nov  9 12:00:00 host nginx: 10.0.0.7 \"GET /a HTTP/1.1\" 502 157 \"-\"",
	"2025-11-09 12:00:00 \"GET /a HTTP/1.1\" 3f2a9c1b77de an id for a status",
	"{\"level\":30,\"time\":1762689600000,\"msg\":\"pino\"}",
	"2025-11-09T12:00:00.123Z container die "
	"0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9 (name=web-1)",
	"WARN: {\"time\":\"2025-11-09T12:00:00Z\",\"level\":\"error\",\"msg\":\"behind a word\"}",
	"1762689600: {\"time\":\"2025-11-09T12:00:00Z\",\"level\":\"error\",\"msg\":\"a number\"}",
	"WARN: {\"time\":\"2025-11-09T12:00:00Z\",\"level\":30,\"msg\":\"behind a word\"}",
	"2025-11-09 12:00:00 a[7]: {\"level\":30,\"msg\":\"behind a head\"}",
	"[7] cart.1: [1762689600.123456789, {\"log\"=>\"ERROR a\"}]",
	"\x1e{\"time\":\"2025-11-09T12:00:00Z\",\"level\":\"error\",\"msg\":\"in a sequence\"}",
	"{\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"cart-7d9f8b6c54-x2x4z\"},"
	"\"lastTimestamp\":"
	"\"2025-11-09T12:00:00Z\",\"message\":\"an event\"}",
	"{\"level\":50,\"time\":1762689600000,\"url\":\"/a\",\"status\":500,\"msg\":\"pino\"}",
	"{\"level\":30,\"time\":1762689600000,\"url\":\"/a\",\"status\":200,\"msg\":\"pino\"}",
	"{\"time\":\"2025-11-09T12:00:00Z\",\"level\":\"info\",\"msg\":\"code 500 (12 ms)\"}",
	"2025-11-09 12:00:00 INFO completed with status 500 in 12 ms",
	"2025-11-09 12:00:00 INFO completed with status 200 in 12 ms",
	"2025-11-09T12:00:00Z app: status=500 took=1ms {\"level\":40,\"msg\":\"JSON behind\"}",
	"{\"level\":30,\"time\":1762689600000,\"msg\":\"ERROR: where the number is none\"}",
	"{\"level\":50,\"severity\":17,\"time\":1762689600000,\"msg\":\"two numbers\"}",
	"{\"level\":99,\"severity\":\"error\",\"time\":1762689600000,\"msg\":\"no level\"}",
	"{\"timeiso8601\":\"2025-11-09T12:00:00Z\",\"msg\":\"a key with digits\"}",
	"{\"time\":\"2025-11-09T12:00:00Z\",\"service\":\"web-7d9f8b6c54-x2x4z\",\"msg\":\"pod\"}",
	"{\"instant\":{\"epochSecond\":1762689600,\"nanoOfSecond\":123},\"level\":\"INFO\"}",
	"{\"time\":\"2025-11-09T12:00:00Z\",\"@timestamp\":\"2025-11-09T12:00:00.5Z\"}",
	"{\"time\":\"99999999\",\"ts\":\"2025-11-09T12:00:00Z\",\"level\":\"warn\"}",
	"{\"date\":\"2025-11-09\",\"time\":\"12:00:00\",\"msg\":\"x\"}",
	"{\"t\":\"3f2a9c1b77de\",\"msg\":\"an id for a time\",\"level\":\"e\"}",
	"{\"log\":\"{\\\"level\\\":40,\\\"msg\\\":\\\"x\\\"}\",\"time\":\"2025-11-09T12:00:00Z\"}",
	"{\"log\":\"{\\\"level\\\":\\\"warn\\\",\\\"t\\\":\\\"3f2a9c1b77de\\\"}\",\"time\":\"2025-"
	"11-09T12:00:00Z\"}",
	"2025-11-09T12:00:00Z app: {\"level\":40,\"msg\":\"JSON behind a head\"}",
	"2025-11-09 12:00:00 -0330 a zone, or a number that is none",
	"2025-11-09 12:00:00.123 -93 a number that is no zone",
	"2025-11-09 12:00:00 AM half of the day",
	"2025-11-09 09:00:00 p.m. half of the day",
	"2025-11-09 12:00:00 UTC+2 a zone with a digit",
	"2025-11-09 12:00:00.123 UTC [123] LOG: a zone by its name",
	"2025-11-09 12:00:00 Nov  9 12:00:00 a second stamp",
	"2025-11-09 12:00:00 May 12 is no second stamp",
	"2025-11-09 12:00:00,123.4 an address, or a fraction",
	"2025-11-09 12:00:00:123 a fraction behind a colon",
	"2025-11-09 12:00:00.1234567890123 a long fraction",
	"2025-11-09T12:00:00+05:30 ERROR a zone whose digits count",
	"2025-11-09T12:00:60Z a leap second",
	"2025-11-09 24:00:00 the end of the day",
	"2025-02-29 12:00:00 no such day",
	"1999-11-09 12:00:00 INFO another century",
	"2025/11/09 12:00:00 [error] 7#7: slashes",
	"[2025-11-09 12:00:00,123] INFO in brackets",
	"[2025-11-09T12:00:00Z] 3f2a9c1b77de behind brackets",
	"INFO 2025-11-09 12:00:00 behind a level",
	"I2025-11-09 12:00:00 behind a letter",
	"INFO-2025-11-09 12:00:00-text",
	"March 2025-11-09 12:00:00 behind a month's name",
	"time=2025-11-09T12:00:00.123Z level=warn",
	"start=2025-11-09T12:00:00Z end=2025-11-09T13:00:00Z",
	"ts=2025-11-09T12:00:00 tz=\"+0200\" a zone with a key of its own",
	"2025-11-09T12:00:00.123456789Z stdout F text in CRI",
	"2025-11-09T12:00:00.123Z stderr P 3f2a9c1b77de in CRI",
	"2025-11-09T12:00:00.123Z stdout F Nov  9 12:00:00 host app[7]: syslog in CRI",
	"10.0.0.1 - - [09/Nov/2025:12:00:00 +0000] \"GET / HTTP/1.1\" 200 12",
	"192.168.10.12 - ann [09/Nov/2025:12:00:00 -0330] \"GET /2025-11-09 HTTP/1.1\" 200 12",
	"10.11.12.13 - - [09/Nov/2025:23:59:60 +0100] \"GET / HTTP/1.1\" 200 12",
	"10.11.12 - - [09/Nov/2025:12:00:00 +0100] too few numbers",
	"10.11.12.13.14 - - [09/Nov/2025:12:00:00 +0100] too many",
	"1762689600 - - [09/Nov/2025:12:00:00 +0100] seconds in front",
	"::1 - - [09/Nov/2025:12:00:00 +0100] \"GET / HTTP/1.1\" 200 12",
	"web1 - - [09/Nov/2025:12:00:00 +0100] \"GET / HTTP/1.1\" 200 12",
	"host - May [09/Nov/2025:12:00:00 +0100] \"GET / HTTP/1.1\" 200 12",
	"10.0.0.1 - - [31/Feb/2025:12:00:00 +0000] no such day",
	"10.0.0.1 - - [09/Nov/2025:12:00:00 +9900] no such zone",
	" [09/Nov/2025:12:00:00 +0000] behind a blank",
	"| [09/Nov/2025:12:00:00 +0000] behind a bar",
	" 2025-11-09 12:00:00 behind a blank",
	"2025-11-09 12:00:00 app=pop3 msg=x",
	"2025-11-09 12:00:00 ERROR [cart2-service] in brackets",
	"2025-11-09 12:00:00 ERROR [3f2a9c1b77de-service] an id in brackets",
	"2025-11-09 12:00:00 level=info svc=3f2a9c1b77de msg=x",
	"2025-11-09T12:00:00.123+00:00 ecs/cart/3f2a9c1b77de0123456789abcdef0123 x",
	"2025-11-09T12:00:00.123+00:00 app[web.1]: x",
	"{\"ts\":\"2025-11-09T12:00:00Z\",\"source\":\"/var/log/cart2/app.log.3\"}",
	"{\"ts\":\"2025-11-09T12:00:00Z\",\"logger\":\"3f2a9c1b77de\"}",
	"{\"ts\":\"2025-11-09T12:00:00Z\",\"facility\":\"local7\"}",
	"{\"ts\":\"2025-11-09T12:00:00Z\",\"status\":\"500\"}",
	"{\"log\":\"{\\\"service\\\":\\\"cart2\\\"}\",\"time\":\"2025-11-09T12:00:00Z\"}",
	"{\"ts\":\"2025-11-09T12:00:00.123Z\",\"level\":30}",
	"{\"ts\":\"2025-11-09 12:00:00 +0200\",\"level\":\"warn\"}",
	"{\"ts\":\"2025-11-09 12:00:00 UTC\",\"service\":\"web-7d9f8b6c54-x2x4z\"}",
	"web-1  | {\"ts\":\"2025-11-09T12:00:00Z\",\"msg\":\"wrapped\"}",
	"[pod/web-7d9f8b6c54-x2x4z/nginx] {\"ts\":\"2025-11-09T12:00:00Z\"}",
	"no stamp here but 20251109 and 120000 and 1762689600",
	"seen at 2025-11-09 12:00:00, which is prose",
	"\tat com.shop.Main.run(Main.java:12)",
};

struct sums {
	size_t filled; /* forms that can be told by */
	size_t quick;  /* of these, those with nothing but the numbers of a stamp to read */
	size_t twins;
	size_t wrong;
};

static bool same(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || a.ptr == b.ptr || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool same_reading(const struct reading *a, const struct reading *b)
{
	return a->time_ns == b->time_ns && a->basis == b->basis && a->level == b->level &&
	       a->message_at == b->message_at && same(a->service, b->service) &&
	       same(a->host, b->host);
}

/* The line fills its form, and twins of it are read by that;
 * and each again by what it left there. */
static void check_line(const struct line_cursor *start, struct str line, struct sums *sums)
{
	char masked[LINE_MASK_BYTES + LINE_MASK_PADDING], twin[LINE_MASK_BYTES + LINE_MASK_PADDING];
	uint64_t state = line.len + 1;
	if (line.len == 0 || line.len > LINE_MASK_BYTES)
		return;
	memset(twin, 0, sizeof(twin));
	memcpy(twin, line.ptr, line.len);
	struct line_form form = { .other = NULL };
	line_mask(str_of(twin, line.len), masked);
	line_fit_init(&form.fit, masked, line.len);
	for (unsigned i = 0; i <= TWINS; i++) {
		struct line_cursor plain = *start, helped = *start;
		struct reading expected, got;
		if (i > 0 && !twin_make(line, (i % 4) * (i % 4) * 10, &state, twin))
			continue;
		line_read(&plain, str_of(twin, line.len), false, &expected);
		line_read_form(&helped, str_of(twin, line.len), &form, &got);
		sums->twins++;
		if (!same_reading(&expected, &got) || plain.header_seen != helped.header_seen ||
			memcmp(&plain.trust, &helped.trust, sizeof(plain.trust)) != 0) {
			sums->wrong++;
			print_error("read otherwise by its form: %.*s\n", (int)line.len, twin);
		}
	}
	sums->filled += form.reading.state == READING_SLOT_FILLED;
	sums->quick += form.reading.quick.known;
}

static void check_text(struct str place, struct str text, struct sums *sums)
{
	const struct reading_settings settings = { .now_ns = TIME_NONE };
	struct reading_options *options;
	struct error err;
	struct member member = { .place = place,
		.modified_ns = (clock_days(2025, 12, 20) * 86400 + 45000) * NS_PER_S };
	struct chunk chunk = { .data = (char *)(uintptr_t)text.ptr,
		.len = text.len,
		.member = &member,
		.ends_member = true };
	struct chunk_reading start;
	struct line_cursor cursor;
	assert_int_equal(reading_options_create(&options, &settings, &err), 0);
	reading_pull(options, &chunk, &start);
	line_cursor_start(&cursor, options, &start);
	for (struct str line; text.ptr != NULL && text.len > 0;) {
		struct reading r;
		line = str_cut(&text, '\n');
		check_line(&cursor, line, sums);
		line_read(&cursor, line, false, &r);
	}
	member.context_destroy(member.context);
	reading_options_destroy(options);
}

static void test_lines_of_every_layout_read_the_same_by_their_form(void **state)
{
	(void)state;
	static char line[1 << 14], text[1 << 14];
	struct sums sums = { 0 };
	size_t rows = 0;
	FILE *table = fopen(LAYOUT_TABLE, "r");
	assert_non_null(table);
	while (fgets(line, sizeof(line), table) != NULL) {
		struct str rest = str_from(line), name = str_cut(&rest, '\t');
		if (line[0] == '#')
			continue;
		rest.len -= str_ends(rest, STR("\n"));
		for (int c = 0; c < 4; c++)
			str_cut(&rest, '\t');
		check_text(name, str_of(text, layout_unescape(rest, text)), &sums);
		rows++;
	}
	fclose(table);
	assert_int_equal(sums.wrong, 0);
	/* Most layouts can be told by the form, or this would be for nothing. */
	assert_true(rows > 0 && sums.filled * 2 > rows);
	assert_true(sums.quick > 100);
	assert_true(sums.twins > rows * TWINS / 2);
}

static void test_lines_made_to_mislead_read_the_same_by_their_form(void **state)
{
	(void)state;
	struct sums sums = { 0 };
	for (size_t i = 0; i < countof(misleading); i++) {
		check_text(STR("x/app.log"), str_from(misleading[i]), &sums);
		/* Where lines before it showed what the file is like. */
		for (size_t other = 0; other < countof(misleading); other += 5) {
			char text[1024];
			int len = snprintf(text, sizeof(text), "%s\n%s\n%s\n", misleading[other],
				misleading[other], misleading[i]);
			check_text(STR("x/app.log"), str_of(text, (size_t)len), &sums);
		}
	}
	assert_int_equal(sums.wrong, 0);
	assert_true(sums.filled > countof(misleading));
}

static int check_files(int count, char **paths)
{
	struct sums sums = { 0 };
	for (int i = 0; i < count; i++) {
		FILE *file = fopen(paths[i], "r");
		size_t room = 64u << 20;
		char *text = mem_alloc(room);
		size_t len = file != NULL ? fread(text, 1, room, file) : 0;
		check_text(str_from(paths[i]), str_of(text, len), &sums);
		free(text);
		if (file != NULL)
			fclose(file);
	}
	printf("%zu twins, %zu wrong, %zu forms filled, %zu of them quick\n", sums.twins,
		sums.wrong, sums.filled, sums.quick);
	return sums.wrong > 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_of_every_layout_read_the_same_by_their_form),
		cmocka_unit_test(test_lines_made_to_mislead_read_the_same_by_their_form),
	};
	return argc > 1 ? check_files(argc - 1, argv + 1)
			: cmocka_run_group_tests(tests, NULL, NULL);
}
