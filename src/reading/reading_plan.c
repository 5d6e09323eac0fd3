/* SPDX-License-Identifier: MIT */
/*
 * A line's head by its masked form. Lines of one form (line_mask.h) differ in the values of digits
 * and in the digits of ids, and in nothing else; so what is told from classes of bytes is told
 * once.
 *
 * What each line is still asked for: its wrapping, since a pod's name is told by which digits it
 * has; its stamp, since a number that is a stamp in one line is none in another; an envelope's
 * second stamp. When these come out in the shape that they had (place, kind, what is known of the
 * layout), the rest of the head follows. What the values of digits decide there is looked at again
 * (a priority, RFC 5424's version, a JSON level that is a number, a JSON name that may be a pod's)
 * or makes a slot void: a switch's %X-4-Y, a number that is one of several levels.
 *
 * In ids, bytes that are digits in one line are letters in another. What walks over a head
 * (reading_head.c, reading_fields.c, service.c, level.c) takes both alike, but for the first byte
 * behind a bracket, which tells a process id.
 */
#include "lineup/level.h"
#include "src/reading/reading_source.h"

static bool place_of(struct str line, struct str part, struct text_place *place)
{
	*place = (struct text_place){ 0, 0, part.ptr != NULL };
	if (part.ptr == NULL)
		return true;
	if (part.ptr < line.ptr || part.ptr + part.len > line.ptr + line.len)
		return false;
	place->start = (uint16_t)(part.ptr - line.ptr);
	place->len = (uint16_t)part.len;
	return true;
}

static struct str text_of(struct str line, const struct text_place *place)
{
	return place->known ? str_of(line.ptr + place->start, place->len) : STR_NONE;
}

/* Does an id stand behind a bracket? */
static bool has_bracketed_id(const struct line_form *form)
{
	for (uint32_t i = 1; i < form->fit.len; i++) {
		if (form->fit.masked[i] == LINE_MASK_ID && form->fit.masked[i - 1] == '[')
			return true;
	}
	return false;
}

static bool is_void(const struct source_reading *source, const struct found_stamp *f, bool found,
	const struct line_head *head, const struct line_form *form)
{
	if (head->digits_matter || source->field_records)
		return true;
	/* A time in JSON that is no stamp, or is completed by another field. */
	const struct str *time = &f->json.values[JSON_FIELD_TIME].text;
	bool by_key = found && f->is_json && f->stamp_end == f->text_at;
	if (f->json_read &&
		(f->json.digits_matter || (time->ptr != NULL && !by_key) ||
			(by_key && f->json.finer_count > 0 && f->stamp.fraction_digits == 0)))
		return true;
	return has_bracketed_id(form);
}

/*
 * The name that JSON has for the program, where it is the same in all lines of the form: without
 * what is to be cut off it, so that this need not be asked again.
 */
static bool is_same_program(struct str line, const struct line_head *head,
	const struct line_form *form, struct str *name)
{
	struct text_place place;
	if (!place_of(line, head->program, &place) ||
		(size_t)place.start + place.len > form->fit.len)
		return false;
	const char *p = form->fit.masked + place.start;
	if (memchr(p, '0', place.len) != NULL || memchr(p, LINE_MASK_ID, place.len) != NULL)
		return false;
	*name = reading_program(head);
	return name->len > 0;
}

void reading_remember(const struct reading_options *options, const struct source_reading *source,
	struct str line, const struct found_stamp *f, bool found, bool stamped,
	const struct line_head *head, struct line_form *form)
{
	struct reading_slot *slot = &form->reading;
	*slot = (struct reading_slot){ .state = READING_SLOT_VOID };
	if (is_void(source, f, found, head, form))
		return;
	bool by_key = f->json_read && f->json.values[JSON_FIELD_TIME].text.ptr != NULL;
	*slot = (struct reading_slot){ .state = READING_SLOT_FILLED,
		.found = found,
		.stamped = stamped,
		.is_json = f->is_json,
		.prose_tags = source->prose_tags,
		.names_parts = source->names_parts,
		.plain_names = source->plain_names,
		.time_column = source->table.time,
		.separator = source->table.separator,
		.level = (uint8_t)(head->http_status.len > 0 ? head->level_besides : head->level),
		.payload_at = (uint16_t)(f->wrapping.payload_at),
		.text_at = (uint16_t)f->text_at,
		.head_end = (uint16_t)head->text_at };
	if (found) {
		slot->stamp_kind = (uint8_t)f->stamp.kind;
		slot->fraction_digits = f->stamp.fraction_digits;
		slot->date_separator = f->stamp.date_separator;
		slot->level_letter = f->stamp.level_letter;
		slot->is_syslog = f->stamp.is_syslog;
		slot->is_named = f->stamp.is_named;
		slot->is_column = f->stamp.is_column;
		slot->stamp_start = (uint16_t)f->stamp.start;
		slot->stamp_end = (uint16_t)f->stamp.end;
	}
	slot->envelope_end = (uint16_t)head->envelope.end;
	slot->envelope_level = (uint8_t)head->envelope.level;
	slot->envelope_is_named = head->envelope.is_named;
	slot->has_priority = head->has_priority;
	slot->level_is_priority = head->level_is_priority;
	slot->has_version = head->has_version;
	slot->is_version_1 = head->is_version_1;
	slot->program_kind = head->is_json_name ? SLOT_PROGRAM_JSON : SLOT_PROGRAM_PLACE;
	struct str program = head->program;
	if (head->is_json_name && is_same_program(line, head, form, &program))
		slot->program_kind = SLOT_PROGRAM_PLACE;
	struct str time = by_key ? f->json.values[JSON_FIELD_TIME].text : STR_NONE;
	if (stamped && !f->is_json && f->stamp.kind == STAMP_UPTIME)
		slot->program_kind = SLOT_PROGRAM_KERNEL;
	else if (!place_of(line, program, &slot->program))
		slot->state = READING_SLOT_VOID;
	if (!place_of(line, head->host, &slot->host) || !place_of(line, time, &slot->time) ||
		!place_of(line, head->level_number, &slot->level_number) ||
		!place_of(line, head->http_status, &slot->http_status))
		slot->state = READING_SLOT_VOID;
	if (slot->state == READING_SLOT_FILLED)
		reading_quick_learn(options, f, line, form, slot);
}

