/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_database.h"

#include <hs/hs.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/match/database_parts.h"

struct pattern_database {
	size_t count;
	hs_database_t *parts[PARTS_MAX];
	struct shared_ids shared[PARTS_MAX]; /* by part */
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

static unsigned flags_of(unsigned flags)
{
	return HS_FLAG_MULTILINE | ((flags & EXPRESSION_EMPTY) != 0 ? HS_FLAG_ALLOWEMPTY : 0u);
}

/* Marks what Hyperscan refuses when it sees the pattern alone. */
static void check_item(struct pattern_item *item)
{
	unsigned flags = flags_of(item->matches_empty ? EXPRESSION_EMPTY : 0);
	for (size_t i = 0; i < item->text_count && !item->refused; i++) {
		hs_expr_info_t *info = NULL;
		hs_compile_error_t *reason = NULL;
		item->refused = hs_expression_info(item->texts[i].regex, flags, &info, &reason) !=
				HS_SUCCESS;
		hs_free_compile_error(reason);
		free(info);
	}
}

/* A part that is compiled. */
struct part_work {
	const struct database_part *part;
	hs_database_t **out;
	struct shared_ids *shared;
	int result;
	struct error err;
};

/* Marks what stands in the way; to ask for each item costs more than to compile most of them all.
 */
static void refuse(const struct part_work *w, const struct expressions *e, int index)
{
	for (size_t i = 0; i < w->part->count; i++)
		check_item(w->part->items[i]);
	expressions_refuse(e, (size_t)index);
}

static hs_error_t compile(
	const struct part_work *w, struct expressions *e, hs_compile_error_t **reason)
{
	for (unsigned i = 0; i < e->count; i++) {
		bool caseless = (e->flags[i] & EXPRESSION_CASELESS) != 0;
		e->flags[i] = !w->part->plain ? flags_of(e->flags[i])
			      : caseless      ? HS_FLAG_CASELESS
					      : 0u;
	}
	if (w->part->plain)
		return hs_compile_lit_multi(e->texts, e->flags, e->ids, e->lens, e->count,
			HS_MODE_BLOCK, NULL, w->out, reason);
	return hs_compile_multi(
		e->texts, e->flags, e->ids, e->count, HS_MODE_BLOCK, NULL, w->out, reason);
}

/*
 * Compiles the items of one part that are not refused. Some patterns are found too large only
 * here; then they are marked and the rest is compiled again.
 */
static void compile_part(void *context, size_t index)
{
	struct part_work *w = (struct part_work *)context + index;
	for (bool again = true; again;) {
		struct expressions e;
		hs_compile_error_t *reason = NULL;
		expressions_init(&e, w->shared, w->part);
		hs_error_t code = e.count > 0 ? compile(w, &e, &reason) : HS_SUCCESS;
		again = code == HS_COMPILER_ERROR && reason != NULL && reason->expression >= 0;
		if (again) {
			refuse(w, &e, reason->expression);
		} else if (code == HS_COMPILER_ERROR) {
			/* Too large as a whole: PCRE2 has to do it all, slowly. */
			for (size_t i = 0; i < w->part->count; i++)
				w->part->items[i]->refused = true;
		} else if (code != HS_SUCCESS) {
			w->result = error_set(
				&w->err, "compile patterns with Hyperscan: %s", error_name(code));
		}
		hs_free_compile_error(reason);
		expressions_release(&e);
	}
}

/* Takes out a part of which nothing is left. */
static void close_gaps(struct pattern_database *db)
{
	size_t kept = 0;
	for (size_t i = 0; i < db->count; i++) {
		if (db->parts[i] == NULL) {
			free(db->shared[i].words);
			continue;
		}
		db->parts[kept] = db->parts[i];
		db->shared[kept++] = db->shared[i];
	}
	for (size_t i = kept; i < db->count; i++)
		db->shared[i] = (struct shared_ids){ .words = NULL };
	db->count = kept;
}

static int compile_parts(struct pattern_job *jobs, const struct database_parts *parts,
	unsigned threads, struct error *err)
{
	struct part_work *work = mem_zalloc(parts->count, sizeof(*work));
	int result = 0;
	for (size_t i = 0; i < parts->count; i++) {
		struct pattern_database *db = *jobs[parts->items[i].job].database;
		work[i].part = &parts->items[i];
		work[i].out = &db->parts[db->count];
		work[i].shared = &db->shared[db->count++];
	}
	parallel_each(threads, parts->count, compile_part, work);
	for (size_t i = 0; i < parts->count; i++) {
		if (work[i].result != 0) {
			*err = work[i].err;
			result = -1;
		}
	}
	free(work);
	return result;
}

int pattern_databases_create(
	struct pattern_job *jobs, size_t count, unsigned threads, struct error *err)
{
	if (hs_valid_platform() != HS_SUCCESS)
		return error_set(err, "start Hyperscan: %s", error_name(HS_ARCH_ERROR));
	struct database_parts parts;
	database_parts_cut(&parts, jobs, count);
	for (size_t i = 0; i < count; i++)
		*jobs[i].database = mem_zalloc(1, sizeof(struct pattern_database));
	int result = compile_parts(jobs, &parts, threads, err);
	database_parts_release(&parts);
	for (size_t i = 0; i < count; i++) {
		close_gaps(*jobs[i].database);
		if (result == 0)
			continue;
		pattern_database_destroy(*jobs[i].database);
		*jobs[i].database = NULL;
	}
	return result;
}

void pattern_database_destroy(struct pattern_database *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->count; i++) {
		hs_free_database(db->parts[i]);
		free(db->shared[i].words);
	}
	free(db);
}

