/* SPDX-License-Identifier: MIT */
/*
 * Zones that stamps name in full, as PHP writes them. The system's tables cannot be asked while
 * lines are read (they are files, and the scan opens none), so the zones that logs are mostly of
 * stand here with the rules that hold today: those of the European Union since 1996, of North
 * America since 2007, of Australia since 2008 and of New Zealand since 2007. Times before are taken
 * by the same rules.
 */
#include "lineup/zone.h"

#include "lineup/clock.h"

enum rule { RULE_NONE, RULE_EUROPE, RULE_AMERICA, RULE_AUSTRALIA, RULE_ZEALAND };

static const struct named_zone {
	const char *name;
	int16_t minutes; /* without summer time */
	uint8_t rule;
} zones[] = {
	/* in the order of bytes */
	{ "Africa/Johannesburg", 120, RULE_NONE },
	{ "Africa/Lagos", 60, RULE_NONE },
	{ "Africa/Nairobi", 180, RULE_NONE },
	{ "America/Anchorage", -540, RULE_AMERICA },
	{ "America/Argentina/Buenos_Aires", -180, RULE_NONE },
	{ "America/Bogota", -300, RULE_NONE },
	{ "America/Caracas", -240, RULE_NONE },
	{ "America/Chicago", -360, RULE_AMERICA },
	{ "America/Denver", -420, RULE_AMERICA },
	{ "America/Detroit", -300, RULE_AMERICA },
	{ "America/Edmonton", -420, RULE_AMERICA },
	{ "America/Halifax", -240, RULE_AMERICA },
	{ "America/Lima", -300, RULE_NONE },
	{ "America/Los_Angeles", -480, RULE_AMERICA },
	{ "America/Mexico_City", -360, RULE_NONE },
	{ "America/New_York", -300, RULE_AMERICA },
	{ "America/Phoenix", -420, RULE_NONE },
	{ "America/Sao_Paulo", -180, RULE_NONE },
	{ "America/St_Johns", -210, RULE_AMERICA },
	{ "America/Toronto", -300, RULE_AMERICA },
	{ "America/Vancouver", -480, RULE_AMERICA },
	{ "America/Winnipeg", -360, RULE_AMERICA },
	{ "Asia/Bangkok", 420, RULE_NONE },
	{ "Asia/Calcutta", 330, RULE_NONE },
	{ "Asia/Dhaka", 360, RULE_NONE },
	{ "Asia/Dubai", 240, RULE_NONE },
	{ "Asia/Ho_Chi_Minh", 420, RULE_NONE },
	{ "Asia/Hong_Kong", 480, RULE_NONE },
	{ "Asia/Jakarta", 420, RULE_NONE },
	{ "Asia/Karachi", 300, RULE_NONE },
	{ "Asia/Kolkata", 330, RULE_NONE },
	{ "Asia/Kuala_Lumpur", 480, RULE_NONE },
	{ "Asia/Manila", 480, RULE_NONE },
	{ "Asia/Riyadh", 180, RULE_NONE },
	{ "Asia/Seoul", 540, RULE_NONE },
	{ "Asia/Shanghai", 480, RULE_NONE },
	{ "Asia/Singapore", 480, RULE_NONE },
	{ "Asia/Taipei", 480, RULE_NONE },
	{ "Asia/Tehran", 210, RULE_NONE },
	{ "Asia/Tokyo", 540, RULE_NONE },
	{ "Atlantic/Reykjavik", 0, RULE_NONE },
	{ "Australia/Adelaide", 570, RULE_AUSTRALIA },
	{ "Australia/Brisbane", 600, RULE_NONE },
	{ "Australia/Melbourne", 600, RULE_AUSTRALIA },
	{ "Australia/Perth", 480, RULE_NONE },
	{ "Australia/Sydney", 600, RULE_AUSTRALIA },
	{ "Etc/GMT", 0, RULE_NONE },
	{ "Etc/UTC", 0, RULE_NONE },
	{ "Europe/Amsterdam", 60, RULE_EUROPE },
	{ "Europe/Athens", 120, RULE_EUROPE },
	{ "Europe/Belgrade", 60, RULE_EUROPE },
	{ "Europe/Berlin", 60, RULE_EUROPE },
	{ "Europe/Brussels", 60, RULE_EUROPE },
	{ "Europe/Bucharest", 120, RULE_EUROPE },
	{ "Europe/Budapest", 60, RULE_EUROPE },
	{ "Europe/Copenhagen", 60, RULE_EUROPE },
	{ "Europe/Dublin", 0, RULE_EUROPE },
	{ "Europe/Helsinki", 120, RULE_EUROPE },
	{ "Europe/Istanbul", 180, RULE_NONE },
	{ "Europe/Kiev", 120, RULE_EUROPE },
	{ "Europe/Kyiv", 120, RULE_EUROPE },
	{ "Europe/Lisbon", 0, RULE_EUROPE },
	{ "Europe/London", 0, RULE_EUROPE },
	{ "Europe/Luxembourg", 60, RULE_EUROPE },
	{ "Europe/Madrid", 60, RULE_EUROPE },
	{ "Europe/Minsk", 180, RULE_NONE },
	{ "Europe/Moscow", 180, RULE_NONE },
	{ "Europe/Oslo", 60, RULE_EUROPE },
	{ "Europe/Paris", 60, RULE_EUROPE },
	{ "Europe/Prague", 60, RULE_EUROPE },
	{ "Europe/Riga", 120, RULE_EUROPE },
	{ "Europe/Rome", 60, RULE_EUROPE },
	{ "Europe/Sofia", 120, RULE_EUROPE },
	{ "Europe/Stockholm", 60, RULE_EUROPE },
	{ "Europe/Tallinn", 120, RULE_EUROPE },
	{ "Europe/Vienna", 60, RULE_EUROPE },
	{ "Europe/Vilnius", 120, RULE_EUROPE },
	{ "Europe/Warsaw", 60, RULE_EUROPE },
	{ "Europe/Zagreb", 60, RULE_EUROPE },
	{ "Europe/Zurich", 60, RULE_EUROPE },
	{ "Pacific/Auckland", 720, RULE_ZEALAND },
	{ "Pacific/Honolulu", -600, RULE_NONE },
	{ "US/Central", -360, RULE_AMERICA },
	{ "US/Eastern", -300, RULE_AMERICA },
	{ "US/Mountain", -420, RULE_AMERICA },
	{ "US/Pacific", -480, RULE_AMERICA },
};

