/* SPDX-License-Identifier: MIT */
#include "lineup/sites.h"

#include <stdlib.h>

#include "lineup/mem.h"

#define SITES_MAX  2048
#define CELLS_MAX  512	/* of a site: half a minute each in four hours, five in a day */
#define LIST_MAX   1024 /* cells may stand twice until then */
#define DATE_BYTES 6	/* so many digits in a name are a date or a number that counts on */

uint64_t site_hash(struct str text, bool is_host)
{
	uint64_t hash = str_hash(text) ^ (is_host ? UINT64_C(0x9e3779b97f4a7c15) : 0);
	return hash <= SITE_SEVERAL ? hash + 2 : hash;
}

static bool ends_folder(char c)
{
	return c == '/' || c == '!';
}

static struct str file_of(struct str place)
{
	size_t at = place.len;
	while (at > 0 && !ends_folder(place.ptr[at - 1]))
		at--;
	return str_skip(place, at);
}

struct str site_folder(struct str place)
{
	size_t file = file_of(place).len;
	return file == place.len ? STR_NONE : str_head(place, place.len - file - 1);
}

struct str site_rest(struct str place, struct str service)
{
	struct str file = file_of(place), rest;
	ptrdiff_t dot = str_find_byte(file, '.');
	size_t digits = 0;
	if (dot >= 0)
		file = str_head(file, (size_t)dot);
	if (service.len == 0 || file.len <= service.len + 1 || !str_starts(file, service) ||
		(file.ptr[service.len] != '-' && file.ptr[service.len] != '_'))
		return STR_NONE;
	rest = str_skip(file, service.len + 1);
	for (size_t i = 0; i < rest.len; i++)
		digits += is_digit(rest.ptr[i]);
	return digits < DATE_BYTES ? rest : STR_NONE;
}

/* ---- one site ---- */

static void widen(struct site *s, unsigned step)
{
	int64_t before_ns = cells_width_ns(s->step);
	cell_list_compact(&s->cells, cells_width_ns(step) / before_ns, before_ns);
	for (uint32_t i = 0; i < s->cells.count; i++)
		s->cells.items[i].first_ms = 0;
	s->step = step;
}

/* As wide as it has to be for so many cells, which depends on all of them and not on their order.
 */
static void fit(struct site *s)
{
	widen(s, s->step);
	while (s->cells.count > CELLS_MAX && s->step + 1 < CELLS_STEPS)
		widen(s, s->step + 1);
}

static void drop(struct site *s)
{
	free(s->name);
	cell_list_release(&s->cells);
	s->name = NULL;
	s->dropped = true;
}

/* ---- all of them ---- */

static bool is_kept(const struct sites *s, uint64_t key)
{
	return (key & ((UINT64_C(1) << s->sampling) - 1)) == 0;
}

static void thin(struct sites *s, unsigned sampling)
{
	while (s->sampling < sampling || (s->kept > SITES_MAX && s->sampling < 63)) {
		s->sampling++;
		s->kept = 0;
		for (size_t i = 0; i < s->count; i++) {
			if (!s->items[i].dropped && !is_kept(s, s->items[i].key))
				drop(&s->items[i]);
			s->kept += !s->items[i].dropped;
		}
		s->last = 0;
	}
}

/* Index plus 1; 0: it is thinned out. */
static size_t find(struct sites *s, uint64_t key, uint32_t service, const struct site_name *name)
{
	uint64_t *known = table_get(&s->index, key);
	if (known != NULL)
		return s->items[*known - 1].dropped ? 0 : *known;
	if (!is_kept(s, key))
		return 0;
	mem_grow(&s->items, s->count, &s->capacity);
	s->items[s->count] = (struct site){ .key = key,
		.service = service,
		.name_hash = name->hash,
		.name = mem_strdup(name->text),
		.is_host = name->is_host,
		.first_ns = TIME_NONE,
		.last_ns = TIME_NONE };
	*table_put(&s->index, key) = ++s->count;
	size_t at = s->count;
	s->kept++;
	thin(s, 0);
	return s->items[at - 1].dropped ? 0 : at;
}

static uint64_t key_of(uint64_t service_hash, uint64_t name_hash)
{
	uint64_t h = (service_hash ^ (service_hash >> 32)) * 0xd6e8feb86659fd93ULL + name_hash;
	return (h ^ (h >> 29)) * 0xff51afd7ed558ccdULL;
}

static void add_times(struct site *s, int64_t first_ns, int64_t last_ns)
{
	if (s->first_ns == TIME_NONE || first_ns < s->first_ns)
		s->first_ns = first_ns;
	if (s->last_ns == TIME_NONE || last_ns > s->last_ns)
		s->last_ns = last_ns;
}

void sites_add(struct sites *s, uint32_t service, uint64_t service_hash,
	const struct site_name *name, int64_t time_ns)
{
	if (time_ns == TIME_NONE)
		return;
	if (s->last_name != name->hash || s->last_service != service) {
		s->last = find(s, key_of(service_hash, name->hash), service, name);
		s->last_name = name->hash;
		s->last_service = service;
		s->last_from_ns = s->last_to_ns = 0;
	}
	if (s->last == 0)
		return;
	struct site *site = &s->items[s->last - 1];
	site->total++;
	add_times(site, time_ns, time_ns);
	if (time_ns >= s->last_from_ns && time_ns < s->last_to_ns)
		return;
	/* Which cells hold a line is all that is asked of them. */
	struct cell cell = cell_at(site->step, time_ns);
	int64_t width_ns = cells_width_ns(site->step);
	(void)cell_list_add(&site->cells, (struct cell){ cell.index, 1, 0 });
	s->last_from_ns = cell.index * width_ns;
	if (__builtin_add_overflow(s->last_from_ns, width_ns, &s->last_to_ns))
		s->last_to_ns = INT64_MAX;
	if (site->cells.count > LIST_MAX) {
		fit(site);
		s->last_from_ns = s->last_to_ns = 0;
	}
}

static void merge_one(struct sites *into, struct site *from, uint32_t service)
{
	struct site_name name = { str_from(from->name), from->name_hash, from->is_host };
	size_t at = find(into, from->key, service, &name);
	if (at == 0)
		return;
	struct site *to = &into->items[at - 1];
	unsigned step = to->step > from->step ? to->step : from->step;
	to->total += from->total;
	add_times(to, from->first_ns, from->last_ns);
	widen(to, step);
	widen(from, step);
	cell_list_merge(&to->cells, &from->cells);
	fit(to);
}

void sites_merge(struct sites *into, struct sites *from, const uint32_t *services)
{
	into->last_name = SITE_NONE;
	thin(into, from->sampling);
	for (size_t i = 0; i < from->count; i++) {
		struct site *s = &from->items[i];
		if (!s->dropped && services[s->service] != UINT32_MAX)
			merge_one(into, s, services[s->service]);
	}
}

void sites_finish(struct sites *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (!s->items[i].dropped)
			fit(&s->items[i]);
		for (uint32_t k = 0; k < s->items[i].cells.count; k++)
			s->items[i].cells.items[k].count = 1;
	}
}

void sites_release(struct sites *s)
{
	for (size_t i = 0; i < s->count; i++)
		drop(&s->items[i]);
	free(s->items);
	table_release(&s->index);
	*s = (struct sites){ 0 };
}
