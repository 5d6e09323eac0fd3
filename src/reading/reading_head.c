/* SPDX-License-Identifier: MIT */
/* What the head of a line says besides its time: program, host, level, where its message starts. */
#include "lineup/level.h"
#include "src/reading/reading_source.h"

/* How far behind a column of seconds syslog's own stamp is looked for. */
#define ENVELOPE_BYTES	48
#define HOST_BYTES	64
#define LEVEL_BYTES	40  /* a level that ends further behind is of the message */
#define EXCEPTION_BYTES 200 /* of an exception's class */

/* <134> at the line's start; *number is the priority. */
size_t reading_priority(struct str line, size_t at, unsigned *number)
{
	size_t i = at + 1;
	if (at >= line.len || line.ptr[at] != '<')
		return 0;
	for (*number = 0; i < line.len && i < at + 4 && is_digit(line.ptr[i]); i++)
		*number = *number * 10 + (unsigned)(line.ptr[i] - '0');
	return i > at + 1 && i < line.len && line.ptr[i] == '>' && *number < 192 ? i + 1 : 0;
}

/*
 * `relay Dec 31 23:59:58 host ...`, `host (2025-12-31T22:59:58) tag: ...` behind a stamp of syslog:
 * the end of the one that was forwarded; 0.
 */
static size_t forwarded_stamp(const struct source_reading *source, struct str line, size_t at)
{
	struct stamp next;
	size_t start = ++at;
	while (at < line.len && at < start + HOST_BYTES && line.ptr[at] != ' ')
		at++;
	if (at + 16 >= line.len || at == start)
		return 0;
	char first = line.ptr[++at];
	if (first == '(' && is_digit(line.ptr[at + 1]))
		return stamp_read(&source->search, line, at + 1, &next) &&
				       next.kind == STAMP_CIVIL && next.end < line.len &&
				       line.ptr[next.end] == ')'
			       ? next.end + 1
			       : 0;
	if (first < 'A' || first > 'Z' || line.ptr[at + 3] != ' ' ||
		!stamp_read(&source->search, line, at, &next) || !next.is_syslog)
		return 0;
	return next.end;
}

void reading_envelope(const struct source_reading *source, const struct stamp *s, struct str line,
	bool has_priority, struct line_envelope *e)
{
	struct str rest = str_skip(line, s->end);
	*e = (struct line_envelope){ s->end, LEVEL_NONE,
		s->is_syslog || s->is_named || has_priority };
	if (rest.len < 12 || rest.ptr[0] != ' ')
		return;
	if (rest.ptr[1] == 's' &&
		(str_starts(rest, STR(" stdout ")) || str_starts(rest, STR(" stderr "))) &&
		(rest.ptr[8] == 'F' || rest.ptr[8] == 'P') && rest.ptr[9] == ' ') {
		e->end += 9;
		rest = str_skip(line, e->end);
	}
	struct stamp next;
	if (s->is_column &&
		stamp_find(&source->search, line, e->end, e->end + ENVELOPE_BYTES, &next) &&
		next.is_syslog) {
		e->is_named = true;
		e->end = next.end;
		return;
	}
	size_t forwarded = s->is_syslog ? forwarded_stamp(source, line, e->end) : 0;
	if (forwarded > 0) {
		e->end = forwarded;
		return;
	}
	if (rest.len < 16 || !stamp_read(&source->search, line, e->end + 1, &next) ||
		next.kind != STAMP_CIVIL)
		return;
	if (next.level_letter != 0)
		e->level = level_of_word(str_of(&next.level_letter, 1));
	e->is_named = next.is_syslog || next.is_named;
	e->end = next.end;
}

/*
 * May the text behind the stamp be syslog's head? For sure behind a month's name or a priority;
 * behind other stamps of a calendar with a process id; behind those that rsyslog writes also with a
 * host and a tag alone, unless the sample shows that its lines are no such.
 */
static bool may_be_syslog(const struct source_reading *source, const struct found_stamp *f,
	struct str line, bool has_pid)
{
	const struct stamp *s = &f->stamp;
	if (s->kind == STAMP_INSTANT)
		return s->start == f->text_at;
	if (s->kind != STAMP_CIVIL || has_pid)
		return s->kind == STAMP_CIVIL;
	return !source->prose_tags && s->date_separator == '-' && s->end - s->start >= 19 &&
	       line.ptr[s->start + 10] == 'T';
}

/* `haproxy[1234]: address [31/Dec/2025:23:59:59.123] ...`: a tag in front of all, the stamp behind
 * it. */
static void read_leading_tag(const struct found_stamp *f, struct str line, struct line_head *head)
{
	struct syslog_head syslog;
	struct str front = str_head(line, f->stamp.start);
	if (f->stamp.start < f->text_at + 6 || !is_alpha(line.ptr[f->text_at]) ||
		!service_syslog_head(front, f->text_at, true, &syslog) || !syslog.has_pid ||
		line.ptr[syslog.message_at - 1] != ':')
		return;
	head->program = syslog.program;
	head->host = syslog.host;
}

