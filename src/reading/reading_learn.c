/* SPDX-License-Identifier: MIT */
/*
 * What a member's first bytes, its path and its modification time teach. All of it follows from
 * these alone, never from how the member was cut into chunks.
 */
#include "src/reading/reading_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"

#define SAMPLE_LINES  600
#define SLACK_SECONDS (26 * 3600) /* a day and the widest difference of zones */
#define LATE_SECONDS  120	  /* for which a message may be on its way */
#define HEADS_JUDGED  4
#define HEADING_LINES 50 /* with a time of day, among which one may say the date */
#define PROSE_SHARE   2	 /* as many times more stamps in prose than in heads: they stand in prose */
#define SECONDS_SHARE                                                                              \
	16 /* of so many lines one must have a second clock, or it is not looked for */

/* ---- time of boot ---- */

/* `rtc_cmos: setting system clock to ... (1735689600)`,
 * `audit(1735689600.123:1)` in a kernel line. */
static bool boot_from_line(struct str line, int64_t uptime_ns, int64_t *boot_ns)
{
	static const struct str marks[] = { { "UTC (", 5 }, { "audit(", 6 } };
	for (size_t m = 0; m < countof(marks); m++) {
		ptrdiff_t found = str_find(line, marks[m]);
		if (found < 0)
			continue;
		struct str rest = str_skip(line, (size_t)found + marks[m].len);
		struct stamp s;
		const struct stamp_search plain = { 0 };
		if (stamp_value(&plain, rest, &s) && s.kind == STAMP_INSTANT) {
			*boot_ns = s.instant_ns - uptime_ns;
			return true;
		}
	}
	return false;
}

/* ---- the sample, line by line ---- */

static void look_at_second(const struct found_stamp *f, bool zone_given, struct sample_facts *facts)
{
	struct stamp first = f->stamp;
	facts->seconds_seen++;
	if (first.kind == STAMP_CIVIL && first.year == 0) {
		if (f->second.kind == STAMP_CIVIL && f->second.year != 0) {
			first.year = f->second.year;
		} else if (f->second.kind == STAMP_INSTANT) {
			int64_t year;
			int month, day;
			clock_date(f->second.instant_ns / NS_PER_S / 86400, &year, &month, &day);
			first.year = (int16_t)year;
		} else {
			return;
		}
	}
	int64_t wall = first.kind == STAMP_INSTANT ? first.instant_ns / NS_PER_S
						   : stamp_wall_seconds(&first);
	int64_t difference;
	if (!reading_clocks_agree(&first, &f->second, wall, &difference))
		return;
	facts->seconds_agree++;
	facts->seconds_needed +=
		f->stamp.fraction_digits < f->second.fraction_digits ||
		(!zone_given && f->stamp.kind == STAMP_CIVIL && f->stamp.zone == STAMP_ZONE_NONE &&
			(f->second.kind == STAMP_INSTANT || f->second.zone != STAMP_ZONE_NONE));
	if (facts->dated_wall == TIME_NONE)
		facts->dated_wall = wall;
	bool first_zoned = first.kind == STAMP_INSTANT || first.zone != STAMP_ZONE_NONE;
	if (first_zoned || facts->offset_known)
		return;
	if (f->second.kind == STAMP_INSTANT) {
		facts->offset_known = true;
		facts->offset_seconds = difference;
	} else if (f->second.zone == STAMP_ZONE_OFFSET) {
		facts->offset_known = true;
		facts->offset_seconds = difference + f->second.offset_seconds;
	}
}

/*
 * The zone of the envelopes' clock, by the stamps with a zone that devices put into their messages:
 * lines without such a stamp have nothing else. A message is on its way for a moment, so the
 * difference is taken to the quarter of an hour.
 */
