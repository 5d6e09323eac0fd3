/* SPDX-License-Identifier: MIT */
#include "lineup/matcher_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/clock.h"
#include "lineup/mem.h"

#define FILE_PREFIX "patterns-"
#define TEMP_PREFIX "new-"
/* A temporary file this old was left by a run that was killed. */
#define TEMP_AGE_S 3600
/* Ten thousand dear patterns make some hundred megabytes. */
#define FILE_MAX_BYTES ((size_t)1 << 30)

static const char magic[8] = { 'l', 'i', 'n', 'e', 'u', 'p', 'm', '1' };

/* Then follow the key, padding to 64 bytes, and the payload. */
struct file_header {
	char magic[8];
	uint64_t key_len;
	uint64_t payload_len;
	uint64_t key_hash;
	uint64_t payload_hash;
	uint64_t header_hash; /* of all before it */
	uint64_t reserved[2];
};

static uint64_t header_hash(const struct file_header *h)
{
	return str_hash(str_of((const char *)h, offsetof(struct file_header, header_hash)));
}

static uint64_t padded(uint64_t len)
{
	return (len + 63) & ~UINT64_C(63);
}

bool matcher_cache_default_dir(char *path, size_t size)
{
	const char *base = getenv("XDG_CACHE_HOME");
	int len = -1;
	if (base != NULL && base[0] == '/') {
		len = snprintf(path, size, "%s/lineup", base);
	} else {
		const char *home = getenv("HOME");
		if (home != NULL && home[0] == '/')
			len = snprintf(path, size, "%s/.cache/lineup", home);
	}
	return len > 0 && (size_t)len < size;
}

static bool path_in(char path[PATH_MAX], struct str dir, const char *name)
{
	int len = snprintf(path, PATH_MAX, "%.*s/%s", STR_ARG(dir), name);
	return len > 0 && len < PATH_MAX;
}

static void name_of(char name[64], struct str key)
{
	snprintf(name, 64, FILE_PREFIX "%016llx", (unsigned long long)str_hash(key));
}

/* Ours alone: a file that someone else could have written is not trusted. */
static bool is_ours(int fd, size_t *size)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		(st.st_mode & (S_IWGRP | S_IWOTH)) != 0 || st.st_size < 0)
		return false;
	*size = (size_t)st.st_size;
	return *size >= sizeof(struct file_header);
}

static bool parse(struct str file, struct file_header *h, struct str *key, struct str *payload)
{
	if (file.len < sizeof(*h))
		return false;
	memcpy(h, file.ptr, sizeof(*h));
	if (memcmp(h->magic, magic, sizeof(magic)) != 0 || h->header_hash != header_hash(h) ||
		h->key_len > file.len)
		return false;
	uint64_t start = sizeof(*h) + padded(h->key_len);
	if (file.len < start || h->payload_len != file.len - start)
		return false;
	*key = str_of(file.ptr + sizeof(*h), (size_t)h->key_len);
	*payload = str_skip(file, start);
	return true;
}

bool matcher_cache_parse(struct str file, struct str *key, struct str *payload)
{
	struct file_header h;
	return parse(file, &h, key, payload);
}

static bool open_entry(struct str file, struct str key, struct str *payload)
{
	struct file_header h;
	struct str stored;
	return parse(file, &h, &stored, payload) && str_equal(stored, key) &&
	       str_hash(*payload) == h.payload_hash;
}

/* Read and not mapped: a mapping of a file that someone cuts short kills the process. */
static bool read_all(int fd, char *into, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, into, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		into += n;
		len -= (size_t)n;
	}
	return true;
}

bool matcher_cache_load(struct str dir, struct str key, struct matcher_cache_entry *entry)
{
	char name[64];
	char path[PATH_MAX];
	*entry = (struct matcher_cache_entry){ .file = NULL };
	name_of(name, key);
	if (!path_in(path, dir, name))
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	size_t size = 0;
	if (is_ours(fd, &size) && size <= FILE_MAX_BYTES) {
		entry->file = mem_alloc(size);
		if (read_all(fd, entry->file, size) &&
			open_entry(str_of(entry->file, size), key, &entry->payload)) {
			/* The newest by time of use are kept. */
			(void)futimens(fd, NULL);
		} else {
			matcher_cache_release(entry);
		}
	}
	close(fd);
	return entry->file != NULL;
}

