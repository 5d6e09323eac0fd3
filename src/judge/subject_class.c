/* SPDX-License-Identifier: MIT */
#include "src/judge/subject_class.h"

#include "lineup/title.h"
#include "lineup/guests.h"

#define LEAST_PROGRAM 3 /* a shorter name stands in any other */

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
			bool whole = end == rest.ptr + rest.len || !is_alpha(*end);
			while (p > text.ptr && is_alpha(p[-1]))
				p--;
			if (whole && p < end - ends[i].len && *p >= 'A' && *p <= 'Z')
				return true;
			rest = str_skip(rest, (size_t)at + ends[i].len);
		}
	}
	return false;
}

/* One frame of a trace, which some programs and wrappings stamp as a line of its own. */
static bool is_frame(struct str text)
{
	ptrdiff_t file = str_find(text, STR("File \""));
	if (file >= 0 && str_find(str_skip(text, (size_t)file), STR("\", line ")) > 0)
		return true;
	if (str_find(text, STR(".go:<*> +0x")) >= 0)
		return true;
	/* `app/shelf.rb:42:in 'read'`, and of PHP `#0 /app/Shelf.php(42): read()`, `#1 {main}` */
	if (str_find(text, STR(".rb:<*>:in ")) >= 0 || str_find(text, STR(".php(<*>): ")) >= 0 ||
		str_ends(str_trim(text), STR("{main}")))
		return true;
	/* `at com.shop.Label.print(Label.java:42)` */
	ptrdiff_t open = str_rfind_byte(text, '(');
	if (open <= 0 || !str_ends(str_trim(text), STR(")")))
		return false;
	struct str head = str_head(text, (size_t)open);
	head = str_head(head, (size_t)(str_rfind_byte(head, ' ') + 1));
	return str_ends(head, STR(" at ")) || str_equal(str_trim(head), STR("at"));
}

/* The line of source under a frame: indented by four behind the name of a logger. */
static bool is_source_line(struct str text)
{
	ptrdiff_t gap = str_find(text, STR("    "));
	return gap > 0 && str_find_byte(str_head(text, (size_t)gap), '.') > 0 &&
	       !str_ends(text, STR("    "));
}

/* The empty line of a trace: the name of a logger, perhaps with a bracket, and no word more. */
static bool is_bare_name(struct str text)
{
	struct str rest = str_trim(text);
	struct str name = str_cut(&rest, ' ');
	rest = str_trim(rest);
	return str_find_byte(name, '.') > 0 &&
	       (rest.len == 0 || (str_starts(rest, STR("[")) && str_ends(rest, STR("]"))));
}

bool subject_is_part_of_trace(struct str text)
{
	return is_frame(text) || is_bare_name(text) || is_source_line(text) ||
	       str_find(text, STR("Traceback (most recent call last)")) >= 0;
}

/*
 * "ssh: connect to host ...": what a script runs writes into the script's log, bare, with its own
 * name in front. There its rules are at home, whatever the service is called.
 */
static bool is_said_by_its_program(const struct rule *rule, const struct subject *s)
{
	if (s->evidence_count == 0)
		return false;
	struct str rest = s->evidence[0].text;
	struct str program = str_cut(&rest, ':');
	if (program.len < LEAST_PROGRAM || str_find_byte(program, ' ') >= 0 || rest.len == 0)
		return false;
	return rule_is_at_home(rule, program);
}

/*
 * A rule's severity is what an engineer knows of the line, its level what the program thinks of it.
 * Knowledge that it is harmless takes an error down to a warning, no further: a rule can be too
 * loose. Knowledge that it is a failure lifts a line of any level; but one of severity medium,
 * which is a matter to look at, no line whose own program takes it for less than an error; and away
 * from home, on lines that call themselves no error, it may be words of another technology, and
 * lifts by one class only. What stands in a document was written down when someone asked, not when
 * it happened.
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
					rule_is_at_home(rule, f->services[s->service].name) ||
					is_said_by_its_program(rule, s));
	if (!known && s->kind == SUBJECT_TEMPLATE && is_frame(s->template_text))
		return CLASS_CONTEXT;
	enum severity least =
		s->level == LEVEL_NONE || s->level >= LEVEL_ERROR ? SEVERITY_MEDIUM : SEVERITY_HIGH;
	if (level >= LEVEL_ERROR || (trusted && severity <= least))
		return CLASS_PROBLEM;
	return level == LEVEL_WARNING || known ? CLASS_WARNING : CLASS_ORDINARY;
}
