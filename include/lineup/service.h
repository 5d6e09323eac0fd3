/* SPDX-License-Identifier: MIT */
/*
 * Which program a line or a file belongs to: from Kubernetes, container and log-folder paths, from
 * the head of syslog lines, from the prefixes that docker compose and kubectl put before lines.
 * Pure functions on views; any thread.
 */
#ifndef LINEUP_SERVICE_H
#define LINEUP_SERVICE_H

#include "lineup/buf.h"
#include "lineup/severity.h"

enum service_source {
	SERVICE_UNKNOWN,
	SERVICE_FROM_GENERIC, /* the folder of a file of many programs: syslog, messages */
	SERVICE_FROM_FILE,    /* the file's name */
	SERVICE_FROM_POD,     /* a Kubernetes path: certain */
};

/*
 * The service that a member's place (`outer!inner/path`) names, appended to `out` (left as it is
 * for SERVICE_UNKNOWN). The replica's hash, number or node is taken off a pod's name and rotation
 * suffixes off a file's; a name that says little (api, server) gets its folder in front, one that
 * says nothing (error, current) becomes its folder. The first `top` bytes of the place are the one
 * folder that was given: all is in it, so that it stands in front of no name; nor does the folder
 * that an archive is called by (x.tar.gz!x/).
 */
enum service_source service_of_place(struct str place, size_t top, struct buf *out);

/*
 * What others call the service of this name: "cart" of cart/server, whose file's name says so
 * little (api, server, system) that its folder was put in front; "SHOP" of Oracle's alert_SHOP.
 * Empty: the name is all there is.
 */
struct str service_called_as(struct str name);

/* A pod's name without the suffix that its controller gave it; `container` may be empty. */
struct str service_workload(struct str pod, struct str container, struct str name_space);

/* Is it a name that only a replica set gives its pods: `NAME-<hash of the template>-<five>`? */
bool service_is_pod(struct str name);

/* A replica set's name without the hash of its template: its deployment's. */
struct str service_of_replicas(struct str name);

/*
 * What stands before the line that the program wrote: `web-1  | `, coloured or not,
 * `web-7d9f8b6c54-x2x4z | `, `web.1.id@node | `, `[web] | `, `[pod/name/container] `, `[pod] `,
 * `pod container `, `namespace pod container `, `namespace/pod[container]: `.
 */
struct line_wrapping {
	struct str service;
	size_t payload_at;
};

bool service_unwrap(struct str line, struct line_wrapping *);

/* No small letter in it: of a level or a column rather than of a program. */
bool service_is_capitals(struct str name);

/* A name as a container or unit has it, without its slash, its number, its `.service`. */
struct str service_clean_name(struct str name);

/* The container in a stream of CloudWatch as ECS names it, `ecs/cart/<id of the task>`; or none. */
struct str service_of_stream(struct str stream);

/*
 * The name that Spring puts into the lines of an application, behind their level:
 * `[cart,trace,span]`, `1 --- [cart] [main]`; empty.
 */
struct str service_of_spring(struct str line, size_t at);

/* The head of a syslog line, behind its stamp. */
struct syslog_head {
	struct str host;
	struct str program;
	enum level level; /* of `daemon.warn` or `warning` before the tag */
	bool has_pid;
	bool has_facility; /* `daemon.warn`: nothing else looks so */
	size_t message_at;
};

/*
 * `host [facility.level] program[pid]: message` and its variants. `strict`: only when a process id,
 * a facility, or a host before the tag makes it likely that this is syslog and not the text of some
 * other log.
 */
bool service_syslog_head(struct str line, size_t at, bool strict, struct syslog_head *);

/* ` host app pid msgid [data] message` of RFC 5424. */
bool service_syslog5424_head(struct str line, size_t at, struct syslog_head *);

#endif
