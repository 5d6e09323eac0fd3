/* SPDX-License-Identifier: MIT */
#include "lineup/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lineup/clock.h"
#include "lineup/mem.h"

/* Stamps outside of these years get the offset of the nearest change. */
#define PROBE_FIRST_YEAR 1970
#define PROBE_LAST_YEAR	 2100
#define PROBE_STEP	 (7 * 86400)

/*
 * Names of offsets in stamps. Where several zones share a name, the one with the most people who
 * write it into logs stands here; --tz tells them apart.
 */
static const struct zone_name {
	char name[6];
	int16_t minutes;
} zone_names[] = {
	/* in the order of bytes */
	{ "ACDT", 630 },
	{ "ACST", 570 },
	{ "ADT", -180 },
	{ "AEDT", 660 },
	{ "AEST", 600 },
	{ "AKDT", -480 },
	{ "AKST", -540 },
	{ "ART", -180 },
	{ "AST", -240 },
	{ "AWST", 480 },
	{ "BRST", -120 },
	{ "BRT", -180 },
	{ "BST", 60 },
	{ "CAT", 120 },
	{ "CDT", -300 },
	{ "CEST", 120 },
	{ "CET", 60 },
	{ "CLST", -180 },
	{ "CLT", -240 },
	{ "COT", -300 },
	{ "CST", -360 },
	{ "EAT", 180 },
	{ "EDT", -240 },
	{ "EEST", 180 },
	{ "EET", 120 },
	{ "EST", -300 },
	{ "GMT", 0 },
	{ "GST", 240 },
	{ "HKT", 480 },
	{ "HST", -600 },
	{ "ICT", 420 },
	{ "IDT", 180 },
	{ "IRKT", 480 },
	{ "IRST", 210 },
	{ "IST", 330 },
	{ "JST", 540 },
	{ "KRAT", 420 },
	{ "KST", 540 },
	{ "MAGT", 660 },
	{ "MDT", -360 },
	{ "MESZ", 120 },
	{ "MEZ", 60 },
	{ "MSD", 240 },
	{ "MSK", 180 },
	{ "MST", -420 },
	{ "MYT", 480 },
	{ "NDT", -150 },
	{ "NOVT", 420 },
	{ "NPT", 345 },
	{ "NST", -210 },
	{ "NZDT", 780 },
	{ "NZST", 720 },
	{ "OMST", 360 },
	{ "PDT", -420 },
	{ "PET", -300 },
	{ "PETT", 720 },
	{ "PHT", 480 },
	{ "PKT", 300 },
	{ "PST", -480 },
	{ "SAMT", 240 },
	{ "SAST", 120 },
	{ "SGT", 480 },
	{ "TRT", 180 },
	{ "UCT", 0 },
	{ "UT", 0 },
	{ "UTC", 0 },
	{ "UYT", -180 },
	{ "UZT", 300 },
	{ "VLAT", 600 },
	{ "WAT", 60 },
	{ "WEST", 60 },
	{ "WET", 0 },
	{ "WIB", 420 },
	{ "WITA", 480 },
	{ "YAKT", 540 },
	{ "YEKT", 300 },
	{ "Z", 0 },
};

bool zone_name_offset(const struct zone *home, struct str name, int32_t *offset_seconds)
{
	for (size_t i = 0; home != NULL && home->is_named && i < countof(home->names); i++) {
		if (home->names[i][0] != '\0' && str_equal(str_from(home->names[i]), name)) {
			*offset_seconds = home->name_offsets[i];
			return true;
		}
	}
	if (name.len == 0 || name.len >= sizeof(zone_names[0].name))
		return false;
	char key[sizeof(zone_names[0].name)] = { 0 };
	memcpy(key, name.ptr, name.len);
	size_t low = 0, high = countof(zone_names);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(zone_names[middle].name, key, sizeof(key));
		if (order == 0) {
			*offset_seconds = zone_names[middle].minutes * 60;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

void zone_release(struct zone *z)
{
	free(z->changes);
	*z = (struct zone){ 0 };
}

static void set_fixed(struct zone *z, int32_t offset)
{
	z->changes = mem_zalloc(1, sizeof(*z->changes));
	z->changes[0] = (struct zone_change){ INT64_MIN / 4, offset };
	z->count = 1;
}

/* "+02:00", "+0200", "+2", "-11". */
static bool parse_offset(struct str s, int32_t *offset)
{
	if (s.len < 2 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return false;
	int digits[4], count = 0;
	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == ':' && (count == 1 || count == 2) && i + 3 == s.len)
			continue;
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || count == 4)
			return false;
		digits[count++] = s.ptr[i] - '0';
	}
	int hours, minutes = 0;
	if (count == 0)
		return false;
	if (count <= 2)
		hours = count == 1 ? digits[0] : digits[0] * 10 + digits[1];
	else {
		hours = count == 3 ? digits[0] : digits[0] * 10 + digits[1];
		minutes = digits[count - 2] * 10 + digits[count - 1];
	}
	if (hours > 18 || minutes > 59)
		return false;
	*offset = (hours * 60 + minutes) * 60 * (s.ptr[0] == '-' ? -1 : 1);
	return true;
}

