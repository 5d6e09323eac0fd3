/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_database.h"

#include <hs/hs.h>
#include <stdlib.h>

#include "lineup/mem.h"

#define PARTS_MAX 8

/*
 * Patterns without a run of this many plain characters are loose: each needs an automaton of its
 * own, and the time to compile them grows much faster than their number. Up to LOOSE_TOGETHER go
 * with the others in one part, which is the fastest to scan; more are spread over parts of their
 * own, and what does not fit there is refused.
 */
#define LOOSE_LITERAL  3
#define LOOSE_TOGETHER 250

struct pattern_database {
	size_t count;
	hs_database_t *parts[PARTS_MAX];
};

struct pattern_scratch {
	hs_scratch_t *scratch;
};

static const char *error_name(hs_error_t code)
{
	switch (code) {
	case HS_NOMEM:
		return "out of memory";
	case HS_COMPILER_ERROR:
		return "the compiler failed";
	case HS_DB_VERSION_ERROR:
		return "made by another version";
	case HS_DB_PLATFORM_ERROR:
		return "made for another processor";
	case HS_ARCH_ERROR:
		return "this processor is not supported (it needs SSSE3)";
	case HS_SCRATCH_IN_USE:
		return "scratch in use";
	case HS_INVALID:
		return "damaged";
	default:
		return "unknown error";
	}
}

static unsigned flags_of(const struct pattern_item *item)
{
	return HS_FLAG_MULTILINE | (item->matches_empty ? HS_FLAG_ALLOWEMPTY : 0u);
}

static bool is_loose(const struct pattern_item *item)
{
	return item->literal_len < LOOSE_LITERAL;
}

/* Marks what Hyperscan refuses when it sees the pattern alone. */
static void check_item(struct pattern_item *item)
{
	for (size_t i = 0; i < item->text_count && !item->refused; i++) {
		hs_expr_info_t *info = NULL;
		hs_compile_error_t *reason = NULL;
		item->refused = hs_expression_info(item->texts[i], flags_of(item), &info,
					&reason) != HS_SUCCESS;
		hs_free_compile_error(reason);
		free(info);
	}
}

/* What hs_compile_multi is given: one expression for each text of each item. */
struct expressions {
	const char **texts;
	unsigned *flags;
	unsigned *ids;
	struct pattern_item **items;
	unsigned count;
};

static void expressions_init(
	struct expressions *e, struct pattern_item *const *items, size_t item_count)
{
	size_t most = 0;
	for (size_t i = 0; i < item_count; i++)
		most += items[i]->text_count;
	e->texts = mem_zalloc(most, sizeof(*e->texts));
	e->flags = mem_zalloc(most, sizeof(*e->flags));
	e->ids = mem_zalloc(most, sizeof(*e->ids));
	e->items = mem_zalloc(most, sizeof(struct pattern_item *));
}

/* Those of the items that are not refused. */
static void expressions_take(
	struct expressions *e, struct pattern_item *const *items, size_t item_count)
{
	e->count = 0;
	for (size_t i = 0; i < item_count; i++) {
		for (size_t k = 0; k < items[i]->text_count && !items[i]->refused; k++) {
			e->texts[e->count] = items[i]->texts[k];
			e->flags[e->count] = flags_of(items[i]);
			e->ids[e->count] = items[i]->id;
			e->items[e->count++] = items[i];
		}
	}
}

static void expressions_release(struct expressions *e)
{
	free(e->texts);
	free(e->flags);
	free(e->ids);
	free(e->items);
}

/* Marks what stands in the way; to ask for each item costs more than to compile most of them all.
 */
static void refuse(struct expressions *e, int index)
{
	for (unsigned i = 0; i < e->count; i++)
		if (i == 0 || e->items[i] != e->items[i - 1])
			check_item(e->items[i]);
	e->items[index]->refused = true;
}

/*
 * Compiles the items of one part that are not refused. Some patterns are found too large only
 * here; then they are marked and the rest is compiled again.
 */
static int compile_part(
	struct pattern_database *db, struct pattern_item **items, size_t count, struct error *err)
{
	struct expressions e;
	int result = 0;
	expressions_init(&e, items, count);
	for (bool again = true; again;) {
		hs_compile_error_t *reason = NULL;
		again = false;
		expressions_take(&e, items, count);
		if (e.count == 0)
			break;
		hs_error_t code = hs_compile_multi(e.texts, e.flags, e.ids, e.count, HS_MODE_BLOCK,
			NULL, &db->parts[db->count], &reason);
		if (code == HS_SUCCESS) {
			db->count++;
		} else if (code == HS_COMPILER_ERROR && reason != NULL && reason->expression >= 0) {
			refuse(&e, reason->expression);
			again = true;
		} else if (code == HS_COMPILER_ERROR) {
			/* Too large as a whole: PCRE2 has to do it all, slowly. */
			for (unsigned i = 0; i < e.count; i++)
				e.items[i]->refused = true;
		} else {
			result = error_set(
				err, "compile patterns with Hyperscan: %s", error_name(code));
		}
		hs_free_compile_error(reason);
	}
	expressions_release(&e);
	return result;
}

