/* SPDX-License-Identifier: MIT */
/*
 * Ids of requests that a short word tells: req-1a2b3c4d, [txn_00417], rid=1a2b3c4d, corr: K3f9Zx.
 * The same words tell of other things as well (a pod request-router-7, a table's row, a client), so
 * this is for lines without any better id, and what stands behind the word must look as only ids
 * do: digits, hexadecimal digits, or letters and digits in no such order as names have them.
 */
#include "lineup/ids.h"
#include "src/reading/service_parts.h"

#define HEAD_BYTES   512 /* how far into a line */
#define ID_LEAST     2
#define ID_MOST	     64
#define HEX_WORD     8 /* letters a to f alone that are no word */
#define NAME_NUMBERS 3 /* digits behind letters: web01 */
#define MIXED_LEAST  6
#define WORD_MAX     16
#define FRONT_MOST   6 /* bytes */

/* Words whose numbers are ids as well, and those whose numbers may be of a client or a row. */
static const char *const numbered[] = { "req", "request", "reqno", "rq", "txn", "txnid", "txid",
	"trx", "trxid", "callid", "call", "trace" };
static const char *const lettered[] = { "rid", "cid", "corr", "correlation", "transaction",
	"flowid" };

/* What is worked on, which may pass through services as a request does. */
static const char *const worked_on[] = { "order", "orderid", "job", "jobid", "task", "taskid",
	"msgid", "messageid", "batch", "batchid", "session", "sessionid", "conversationid",
	"executionid", "runid", "workflowid", "payment", "paymentid", "ticket" };

/* In front of a dash these begin other words, too. */
static const char *const fronts[] = { "req", "request", "txn", "trx", "corr", "trace", "rid",
	"cid" };

static inline bool is_word(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

struct shape {
	size_t digits;
	size_t letters;
	size_t in_front; /* letters before the first digit */
	bool hexadecimal;
};

static bool shape_of(struct str s, struct shape *shape)
{
	*shape = (struct shape){ .hexadecimal = true };
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!is_alpha(c) && !is_digit(c))
			return false;
		shape->digits += is_digit(c);
		shape->letters += is_alpha(c);
		shape->in_front += is_alpha(c) && shape->digits == 0;
		shape->hexadecimal &= is_small_hex(c);
	}
	return s.len >= ID_LEAST && s.len <= ID_MOST;
}

/* Only what the masked form tells may decide: of a hexadecimal run not which are digits. */
static bool is_id(struct str s, bool number)
{
	struct shape shape;
	if (!shape_of(s, &shape))
		return false;
	if (shape.letters == 0)
		return number;
	if (shape.hexadecimal)
		return shape.digits > 0 || s.len >= HEX_WORD;
	bool named = shape.in_front == shape.letters && shape.digits <= NAME_NUMBERS;
	return shape.digits > 0 && s.len >= MIXED_LEAST && !named;
}

static struct str run_at(struct str line, size_t at)
{
	size_t end = at;
	while (end < line.len && is_word(line.ptr[end]))
		end++;
	return str_of(line.ptr + at, end - at);
}

/* req-1a2b3c4d: the whole of it, as it is also written behind a key. */
static bool is_fronted(struct str run)
{
	size_t len = 0;
	while (len < run.len && is_alpha(run.ptr[len]))
		len++;
	return len + 1 < run.len && (run.ptr[len] == '-' || run.ptr[len] == '_') &&
	       is_among(str_head(run, len), fronts, countof(fronts)) &&
	       is_id(str_skip(run, len + 1), true);
}

/* ORD-417: as they are called for people. */
static struct str without_front(struct str value)
{
	size_t len = 0;
	while (len < value.len && is_alpha(value.ptr[len]))
		len++;
	bool front = len > 0 && len < FRONT_MOST && len + 1 < value.len &&
		     (value.ptr[len] == '-' || value.ptr[len] == '_');
	return front ? str_skip(value, len + 1) : value;
}

/* rid=, "corr": , txn_id: ; the value behind it. */
static struct str keyed(struct str line, size_t at, struct str run, unsigned kinds)
{
	char key[WORD_MAX];
	size_t len = 0, value = at + run.len;
	for (size_t i = 0; i < run.len; i++) {
		if (run.ptr[i] == '_' || run.ptr[i] == '-' || run.ptr[i] == '.')
			continue;
		if (len == sizeof(key))
			return STR_NONE;
		key[len++] = run.ptr[i];
	}
	value += value < line.len && line.ptr[value] == '"';
	if (value >= line.len || (line.ptr[value] != '=' && line.ptr[value] != ':'))
		return STR_NONE;
	for (value++; value < line.len && memchr(" \"'[", line.ptr[value], 4) != NULL;)
		value++;
	struct str word = str_of(key, len), found = run_at(line, value);
	bool number = is_among(word, numbered, countof(numbered));
	bool letters = is_among(word, lettered, countof(lettered));
	if ((kinds & IDS_WORK) != 0 && is_among(word, worked_on, countof(worked_on)))
		return is_id(without_front(found), true) ? found : STR_NONE;
	if (!number && !letters)
		return STR_NONE;
	number |= (kinds & IDS_NUMBERS) != 0;
	return is_id(found, number) || is_fronted(found) ? found : STR_NONE;
}

/* [1a2b3c4d], (1a2b3c4d) beside a blank or another bracket; hexadecimal, since names of devices and
 * hosts stand so. */
static bool is_alone(struct str line, size_t at, struct str run)
{
	char open = at > 0 ? line.ptr[at - 1] : ' ', before = at > 1 ? line.ptr[at - 2] : ' ';
	char close = at + run.len < line.len ? line.ptr[at + run.len] : ' ';
	struct shape shape;
	return ((open == '[' && close == ']') || (open == '(' && close == ')')) &&
	       (before == ' ' || before == ']' || before == '\t') && run.len >= MIXED_LEAST &&
	       shape_of(run, &shape) && shape.hexadecimal && shape.letters > 0 && shape.digits > 0;
}

struct str ids_worded(struct str line, unsigned kinds)
{
	line = str_head(line, HEAD_BYTES);
	for (size_t at = 0; at < line.len;) {
		if (!is_word(line.ptr[at])) {
			at++;
			continue;
		}
		struct str run = run_at(line, at);
		bool cut = at + run.len == HEAD_BYTES;
		bool alone = (kinds & IDS_ALONE) != 0 && !cut && is_alone(line, at, run);
		struct str found = alone || is_fronted(run) ? run : keyed(line, at, run, kinds);
		if (found.len > 0 && !cut)
			return found;
		at += run.len;
	}
	return STR_NONE;
}
