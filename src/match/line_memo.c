/* SPDX-License-Identifier: MIT */
#include "lineup/line_memo.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* Ceilings of one worker: forms are about 250 bytes each. */
#define BYTES_MAX (12u * 1024 * 1024)
#define FORMS_MAX (48u * 1024)

/* Forms that differ in letters a to f alone have one key; as many as are tried one by one. */
#define FORMS_OF_KEY 4

/*
 * A known form saves about a microsecond (the scan for all patterns, the reading of the line), a
 * new one costs about half of that beyond what the line costs anyway. So when half of the lines and
 * more are new, over some thousands of lines, it is left alone for a while, longer each time.
 */
#define WEIGHED_LINES 8192
#define REST_FIRST    8
#define REST_MAX      128

void scan_lines_release(struct scan_lines *l)
{
	free(l->items);
	*l = (struct scan_lines){ .items = NULL };
}

void line_memo_init(struct line_memo *m)
{
	*m = (struct line_memo){ .next_rest = REST_FIRST };
	m->masked = mem_alloc(LINE_MASK_BYTES + LINE_MASK_PADDING);
}

void line_memo_release(struct line_memo *m)
{
	table_release(&m->forms);
	arena_release(&m->arena);
	free(m->masked);
	*m = (struct line_memo){ .masked = NULL };
}

void line_memo_clear(struct line_memo *m)
{
	table_clear(&m->forms);
	memset(m->recent, 0, sizeof(m->recent));
	arena_release(&m->arena);
	m->form_count = 0;
}

/* The form of a line that has none of those with its key. */
static struct line_form *add_form(struct line_memo *m, struct str line)
{
	struct line_form *form = arena_alloc(&m->arena, 1, sizeof(*form));
	/* room for whole blocks, zeros behind */
	char *masked = arena_alloc(&m->arena, 1, line_fit_bytes(line.len));
	line_mask(line, m->masked);
	memcpy(masked, m->masked, line.len);
	line_fit_init(&form->fit, masked, line.len);
	m->form_count++;
	return form;
}

/* The forms of a key: mostly one of few, so that the table is seldom asked. */
static struct recent_forms *forms_of(struct line_memo *m, uint64_t key)
{
	struct recent_forms *r = &m->recent[(key ^ key >> 32) % LINE_MEMO_RECENT];
	if (unlikely(r->key != key || r->first == NULL)) {
		const uint64_t *known = table_get(&m->forms, key);
		r->key = key;
		r->first = known != NULL ? (struct line_form *)(uintptr_t)*known : NULL;
	}
	return r;
}

/* The form of a line; NULL when it is too long, or many others have its key. */
static struct line_form *find(struct line_memo *m, struct str line)
{
	if (line.len > LINE_MASK_BYTES) {
		m->fresh++;
		return NULL;
	}
	struct recent_forms *known = forms_of(m, line_fit_key(line));
	unsigned tried = 0;
	for (struct line_form *form = known->first; form != NULL; form = form->other, tried++)
		if (likely(line_fits(&form->fit, line)))
			return form;
	m->fresh++;
	if (tried >= FORMS_OF_KEY)
		return NULL;
	struct line_form *form = add_form(m, line);
	form->other = known->first;
	known->first = form;
	*table_put(&m->forms, known->key) = (uint64_t)(uintptr_t)form;
	return form;
}

/* After some thousands of lines: was it worth it? */
static void weigh(struct line_memo *m)
{
	if (m->asked < WEIGHED_LINES)
		return;
	if (m->fresh * 2 > m->asked) {
		m->rest = m->next_rest;
		m->next_rest = m->next_rest * 2 > REST_MAX ? REST_MAX : m->next_rest * 2;
	} else {
		m->next_rest = REST_FIRST;
	}
	m->asked = m->fresh = 0;
}

bool line_memo_begin(struct line_memo *m)
{
	weigh(m);
	if (m->rest > 0) {
		m->rest--;
		return false;
	}
	if (m->arena.total_bytes >= BYTES_MAX || m->form_count >= FORMS_MAX)
		line_memo_clear(m);
	return true;
}

struct line_form *line_memo_line(struct line_memo *m, struct str line)
{
	m->asked++;
	return find(m, line);
}

bool line_memo_find(struct line_memo *m, struct str chunk, struct scan_lines *lines)
{
	lines->count = 0;
	if (!line_memo_begin(m))
		return false;
	for (size_t start = 0; start < chunk.len;) {
		const char *newline = memchr(chunk.ptr + start, '\n', chunk.len - start);
		size_t end = newline == NULL ? chunk.len : (size_t)(newline - chunk.ptr);
		struct line_form *form = line_memo_line(m, str_of(chunk.ptr + start, end - start));
		mem_grow(&lines->items, lines->count, &lines->capacity);
		lines->items[lines->count++] =
			(struct scan_line){ (uint32_t)start, (uint32_t)end, form };
		start = end + 1;
	}
	return true;
}

void line_memo_set_terms(struct line_memo *m, struct line_form *form, const uint32_t *terms,
	size_t sure_count, size_t check_count)
{
	size_t count = sure_count + check_count;
	form->matched = true;
	form->pending = false;
	form->sure_count = (uint32_t)sure_count;
	form->check_count = (uint32_t)check_count;
	if (count == 0)
		return;
	uint32_t *copy = arena_alloc(&m->arena, count, sizeof(*copy));
	memcpy(copy, terms, count * sizeof(*copy));
	form->terms = copy;
}
