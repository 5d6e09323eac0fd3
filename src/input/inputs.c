/* SPDX-License-Identifier: MIT */
#include "lineup/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/error.h"
#include "lineup/mem.h"

/* Folders still to be walked; a list and not recursion, so that depth costs no stack. */
struct pending {
	struct str *items;
	size_t count;
	size_t capacity;
	struct stat standard_output; /* st_mode 0: closed */
};

static void add_trouble(struct troubles *troubles, struct str path, int error_number)
{
	struct error err = { "" };
	error_errno(&err, error_number, "cannot be read");
	troubles_add(troubles, TROUBLE_UNREADABLE, TROUBLE_OF_NO_INPUT, 0, path, "%s", err.text);
}

static void add_file(struct inputs *inputs, struct str path, const struct stat *status)
{
	bool regular = S_ISREG(status->st_mode);
	mem_grow(&inputs->items, inputs->count, &inputs->capacity);
	inputs->items[inputs->count++] = (struct input){
		.path = path,
		.size_bytes = regular ? (uint64_t)status->st_size : 0,
		.modified_ns = regular ? status->st_mtim.tv_sec * NS_PER_S + status->st_mtim.tv_nsec
				       : TIME_NONE,
		.device = status->st_dev,
		.inode = status->st_ino,
	};
}

static bool is_file(const struct stat *file, const struct stat *status)
{
	return S_ISREG(file->st_mode) && file->st_dev == status->st_dev &&
	       file->st_ino == status->st_ino;
}

/* A report that is written where it is read would be read for ever, or the next night. */
static bool is_own_output(
	const struct inputs *inputs, const struct pending *pending, const struct stat *status)
{
	return is_file(&pending->standard_output, status) || is_file(&inputs->output, status);
}

/* A link in a folder is not followed; whether that leaves anything out is seen at the end. */
static void keep_link(struct inputs *inputs, int folder, struct str path, const char *name,
	struct troubles *troubles)
{
	struct stat to;
	if (fstatat(folder, name, &to, 0) != 0) {
		troubles_add(troubles, TROUBLE_SKIPPED, TROUBLE_OF_NO_INPUT, 0, path,
			"a link to what is not there: %s", strerrordesc_np(errno));
		return;
	}
	if (!S_ISREG(to.st_mode) && !S_ISDIR(to.st_mode))
		return;
	mem_grow(&inputs->links, inputs->link_count, &inputs->link_capacity);
	inputs->links[inputs->link_count++] =
		(struct input){ .path = path, .device = to.st_dev, .inode = to.st_ino };
}

static void keep_folder(struct inputs *inputs, int folder)
{
	struct stat status;
	if (fstat(folder, &status) != 0)
		return;
	mem_grow(&inputs->folders, inputs->folder_count, &inputs->folder_capacity);
	inputs->folders[inputs->folder_count++] =
		(struct input){ .path = STR(""), .device = status.st_dev, .inode = status.st_ino };
}

static const char *special_name(mode_t mode)
{
	if (S_ISSOCK(mode))
		return "a socket";
	if (S_ISFIFO(mode))
		return "a pipe inside a folder: give it by name to read it";
	return "a device";
}

/* One name in a folder. */
static void visit(struct inputs *inputs, struct pending *pending, int folder, struct str parent,
	const char *name, struct troubles *troubles)
{
	bool slash = str_ends(parent, STR("/"));
	struct str path =
		arena_printf(&inputs->arena, "%.*s%s%s", STR_ARG(parent), slash ? "" : "/", name);
	struct stat status;
	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
		add_trouble(troubles, path, errno);
	} else if (S_ISDIR(status.st_mode)) {
		mem_grow(&pending->items, pending->count, &pending->capacity);
		pending->items[pending->count++] = path;
	} else if (S_ISREG(status.st_mode) && is_own_output(inputs, pending, &status)) {
		troubles_add(troubles, TROUBLE_SKIPPED, TROUBLE_OF_NO_INPUT, 0, path,
			"the output of this run");
	} else if (S_ISREG(status.st_mode)) {
		add_file(inputs, path, &status);
	} else if (S_ISLNK(status.st_mode)) {
		keep_link(inputs, folder, path, name, troubles);
	} else {
		troubles_add(troubles, TROUBLE_SKIPPED, TROUBLE_OF_NO_INPUT, 0, path, "%s",
			special_name(status.st_mode));
	}
}

static void walk(struct inputs *inputs, struct str top, struct troubles *troubles)
{
	struct pending pending = { 0 };
	if (fstat(STDOUT_FILENO, &pending.standard_output) != 0)
		pending.standard_output.st_mode = 0;
	mem_grow(&pending.items, pending.count, &pending.capacity);
	pending.items[pending.count++] = arena_copy(&inputs->arena, top);
	while (pending.count > 0) {
		struct str path = pending.items[--pending.count];
		DIR *folder = opendir(path.ptr); /* the arena's copies end with a NUL */
		if (folder == NULL) {
			add_trouble(troubles, path, errno);
			continue;
		}
		keep_folder(inputs, dirfd(folder));
		for (;;) {
			errno = 0;
			const struct dirent *entry = readdir(folder);
			if (entry == NULL)
				break;
			if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
				visit(inputs, &pending, dirfd(folder), path, entry->d_name,
					troubles);
		}
		if (errno != 0)
			add_trouble(troubles, path, errno);
		closedir(folder);
	}
	free(pending.items);
}