static void look_at_inner(const struct found_stamp *f, struct sample_facts *facts)
{
	if (f->stamp.kind != STAMP_CIVIL || f->stamp.zone != STAMP_ZONE_NONE ||
		(f->inner.kind != STAMP_INSTANT && f->inner.zone != STAMP_ZONE_OFFSET))
		return;
	int64_t way = reading_way_between(&f->stamp, &f->inner);
	int64_t late = ((way % 900) + 900) % 900;
	int64_t offset = late < 450 ? way - late : way - late + 900;
	if ((late > LATE_SECONDS && late < 900 - LATE_SECONDS) || offset < -14 * 3600 ||
		offset > 14 * 3600)
		return;
	if (facts->envelopes == 0)
		facts->envelope_offset = offset;
	facts->envelopes++;
	facts->envelopes_differ |= offset != facts->envelope_offset;
}

static void look_at_stamp(const struct stamp *s, struct sample_facts *facts)
{
	if (s->kind == STAMP_INSTANT && facts->dated_wall == TIME_NONE)
		facts->dated_wall = s->instant_ns / NS_PER_S;
	if (s->kind != STAMP_CIVIL)
		return;
	facts->zoneless |= s->zone == STAMP_ZONE_NONE;
	if (s->year != 0 && facts->dated_wall == TIME_NONE)
		facts->dated_wall = stamp_wall_seconds(s);
	if (s->year == 0 && facts->first_yearless == TIME_NONE) {
		struct stamp leap = *s;
		leap.year = 2000;
		facts->first_yearless = stamp_wall_seconds(&leap);
	}
}

/*
 * A line that is a date, before the first that begins with a time of day; or one of the first that
 * do, which says what day it is: `23:59:59 (lmgrd) TIMESTAMP 12/31/2025`.
 */
static void find_heading(const struct source_reading *source, struct str sample,
	int64_t modified_ns, struct sample_facts *facts)
{
	struct stamp clock;
	struct str line;
	int timed_lines = 0;
	for (int i = 0; i < SAMPLE_LINES && reading_next_line(&sample, &line); i++) {
		bool timed = reading_find_clock(line, 0, &clock);
		timed_lines += timed;
		if (timed_lines > HEADING_LINES)
			return;
		if (timed && str_find(line, STR(" TIMESTAMP ")) < 0)
			continue;
		if (!timed && timed_lines > 0)
			continue;
		reading_is_date(&source->search, line, modified_ns, &facts->heading_wall);
	}
}

/*
 * Small files are many, and most say the same in every line: when so many lines taught nothing new,
 * the rest of the sample is left. Not where a line far behind may settle what these leave open:
 * which of two numbers is the month, the year, when the machine was started, whether there are
 * stamps at all.
 */
#define PATIENCE_LINES 128

struct pace {
	unsigned known; /* what was met so far, a bit each; shapes of stamps in the lowest eight */
	size_t news_line; /* the last that taught something */
	bool open;
};

static size_t count_shapes(const struct stamp_shapes *shapes)
{
	size_t count = 0;
	while (count < countof(shapes->items) && shapes->items[count] != 0)
		count++;
	return count;
}

/* What is told by the order of dates and the layout of stamps,
 * of heads [1] and of all others [0]. */
struct sample_stamps {
	struct order_evidence slashes[2];
	struct order_evidence dots[2];
	struct stamp_shapes shapes[2];
};

