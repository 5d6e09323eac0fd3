/* SPDX-License-Identifier: MIT */
#include "lineup/rules_load.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lineup/buf.h"
#include "lineup/mem.h"
#include "lineup/parallel.h"
#include "lineup/rules_read.h"

/* Files that are read before their rules are added, one behind the other: their trees, ten times as
 * large, are in memory at the same time. */
#define WAVE_FILES 64
#define WAVE_BYTES ((size_t)1 << 20)

/* The rules of a document that is no pack: a list under `rules`, a bare list, or one bare rule. */
static bool read_cre_document(struct rules_reader *r, const struct yaml_node *document)
{
	const struct yaml_node *terms = yaml_get(document, STR("terms"));
	const struct yaml_node *rules =
		document->kind == YAML_LIST ? document : yaml_get(document, STR("rules"));
	if (rules == NULL && rules_cre_looks_like(document)) {
		rules_cre_read(r, document, terms);
		return true;
	}
	struct yaml_node alone;
	const struct yaml_node *first = read_items(rules, &alone);
	if (first == NULL || !rules_cre_looks_like(first))
		return false;
	static const char *const known[] = { "rules", "terms", "version", "section", NULL };
	if (document->kind == YAML_MAP)
		read_known_keys(r, document, known);
	for (const struct yaml_node *item = first; item != NULL; item = item->next) {
		r->rule_id = STR_NONE;
		if (item->kind == YAML_MAP)
			rules_cre_read(r, item, terms);
		else
			read_reject(r, item, "a rule must be a map of its parts");
	}
	return true;
}

/* What a file holds, before it becomes rules. */
struct file_tree {
	struct arena arena;
	struct yaml_node *documents;
	struct yaml_fault fault;
	struct error err; /* no text: it is good */
};

static void read_tree(struct file_tree *tree, struct str text)
{
	*tree = (struct file_tree){ .documents = NULL };
	if (yaml_tree_read(&tree->arena, text, &yaml_limits_default, &tree->documents, &tree->fault,
		    &tree->err) < 0)
		tree->documents = NULL;
	else
		tree->err.text[0] = '\0';
}

/* The tree is gone then. */
static void add_tree(struct rule_set *set, struct str path, struct file_tree *tree,
	const struct rules_load_options *options)
{
	struct rules_reader reader = {
		.set = set,
		.path = arena_copy(&set->arena, path),
		.experimental = options != NULL && options->experimental,
	};
	if (tree->err.text[0] != '\0') {
		struct rule_place place = { reader.path, tree->fault.line, tree->fault.column };
		rule_set_complain(set, place, STR_NONE, true, "%s", tree->err.text);
	}
	for (const struct yaml_node *document = tree->documents; document != NULL;
		document = document->next) {
		reader.rule_id = STR_NONE;
		if (rules_pack_looks_like(document))
			rules_pack_read(&reader, document);
		else if (!read_cre_document(&reader, document) && !yaml_is_null(document))
			read_warn(&reader, document,
				"no rules in here: neither a pack (`pack:` and "
				"`rules:`) nor a CRE document");
	}
	arena_release(&tree->arena);
}

void rules_load_text(struct rule_set *set, struct str path, struct str text,
	const struct rules_load_options *options)
{
	struct file_tree tree;
	read_tree(&tree, text);
	add_tree(set, path, &tree, options);
}

static void add_file(struct rule_files *files, const char *path, struct str text, struct str fault)
{
	mem_grow(&files->items, files->count, &files->capacity);
	files->items[files->count++] = (struct rule_file){
		.path = arena_copy(&files->arena, str_from(path)),
		.text = arena_copy(&files->arena, text),
		.fault = arena_copy(&files->arena, fault),
	};
	files->bytes += text.len;
}

static int take_file(struct rule_files *files, const char *path, struct error *err)
{
	struct buf text;
	if (buf_read_file(&text, path, yaml_limits_default.bytes, err) < 0)
		return -1;
	add_file(files, path, buf_str(&text), STR_NONE);
	buf_release(&text);
	return 0;
}