/* Each part is its shared ids and the database, with the length in bytes before each. */
static bool put(struct buf *out, const void *bytes, size_t len)
{
	uint64_t stored = len;
	return buf_append(out, str_of((const char *)&stored, sizeof(stored))) &&
	       buf_append(out, str_of(bytes, len));
}

int pattern_database_save(const struct pattern_database *db, struct buf *out, struct error *err)
{
	for (size_t i = 0; i < db->count; i++) {
		const struct shared_ids *shared = &db->shared[i];
		char *bytes = NULL;
		size_t len = 0;
		hs_error_t code = hs_serialize_database(db->parts[i], &bytes, &len);
		if (code != HS_SUCCESS)
			return error_set(err, "save patterns: %s", error_name(code));
		bool done = put(out, shared->words, shared->count * sizeof(shared->words[0])) &&
			    put(out, bytes, len);
		free(bytes);
		if (!done)
			return error_set(err, "save patterns: too large");
	}
	return 0;
}

static bool take(struct str *from, struct str *taken)
{
	uint64_t len = 0;
	if (from->len < sizeof(len))
		return false;
	memcpy(&len, from->ptr, sizeof(len));
	*from = str_skip(*from, sizeof(len));
	if (len > from->len)
		return false;
	*taken = str_head(*from, (size_t)len);
	*from = str_skip(*from, (size_t)len);
	return true;
}

static void copy_shared(struct shared_ids *shared, struct str bytes)
{
	shared->count = shared->capacity = bytes.len / sizeof(shared->words[0]);
	if (shared->count == 0)
		return;
	shared->words = mem_alloc(shared->count * sizeof(shared->words[0]));
	memcpy(shared->words, bytes.ptr, shared->count * sizeof(shared->words[0]));
}

int pattern_database_load(struct pattern_database **out, struct str bytes, struct error *err)
{
	*out = NULL;
	if (hs_valid_platform() != HS_SUCCESS)
		return error_set(err, "start Hyperscan: %s", error_name(HS_ARCH_ERROR));
	struct pattern_database *db = mem_zalloc(1, sizeof(*db));
	while (bytes.len > 0) {
		struct str shared, part;
		hs_error_t code = HS_INVALID;
		if (db->count < PARTS_MAX && take(&bytes, &shared) && take(&bytes, &part))
			code = hs_deserialize_database(part.ptr, part.len, &db->parts[db->count]);
		if (code != HS_SUCCESS) {
			pattern_database_destroy(db);
			return error_set(err, "load patterns: %s", error_name(code));
		}
		copy_shared(&db->shared[db->count++], shared);
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

/* Hands on what one expression found for all patterns that share it. */
struct relay {
	const struct shared_ids *shared;
	pattern_found_fn *found;
	void *context;
};

static int found_shared(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	const struct relay *r = context;
	if (likely((id & SHARED_ID) == 0))
		return r->found(id, from, to, flags, r->context);
	const uint32_t *list = r->shared->words + (id & ~SHARED_ID);
	int stop = 0;
	for (uint32_t i = 1; i <= list[0] && stop == 0; i++)
		stop = r->found(list[i], from, to, flags, r->context);
	return stop;
}

int pattern_database_scan(const struct pattern_database *db, size_t part, struct pattern_scratch *s,
	struct str chunk, pattern_found_fn *found, void *context, struct error *err)
{
	struct relay relay = { &db->shared[part], found, context };
	bool relayed = relay.shared->count > 0;
	hs_error_t code = hs_scan(db->parts[part], chunk.ptr, (unsigned)chunk.len, 0, s->scratch,
		relayed ? found_shared : found, relayed ? &relay : context);
	if (code != HS_SUCCESS)
		return error_set(err, "scan with Hyperscan: %s", error_name(code));
	return 0;
}
