/* SPDX-License-Identifier: MIT */
#include "lineup/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "lineup/mem.h"

static _Atomic(atomic_bool *) stop_flag;
static _Atomic(const char *) temporary_file;
static volatile sig_atomic_t caught;

/* Only what is allowed in a handler: atomics, unlink, _exit. */
static void drop_file(void)
{
	const char *path = atomic_load(&temporary_file);
	if (path != NULL)
		unlink(path);
}

static void handle(int number)
{
	(void)number;
	if (caught) {
		drop_file();
		_exit(130);
	}
	caught = 1;
	atomic_bool *stop = atomic_load(&stop_flag);
	if (stop != NULL)
		atomic_store(stop, true);
}

void signals_prepare(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	mem_before_exit(drop_file);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* past the limit on a file's size, a write fails */
	for (int fd = 0; fd <= 2; fd++) {
		/* The wrong way round on purpose: whoever closed standard output is to be told that
		 * the report went nowhere. */
		if (fcntl(fd, F_GETFD) == -1)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
	}
}

void signals_watch(atomic_bool *stop)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	atomic_store(&stop_flag, stop);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction old;
		/* What was ignored stays so: nohup, background jobs of a shell. */
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

bool signals_caught(void)
{
	return caught != 0;
}

void signals_remove_file(const char *path)
{
	atomic_store(&temporary_file, path);
}