void matcher_cache_release(struct matcher_cache_entry *entry)
{
	free(entry->file);
	*entry = (struct matcher_cache_entry){ .file = NULL };
}

static int make_dir(struct str dir, struct error *err)
{
	char path[PATH_MAX];
	if (!path_in(path, dir, ""))
		return error_set(err, "cache: name of the folder too long");
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST && errno != EISDIR)
			return error_errno(err, errno, "make folder '%s'", path);
		*slash = '/';
	}
	return 0;
}

static bool write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len > 0) {
		ssize_t done = write(fd, at, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		at += done;
		len -= (size_t)done;
	}
	return true;
}

static bool write_entry(int fd, struct str key, struct str payload)
{
	static const char zeros[64];
	struct file_header h = { .key_len = key.len,
		.payload_len = payload.len,
		.key_hash = str_hash(key),
		.payload_hash = str_hash(payload) };
	memcpy(h.magic, magic, sizeof(magic));
	h.header_hash = header_hash(&h);
	return write_all(fd, &h, sizeof(h)) && write_all(fd, key.ptr, key.len) &&
	       write_all(fd, zeros, (size_t)(padded(key.len) - key.len)) &&
	       write_all(fd, payload.ptr, payload.len);
}

struct old_file {
	char name[64];
	struct timespec used;
};

static int compare_age(const void *left, const void *right)
{
	const struct old_file *a = left;
	const struct old_file *b = right;
	if (a->used.tv_sec != b->used.tv_sec)
		return a->used.tv_sec > b->used.tv_sec ? -1 : 1;
	if (a->used.tv_nsec != b->used.tv_nsec)
		return a->used.tv_nsec > b->used.tv_nsec ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Best effort: what cannot be removed stays. Another run may remove the same files. */
static void remove_old(struct str dir)
{
	char path[PATH_MAX];
	if (!path_in(path, dir, ""))
		return;
	DIR *listing = opendir(path);
	if (listing == NULL)
		return;
	struct old_file *files = NULL;
	size_t count = 0;
	size_t capacity = 0;
	int64_t now_s = clock_wall_ns() / NS_PER_S;
	for (const struct dirent *e; (e = readdir(listing)) != NULL;) {
		struct stat st;
		struct str name = str_from(e->d_name);
		bool temporary = str_starts(name, STR(TEMP_PREFIX));
		if ((!temporary && !str_starts(name, STR(FILE_PREFIX))) ||
			name.len >= sizeof(files->name) ||
			fstatat(dirfd(listing), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (temporary) {
			if (now_s - st.st_mtim.tv_sec > TEMP_AGE_S)
				(void)unlinkat(dirfd(listing), e->d_name, 0);
			continue;
		}
		mem_grow(&files, count, &capacity);
		memcpy(files[count].name, name.ptr, name.len + 1);
		files[count++].used = st.st_mtim;
	}
	if (count > 0)
		qsort(files, count, sizeof(*files), compare_age);
	for (size_t i = MATCHER_CACHE_FILES_MAX; i < count; i++)
		(void)unlinkat(dirfd(listing), files[i].name, 0);
	closedir(listing);
	free(files);
}

int matcher_cache_store(struct str dir, struct str key, struct str payload, struct error *err)
{
	char name[64];
	char path[PATH_MAX];
	char temporary[PATH_MAX];
	name_of(name, key);
	if (make_dir(dir, err) != 0)
		return -1;
	if (!path_in(path, dir, name) || !path_in(temporary, dir, TEMP_PREFIX "XXXXXX"))
		return error_set(err, "cache: name of the folder too long");
	int fd = mkostemp(temporary, O_CLOEXEC); /* O_EXCL and mode 0600 */
	if (fd < 0)
		return error_errno(err, errno, "create '%s'", temporary);
	bool written = write_entry(fd, key, payload);
	int failed = written ? 0 : errno;
	if (close(fd) != 0 && written)
		failed = errno;
	if (failed == 0 && rename(temporary, path) != 0)
		failed = errno;
	if (failed != 0) {
		unlink(temporary);
		return error_errno(err, failed, "write '%s'", path);
	}
	remove_old(dir);
	return 0;
}
