/* SPDX-License-Identifier: MIT */
#include "src/findings/findings_sites.h"

#include <stdlib.h>

#include "lineup/mem.h"

/*
 * What is said of a site is what tells it from the others of its service: of
 * "bundle.tar!logs/fs1/switch" and "bundle.tar!logs/fs2/switch" it is fs1 and fs2, where the parts
 * that all have in front and behind are left out. A host is named by its name.
 *
 * Folders are places where a service runs when they are alike, one for each place. Where some lie
 * deeper than others (a pod's logs, and beside them its description) they are parts of one place,
 * and tell nothing.
 */
struct sited {
	const struct site *site;
	uint32_t service;
};

static int by_service_and_name(const void *a, const void *b)
{
	const struct sited *x = a, *y = b;
	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	if (x->site->is_host != y->site->is_host)
		return x->site->is_host ? -1 : 1;
	return strcmp(x->site->name, y->site->name);
}

static bool is_cut(char c)
{
	return c == '/' || c == '!';
}

/* How many bytes of both names are the same whole parts, from the front or from behind. */
static size_t shared_front(struct str a, struct str b)
{
	size_t shared = 0;
	for (size_t i = 0;; i++) {
		bool a_ends = i == a.len || is_cut(a.ptr[i]),
		     b_ends = i == b.len || is_cut(b.ptr[i]);
		if (a_ends && b_ends)
			shared = size_min(i + 1, size_min(a.len, b.len));
		if (i >= a.len || i >= b.len || a.ptr[i] != b.ptr[i])
			return shared;
	}
}

static size_t shared_back(struct str a, struct str b)
{
	size_t shared = 0;
	for (size_t i = 0;; i++) {
		bool a_ends = i == a.len || is_cut(a.ptr[a.len - 1 - i]);
		bool b_ends = i == b.len || is_cut(b.ptr[b.len - 1 - i]);
		if (a_ends && b_ends)
			shared = size_min(i + 1, size_min(a.len, b.len));
		if (i >= a.len || i >= b.len || a.ptr[a.len - 1 - i] != b.ptr[b.len - 1 - i])
			return shared;
	}
}

static struct str trim_cuts(struct str s)
{
	while (s.len > 0 && is_cut(s.ptr[0]))
		s = str_skip(s, 1);
	while (s.len > 0 && is_cut(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* "dn3/dn3", where folder and file both name it, is dn3. */
static struct str once(struct str s)
{
	size_t half = s.len / 2;
	return s.len % 2 == 1 && half > 0 && is_cut(s.ptr[half]) &&
			       str_equal(str_head(s, half), str_skip(s, half + 1))
		       ? str_head(s, half)
		       : s;
}

static struct str short_name(const struct sited *all, size_t count, size_t index)
{
	struct str name = str_from(all[index].site->name);
	size_t front = name.len, back = name.len;
	for (size_t i = 0; i < count; i++) {
		if (i == index || all[i].site->is_host)
			continue;
		front = size_min(front, shared_front(name, str_from(all[i].site->name)));
		back = size_min(back, shared_back(name, str_from(all[i].site->name)));
	}
	if (all[index].site->is_host || front + back >= name.len)
		return name;
	return once(trim_cuts(str_of(name.ptr + front, name.len - front - back)));
}

static size_t depth_of(const struct site *site)
{
	size_t depth = 0;
	for (const char *c = site->name; *c != '\0'; c++)
		depth += is_cut(*c);
	return depth;
}

/* Leaves of a service's sites, hosts first, those that are places; how many they are. */
static size_t leave_places(const struct sited *all, size_t count)
{
	size_t hosts = 0;
	while (hosts < count && all[hosts].site->is_host)
		hosts++;
	for (size_t i = hosts + 1; i < count; i++) {
		if (depth_of(all[i].site) != depth_of(all[hosts].site))
			return hosts;
	}
	return count;
}

static void add_sites(struct findings *f, const struct sited *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct site *from = all[i].site;
		struct site_findings *to = &f->sites[f->site_count++];
		*to = (struct site_findings){ .name = arena_copy(
						      &f->arena, short_name(all, count, i)),
			.service = all[i].service,
			.name_hash = from->name_hash,
			.cell_ns = cells_width_ns(from->step),
			.lines = { .total = from->total,
				.first_ns = from->first_ns,
				.last_ns = from->last_ns,
				.cell_count = from->cells.count } };
		to->lines.cells =
			arena_alloc(&f->arena, from->cells.count, sizeof(*to->lines.cells));
		if (from->cells.count > 0)
			memcpy(to->lines.cells, from->cells.items,
				from->cells.count * sizeof(*to->lines.cells));
	}
}

void findings_build_sites(struct findings *f, const struct tally *t, const uint32_t *service_order)
{
	const struct sites *s = &t->sites;
	struct sited *all = mem_zalloc(s->count + 1, sizeof(*all));
	size_t count = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct site *site = &s->items[i];
		if (!site->dropped && !t->services[site->service].dropped &&
			site->service != t->other_services)
			all[count++] = (struct sited){ site, service_order[site->service] };
	}
	if (count > 0)
		qsort(all, count, sizeof(*all), by_service_and_name);
	f->sites = arena_alloc(&f->arena, count, sizeof(*f->sites));
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && all[end].service == all[i].service;)
			end++;
		size_t places = leave_places(all + i, end - i);
		if (places > 1)
			add_sites(f, all + i, places);
	}
	free(all);
}

uint32_t findings_site_of(const struct findings *f, uint32_t service, uint64_t name_hash)
{
	if (name_hash <= SITE_SEVERAL)
		return UINT32_MAX;
	size_t low = 0, high = f->site_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (f->sites[middle].service < service)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < f->site_count && f->sites[low].service == service; low++) {
		if (f->sites[low].name_hash == name_hash)
			return (uint32_t)low;
	}
	return UINT32_MAX;
}
