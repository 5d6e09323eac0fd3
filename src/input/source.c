/* SPDX-License-Identifier: MIT */
#include "src/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/mem.h"

#define SPOOL_STEP_BYTES ((size_t)256 << 10)

struct source {
	int fd;
	bool owns_fd;
	bool spooled;
	bool waits; /* a pipe or a terminal */
	uint64_t at;
	/* Of a regular file when it was opened: a log that grows as fast as it is read ends here,
	 * and one that ends earlier became shorter. 0: not known. */
	uint64_t size;
};

static size_t at_end(struct flow *f)
{
	const struct source *s = f->state;
	struct stat now;
	/* Some file systems say sizes that are none; those do not change. */
	if (s->at < s->size && fstat(s->fd, &now) == 0 && (uint64_t)now.st_size < s->size)
		return flow_fail(f, TROUBLE_DAMAGED,
			"it became shorter while it was read: %" PRIu64 " of %" PRIu64
			" bytes were there",
			s->at, s->size);
	return 0;
}

#define LOOK_UP_MS 200

/*
 * Until there are bytes or an end; false when the run is to stop. Whoever passes over what is no
 * line, as terabytes of zeros, does not look up. A read of a pipe would go on waiting, since one
 * thread alone hears of the signal. A named pipe has no end before its first writer.
 */
static bool wait_for_bytes(const struct flow *f)
{
	const struct source *s = f->state;
	struct pollfd waits = { .fd = s->fd, .events = POLLIN };
	while (!flow_is_stopped(f)) {
		int ready = s->waits ? poll(&waits, 1, LOOK_UP_MS) : 1;
		if (ready != 0 && !(ready < 0 && errno == EINTR))
			return true;
	}
	return false;
}

/*
 * A regular file is read where the flow stands, and not where the file descriptor does: others may
 * read pieces of it meanwhile. Some file systems say sizes that are none, and of those some files
 * can only be read on and on.
 */
static ssize_t read_here(const struct source *s, char *out, size_t capacity)
{
	return s->size > 0 ? pread(s->fd, out, capacity, (off_t)s->at) : read(s->fd, out, capacity);
}

static size_t source_read(struct flow *f, char *out, size_t capacity)
{
	struct source *s = f->state;
	ssize_t n;
	capacity = size_min(capacity, (size_t)1 << 30);
	if (s->size > 0 && s->size - s->at < capacity)
		capacity = (size_t)(s->size - s->at);
	if (capacity == 0)
		return 0;
	do {
		if (!wait_for_bytes(f))
			return flow_fail(
				f, TROUBLE_LIMITED, "interrupted: the rest of it was not read");
		n = read_here(s, out, capacity);
	} while (n < 0 && (errno == EINTR || (errno == EAGAIN && s->waits)));
	if (n < 0) {
		struct error err;
		error_errno(&err, errno, "read at byte %" PRIu64, f->produced);
		return flow_fail(f, TROUBLE_UNREADABLE, "%s", err.text);
	}
	if (!s->spooled)
		f->budget->encoded_bytes += (uint64_t)n;
	f->budget->fetched_bytes += (uint64_t)n;
	s->at += (uint64_t)n;
	return n > 0 ? (size_t)n : at_end(f);
}

static bool source_seek(struct flow *f, uint64_t offset)
{
	struct source *s = f->state;
	if (offset > INT64_MAX || (s->size == 0 && lseek(s->fd, (off_t)offset, SEEK_SET) < 0))
		return false;
	s->at = s->size > 0 && offset > s->size ? s->size : offset;
	return true;
}

/* A log that was truncated under its writer can begin with a hole of terabytes. */
static size_t source_pass_hole(struct flow *f)
{
	struct source *s = f->state;
	if (s->size == 0)
		return 0;
	off_t here = (off_t)s->at;
	off_t data = lseek(s->fd, here, SEEK_DATA);
	if (data < 0 && errno == ENXIO)
		data = lseek(s->fd, 0, SEEK_END);
	if (data > (off_t)s->size)
		data = (off_t)s->size;
	if (data <= here)
		return 0;
	s->at = (uint64_t)data;
	return (size_t)(data - here);
}

static void source_destroy(struct flow *f)
{
	struct source *s = f->state;
	/* What nobody took is not counted: how much is fetched ahead hangs on threads. */
	if (!s->spooled)
		f->budget->encoded_bytes -= f->end - f->at;
	if (s->owns_fd)
		close(s->fd);
	free(s);
}

static const struct flow_kind source_file = {
	.read = source_read,
	.destroy = source_destroy,
	.seek = source_seek,
	.pass_hole = source_pass_hole,
	.fetches = true,
};

static const struct flow_kind source_pipe = {
	.read = source_read,
	.destroy = source_destroy,
	.fetches = true,
};

