/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Builds with instruments leave the sandbox out of the program; the test is to run there too. */
#undef LINEUP_INSTRUMENTED
#include "src/run/sandbox.c"

static char folder[] = "/tmp/lineup-sandbox-XXXXXX";
static char inside[64];
static char outside[64];
static char written[64];

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static int make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(inside, sizeof(inside), "%s/in", folder);
	snprintf(written, sizeof(written), "%s/out", folder);
	snprintf(outside, sizeof(outside), "%s/secret", folder);
	return mkdir(inside, 0700) + mkdir(written, 0700);
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(outside);
	rmdir(inside);
	rmdir(written);
	return rmdir(folder);
}

static void *run(void *argument)
{
	*(int *)argument = 7;
	return NULL;
}

static bool can_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The checks of a confined process; its exit status says which one failed. */
static int check_calls(void)
{
	pthread_t thread;
	int value = 0;
	char *arguments[] = { (char[]){ "true" }, NULL };
	if (execv("/bin/true", arguments) != -1 || errno != EPERM)
		return 1;
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != EPERM)
		return 2;
	if (fork() != -1 || syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) != -1 || errno != EPERM)
		return 3;
	if (kill(getpid(), 0) != -1 || errno != EPERM || ptrace(PTRACE_TRACEME, 0, 0, 0) != -1)
		return 5;
#ifdef __x86_64__
	/* The same calls by their other numbers. */
	if (syscall(0x40000000 + SYS_getpid) != -1 || errno != EPERM)
		return 6;
#endif
	if (pthread_create(&thread, NULL, run, &value) != 0 || pthread_join(thread, NULL) != 0 ||
		value != 7)
		return 4;
	return 0;
}

static int check_files(void)
{
	char before[96];
	char after[96];
	snprintf(before, sizeof(before), "%s/before", written);
	snprintf(after, sizeof(after), "%s/after", written);
	if (can_read(outside) || can_read("/etc/passwd"))
		return 11;
	if (!can_read(inside))
		return 12;
	int fd = open(before, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1 || rename(before, after) != 0 || unlink(after) != 0)
		return 13;
	if (open(inside, O_TMPFILE | O_RDWR, 0600) >= 0)
		return 14;
	return open(written, O_TMPFILE | O_RDWR, 0600) >= 0 ? 0 : 15;
}

/* Confines a child and runs the check there; -1 when the kernel does not have that part. */
static int in_sandbox(enum sandbox_part part, int (*check)(void))
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct str readable = str_from(inside);
		struct str writable = str_from(written);
		struct sandbox_paths paths = { &readable, 1, &writable, 1 };
		_exit((sandbox_enter(&paths) & (unsigned)part) != 0 ? check() : 99);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 99 ? -1 : WEXITSTATUS(status);
}

static void test_programs_processes_and_sockets_are_refused_and_threads_are_not(void **state)
{
	(void)state;
	int result = in_sandbox(SANDBOX_CALLS, check_calls);
	if (result < 0)
		skip();
	assert_int_equal(result, 0);
}

static void test_only_the_named_files_can_be_read_and_written(void **state)
{
	(void)state;
	make_file(outside);
	int result = in_sandbox(SANDBOX_FILES, check_files);
	if (result < 0)
		skip();
	assert_int_equal(result, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_programs_processes_and_sockets_are_refused_and_threads_are_not),
		cmocka_unit_test(test_only_the_named_files_can_be_read_and_written),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
