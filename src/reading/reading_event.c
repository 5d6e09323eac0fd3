/* SPDX-License-Identifier: MIT */
/*
 * Windows' events, one a line, as XML: `<Event xmlns=...><System><Provider Name='MSSQL'/>...
 * <Level>2</Level>...<EventData><Data>text</Data>`, and as text: `Event[0]  Log Name: Application
 * Source: MSSQL  Date: ...  Level: Error ...  Description: text`. The provider is the program.
 */
#include "lineup/level.h"
#include "src/reading/level_codes.h"
#include "src/reading/reading_source.h"

/* The text behind the first of this mark, up to one of these bytes; or none. */
static struct str behind(struct str event, struct str mark, char end)
{
	ptrdiff_t at = str_find(event, mark);
	if (at < 0)
		return STR_NONE;
	struct str rest = str_skip(event, (size_t)at + mark.len);
	ptrdiff_t len = str_find_byte(rest, end);
	return len < 0 ? STR_NONE : str_head(rest, (size_t)len);
}

/* The value of a field, which ends where the next one begins, by two blanks. */
static struct str field(struct str event, struct str name)
{
	ptrdiff_t at = str_find(event, name);
	struct str rest = at < 0 ? STR_NONE : str_skip(event, (size_t)at + name.len);
	ptrdiff_t len = str_find(rest, STR("  "));
	return str_trim(len < 0 ? rest : str_head(rest, (size_t)len));
}

static bool read_text(struct str line, struct str event, struct line_head *head)
{
	static const struct str mark = { "  Description:", 14 };
	ptrdiff_t description = str_find(event, mark);
	struct str fields = description < 0 ? event : str_head(event, (size_t)description);
	struct str name = field(fields, STR("  Source: "));
	struct str level = field(fields, STR("  Level: "));
	if (str_find(fields, STR("  Log Name: ")) < 0 || name.len == 0)
		return false;
	head->program = name;
	if (level_of_value(level) != LEVEL_NONE)
		head->level = level_of_value(level);
	head->digits_matter = true;
	struct str message = description < 0
				     ? STR_NONE
				     : str_trim(str_skip(event, (size_t)description + mark.len));
	if (message.len > 0)
		head->text_at = (size_t)(message.ptr - line.ptr);
	return true;
}

bool reading_event(struct str line, size_t at, struct line_head *head)
{
	struct str event = str_skip(line, at);
	if (str_starts(event, STR("Event[")))
		return read_text(line, event, head);
	if (!str_starts(event, STR("<Event")))
		return false;
	struct str provider = behind(event, STR("<Provider Name="), '>');
	struct str name = str_skip(provider, 1);
	name = provider.len > 1 ? str_cut(&name, provider.ptr[0]) : STR_NONE;
	struct str level = behind(event, STR("<Level>"), '<');
	if (name.len == 0)
		return false;
	head->program = name;
	if (level.len == 1 && is_digit(level.ptr[0]))
		head->level = level_of_windows((unsigned)(level.ptr[0] - '0'));
	head->digits_matter = true;
	struct str message = behind(event, STR("<Message>"), '<');
	if (message.len == 0) {
		/* <Data>text</Data>, <Data Name='param1'>text</Data> */
		ptrdiff_t data = str_find(event, STR("<Data"));
		struct str rest = data < 0 ? STR_NONE : str_skip(event, (size_t)data);
		str_cut(&rest, '>');
		message = str_cut(&rest, '<');
	}
	if (message.len > 0)
		head->text_at = (size_t)(message.ptr - line.ptr);
	return true;
}
