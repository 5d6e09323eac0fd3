/* SPDX-License-Identifier: MIT */
#include "lineup/jq_term.h"

#include <jq.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "lineup/clock.h"
#include "lineup/mem.h"
#include "src/match/jq_refuse.h"
#include "src/match/json_check.h"

/* A program that gives this many times false or null (limit, range, recurse) is ended. */
#define VALUES_MAX 10000

struct jq_terms {
	const struct rule_set *rules;
	size_t term_count;
	jq_state **programs; /* by term; NULL: not compiled yet, or not of this kind */
	bool *failed;
	uint64_t *gave_up;
	jv value;      /* of the line */
	bool prepared; /* the thread that uses it knows what to do without memory */
	bool watched;  /* what follows is in use */
	pthread_t watch;
	pthread_mutex_t lock; /* guards all that follows */
	pthread_cond_t ended;
	bool ends;
	jq_state *running;
	clockid_t clock; /* of the time that the thread of the worker used */
	int64_t started_ns;
	bool halted;
};

int64_t jq_term_limit_ns = 5 * NS_PER_S;

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t = { 0 };
	clock_gettime(clock, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* A thread that stops programs that run too long: jq itself asks for it at every step. */
static void *watch(void *context)
{
	struct jq_terms *t = context;
	pthread_mutex_lock(&t->lock);
	while (!t->ends) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += 100000000;
		until.tv_sec += until.tv_nsec / NS_PER_S;
		until.tv_nsec %= NS_PER_S;
		pthread_cond_timedwait(&t->ended, &t->lock, &until);
		if (t->running == NULL || clock_ns(t->clock) - t->started_ns < jq_term_limit_ns)
			continue;
		jq_halt(t->running, jv_invalid(), jv_invalid());
		t->halted = true;
		t->running = NULL;
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

static bool start_watch(struct jq_terms *t)
{
	pthread_condattr_t attributes;
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&t->ended, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&t->watch, NULL, watch, t) == 0)
		return true;
	pthread_cond_destroy(&t->ended);
	pthread_mutex_destroy(&t->lock);
	return false;
}

static void stop_watch(struct jq_terms *t)
{
	pthread_mutex_lock(&t->lock);
	t->ends = true;
	pthread_cond_signal(&t->ended);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->watch, NULL);
	pthread_cond_destroy(&t->ended);
	pthread_mutex_destroy(&t->lock);
}

static void no_memory(void *context UNUSED)
{
	mem_exhausted(0);
}

static void keep_first_message(void *context, jv message)
{
	struct error *err = context;
	if (err != NULL && err->text[0] == '\0' && jv_get_kind(message) == JV_KIND_STRING) {
		struct str text =
			str_cut(&(struct str){ jv_string_value(message),
					(size_t)jv_string_length_bytes(jv_copy(message)) },
				'\n');
		error_set(err, "%.*s", STR_ARG(text));
	}
	jv_free(message);
}

static jq_state *compile(struct str program, struct error *err)
{
	jq_state *jq = jq_init();
	if (jq == NULL) {
		error_set(err, "jq cannot be started");
		return NULL;
	}
	if (err != NULL)
		err->text[0] = '\0';
	jq_set_error_cb(jq, keep_first_message, err);
	char *text = mem_strdup(program);
	int done = jq_compile(jq, text);
	free(text);
	if (!done) {
		if (err != NULL && err->text[0] == '\0')
			error_set(err, "not a jq program");
		jq_teardown(&jq);
		return NULL;
	}
	jq_set_error_cb(jq, keep_first_message, NULL);
	return jq;
}

int jq_term_check(struct str program, struct error *err)
{
	struct error reason = { .text = "" };
	const char *word = jq_refused_word(program);
	if (word != NULL)
		return error_set(err, "a term may not use %s", word);
	jv_nomem_handler(no_memory, NULL);
	jq_state *jq = compile(program, &reason);
	if (jq == NULL)
		return error_set(err, "%s", reason.text);
	jq_teardown(&jq);
	return 0;
}

struct jq_terms *jq_terms_create(const struct rule_set *rules)
{
	struct jq_terms *t = mem_zalloc(1, sizeof(*t));
	t->rules = rules;
	t->term_count = rules->term_count;
	t->programs = mem_zalloc(rules->term_count, sizeof(t->programs[0]));
	t->failed = mem_zalloc(rules->term_count, sizeof(t->failed[0]));
	t->gave_up = mem_zalloc(rules->term_count, sizeof(t->gave_up[0]));
	t->value = jv_invalid();
	bool any = false;
	for (size_t i = 0; i < rules->term_count && !any; i++)
		any = rules->terms[i].kind == TERM_JQ;
	/* Without a watch nothing would end a program, so none is run. */
	t->watched = any && start_watch(t);
	for (size_t i = 0; any && !t->watched && i < rules->term_count; i++)
		t->failed[i] = true;
	return t;
}

