/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_database.h"

#include <hs/hs.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "src/match/database_parts.h"
#include "src/match/text_finder.h"

struct pattern_part {
	hs_database_t *automata; /* or */
	struct text_finder *finder;
	struct shared_ids shared;
};

struct pattern_database {
	size_t count;
	struct pattern_part parts[PARTS_MAX];
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
	struct pattern_part *out;
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
		e->flags[i] = w->part->kind != PART_PLAIN ? flags_of(e->flags[i])
			      : caseless		  ? HS_FLAG_CASELESS
							  : 0u;
	}
	if (w->part->kind == PART_PLAIN)
		return hs_compile_lit_multi(e->texts, e->flags, e->ids, e->lens, e->count,
			HS_MODE_BLOCK, NULL, &w->out->automata, reason);
	return hs_compile_multi(e->texts, e->flags, e->ids, e->count, HS_MODE_BLOCK, NULL,
		&w->out->automata, reason);
}

static void make_finder(struct part_work *w)
{
	struct expressions e;
	expressions_init(&e, &w->out->shared, w->part);
	struct finder_text *texts = mem_zalloc(e.count, sizeof(*texts));
	for (unsigned i = 0; i < e.count; i++)
		texts[i] = (struct finder_text){ e.texts[i], e.lens[i], e.ids[i],
			(e.flags[i] & EXPRESSION_CASELESS) != 0 };
	text_finder_destroy(w->out->finder);
	w->out->finder = e.count > 0 ? text_finder_create(texts, e.count) : NULL;
	free(texts);
	expressions_release(&e);
}

/*
 * Compiles the items of one part that are not refused. Some patterns are found too large only
 * here; then they are marked and the rest is compiled again.
 */
static void compile_part(struct part_work *w)
{
	for (bool again = true; again;) {
		struct expressions e;
		hs_compile_error_t *reason = NULL;
		expressions_init(&e, &w->out->shared, w->part);
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

static void make_part(void *context, size_t index)
{
	struct part_work *w = (struct part_work *)context + index;
	if (w->part->kind == PART_FOUND)
		make_finder(w);
	else
		compile_part(w);
}

static void release_part(struct pattern_part *part)
{
	hs_free_database(part->automata);
	text_finder_destroy(part->finder);
	free(part->shared.words);
	*part = (struct pattern_part){ .automata = NULL };
}

/* Takes out a part of which nothing is left. */
static void close_gaps(struct pattern_database *db)
{
	size_t kept = 0;
	for (size_t i = 0; i < db->count; i++) {
		if (db->parts[i].automata == NULL && db->parts[i].finder == NULL)
			release_part(&db->parts[i]);
		else
			db->parts[kept++] = db->parts[i];
	}
	for (size_t i = kept; i < db->count; i++)
		db->parts[i] = (struct pattern_part){ .automata = NULL };
	db->count = kept;
}

/* What Hyperscan refused of a pattern is looked for in another way, all of it. */
static void leave_out_refused(struct part_work *work, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct database_part *part = work[i].part;
		bool refused = false;
		for (size_t k = 0; k < part->count && part->kind == PART_FOUND; k++)
			refused = refused || part->items[k]->refused;
		if (refused)
			make_finder(&work[i]);
	}
}

static int compile_parts(struct pattern_job *jobs, const struct database_parts *parts,
	unsigned threads, struct error *err)
{
	struct part_work *work = mem_zalloc(parts->count, sizeof(*work));
	int result = 0;
	for (size_t i = 0; i < parts->count; i++) {
		struct pattern_database *db = *jobs[parts->items[i].job].database;
		work[i].part = &parts->items[i];
		work[i].out = &db->parts[db->count++];
	}
	parallel_each(threads, parts->count, make_part, work);
	leave_out_refused(work, parts->count);
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
	for (size_t i = 0; i < db->count; i++)
		release_part(&db->parts[i]);
	free(db);
}

/* Each part is its shared ids, its finder and its automata, one of which is empty, with the length
 * in bytes before each. */
static bool put(struct buf *out, const void *bytes, size_t len)
{
	uint64_t stored = len;
	return buf_append(out, str_of((const char *)&stored, sizeof(stored))) &&
	       buf_append(out, str_of(bytes, len));
}

static int save_part(const struct pattern_part *part, struct buf *out, struct error *err)
{
	const struct shared_ids *shared = &part->shared;
	struct str finder = part->finder != NULL ? text_finder_bytes(part->finder) : STR_NONE;
	char *bytes = NULL;
	size_t len = 0;
	if (part->automata != NULL) {
		hs_error_t code = hs_serialize_database(part->automata, &bytes, &len);
		if (code != HS_SUCCESS)
			return error_set(err, "save patterns: %s", error_name(code));
	}
	bool done = put(out, shared->words, shared->count * sizeof(shared->words[0])) &&
		    put(out, finder.ptr, finder.len) && put(out, bytes, len);
	free(bytes);
	return done ? 0 : error_set(err, "save patterns: too large");
}

int pattern_database_save(const struct pattern_database *db, struct buf *out, struct error *err)
{
	for (size_t i = 0; i < db->count; i++)
		if (save_part(&db->parts[i], out, err) != 0)
			return -1;
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

static hs_error_t load_part(struct pattern_part *part, struct str *bytes)
{
	struct str shared, finder, automata;
	if (!take(bytes, &shared) || !take(bytes, &finder) || !take(bytes, &automata))
		return HS_INVALID;
	shared_ids_copy(&part->shared, shared);
	if (finder.len == 0)
		return hs_deserialize_database(automata.ptr, automata.len, &part->automata);
	part->finder = text_finder_load(finder);
	return part->finder != NULL ? HS_SUCCESS : HS_INVALID;
}

int pattern_database_load(struct pattern_database **out, struct str bytes, struct error *err)
{
	*out = NULL;
	if (hs_valid_platform() != HS_SUCCESS)
		return error_set(err, "start Hyperscan: %s", error_name(HS_ARCH_ERROR));
	struct pattern_database *db = mem_zalloc(1, sizeof(*db));
	while (bytes.len > 0) {
		hs_error_t code = HS_INVALID;
		if (db->count < PARTS_MAX)
			code = load_part(&db->parts[db->count++], &bytes);
		if (code != HS_SUCCESS) {
			pattern_database_destroy(db);
			return error_set(err, "load patterns: %s", error_name(code));
		}
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
		const struct pattern_part *part = &db->parts[i];
		size_t bytes = 0;
		if (part->finder != NULL)
			sum += text_finder_bytes(part->finder).len;
		else if (hs_database_size(part->automata, &bytes) == HS_SUCCESS)
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
		if (db->parts[i].automata == NULL)
			continue;
		hs_error_t code = hs_alloc_scratch(db->parts[i].automata, &(*scratch)->scratch);
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
	const struct pattern_part *p = &db->parts[part];
	struct shared_relay relay = { &p->shared, found, context };
	bool relayed = p->shared.count > 0;
	pattern_found_fn *told = relayed ? shared_relay_found : found;
	void *with = relayed ? &relay : context;
	if (p->finder != NULL) {
		text_finder_scan(p->finder, chunk, told, with);
		return 0;
	}
	hs_error_t code =
		hs_scan(p->automata, chunk.ptr, (unsigned)chunk.len, 0, s->scratch, told, with);
	if (code != HS_SUCCESS)
		return error_set(err, "scan with Hyperscan: %s", error_name(code));
	return 0;
}
