/* SPDX-License-Identifier: MIT */
/*
 * What containers are called whose logs lie under their ids: docker keeps
 * containers/ID/ID-json.log and, beside it, config.v2.json, which says the name, and the service of
 * compose or of a swarm that the container is one of.
 */
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/reading/reading_source.h"

#define CONTAINERS_MAX 4096
#define CONFIG_FILE    "/config.v2.json"

/* The value behind such a key, which ends with its value's first quote. */
static struct str value_of(struct str text, struct str key)
{
	ptrdiff_t found = str_find(text, key);
	struct str value = found < 0 ? STR_NONE : str_skip(text, (size_t)found + key.len);
	ptrdiff_t end = found < 0 ? -1 : str_find_byte(value, '"');
	return end < 0 ? STR_NONE : str_head(value, (size_t)end);
}

static struct str called(struct str config)
{
	static const struct str keys[] = { { "\"com.docker.compose.service\":\"", 30 },
		{ "\"com.docker.swarm.service.name\":\"", 33 }, { "\"Name\":\"/", 9 } };
	for (size_t i = 0; i < countof(keys); i++) {
		struct str value = value_of(config, keys[i]);
		if (value.len > 0 && value.len < READING_SERVICE_BYTES)
			return service_clean_name(value);
	}
	return STR_NONE;
}

static bool is_container_id(struct str part)
{
	for (size_t i = 0; i < part.len; i++) {
		if (!is_small_hex(part.ptr[i]))
			return false;
	}
	return part.len == CONTAINER_ID_LEN;
}

bool reading_options_see_container(
	struct reading_options *options, struct str place, struct str head)
{
	if (!str_ends(place, STR(CONFIG_FILE)))
		return false;
	struct str folder = str_head(place, place.len - strlen(CONFIG_FILE));
	struct str id = str_skip(folder, (size_t)(str_rfind_byte(folder, '/') + 1));
	struct str name = called(head);
	if (!is_container_id(id) || name.len == 0 || options->container_count == CONTAINERS_MAX)
		return true;
	options->containers = mem_realloc(
		options->containers, options->container_count + 1, sizeof(*options->containers));
	struct container_name *c = &options->containers[options->container_count++];
	memcpy(c->id, id.ptr, id.len);
	memcpy(c->name, name.ptr, name.len);
	c->name_len = name.len;
	return true;
}

struct str reading_container(const struct reading_options *options, struct str place)
{
	while (options->container_count > 0 && place.len > 0) {
		struct str part = str_cut(&place, '/');
		if (!is_container_id(part))
			continue;
		for (size_t i = 0; i < options->container_count; i++) {
			const struct container_name *c = &options->containers[i];
			if (str_equal(part, str_of(c->id, sizeof(c->id))))
				return str_of(c->name, c->name_len);
		}
	}
	return STR_NONE;
}
