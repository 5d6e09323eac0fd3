/* SPDX-License-Identifier: MIT */
/*
 * Keys are compared without case and without anything but letters and digits, so that eventTime,
 * event_time and "event.time" are one. The weight of a key says how far it is from "this is the
 * time of this line"; one that could be the time of something else (created, start, lastSeen) comes
 * after all that could not.
 */
#include "src/reading/json_keys.h"

struct known_key {
	char name[KEY_LIMIT];
	uint8_t len;
	uint8_t field;
	uint8_t weight;
};

/* In the order of bytes. */
static const struct known_key known_keys[] = {
	{ "actorattributesname", 19, JSON_FIELD_SERVICE, 0 },
	{ "app", 3, JSON_FIELD_SERVICE, 2 },
	{ "appid", 5, JSON_FIELD_SERVICE, 5 },
	{ "appkubernetesioname", 19, JSON_FIELD_SERVICE, 3 },
	{ "application", 11, JSON_FIELD_SERVICE, 1 },
	{ "applicationid", 13, JSON_FIELD_SERVICE, 5 },
	{ "applicationname", 15, JSON_FIELD_SERVICE, 1 },
	{ "appname", 7, JSON_FIELD_SERVICE, 2 },
	{ "approlename", 11, JSON_FIELD_SERVICE, 2 },
	{ "asctime", 7, JSON_FIELD_TIME, 0 },
	{ "body", 4, JSON_FIELD_MESSAGE, 2 },
	{ "calendartime", 12, JSON_FIELD_TIME, 0 },
	{ "channel", 7, JSON_FIELD_SERVICE, 24 },
	{ "cloudrolename", 13, JSON_FIELD_SERVICE, 2 },
	{ "comdockercomposeservice", 23, JSON_FIELD_SERVICE, 0 },
	{ "comdockerswarmservicename", 25, JSON_FIELD_SERVICE, 0 },
	{ "comm", 4, JSON_FIELD_SERVICE, 7 },
	{ "completedat", 11, JSON_FIELD_TIME, 4 },
	{ "component", 9, JSON_FIELD_SERVICE, 14 },
	{ "componentname", 13, JSON_FIELD_SERVICE, 14 },
	{ "computer", 8, JSON_FIELD_HOST, 2 },
	{ "computername", 12, JSON_FIELD_HOST, 1 },
	{ "containerappname", 16, JSON_FIELD_SERVICE, 4 },
	{ "containerappnames", 17, JSON_FIELD_SERVICE, 4 },
	{ "containername", 13, JSON_FIELD_SERVICE, 4 },
	{ "containernames", 14, JSON_FIELD_SERVICE, 4 },
	{ "content", 7, JSON_FIELD_MESSAGE, 4 },
	{ "created", 7, JSON_FIELD_TIME, 3 },
	{ "createdat", 9, JSON_FIELD_TIME, 5 },
	{ "createdtime", 11, JSON_FIELD_TIME, 5 },
	{ "creationtime", 12, JSON_FIELD_TIME, 5 },
	{ "date", 4, JSON_FIELD_TIME, 1 },
	{ "datestamp", 9, JSON_FIELD_TIME, 2 },
	{ "datetime", 8, JSON_FIELD_TIME, 0 },
	{ "ddservice", 9, JSON_FIELD_SERVICE, 0 },
	{ "deployment", 10, JSON_FIELD_SERVICE, 8 },
	{ "dockername", 10, JSON_FIELD_SERVICE, 5 },
	{ "dt", 2, JSON_FIELD_TIME, 2 },
	{ "ecscontainername", 16, JSON_FIELD_SERVICE, 4 },
	{ "end", 3, JSON_FIELD_TIME, 8 },
	{ "endedat", 7, JSON_FIELD_TIME, 4 },
	{ "endtime", 7, JSON_FIELD_TIME, 5 },
	{ "entityname", 10, JSON_FIELD_SERVICE, 8 },
	{ "epoch", 5, JSON_FIELD_TIME, 1 },
	{ "epochmillis", 11, JSON_FIELD_TIME, 1 },
	{ "epochsecond", 11, JSON_FIELD_TIME, 0 },
	{ "errorseverity", 13, JSON_FIELD_LEVEL, 0 },
	{ "event", 5, JSON_FIELD_MESSAGE, 3 },
	{ "eventcreatedat", 14, JSON_FIELD_TIME, 2 },
	{ "eventdate", 9, JSON_FIELD_TIME, 1 },
	{ "eventmessage", 12, JSON_FIELD_MESSAGE, 0 },
	{ "eventsource", 11, JSON_FIELD_SERVICE, 9 },
	{ "eventtime", 9, JSON_FIELD_TIME, 0 },
	{ "eventtimestamp", 14, JSON_FIELD_TIME, 0 },
	{ "exe", 3, JSON_FIELD_SERVICE, 9 },
	{ "executable", 10, JSON_FIELD_SERVICE, 9 },
	{ "faasname", 8, JSON_FIELD_SERVICE, 6 },
	{ "facility", 8, JSON_FIELD_SERVICE, 15 },
	{ "filename", 8, JSON_FIELD_SERVICE, 12 },
	{ "filepath", 8, JSON_FIELD_SERVICE, 12 },
	{ "finishedat", 10, JSON_FIELD_TIME, 4 },
	{ "fullmessage", 11, JSON_FIELD_MESSAGE, 3 },
	{ "functionname", 12, JSON_FIELD_SERVICE, 6 },
	{ "host", 4, JSON_FIELD_HOST, 0 },
	{ "hostname", 8, JSON_FIELD_HOST, 0 },
	{ "ident", 5, JSON_FIELD_SERVICE, 4 },
	{ "iokubernetescontainername", 25, JSON_FIELD_SERVICE, 4 },
	{ "jobname", 7, JSON_FIELD_SERVICE, 8 },
	{ "journaldunit", 12, JSON_FIELD_SERVICE, 6 },
	{ "k8sapp", 6, JSON_FIELD_SERVICE, 4 },
	{ "k8scontainername", 16, JSON_FIELD_SERVICE, 6 },
	{ "k8sdaemonsetname", 16, JSON_FIELD_SERVICE, 5 },
	{ "k8sdeploymentname", 17, JSON_FIELD_SERVICE, 5 },
	{ "k8spod", 6, JSON_FIELD_SERVICE, 7 },
	{ "k8spodname", 10, JSON_FIELD_SERVICE, 7 },
	{ "k8sstatefulsetname", 18, JSON_FIELD_SERVICE, 5 },
	{ "kubernetescontainername", 23, JSON_FIELD_SERVICE, 6 },
	{ "kubernetesdaemonsetname", 23, JSON_FIELD_SERVICE, 5 },
	{ "kubernetesdeploymentname", 24, JSON_FIELD_SERVICE, 5 },
	{ "kuberneteslabelsapp", 19, JSON_FIELD_SERVICE, 3 },
	{ "kubernetespod", 13, JSON_FIELD_SERVICE, 7 },
	{ "kubernetespodname", 17, JSON_FIELD_SERVICE, 7 },
	{ "kubernetesstatefulsetname", 25, JSON_FIELD_SERVICE, 5 },
	{ "l", 1, JSON_FIELD_LEVEL, 8 },
	{ "label", 5, JSON_FIELD_LEVEL, 11 },
	{ "labelsapp", 9, JSON_FIELD_SERVICE, 4 },
	{ "lambdaname", 10, JSON_FIELD_SERVICE, 6 },
	{ "lastupdated", 11, JSON_FIELD_TIME, 5 },
	{ "lastupdatetime", 14, JSON_FIELD_TIME, 4 },
	{ "level", 5, JSON_FIELD_LEVEL, 0 },
	{ "leveldisplayname", 16, JSON_FIELD_LEVEL, 0 },
	{ "levelname", 9, JSON_FIELD_LEVEL, 0 },
	{ "levelvalue", 10, JSON_FIELD_LEVEL, 6 },
	{ "line", 4, JSON_FIELD_MESSAGE, 5 },
	{ "log", 3, JSON_FIELD_MESSAGE, 1 },
	{ "logdate", 7, JSON_FIELD_TIME, 1 },
	{ "logfilepath", 11, JSON_FIELD_SERVICE, 12 },
	{ "logger", 6, JSON_FIELD_SERVICE, 24 },
	{ "loggroup", 8, JSON_FIELD_SERVICE, 10 },
	{ "loggroupname", 12, JSON_FIELD_SERVICE, 10 },
	{ "loglevel", 8, JSON_FIELD_LEVEL, 0 },
	{ "loglvl", 6, JSON_FIELD_LEVEL, 0 },
	{ "logmessage", 10, JSON_FIELD_MESSAGE, 0 },
	{ "logs", 4, JSON_FIELD_MESSAGE, 3 },
	{ "logseverity", 11, JSON_FIELD_LEVEL, 1 },
	{ "logstream", 9, JSON_FIELD_SERVICE, 9 },
	{ "logstreamname", 13, JSON_FIELD_SERVICE, 9 },
	{ "logtime", 7, JSON_FIELD_TIME, 0 },
	{ "logtimestamp", 12, JSON_FIELD_TIME, 0 },
	{ "lvl", 3, JSON_FIELD_LEVEL, 0 },
	{ "message", 7, JSON_FIELD_MESSAGE, 0 },
	{ "messagetemplate", 15, JSON_FIELD_MESSAGE, 2 },
	{ "messagetype", 11, JSON_FIELD_LEVEL, 11 },
	{ "microservice", 12, JSON_FIELD_SERVICE, 1 },
	{ "modified", 8, JSON_FIELD_TIME, 6 },
	{ "modname", 7, JSON_FIELD_SERVICE, 20 },
	{ "moduleid", 8, JSON_FIELD_SERVICE, 6 },
	{ "msec", 4, JSON_FIELD_TIME, 1 },
	{ "msg", 3, JSON_FIELD_MESSAGE, 0 },
	{ "mt", 2, JSON_FIELD_MESSAGE, 2 },
	{ "node", 4, JSON_FIELD_HOST, 3 },
	{ "nodename", 8, JSON_FIELD_HOST, 2 },
	{ "nomadtask", 9, JSON_FIELD_SERVICE, 5 },
	{ "observedtimeunixnano", 20, JSON_FIELD_TIME, 3 },
	{ "occurredat", 10, JSON_FIELD_TIME, 1 },
	{ "otelservicename", 15, JSON_FIELD_SERVICE, 0 },
	{ "pod", 3, JSON_FIELD_SERVICE, 7 },
	{ "podname", 7, JSON_FIELD_SERVICE, 5 },
	{ "priority", 8, JSON_FIELD_LEVEL, 2 },
	{ "proc", 4, JSON_FIELD_SERVICE, 9 },
	{ "process", 7, JSON_FIELD_SERVICE, 8 },
	{ "processimagepath", 16, JSON_FIELD_SERVICE, 8 },
	{ "processname", 11, JSON_FIELD_SERVICE, 6 },
	{ "procname", 8, JSON_FIELD_SERVICE, 6 },
	{ "program", 7, JSON_FIELD_SERVICE, 3 },
	{ "programname", 11, JSON_FIELD_SERVICE, 3 },
	{ "projectname", 11, JSON_FIELD_SERVICE, 13 },
	{ "providername", 12, JSON_FIELD_SERVICE, 14 },
	{ "published", 9, JSON_FIELD_TIME, 2 },
	{ "raw", 3, JSON_FIELD_MESSAGE, 1 },
	{ "realtimetimestamp", 17, JSON_FIELD_TIME, 0 },
	{ "reportingcontroller", 19, JSON_FIELD_SERVICE, 14 },
	{ "resourceservicename", 19, JSON_FIELD_SERVICE, 0 },
	{ "s", 1, JSON_FIELD_LEVEL, 9 },
	{ "seconds", 7, JSON_FIELD_TIME, 4 },
	{ "service", 7, JSON_FIELD_SERVICE, 0 },
	{ "serviceid", 9, JSON_FIELD_SERVICE, 5 },
	{ "servicename", 11, JSON_FIELD_SERVICE, 0 },
	{ "servicetype", 11, JSON_FIELD_SERVICE, 6 },
	{ "sev", 3, JSON_FIELD_LEVEL, 1 },
	{ "severity", 8, JSON_FIELD_LEVEL, 0 },
	{ "severitylabel", 13, JSON_FIELD_LEVEL, 0 },
	{ "severitylevel", 13, JSON_FIELD_LEVEL, 10 },
	{ "severitytext", 12, JSON_FIELD_LEVEL, 0 },
	{ "shortmessage", 12, JSON_FIELD_MESSAGE, 1 },
	{ "source", 6, JSON_FIELD_SERVICE, 12 },
	{ "sourcename", 10, JSON_FIELD_SERVICE, 11 },
	{ "sourcerealtimetimestamp", 23, JSON_FIELD_TIME, 1 },
	{ "springapplicationname", 21, JSON_FIELD_SERVICE, 1 },
	{ "start", 5, JSON_FIELD_TIME, 9 },
	{ "startedat", 9, JSON_FIELD_TIME, 8 },
	{ "starttime", 9, JSON_FIELD_TIME, 6 },
	{ "status", 6, JSON_FIELD_LEVEL, 10 },
	{ "subsystem", 9, JSON_FIELD_SERVICE, 14 },
	{ "svc", 3, JSON_FIELD_SERVICE, 1 },
	{ "syslogidentifier", 16, JSON_FIELD_SERVICE, 5 },
	{ "syslogprogram", 13, JSON_FIELD_SERVICE, 3 },
	{ "syslogtimestamp", 15, JSON_FIELD_TIME, 4 },
	{ "systemdunit", 11, JSON_FIELD_SERVICE, 6 },
	{ "systime", 7, JSON_FIELD_TIME, 1 },
	{ "t", 1, JSON_FIELD_TIME, 2 },
	{ "tag", 3, JSON_FIELD_SERVICE, 12 },
	{ "taskfamily", 10, JSON_FIELD_SERVICE, 5 },
	{ "text", 4, JSON_FIELD_MESSAGE, 4 },
	{ "textpayload", 11, JSON_FIELD_MESSAGE, 0 },
	{ "time", 4, JSON_FIELD_TIME, 0 },
	{ "timecreated", 11, JSON_FIELD_TIME, 0 },
	{ "timegenerated", 13, JSON_FIELD_TIME, 1 },
	{ "timeiso8601", 11, JSON_FIELD_TIME, 0 },
	{ "timelocal", 9, JSON_FIELD_TIME, 0 },
	{ "timelogged", 10, JSON_FIELD_TIME, 0 },
	{ "timemillis", 10, JSON_FIELD_TIME, 0 },
	{ "timems", 6, JSON_FIELD_TIME, 1 },
	{ "timereceived", 12, JSON_FIELD_TIME, 4 },
	{ "timestamp", 9, JSON_FIELD_TIME, 0 },
	{ "timestampms", 11, JSON_FIELD_TIME, 1 },
	{ "timeunixnano", 12, JSON_FIELD_TIME, 0 },
	{ "timeutc", 7, JSON_FIELD_TIME, 0 },
	{ "timewritten", 11, JSON_FIELD_TIME, 1 },
	{ "ts", 2, JSON_FIELD_TIME, 0 },
	{ "tstamp", 6, JSON_FIELD_TIME, 0 },
	{ "type", 4, JSON_FIELD_LEVEL, 12 },
	{ "unit", 4, JSON_FIELD_SERVICE, 7 },
	{ "unix", 4, JSON_FIELD_TIME, 2 },
	{ "unixtime", 8, JSON_FIELD_TIME, 2 },
	{ "updatedat", 9, JSON_FIELD_TIME, 4 },
	{ "utc", 3, JSON_FIELD_TIME, 3 },
	{ "when", 4, JSON_FIELD_TIME, 2 },
};

