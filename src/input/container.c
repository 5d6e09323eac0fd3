/* SPDX-License-Identifier: MIT */
#include "src/input/container.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lineup/mem.h"
#include "lineup/table.h"
#include "src/input/container_parts.h"
#include "src/input/source.h"

/* A broken archive is read again behind its broken member; not for ever. */
#define REOPEN_MAX 64

const struct container_kind container_kinds[] = {
	[CONTAINER_NONE] = { "", NULL, false },
	[CONTAINER_TAR] = { "tar", archive_read_support_format_tar, false },
	[CONTAINER_ZIP] = { "zip", archive_read_support_format_zip, true },
	[CONTAINER_7ZIP] = { "7z", archive_read_support_format_7zip, true },
	[CONTAINER_CPIO] = { "cpio", archive_read_support_format_cpio, false },
	[CONTAINER_AR] = { "ar", archive_read_support_format_ar, false },
	[CONTAINER_RAR] = { "rar", archive_read_support_format_rar, true },
	[CONTAINER_RAR5] = { "rar", archive_read_support_format_rar5, true },
	[CONTAINER_CAB] = { "cab", archive_read_support_format_cab, false },
	[CONTAINER_LHA] = { "lha", archive_read_support_format_lha, false },
	[CONTAINER_XAR] = { "xar", archive_read_support_format_xar, false },
};

const char *container_name(enum container_format format)
{
	return container_kinds[format].name;
}

/*
 * libarchive gives names in the charset of the locale. The program runs in C; names are wanted as
 * UTF-8, or as the bytes that they are.
 */
static locale_t utf8_locale;

static void make_locale(void)
{
	utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static locale_t enter_utf8(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_locale);
	return utf8_locale == (locale_t)0 ? (locale_t)0 : uselocale(utf8_locale);
}

static void leave_utf8(locale_t before)
{
	if (before != (locale_t)0)
		uselocale(before);
}

/* Beside a window: buffers, tables and names of libarchive. */
#define BESIDE_WINDOW_BYTES ((uint64_t)64 << 20)

/*
 * libarchive takes as much memory as a header asks for, up to all that 32 bits can say. What passes
 * the limit is refused, and it says so; not what the decoders above it ask for, which it calls.
 */
size_t container_enter_library(const struct container *c)
{
	uint64_t window = c->upstream->budget->limits->window_bytes;
	if (window > SIZE_MAX - BESIDE_WINDOW_BYTES)
		return mem_refuse_above(SIZE_MAX);
	return mem_refuse_above((size_t)(window + BESIDE_WINDOW_BYTES));
}

static int next_header(struct container *c, struct archive_entry **entry)
{
	size_t before = container_enter_library(c);
	int code = archive_read_next_header(c->archive, entry);
	mem_refuse_above(before);
	return code;
}

static la_ssize_t on_read(struct archive *archive UNUSED, void *context, const void **data)
{
	struct container *c = context;
	size_t before = mem_refuse_above(SIZE_MAX);
	flow_take(c->upstream, c->lent);
	struct str view = flow_view(c->upstream);
	c->lent = view.len;
	if (c->format == CONTAINER_TAR)
		container_keep_tail(c, view);
	mem_refuse_above(before);
	*data = view.ptr;
	return (la_ssize_t)view.len;
}

static la_int64_t on_seek(
	struct archive *archive UNUSED, void *context, la_int64_t offset, int whence)
{
	struct container *c = context;
	flow_take(c->upstream, c->lent);
	c->lent = 0;
	int64_t base = whence == SEEK_SET   ? 0
		       : whence == SEEK_CUR ? (int64_t)c->upstream->taken
					    : (int64_t)c->upstream->size_bytes;
	int64_t to;
	if (__builtin_add_overflow(base, offset, &to) || to < 0 ||
		!flow_seek(c->upstream, (uint64_t)to))
		return ARCHIVE_FATAL;
	return to;
}

