/* SPDX-License-Identifier: MIT */
#include "lineup/jq_term.h"

#include <jq.h>
#include <stdlib.h>

#include "lineup/mem.h"

/* A program that gives this many times false or null (limit, range, recurse) is ended. */
#define VALUES_MAX 10000

struct jq_terms {
	const struct rule_set *rules;
	size_t term_count;
	jq_state **programs; /* by term; NULL: not compiled yet, or not of this kind */
	bool *failed;
	jv value; /* of the line */
};

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
	t->value = jv_invalid();
	return t;
}

void jq_terms_destroy(struct jq_terms *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->term_count; i++)
		if (t->programs[i] != NULL)
			jq_teardown(&t->programs[i]);
	jv_free(t->value);
	free(t->programs);
	free(t->failed);
	free(t);
}

bool jq_terms_take(struct jq_terms *t, struct str line)
{
	struct str text = str_trim(line);
	if (text.len < 2 || text.len > INT32_MAX || text.ptr[0] != '{' ||
		text.ptr[text.len - 1] != '}')
		return false;
	jv_free(t->value);
	t->value = jv_parse_sized(text.ptr, (int)text.len);
	return jv_get_kind(t->value) == JV_KIND_OBJECT;
}

bool jq_terms_hit(struct jq_terms *t, uint32_t term)
{
	if (t->programs[term] == NULL && !t->failed[term]) {
		t->programs[term] = compile(t->rules->terms[term].text, NULL);
		t->failed[term] = t->programs[term] == NULL;
	}
	if (t->failed[term])
		return false;
	jq_state *jq = t->programs[term];
	jq_start(jq, jv_copy(t->value), 0);
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
