/* SPDX-License-Identifier: MIT */
/*
 * The rules in memory: what both document forms (packs and CRE) become, and what `-e` and `-f`
 * add. A rule is a condition over terms plus what an engineer should know when it fires.
 *
 * In: documents, through rules_pack, rules_cre and rules_load. Out: one struct rule_set, built by
 * one thread at the start and const for the rest of the run; all text is owned by its arena.
 */
#ifndef LINEUP_RULES_H
#define LINEUP_RULES_H

#include "lineup/arena.h"
#include "lineup/intern.h"
#include "lineup/severity.h"

/* Where something stands in a rule file; line and column count from 1, 0 when not known. */
struct rule_place {
	struct str path;
	uint32_t line;
	uint32_t column;
};

enum term_kind {
	TERM_REGEX,   /* PCRE2 syntax on bytes; `(*UTF)` at its start: on characters */
	TERM_LITERAL, /* a substring */
	TERM_JQ,      /* a jq program over a line that is one JSON object */
};

/* One pattern. Rules that say the same pattern share it. */
struct term {
	enum term_kind kind;
	struct str text;
	struct rule_place place; /* of its first use */
	bool builtin;		 /* one of the program's own; they are compiled apart */
};

/* At most this many terms in a rule, copies counted, and as many negative ones (the CRE standard's
 * limit). */
#define RULE_TERMS_MAX 64

enum rule_form {
	RULE_SET,      /* all terms, in any order, first to last within window_ns */
	RULE_SEQUENCE, /* all terms in this order, within window_ns; equal times are in order */
};

/* What the rule was written as. */
enum rule_source {
	RULE_FROM_PATTERN, /* -e or -f */
	RULE_FROM_CRE,
	RULE_FROM_PACK,
};

/* Whose lines may complete a rule together. */
enum rule_key {
	RULE_BY_SERVICE, /* a service in one input tree: the default */
	RULE_BY_HOST,
	RULE_BY_REQUEST,
	RULE_KEYS,
};

/* What kind of event an info rule tells of; it feeds the timeline and the search for causes. */
enum rule_event {
	RULE_EVENT_NONE,
	RULE_EVENT_CHANGE,   /* deployment, migration, configuration reload */
	RULE_EVENT_RESTART,  /* a process started or stopped */
	RULE_EVENT_JOB,	     /* a scheduled or batch job started or ended */
	RULE_EVENT_ELECTION, /* leader election, failover */
	RULE_EVENT_ROTATION, /* log rotation */
	RULE_EVENTS,
};

/* "service", "host", "request"; "change", "restart" ..., NULL for RULE_EVENT_NONE. */
const char *rule_key_name(enum rule_key);
const char *rule_event_name(enum rule_event);

/*
 * A term that must not match. Its span starts at the time of the anchor-th positive match (1: the
 * first; CRE documents count from 0) moved by slide_ns. It is as long as the positive match plus
 * window_ns, or just window_ns with absolute; both ends belong to it. It may reach past the last
 * positive match.
 */
struct rule_negative {
	uint32_t term;
	uint32_t anchor; /* counts from 1 */
	int64_t window_ns;
	int64_t slide_ns;
	bool absolute;
};

/* Advice and description; any of them may be empty (len 0). */
struct rule_advice {
	struct str cause;
	struct str impact;
	struct str fix;
	struct str workaround;
	struct str prevention;
	struct str verify;
	struct str *references;
	size_t reference_count;
};

/* The n-th text of advice, in the order in which it is read, and its name; NULL: there is none. */
const char *rule_advice_text(const struct rule_advice *, size_t n, struct str *text);

struct rule {
	struct str id;
	struct str title;
	struct str category;
	struct str description;
	enum severity severity;
	enum rule_source source;
	enum rule_form form;
	enum rule_key key;
	enum rule_event event;
	bool experimental; /* loaded only when named by path with `rules` commands */
	struct rule_place place;
	uint32_t *terms; /* indices into rule_set.terms; a term with count n stands n times */
	size_t term_count;
	int64_t window_ns; /* 0: not limited (a single term) */
	struct rule_negative *negatives;
	size_t negative_count;
	struct str *hints; /* services, sources and containers where the rule means to look */
	size_t hint_count;
	struct rule_advice advice;
	struct str *examples;
	size_t example_count;
	struct str *counter_examples;
	size_t counter_example_count;
};

/* A rule of one term and nothing else fires at every hit and keeps no state. */
static inline bool rule_is_simple(const struct rule *r)
{
	return r->term_count == 1 && r->negative_count == 0;
}

/* A rule or file that could not be used, or a doubt about one that is. */
struct rule_complaint {
	struct rule_place place;
	struct str rule_id; /* empty: the file as a whole */
	struct str reason;
	bool rejected; /* false: a warning, the rule is used */
};

struct rule_set {
	struct arena arena;
	struct rule *rules; /* in order of id after rule_set_finish */
	size_t rule_count;
	size_t rule_capacity;
	struct term *terms;
	size_t term_count;
	size_t term_capacity;
	struct rule_complaint *complaints;
	size_t complaint_count;
	size_t complaint_capacity;
	struct intern term_index; /* kind and text -> term */
};

/* A zeroed rule_set is ready; release frees all. */
void rule_set_release(struct rule_set *);

/* The index of this pattern, added when new. Text is copied. */
uint32_t rule_set_term(struct rule_set *, enum term_kind, struct str text, struct rule_place);

/* A new zeroed rule at the end, to be filled by a reader; valid until the next call. */
struct rule *rule_set_add(struct rule_set *);

/* Notes a complaint, with printf text. */
void rule_set_complain(struct rule_set *, struct rule_place, struct str rule_id, bool rejected,
	const char *format, ...) PRINTF_LIKE(5, 6);

/*
 * Called once, when all documents are read: sorts by id, takes out the later of two rules with
 * one id (with a complaint), so that the order of loading never shows.
 */
void rule_set_finish(struct rule_set *);

/* Sorts the complaints by place; for those who add some after rule_set_finish. */
void rule_set_order_complaints(struct rule_set *);

/* The rule with this id, or NULL; after rule_set_finish. */
const struct rule *rule_set_find(const struct rule_set *, struct str id);

#endif