/* Summer time from a Sunday's hour on the wall to another's, as winter's and summer's clock show
 * it. */
static const struct summer {
	uint8_t from_month, from_day, from_hour; /* the first Sunday on or after that day */
	uint8_t to_month, to_day, to_hour;
} summers[] = {
	[RULE_AMERICA] = { 3, 8, 2, 11, 1, 2 },
	[RULE_AUSTRALIA] = { 10, 1, 2, 4, 1, 3 },
	[RULE_ZEALAND] = { 9, 24, 2, 4, 1, 3 },
	/* At 1:00 UTC: the hours are those of a zone of UTC. */
	[RULE_EUROPE] = { 3, 25, 1, 10, 25, 2 },
};

static const struct named_zone *find_zone(struct str name)
{
	size_t low = 0, high = countof(zones);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(str_from(zones[middle].name), name);
		if (order == 0)
			return &zones[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Wall seconds at `hour` of the first Sunday on or after a day. */
static int64_t sunday(int64_t year, int month, int day, int hour)
{
	int64_t days = clock_days(year, month, day);
	int64_t weekday = (days + 4) % 7; /* 0: Sunday; 1970 began on a Thursday */
	return (days + (7 - weekday) % 7) * 86400 + hour * 3600;
}

bool zone_iana_known(struct str name)
{
	return find_zone(name) != NULL;
}

bool zone_iana_offset(struct str name, int64_t wall, int32_t *offset_seconds)
{
	const struct named_zone *zone = find_zone(name);
	if (zone == NULL)
		return false;
	*offset_seconds = zone->minutes * 60;
	if (zone->rule == RULE_NONE)
		return true;
	const struct summer *s = &summers[zone->rule];
	int64_t year, shift = zone->rule == RULE_EUROPE ? zone->minutes * 60 : 0;
	int month, day;
	clock_date(wall / 86400 - (wall % 86400 < 0), &year, &month, &day);
	int64_t from = sunday(year, s->from_month, s->from_day, s->from_hour) + shift;
	int64_t to = sunday(year, s->to_month, s->to_day, s->to_hour) + shift;
	bool is_summer = from < to ? wall >= from && wall < to : wall >= from || wall < to;
	*offset_seconds += is_summer ? 3600 : 0;
	return true;
}
