/* SPDX-License-Identifier: MIT */
#include "lineup/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lineup/mem.h"

/*
 * A list of what is refused, not of what is allowed: libraries and their versions differ in what
 * they call, and a scan that dies of a harmless new call helps nobody. Refused is what starts
 * programs, reaches other machines and processes, or changes the system.
 */
static const int refused[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(kill),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(setuid),
	SCMP_SYS(setgid),
	SCMP_SYS(setreuid),
	SCMP_SYS(setregid),
	SCMP_SYS(setresuid),
	SCMP_SYS(setresgid),
	SCMP_SYS(setgroups),
	SCMP_SYS(capset),
	SCMP_SYS(chown),
	SCMP_SYS(lchown),
	SCMP_SYS(fchown),
	SCMP_SYS(fchownat),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(symlink),
	SCMP_SYS(symlinkat),
	SCMP_SYS(mknod),
	SCMP_SYS(mknodat),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(sethostname),
	SCMP_SYS(open_by_handle_at),
};

static bool refuse_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (filter == NULL)
		return false;
	bool good = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;
	for (size_t i = 0; i < countof(refused) && good; i++) {
		/* A call that this machine does not have needs no rule. */
		int code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
		good = code == 0 || code == -EDOM;
	}
	/* Threads are allowed, processes are not. The flags of clone3 cannot be looked at; without it
	 * clone is called. */
	good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
			       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0;
	good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
	good = good && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return good;
}

/* Of the first version of Landlock; later ones know more, which is not handled and so allowed. */
#define FILE_READ   (LANDLOCK_ACCESS_FS_READ_FILE)
#define FILE_WRITE  (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE)
#define FOLDER_READ (FILE_READ | LANDLOCK_ACCESS_FS_READ_DIR)
#define FOLDER_WRITE                                                                               \
	(FILE_WRITE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                  \
		LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define HANDLED                                                                                    \
	(FOLDER_WRITE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |               \
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                       \
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                      \
		LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static void allow(int rules, struct str path, bool may_write)
{
	char *name = mem_strdup(path);
	struct landlock_path_beneath_attr below = { .parent_fd = open(name, O_PATH | O_CLOEXEC) };
	struct stat status;
	free(name);
	if (below.parent_fd < 0)
		return;
	if (fstat(below.parent_fd, &status) == 0) {
		bool folder = S_ISDIR(status.st_mode);
		if (may_write)
			below.allowed_access = folder ? FOLDER_WRITE : FILE_WRITE;
		else
			below.allowed_access = folder ? FOLDER_READ : FILE_READ;
		(void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
	}
	close(below.parent_fd);
}

static bool refuse_files(const struct sandbox_paths *paths)
{
	/* Zones of stamps, and what the C library loads when it is first needed. */
	const struct str system[] = { STR("/usr"), STR("/lib"), STR("/lib64"),
		STR("/etc/localtime"), STR("/etc/ld.so.cache"), STR("/dev/null"),
		STR("/dev/urandom") };
	struct landlock_ruleset_attr what = { .handled_access_fs = HANDLED };
	int rules = (int)syscall(SYS_landlock_create_ruleset, &what, sizeof(what), 0);
	if (rules < 0)
		return false;
	for (size_t i = 0; i < countof(system); i++)
		allow(rules, system[i], false);
	for (size_t i = 0; i < paths->read_count; i++)
		allow(rules, paths->read[i], false);
	for (size_t i = 0; i < paths->write_count; i++)
		allow(rules, paths->write[i], true);
	bool good = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return good;
}

unsigned sandbox_enter(const struct sandbox_paths *paths)
{
#ifdef LINEUP_NO_SANDBOX
	/* Builds whose instruments fork or write files of their own. */
	(void)refuse_calls;
	(void)refuse_files;
	(void)paths;
	return 0;
#else
	unsigned parts = 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	parts |= SANDBOX_PRIVILEGES;
	if (refuse_files(paths))
		parts |= SANDBOX_FILES;
	if (refuse_calls())
		parts |= SANDBOX_CALLS;
	return parts;
#endif
}
