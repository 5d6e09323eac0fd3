/* SPDX-License-Identifier: MIT */
#include "src/match/jq_refuse.h"

#include "lineup/base.h"

#define NESTED_MAX 32

static const char *const refused[] = { "def", "input", "inputs", "debug", "stderr", "env", "import",
	"include", "modulemeta", "get_search_list", "input_filename", "input_line_number", "halt",
	"halt_error", "now" };

/* Where the walk over a program is: in code, or in a string, which may hold code, and so on. */
struct walk {
	struct str program;
	size_t at;
	bool in_string;
	size_t nested;		     /* strings around this code */
	size_t brackets[NESTED_MAX]; /* open ones in each piece of code */
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || c == ':';
}

/* One step through the text of a string; false when it is nested too deep. */
static bool pass_text(struct walk *w)
{
	char c = w->program.ptr[w->at++];
	if (c == '"') {
		w->in_string = false;
	} else if (c == '\\' && w->at < w->program.len && w->program.ptr[w->at++] == '(') {
		if (++w->nested >= NESTED_MAX)
			return false;
		w->brackets[w->nested] = 0;
		w->in_string = false;
	}
	return true;
}

static const char *check_word(const struct walk *w, size_t start, size_t end)
{
	struct str word = str_of(w->program.ptr + start, end - start);
	if (str_starts(word, STR("$ENV")))
		return "$ENV";
	/* A key is looked up or given a value, not called. */
	if ((start > 0 && w->program.ptr[start - 1] == '.') || str_ends(word, STR(":")))
		return NULL;
	for (size_t i = 0; i < countof(refused); i++)
		if (str_equal(word, str_from(refused[i])))
			return refused[i];
	return NULL;
}

/* One step through code. */
static const char *pass_code(struct walk *w)
{
	size_t start = w->at;
	char c = w->program.ptr[w->at++];
	if (is_word_byte(c)) {
		while (w->at < w->program.len && is_word_byte(w->program.ptr[w->at]))
			w->at++;
		return check_word(w, start, w->at);
	}
	if (c == '"') {
		w->in_string = true;
	} else if (c == '#') {
		while (w->at < w->program.len && w->program.ptr[w->at] != '\n')
			w->at++;
	} else if (c == '(') {
		w->brackets[w->nested]++;
	} else if (c == ')' && w->brackets[w->nested] > 0) {
		w->brackets[w->nested]--;
	} else if (c == ')' && w->nested > 0) {
		w->nested--;
		w->in_string = true;
	}
	return NULL;
}

const char *jq_refused_word(struct str program)
{
	struct walk w = { .program = program };
	const char *word = NULL;
	while (w.at < program.len && word == NULL) {
		if (!w.in_string)
			word = pass_code(&w);
		else if (!pass_text(&w))
			word = "strings within strings";
	}
	return word;
}
