/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into lineup: makes the n-th call of one kind fail, once. FAULT=KIND:N chooses, with
 * KIND alloc, read, write, mmap or open; FAULT_COUNT=FILE writes there how many calls of the kind
 * there were. Calls of the loader and inside libc do not come by here.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char chosen[16];
static long chosen_number;
static atomic_long seen;
static int count_fd = -1;

/*
 * The program's own functions call glibc's by these names; here they fail. dlsym itself may
 * allocate, so glibc's are found by their other names once, before there is a second thread.
 */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void *(*real_memalign)(size_t, size_t);
static bool finding;
static char early[65536];
static size_t early_used;

static void find_real(void)
{
	finding = true;
	*(void **)&real_malloc = dlsym(RTLD_NEXT, "__libc_malloc");
	*(void **)&real_calloc = dlsym(RTLD_NEXT, "__libc_calloc");
	*(void **)&real_realloc = dlsym(RTLD_NEXT, "__libc_realloc");
	*(void **)&real_memalign = dlsym(RTLD_NEXT, "__libc_memalign");
	finding = false;
}

/* For dlsym alone; never freed. */
static void *from_early(size_t size)
{
	size_t at = early_used;
	early_used += (size + 15) & ~(size_t)15;
	return early_used <= sizeof(early) ? early + at : NULL;
}

__attribute__((constructor)) static void start(void)
{
	const char *fault = getenv("FAULT");
	const char *count = getenv("FAULT_COUNT");
	const char *colon = fault != NULL ? strchr(fault, ':') : NULL;
	if (count != NULL)
		count_fd = (int)syscall(SYS_openat, AT_FDCWD, count,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (colon == NULL || (size_t)(colon - fault) >= sizeof(chosen))
		return;
	chosen_number = strtol(colon + 1, NULL, 10);
	memcpy(chosen, fault, (size_t)(colon - fault));
}

/* After each call, since the program may end at any of them. */
static void tell(long number)
{
	char text[32];
	if (count_fd < 0)
		return;
	int len = snprintf(text, sizeof(text), "%ld\n", number);
	(void)!syscall(SYS_pwrite64, count_fd, text, (size_t)len, 0L);
}

static int fails(const char *kind, int reason)
{
	if (chosen[0] == '\0' || strcmp(kind, chosen) != 0)
		return 0;
	long number = atomic_fetch_add(&seen, 1) + 1;
	if (count_fd >= 0 && chosen_number == 0)
		tell(number);
	if (number != chosen_number)
		return 0;
	errno = reason;
	return 1;
}

void *__libc_malloc(size_t size)
{
	if (finding)
		return from_early(size);
	if (real_malloc == NULL)
		find_real();
	return fails("alloc", ENOMEM) ? NULL : real_malloc(size);
}

void *__libc_calloc(size_t count, size_t size)
{
	if (finding)
		return from_early(count * size);
	if (real_malloc == NULL)
		find_real();
	return fails("alloc", ENOMEM) ? NULL : real_calloc(count, size);
}

void *__libc_realloc(void *old, size_t size)
{
	if (real_malloc == NULL)
		find_real();
	return fails("alloc", ENOMEM) ? NULL : real_realloc(old, size);
}

void *__libc_memalign(size_t alignment, size_t size)
{
	if (real_malloc == NULL)
		find_real();
	return fails("alloc", ENOMEM) ? NULL : real_memalign(alignment, size);
}

ssize_t read(int fd, void *out, size_t size)
{
	return fails("read", EIO) ? -1 : (ssize_t)syscall(SYS_read, fd, out, size);
}

ssize_t pread(int fd, void *out, size_t size, off_t at)
{
	return fails("read", EIO) ? -1 : (ssize_t)syscall(SYS_pread64, fd, out, size, at);
}

/*
 * stdio writes by a name of its own inside libc; so the calls that end a stream fail instead, after
 * they did their work, which is how a disk that fills up is seen.
 */
static int after(int result)
{
	if (!fails("write", ENOSPC))
		return result;
	errno = ENOSPC;
	return -1;
}

int fflush(FILE *stream)
{
	static int (*real)(FILE *);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "fflush");
	return after(real(stream));
}

int fclose(FILE *stream)
{
	static int (*real)(FILE *);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "fclose");
	return after(real(stream));
}

int fsync(int fd)
{
	return after((int)syscall(SYS_fsync, fd));
}

int rename(const char *from, const char *to)
{
	return fails("write", ENOSPC) ? -1 : (int)syscall(SYS_rename, from, to);
}

ssize_t write(int fd, const void *from, size_t size)
{
	return fails("write", ENOSPC) ? -1 : (ssize_t)syscall(SYS_write, fd, from, size);
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (fails("mmap", ENOMEM))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

static int open_file(const char *path, int flags, mode_t mode)
{
	return fails("open", EMFILE) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
	va_end(args);
	return open_file(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
	va_end(args);
	return open_file(path, flags, mode);
}
