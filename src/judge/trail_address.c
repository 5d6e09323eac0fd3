/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/name_place.h"
#include "src/judge/trail.h"

/*
 * "connect to host 10.7.4.6 port 22: Connection refused": an address is no name, and whoever
 * answers there may write nothing. But it was handed out, mapped and routed by services that say
 * so, one behind the other, and who took it up last before it was complained of is where it got
 * stuck, as with a thing that never came to be (trail.c). One that listens there says so, too.
 *
 * An address that many speak of is a host's on which many run, or one that all go to, and says
 * nothing; of those that few speak of, a fourth of the services at the most. At the head of a line,
 * or as a client, it is who came and not where one went; in a URL with a path somebody went there
 * himself. Two ports of one address are two things.
 */
#define FEW_SERVICES   3
#define SERVICES_SHARE 4

struct address {
	struct str text; /* without the port */
	struct str port; /* digits; empty: not said */
};

static size_t digits_at(struct str text, size_t at)
{
	size_t end = at;
	while (end < text.len && is_digit(text.ptr[end]))
		end++;
	return end - at;
}

/* Four numbers with dots between them, which are no part of more, from `at` on; 0: there is none.
 */
static size_t address_length(struct str text, size_t at)
{
	size_t end = at;
	if (at > 0 && (name_place_is_byte(text.ptr[at - 1]) || text.ptr[at - 1] == '.'))
		return 0;
	for (int part = 0; part < 4; part++) {
		size_t digits = digits_at(text, end);
		if (digits == 0 || digits > 3)
			return 0;
		end += digits;
		if (part < 3 && (end == text.len || text.ptr[end++] != '.'))
			return 0;
	}
	bool goes_on =
		end < text.len && (name_place_is_byte(text.ptr[end]) ||
					  (text.ptr[end] == '.' && digits_at(text, end + 1) > 0));
	return goes_on ? 0 : end - at;
}

/* The next one from *at on, which is moved behind it. False: there is none. */
static bool next_address(struct str text, size_t *at, struct address *a)
{
	for (size_t i = *at; i < text.len; i++) {
		size_t length = is_digit(text.ptr[i]) ? address_length(text, i) : 0;
		if (length == 0)
			continue;
		size_t end = i + length;
		a->text = str_of(text.ptr + i, length);
		a->port = str_of(text.ptr + end, 0);
		if (end < text.len && text.ptr[end] == ':')
			a->port = str_of(text.ptr + end + 1, digits_at(text, end + 1));
		*at = end;
		return true;
	}
	return false;
}

/* The one address that all kept lines of the subject have, but for who came ("client: 10.7.4.9",
 * as proxies say it first); false: none, or several. */
static bool complains_of(const struct subject *s, struct address *of)
{
	bool any = false;
	*of = (struct address){ STR_NONE, STR_NONE };
	for (size_t i = 0; i < s->evidence_count; i++) {
		struct address a;
		size_t at = 0;
		while (next_address(s->evidence[i].text, &at, &a)) {
			size_t from = (size_t)(a.text.ptr - s->evidence[i].text.ptr);
			if (name_place_is_client(s->evidence[i].text, from))
				continue;
			if (any && !str_equal(a.text, of->text))
				return false;
			*of = a;
			any = true;
		}
	}
	return any && !str_starts(of->text, STR("127.")) && !str_equal(of->text, STR("0.0.0.0"));
}

/* "https://10.7.4.6:443/api/pods": what somebody asks for. */
static bool is_asked_for(struct str line, const struct address *a)
{
	const char *end = a->port.len > 0 ? a->port.ptr + a->port.len : a->text.ptr + a->text.len;
	size_t from = (size_t)(a->text.ptr - line.ptr), to = (size_t)(end - line.ptr);
	return str_ends(str_head(line, from), STR("://")) && to + 1 < line.len &&
	       line.ptr[to] == '/' && name_place_is_byte(line.ptr[to + 1]);
}

/* A service's line that speaks of an address. */
struct mention {
	struct address of;
	int64_t time_ns;
	uint32_t service;
	bool takes_up; /* else it only goes there */
};