static void judge_sample(struct source_reading *source, const struct sample_stamps *stamps,
	int64_t modified_ns, const struct sample_facts *facts)
{
	/* Where most stand in prose, they are the log's; else none of them is, before the first
	 * head too. */
	source->prose_heads = facts->heads > 0 && facts->prose >= facts->heads * PROSE_SHARE;
	source->shapes = stamps->shapes[facts->heads > 0 && !source->prose_heads];
	source->next.header_seen = facts->heads > facts->prose;
	source->prose_tags = facts->heads >= HEADS_JUDGED && facts->tagged * 2 < facts->heads;
	source->id_kinds = ids_learned(&facts->ids);
	source->plain_names = reading_names_services(source, &facts->names);
	/* Where every line has the same, it is as good as the file's name; where they differ, or
	 * only some have one, it tells parts of a program apart. */
	source->names_parts = facts->parts_differ || facts->parts < facts->heads;
	source->clock_lines = facts->clocks > 0 && facts->clocks * 2 >= facts->lines;
	source->search.slash_order = reading_judge_order(
		&stamps->slashes[reading_has_dates(&stamps->slashes[1])], modified_ns);
	source->search.dot_order = reading_judge_order(
		&stamps->dots[reading_has_dates(&stamps->dots[1])], modified_ns);
	source->inner_clock = facts->inner > 0 && facts->inner * SECONDS_SHARE >= facts->heads;
	bool agree = facts->seconds_agree > 0 && facts->seconds_agree * 2 >= facts->seconds_seen;
	source->second_clock = agree && facts->seconds_agree * SECONDS_SHARE >= facts->heads &&
			       facts->seconds_needed * 2 >= facts->seconds_agree;
	if (agree && facts->offset_known) {
		source->offset_known = true;
		source->offset_seconds = (int32_t)facts->offset_seconds;
	} else if (source->inner_clock && facts->envelopes > 1 && !facts->envelopes_differ) {
		source->offset_known = true;
		source->offset_seconds = (int32_t)facts->envelope_offset;
	}
}

static void look_at_found(const struct reading_options *options, struct source_reading *source,
	struct str line, const struct found_stamp *f, struct sample_stamps *stamps,
	struct sample_facts *facts)
{
	bool indented = line.ptr[0] == ' ' || line.ptr[0] == '\t';
	reading_note_order(f->stamp.date_separator == '.' ? &stamps->dots[f->is_head]
							  : &stamps->slashes[f->is_head],
		&f->stamp);
	if (f->stamp.kind == STAMP_UPTIME) {
		if (source->boot_ns == TIME_NONE)
			boot_from_line(line, f->stamp.instant_ns, &source->boot_ns);
		return;
	}
	if (f->second.kind != STAMP_NONE)
		look_at_second(f, options->zone_given, facts);
	facts->prose += !f->is_head && !indented;
	if (f->is_head || !indented)
		reading_note_shape(&stamps->shapes[f->is_head], line, f);
	if (f->is_head) {
		struct syslog_head head;
		facts->heads++;
		facts->tagged += service_syslog_head(line, f->stamp.end, true, &head);
		facts->inner += f->inner.kind != STAMP_NONE;
		reading_note_name(&facts->names, line, f);
		ids_learn(&facts->ids, line);
		if (f->inner.kind != STAMP_NONE)
			look_at_inner(f, facts);
		struct str part = reading_part(line, f);
		facts->part = facts->parts == 0 ? part : facts->part;
		facts->parts += part.len > 0;
		facts->parts_differ |= part.len > 0 && !str_equal(part, facts->part);
		look_at_stamp(f->inner.kind != STAMP_NONE ? &f->inner : &f->stamp, facts);
	}
}

/* Is what follows in the sample as good as known after line `i`? */
static bool is_settled(struct pace *pace, size_t i, const struct sample_stamps *stamps,
	const struct sample_facts *facts)
{
	const struct order_evidence *all[] = { &stamps->slashes[0], &stamps->slashes[1],
		&stamps->dots[0], &stamps->dots[1] };
	unsigned known = 0;
	for (size_t k = 0; k < countof(all); k++)
		pace->open |= all[k]->open;
	for (unsigned head = 0; head < 2; head++)
		known |= (1U << count_shapes(&stamps->shapes[head])) << head * 9;
	const bool met[] = { facts->prose > 0, facts->clocks > 0, facts->inner > 0,
		facts->tagged > 0, facts->seconds_seen > 0, facts->offset_known, facts->zoneless };
	for (unsigned bit = 0; bit < countof(met); bit++)
		known |= (unsigned)met[bit] << (18 + bit);
	if ((known | pace->known) != pace->known)
		pace->news_line = i;
	pace->known |= known;
	return !pace->open && i >= pace->news_line + PATIENCE_LINES &&
	       facts->heads * 2 > facts->lines && facts->dated_wall != TIME_NONE;
}

