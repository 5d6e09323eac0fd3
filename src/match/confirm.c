/* SPDX-License-Identifier: MIT */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "lineup/confirm.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "lineup/mem.h"

/*
 * A match that needs more steps than this from one start is given up; PCRE2's default is 10 M. It
 * counts from every start anew, so a long line gets fewer, lest one line takes minutes. A term
 * that was given up on many lines of a chunk is not tried on the rest of it: chunks are the same
 * for every number of threads, so the hits are too.
 */
#define MATCH_LIMIT	1000000
#define MATCH_LIMIT_MIN 1000
#define LINE_STEPS	UINT64_C(1000000000)
#define GIVE_UPS_MAX	20
#define DEPTH_LIMIT	100000
#define HEAP_LIMIT_KIB	(20 * 1024)
#define JIT_STACK_MIN	(32 * 1024)
#define JIT_STACK_MAX	(1024 * 1024)
#define PATTERN_LEN_MAX (1024 * 1024)
#define OVECTOR_PAIRS	64

struct confirm {
	const struct rule_set *rules;
	size_t term_count;
	pthread_mutex_t lock;
	/* Release at the store, acquire at the load: whoever sees the pointer sees the program. */
	_Atomic(pcre2_code *) *programs;
	bool *direct; /* of a program: its machine code may be called without a check of the line */
};

struct given_up;

struct confirm_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	uint64_t chunk; /* counts them */
	struct given_up *terms;
};

/* How often a term was asked, and given up: in all, and in the chunk at hand. */
struct given_up {
	uint64_t looks;
	uint64_t total;
	uint64_t chunk;
	uint32_t in_chunk;
};

static pcre2_code *compile(struct str pattern, int *code, size_t *offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (context != NULL)
		pcre2_set_max_pattern_length(context, PATTERN_LEN_MAX);
	const char *text = pattern.len > 0 ? pattern.ptr : "";
	/* Alternatives may name their captures alike: a list of patterns is one pattern here. */
	pcre2_code *program =
		pcre2_compile((PCRE2_SPTR)text, pattern.len, PCRE2_DUPNAMES, code, offset, context);
	pcre2_compile_context_free(context);
	/* That is no fault of the pattern. */
	if (program == NULL && *code == PCRE2_ERROR_HEAP_FAILED)
		mem_exhausted(0);
	return program;
}

int confirm_check(struct str pattern, struct confirm_facts *facts, struct error *err)
{
	int code = 0;
	*facts = (struct confirm_facts){ .has_names = false };
	pcre2_code *program = compile(pattern, &code, &facts->offset);
	if (program == NULL) {
		PCRE2_UCHAR reason[160];
		pcre2_get_error_message(code, reason, sizeof(reason));
		return error_set(err, "%s at offset %zu", (const char *)reason, facts->offset);
	}
	uint32_t names = 0;
	pcre2_pattern_info(program, PCRE2_INFO_NAMECOUNT, &names);
	facts->has_names = names > 0;
	pcre2_code_free(program);
	return 0;
}

struct confirm *confirm_create(const struct rule_set *rules)
{
	struct confirm *c = mem_zalloc(1, sizeof(*c));
	c->rules = rules;
	c->term_count = rules->term_count;
	c->programs = mem_zalloc(rules->term_count, sizeof(c->programs[0]));
	c->direct = mem_zalloc(rules->term_count, sizeof(c->direct[0]));
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void confirm_destroy(struct confirm *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->term_count; i++)
		pcre2_code_free(atomic_load_explicit(&c->programs[i], memory_order_relaxed));
	pthread_mutex_destroy(&c->lock);
	free(c->programs);
	free(c->direct);
	free(c);
}

