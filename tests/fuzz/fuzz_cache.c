/* SPDX-License-Identifier: MIT */
/*
 * A saved matcher as someone else left it: any bytes instead of the file, and any changes to a good
 * one. Nothing but what was stored may come back.
 */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "lineup/matcher_cache.h"
#include "tests/fuzz/fuzz.h"

static char folder[] = "/tmp/lineup-fuzz-XXXXXX";
static char path[sizeof(folder) + 300];
static char good[4096];
static size_t good_len;

#define KEY	STR("what the compiled patterns depend on")
#define PAYLOAD STR("bytes of a compiled database, which may be anything at all and are long")

static void remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void prepare(void)
{
	struct error err;
	PROMISE(mkdtemp(folder) != NULL);
	PROMISE(matcher_cache_store(str_from(folder), KEY, PAYLOAD, &err) == 0);
	DIR *listing = opendir(folder);
	for (const struct dirent *e; (e = readdir(listing)) != NULL;) {
		if (e->d_name[0] != '.')
			snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
	}
	closedir(listing);
	int fd = open(path, O_RDONLY);
	good_len = (size_t)read(fd, good, sizeof(good));
	close(fd);
	atexit(remove_folder);
}

static void put(const char *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void check(bool may_load)
{
	struct matcher_cache_entry entry;
	if (!matcher_cache_load(str_from(folder), KEY, &entry))
		return;
	PROMISE(may_load && str_equal(entry.payload, PAYLOAD));
	matcher_cache_release(&entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (good_len == 0)
		prepare();
	put((const char *)data, size);
	check(size == good_len && memcmp(data, good, size) == 0);
	/* Pairs of a place and a byte that is put there; a last single byte cuts the file. */
	char changed[sizeof(good)];
	memcpy(changed, good, good_len);
	for (size_t i = 0; i + 1 < size; i += 2)
		changed[data[i] % good_len] = (char)data[i + 1];
	size_t len = size % 2 == 1 ? data[size - 1] % (good_len + 1) : good_len;
	put(changed, len);
	/* Padding is looked at by nobody. */
	check(true);
	return 0;
}