static void look_at_sample(const struct reading_options *options, struct source_reading *source,
	struct str sample, int64_t modified_ns, struct sample_facts *facts)
{
	struct sample_stamps stamps = { .shapes = { { { 0 }, 0 } } };
	struct found_stamp f;
	struct pace pace = { 0 };
	struct str line, rest = sample;
	source->second_clock = true;
	source->inner_clock = true;
	source->clock_lines = true;
	for (size_t i = 0; i < SAMPLE_LINES && reading_next_line(&rest, &line); i++) {
		bool found = reading_find(options, source, line, false, &f);
		source->field_records |= str_starts(line, STR("__REALTIME_TIMESTAMP="));
		facts->lines += line.len > 0 && line.ptr[0] != ' ' && line.ptr[0] != '\t' &&
				line.ptr[0] != '#';
		if (found && f.stamp.kind == STAMP_CLOCK)
			facts->clocks++;
		else if (found)
			look_at_found(options, source, line, &f, &stamps, facts);
		pace.open |= found && f.stamp.kind == STAMP_UPTIME;
		if (is_settled(&pace, i, &stamps, facts))
			break;
	}
	judge_sample(source, &stamps, modified_ns, facts);
	if (source->clock_lines)
		find_heading(source, sample, modified_ns, facts);
}

static void add_note(struct source_reading *source, const char *text)
{
	size_t len = strlen(source->note);
	snprintf(source->note + len, sizeof(source->note) - len, "%s%s", len > 0 ? "; " : "", text);
}

static void learn_service(const struct reading_options *options, struct source_reading *source,
	const struct member *m)
{
	struct str place = m->place;
	struct str group;
	for (size_t i = 0; i < options->service_count; i++) {
		if (service_pattern_match(options->services[i], place, &group)) {
			source->service_is_forced = true;
			buf_append(&source->service, group);
			return;
		}
	}
	source->service_source = service_of_place(place, m->top, &source->service);
	struct str container = reading_container(options, place);
	if (container.len > 0) {
		buf_clear(&source->service);
		buf_append(&source->service, container);
	}
}

static void source_destroy(void *context)
{
	struct source_reading *source = context;
	if (source == NULL)
		return;
	buf_release(&source->service);
	free(source);
}

void reading_learn(const struct reading_options *options, struct member *member, struct str sample)
{
	if (member->context != NULL)
		return;
	if (sample.len > READING_SAMPLE_BYTES) {
		sample = str_head(sample, READING_SAMPLE_BYTES);
		ptrdiff_t end = str_rfind_byte(sample, '\n');
		if (end > 0)
			sample.len = (size_t)end;
	}
	struct source_reading *source = mem_zalloc(1, sizeof(*source));
	buf_init(&source->service, 4096);
	source->boot_ns = TIME_NONE;
	source->next.source = source;
	source->next.inherited_ns = TIME_NONE;
	learn_service(options, source, member);
	reading_learn_columns(source, sample, member->modified_ns);
	reading_learn_table(source, sample);
	source->sections = reading_has_sections(sample);
	struct sample_facts facts = {
		.first_yearless = TIME_NONE, .dated_wall = TIME_NONE, .heading_wall = TIME_NONE
	};
	look_at_sample(options, source, sample, member->modified_ns, &facts);
	reading_learn_year(options, source, member, &facts);
	if (source->search.slash_order == DATE_ORDER_DAY_FIRST)
		add_note(source, "dates taken as day first");
	if ((facts.zoneless || source->clock_lines) && !source->offset_known &&
		!options->zone_given)
		add_note(source, "no zone in stamps, UTC taken");
	if (source->offset_known && !options->zone_given)
		add_note(source, "no zone in stamps, taken from a second clock in the lines");
	member->context = source;
	member->context_destroy = source_destroy;
}

struct str source_reading_note(const struct source_reading *source)
{
	return str_from(source->note);
}