/* Where the keys of each letter begin in it; a unit test goes through all of them. */
static const uint8_t key_starts[27] = { 0, 10, 11, 31, 38, 56, 63, 63, 65, 67, 69, 83, 110, 120,
	123, 126, 139, 139, 143, 170, 192, 197, 197, 198, 198, 198, 198 };

size_t json_key_fold(struct str key, char folded[KEY_LIMIT])
{
	size_t len = 0;
	for (size_t i = 0; i < key.len; i++) {
		unsigned char c = (unsigned char)key.ptr[i];
		bool letter = (unsigned char)((c | 32) - 'a') < 26;
		if (!letter && (unsigned char)(c - '0') >= 10)
			continue;
		if (len == KEY_LIMIT)
			return 0;
		folded[len++] = (char)(letter ? c | 32 : c);
	}
	return len;
}

static bool ends_with(struct str key, const char *end)
{
	return str_ends(key, str_from(end));
}

/* timestampMs, ts_nanos, datetimeUtc: without the unit or the clock. */
static struct str without_unit(struct str key)
{
	static const char *const units[] = { "nanoseconds", "nanos", "nano", "ns", "milliseconds",
		"millis", "ms", "microseconds", "micros", "us", "seconds", "secs", "sec", "utc",
		"gmt", "local" };
	char last = key.len > 0 ? key.ptr[key.len - 1] : '\0';
	if (last != 's' && last != 'o' && last != 'c' && last != 't' && last != 'l')
		return key;
	for (size_t i = 0; i < countof(units); i++) {
		if (ends_with(key, units[i]))
			return str_head(key, key.len - strlen(units[i]));
	}
	return key;
}

