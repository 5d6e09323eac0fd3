/* SPDX-License-Identifier: MIT */
#include "src/input/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lineup/clock.h"
#include "lineup/mem.h"
#include "src/input/journal_entries.h"
#include "src/input/source.h"
#include "src/input/spool.h"

/* So much of an item tells its name. */
#define NAME_BYTES_MAX ((size_t)32)

/* Of a value that is a word or a number, and of a message. */
#define WORD_BYTES_MAX	  ((size_t)256)
#define MESSAGE_BYTES_MAX ((size_t)64 << 20)

/* Pages of the file that were passed are given back in such steps. */
#define KEPT_BYTES ((size_t)16 << 20)

enum field {
	FIELD_MESSAGE,
	FIELD_PRIORITY,
	FIELD_FACILITY,
	FIELD_HOST,
	FIELD_CONTAINER, /* Docker and Podman: their identifier is the number of the container */
	FIELD_IDENTIFIER,
	FIELD_COMMAND,
	FIELD_PID,
	FIELD_SAID_PID,
	FIELD_SOURCE_TIME, /* when it was sent, before it was received */
	FIELD_COUNT,
};

/* As they stand before a field's value. */
static const char *const field_names[FIELD_COUNT] = {
	[FIELD_MESSAGE] = "MESSAGE=",
	[FIELD_PRIORITY] = "PRIORITY=",
	[FIELD_FACILITY] = "SYSLOG_FACILITY=",
	[FIELD_HOST] = "_HOSTNAME=",
	[FIELD_CONTAINER] = "CONTAINER_NAME=",
	[FIELD_IDENTIFIER] = "SYSLOG_IDENTIFIER=",
	[FIELD_COMMAND] = "_COMM=",
	[FIELD_PID] = "_PID=",
	[FIELD_SAID_PID] = "SYSLOG_PID=",
	[FIELD_SOURCE_TIME] = "_SOURCE_REALTIME_TIMESTAMP=",
};

/* What syslog says of itself (RFC 3164): facility 3 is daemons, severity 6 information. */
#define FACILITY_DEFAULT 3
#define FACILITY_MAX	 23
#define PRIORITY_DEFAULT 6
#define PRIORITY_MAX	 7

struct journal {
	char *map; /* of the copy; NULL: there is none */
	size_t map_bytes;
	size_t given_back; /* of the map */
	struct journal_entries entries;
	struct buf fields[FIELD_COUNT]; /* of the entry at hand */
	bool has[FIELD_COUNT];
	struct buf text; /* of the entry at hand */
	size_t text_at;	 /* that was taken */
};

/* The first of each name counts, as it does for journalctl. */
static void keep_field(struct journal *j, size_t item)
{
	struct str data = journal_entries_item(&j->entries, item, NAME_BYTES_MAX);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		struct str name = str_from(field_names[i]);
		if (j->has[i] || !str_starts(data, name))
			continue;
		size_t limit = i == FIELD_MESSAGE ? MESSAGE_BYTES_MAX : WORD_BYTES_MAX;
		data = journal_entries_item(&j->entries, item, name.len + limit);
		j->has[i] = data.len > 0;
		buf_append(&j->fields[i], str_skip(data, name.len));
		return;
	}
}

static bool next_entry(struct journal *j)
{
	if (!journal_entries_next(&j->entries))
		return false;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		buf_clear(&j->fields[i]);
		j->has[i] = false;
	}
	for (size_t i = 0; i < j->entries.item_count; i++)
		keep_field(j, i);
	return true;
}

/* Empty: the entry has no such field. */
static struct str value(const struct journal *j, enum field f)
{
	return j->has[f] ? buf_str(&j->fields[f]) : STR("");
}

static struct str either(struct str first, struct str second)
{
	return first.len > 0 ? first : second;
}

static unsigned number(const struct journal *j, enum field f, unsigned max, unsigned otherwise)
{
	uint64_t n;
	return str_to_u64(value(j, f), &n) && n <= max ? (unsigned)n : otherwise;
}

/* A word of the head: with a blank or a control in it the head would end elsewhere. */
static void put_word(struct buf *text, struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		buf_append_byte(text, (unsigned char)word.ptr[i] > ' ' ? word.ptr[i] : '_');
}

static void put_time(struct journal *j)
{
	uint64_t us;
	if (!str_to_u64(value(j, FIELD_SOURCE_TIME), &us))
		us = j->entries.time_us;
	if (us > INT64_MAX / NS_PER_US)
		us = 0;
	char stamp[CLOCK_TEXT_MAX];
	buf_append(&j->text, clock_rfc3339((int64_t)us * NS_PER_US, stamp));
}

