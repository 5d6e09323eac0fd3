/* SPDX-License-Identifier: MIT */
#include "src/judge/subject_class.h"

#include "lineup/title.h"
#include "src/judge/guests.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool subject_names_exception(struct str text)
{
	static const struct str ends[] = { { "Exception", 9 }, { "Error", 5 } };
	if (str_find(text, STR("Traceback (most recent")) >= 0)
		return true;
	for (size_t i = 0; i < countof(ends); i++) {
		struct str rest = text;
		ptrdiff_t at;
		while ((at = str_find(rest, ends[i])) >= 0) {
			const char *p = rest.ptr + at;
			const char *end = p + ends[i].len;
			bool whole = end == rest.ptr + rest.len || !is_letter(*end);
			while (p > text.ptr && is_letter(p[-1]))
				p--;
			if (whole && p < end - ends[i].len && *p >= 'A' && *p <= 'Z')
				return true;
			rest = str_skip(rest, (size_t)at + ends[i].len);
		}
	}
	return false;
}

/*
 * A rule's severity is what an engineer knows of the line, its level what the program thinks of it.
 * Knowledge that it is harmless takes an error down to a warning, no further: a rule can be too
 * loose. Knowledge that it is a failure lifts a line of any level; but away from home, on lines that
 * call themselves no error, it may be words of another technology, and lifts by one class only.
 * What stands in a document was written down when someone asked, not when it happened.
 */
enum subject_class subject_class(const struct findings *f, const struct subject *s)
{
	if (s->guest || names_document(f->services[s->service].name))
		return CLASS_CONTEXT;
	bool known = s->rule != UINT32_MAX && s->rule < f->rules->rule_count;
	const struct rule *rule = known ? &f->rules->rules[s->rule] : NULL;
	enum severity severity = known ? rule->severity : SEVERITY_INFO;
	enum level level = s->kind == SUBJECT_RULE ? LEVEL_NONE : s->level;
	if (known && severity == SEVERITY_INFO)
		return level >= LEVEL_ERROR ? CLASS_WARNING : CLASS_CONTEXT;
	bool trusted = known && (s->level >= LEVEL_ERROR ||
					rule_is_at_home(rule, f->services[s->service].name));
	if (level >= LEVEL_ERROR || (trusted && severity <= SEVERITY_MEDIUM))
		return CLASS_PROBLEM;
	return level == LEVEL_WARNING || known ? CLASS_WARNING : CLASS_ORDINARY;
}
