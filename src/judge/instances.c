/* SPDX-License-Identifier: MIT */
#include "src/judge/instances.h"

#include "lineup/table.h"

#define SHORTEST_STEM  3
#define LONGEST_NUMBER 3

static bool separates(char c)
{
	return c == '-' || c == '_' || c == '.';
}

struct str instances_stem(struct str name)
{
	size_t end = name.len;
	while (end > 0 && is_digit(name.ptr[end - 1]))
		end--;
	/* ip-10-0-3-2 is a host, and its last number no instance's */
	if (end == name.len || name.len - end > LONGEST_NUMBER || end < SHORTEST_STEM + 1 ||
		!separates(name.ptr[end - 1]) || is_digit(name.ptr[end - 2]))
		return STR_NONE;
	return str_head(name, end - 1);
}

void instances_find(struct scene *s)
{
	const struct findings *f = s->findings;
	struct table stems = { 0 }, names = { 0 };
	s->instances = arena_alloc(&s->arena, s->service_count, sizeof(*s->instances));
	for (uint32_t i = 0; i < s->service_count; i++)
		s->instances[i] = (struct instance){ i, i };
	for (uint32_t i = 0; i < f->service_count; i++)
		*table_put(&names, str_hash(f->services[i].name)) = i;
	for (uint32_t i = 0; i < f->service_count; i++) {
		struct str stem = instances_stem(f->services[i].name);
		uint64_t hash = str_hash(stem);
		if (stem.len == 0 || table_get(&names, hash) != NULL)
			continue;
		uint64_t *known = table_get(&stems, hash);
		if (known == NULL) {
			*table_put(&stems, hash) = i;
			continue;
		}
		struct instance *first = &s->instances[*known];
		s->instances[i] = (struct instance){ (uint32_t)*known, first->next };
		first->next = i;
	}
	table_release(&stems);
	table_release(&names);
}