/*
 * A key that no table knows, but that is some time: 7 or more; 2 when another word in it says that
 * it is the time of the line (loggedTime, record_time).
 */
static bool says_logged(struct str key)
{
	static const char *const words[] = { "log", "record", "event", "emit", "happen", "occur" };
	char folded[KEY_LIMIT];
	size_t len = json_key_fold(key, folded);
	for (size_t i = 0; i < countof(words); i++) {
		if (str_starts(str_of(folded, len), str_from(words[i])))
			return true;
	}
	return false;
}

static uint8_t time_weight(struct str key)
{
	static const char *const ends[] = { "time", "timestamp", "date", "datetime" };
	static const char *const others[] = { "start", "begin", "receiv", "creat", "request",
		"first" };
	static const char *const never[] = { "expir", "valid", "until", "birth", "due" };
	bool is_time = false;
	char last = key.len > 4 ? key.ptr[key.len - 1] : '\0';
	if (last != 'e' && last != 'p')
		return 0;
	if (ends_with(key, "endtime"))
		return 6;
	for (size_t i = 0; i < countof(ends); i++)
		is_time |= key.len > strlen(ends[i]) && ends_with(key, ends[i]);
	for (size_t i = 0; i < countof(never); i++)
		is_time &= str_find(key, str_from(never[i])) < 0;
	if (!is_time)
		return 0;
	for (size_t i = 0; i < countof(others); i++) {
		if (str_find(key, str_from(others[i])) >= 0)
			return 8;
	}
	return says_logged(key) ? 2 : 7;
}

