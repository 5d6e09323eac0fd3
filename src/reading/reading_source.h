/* SPDX-License-Identifier: MIT */
/*
 * What the files of reading share: the run's options and what is known of one member.
 */
#ifndef LINEUP_READING_SOURCE_H
#define LINEUP_READING_SOURCE_H

#include "lineup/ids.h"
#include "lineup/json_fields.h"
#include "lineup/reading.h"
#include "lineup/service.h"
#include "lineup/timestamp.h"
#include "lineup/zone.h"
#include "src/reading/service_pattern.h"
#include "src/reading/table_columns.h"

#define DATED_MAX 64

#define CONTAINER_ID_LEN 64 /* hexadecimal digits */

struct container_name {
	char id[CONTAINER_ID_LEN];
	char name[READING_SERVICE_BYTES];
	size_t name_len;
};

struct reading_options {
	struct zone zone;
	bool zone_given; /* by the user: it is taken before a second clock in the line */
	int year;
	struct str *layouts;
	size_t layout_count;
	struct service_pattern **services;
	size_t service_count;
	int64_t now_ns; /* TIME_NONE: do not look */
	/* Seconds of the first dated stamp of each of the files that were looked into. */
	int64_t dated[DATED_MAX];
	size_t dated_count;
	struct container_name *containers;
	size_t container_count;
};

/* Where the year of a stamp without one comes from. */
enum year_rule {
	YEAR_AT_MOST, /* the latest year that puts it not after the anchor */
	YEAR_NEAREST, /* the year that puts it nearest to the anchor */
	YEAR_FROM,    /* the first that puts it not before the anchor */
};

/* Layouts of stamps, each as a number that is what they have in common; ended by 0. */
struct stamp_shapes {
	uint16_t items[8];
	uint16_t alone; /* of a stamp that was a whole line */
};

struct source_reading {
	/* Learned once, const afterwards. */
	struct buf service;
	enum service_source service_source;
	bool service_is_forced;
	struct stamp_search search;
	enum year_rule year_rule;
	int64_t year_anchor; /* wall-clock seconds */
	int64_t anchor_year; /* the year of the anchor */
	int16_t years[13]
		     [32];  /* what follows from these for each month and day; 0: not worked out */
	bool second_clock;  /* lines hold a second stamp that completes the first */
	bool inner_clock;   /* messages in envelopes hold the device's own stamp */
	bool field_records; /* journald's export text, a field a line */
	bool sections;	    /* lines name the program of those behind them */
	bool prose_tags;    /* what looks like a host and a tag is prose: most lines have none */
	bool names_parts;   /* component= is a part of one program: it differs from line to line */
	unsigned id_kinds;  /* enum ids_kind: what its lines show to be ids */
	bool plain_names;   /* a word beside stamp and level is whose line it is */
	bool offset_known;  /* of stamps without a zone, by a second clock */
	int32_t offset_seconds;
	int64_t boot_ns;
	bool prose_heads;	    /* most stamps of its lines stand in prose */
	struct stamp_shapes shapes; /* of the stamps that its lines begin with */
	bool clock_lines;	    /* its lines begin with a time of day and no date */
	int64_t clock_anchor_ns;    /* near which the first of these is */
	struct table_columns table;
	char note[256];
	/* Moves on at each pull. */
	struct chunk_reading next;
};

/* The words that a sample's lines have beside stamp and level. */
struct name_evidence {
	size_t lines; /* with a stamp in their head, */
	size_t named; /* and such a word */
	uint64_t hashes[64];
	size_t count;	 /* of different words, at most the room for them */
	size_t services; /* of these: reading_is_service_word */
	size_t numbered; /* worker-3 */
	bool threads;	 /* one is a thread's */
};