static int compare_entries(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Links to files count: a volume of a pod shows each of its files as one. */
static bool is_rule_file(const FTSENT *entry)
{
	struct str name = str_of(entry->fts_name, entry->fts_namelen);
	struct stat to;
	if (!str_ends(name, STR(".yaml")) && !str_ends(name, STR(".yml")))
		return false;
	return entry->fts_info == FTS_F ||
	       (entry->fts_info == FTS_SL && stat(entry->fts_accpath, &to) == 0 &&
		       S_ISREG(to.st_mode));
}

/* Rules that lie where nobody can look are missed without a word, unless it is said. */
static void add_unread(struct rule_files *files, const FTSENT *entry)
{
	struct error fault;
	error_errno(&fault, entry->fts_errno, "read folder");
	add_file(files, entry->fts_path, STR_NONE, str_from(fault.text));
}

static int take_folder(struct rule_files *files, char *path, struct error *err)
{
	char *roots[] = { path, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, compare_entries);
	if (walk == NULL)
		return error_errno(err, errno, "open '%s'", path);
	FTSENT *entry;
	while ((entry = fts_read(walk)) != NULL) {
		bool hidden = entry->fts_level > 0 && entry->fts_name[0] == '.';
		if (hidden && entry->fts_info == FTS_D)
			fts_set(walk, entry, FTS_SKIP);
		if (!hidden && (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR))
			add_unread(files, entry);
		if (hidden || !is_rule_file(entry))
			continue;
		struct error fault;
		if (take_file(files, entry->fts_path, &fault) < 0)
			add_file(files, entry->fts_path, STR_NONE, str_from(fault.text));
	}
	fts_close(walk);
	return 0;
}

int rule_files_read(struct rule_files *files, struct str path, struct error *err)
{
	struct stat status;
	char *name = mem_strdup(path);
	int result;
	if (stat(name, &status) < 0)
		result = error_errno(err, errno, "open rules '%s'", name);
	else if (S_ISDIR(status.st_mode))
		result = take_folder(files, name, err);
	else
		result = take_file(files, name, err);
	free(name);
	return result;
}

/* Some files whose trees are read side by side. */
struct wave {
	const struct rule_file *files;
	struct file_tree trees[WAVE_FILES];
	size_t count;
};

static void read_one(void *context, size_t i)
{
	struct wave *w = context;
	if (w->files[i].fault.len == 0)
		read_tree(&w->trees[i], w->files[i].text);
}

static void add_wave(struct wave *w, struct rule_set *set, const struct rules_load_options *options)
{
	parallel_each(options != NULL ? options->threads : 1, w->count, read_one, w);
	for (size_t i = 0; i < w->count; i++) {
		const struct rule_file *file = &w->files[i];
		if (file->fault.len == 0) {
			add_tree(set, file->path, &w->trees[i], options);
			continue;
		}
		struct rule_place place = { .path = arena_copy(&set->arena, file->path) };
		rule_set_complain(set, place, STR_NONE, true, "%.*s", STR_ARG(file->fault));
	}
}

void rule_files_add_to(const struct rule_files *files, struct rule_set *set,
	const struct rules_load_options *options)
{
	struct wave *w = mem_alloc(sizeof(*w));
	for (size_t at = 0; at < files->count; at += w->count) {
		size_t bytes = 0;
		w->files = &files->items[at];
		w->count = 0;
		while (w->count < WAVE_FILES && at + w->count < files->count && bytes < WAVE_BYTES)
			bytes += w->files[w->count++].text.len;
		add_wave(w, set, options);
	}
	free(w);
}

void rule_files_release(struct rule_files *files)
{
	free(files->items);
	arena_release(&files->arena);
	*files = (struct rule_files){ 0 };
}

int rules_load_path(struct rule_set *set, struct str path, const struct rules_load_options *options,
	struct error *err)
{
	struct rule_files files = { 0 };
	int result = rule_files_read(&files, path, err);
	if (result == 0 && files.count == 0) {
		struct rule_place place = { .path = arena_copy(&set->arena, path) };
		rule_set_complain(
			set, place, STR_NONE, false, "no *.yaml or *.yml file in this folder");
	}
	rule_files_add_to(&files, set, options);
	rule_files_release(&files);
	return result;
}

static void add_pattern(
	struct rule_set *set, struct str id, struct str regex, struct rule_place place)
{
	uint32_t term = rule_set_term(set, TERM_REGEX, regex, place);
	struct rule *rule = rule_set_add(set);
	rule->id = id;
	rule->title = arena_copy(&set->arena, regex);
	rule->severity = SEVERITY_MEDIUM;
	rule->place = place;
	rule->terms = arena_alloc(&set->arena, 1, sizeof(*rule->terms));
	rule->terms[0] = term;
	rule->term_count = 1;
}

void rules_load_pattern(struct rule_set *set, struct str regex, unsigned number)
{
	struct str id = arena_printf(&set->arena, "regexp:%u", number);
	add_pattern(set, id, regex, (struct rule_place){ .path = id });
}

int rules_load_pattern_file(struct rule_set *set, struct str path, struct error *err)
{
	struct buf text;
	char *name = mem_strdup(path);
	int result = buf_read_file(&text, name, yaml_limits_default.bytes, err);
	free(name);
	if (result < 0)
		return -1;
	struct str rest = buf_str(&text);
	struct rule_place place = { .path = arena_copy(&set->arena, path), .column = 1 };
	while (rest.ptr != NULL && rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		place.line++;
		if (str_ends(line, STR("\r")))
			line.len--;
		if (line.len > 0) {
			add_pattern(set,
				arena_printf(&set->arena, "%.*s:%u", STR_ARG(path), place.line),
				line, place);
		}
	}
	buf_release(&text);
	return 0;
}