uint8_t json_key_stamp(struct str key)
{
	static const char *const ends[] = { "_ts", "-ts", ".ts", "Ts", "TS", "_at", "At" };
	static const char *const begins[] = { "date_", "time_", "ts_", "dateOf", "timeOf" };
	char last = key.len > 3 ? (char)(key.ptr[key.len - 1] | 32) : '\0';
	for (size_t i = 0; i < countof(ends) && (last == 's' || last == 't'); i++) {
		if (key.len > 3 && ends_with(key, ends[i]))
			return says_logged(key) ? 2 : i < 5 ? 6 : 8;
	}
	for (size_t i = 0; i < countof(begins) && (key.ptr[0] == 'd' || key.ptr[0] == 't'); i++) {
		if (str_starts(key, str_from(begins[i])))
			return 8;
	}
	return 0;
}

bool json_key_known(struct str key, uint8_t *field, uint8_t *weight)
{
	unsigned first = key.len > 0 ? (unsigned char)key.ptr[0] - (unsigned)'a' : 26;
	size_t end = first < 26 ? key_starts[first + 1] : 0;
	for (size_t i = first < 26 ? key_starts[first] : 0; i < end; i++) {
		const struct known_key *k = &known_keys[i];
		if (k->len == key.len && memcmp(k->name, key.ptr, key.len) == 0) {
			*field = k->field;
			*weight = k->weight;
			return true;
		}
	}
	return false;
}

bool json_key_classify(struct str key, uint8_t *field, uint8_t *weight)
{
	if (json_key_known(key, field, weight))
		return true;
	*field = JSON_FIELD_TIME;
	*weight = time_weight(key);
	if (*weight == 0) {
		struct str bare = without_unit(key);
		if (bare.len == key.len)
			return false;
		if (json_key_known(bare, field, weight) && *field == JSON_FIELD_TIME)
			return true;
		*field = JSON_FIELD_TIME;
		*weight = str_equal(bare, STR("ts")) || str_equal(bare, STR("time")) ||
					  str_equal(bare, STR("unix")) ||
					  str_equal(bare, STR("timestamp")) ||
					  str_equal(bare, STR("datetime"))
				  ? 1
				  : time_weight(bare);
	}
	return *weight != 0;
}
