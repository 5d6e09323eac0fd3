/* SPDX-License-Identifier: MIT */
#include "bench/story_lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"

/* ---- chance ---- */

/* SplitMix64 (S. Vigna): any seed gives a good sequence. */
uint64_t draw(struct chance *c)
{
	uint64_t z = (c->state += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

double draw_share(struct chance *c)
{
	return (double)(draw(c) >> 11) / 9007199254740992.0;
}

uint64_t draw_below(struct chance *c, uint64_t limit)
{
	return draw(c) % limit;
}

double draw_wait(struct chance *c, double mean)
{
	return -mean * log(1 - draw_share(c));
}

int64_t draw_duration_ns(struct chance *c, double median_ms)
{
	double spread = exp(0.35 * (draw_share(c) + draw_share(c) + draw_share(c) - 1.5) * 2);
	return (int64_t)(median_ms * spread * 1e6);
}

/* ---- lines ---- */

static void put_line(struct page *p, int64_t time_ns, struct str text)
{
	mem_grow(&p->lines, p->count, &p->capacity);
	p->lines[p->count] = (struct line){ time_ns, (uint32_t)p->count, text };
	p->count++;
}

struct moment {
	int year, month, day, hour, minute, second, millis, micros;
};

static struct moment moment_of(int64_t time_ns)
{
	struct moment m;
	int64_t year, days = time_ns / DAY_NS, rest = time_ns % DAY_NS;
	clock_date(days, &year, &m.month, &m.day);
	m.year = (int)year;
	m.hour = (int)(rest / HOUR_NS);
	m.minute = (int)(rest / (60 * NS_PER_S) % 60);
	m.second = (int)(rest / NS_PER_S % 60);
	m.millis = (int)(rest / NS_PER_MS % 1000);
	m.micros = (int)(rest / NS_PER_US % 1000000);
	return m;
}

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	"Sep", "Oct", "Nov", "Dec" };

/* What a line is made of, whatever its format. */
struct saying {
	enum log_format format;
	const char *name;
	enum word word;
	const char *trace;
	const char *unit;
	const char *message;
};

static void say_in_format(
	struct teller *t, enum stream stream, int64_t time_ns, const struct saying *said)
{
	static const char *const lower[] = { "info", "warn", "error" };
	static const char *const upper[] = { "INFO", "WARN", "ERROR" };
	const char *name = said->name, *trace = said->trace, *unit = said->unit,
		   *message = said->message;
	enum word word = said->word;
	struct moment m = moment_of(time_ns);
	unsigned worker = (unsigned)draw_below(&t->chance, 24);
	struct str text = STR_NONE;
	struct arena *a = &t->arena;
	switch (said->format) {
	case FORMAT_JSON:
		text = arena_printf(a,
			"{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\","
			"\"service\":\"%s\","
			"\"trace_id\":\"%s\",\"msg\":\"%s\"}",
			m.year, m.month, m.day, m.hour, m.minute, m.second, m.millis, lower[word],
			name, trace, message);
		break;
	case FORMAT_JAVA:
		text = arena_printf(a,
			"%04d-%02d-%02d %02d:%02d:%02d,%03d %-5s [http-exec-%u] [trace_id=%s] "
			"com.shop.%s.%s - %s",
			m.year, m.month, m.day, m.hour, m.minute, m.second, m.millis, upper[word],
			worker, trace, name, unit, message);
		break;
	case FORMAT_LOGFMT:
		text = arena_printf(a,
			"time=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ level=%s unit=%s msg=\"%s\" "
			"trace_id=%s",
			m.year, m.month, m.day, m.hour, m.minute, m.second, m.millis, lower[word],
			unit, message, trace);
		break;
	case FORMAT_KLOG:
		text = arena_printf(a,
			"%c%02d%02d %02d:%02d:%02d.%06d %7u %s.go:%u] %s trace_id=%s",
			upper[word][0], m.month, m.day, m.hour, m.minute, m.second, m.micros,
			4200 + worker, unit, 40 + (unsigned)unit[0], message, trace);
		break;
	case FORMAT_PYTHON:
		text = arena_printf(a,
			"%04d-%02d-%02d %02d:%02d:%02d,%03d - %s.%s - %s - %s trace_id=%s", m.year,
			m.month, m.day, m.hour, m.minute, m.second, m.millis, name, unit,
			upper[word], message, trace);
		break;
	default:
		text = arena_printf(a, "%s %2d %02d:%02d:%02d %s-1 %s[%u]: %s: %s trace_id=%s",
			month_names[m.month - 1], m.day, m.hour, m.minute, m.second, name, name,
			900 + t->day, upper[word], message, trace);
		break;
	}
	put_line(&t->pages[stream], time_ns, text);
}

void say(struct teller *t, enum tier tier, int64_t time_ns, enum word word, const char *trace,
	const char *unit, const char *message)
{
	const struct story *s = t->story;
	struct saying said = { s->formats[tier], s->services[tier], word, trace, unit, message };
	say_in_format(t, (enum stream)(STREAM_FRONT + tier), time_ns, &said);
}

void say_job(struct teller *t, int64_t time_ns, const char *message)
{
	const struct story *s = t->story;
	struct saying said = { s->job_format, s->job, WORD_INFO, "-", "Main", message };
	if (s->job_alone)
		say_in_format(t, STREAM_JOB, time_ns, &said);
	else
		say_scheduler(t, time_ns, s->job, message);
}

void say_edge(struct teller *t, int64_t time_ns, const char *path, unsigned status, int64_t took_ns,
	const char *trace)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_EDGE], time_ns,
		arena_printf(&t->arena,
			"10.%u.%u.%u - - [%02d/%s/%04d:%02d:%02d:%02d +0000] \"POST %s HTTP/1.1\" "
			"%u %u "
			"\"-\" \"app/3.%u\" rt=%.3f request_id=%s",
			(unsigned)draw_below(&t->chance, 4), (unsigned)draw_below(&t->chance, 250),
			(unsigned)draw_below(&t->chance, 250), m.day, month_names[m.month - 1],
			m.year, m.hour, m.minute, m.second, path, status,
			200 + (unsigned)draw_below(&t->chance, 900),
			(unsigned)draw_below(&t->chance, 9), (double)took_ns / 1e9, trace));
}

