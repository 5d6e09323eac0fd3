/* SPDX-License-Identifier: MIT */
/*
 * The first line is a member's place, the rest its text: times, zones, services, levels and ids
 * are read off it. Every view must lie in the line or in what the member taught, and a line reads
 * the same wherever the chunks were cut, and by its masked form (reading_plan.c) as without.
 */
#include "lineup/buf.h"
#include "lineup/ids.h"
#include "lineup/json_fields.h"
#include "lineup/mem.h"
#include "lineup/reading.h"
#include "lineup/service.h"
#include "lineup/timestamp.h"
#include "tests/fuzz/fuzz.h"
#include "tests/twins.h"

static struct reading_options *options;
static struct reading_options
	*no_options; /* where nothing is given, forms tell more (reading_quick.c) */

static void make_options(void)
{
	const struct str layouts[] = { STR("%d|%m|%Y %H.%M.%S"), STR("T%j/%y %I:%M %p") };
	const struct str services[] = { STR("app=(\\w+)"), STR("/srv/([^/]+)/") };
	struct reading_settings settings = { .zone = STR("Europe/Berlin"),
		.layouts = layouts,
		.layout_count = countof(layouts),
		.services = services,
		.service_count = countof(services),
		.now_ns = 1790000000 * NS_PER_S };
	struct error err;
	PROMISE(reading_options_create(&options, &settings, &err) == 0);
	const struct reading_settings none = { .now_ns = TIME_NONE };
	PROMISE(reading_options_create(&no_options, &none, &err) == 0);
}

static struct member *make_member(
	const struct reading_options *given, struct str place, struct str text)
{
	struct member *m = mem_zalloc(1, sizeof(*m) + place.len + 1);
	if (place.len > 0)
		memcpy(m + 1, place.ptr, place.len);
	m->place = str_of((const char *)(m + 1), place.len);
	m->modified_ns = 1700000000 * NS_PER_S;
	atomic_init(&m->references, 1);
	reading_learn(given, m, str_head(text, READING_SAMPLE_BYTES));
	return m;
}

/* All that was read of all lines, one after the other, in chunks of this many lines. */
static void read_in_chunks(struct str place, struct str text, size_t lines_each, struct buf *out)
{
	struct member *member = make_member(options, place, text);
	for (size_t start = 0; start < text.len;) {
		size_t end = start;
		for (size_t n = 0; n < lines_each && end < text.len; n++) {
			ptrdiff_t lf = str_find_byte(str_skip(text, end), '\n');
			end = lf < 0 ? text.len : end + (size_t)lf + 1;
		}
		char *copy = exact_copy(str_of(text.ptr + start, end - start), CHUNK_PADDING);
		struct chunk chunk = { .data = copy,
			.len = end - start,
			.member = member,
			.first_line = 1,
			.offset = start,
			.ends_member = end == text.len };
		struct chunk_reading at;
		struct line_cursor cursor;
		reading_pull(options, &chunk, &at);
		line_cursor_start(&cursor, options, &at);
		for (struct str rest = str_of(copy, chunk.len); rest.ptr != NULL && rest.len > 0;) {
			struct str line = str_cut(&rest, '\n');
			struct reading r = { 0 };
			line_read(&cursor, line, true, &r);
			PROMISE(r.message_at <= line.len);
			PROMISE(lies_within(r.trace, line) && lies_within(r.span, line) &&
				lies_within(r.request, line));
			PROMISE((r.time_ns == TIME_NONE) == (r.basis == TIME_BASIS_NONE));
			buf_printf(out, "%lld %d %d %u", (long long)r.time_ns, (int)r.basis,
				(int)r.level, r.message_at);
			buf_append(out, r.service);
			buf_append_byte(out, '\t');
			buf_append(out, r.host);
			buf_append_byte(out, '\n');
		}
		free(copy);
		start = end;
	}
	member_drop(member);
}

