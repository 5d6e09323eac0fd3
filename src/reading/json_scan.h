/* SPDX-License-Identifier: MIT */
/*
 * A walk over one JSON line on its way down: what json_fields.c, which walks, and json_names.c, which
 * tells programs by the objects that their names stand in, share. It lies on the caller's stack, and
 * views point into the line; any thread.
 */
#ifndef LINEUP_JSON_SCAN_H
#define LINEUP_JSON_SCAN_H

#include "lineup/json_fields.h"

#define JSON_DEPTH_MAX	  8 /* what is deeper is walked over */
#define JSON_DEPTH_WEIGHT 4 /* of each object around a value */

/* By "kind" in it. A workload is known by its own name, a replica set by that of its deployment. */
enum json_object { JSON_OBJECT_OTHER, JSON_OBJECT_POD, JSON_OBJECT_REPLICAS, JSON_OBJECT_WORKLOAD };

/* An object or an array on the way down. */
struct json_frame {
	struct str parent; /* the key that it stands behind */
	struct str name;   /* of a file or program in it */
	bool has_pid;
	enum json_object kind;
};

struct json_scan {
	const char *p;
	const char *end;
	struct json_fields *out;
	bool any;
	bool names_service; /* {"key":"service.name","value":...}: the next string */
	int depth;
	uint64_t
		objects; /* a bit a level: 1 in an object, 0 in an array; deeper than 64 is array */
	struct json_frame frames[JSON_DEPTH_MAX + 1];
	struct str object; /* the workload that an event of Kubernetes is about; empty: none */
	bool is_normal;	   /* "type": "Normal" */
};

/* Takes the value for the field, unless a better one is there or it cannot be one. */
void json_note(struct json_scan *, uint8_t field, unsigned weight, struct str text, bool is_string);

/* The value of "name" in an object; `deep` is what lies around it. */
void json_note_name(struct json_scan *, unsigned deep, struct str text, bool is_string);

/*
 * "systemd": {"unit": ..}, "k8s": {"deployment": {"name": ..}}: what systemd.unit in one key would
 * be, with `above` of the keys that it lies under. False: it is no program's name.
 */
bool json_note_joined(struct json_scan *, int above, struct str key, unsigned deep, struct str text,
	bool is_string);

/* What any member says of the object that it is in: a process, a pod; and what it was, at its end. */
void json_note_member(struct json_scan *, struct str key, struct str text, bool is_string);
void json_end_object(struct json_scan *);

/* When all of the line was met: is an event of who it is about, or of who reports it? */
void json_note_object(struct json_scan *);

#endif
