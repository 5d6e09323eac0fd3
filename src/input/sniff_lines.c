/* SPDX-License-Identifier: MIT */
/* What text has its records in another way than one behind the other, a line each. */
#include "src/input/errpt.h"
#include "src/input/journal_text.h"
#include "src/input/json_walk.h"
#include "src/input/logcat_long.h"
#include "src/input/sniff.h"
#include "src/input/source_csv.h"
#include "src/input/yaml_records.h"

/* So many of them, and no LF, are line ends. */
#define LONE_CR_MIN 2

static bool is_windows_xml(struct str head)
{
	static const struct str space = { "//schemas.microsoft.com/win/2004/08/events/event", 48 };
	head = str_trim(str_starts(head, STR("\xef\xbb\xbf")) ? str_skip(head, 3) : head);
	return (str_starts(head, STR("<Event")) || str_starts(head, STR("<?xml"))) &&
	       str_find(head, space) > 0;
}

/* Its first line is one of a mail's header, or of a folder of mails in one file. */
static bool begins_mail(struct str head)
{
	static const char *const starts[] = { "From ",
		"From: ", "To: ", "Date: ", "Subject: ", "Return-Path: ", "Received: ",
		"Delivered-To: ", "Message-ID: ", "Message-Id: ", "MIME-Version: ", "X-" };
	for (size_t i = 0; i < countof(starts); i++) {
		if (str_starts(head, str_from(starts[i])))
			return true;
	}
	return false;
}

static bool has_attachments(struct str head)
{
	return begins_mail(head) && str_find(head, STR("\nMIME-Version: 1.0")) > 0 &&
	       str_find(head, STR("multipart/mixed")) > 0;
}

/* As wevtutil prints events, a field a line. */
static bool is_event_text(struct str head)
{
	return str_starts(head, STR("Event[")) && str_find(head, STR("\n  Log Name: ")) > 0;
}

/* As journalctl prints its entries in JSON, one a line; a message that is no plain text is an
 * array of its bytes, further on if not here. */
static bool is_journal_json(struct str head)
{
	return str_starts(head, STR("{")) && str_find(head, STR("\"__REALTIME_TIMESTAMP\"")) > 0;
}

/* Text that has its records, or all of its lines, in another way than one behind the other. */
const struct decoder_format *sniff_lines(struct str head)
{
	if (json_is_document(head))
		return &decode_json;
	if (has_attachments(head))
		return &decode_mail;
	if (is_windows_xml(head))
		return &decode_events;
	if (is_event_text(head))
		return &decode_event_text;
	if (is_journal_json(head))
		return &decode_byte_arrays;
	if (journal_is_text(head))
		return &decode_journal_text;
	if (logcat_is_long(head))
		return &decode_logcat_long;
	if (errpt_is_text(head))
		return &decode_errpt;
	if (is_source_csv(head))
		return &decode_source_csv;
	enum yaml_records yaml = yaml_records_learn(head);
	if (yaml != YAML_RECORDS_NONE)
		return yaml == YAML_RECORDS_ITEMS ? &decode_yaml_items : &decode_yaml_documents;
	bool lone_cr = str_count_byte(head, '\r') >= LONE_CR_MIN && str_find_byte(head, '\n') < 0;
	return lone_cr ? &decode_lone_cr : NULL;
}