/* What a member's sample shows. */
struct sample_facts {
	int64_t first_yearless; /* wall seconds in the leap year 2000; TIME_NONE */
	int64_t dated_wall;	/* wall seconds of the first stamp with a year; TIME_NONE */
	int64_t heading_wall;	/* of a line before the first clock that is a date; TIME_NONE */
	size_t lines;		/* that begin without a blank */
	size_t clocks;	   /* of these, that begin with a time of day and have no other stamp */
	size_t heads;	   /* stamps in lines' heads */
	size_t prose;	   /* stamps in prose, of lines that are not indented */
	size_t tagged;	   /* of these, what follows looks like syslog's host and tag */
	bool zoneless;	   /* there are stamps without a zone */
	size_t envelopes;  /* without a zone, whose message has a stamp with its own */
	int64_t envelope_offset; /* seconds of their clock from UTC, of the first */
	bool envelopes_differ;	 /* and another's is another one */
	size_t inner;	   /* messages with a stamp of their own behind an envelope */
	size_t parts;	   /* heads with a component= or "component": */
	struct str part;   /* the first of them */
	bool parts_differ; /* and another */
	struct name_evidence names;
	struct ids_evidence ids;
	size_t seconds_seen;
	size_t seconds_agree;
	size_t seconds_needed; /* those that give more than a year, which is learned once */
	bool offset_known;
	int64_t offset_seconds;
};

/* The stamp of a line, and what was met on the way. */
struct found_stamp {
	struct stamp stamp;
	struct stamp second; /* kind STAMP_NONE: no second clock */
	struct stamp inner;  /* the device's own, which counts instead; or kind STAMP_NONE */
	struct line_wrapping wrapping;
	struct json_fields json;
	bool json_read; /* json is filled, whether or not it says anything */
	bool is_json;
	bool is_head;	  /* it stands where loggers put it, not in prose */
	size_t text_at;	  /* behind wrapping */
	size_t stamp_end; /* in the line; text_at without a stamp */
};

/*
 * reading_find.c: the stamp that says when the line was logged. With `head_only`, stamps in prose
 * do not count. Fills all but the stamp also when it returns false.
 */
bool reading_find(const struct reading_options *, const struct source_reading *, struct str line,
	bool head_only, struct found_stamp *);

/*
 * reading_keys.c. Is the stamp at `start` behind a key, as in time=...? Of stamps behind keys, from
 * *s on, the first that no other is better than. Does what stands before a stamp, from `from` on,
 * say that it is of another time than the line?
 */
bool reading_has_key(struct str line, size_t start);
void reading_prefer_key(const struct source_reading *, struct str line, struct stamp *s);
bool reading_is_other_time(struct str line, size_t from, const struct stamp *);

/* reading_order.c: the numeric dates of a sample with one separator; zeros at first. */
#define READING_ORDER_STAMPS 256

struct order_evidence {
	uint8_t numbers[READING_ORDER_STAMPS][3];
	size_t count;
	bool excluded[4];   /* by enum date_order */
	bool open;	    /* of some, either of two numbers may be the day */
	size_t yearless[4]; /* dates without a year that allow one order only */
};

void reading_note_order(struct order_evidence *, const struct stamp *);

bool reading_has_dates(const struct order_evidence *);

enum date_order reading_judge_order(const struct order_evidence *, int64_t modified_ns);

/* reading_shape.c: notes a stamp of the sample that shows the layout of the member. */
void reading_note_shape(struct stamp_shapes *, struct str line, const struct found_stamp *);

/* Is it a line that may be a part of something, if its stamp is of another layout than the
 * member's? */
bool reading_may_be_part(struct str line, size_t text_at, const struct stamp *);

/* Is the line a word, a colon, and behind these nothing but the stamp and its weekday? */
bool reading_is_header(struct str line, size_t text_at, const struct stamp *);

/* Is this stamp, of another layout, a part of a longer message? Before shapes are known: false. */
bool reading_is_foreign(
	const struct source_reading *, struct str line, size_t text_at, const struct stamp *);

/* reading_clock.c: a time of day in the line's head, of a line without a stamp. */
bool reading_find_clock(struct str line, size_t from, struct stamp *);

/*
 * Is the line a date and nothing else, or is one word of it a date within two months before
 * `modified_ns`? *wall_seconds: its midnight.
 */
bool reading_is_date(
	const struct stamp_search *, struct str line, int64_t modified_ns, int64_t *wall_seconds);

/* Do the two clocks show one moment, up to a difference of zones? *offset_seconds:
 * first - second. */
bool reading_clocks_agree(const struct stamp *first, const struct stamp *second, int64_t first_wall,
	int64_t *offset_seconds);

/* reading_inner.c: the stamp that a device wrote into its message; sets f->inner. Seconds from it to
 * the envelope's, whose missing year and zone are taken from it. */