int pattern_database_create(
	struct pattern_database **out, struct pattern_item *items, size_t count, struct error *err)
{
	*out = NULL;
	if (hs_valid_platform() != HS_SUCCESS)
		return error_set(err, "start Hyperscan: %s", error_name(HS_ARCH_ERROR));
	struct pattern_database *db = mem_zalloc(1, sizeof(*db));
	struct pattern_item **part = mem_zalloc(count, sizeof(struct pattern_item *));
	size_t loose = 0;
	for (size_t i = 0; i < count; i++)
		loose += is_loose(&items[i]);
	size_t used = 0;
	for (size_t i = 0; i < count; i++)
		if (!is_loose(&items[i]) || loose <= LOOSE_TOGETHER)
			part[used++] = &items[i];
	int result = compile_part(db, part, used, err);
	size_t next = loose <= LOOSE_TOGETHER ? count : 0;
	while (result == 0 && next < count && db->count < PARTS_MAX) {
		for (used = 0; next < count && used < LOOSE_TOGETHER; next++)
			if (is_loose(&items[next]))
				part[used++] = &items[next];
		result = compile_part(db, part, used, err);
	}
	for (; next < count; next++)
		items[next].refused |= is_loose(&items[next]);
	free(part);
	if (result != 0) {
		pattern_database_destroy(db);
		return -1;
	}
	*out = db;
	return 0;
}

void pattern_database_destroy(struct pattern_database *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->count; i++)
		hs_free_database(db->parts[i]);
	free(db);
}

int pattern_database_save(const struct pattern_database *db, struct buf *out, struct error *err)
{
	for (size_t i = 0; i < db->count; i++) {
		char *bytes = NULL;
		size_t len = 0;
		hs_error_t code = hs_serialize_database(db->parts[i], &bytes, &len);
		if (code != HS_SUCCESS)
			return error_set(err, "save patterns: %s", error_name(code));
		uint64_t stored = len;
		bool done = buf_append(out, str_of((const char *)&stored, sizeof(stored))) &&
			    buf_append(out, str_of(bytes, len));
		free(bytes);
		if (!done)
			return error_set(err, "save patterns: too large");
	}
	return 0;
}

int pattern_database_load(struct pattern_database **out, struct str bytes, struct error *err)
{
	*out = NULL;
	if (hs_valid_platform() != HS_SUCCESS)
		return error_set(err, "start Hyperscan: %s", error_name(HS_ARCH_ERROR));
	struct pattern_database *db = mem_zalloc(1, sizeof(*db));
	while (bytes.len > 0) {
		uint64_t len = 0;
		hs_error_t code = HS_INVALID;
		if (bytes.len > sizeof(len) && db->count < PARTS_MAX) {
			memcpy(&len, bytes.ptr, sizeof(len));
			bytes = str_skip(bytes, sizeof(len));
			if (len <= bytes.len)
				code = hs_deserialize_database(
					bytes.ptr, len, &db->parts[db->count]);
		}
		if (code != HS_SUCCESS) {
			pattern_database_destroy(db);
			return error_set(err, "load patterns: %s", error_name(code));
		}
		db->count++;
		bytes = str_skip(bytes, len);
	}
	*out = db;
	return 0;
}

void pattern_database_describe(struct buf *out)
{
	hs_platform_info_t platform = { 0 };
	hs_populate_platform(&platform);
	buf_printf(out, "hyperscan %s tune %u features %llx", hs_version(), platform.tune,
		platform.cpu_features);
}

size_t pattern_database_bytes(const struct pattern_database *db)
{
	size_t sum = 0;
	for (size_t i = 0; i < db->count; i++) {
		size_t bytes = 0;
		if (hs_database_size(db->parts[i], &bytes) == HS_SUCCESS)
			sum += bytes;
	}
	return sum;
}

size_t pattern_database_parts(const struct pattern_database *db)
{
	return db->count;
}

int pattern_scratch_grow(
	struct pattern_scratch **scratch, const struct pattern_database *db, struct error *err)
{
	if (*scratch == NULL)
		*scratch = mem_zalloc(1, sizeof(**scratch));
	for (size_t i = 0; i < db->count; i++) {
		hs_error_t code = hs_alloc_scratch(db->parts[i], &(*scratch)->scratch);
		if (code != HS_SUCCESS)
			return error_set(
				err, "prepare a worker for Hyperscan: %s", error_name(code));
	}
	return 0;
}

void pattern_scratch_destroy(struct pattern_scratch *s)
{
	if (s == NULL)
		return;
	hs_free_scratch(s->scratch);
	free(s);
}

int pattern_database_scan(const struct pattern_database *db, size_t part, struct pattern_scratch *s,
	struct str chunk, pattern_found_fn *found, void *context, struct error *err)
{
	hs_error_t code = hs_scan(
		db->parts[part], chunk.ptr, (unsigned)chunk.len, 0, s->scratch, found, context);
	if (code != HS_SUCCESS)
		return error_set(err, "scan with Hyperscan: %s", error_name(code));
	return 0;
}
