/* SPDX-License-Identifier: MIT */
/*
 * Lines as JSON: what is read off them without a parse tree, and by the jq terms. Where a whole
 * parser takes the line for an object, the end is where that one ends too.
 */
#include <jansson.h>

#include "lineup/buf.h"
#include "lineup/ids.h"
#include "lineup/jq_term.h"
#include "lineup/json_fields.h"
#include "src/match/json_check.h"
#include "tests/fuzz/fuzz.h"

static struct rule_set rules;
static struct jq_terms *terms;

static void prepare(void)
{
	static const char *const programs[] = {
		".level == \"error\" and (.msg | startswith(\"a\"))", ".a.b[0] > 1",
		"[.. | strings] | any(test(\"x+y\"))", "to_entries | length > 3",
		".[] | select(. == null) | true"
	};
	struct rule_place nowhere = { .line = 1 };
	for (size_t i = 0; i < countof(programs); i++)
		rule_set_term(&rules, TERM_JQ, str_from(programs[i]), nowhere);
	rule_set_finish(&rules);
	terms = jq_terms_create(&rules);
}

static void check_fields(struct str line, bool object, size_t end)
{
	struct json_fields fields;
	struct line_ids ids;
	bool read = json_fields_read(line, &fields);
	ids_read(line, 0, &ids);
	PROMISE(lies_within(ids.trace, line) && lies_within(ids.span, line) &&
		lies_within(ids.request, line));
	if (!read)
		return;
	PROMISE(fields.end <= line.len && fields.finer_count <= countof(fields.finer));
	if (object)
		PROMISE(fields.end == end);
	for (size_t i = 0; i < JSON_FIELD_COUNT; i++)
		PROMISE(lies_within(fields.values[i].text, line));
	for (size_t i = 0; i < fields.finer_count; i++)
		PROMISE(lies_within(fields.finer[i], line));
}

static void check_line(struct str line)
{
	if (line.len == 0 || line.ptr[0] != '{')
		return;
	char *copy = exact_copy(line, 0);
	line = str_of(copy, line.len);
	json_error_t error;
	json_t *parsed =
		json_loadb(copy, line.len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);
	bool object = parsed != NULL && json_typeof(parsed) == JSON_OBJECT;
	check_fields(line, object, (size_t)error.position);
	json_decref(parsed);
	/* Numbers beyond the range, and UTF-8 that is none, are no business of the quick look. */
	/* Nor is the NUL that jansson passes over behind a number. */
	parsed = memchr(copy, '\0', line.len) != NULL
			 ? NULL
			 : json_loadb(copy, line.len, JSON_ALLOW_NUL, NULL);
	PROMISE(parsed == NULL || json_is_whole(line));
	json_decref(parsed);
	if (jq_terms_take(terms, line)) {
		for (uint32_t i = 0; i < rules.term_count; i++) {
			bool hit = jq_terms_hit(terms, i);
			PROMISE(jq_terms_hit(terms, i) == hit && jq_terms_gave_up(terms, i) == 0);
		}
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (terms == NULL)
		prepare();
	struct str program = str_of((const char *)data, size);
	for (struct str rest = program; rest.ptr != NULL;)
		check_line(str_cut(&rest, '\n'));
	return 0;
}