int64_t reading_way_between(const struct stamp *envelope, const struct stamp *inner);
bool reading_find_inner(const struct source_reading *, struct str line, struct found_stamp *);

/*
 * reading_time.c: fields to an instant. `before_ns` is the last stamp before, to tell the two hours
 * of a clock that is put back apart. TIME_NONE when it cannot be known (seconds since an unknown
 * boot).
 */
struct resolved_time {
	int64_t time_ns;
	int64_t uptime_ns; /* since an unknown boot; else 0 */
	bool year_assumed;
	bool zone_assumed;
	enum zone_fit fit;
	int year;
};

void reading_resolve(const struct reading_options *, const struct source_reading *,
	const struct found_stamp *, int64_t before_ns, struct resolved_time *);

void reading_set_anchor(struct source_reading *, enum year_rule, int64_t wall_seconds);

/* Works out the year of every day once, for members whose sample has stamps without a year. */
void reading_learn_years(struct source_reading *);

/* reading_years.c: where the year comes from, and the day of lines with a time of day alone. */
void reading_learn_year(const struct reading_options *, struct source_reading *,
	const struct member *, const struct sample_facts *);

/* reading_containers.c: what the container is called in whose folder the place lies; or nothing. */
struct str reading_container(const struct reading_options *, struct str place);

/* Sets the year of a stamp that has none. */
void reading_set_year(const struct source_reading *, struct stamp *);

/* reading_columns.c: the columns of bare seconds in a sample. */
void reading_learn_columns(struct source_reading *, struct str sample, int64_t modified_ns);

/* Cuts the next line off a sample; false at its end. */
bool reading_next_line(struct str *sample, struct str *line);

/* What stands between the stamp and syslog's head: CRI's `stdout F `, the stamp of a forwarded
 * line. */
struct line_envelope {
	size_t end;
	enum level level; /* of the letter of such a stamp */
	bool is_named;	  /* what follows is syslog's head for sure */
};

/* reading_head.c: what the head of a line says besides its time. */
struct line_head {
	struct str program;
	struct str host;
	enum level level;
	size_t text_at; /* where the text behind stamp and tag starts */
	struct line_envelope envelope;
	struct str level_number; /* of JSON: the level is what level_of_value makes of it */
	struct str http_status;	 /* of an answered request: it raises the level (level_of_http), */
	enum level level_besides; /* which without it is this */
	bool has_priority;	 /* <134>, and next: the level is that of it */
	bool level_is_priority;
	bool has_version; /* a digit that may be RFC 5424's version, and next: it is 1 */
	bool is_version_1;
	bool names_parts;   /* as of the source */
	bool is_json_name;  /* program is a value of JSON as it stands there */
	bool digits_matter; /* a digit's value had a say, but for level_number, http_status,
			     and is_json_name */
};

/* <134> at `at`: its length and the priority; 0 when there is none. */
size_t reading_priority(struct str line, size_t at, unsigned *priority);

void reading_envelope(const struct source_reading *, const struct stamp *, struct str line,
	bool has_priority, struct line_envelope *);

/* reading_fields.c. JSON behind a head of text: where it begins, or 0. */
void reading_json(const struct json_fields *, struct str line, struct line_head *);
size_t reading_inner_json(struct str line, struct line_head *);

/* What stands before an object that begins at `from`; the line where none does. */
struct str reading_before_json(struct str line, size_t from);

/* Where an object may begin, some words behind `from`, that ends with the line; 0: nowhere. */
size_t reading_json_at(struct str line, size_t from);

/* It has a level and a message: a logger's record, as hardly an object in a message is. */
bool reading_is_record(const struct json_fields *);
void reading_pairs(struct str line, size_t text_at, size_t stamp_end, struct line_head *);

/* The value of component= or "component": in a line; or nothing. */
struct str reading_part(struct str line, const struct found_stamp *);

enum pairs_kind {
	PAIRS_OF_PROGRAMS,
	PAIRS_WITH_PARTS, /* component= as well */
};

/* reading_devices.c: what phones and Macs put behind their stamps; the level of a line of
 * Configuration Manager, LEVEL_NONE for a number that is none; false: it is no such line. */
bool reading_device_head(struct str line, size_t at, struct line_head *);
bool reading_trace_level(struct str line, size_t text_at, enum level *);

