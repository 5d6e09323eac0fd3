/* SPDX-License-Identifier: MIT */
#include "lineup/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
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
static const unsigned refused[] = {
#ifdef SYS_fork /* newer machines have none of these */
	SYS_fork,
	SYS_vfork,
	SYS_chown,
	SYS_lchown,
	SYS_link,
	SYS_symlink,
	SYS_mknod,
#endif
	SYS_execve,
	SYS_execveat,
	SYS_socket,
	SYS_socketpair,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept,
	SYS_accept4,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_pidfd_getfd,
	SYS_kill,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_setuid,
	SYS_setgid,
	SYS_setreuid,
	SYS_setregid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setgroups,
	SYS_capset,
	SYS_fchown,
	SYS_fchownat,
	SYS_linkat,
	SYS_symlinkat,
	SYS_mknodat,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_userfaultfd,
	SYS_io_uring_setup,
	SYS_keyctl,
	SYS_add_key,
	SYS_request_key,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_swapon,
	SYS_swapoff,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_sethostname,
	SYS_open_by_handle_at,
};

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
/* Numbers from here on are the same calls in another size of pointers. */
#define NUMBERS_END 0x40000000U
#elif defined(__aarch64__)
#define MACHINE	    AUDIT_ARCH_AARCH64
#define NUMBERS_END UINT32_MAX
#endif

#ifdef MACHINE

#define LOAD(field)                                                                                \
	(struct sock_filter)                                                                       \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define ANSWER(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE(code)  ANSWER(SECCOMP_RET_ERRNO | (code))

/*
 * Goes on with the next step, and past `pass` steps when the value compares so. The program is
 * written here and not by libseccomp, which allocates, and never ends when that fails.
 */
#define PAST_IF(compare, value, pass)                                                              \
	(struct sock_filter) BPF_JUMP(BPF_JMP | (compare) | BPF_K, (value), (pass), 0)
#define PAST_UNLESS(compare, value, pass)                                                          \
	(struct sock_filter) BPF_JUMP(BPF_JMP | (compare) | BPF_K, (value), 0, (pass))

static bool refuse_calls(void)
{
	struct sock_filter program[16 + 2 * countof(refused)];
	size_t n = 0;
	program[n++] = LOAD(arch);
	program[n++] = PAST_IF(BPF_JEQ, MACHINE, 1);
	program[n++] = REFUSE(EPERM);
	program[n++] = LOAD(nr);
	program[n++] = PAST_UNLESS(BPF_JGE, NUMBERS_END, 1);
	program[n++] = REFUSE(EPERM);
	for (size_t i = 0; i < countof(refused); i++) {
		program[n++] = PAST_UNLESS(BPF_JEQ, refused[i], 1);
		program[n++] = REFUSE(EPERM);
	}
	/* Threads are allowed, processes are not. The flags of clone3 cannot be looked at; without
	 * it clone is called. */
	program[n++] = PAST_UNLESS(BPF_JEQ, SYS_clone3, 1);
	program[n++] = REFUSE(ENOSYS);
	program[n++] = PAST_UNLESS(BPF_JEQ, SYS_clone, 3);
	program[n++] = LOAD(args[0]);
	program[n++] = PAST_IF(BPF_JSET, CLONE_THREAD, 1);
	program[n++] = REFUSE(EPERM);
	program[n++] = ANSWER(SECCOMP_RET_ALLOW);
	struct sock_fprog filter = { .len = (unsigned short)n, .filter = program };
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) ==
	       0;
}

#else

static bool refuse_calls(void)
{
	(void)refused;
	return false;
}

#endif

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
#ifdef LINEUP_INSTRUMENTED
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