static bool zone_file_exists(struct str name)
{
	if (name.len == 0 || name.len > 64 || name.ptr[0] == '/' || str_find(name, STR("..")) >= 0)
		return false;
	const char *folder = getenv("TZDIR");
	char path[512];
	int len = snprintf(path, sizeof(path), "%s/%.*s",
		folder != NULL ? folder : "/usr/share/zoneinfo", (int)name.len, name.ptr);
	FILE *file = len > 0 && (size_t)len < sizeof(path) ? fopen(path, "rb") : NULL;
	if (file == NULL)
		return false;
	char magic[4] = { 0 };
	bool is_zone = fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0;
	fclose(file);
	return is_zone;
}

static int32_t probe(int64_t seconds, struct tm *tm)
{
	time_t t = (time_t)seconds;
	return localtime_r(&t, tm) != NULL ? (int32_t)tm->tm_gmtoff : 0;
}

/* The names that the zone uses now, so that CST in Shanghai is not that of Chicago. */
static void note_name(struct zone *z, const struct tm *tm)
{
	struct str name = str_from(tm->tm_zone);
	if (name.len == 0 || name.len >= sizeof(z->names[0]) || name.ptr[0] == '+' ||
		name.ptr[0] == '-')
		return;
	for (size_t i = 0; i < countof(z->names); i++) {
		if (z->names[i][0] == '\0') {
			memcpy(z->names[i], name.ptr, name.len);
			z->name_offsets[i] = (int32_t)tm->tm_gmtoff;
			return;
		}
		if (str_equal(str_from(z->names[i]), name))
			return;
	}
}

static void probe_changes(struct zone *z)
{
	struct tm tm;
	int64_t first = clock_days(PROBE_FIRST_YEAR, 1, 1) * 86400;
	int64_t last = clock_days(PROBE_LAST_YEAR, 1, 1) * 86400;
	int64_t names_from = clock_days(2000, 1, 1) * 86400;
	int32_t offset = probe(first, &tm);
	size_t capacity = 0;
	mem_grow(&z->changes, z->count, &capacity);
	z->changes[z->count++] = (struct zone_change){ INT64_MIN / 4, offset };
	for (int64_t at = first; at < last; at += PROBE_STEP) {
		int32_t next = probe(at + PROBE_STEP, &tm);
		if (at > names_from && at - names_from < 20 * INT64_C(366) * 86400)
			note_name(z, &tm);
		if (next == offset)
			continue;
		int64_t low = at, high = at + PROBE_STEP; /* offset at low, another one at high */
		while (high - low > 1) {
			int64_t middle = low + (high - low) / 2;
			if (probe(middle, &tm) == offset)
				low = middle;
			else
				high = middle;
		}
		offset = probe(high, &tm);
		mem_grow(&z->changes, z->count, &capacity);
		z->changes[z->count++] = (struct zone_change){ high, offset };
		at = high - PROBE_STEP; /* go on right behind the change */
	}
}

int zone_parse(struct zone *z, struct str name, struct error *err)
{
	*z = (struct zone){ 0 };
	int32_t offset = 0;
	if (name.len == 0 || str_equal_nocase(name, STR("UTC")) || str_equal(name, STR("Z"))) {
		set_fixed(z, 0);
		return 0;
	}
	if (parse_offset(name, &offset)) {
		set_fixed(z, offset);
		return 0;
	}
	if (!zone_file_exists(name)) {
		if (!zone_name_offset(NULL, name, &offset))
			return error_set(err,
				"unknown time zone '%.*s' (an IANA name such as Europe/Berlin or "
				"an offset such as +02:00)",
				STR_ARG(name));
		set_fixed(z, offset);
		return 0;
	}
	const char *before = getenv("TZ");
	char *kept = before != NULL ? strdup(before) : NULL;
	char text[80];
	snprintf(text, sizeof(text), ":%.*s", (int)name.len, name.ptr);
	setenv("TZ", text, 1);
	tzset();
	probe_changes(z);
	z->is_named = true;
	if (kept != NULL)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
	return 0;
}

struct zone_time zone_instant(const struct zone *z, int64_t wall)
{
	struct zone_time t = { .seconds = wall - z->changes[0].offset_seconds,
		.fit = ZONE_FIT_ONE };
	if (z->count == 1)
		return t;
	/* The last change that had come when this clock, in the offset before it, showed `wall`. */
	size_t low = 0, high = z->count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (z->changes[middle].at_seconds + z->changes[middle - 1].offset_seconds <= wall)
			low = middle;
		else
			high = middle;
	}
	t.seconds = wall - z->changes[low].offset_seconds;
	if (low > 0 && t.seconds < z->changes[low].at_seconds) {
		t.fit = ZONE_FIT_GAP;
		t.seconds = wall - z->changes[low - 1].offset_seconds;
		return t;
	}
	const struct zone_change *next = low + 1 < z->count ? &z->changes[low + 1] : NULL;
	if (next != NULL && wall - next->offset_seconds >= next->at_seconds) {
		/* Before the next change, and yet the clock shows it again after that. */
		t.fit = ZONE_FIT_REPEAT;
		t.second_seconds = wall - next->offset_seconds;
		t.change_seconds = next->at_seconds;
	}
	return t;
}