/* The device that is as good as an empty file, given where a path is wanted and no log is there. */
static bool is_null_device(const struct stat *status)
{
	struct stat null;
	return S_ISCHR(status->st_mode) && stat("/dev/null", &null) == 0 &&
	       status->st_rdev == null.st_rdev;
}

void inputs_set_output(struct inputs *inputs, struct str path)
{
	char *name = mem_strdup(path);
	if (str_equal(path, STR("-")) || stat(name, &inputs->output) != 0)
		inputs->output.st_mode = 0;
	free(name);
}

bool inputs_hold_output(const struct inputs *inputs)
{
	const struct stat *output = &inputs->output;
	for (size_t i = 0; i < inputs->count && S_ISREG(output->st_mode); i++) {
		if (inputs->items[i].device == output->st_dev &&
			inputs->items[i].inode == output->st_ino)
			return true;
	}
	return false;
}

size_t inputs_add(struct inputs *inputs, struct str path, struct troubles *troubles)
{
	size_t before = inputs->count;
	inputs->given++;
	struct str copy = arena_copy(&inputs->arena, path);
	struct stat status = { 0 };
	if (str_equal(path, STR("-"))) {
		if (fstat(0, &status) != 0) {
			add_trouble(troubles, copy, errno);
			return 0;
		}
		add_file(inputs, copy, &status);
		inputs->items[before].is_stdin = true;
	} else if (stat(copy.ptr, &status) != 0) {
		add_trouble(troubles, copy, errno);
	} else if (S_ISDIR(status.st_mode)) {
		walk(inputs, copy, troubles);
		for (size_t i = before; i < inputs->count; i++) {
			inputs->items[i].tree = (uint32_t)str_hash(copy);
			inputs->items[i].in_folder = true;
			inputs->items[i].top = copy.len;
		}
	} else if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode) || is_null_device(&status)) {
		add_file(inputs, copy, &status);
	} else {
		troubles_add(troubles, TROUBLE_UNREADABLE, TROUBLE_OF_NO_INPUT, 0, copy,
			"%s cannot be read", special_name(status.st_mode));
	}
	return inputs->count - before;
}

static int by_identity(const void *left, const void *right)
{
	const struct input *a = left;
	const struct input *b = right;
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return str_compare(a->path, b->path);
}

static int by_path(const void *left, const void *right)
{
	const struct input *a = left;
	const struct input *b = right;
	return str_compare(a->path, b->path);
}

static int by_place_of_file(const void *left, const void *right)
{
	const struct input *a = left;
	const struct input *b = right;
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	return a->inode == b->inode ? 0 : a->inode < b->inode ? -1 : 1;
}

static bool has_file(const struct input *items, size_t count, const struct input *like)
{
	return count > 0 && bsearch(like, items, count, sizeof(items[0]), by_place_of_file) != NULL;
}

/* With the files still in order of identity. */
static void say_links(struct inputs *inputs, struct troubles *troubles)
{
	if (inputs->folder_count > 1)
		qsort(inputs->folders, inputs->folder_count, sizeof(inputs->folders[0]),
			by_identity);
	for (size_t i = 0; i < inputs->link_count; i++) {
		const struct input *link = &inputs->links[i];
		if (!has_file(inputs->items, inputs->count, link) &&
			!has_file(inputs->folders, inputs->folder_count, link))
			troubles_add(troubles, TROUBLE_SKIPPED, TROUBLE_OF_NO_INPUT, 0, link->path,
				"a link inside a folder, which is not followed: name it to read "
				"what it leads to");
	}
}

void inputs_finish(struct inputs *inputs, struct troubles *troubles)
{
	if (inputs->count > 1)
		qsort(inputs->items, inputs->count, sizeof(inputs->items[0]), by_identity);
	size_t kept = 0;
	for (size_t i = 0; i < inputs->count; i++) {
		const struct input *item = &inputs->items[i];
		const struct input *last = kept > 0 ? &inputs->items[kept - 1] : NULL;
		if (last != NULL && last->device == item->device && last->inode == item->inode)
			continue;
		inputs->items[kept++] = *item;
	}
	inputs->count = kept;
	say_links(inputs, troubles);
	if (kept > 1)
		qsort(inputs->items, kept, sizeof(inputs->items[0]), by_path);
	inputs->size_bytes = 0;
	for (size_t i = 0; i < kept; i++) {
		inputs->items[i].index = (uint32_t)i;
		if (inputs->given > 1) /* then their names tell them apart */
			inputs->items[i].top = 0;
		inputs->size_bytes += inputs->items[i].size_bytes;
	}
}

void inputs_release(struct inputs *inputs)
{
	arena_release(&inputs->arena);
	free(inputs->items);
	free(inputs->links);
	free(inputs->folders);
	*inputs = (struct inputs){ 0 };
}
