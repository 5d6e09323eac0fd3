/* SPDX-License-Identifier: MIT */
#include "lineup/rules_cache.h"

#include <limits.h>

#include "lineup/matcher_cache.h"
#include "lineup/rules_image.h"

/* Raised when the same files are read into other rules. */
#define CACHE_FORMAT 1

/* All that the rules depend on: the program, the option, and every file's name and content. */
static void write_key(
	const struct rule_files *files, const struct rules_load_options *options, struct buf *key)
{
	buf_printf(key, "rules %d lineup " LINEUP_VERSION " experimental %d\n", CACHE_FORMAT,
		options != NULL && options->experimental);
	for (size_t i = 0; i < files->count; i++) {
		const struct rule_file *file = &files->items[i];
		buf_printf(key, "%zu %zu %zu ", file->path.len, file->text.len, file->fault.len);
		buf_append(key, file->path);
		buf_append(key, file->text);
		buf_append(key, file->fault);
	}
}

static bool load(struct rule_set *set, struct str dir, struct str key)
{
	struct matcher_cache_entry entry;
	struct error ignored;
	if (!matcher_cache_load(dir, key, &entry))
		return false;
	/* The rules point into the image, which lives as long as they do. */
	struct str image = arena_copy(&set->arena, entry.payload);
	matcher_cache_release(&entry);
	return rules_image_read(set, image, &ignored) == 0;
}

/* They are kept by themselves: what else the set holds is no part of them. */
static bool keep(const struct rule_files *files, const struct rules_load_options *options,
	struct str dir, struct str key, struct rule_set *set)
{
	struct rule_set fresh = { 0 };
	struct buf image = BUF_INIT(0);
	struct error ignored;
	rule_files_add_to(files, &fresh, options);
	bool written = rules_image_write(&fresh, &image);
	if (written) {
		/* Without a cache the next run starts slower; that is no error of this one. */
		if (matcher_cache_store(dir, key, buf_str(&image), &ignored) != 0)
			ignored.text[0] = '\0';
		written = rules_image_read(
				  set, arena_copy(&set->arena, buf_str(&image)), &ignored) == 0;
	}
	buf_release(&image);
	rule_set_release(&fresh);
	return written;
}

int rules_cache_load_path(struct rule_set *set, struct str path,
	const struct rules_load_options *options, const struct rules_cache_options *cache,
	struct error *err)
{
	char folder[PATH_MAX];
	struct str dir = cache->use_cache ? cache->dir : STR_NONE;
	if (cache->use_cache && dir.len == 0 && matcher_cache_default_dir(folder, sizeof(folder)))
		dir = str_from(folder);
	struct rule_files files = { 0 };
	if (dir.len == 0)
		return rules_load_path(set, path, options, err);
	if (rule_files_read(&files, path, err) != 0) {
		rule_files_release(&files);
		return -1;
	}
	if (files.count == 0 || files.bytes < RULES_CACHE_BYTES_MIN) {
		rule_files_release(&files);
		return rules_load_path(set, path, options, err);
	}
	struct buf key = BUF_INIT(0);
	write_key(&files, options, &key);
	if (!load(set, dir, buf_str(&key)) && !keep(&files, options, dir, buf_str(&key), set))
		rule_files_add_to(&files, set, options);
	buf_release(&key);
	rule_files_release(&files);
	return 0;
}