static void read_syslog(const struct source_reading *source, const struct found_stamp *f,
	struct str line, size_t at, size_t priority_end, bool sure, struct line_head *head)
{
	const struct stamp *s = &f->stamp;
	struct syslog_head syslog;
	size_t before = s->start - f->text_at;
	bool in_brackets = s->start > 0 && line.ptr[s->start - 1] == '[';
	if (before > 24 || at >= line.len || (in_brackets && line.ptr[at] != ']'))
		return;
	/* RFC 5424's version, 1, behind its priority, which some writers leave out. */
	bool is_5424 = s->start == (priority_end > 0 ? priority_end : f->text_at) + 2 &&
		       line.ptr[s->start - 2] == '1' && line.ptr[s->start - 1] == ' ' &&
		       (s->kind != STAMP_CIVIL || line.ptr[s->start + 10] == 'T');
	head->has_version = s->start == (priority_end > 0 ? priority_end : f->text_at) + 2 &&
			    is_digit(line.ptr[s->start - 2]);
	head->is_version_1 = is_5424;
	if (is_5424) {
		if (!service_syslog5424_head(line, at, &syslog))
			return;
	} else {
		if ((!sure && !may_be_syslog(source, f, line, true)) ||
			!service_syslog_head(line, at, !sure, &syslog) ||
			(!sure && !may_be_syslog(
					  source, f, line, syslog.has_pid || syslog.has_facility)))
			return;
		/* Loggers put their stamps into brackets,
		 * and behind them what has no process id. */
		if (in_brackets && (!syslog.has_pid || service_is_capitals(syslog.program)))
			return;
		/* Behind a column of seconds the kernel's words stand without its name. */
		if (s->is_column && !syslog.has_pid && s->start != f->text_at)
			return;
	}
	head->program = syslog.program;
	head->host = syslog.host;
	head->text_at = syslog.message_at;
	if (syslog.level != LEVEL_NONE)
		head->level = syslog.level;
	/* klog's E1231 behind the tag */
	struct str text = str_skip(line, size_min(head->text_at, line.len));
	text = text.len > 0 && text.ptr[0] == ' ' ? str_skip(text, 1) : text;
	if (head->level == LEVEL_NONE && text.len > 6 && strchr("IWEF", text.ptr[0]) != NULL &&
		is_digit(text.ptr[1]) && is_digit(text.ptr[2]) && is_digit(text.ptr[3]) &&
		is_digit(text.ptr[4]) && text.ptr[5] == ' ')
		head->level = level_of_word(str_head(text, 1));
}

static void read_text_head(const struct source_reading *source, const struct found_stamp *f,
	struct str line, bool stamped, struct line_head *head)
{
	unsigned priority = 0;
	*head = (struct line_head){ .text_at = f->stamp_end, .names_parts = source->names_parts };
	size_t priority_end = reading_priority(line, f->text_at, &priority);
	head->has_priority = priority_end > 0;
	/* a number that is none may be one in another line of the form */
	head->digits_matter =
		priority_end == 0 && f->text_at < line.len && line.ptr[f->text_at] == '<';
	if (stamped && !f->is_json) {
		const struct stamp *s = &f->stamp;
		reading_envelope(source, s, line, priority_end > 0, &head->envelope);
		size_t at = head->envelope.end;
		bool sure = head->envelope.is_named;
		head->text_at = at;
		head->level = head->envelope.level;
		if (s->level_letter != 0)
			head->level = level_of_word(str_of(&s->level_letter, 1));
		if (!((s->date_separator == '-' || s->is_column) &&
			    reading_device_head(line, at, head)))
			read_syslog(source, f, line, at, priority_end, sure, head);
		if (head->program.len == 0)
			read_leading_tag(f, line, head);
		if (s->kind == STAMP_UPTIME)
			head->program = STR("kernel");
	}
	if (head->level == LEVEL_NONE && stamped &&
		reading_trace_level(line, f->text_at, &head->level)) {
		head->digits_matter = true;
	} else if (head->level == LEVEL_NONE && !f->is_json) {
		size_t end = head->text_at;
		/* A level may stand before the stamp: `ERROR 2025-12-31 ...`, `(W) 2025-...`. */
		if (stamped && f->stamp.start > f->text_at) {
			struct str before = str_head(line, f->stamp.start);
			head->level = level_find(before, f->text_at, &end, &head->digits_matter);
		}
		if (head->level == LEVEL_NONE) {
			head->level = level_find(reading_before_json(line, head->text_at),
				head->text_at, &end, &head->digits_matter);
			if (head->level != LEVEL_NONE && end > head->text_at &&
				end - head->text_at < LEVEL_BYTES)
				head->text_at = end;
		}
	}
	if (reading_may_tell_status(head->level) && stamped && !f->is_json && priority_end == 0)
		reading_take_status(head, reading_access_status(line, head->text_at));
	if (head->level == LEVEL_NONE && priority_end > 0) {
		head->level = level_of_syslog(priority);
		head->level_is_priority = true;
	}
	if (head->level == LEVEL_NONE && line.len == 10 && str_starts(line, STR("PRIORITY="))) {
		head->level = level_of_value(str_skip(line, 9));
		head->digits_matter = true;
	}
}