/* Each line fills its form, by which a twin with other digits is read as without. */
static void read_by_form(const struct reading_options *given, struct str place, struct str source)
{
	char masked[LINE_MASK_BYTES + LINE_MASK_PADDING], twin[LINE_MASK_BYTES + LINE_MASK_PADDING];
	char *copy = exact_copy(source, CHUNK_PADDING);
	struct str text = str_of(copy, source.len);
	struct member *member = make_member(given, place, text);
	struct chunk chunk = { .member = member, .ends_member = true };
	struct chunk_reading at;
	struct line_cursor cursor;
	uint64_t state = text.len;
	reading_pull(given, &chunk, &at);
	line_cursor_start(&cursor, given, &at);
	while (text.ptr != NULL && text.len > 0) {
		struct str line = str_cut(&text, '\n');
		struct reading r, by_form;
		if (line.len == 0 || line.len > LINE_MASK_BYTES)
			continue;
		for (unsigned i = 0; i < 4 && twin_make(line, i * 10, &state, twin); i++) {
			struct line_form form = { .fit = { .masked = masked,
							  .len = (uint32_t)line.len } };
			struct line_cursor plain = cursor, first = cursor, helped = cursor;
			struct str other = str_of(twin, line.len);
			line_mask(other, masked);
			line_read_form(&first, line, &form, &by_form);
			line_read(&plain, other, false, &r);
			line_read_form(&helped, other, &form, &by_form);
			PROMISE(r.time_ns == by_form.time_ns && r.level == by_form.level &&
				r.message_at == by_form.message_at &&
				str_equal(r.service, by_form.service) &&
				str_equal(r.host, by_form.host));
		}
		line_read(&cursor, line, false, &r);
	}
	member_drop(member);
	free(copy);
}

static void read_parts(struct str line)
{
	struct stamp stamp;
	struct stamp_search search = { .epoch_columns = 1 };
	struct line_ids ids = { .trace = STR("") };
	struct json_fields fields;
	struct syslog_head head;
	struct line_wrapping wrapping;
	if (stamp_find(&search, line, 0, line.len, &stamp))
		PROMISE(stamp.start < stamp.end && stamp.end <= line.len &&
			lies_within(stamp.zone_name, line));
	if (stamp_value(&search, line, &stamp))
		PROMISE(stamp.end <= line.len);
	ids_read(line, 0, &ids);
	PROMISE(lies_within(ids.trace, line) && lies_within(ids.span, line) &&
		lies_within(ids.request, line));
	if (line.len > 0 && line.ptr[0] == '{' && json_fields_read(line, &fields)) {
		PROMISE(fields.end <= line.len);
		for (size_t i = 0; i < JSON_FIELD_COUNT; i++)
			PROMISE(lies_within(fields.values[i].text, line));
		for (size_t i = 0; i < fields.finer_count; i++)
			PROMISE(lies_within(fields.finer[i], line));
	}
	if (service_unwrap(line, &wrapping))
		PROMISE(wrapping.payload_at <= line.len && lies_within(wrapping.service, line));
	for (size_t at = 0; at <= line.len && at < 40; at++) {
		if (service_syslog_head(line, at, false, &head))
			PROMISE(head.message_at <= line.len && lies_within(head.host, line) &&
				lies_within(head.program, line));
		if (service_syslog5424_head(line, at, &head))
			PROMISE(head.message_at <= line.len && lies_within(head.program, line));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (options == NULL)
		make_options();
	struct str text = str_of((const char *)data, size);
	struct str place = str_cut(&text, '\n');
	if (text.ptr == NULL)
		text = STR("");
	struct buf whole = BUF_INIT(0);
	struct buf cut = BUF_INIT(0);
	read_in_chunks(place, text, SIZE_MAX, &whole);
	read_in_chunks(place, text, 1, &cut);
	PROMISE(str_equal(buf_str(&whole), buf_str(&cut)));
	read_by_form(options, place, text);
	read_by_form(no_options, place, text);
	for (struct str rest = text; rest.ptr != NULL;) {
		struct str line = str_cut(&rest, '\n');
		char *copy = exact_copy(line, 0);
		read_parts(str_of(copy, line.len));
		free(copy);
	}
	if (stamp_layout_valid(place)) {
		struct stamp stamp;
		stamp_layout_find(place, str_head(text, 200), &stamp);
	}
	buf_release(&whole);
	buf_release(&cut);
	return 0;
}
