/* SPDX-License-Identifier: MIT */
#include "lineup/progress.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lineup/mem.h"
#include "lineup/terminal.h"

#define REDRAW_NS (150 * NS_PER_MS)

/* The rate of the first moments says nothing. */
#define LEAST_SECONDS_FOR_REST 1.0

struct progress {
	const struct scan_progress *sums;
	uint64_t total_bytes;
	int64_t begin_ns;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool end; /* under the lock */
};

static int put_size(char *text, size_t size, double bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
	size_t unit = 0;
	while (bytes >= 1024 && unit + 1 < countof(units)) {
		bytes /= 1024;
		unit++;
	}
	return snprintf(
		text, size, bytes < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void put_time_left(char *text, size_t size, double seconds)
{
	unsigned long left = (unsigned long)(seconds + 0.999);
	if (left >= 3600)
		snprintf(text, size, ", %luh%02lum left", left / 3600, left / 60 % 60);
	else if (left >= 60)
		snprintf(text, size, ", %lum%02lus left", left / 60, left % 60);
	else
		snprintf(text, size, ", %lus left", left);
}

struct str progress_line(char *text, size_t size, unsigned width, uint64_t encoded_bytes,
	uint64_t total_bytes, uint64_t decoded_bytes, double seconds)
{
	char done[32], total[32], rate[32], left[48] = "";
	/* A file may grow while it is read. */
	if (total_bytes != 0 && encoded_bytes > total_bytes)
		total_bytes = encoded_bytes;
	put_size(done, sizeof(done), (double)encoded_bytes);
	put_size(total, sizeof(total), (double)total_bytes);
	put_size(rate, sizeof(rate), seconds > 0 ? (double)decoded_bytes / seconds : 0);
	double part = total_bytes == 0 ? 0 : (double)encoded_bytes / (double)total_bytes;
	if (part > 0 && seconds >= LEAST_SECONDS_FOR_REST)
		put_time_left(left, sizeof(left), seconds / part - seconds);
	int len;
	if (total_bytes == 0)
		len = snprintf(text, size, "%s read, %s/s", done, rate);
	else
		len = snprintf(text, size, "%3.0f%%  %s of %s, %s/s%s", part * 100, done, total,
			rate, left);
	size_t shown = size_min(size_min((size_t)len, size - 1), width);
	text[shown] = '\0';
	return str_of(text, shown);
}

static void draw(const struct progress *p)
{
	char text[256];
	struct winsize window;
	unsigned width = 80;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1)
		width = window.ws_col - 1U;
	struct str line = progress_line(text, sizeof(text), width,
		atomic_load_explicit(&p->sums->bytes_encoded, memory_order_relaxed), p->total_bytes,
		atomic_load_explicit(&p->sums->bytes, memory_order_relaxed),
		(double)(clock_monotonic_ns() - p->begin_ns) / 1e9);
	/* One write, so that it does not mix with anyone else's. */
	char out[300];
	int len = snprintf(out, sizeof(out), "\r\033[K%.*s", STR_ARG(line));
	(void)!write(STDERR_FILENO, out, (size_t)len);
}

static void *run(void *argument)
{
	struct progress *p = argument;
	pthread_mutex_lock(&p->lock);
	while (!p->end) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		int64_t at_ns = until.tv_nsec + REDRAW_NS;
		until.tv_sec += at_ns / NS_PER_S;
		until.tv_nsec = at_ns % NS_PER_S;
		pthread_cond_timedwait(&p->ended, &p->lock, &until);
		if (!p->end)
			draw(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct progress *progress_start(const struct scan_progress *sums, uint64_t total_bytes, bool wanted)
{
	if (!wanted || !terminal_erases(stderr))
		return NULL;
	struct progress *p = mem_zalloc(1, sizeof(*p));
	p->sums = sums;
	p->total_bytes = total_bytes;
	p->begin_ns = clock_monotonic_ns();
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&p->ended, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&p->lock, NULL);
	if (pthread_create(&p->thread, NULL, run, p) == 0)
		return p;
	/* No thread, no bar: the scan matters more. */
	pthread_cond_destroy(&p->ended);
	pthread_mutex_destroy(&p->lock);
	free(p);
	return NULL;
}

void progress_say(const char *text, bool wanted)
{
	if (wanted && terminal_erases(stderr))
		fprintf(stderr, "\r\033[K%s", text);
}

void progress_stop(struct progress *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->end = true;
	pthread_cond_signal(&p->ended);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	(void)!write(STDERR_FILENO, "\r\033[K", 4);
	pthread_cond_destroy(&p->ended);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
