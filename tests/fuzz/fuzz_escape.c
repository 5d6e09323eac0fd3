/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as text of a log on its way out: to a terminal without control bytes, as JSON that a
 * parser takes and gives back, as one CSV cell that is no formula, redacted.
 */
#include <jansson.h>

#include "lineup/escape.h"
#include "lineup/json_write.h"
#include "lineup/redact.h"
#include "lineup/utf8.h"
#include "tests/fuzz/fuzz.h"

static void check_terminal(struct str text)
{
	struct buf out = BUF_INIT(0);
	escape_terminal(&out, text, true);
	for (size_t i = 0; i < out.len; i++)
		PROMISE(out.ptr[i] >= ' ' && out.ptr[i] < 0x7f);
	buf_clear(&out);
	escape_terminal(&out, text, false);
	for (size_t i = 0; i < out.len; i++) {
		PROMISE((unsigned char)out.ptr[i] >= ' ' && out.ptr[i] != 0x7f);
		/* C1 controls are two bytes in UTF-8. */
		PROMISE(i + 1 >= out.len || (unsigned char)out.ptr[i] != 0xc2 ||
			(unsigned char)out.ptr[i + 1] >= 0xa0);
	}
	json_t *valid = json_stringn(out.ptr != NULL ? out.ptr : "", out.len);
	PROMISE(valid != NULL); /* jansson takes UTF-8 alone */
	json_decref(valid);
	buf_release(&out);
}

static void check_csv(struct str text)
{
	struct buf out = BUF_INIT(0);
	escape_csv(&out, text);
	struct str cell = buf_str(&out);
	bool quoted = cell.len >= 2 && cell.ptr[0] == '"';
	if (quoted) {
		PROMISE(cell.ptr[cell.len - 1] == '"');
		cell = str_of(cell.ptr + 1, cell.len - 2);
	}
	PROMISE(cell.len == 0 || strchr("=+-@\t\r", cell.ptr[0]) == NULL);
	for (size_t i = 0; i < cell.len; i++) {
		PROMISE((unsigned char)cell.ptr[i] >= ' ');
		PROMISE(quoted || (cell.ptr[i] != '"' && cell.ptr[i] != ','));
		if (cell.ptr[i] != '"')
			continue;
		PROMISE(i + 1 < cell.len && cell.ptr[i + 1] == '"');
		i++;
	}
	buf_release(&out);
}

static void check_json(struct str text, struct redactor *redactor)
{
	char *bytes = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&bytes, &size);
	struct emitter e;
	PROMISE(stream != NULL);
	emit_init(&e, stream, redactor, 2);
	emit_object(&e, NULL);
	emit_str(&e, "text", text);
	emit_word(&e, "word", text);
	emit_array(&e, "list");
	emit_str(&e, NULL, str_head(text, text.len / 2));
	emit_double(&e, NULL, (double)text.len / 3);
	emit_time(&e, NULL, (int64_t)str_hash(text));
	emit_end_array(&e);
	emit_end_object(&e);
	emit_newline(&e);
	emit_release(&e);
	PROMISE(fclose(stream) == 0);
	json_error_t error;
	json_t *parsed = json_loadb(bytes, size, JSON_ALLOW_NUL, &error);
	PROMISE(parsed != NULL && json_array_size(json_object_get(parsed, "list")) == 3);
	json_t *word = json_stringn(text.len > 0 ? text.ptr : "", text.len);
	/* What is valid UTF-8 comes back as it was. */
	if (word != NULL)
		PROMISE(json_equal(word, json_object_get(parsed, "word")));
	json_decref(word);
	json_decref(parsed);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct redactor redactor = { .text = BUF_INIT(0) };
	check_terminal(text);
	check_csv(text);
	check_json(text, NULL);
	check_json(text, &redactor);
	struct buf once = BUF_INIT(0);
	buf_append(&once, redact(&redactor, text));
	/* The same secret has the same number wherever it stands. */
	PROMISE(str_equal(redact(&redactor, text), buf_str(&once)));
	buf_release(&once);
	redactor_release(&redactor);
	return 0;
}