size_t source_read_some(const struct flow *f, uint64_t offset, char *out, size_t len)
{
	const struct source *s = f->state;
	size_t got = 0;
	if (f->kind != &source_file || offset > INT64_MAX - len)
		return 0;
	while (got < len) {
		ssize_t n = pread(s->fd, out + got, len - got, (off_t)(offset + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

bool source_left(const struct flow *f, uint64_t *at, uint64_t *left)
{
	const struct source *s = f->state;
	if (f->kind != &source_file || s->spooled || f->ended || f->at < f->end || s->size <= s->at)
		return false;
	*at = s->at;
	*left = s->size - s->at;
	return true;
}

void source_move(struct flow *f, uint64_t bytes)
{
	struct source *s = f->state;
	s->at += bytes;
	f->taken += bytes;
	f->produced += bytes;
	f->budget->encoded_bytes += bytes;
	f->budget->fetched_bytes += bytes;
}

static struct flow *create(
	int fd, bool owns_fd, bool spooled, const struct stat *status, struct flow_budget *budget)
{
	struct source *s = mem_alloc(sizeof(*s));
	*s = (struct source){ .fd = fd, .owns_fd = owns_fd, .spooled = spooled };
	bool regular = S_ISREG(status->st_mode);
	s->waits = !regular;
	struct flow *f = flow_create(regular ? &source_file : &source_pipe, s, NULL, budget);
	if (regular && status->st_size > 0)
		f->size_bytes = s->size = (uint64_t)status->st_size;
	if (!spooled)
		budget->file_bytes = f->size_bytes;
	return f;
}

/*
 * What a folder held may have been replaced since: by a link to a file that is none of its
 * writer's, or by a pipe that nobody writes to.
 */
static int open_input(const struct input *input, struct error *err)
{
	int fd;
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	char *path = mem_strdup(input->path);
	do {
		fd = open(path, input->in_folder ? flags | O_NOFOLLOW : flags);
	} while (fd < 0 && errno == EINTR);
	free(path);
	if (fd < 0)
		return error_errno(err, errno, "open");
	return fd;
}

int source_open(struct flow **flow, const struct input *input, struct flow_budget *budget,
	int64_t *modified_ns, struct error *err)
{
	int fd = STDIN_FILENO;
	if (!input->is_stdin) {
		fd = open_input(input, err);
		if (fd < 0)
			return -1;
	}
	struct stat status;
	if (fstat(fd, &status) != 0) {
		error_errno(err, errno, "read");
		goto fail;
	}
	if (S_ISDIR(status.st_mode)) {
		error_errno(err, EISDIR, "read");
		goto fail;
	}
	if (input->in_folder && !S_ISREG(status.st_mode)) {
		error_set(err, "is no file any more, as it was when the folder was read");
		goto fail;
	}
	*modified_ns = TIME_NONE;
	if (S_ISREG(status.st_mode))
		*modified_ns = status.st_mtim.tv_sec * NS_PER_S + status.st_mtim.tv_nsec;
	/* Where standard input stands in a file is not its start. */
	if (input->is_stdin && S_ISREG(status.st_mode) && lseek(fd, 0, SEEK_CUR) != 0)
		status.st_mode = S_IFIFO;
	*flow = create(fd, !input->is_stdin, false, &status, budget);
	return 0;
fail:
	if (!input->is_stdin)
		close(fd);
	return -1;
}

struct flow *source_of_spool(struct spool *spool, struct flow *upstream)
{
	struct stat status;
	if (fstat(spool->fd, &status) != 0 || lseek(spool->fd, 0, SEEK_SET) != 0) {
		spool_close(spool);
		flow_fail(upstream, TROUBLE_UNREADABLE, "read from temporary file failed");
		return upstream;
	}
	struct flow *copy = create(spool->fd, true, true, &status, upstream->budget);
	copy->upstream = upstream; /* keeps the reason why the copy is short */
	return copy;
}

bool source_copy(struct flow *flow, struct spool *spool)
{
	struct error err = { "" };
	enum trouble_kind kind;
	if (spool_open(spool, &err) != 0) {
		flow_fail(flow, TROUBLE_UNREADABLE, "%s", err.text);
		return false;
	}
	char *step = mem_alloc(SPOOL_STEP_BYTES);
	for (size_t n; (n = flow_read(flow, step, SPOOL_STEP_BYTES)) > 0;) {
		if (spool_write(spool, str_of(step, n), &kind, &err) != 0) {
			flow_fail(flow, kind, "%s", err.text);
			break;
		}
	}
	free(step);
	return true;
}

struct flow *source_spool(struct flow *flow)
{
	struct spool spool;
	if (flow_can_seek(flow) || !source_copy(flow, &spool))
		return flow;
	return source_of_spool(&spool, flow);
}