void reading_begin_message(struct str line, size_t at, size_t message_end, struct line_head *head)
{
	size_t end = head->text_at = at;
	enum level level = level_find(str_head(line, message_end), at, &end, &head->digits_matter);
	if (head->level == LEVEL_NONE)
		head->level = level;
	if (level != LEVEL_NONE && level == head->level && end > at && end - at < LEVEL_BYTES &&
		end < message_end)
		head->text_at = end;
}

/* Indented lines, and the words with which languages begin the lines of a stack trace. */
bool reading_continues(struct str line)
{
	static const struct str starts[] = { { "Caused by:", 10 }, { "Traceback ", 10 },
		{ "...", 3 }, { "at ", 3 }, { "goroutine ", 10 }, { "Suppressed:", 11 } };
	if (line.len == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t' || line.ptr[0] == '}' ||
		line.ptr[0] == ')')
		return true;
	for (size_t i = 0; i < countof(starts); i++) {
		if (str_starts(line, starts[i]))
			return true;
	}
	return false;
}

/* worker.errors.CriticalError: ..., java.io.IOException: ...: an exception by its class. */
bool reading_is_exception(struct str line)
{
	static const struct str ends[] = { { "Error", 5 }, { "Exception", 9 }, { "Failure", 7 } };
	size_t i = 0;
	while (i < line.len && i < EXCEPTION_BYTES &&
		(is_alpha(line.ptr[i]) || is_digit(line.ptr[i]) || line.ptr[i] == '.' ||
			line.ptr[i] == '_' || line.ptr[i] == '$'))
		i++;
	if (i < 8 || (i < line.len && line.ptr[i] != ':'))
		return false;
	for (size_t k = 0; k < countof(ends); k++) {
		if (i > ends[k].len && str_ends(str_head(line, i), ends[k]))
			return true;
	}
	return false;
}

/* The first word of an indented line, behind brackets and quotes or not. */
static struct str first_word(struct str line)
{
	size_t at = 0, end;
	while (at < line.len && memchr(" \t[<(", line.ptr[at], 5) != NULL)
		at++;
	for (end = at; end < line.len && is_alpha(line.ptr[end]);)
		end++;
	return str_of(line.ptr + at, end - at);
}

/*
 * A row of a table, a member of JSON, a statement or a line of code in a longer message: words for
 * levels in it are what the message tells of, unless the line begins with one. What an exception
 * says is as bad as the line that logs it, if that is an error.
 */
enum level reading_level_of_part(
	struct str line, bool header_seen, enum level own, enum level record)
{
	bool indented = line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
	if (own == LEVEL_NONE)
		return reading_continues(line) ? record : LEVEL_NONE;
	if (!header_seen)
		return own;
	if (indented ? level_of_word(first_word(line)) == LEVEL_NONE
		     : line.len > 1 && line.ptr[0] == '|' && line.ptr[1] == ' ')
		return record;
	return record >= LEVEL_ERROR && reading_is_exception(line) ? record : own;
}

bool reading_is_field(struct str line)
{
	size_t i = 0;
	while (i < line.len && i < 64 &&
		((line.ptr[i] >= 'A' && line.ptr[i] <= 'Z') || line.ptr[i] == '_' ||
			(i > 0 && is_digit(line.ptr[i]))))
		i++;
	return i > 3 && i < line.len && line.ptr[i] == '=';
}

void reading_head(const struct source_reading *source, const struct found_stamp *f, struct str line,
	bool stamped, struct line_head *head)
{
	read_text_head(source, f, line, stamped, head);
	if (f->is_json) {
		reading_json(&f->json, line, head);
		return;
	}
	if (reading_event(line, f->text_at, head))
		return;
	size_t json_at = reading_inner_json(line, head);
	if (head->program.len > 0)
		return;
	if (json_at > 0) {
		if (stamped)
			reading_marked(str_head(line, json_at), f->text_at, &f->stamp, head);
		return;
	}
	reading_pairs(line, f->text_at, stamped ? f->stamp_end : line.len, head);
	if (stamped && source->plain_names && head->program.len == 0)
		head->program = reading_plain_name(line, f->stamp.end, &head->text_at);
	if (stamped && head->program.len == 0)
		reading_marked(line, f->text_at, &f->stamp, head);
}