static void put_head(struct journal *j)
{
	unsigned facility = number(j, FIELD_FACILITY, FACILITY_MAX, FACILITY_DEFAULT);
	unsigned priority = number(j, FIELD_PRIORITY, PRIORITY_MAX, PRIORITY_DEFAULT);
	buf_printf(&j->text, "<%u>", facility * (PRIORITY_MAX + 1) + priority);
	put_time(j);
	struct str host = either(value(j, FIELD_HOST), STR("localhost"));
	struct str name = either(value(j, FIELD_IDENTIFIER), value(j, FIELD_COMMAND));
	struct str pid = either(value(j, FIELD_PID), value(j, FIELD_SAID_PID));
	name = either(either(value(j, FIELD_CONTAINER), name), STR("unknown"));
	buf_append_byte(&j->text, ' ');
	put_word(&j->text, host);
	buf_append_byte(&j->text, ' ');
	put_word(&j->text, name);
	if (pid.len > 0) {
		buf_append_byte(&j->text, '[');
		put_word(&j->text, pid);
		buf_append_byte(&j->text, ']');
	}
	buf_append(&j->text, STR(": "));
}

/* An entry without a message is one that journalctl does not show as text. */
static void put_entry(struct journal *j)
{
	if (!j->has[FIELD_MESSAGE])
		return;
	put_head(j);
	struct str rest = value(j, FIELD_MESSAGE);
	while (rest.len > 0 && rest.ptr[rest.len - 1] == '\n')
		rest.len--;
	buf_append(&j->text, str_cut(&rest, '\n'));
	while (rest.len > 0) {
		buf_append(&j->text, STR("\n    "));
		buf_append(&j->text, str_cut(&rest, '\n'));
	}
	buf_append_byte(&j->text, '\n');
}

/* What is behind is not needed, but for data that later entries share, which are read again. */
static void give_back(struct journal *j)
{
	if (j->entries.at - j->given_back < KEPT_BYTES)
		return;
	size_t step = (j->entries.at - j->given_back) / KEPT_BYTES * KEPT_BYTES;
	(void)madvise(j->map + j->given_back, step, MADV_DONTNEED);
	j->given_back += step;
}

static size_t fail_at_end(struct flow *f, const struct journal_entries *e)
{
	if (journal_entries_cut(e))
		return flow_fail(f, TROUBLE_DAMAGED,
			"systemd journal: cut off at byte %zu, before the end that it speaks of; "
			"the entries before it were read",
			e->file.len);
	if (e->damaged > 0)
		return flow_fail(f, TROUBLE_DAMAGED,
			"systemd journal: %zu place%s that make%s no sense, the first at byte %zu; "
			"all other entries were read",
			e->damaged, plural(e->damaged), e->damaged == 1 ? "s" : "", e->damaged_at);
	return 0;
}

static size_t journal_read(struct flow *f, char *out, size_t capacity)
{
	struct journal *j = f->state;
	while (j->text_at == j->text.len) {
		if (flow_is_stopped(f))
			return flow_fail(
				f, TROUBLE_LIMITED, "interrupted: the rest of it was not read");
		j->text_at = 0;
		buf_clear(&j->text);
		if (!next_entry(j))
			return fail_at_end(f, &j->entries);
		put_entry(j);
		give_back(j);
	}
	size_t n = size_min(capacity, j->text.len - j->text_at);
	memcpy(out, j->text.ptr + j->text_at, n);
	j->text_at += n;
	return n;
}

static void journal_destroy(struct flow *f)
{
	struct journal *j = f->state;
	if (j->map != NULL) {
		journal_entries_end(&j->entries);
		munmap(j->map, j->map_bytes);
	}
	for (size_t i = 0; i < FIELD_COUNT; i++)
		buf_release(&j->fields[i]);
	buf_release(&j->text);
	free(j);
}

static const struct flow_kind journal_kind = {
	.read = journal_read,
	.destroy = journal_destroy,
	.expands = true,
};

/* The copy is nobody else's, and so none that becomes shorter under the map. */
static void map_copy(struct flow *f, struct journal *j, const struct spool *copy)
{
	enum trouble_kind kind;
	struct error err = { "" };
	void *map = mmap(NULL, (size_t)copy->bytes, PROT_READ, MAP_PRIVATE, copy->fd, 0);
	if (map == MAP_FAILED) {
		flow_fail(f, TROUBLE_UNREADABLE, "systemd journal: no room to map it");
		return;
	}
	j->map = map;
	j->map_bytes = (size_t)copy->bytes;
	if (journal_entries_begin(&j->entries, str_of(j->map, j->map_bytes), &kind, &err) != 0)
		flow_fail(f, kind, "%s", err.text);
}

struct flow *journal_open(struct flow *upstream)
{
	struct journal *j = mem_zalloc(1, sizeof(*j));
	struct flow *f = flow_create(&journal_kind, j, upstream, upstream->budget);
	struct spool copy;
	if (!source_copy(upstream, &copy)) {
		f->ended = true;
		return f;
	}
	map_copy(f, j, &copy);
	spool_close(&copy);
	return f;
}
