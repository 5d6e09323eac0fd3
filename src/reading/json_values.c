/* SPDX-License-Identifier: MIT */
/* What a value of a JSON line can be. */
#include "lineup/level.h"
#include "lineup/service.h"
#include "src/reading/json_keys.h"

bool json_may_be_time(struct str text)
{
	if (text.len < 8)
		return false;
	char c = text.ptr[0];
	if (is_digit(c)) {
		/* Digits alone: seconds in some unit, a packed date, or a date's or time's first.
		 */
		size_t digits = 1;
		while (digits < text.len && digits < 24 && is_digit(text.ptr[digits]))
			digits++;
		if (digits == text.len)
			return digits >= 10 && digits <= 20 && digits != 11 && digits != 12;
		return digits <= 4 || digits == 6 || digits == 8 || digits >= 10;
	}
	return c == '@' || (c >= 'A' && c <= 'Z') || c == '[' ||
	       str_find(str_head(text, 8), STR("/Date(")) >= 0;
}

bool json_may_be_id(struct str text)
{
	bool letter = false;
	if (text.len < 8 || !is_small_hex(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++)
		letter |= (unsigned char)(text.ptr[i] - 'a') < 6;
	return letter;
}

bool json_is_placeholder(struct str text)
{
	return str_equal(text, STR("-")) || str_equal_nocase(text, STR("unknown")) ||
	       str_starts(text, STR("unknown_service")) || str_equal(text, STR("MainProcess")) ||
	       str_equal_nocase(text, STR("none")) || str_equal_nocase(text, STR("null")) ||
	       str_equal_nocase(text, STR("undefined"));
}

/* ecs/cart/<id of the task>, and what fluentd makes of a container's log: no other names any. */
static bool is_stream_of_container(struct str text)
{
	return service_of_stream(text).len > 0 || str_find(text, STR("var.log.containers.")) >= 0;
}

bool json_key_fits(struct str key, struct str text)
{
	static const char *const facilities[] = { "kern", "user", "mail", "daemon", "auth",
		"syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "security", "console" };
	if (str_equal(key, STR("source")) || str_equal(key, STR("filename")) ||
		str_equal(key, STR("filepath")))
		return text.len > 1 && text.ptr[0] == '/' && str_find(text, STR("log")) > 0;
	if (str_equal(key, STR("logstream")) || str_equal(key, STR("logstreamname")))
		return is_stream_of_container(text);
	if (str_equal(key, STR("line"))) /* of a log, not of a source */
		return str_find_byte(text, ' ') > 0;
	if (str_equal(key, STR("eventsource"))) /* of CloudTrail; elsewhere how it came about */
		return str_ends(text, STR(".amazonaws.com"));
	if (str_equal(key, STR("sourcename"))) /* a file of Sumo Logic's; elsewhere of anything */
		return text.len > 1 && text.ptr[0] == '/';
	if (str_equal(key, STR("unit"))) /* of systemd, not of a measure */
		return str_ends(text, STR(".service"));
	if (str_equal(key, STR("type"))) { /* of an event: Normal, Warning; else of anything */
		enum level level = level_of_word(text);
		return level == LEVEL_WARNING || level == LEVEL_ERROR;
	}
	if (!str_equal(key, STR("facility")))
		return true;
	for (size_t i = 0; i < countof(facilities); i++) {
		if (str_equal_nocase(text, str_from(facilities[i])))
			return false;
	}
	return !str_starts(text, STR("local")) && text.len > 0 && !is_digit(text.ptr[0]);
}

bool json_note_scale(struct json_fields *out, struct str key, struct str text)
{
	static const struct {
		struct str key;
		enum json_level_scale scale;
	} scales[] = { { { "severitynumber", 14 }, JSON_SCALE_OTEL },
		{ { "levelno", 7 }, JSON_SCALE_PYTHON },
		{ { "severitylevel", 13 }, JSON_SCALE_TRACE } };
	for (size_t i = 0; i < countof(scales); i++) {
		if (!str_equal(key, scales[i].key) || text.len == 0 || !is_digit(text.ptr[0]))
			continue;
		out->scaled_level = text;
		out->level_scale = scales[i].scale;
		return true;
	}
	return false;
}

#define EVENT_HAS_ID	 1
#define EVENT_HAS_SOURCE 2 /* a channel, a provider, the number of its record */

void json_note_event(struct json_fields *out, struct str key, struct str text)
{
	static const struct str sources[] = { { "channel", 7 }, { "eventrecordid", 13 },
		{ "providername", 12 }, { "logname", 7 }, { "recordid", 8 } };
	bool digits = text.len > 0 && text.len <= 5;
	for (size_t i = 0; i < text.len && digits; i++)
		digits = is_digit(text.ptr[i]);
	if (str_equal(key, STR("eventid")) && digits)
		out->event_facts |= EVENT_HAS_ID;
	else if (str_equal(key, STR("level")) && digits && text.len == 1)
		out->event_level = text;
	for (size_t i = 0; i < countof(sources); i++) {
		if (str_equal(key, sources[i]))
			out->event_facts |= EVENT_HAS_SOURCE;
	}
}
