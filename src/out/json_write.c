/* SPDX-License-Identifier: MIT */
#include "lineup/json_write.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "lineup/escape.h"

void emit_init(struct emitter *e, FILE *out, struct redactor *redactor, unsigned pretty_depth)
{
	*e = (struct emitter){ .out = out, .redactor = redactor, .pretty_depth = pretty_depth };
}

void emit_release(struct emitter *e)
{
	buf_release(&e->text);
}

static void write_break(struct emitter *e)
{
	if (e->depth <= e->pretty_depth)
		fprintf(e->out, "\n%*s", (int)(e->depth * 2), "");
}

/* The comma, the line and the key in front of a value. */
static void begin_value(struct emitter *e, const char *key)
{
	if (e->depth > 0) {
		if (e->filled[e->depth])
			fputs(e->depth <= e->pretty_depth ? "," : ", ", e->out);
		write_break(e);
	}
	e->filled[e->depth] = true;
	if (key != NULL)
		fprintf(e->out, "\"%s\": ", key);
}

static void open_level(struct emitter *e, const char *key, char bracket)
{
	begin_value(e, key);
	fputc(bracket, e->out);
	assert(e->depth + 1 < JSON_DEPTH_MAX);
	e->filled[++e->depth] = false;
}

static void close_level(struct emitter *e, char bracket)
{
	bool filled = e->filled[e->depth];
	bool pretty = e->depth <= e->pretty_depth;
	e->depth--;
	if (filled && pretty)
		fprintf(e->out, "\n%*s", (int)(e->depth * 2), "");
	fputc(bracket, e->out);
}

void emit_object(struct emitter *e, const char *key)
{
	open_level(e, key, '{');
}

void emit_array(struct emitter *e, const char *key)
{
	open_level(e, key, '[');
}

void emit_end_object(struct emitter *e)
{
	close_level(e, '}');
}

void emit_end_array(struct emitter *e)
{
	close_level(e, ']');
}

void emit_known(struct emitter *e, const char *key, struct str text)
{
	if (text.len == 0)
		emit_null(e, key);
	else
		emit_str(e, key, text);
}

void emit_word(struct emitter *e, const char *key, struct str text)
{
	if (text.ptr == NULL && text.len == 0) {
		emit_null(e, key);
		return;
	}
	begin_value(e, key);
	buf_clear(&e->text);
	buf_append_byte(&e->text, '"');
	escape_json(&e->text, text);
	buf_append_byte(&e->text, '"');
	fwrite(e->text.ptr, 1, e->text.len, e->out);
}

void emit_str(struct emitter *e, const char *key, struct str text)
{
	if (text.ptr == NULL)
		text = STR("");
	emit_word(e, key, redact(e->redactor, text));
}

void emit_u64(struct emitter *e, const char *key, uint64_t n)
{
	begin_value(e, key);
	fprintf(e->out, "%" PRIu64, n);
}

void emit_i64(struct emitter *e, const char *key, int64_t n)
{
	begin_value(e, key);
	fprintf(e->out, "%" PRId64, n);
}

void emit_double(struct emitter *e, const char *key, double x)
{
	if (!isfinite(x)) {
		emit_null(e, key);
		return;
	}
	begin_value(e, key);
	if (fabs(x) >= 1e15) {
		fprintf(e->out, "%.15g", x);
		return;
	}
	char text[64];
	int len = snprintf(text, sizeof(text), "%.6f", x);
	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	bool minus_nothing = len == 2 && text[0] == '-' && text[1] == '0';
	fprintf(e->out, "%.*s", minus_nothing ? 1 : len, minus_nothing ? "0" : text);
}

void emit_bool(struct emitter *e, const char *key, bool yes)
{
	begin_value(e, key);
	fputs(yes ? "true" : "false", e->out);
}

void emit_null(struct emitter *e, const char *key)
{
	begin_value(e, key);
	fputs("null", e->out);
}

void emit_time(struct emitter *e, const char *key, int64_t time_ns)
{
	if (time_ns == TIME_NONE) {
		emit_null(e, key);
		return;
	}
	char text[CLOCK_TEXT_MAX];
	emit_word(e, key, clock_rfc3339(time_ns, text));
}

void emit_newline(struct emitter *e)
{
	fputc('\n', e->out);
	e->filled[0] = false;
}