void jq_terms_destroy(struct jq_terms *t)
{
	if (t == NULL)
		return;
	if (t->watched)
		stop_watch(t);
	for (size_t i = 0; i < t->term_count; i++)
		if (t->programs[i] != NULL)
			jq_teardown(&t->programs[i]);
	jv_free(t->value);
	free(t->programs);
	free(t->failed);
	free(t->gave_up);
	free(t);
}

/*
 * jv_parse_sized puts all that stands behind a bad line into its message, and the parser loses
 * memory at each; so what is no object or list is told before.
 */
static jv parse(struct str text)
{
	struct jv_parser *parser = jv_parser_new(0);
	jv_parser_set_buf(parser, text.ptr, (int)text.len, 0);
	jv value = jv_parser_next(parser);
	jv_parser_free(parser);
	return value;
}

/*
 * What a container's runtime puts before the line that the program wrote: a stamp, then perhaps the
 * stream and whether the line is whole (`2026-01-01T00:00:00.1Z stdout F {...}`).
 */
static struct str without_runtime(struct str text)
{
	static const char *const words[] = { "stdout", "stderr", "F", "P" };
	struct str rest = text;
	struct str stamp = str_cut(&rest, ' ');
	if (stamp.len < 20 || stamp.ptr[4] != '-' || stamp.ptr[10] != 'T' || stamp.ptr[13] != ':')
		return text;
	while (rest.ptr != NULL && rest.len > 0 && rest.ptr[0] != '{' && rest.ptr[0] != '[') {
		struct str word = str_cut(&rest, ' ');
		bool known = false;
		for (size_t i = 0; i < countof(words); i++)
			known = known || str_equal(word, str_from(words[i]));
		if (!known)
			return text;
	}
	return rest.ptr == NULL ? text : rest;
}

static jv parse_whole(struct str text)
{
	if (text.len > INT32_MAX || !json_is_whole(text))
		return jv_invalid();
	return parse(text);
}

static bool is_whole(jv value)
{
	jv_kind kind = jv_get_kind(value);
	return kind == JV_KIND_OBJECT || kind == JV_KIND_ARRAY;
}

/* Docker keeps a line as {"log": "...", "stream": "stdout", "time": "..."}:
 * what it holds counts. */
static jv unwrap(jv outer)
{
	jv inner = jv_invalid();
	if (jv_get_kind(outer) != JV_KIND_OBJECT)
		return outer;
	jv log = jv_object_get(jv_copy(outer), jv_string("log"));
	jv stream = jv_object_get(jv_copy(outer), jv_string("stream"));
	if (jv_get_kind(log) == JV_KIND_STRING && jv_get_kind(stream) == JV_KIND_STRING)
		inner = parse_whole(str_trim(str_of(
			jv_string_value(log), (size_t)jv_string_length_bytes(jv_copy(log)))));
	jv_free(log);
	jv_free(stream);
	bool found = is_whole(inner);
	jv_free(found ? outer : inner);
	return found ? inner : outer;
}

bool jq_terms_take(struct jq_terms *t, struct str line)
{
	struct str text = str_trim(line);
	if (!t->prepared)
		jv_nomem_handler(no_memory, NULL);
	t->prepared = true;
	jv_free(t->value);
	t->value = unwrap(parse_whole(without_runtime(text)));
	return is_whole(t->value);
}

/* The watch looks at what runs between these two. The second says whether it was stopped. */
static void begin_run(struct jq_terms *t, jq_state *jq)
{
	pthread_mutex_lock(&t->lock);
	pthread_getcpuclockid(pthread_self(), &t->clock);
	t->started_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	t->halted = false;
	t->running = jq;
	pthread_mutex_unlock(&t->lock);
}

static bool end_run(struct jq_terms *t)
{
	pthread_mutex_lock(&t->lock);
	t->running = NULL;
	bool halted = t->halted;
	pthread_mutex_unlock(&t->lock);
	return halted;
}

static bool gives_something(jq_state *jq)
{
	for (int i = 0; i < VALUES_MAX; i++) {
		jv value = jq_next(jq);
		jv_kind kind = jv_get_kind(value);
		jv_free(value);
		if (kind == JV_KIND_INVALID)
			return false;
		if (kind != JV_KIND_FALSE && kind != JV_KIND_NULL)
			return true;
	}
	return false;
}

bool jq_terms_hit(struct jq_terms *t, uint32_t term)
{
	if (t->programs[term] == NULL && !t->failed[term]) {
		t->programs[term] = compile(t->rules->terms[term].text, NULL);
		t->failed[term] = t->programs[term] == NULL;
	}
	if (t->failed[term]) {
		t->gave_up[term]++;
		return false;
	}
	jq_state *jq = t->programs[term];
	jq_start(jq, jv_copy(t->value), 0);
	begin_run(t, jq);
	bool hit = gives_something(jq);
	/* What took that long once will do so again. */
	if (end_run(t)) {
		t->failed[term] = true;
		t->gave_up[term]++;
		hit = false;
	}
	return hit;
}

uint64_t jq_terms_gave_up(const struct jq_terms *t, uint32_t term)
{
	return t->gave_up[term];
}
