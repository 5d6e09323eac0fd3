/* SPDX-License-Identifier: MIT */
/* Zones that stamps name in words, as Java and JavaScript write them. */
#include "lineup/zone.h"

static const struct zone_words {
	const char *words; /* before " Time" */
	int16_t minutes;
} zones[] = {
	{ "Arabian Standard", 180 },
	{ "Argentina", -180 },
	{ "Australian Central Daylight", 630 },
	{ "Australian Central Standard", 570 },
	{ "Australian Eastern Daylight", 660 },
	{ "Australian Eastern Standard", 600 },
	{ "Australian Western Standard", 480 },
	{ "Brasilia", -180 },
	{ "Brasilia Standard", -180 },
	{ "British Summer", 60 },
	{ "Central Daylight", -300 },
	{ "Central European", 60 },
	{ "Central European Standard", 60 },
	{ "Central European Summer", 120 },
	{ "Central Standard", -360 },
	{ "China Standard", 480 },
	{ "Coordinated Universal", 0 },
	{ "Eastern Daylight", -240 },
	{ "Eastern European", 120 },
	{ "Eastern European Standard", 120 },
	{ "Eastern European Summer", 180 },
	{ "Eastern Standard", -300 },
	{ "Greenwich Mean", 0 },
	{ "Gulf Standard", 240 },
	{ "Hong Kong", 480 },
	{ "Hong Kong Standard", 480 },
	{ "India Standard", 330 },
	{ "Indochina", 420 },
	{ "Irish Standard", 60 },
	{ "Israel Daylight", 180 },
	{ "Israel Standard", 120 },
	{ "Japan Standard", 540 },
	{ "Korea Standard", 540 },
	{ "Korean Standard", 540 },
	{ "Moscow Standard", 180 },
	{ "Mountain Daylight", -360 },
	{ "Mountain Standard", -420 },
	{ "New Zealand Daylight", 780 },
	{ "New Zealand Standard", 720 },
	{ "Pacific Daylight", -420 },
	{ "Pacific Standard", -480 },
	{ "Pakistan Standard", 300 },
	{ "Singapore", 480 },
	{ "Singapore Standard", 480 },
	{ "South Africa Standard", 120 },
	{ "Western European", 0 },
	{ "Western European Standard", 0 },
	{ "Western European Summer", 60 },
};

size_t zone_words_read(struct str text, int32_t *offset_seconds)
{
	static const struct str end = { " Time", 5 };
	if (text.len < end.len + 8)
		return 0;
	for (size_t i = 0; i < countof(zones); i++) {
		const char *first = zones[i].words;
		if (first[0] != text.ptr[0] || first[1] != text.ptr[1])
			continue;
		struct str words = str_from(first);
		if (!str_starts(text, words) || !str_starts(str_skip(text, words.len), end))
			continue;
		*offset_seconds = zones[i].minutes * 60;
		return words.len + end.len;
	}
	return 0;
}
