/* SPDX-License-Identifier: MIT */
#include "lineup/ids.h"
#include "lineup/words.h"
#include "src/judge/trail.h"

/*
 * States that a thing passes through and does not stay in, and what says that a state is spoken of.
 * A line that holds one of each tells of a thing on its way ("but the status is creating", "while
 * it is in vm_state building", "still pending"). That it should not be there any more is said by
 * the line's being a problem.
 */
static const char *const passing[] = { "creating", "building", "pending", "scheduling", "spawning",
	"starting", "initializing", "initialising", "provisioning", "allocating", "attaching",
	"detaching", "deleting", "updating", "downloading", "uploading", "queued", "in progress",
	"in_progress", "inprogress", "processing", "restoring", "migrating", "reserving",
	"launching", "enqueued" };
static const char *const states[] = { "state", "status", "phase", "still", "stuck", "while it is",
	"vm_state", "task_state" };

/* "pending_requests" is another word. */
#define JOINS "_"

bool trail_tells_unfinished(struct str text)
{
	return holds_any_word(text, passing, countof(passing), JOINS) &&
	       holds_any_word(text, states, countof(states), JOINS);
}

#define ID_HEX_LEAST	10
#define ID_DIGITS_LEAST 2

static bool is_of_id(char c)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '_';
}

static bool is_id(struct str word)
{
	size_t at = 0, hex = 0, digits = 0;
	while (at < word.len && is_alpha(word.ptr[at]))
		at++;
	/* "vol-0a1b2c3d4e5f", and a UUID whose first part is of letters alone */
	struct str rest = at < word.len && word.ptr[at] == '-' ? str_skip(word, at + 1) : word;
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] == '-')
			continue;
		if (!is_hex(rest.ptr[i]))
			return false;
		hex++;
		digits += is_digit(rest.ptr[i]);
	}
	return hex >= ID_HEX_LEAST && digits >= ID_DIGITS_LEAST;
}

struct str trail_next_id(struct str text, size_t *at)
{
	while (*at < text.len) {
		size_t from = *at;
		while (*at < text.len && is_of_id(text.ptr[*at]))
			(*at)++;
		struct str word = str_of(text.ptr + from, *at - from);
		if (word.len >= ID_HEX_LEAST && is_id(word) && ids_canonical(word).len == word.len)
			return word;
		if (word.len == 0)
			(*at)++;
	}
	return STR_NONE;
}