void say_database(struct teller *t, int64_t time_ns, const char *message)
{
	struct moment m = moment_of(time_ns);
	char stamp[64];
	if (t->story->database_kind == DATABASE_POSTGRES)
		snprintf(stamp, sizeof(stamp), "%04d-%02d-%02d %02d:%02d:%02d.%03d UTC", m.year,
			m.month, m.day, m.hour, m.minute, m.second, m.millis);
	else
		snprintf(stamp, sizeof(stamp), "%04d-%02d-%02d %2d:%02d:%02d", m.year, m.month,
			m.day, m.hour, m.minute, m.second);
	put_line(&t->pages[STREAM_DATABASE], time_ns,
		arena_printf(&t->arena, "%s %s", stamp, message));
}

void say_scheduler(struct teller *t, int64_t time_ns, const char *program, const char *message)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_SCHEDULER], time_ns,
		arena_printf(&t->arena, "%s %2d %02d:%02d:%02d ops-1 %s[%u]: %s",
			month_names[m.month - 1], m.day, m.hour, m.minute, m.second, program,
			3000 + (unsigned)draw_below(&t->chance, 900), message));
}

void say_deployment(struct teller *t, int64_t time_ns, const char *service, const char *message)
{
	struct moment m = moment_of(time_ns);
	put_line(&t->pages[STREAM_DEPLOYMENTS], time_ns,
		arena_printf(&t->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ deploy[%s]: %s", m.year,
			m.month, m.day, m.hour, m.minute, m.second, service, message));
}

static int by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void put_pages(struct teller *t, struct buf out[STREAM_COUNT])
{
	for (size_t i = 0; i < STREAM_COUNT; i++) {
		struct page *p = &t->pages[i];
		if (p->count > 0)
			qsort(p->lines, p->count, sizeof(*p->lines), by_time);
		for (size_t k = 0; k < p->count; k++) {
			buf_append(&out[i], p->lines[k].text);
			buf_append_byte(&out[i], '\n');
		}
		free(p->lines);
	}
	arena_release(&t->arena);
}

void fill(char *out, size_t size, const char *words, const char *name, unsigned number)
{
	size_t len = 0;
	for (; *words != '\0' && len + 1 < size; words++) {
		int put = *words == '$'	  ? snprintf(out + len, size - len, "%s", name)
			  : *words == '#' ? snprintf(out + len, size - len, "%u", number)
					  : snprintf(out + len, size - len, "%c", *words);
		len += (size_t)put;
	}
}