/* reading_access.c: the three digits by which an access log says how a request went; or nothing. */
struct str reading_access_status(struct str line, size_t at);
bool reading_names_request(struct str json);

/* answer.c: may the status of a request say more than this level? Then it does. */
bool reading_may_tell_status(enum level);
void reading_take_status(struct line_head *, struct str status);

/* key=value pairs of a part of the line: the program that they name. */
void reading_pairs_of(struct str line, enum pairs_kind, struct line_head *);

/* Two words, of which the last is one that only programs are called: cart-service, cart_api. */
bool reading_is_service_word(struct str name);

/* reading_marked.c: a program that the text of a stamped line sets apart; head->program, or as it
 * was. */
void reading_marked(struct str line, size_t text_at, const struct stamp *, struct line_head *);

/*
 * reading_names.c: the plain word that a line sets apart behind its stamp, at `at`; empty.
 * Moves *text_at behind it. Do such words name services in this source?
 */
struct str reading_plain_name(struct str line, size_t at, size_t *text_at);
void reading_note_name(struct name_evidence *, struct str line, const struct found_stamp *);
bool reading_names_services(const struct source_reading *, const struct name_evidence *);

/* The program that the head names: of a pod's name in JSON its workload. */
struct str reading_program(const struct line_head *);

/* The message stands there, and may begin with a level, which counts where there is none yet. */
void reading_begin_message(struct str line, size_t at, size_t message_end, struct line_head *);

/* reading_sections.c: does a member, by its sample, hold logs under lines that name them? */
bool reading_has_sections(struct str sample);

/* Does this line name the program of those behind it? That name, or none from here on. */
bool reading_section(struct str line, struct str *service);

/* Of a log's file: /var/log/cart/error.log is of cart. */
struct str reading_program_of_path(struct str path);

/* reading_event.c: what an event of Windows says, where one begins at `at`; else false. */
bool reading_event(struct str line, size_t at, struct line_head *);

/* `stamped`: the found stamp is one. */
void reading_head(const struct source_reading *, const struct found_stamp *, struct str line,
	bool stamped, struct line_head *);

/*
 * reading_plan.c: what the masked form of a line tells of its head. reading_recall is reading_find
 * with the slot's help and fills the head too; false when the slot does not fit the line, which has
 * to be read in full then. `found`: as reading_find returns it.
 */
bool reading_recall(const struct reading_options *, const struct source_reading *, struct str line,
	bool head_only, const struct reading_slot *, struct found_stamp *, struct line_head *);

/* Was the slot filled from a member that is read in the same way? */
bool reading_fits_source(const struct reading_slot *, const struct source_reading *);

/* Fills the slot from a line that was read in full; void when its head depends on digits. */
void reading_remember(const struct reading_options *, const struct source_reading *,
	struct str line, const struct found_stamp *, bool found, bool stamped,
	const struct line_head *, struct line_form *);

/* Of the head what a line says, by its slot: program, host, level, text_at, is_json_name; the other
 * fields are left as they are. False when it has to be read in full. */
bool reading_recall_head(
	const struct reading_slot *, struct str line, unsigned priority, struct line_head *);

/* reading_quick.c: fills slot->quick, of a slot that is filled, if the form is such. */
void reading_quick_learn(const struct reading_options *, const struct found_stamp *,
	struct str line, const struct line_form *, struct reading_slot *);

/* The time of a line whose slot's quick.known is set;
 * false when it has to be found as of others. */
bool reading_quick(const struct reading_options *, const struct source_reading *, struct str line,
	const struct reading_slot *, struct minute_memo *, struct resolved_time *);

/* reading_find.c, for text that is no JSON, from f->text_at on. */
bool reading_find_in_text(const struct reading_options *, const struct source_reading *,
	struct str line, bool head_only, struct found_stamp *);

/* Is a line without a stamp part of the one before, as those of a stack trace are? */
bool reading_continues(struct str line);

/*
 * The level of a line without a stamp, which says `own` and stands behind one of `record`; lines
 * with stamps in their heads were seen, or not.
 */
enum level reading_level_of_part(
	struct str line, bool header_seen, enum level own, enum level record);

/* Does the line begin with the class of an exception and a colon, or is it that alone? */
bool reading_is_exception(struct str line);

/* KEY=..., a field of journald's export text: a record has one a line. */
bool reading_is_field(struct str line);

#endif
