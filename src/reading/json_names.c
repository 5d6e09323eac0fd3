/* SPDX-License-Identifier: MIT */
/* Which of the names in a JSON line is that of the program: by the objects that it stands in. */
#include "lineup/service.h"
#include "src/reading/json_keys.h"
#include "src/reading/json_scan.h"

#define PROCESS_WEIGHT	12
#define REPORTER_WEIGHT 14
#define LOGGER_WEIGHT	11 /* "name" beside a host and a process id, as bunyan writes it */

bool json_note_joined(struct json_scan *s, int above, struct str key, unsigned deep,
	struct str text, bool is_string)
{
	char folded[3 * KEY_LIMIT];
	uint8_t field, weight;
	size_t len = 0;
	if (s->depth <= above)
		return false;
	for (int i = above - 1; i >= 0; i--)
		len += json_key_fold(s->frames[s->depth - i].parent, folded + len);
	memcpy(folded + len, key.ptr, key.len);
	if (len == 0 || !json_key_known(str_of(folded, len + key.len), &field, &weight) ||
		field != JSON_FIELD_SERVICE || !json_key_fits(str_of(folded, len + key.len), text))
		return false;
	json_note(s, field, weight + deep - (unsigned)above * JSON_DEPTH_WEIGHT, text, is_string);
	return true;
}

/*
 * "involvedObject": {"kind": "Pod", "name": ..}: what an event of Kubernetes is about, who reports
 * it is another. But a node, a namespace, a lease or what an operator keeps its state in is no
 * program: such an event is of who reports it.
 */
static void take_object(struct json_scan *s, struct str name)
{
	enum json_object kind = s->frames[s->depth].kind;
	if (kind == JSON_OBJECT_OTHER)
		return;
	/* those of a pod's and a replica set's suffix */
	s->out->digits_matter |= kind != JSON_OBJECT_WORKLOAD;
	if (kind == JSON_OBJECT_POD)
		name = service_workload(name, STR_NONE, STR_NONE);
	else if (kind == JSON_OBJECT_REPLICAS)
		name = service_of_replicas(name);
	s->object = name;
}

/*
 * A warning says what is wrong with the object. What is normal the reporter has done to it (made,
 * scheduled, scaled, started it), and the object itself says no word; taken for its own lines they
 * would be what it began with and when it fell silent.
 */
void json_note_object(struct json_scan *s)
{
	bool reported = s->out->values[JSON_FIELD_SERVICE].text.ptr != NULL;
	if (s->object.len > 0 && !(s->is_normal && reported))
		json_note(s, JSON_FIELD_SERVICE, 0, s->object, true);
}

static enum json_object object_of_kind(struct str kind)
{
	static const char *const workloads[] = { "Deployment", "StatefulSet", "DaemonSet", "Job",
		"CronJob", "DeploymentConfig", "Rollout", "Service", "Endpoints",
		"HorizontalPodAutoscaler" };
	if (str_equal_nocase(kind, STR("Pod")))
		return JSON_OBJECT_POD;
	if (str_equal_nocase(kind, STR("ReplicaSet")))
		return JSON_OBJECT_REPLICAS;
	for (size_t i = 0; i < countof(workloads); i++) {
		if (str_equal_nocase(kind, str_from(workloads[i])))
			return JSON_OBJECT_WORKLOAD;
	}
	return JSON_OBJECT_OTHER;
}

/* "service": {"name": ..}, "host": {"name": ..}, "container": {"name": ..}, "level": {"name":
 * ..} */
void json_note_name(struct json_scan *s, unsigned deep, struct str text, bool is_string)
{
	char folded[KEY_LIMIT];
	struct str parent = str_of(folded, json_key_fold(s->frames[s->depth].parent, folded));
	if (s->depth == 1)
		s->frames[1].name = text;
	else if (str_equal(parent, STR("service")))
		json_note(s, JSON_FIELD_SERVICE, deep - JSON_DEPTH_WEIGHT, text, is_string);
	else if (str_equal(parent, STR("app")) || str_equal(parent, STR("application")))
		json_note(s, JSON_FIELD_SERVICE, 1 + deep - JSON_DEPTH_WEIGHT, text, is_string);
	else if (str_equal(parent, STR("host")))
		json_note(s, JSON_FIELD_HOST, deep, text, is_string);
	else if (str_equal(parent, STR("involvedobject")) || str_equal(parent, STR("regarding")))
		take_object(s, text);
	else if (str_equal(parent, STR("level")))
		json_note(s, JSON_FIELD_LEVEL, deep - JSON_DEPTH_WEIGHT, text, is_string);
	else if (json_note_joined(s, 2, STR("name"), deep, text, is_string))
		return; /* "kubernetes": {"container": {"name": ..}} */
	else if (str_equal(parent, STR("container")))
		json_note(s, JSON_FIELD_SERVICE, 6 + deep, text, is_string);
	else if (str_equal(parent, STR("process")))
		json_note(s, JSON_FIELD_SERVICE, 8 + deep, text, is_string);
	else
		json_note_joined(s, 1, STR("name"), deep, text, is_string);
}

/* "source": {"component": ..}: who reports an event of Kubernetes. */
static bool is_of_source(const struct json_scan *s)
{
	char folded[KEY_LIMIT];
	struct str parent = str_of(folded, json_key_fold(s->frames[s->depth].parent, folded));
	return str_equal(parent, STR("source"));
}

/* An object with a process id and the name of a file tells of that program. */
void json_note_member(struct json_scan *s, struct str key, struct str text, bool is_string)
{
	struct json_frame *f = &s->frames[s->depth];
	if (str_equal(key, STR("pid")) || str_equal(key, STR("processid")))
		f->has_pid = true;
	else if (str_equal(key, STR("kind")))
		f->kind = object_of_kind(text);
	else if (str_equal(key, STR("type")))
		s->is_normal |= str_equal(text, STR("Normal"));
	else if (is_string && str_equal(key, STR("component")) && is_of_source(s))
		json_note(s, JSON_FIELD_SERVICE, REPORTER_WEIGHT, text, is_string);
	else if (is_string && s->depth > 1 &&
		 (str_equal(key, STR("filename")) || str_equal(key, STR("image"))))
		f->name = text;
}

void json_end_object(struct json_scan *s)
{
	const struct json_frame *f = &s->frames[s->depth];
	if (!f->has_pid || f->name.len == 0)
		return;
	if (s->depth > 1)
		json_note(s, JSON_FIELD_SERVICE, PROCESS_WEIGHT, f->name, true);
	else if (s->out->values[JSON_FIELD_HOST].text.ptr != NULL)
		json_note(s, JSON_FIELD_SERVICE, LOGGER_WEIGHT, f->name, true);
}