struct confirm_scratch *confirm_scratch_create(const struct confirm *c)
{
	struct confirm_scratch *s = mem_zalloc_aligned(sizeof(*s));
	s->terms = mem_zalloc(c->term_count, sizeof(*s->terms));
	s->data = pcre2_match_data_create(OVECTOR_PAIRS, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (s->data == NULL || s->context == NULL)
		mem_exhausted(0);
	pcre2_set_depth_limit(s->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
	pcre2_jit_stack_assign(s->context, NULL, s->stack);
	return s;
}

void confirm_scratch_destroy(struct confirm_scratch *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	free(s->terms);
	free(s);
}

uint64_t confirm_scratch_looks(const struct confirm_scratch *s, uint32_t term)
{
	return s->terms[term].looks;
}

uint64_t confirm_scratch_gave_up(const struct confirm_scratch *s, uint32_t term)
{
	return s->terms[term].total;
}

void confirm_scratch_begin(struct confirm_scratch *s)
{
	s->chunk++;
}

void confirm_describe(struct buf *out)
{
	char version[64]; /* PCRE2 says that 24 are enough */
	pcre2_config(PCRE2_CONFIG_VERSION, version);
	buf_printf(out, "pcre2 %s", version);
}

static bool reads_utf(const pcre2_code *program)
{
	uint32_t options = 0;
	pcre2_pattern_info(program, PCRE2_INFO_ALLOPTIONS, &options);
	return (options & PCRE2_UTF) != 0;
}

/* The term's program; NULL when it cannot be compiled (it was rejected before). */
static const pcre2_code *program_of(struct confirm *c, uint32_t term)
{
	pcre2_code *program = atomic_load_explicit(&c->programs[term], memory_order_acquire);
	if (likely(program != NULL))
		return program;
	pthread_mutex_lock(&c->lock);
	program = atomic_load_explicit(&c->programs[term], memory_order_relaxed);
	if (program == NULL) {
		int code = 0;
		size_t offset = 0;
		program = compile(c->rules->terms[term].text, &code, &offset);
		/* Without JIT (not allowed here, or too large) it is slower and the same. */
		c->direct[term] = program != NULL &&
				  pcre2_jit_compile(program, PCRE2_JIT_COMPLETE) == 0 &&
				  !reads_utf(program);
		atomic_store_explicit(&c->programs[term], program, memory_order_release);
	}
	pthread_mutex_unlock(&c->lock);
	return program;
}

static int match(struct confirm_scratch *s, const pcre2_code *program, bool direct, struct str line)
{
	PCRE2_SPTR text = (PCRE2_SPTR)(line.len > 0 ? line.ptr : "");
	if (s->context != NULL) {
		uint64_t steps = LINE_STEPS / (line.len + 1);
		pcre2_set_match_limit(s->context, steps > MATCH_LIMIT	    ? MATCH_LIMIT
						  : steps < MATCH_LIMIT_MIN ? MATCH_LIMIT_MIN
									    : (uint32_t)steps);
	}
	int rc = direct ? pcre2_jit_match(program, text, line.len, 0, 0, s->data, s->context)
			: pcre2_match(program, text, line.len, 0, 0, s->data, s->context);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(program, text, line.len, 0, PCRE2_NO_JIT, s->data, s->context);
	return rc;
}

/* Anything but "no match" and "no valid UTF-8" is a match that was not made. */
static bool is_given_up(int rc)
{
	bool bad_text = rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21;
	return unlikely(rc < 0 && rc != PCRE2_ERROR_NOMATCH && !bad_text);
}

bool confirm_line(struct confirm *c, struct confirm_scratch *s, uint32_t term, struct str line)
{
	const struct term *t = &c->rules->terms[term];
	if (t->kind == TERM_LITERAL)
		return t->text.len == 0 || str_find(line, t->text) >= 0;
	const pcre2_code *program = program_of(c, term);
	struct given_up *given_up = &s->terms[term];
	if (program == NULL)
		return false;
	if (unlikely(given_up->in_chunk >= GIVE_UPS_MAX && given_up->chunk == s->chunk)) {
		given_up->total++;
		return false;
	}
	given_up->looks++;
	int rc = match(s, program, c->direct[term], line);
	if (is_given_up(rc)) {
		if (given_up->chunk != s->chunk)
			given_up->in_chunk = 0;
		given_up->chunk = s->chunk;
		given_up->in_chunk++;
		given_up->total++;
	}
	return rc >= 0;
}

void confirm_captures(struct confirm *c, struct confirm_scratch *s, uint32_t term, struct str line,
	confirm_capture_fn *found, void *context)
{
	const pcre2_code *program = program_of(c, term);
	if (program == NULL)
		return;
	uint32_t names = 0;
	uint32_t entry_bytes = 0;
	PCRE2_SPTR table = NULL;
	pcre2_pattern_info(program, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(program, PCRE2_INFO_NAMEENTRYSIZE, &entry_bytes);
	pcre2_pattern_info(program, PCRE2_INFO_NAMETABLE, &table);
	if (names == 0 || match(s, program, c->direct[term], line) < 0)
		return;
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(s->data);
	uint32_t pairs = pcre2_get_ovector_count(s->data);
	for (uint32_t i = 0; i < names; i++, table += entry_bytes) {
		uint32_t group = (uint32_t)table[0] << 8 | table[1];
		if (group >= pairs || ends[2 * group] == PCRE2_UNSET)
			continue;
		size_t start = ends[2 * group];
		size_t end = ends[2 * group + 1];
		if (end >= start)
			found(context, str_from((const char *)table + 2),
				str_of(line.ptr + start, end - start));
	}
}