/* Of all ordinary lines that are kept, by address: few are complained of, but each of them would
 * have all lines read again. */
struct mentions {
	struct mention *items;
	size_t count;
	size_t capacity;
};

static void add_mentions(struct mentions *m, const struct evidence *line, uint32_t service)
{
	struct address a;
	size_t at = 0;
	while (next_address(line->text, &at, &a)) {
		size_t from = (size_t)(a.text.ptr - line->text.ptr);
		if (from == 0 || name_place_is_client(line->text, from))
			continue;
		mem_grow(&m->items, m->count, &m->capacity);
		m->items[m->count++] = (struct mention){ .of = a,
			.time_ns = line->time_ns,
			.service = service,
			.takes_up = !is_asked_for(line->text, &a) };
	}
}

static int compare_mentions(const void *a, const void *b)
{
	const struct mention *x = a;
	const struct mention *y = b;
	return str_compare(x->of.text, y->of.text);
}

static struct mentions gather_mentions(const struct scene *s)
{
	struct mentions m = { .items = NULL };
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		const struct subject *x = s->subjects[i].subject;
		if (x->kind != SUBJECT_TEMPLATE || s->subjects[i].class >= CLASS_WARNING)
			continue;
		for (size_t k = 0; k < x->evidence_count; k++) {
			if (x->evidence[k].time_ns != TIME_NONE)
				add_mentions(&m, &x->evidence[k], s->subjects[i].service);
		}
	}
	if (m.count > 0)
		qsort(m.items, m.count, sizeof(*m.items), compare_mentions);
	return m;
}

/* The first one of this address. */
static size_t find_mention(const struct mentions *m, const struct address *of)
{
	size_t from = 0, to = m->count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (str_compare(m->items[middle].of.text, of->text) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* When each service took it up, before this time; TIME_NONE: never. How many spoke of it before. */
static size_t find_takers(const struct scene *s, const struct mentions *m, uint32_t speaker,
	const struct address *of, int64_t before_ns, int64_t *taken_ns)
{
	size_t count = 0;
	bool *spoke = mem_zalloc(s->service_count + 1, sizeof(*spoke));
	for (size_t i = 0; i < s->service_count; i++)
		taken_ns[i] = TIME_NONE;
	for (size_t i = find_mention(m, of);
		i < m->count && str_equal(m->items[i].of.text, of->text); i++) {
		const struct mention *x = &m->items[i];
		bool other_port =
			x->of.port.len > 0 && of->port.len > 0 && !str_equal(x->of.port, of->port);
		if (x->service == speaker || x->time_ns >= before_ns || other_port)
			continue;
		count += !spoke[x->service];
		spoke[x->service] = true;
		int64_t *taken = &taken_ns[x->service];
		if (x->takes_up && (*taken == TIME_NONE || x->time_ns < *taken))
			*taken = x->time_ns;
	}
	free(spoke);
	return count;
}

void trail_addresses_find(struct scene *s)
{
	int64_t *taken_ns = mem_zalloc(s->service_count + 1, sizeof(*taken_ns));
	struct mentions mentions = gather_mentions(s);
	size_t few = size_max(FEW_SERVICES, s->service_count / SERVICES_SHARE);
	for (uint32_t i = 0; i < s->findings->subject_count; i++) {
		struct scene_subject *x = &s->subjects[i];
		struct address of;
		if (!x->waits || x->named != NO_INDEX || !complains_of(x->subject, &of))
			continue;
		size_t count = find_takers(
			s, &mentions, x->service, &of, x->subject->series.first_ns, taken_ns);
		if (count == 0 || count > few)
			continue;
		for (uint32_t k = 0; k < s->service_count; k++) {
			if (taken_ns[k] != TIME_NONE &&
				(x->named == NO_INDEX || taken_ns[k] > taken_ns[x->named]))
				x->named = k;
		}
		if (x->named == NO_INDEX)
			continue;
		x->trail = of.text;
		x->waits = false;
	}
	free(mentions.items);
	free(taken_ns);
}
