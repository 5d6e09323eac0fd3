/* SPDX-License-Identifier: MIT */
#include "src/input/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Without a folder for temporary files a copy may take this much memory. */
#define MEMORY_SPOOL_BYTES ((uint64_t)256 << 20)

static int open_unnamed(uint64_t *limit_bytes)
{
	const char *folder = getenv("TMPDIR");
	if (folder == NULL || folder[0] != '/')
		folder = "/tmp";
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		char path[4096];
		int len = snprintf(path, sizeof(path), "%s/lineup-XXXXXX", folder);
		if (len > 0 && (size_t)len < sizeof(path))
			fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
	}
	struct statvfs space;
	if (fd >= 0 && fstatvfs(fd, &space) == 0) {
		*limit_bytes = (uint64_t)space.f_bavail * space.f_frsize / 2;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	*limit_bytes = MEMORY_SPOOL_BYTES;
	return memfd_create("lineup", MFD_CLOEXEC);
}

int spool_open(struct spool *s, struct error *err)
{
	*s = (struct spool){ 0 };
	s->fd = open_unnamed(&s->limit_bytes);
	if (s->fd < 0)
		return error_set(err, "no temporary file for data that needs seeking: %s",
			strerrordesc_np(errno));
	return 0;
}

int spool_write(struct spool *s, struct str data, enum trouble_kind *kind, struct error *err)
{
	if (s->bytes + data.len > s->limit_bytes) {
		*kind = TROUBLE_LIMITED;
		return error_set(err, "data that needs seeking is larger than half of the free "
				      "temporary space (TMPDIR)");
	}
	while (data.len > 0) {
		ssize_t n = write(s->fd, data.ptr, data.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			*kind = TROUBLE_UNREADABLE;
			return error_set(
				err, "write to temporary file: %s", strerrordesc_np(errno));
		}
		s->bytes += (uint64_t)n;
		data = str_skip(data, (size_t)n);
	}
	return 0;
}

void spool_close(struct spool *s)
{
	close(s->fd);
	s->fd = -1;
}