int container_reopen(struct container *c, struct error *err)
{
	c->archive = archive_read_new();
	if (c->archive == NULL)
		return error_set(
			err, "no memory to read the %s archive", container_kinds[c->format].name);
	container_kinds[c->format].enable(c->archive);
	/* `cat a.tar b.tar` is read whole; without that the end mark of a would be the end. */
	if (c->format == CONTAINER_TAR)
		archive_read_set_options(c->archive, "tar:read_concatenated_archives");
	archive_read_set_read_callback(c->archive, on_read);
	if (container_kinds[c->format].seeks && flow_can_seek(c->upstream))
		archive_read_set_seek_callback(c->archive, on_seek);
	archive_read_set_callback_data(c->archive, c);
	c->at = 0;
	c->lent = 0;
	c->opened_at = c->upstream->taken;
	locale_t before = enter_utf8();
	size_t ceiling = container_enter_library(c);
	int code = archive_read_open1(c->archive);
	mem_refuse_above(ceiling);
	leave_utf8(before);
	if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
		return error_set(err, "%s archive: %s", container_kinds[c->format].name,
			archive_error_string(c->archive));
	return 0;
}

const char *container_why(const struct container *c)
{
	const char *text = archive_error_string(c->archive);
	return text != NULL ? text : "unknown error";
}

/* libarchive finds the next good header behind damage, but not where it is asked to begin. */
static void pass_bad_headers(struct container *c)
{
	struct flow *f = c->upstream;
	struct str head = flow_peek(f, TAR_BLOCK_BYTES);
	while (head.len >= TAR_BLOCK_BYTES && !container_is_tar_header(head)) {
		flow_take(f, TAR_BLOCK_BYTES);
		c->passed_bytes += TAR_BLOCK_BYTES;
		head = flow_peek(f, TAR_BLOCK_BYTES);
	}
}

struct container *container_open(
	enum container_format format, struct flow *upstream, struct error *err)
{
	struct container *c = mem_zalloc(1, sizeof(*c));
	c->format = format;
	c->upstream = container_kinds[format].seeks ? source_spool(upstream) : upstream;
	const struct flow *fault = flow_fault(c->upstream);
	if (format == CONTAINER_ZIP && flow_can_seek(c->upstream)) {
		c->zip = zip_open(c->upstream);
		if (c->zip != NULL)
			return c;
		if (!flow_seek(c->upstream, 0))
			c->over = true;
	}
	if (format == CONTAINER_TAR)
		pass_bad_headers(c);
	if (container_reopen(c, err) != 0) {
		if (fault != NULL)
			error_set(err, "%s", fault->fault.text);
		container_close(c);
		return NULL;
	}
	return c;
}

static bool skips(struct container *c, struct archive_entry *entry)
{
	mode_t type = archive_entry_filetype(entry);
	/* Type 0: the format does not say (a zip read as a stream, ar). */
	if (type != AE_IFREG && type != 0)
		return true;
	const char *link = archive_entry_hardlink(entry);
	const char *name = archive_entry_pathname(entry);
	int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : -1;
	if (c->format == CONTAINER_CPIO && size > 0 && archive_entry_nlink(entry) > 1) {
		/* All links of a file may carry its data, or only the last one. */
		const char *first = link != NULL ? link : name;
		uint64_t *had_data = table_put(&c->linked, str_hash_of_run(str_from(first)));
		bool seen = *had_data != 0;
		*had_data = 1;
		return seen;
	}
	if (link != NULL)
		return true;
	/* Members of zip archives that are folders by their name. */
	size_t len = name == NULL ? 0 : strlen(name);
	return len > 0 && name[len - 1] == '/' && size <= 0;
}

static void fill_entry(struct container *c, struct archive_entry *from, struct container_entry *to)
{
	const char *name = archive_entry_pathname(from);
	if (name == NULL)
		name = archive_entry_pathname_utf8(from);
	to->name = name != NULL && name[0] != '\0' ? str_from(name) : STR("(no name)");
	to->modified_ns = TIME_NONE;
	int64_t seconds = archive_entry_mtime_is_set(from) ? archive_entry_mtime(from) : 0;
	/* Archives made to be the same every time have a time of 0: that says nothing. */
	if (seconds > 0 && seconds < INT64_MAX / NS_PER_S)
		to->modified_ns = seconds * NS_PER_S + archive_entry_mtime_nsec(from);
	to->encrypted =
		archive_entry_is_data_encrypted(from) || archive_entry_is_metadata_encrypted(from);
	to->flow = container_member_open(c);
}

