/* SPDX-License-Identifier: MIT */
#include "src/judge/waits.h"

#include "src/judge/words.h"

static const char *const waits[] = { "upstream", "downstream", "timed out", "timeout", "time out",
	"timedout", "deadline exceeded", "connection refused", "connection reset",
	"no route to host", "unreachable", "bad gateway", "service unavailable",
	"too many requests", "did not answer", "did not respond", "no answer from", "no response",
	/* it looked at the other's certificate */
	"certificate has expired", "cert_has_expired", "certificate verify failed",
	"certificate is not yet valid" };

/* The name of another was not resolved: it was never asked, and the trouble is of who should know
 * it. */
static const char *const unresolved[] = { "getaddrinfo", "unknownhostexception", "unknown host",
	"no such host", "server misbehaving", "could not resolve", "cannot resolve",
	"failed to resolve", "resolution failure", "failure in name resolution",
	"name or service not known", "nameresolutionerror", "eai_again", "enotfound" };

/* What stands before the status of another's answer. */
static const char *const answers[] = { "answered ", "returned ", "responded ", "status ", "with ",
	"code " };

/* Of code or of a longer word: "timeout=timeout", "wait_for_timeout(". */
#define JOINS "_=(/"

/*
 * A status that says of another that it failed: 502, 503 and 504 wherever they stand as a word,
 * since they are of gateways; 429 and 5xx behind a word that leads to an answer.
 */
static bool tells_status(struct str text)
{
	for (size_t i = 1; i + 3 <= text.len; i++) {
		const char *p = text.ptr + i;
		bool whole = (p[-1] == ' ' || p[-1] == '=' || p[-1] == ':') && is_digit(p[0]) &&
			     is_digit(p[1]) && is_digit(p[2]) &&
			     (i + 3 == text.len || !(is_digit(p[3]) || p[3] == '.' || p[3] == '-'));
		if (!whole)
			continue;
		if (p[0] == '5' && p[1] == '0' && p[2] >= '2' && p[2] <= '4')
			return true;
		bool failed = p[0] == '5' || (p[0] == '4' && p[1] == '2' && p[2] == '9');
		/* `"GET / HTTP/1.1" 500`: what a client got, at the end of all that happened */
		if (p[0] == '5' && i >= 2 && p[-2] == '"')
			return true;
		for (size_t k = 0; failed && k < countof(answers); k++) {
			struct str before = str_from(answers[k]);
			if (i >= before.len &&
				str_equal_nocase(str_of(p - before.len, before.len), before))
				return true;
		}
	}
	return false;
}

static bool holds_any(struct str text, const char *const *words, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		if (holds_word(text, str_from(words[k]), JOINS))
			return true;
	}
	return false;
}

bool waits_for_name(const struct scene_subject *s)
{
	return s->subject != NULL && s->subject->evidence_count > 0 &&
	       holds_any(s->subject->evidence[0].text, unresolved, countof(unresolved));
}

bool waits_for_another(const struct scene_subject *s)
{
	if (s->subject == NULL || s->named != NO_INDEX || s->subject->evidence_count == 0)
		return false;
	struct str text = s->subject->evidence[0].text;
	return holds_any(text, waits, countof(waits)) ||
	       holds_any(text, unresolved, countof(unresolved)) || tells_status(text);
}
