/* SPDX-License-Identifier: MIT */
#include "lineup/output.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lineup/mem.h"
#include "lineup/signals.h"

/* The file that the name stands for: a link is written through, not replaced. */
static char *resolve(struct str path)
{
	char *name = mem_strdup(path);
	char *real = realpath(name, NULL);
	if (real == NULL)
		return name;
	free(name);
	return real;
}

static bool is_special(const char *path)
{
	struct stat s;
	return stat(path, &s) == 0 && !S_ISREG(s.st_mode);
}

int output_check(struct str path, struct error *err)
{
	if (path.len == 0 || str_equal(path, STR("-")))
		return 0;
	char *name = resolve(path);
	char *copy = mem_strdup(str_from(name));
	struct stat s;
	int result = 0;
	if (stat(name, &s) == 0 && S_ISDIR(s.st_mode))
		result = error_set(err, "write '%.*s': it is a folder", STR_ARG(path));
	else if (is_special(name) ? access(name, W_OK) != 0
				  : access(dirname(copy), W_OK | X_OK) != 0)
		result = error_errno(err, errno, "write '%.*s'", STR_ARG(path));
	free(copy);
	free(name);
	return result;
}

static int open_temporary(struct output *o, struct error *err)
{
	struct stat s;
	mode_t mask = umask(0);
	umask(mask);
	mode_t mode = stat(o->path, &s) == 0 ? s.st_mode & 0777 : 0666 & ~mask;
	size_t len = strlen(o->path) + 16;
	o->temporary = mem_alloc(len);
	snprintf(o->temporary, len, "%s.XXXXXX", o->path);
	int fd = mkstemp(o->temporary);
	if (fd < 0) {
		error_errno(err, errno, "make a temporary file beside '%s'", o->path);
		free(o->temporary);
		o->temporary = NULL;
		return -1;
	}
	signals_remove_file(o->temporary);
	(void)!fchmod(fd, mode);
	o->stream = fdopen(fd, "w");
	if (o->stream != NULL)
		return 0;
	error_errno(err, errno, "open '%s'", o->temporary);
	close(fd);
	return -1;
}

int output_open(struct output *o, struct str path, struct error *err)
{
	*o = (struct output){ .stream = stdout };
	if (path.len == 0 || str_equal(path, STR("-")))
		return 0;
	o->path = resolve(path);
	o->stream = NULL;
	if (!is_special(o->path)) {
		if (open_temporary(o, err) == 0)
			return 0;
	} else {
		o->stream = fopen(o->path, "w");
		if (o->stream != NULL)
			return 0;
		error_errno(err, errno, "open '%s'", o->path);
	}
	output_discard(o);
	return -1;
}

static int close_stream(struct output *o, struct error *err)
{
	const char *name = o->path != NULL ? o->path : "standard output";
	errno = 0;
	bool failed = fflush(o->stream) != 0 || ferror(o->stream) != 0;
	int reason = errno;
	/* Some file systems tell of a full disk only now. */
	if (o->temporary != NULL && !failed && fsync(fileno(o->stream)) != 0 && errno != EINVAL) {
		failed = true;
		reason = errno;
	}
	if (fclose(o->stream) != 0 && !failed) {
		failed = true;
		reason = errno;
	}
	o->stream = NULL;
	if (!failed)
		return 0;
	if (reason == EPIPE)
		return error_set(err, "%s", "");
	if (reason == 0)
		return error_set(err, "write to %s failed", name);
	return error_errno(err, reason, "write to %s", name);
}

int output_commit(struct output *o, struct error *err)
{
	if (close_stream(o, err) != 0) {
		output_discard(o);
		return -1;
	}
	if (o->temporary != NULL && rename(o->temporary, o->path) != 0) {
		error_errno(err, errno, "rename the report to '%s'", o->path);
		output_discard(o);
		return -1;
	}
	signals_remove_file(NULL);
	free(o->temporary);
	o->temporary = NULL;
	output_discard(o);
	return 0;
}

void output_discard(struct output *o)
{
	signals_remove_file(NULL);
	if (o->stream != NULL && o->stream != stdout)
		fclose(o->stream);
	if (o->temporary != NULL)
		unlink(o->temporary);
	free(o->temporary);
	free(o->path);
	*o = (struct output){ 0 };
}