/*
 * After an error that libarchive does not survive: opens the archive again and passes over what
 * was read and what is broken. Only where that costs little: what can seek does not decode again.
 */
static bool read_again(struct container *c)
{
	if (!container_kinds[c->format].seeks || !flow_can_seek(c->upstream) ||
		c->reopened >= REOPEN_MAX)
		return false;
	uint64_t passed = c->at;
	c->reopened++;
	archive_read_free(c->archive);
	c->archive = NULL;
	struct error ignored;
	if (!flow_seek(c->upstream, 0) || container_reopen(c, &ignored) != 0)
		return false;
	for (; c->at < passed; c->at++) {
		struct archive_entry *entry;
		int code = next_header(c, &entry);
		if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
			return false;
	}
	return true;
}

static enum container_event too_many(
	struct container *c, enum trouble_kind *kind, struct error *err)
{
	c->over = true;
	*kind = TROUBLE_LIMITED;
	error_set(err, "more than %" PRIu64 " members, the limit for one input (--max-members)",
		c->upstream->budget->limits->max_members);
	return CONTAINER_TROUBLE;
}

static bool count_entry(struct container *c)
{
	return ++c->upstream->budget->entries <= c->upstream->budget->limits->max_members;
}

static enum container_event next_in_zip(struct container *c, struct container_entry *out,
	enum trouble_kind *kind, struct error *err)
{
	while (!c->over && zip_next(c->zip, out)) {
		if (!count_entry(c))
			return too_many(c, kind, err);
		if (out->flow != NULL)
			return CONTAINER_MEMBER;
	}
	return c->over ? CONTAINER_END : container_at_end(c, kind, err);
}

static enum container_event next_entry(struct container *c, struct container_entry *out,
	enum trouble_kind *kind, struct error *err)
{
	if (c->broken && !read_again(c))
		c->over = true;
	c->broken = false;
	while (!c->over) {
		struct archive_entry *entry = c->found;
		int code = c->ended	   ? ARCHIVE_EOF
			   : entry != NULL ? ARCHIVE_OK
					   : next_header(c, &entry);
		c->found = NULL;
		if (code == ARCHIVE_EOF) {
			enum container_event event = container_at_end(c, kind, err);
			if (event != CONTAINER_MEMBER)
				return event;
			continue;
		}
		if (code == ARCHIVE_FATAL) {
			c->over = true;
			return container_header_trouble(c, kind, err);
		}
		if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
			/* One trouble for all blocks up to the next good header. */
			if (c->in_damage)
				continue;
			c->in_damage = true;
			return container_header_trouble(c, kind, err);
		}
		/* The other warnings are about names and owners. */
		if (code == ARCHIVE_WARN &&
			str_starts(str_from(container_why(c)), STR("Skipped"))) {
			c->found = entry;
			return container_header_trouble(c, kind, err);
		}
		c->in_damage = false;
		c->at++;
		if (!count_entry(c))
			return too_many(c, kind, err);
		if (skips(c, entry))
			continue;
		fill_entry(c, entry, out);
		return CONTAINER_MEMBER;
	}
	return CONTAINER_END;
}

enum container_event container_next(struct container *c, struct container_entry *entry,
	enum trouble_kind *kind, struct error *err)
{
	if (c->passed_bytes > 0) {
		error_set(err,
			"tar archive: its first header is damaged; read from the next one on, at "
			"byte %" PRIu64,
			c->passed_bytes);
		*kind = TROUBLE_DAMAGED;
		c->passed_bytes = 0;
		return CONTAINER_TROUBLE;
	}
	locale_t before = enter_utf8();
	enum container_event event =
		c->zip != NULL ? next_in_zip(c, entry, kind, err) : next_entry(c, entry, kind, err);
	leave_utf8(before);
	return event;
}

const struct flow *container_upstream(const struct container *c)
{
	return c->upstream;
}

void container_close(struct container *c)
{
	if (c == NULL)
		return;
	if (c->archive != NULL)
		archive_read_free(c->archive);
	zip_close(c->zip);
	flow_destroy(c->upstream);
	table_release(&c->linked);
	free(c);
}