bool reading_fits_source(const struct reading_slot *slot, const struct source_reading *source)
{
	return slot->prose_tags == source->prose_tags && slot->names_parts == source->names_parts &&
	       slot->plain_names == source->plain_names &&
	       slot->time_column == source->table.time &&
	       slot->separator == source->table.separator && !source->field_records;
}

/* Has the stamp the shape of the one that the slot was filled with? */
static bool same_shape(const struct reading_slot *slot, const struct stamp *s)
{
	return slot->stamp_kind == (uint8_t)s->kind && slot->stamp_start == s->start &&
	       slot->stamp_end == s->end && slot->fraction_digits == s->fraction_digits &&
	       slot->date_separator == s->date_separator && slot->level_letter == s->level_letter &&
	       slot->is_syslog == s->is_syslog && slot->is_named == s->is_named &&
	       slot->is_column == s->is_column;
}

/* As reading_find would, without reading JSON. */
static bool find_again(const struct reading_options *options, const struct source_reading *source,
	struct str line, bool head_only, const struct reading_slot *slot, struct found_stamp *f)
{
	f->stamp.kind = f->second.kind = f->inner.kind = STAMP_NONE;
	f->is_json = slot->is_json;
	f->json_read = f->is_head = false;
	f->text_at = service_unwrap(line, &f->wrapping) ? f->wrapping.payload_at : 0;
	if (f->wrapping.payload_at != slot->payload_at)
		return false;
	if (slot->time.known) {
		if (f->text_at != slot->payload_at ||
			!stamp_value(&source->search, text_of(line, &slot->time), &f->stamp))
			return false;
		f->stamp.start += slot->time.start;
		f->stamp.end += slot->time.start;
		f->is_head = true;
		f->text_at = f->stamp_end = slot->text_at;
		return slot->found;
	}
	f->stamp_end = f->text_at;
	if (line.len < f->text_at + 4)
		return !slot->found;
	bool found = reading_find_in_text(options, source, line, head_only, f);
	if (found)
		f->stamp_end = f->stamp.end;
	return found == slot->found;
}

bool reading_recall_head(
	const struct reading_slot *slot, struct str line, unsigned priority, struct line_head *head)
{
	head->host = text_of(line, &slot->host);
	head->level = (enum level)slot->level;
	head->text_at = slot->head_end;
	head->is_json_name = slot->program_kind == SLOT_PROGRAM_JSON;
	head->program = slot->program_kind == SLOT_PROGRAM_KERNEL ? STR("kernel")
								  : text_of(line, &slot->program);
	if (slot->level_is_priority)
		head->level = level_of_syslog(priority);
	if (slot->level_number.known)
		head->level = level_of_value(text_of(line, &slot->level_number));
	bool good = !slot->level_number.known || head->level != LEVEL_NONE;
	if (slot->http_status.known)
		reading_take_status(head, text_of(line, &slot->http_status));
	return good;
}

bool reading_recall(const struct reading_options *options, const struct source_reading *source,
	struct str line, bool head_only, const struct reading_slot *slot, struct found_stamp *f,
	struct line_head *head)
{
	struct line_envelope envelope = { .level = LEVEL_NONE };
	unsigned priority = 0;
	if (!reading_fits_source(slot, source) ||
		!find_again(options, source, line, head_only, slot, f) ||
		(slot->found && !same_shape(slot, &f->stamp)))
		return false;
	if (slot->stamped && !slot->is_json) {
		reading_envelope(source, &f->stamp, line, slot->has_priority, &envelope);
		if (envelope.end != slot->envelope_end ||
			envelope.level != (enum level)slot->envelope_level ||
			envelope.is_named != slot->envelope_is_named)
			return false;
	}
	if ((slot->has_priority && reading_priority(line, slot->payload_at, &priority) == 0) ||
		(slot->has_version &&
			(line.ptr[slot->stamp_start - 2] == '1') != slot->is_version_1))
		return false;
	return reading_recall_head(slot, line, priority, head);
}
