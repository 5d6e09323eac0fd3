/* SPDX-License-Identifier: MIT */
#include "lineup/reading.h"
#include "lineup/mem.h"
#include <stdlib.h>
#include <string.h>
struct reading_options {
	int x;
};
struct source_reading {
	char service[256];
	int64_t last;
	enum level level;
};
int reading_options_create(
	struct reading_options **o, const struct reading_settings *s, struct error *e)
{
	(void)s;
	(void)e;
	*o = mem_zalloc(1, sizeof(**o));
	return 0;
}
void reading_options_destroy(struct reading_options *o)
{
	free(o);
}
static int num(const char *p, int n)
{
	int v = 0;
	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = v * 10 + p[i] - '0';
	}
	return v;
}
static int64_t stamp(struct str l, size_t *end)
{
	for (size_t i = 0; i < 40 && i + 19 <= l.len; i++) {
		const char *p = l.ptr + i;
		if (p[4] == '-' && p[7] == '-' && p[13] == ':' && p[16] == ':') {
			int y = num(p, 4), m = num(p + 5, 2), d = num(p + 8, 2), h = num(p + 11, 2),
			    mi = num(p + 14, 2), s = num(p + 17, 2);
			if (y < 0 || m < 1 || d < 1 || h < 0 || mi < 0 || s < 0)
				continue;
			int64_t ns = 0;
			size_t e = i + 19;
			if (e < l.len && (l.ptr[e] == '.' || l.ptr[e] == ',')) {
				int64_t f = 100000000;
				e++;
				while (e < l.len && l.ptr[e] >= '0' && l.ptr[e] <= '9') {
					ns += f * (l.ptr[e] - '0');
					f /= 10;
					e++;
				}
			}
			if (e < l.len && l.ptr[e] == 'Z')
				e++;
			*end = e;
			return ((clock_days(y, m, d) * 24 + h) * 60 + mi) * 60 * NS_PER_S +
			       s * NS_PER_S + ns;
		}
	}
	return TIME_NONE;
}
static void mk(const struct member *m, struct source_reading *s)
{
	struct str p = m->place;
	struct str best = STR("unknown");
	struct str rest = p;
	while (rest.ptr) {
		struct str x = str_cut(&rest, '/');
		if (str_equal(x, STR("pods")) && rest.ptr) {
			struct str y = rest;
			y = str_cut(&y, '/');
			for (int k = 0; k < 2; k++) {
				ptrdiff_t d = str_rfind_byte(y, '-');
				if (d > 0)
					y.len = (size_t)d;
			}
			best = y;
			goto done;
		}
	}
	{
		ptrdiff_t sl = str_rfind_byte(p, '/');
		struct str b = str_skip(p, (size_t)(sl + 1));
		ptrdiff_t d = str_find_byte(b, '.');
		if (d > 0)
			b.len = (size_t)d;
		best = b;
		if (sl > 0) {
			struct str dir = str_head(p, (size_t)sl);
			ptrdiff_t s2 = str_rfind_byte(dir, '/');
			struct str dn = str_skip(dir, (size_t)(s2 + 1));
			if (!str_starts(b, dn)) {
				snprintf(s->service, 256, "%.*s/%.*s", STR_ARG(dn), STR_ARG(b));
				return;
			}
		}
	}
done:
	snprintf(s->service, 256, "%.*s", STR_ARG(best));
}
void reading_pull(const struct reading_options *o, const struct chunk *c, struct chunk_reading *r)
{
	(void)o;
	if (!c->member->context) {
		struct source_reading *s = mem_zalloc(1, sizeof *s);
		s->last = TIME_NONE;
		mk(c->member, s);
		c->member->context = s;
		c->member->context_destroy = free;
	}
	struct source_reading *s = c->member->context;
	*r = (struct chunk_reading){s, s->last, 0, 0, LEVEL_NONE};
	size_t at = c->len;
	while (at > 0) {
		size_t e = at;
		if (c->data[e - 1] == '\n')
			e--;
		ptrdiff_t st = str_rfind_byte(str_of(c->data, e), '\n') + 1;
		size_t q;
		int64_t t = stamp(str_of(c->data + st, e - (size_t)st), &q);
		if (t != TIME_NONE) {
			s->last = t;
			break;
		}
		at = (size_t)st;
	}
}
void line_cursor_start(
	struct line_cursor *k, const struct reading_options *o, const struct chunk_reading *c)
{
	*k = (struct line_cursor){.source = c->source, .options = o, .last_ns = c->inherited_ns};
}
static int has(struct str l, const char *w)
{
	return str_find(l, str_from(w)) >= 0;
}
void line_read(struct line_cursor *k, struct str l, bool ids, struct reading *r)
{
	(void)ids;
	*r = (struct reading){.time_ns = TIME_NONE};
	size_t e = 0;
	int64_t t = stamp(l, &e);
	if (t != TIME_NONE) {
		r->basis = TIME_BASIS_STAMP;
		k->last_ns = t;
		r->message_at = (uint32_t)e;
	} else if (k->last_ns != TIME_NONE)
		r->basis = TIME_BASIS_INHERITED;
	else
		k->trust.undated_lines++;
	r->time_ns = k->last_ns;
	struct str h = str_head(str_skip(l, e), 60);
	if (r->basis == TIME_BASIS_STAMP)
		r->level = has(h, "CRIT") || has(h, "FATAL") ? LEVEL_CRITICAL
			   : has(h, "ERROR") || has(h, "\"error\"") || has(h, "=error")
				   ? LEVEL_ERROR
			   : has(h, "WARN") || has(h, "=warn") || has(h, "\"warn") ? LEVEL_WARNING
			   : has(h, "DEBUG")					   ? LEVEL_DEBUG
										   : LEVEL_INFO;
	r->service = str_from(k->source->service);
	static const char *const keys[] = {
		"TraceID: ", "trace_id=", "trace_id\":\"", "[req-", "request_id="};
	for (int i = 0; i < 5; i++) {
		ptrdiff_t p = str_find(l, str_from(keys[i]));
		if (p >= 0) {
			struct str x = str_skip(l, (size_t)p + strlen(keys[i]));
			size_t n = 0;
			while (n < x.len && n < 36 &&
				(x.ptr[n] == '-' || (x.ptr[n] >= '0' && x.ptr[n] <= '9') ||
					(x.ptr[n] >= 'a' && x.ptr[n] <= 'f')))
				n++;
			if (n >= 8) {
				r->trace = str_head(x, n);
			}
			break;
		}
	}
	ptrdiff_t p = str_find(l, STR("SpanID: "));
	if (p >= 0)
		r->span = str_head(str_skip(l, (size_t)p + 8), 16);
}
struct str source_reading_service(const struct source_reading *s)
{
	return str_from(s->service);
}
struct str source_reading_note(const struct source_reading *s)
{
	(void)s;
	return STR_NONE;
}
