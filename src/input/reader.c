/* SPDX-License-Identifier: MIT */
#include "lineup/reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lineup/mem.h"
#include "src/input/container.h"
#include "src/input/chunker.h"
#include "src/input/selection.h"
#include "src/input/sniff.h"
#include "src/input/source.h"

/* An archive that was entered. */
struct level {
	struct container *container;
	struct str place;
	int64_t modified_ns;
	unsigned depth; /* layers up to this one */
};

struct reader {
	const struct input *input;
	const struct read_limits *limits;
	const struct selection *selection;
	struct flow_budget budget;
	struct read_counts counts;
	struct troubles troubles;
	struct level *levels;
	size_t level_count;
	size_t level_capacity;
	/* The stream at hand: first unknown, then a member with lines. */
	struct flow *flow;
	char *place;
	size_t place_len;
	int64_t modified_ns;
	unsigned depth;
	uint32_t sequence;
	struct member *member;
	bool at_limit; /* it went past one, and that was said */
	struct chunker chunker;
};

static struct str place_of(const struct reader *r)
{
	return str_of(r->place, r->place_len);
}

#define trouble(r, kind, ...)                                                                      \
	troubles_add(&(r)->troubles, (kind), (r)->input->index, (r)->sequence, place_of(r),        \
		__VA_ARGS__)

int reader_open(struct reader **reader, const struct input *input, const struct read_limits *limits,
	const struct selection *selection, struct error *err)
{
	struct reader *r = mem_zalloc(1, sizeof(*r));
	r->input = input;
	r->limits = limits;
	r->selection = selection;
	r->budget.limits = limits;
	if (source_open(&r->flow, input, &r->budget, &r->modified_ns, err) != 0) {
		free(r);
		return -1;
	}
	r->place = mem_strdup(input->path);
	r->place_len = input->path.len;
	r->counts.files = 1;
	*reader = r;
	return 0;
}

/* The fault of the outermost archive that has one: what is inside suffers from it. */
static const struct flow *fault_around(const struct reader *r)
{
	for (size_t i = 0; i < r->level_count; i++) {
		const struct flow *fault = flow_fault(container_upstream(r->levels[i].container));
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/* Says why the stream at hand ended early, if it did. */
static void say_fault(struct reader *r)
{
	const struct flow *fault = flow_fault(r->flow);
	if (fault == NULL)
		return;
	const struct flow *around = fault_around(r);
	const struct flow *told = around != NULL ? around : fault;
	r->at_limit = told->fault_kind == TROUBLE_LIMITED;
	trouble(r, told->fault_kind, "%s%s",
		around != NULL ? "cut off with the archive around it: " : "", told->fault.text);
}

static void pass_over(struct reader *r)
{
	flow_destroy(r->flow);
	r->flow = NULL;
	member_drop(r->member);
	r->member = NULL;
	r->sequence++;
}

/* Done with the stream at hand. */
static void drop_stream(struct reader *r)
{
	if (r->member != NULL && r->chunker.cut_lines > 0)
		trouble(r, TROUBLE_LIMITED,
			"%" PRIu64 " line%s longer than %zu bytes, the limit, %s cut there",
			r->chunker.cut_lines, plural(r->chunker.cut_lines), r->limits->line_bytes,
			r->chunker.cut_lines == 1 ? "was" : "were");
	say_fault(r);
	pass_over(r);
}

static void leave_level(struct reader *r)
{
	struct level *level = &r->levels[--r->level_count];
	container_close(level->container);
	free((char *)(uintptr_t)level->place.ptr);
}

/* The next stream of the innermost archive, leaving archives that are through. */
static bool next_stream(struct reader *r)
{
	while (r->level_count > 0) {
		struct level *level = &r->levels[r->level_count - 1];
		struct container_entry entry;
		enum trouble_kind kind;
		struct error err = { "" };
		enum container_event event = container_next(level->container, &entry, &kind, &err);
		if (event == CONTAINER_END) {
			leave_level(r);
			continue;
		}
		if (event == CONTAINER_TROUBLE) {
			troubles_add(&r->troubles, kind, r->input->index, r->sequence, level->place,
				"%s", err.text);
			continue;
		}
		r->place_len = level->place.len + 1 + entry.name.len;
		r->place = mem_realloc(r->place, r->place_len + 1, 1);
		memcpy(r->place, level->place.ptr, level->place.len);
		r->place[level->place.len] = '!';
		memcpy(r->place + level->place.len + 1, entry.name.ptr, entry.name.len);
		r->place[r->place_len] = '\0';
		r->modified_ns =
			entry.modified_ns != TIME_NONE ? entry.modified_ns : level->modified_ns;
		r->depth = level->depth;
		r->flow = entry.flow;
		if (!entry.encrypted)
			return true;
		if (selection_takes(r->selection, place_of(r)))
			trouble(r, TROUBLE_UNREADABLE, "encrypted; give it decrypted");
		pass_over(r);
	}
	return false;
}

static void enter_container(struct reader *r, enum container_format format)
{
	struct error err = { "" };
	struct flow *flow = r->flow;
	r->flow = NULL;
	struct container *container = container_open(format, flow, &err);
	if (container == NULL) {
		const struct flow *around = fault_around(r);
		trouble(r, around != NULL ? around->fault_kind : TROUBLE_DAMAGED, "%s", err.text);
		r->sequence++;
		return;
	}
	mem_grow(&r->levels, r->level_count, &r->level_capacity);
	r->levels[r->level_count++] = (struct level){
		.container = container,
		.place = str_of(mem_strdup(place_of(r)), r->place_len),
		.modified_ns = r->modified_ns,
		.depth = r->depth,
	};
}

/* An archive is a tree of its own: two bundles side by side are two systems. */
static uint32_t tree_of(const struct reader *r, struct str place)
{
	bool inside = str_starts(str_skip(place, r->input->path.len), STR("!"));
	return inside ? (uint32_t)str_hash(r->input->path) : r->input->tree;
}

static void begin_member(struct reader *r, uint64_t offset)
{
	struct member *m = r->member = member_create(place_of(r));
	m->input = r->input->index;
	m->top = r->input->top;
	m->tree = tree_of(r, m->place);
	m->sequence = r->sequence;
	m->modified_ns = r->modified_ns;
	r->counts.members++;
	chunker_begin(&r->chunker, r->flow, offset, r->limits);
}

static void skip_nuls(struct reader *r)
{
	bool endless;
	uint64_t nuls = flow_pass_nuls(r->flow, &endless);
	if (endless) {
		trouble(r, TROUBLE_SKIPPED, "NUL bytes on and on, in a file without a size");
		drop_stream(r);
		return;
	}
	struct sniffed s = sniff(flow_peek(r->flow, SNIFF_BYTES));
	if (s.kind == SNIFF_EMPTY) {
		if (flow_fault(r->flow) == NULL)
			trouble(r, TROUBLE_SKIPPED, "nothing but %" PRIu64 " NUL bytes", nuls);
	} else if (s.kind == SNIFF_TEXT && s.decoder == NULL) {
		trouble(r, TROUBLE_SKIPPED,
			"%" PRIu64 " NUL bytes before the first line were passed over", nuls);
		begin_member(r, nuls);
		return;
	} else {
		trouble(r, s.kind == SNIFF_UNSUPPORTED ? TROUBLE_UNREADABLE : TROUBLE_SKIPPED, "%s",
			s.reason != NULL ? s.reason : "binary data behind NUL bytes");
	}
	drop_stream(r);
}

static void begin_text(struct reader *r, const struct sniffed *s)
{
	r->flow = sniffed_text(s, r->flow);
	begin_member(r, s->mark_bytes);
}

/* One more layer: false, and said, when that is too deep. */
static bool go_deeper(struct reader *r)
{
	if (r->depth < r->limits->max_depth) {
		r->depth++;
		return true;
	}
	trouble(r, TROUBLE_LIMITED, "nested in more than %u layers, the limit (--max-depth)",
		r->limits->max_depth);
	return false;
}

/* Begins, or says why not, what is neither compressed nor an archive. */
static void open_leaf(struct reader *r, const struct sniffed *s)
{
	switch (s->kind) {
	case SNIFF_TEXT:
	case SNIFF_JOURNAL:
		begin_text(r, s);
		return;
	case SNIFF_NULS:
		skip_nuls(r);
		return;
	case SNIFF_UNSUPPORTED:
		trouble(r, TROUBLE_UNREADABLE, "%s", s->reason);
		break;
	case SNIFF_BINARY:
		trouble(r, TROUBLE_SKIPPED, "%s", s->reason);
		break;
	default:
		if (flow_fault(r->flow) == NULL)
			r->counts.members++;
		break;
	}
	drop_stream(r);
}

/* Looks at the stream at hand and unwraps one layer, begins its member, or drops it. */
static void open_stream(struct reader *r)
{
	if (selection_excludes(r->selection, place_of(r))) {
		pass_over(r);
		return;
	}
	struct sniffed s = sniff(flow_peek(r->flow, SNIFF_BYTES));
	if (s.kind == SNIFF_ENCODED || s.kind == SNIFF_CONTAINER) {
		if (!go_deeper(r))
			pass_over(r);
		else if (s.kind == SNIFF_ENCODED)
			r->flow = decoder_open(s.decoder, r->flow, false);
		else
			enter_container(r, s.container);
	} else if (selection_takes(r->selection, place_of(r))) {
		open_leaf(r, &s);
	} else {
		pass_over(r);
	}
}

static bool next_member(struct reader *r)
{
	while (r->member == NULL) {
		if (r->flow == NULL && !next_stream(r))
			return false;
		r->at_limit = false;
		open_stream(r);
	}
	return true;
}

/* Ends the whole input. */
static void stop(struct reader *r)
{
	if (r->flow != NULL)
		drop_stream(r);
	while (r->level_count > 0)
		leave_level(r);
}

/* The sum of many members that each keep within the limits; one that does not has said so. */
static void check_sum(struct reader *r)
{
	struct error err;
	/* How much of a file came in so far hangs on threads. */
	uint64_t encoded_bytes =
		r->budget.file_bytes > 0 ? r->budget.file_bytes : r->budget.encoded_bytes;
	if (r->depth == 0 ||
		read_limits_check(r->limits, r->counts.bytes, encoded_bytes, &err) == 0)
		return;
	stop(r);
	if (!r->at_limit)
		trouble(r, TROUBLE_LIMITED, "%s", err.text);
}

/* The chunk holds lines of the member at hand. */
static void hand_out(struct reader *r, struct chunk *chunk)
{
	member_drop(chunk->member);
	chunk->member = member_hold(r->member);
	r->counts.bytes += chunk->len + chunk->dropped_count;
	r->counts.lines += r->chunker.next_line - chunk->first_line;
}

int reader_next(struct reader *r, struct chunk *chunk)
{
	while (next_member(r)) {
		if (!chunker_fill(&r->chunker, chunk)) {
			drop_stream(r);
			continue;
		}
		hand_out(r, chunk);
		if (chunk->ends_member)
			drop_stream(r);
		check_sum(r);
		if (r->member == NULL)
			chunk->ends_member = true;
		return 1;
	}
	member_drop(chunk->member);
	chunk->member = NULL;
	chunk->len = 0;
	return 0;
}

bool reader_pieces(const struct reader *r, struct pieces *p)
{
	return r->member != NULL && chunker_pieces(&r->chunker, p);
}

void reader_read_piece(const struct reader *r, struct piece *p, struct chunk *chunk)
{
	chunker_read_piece(&r->chunker, p, chunk);
}

bool reader_take_piece(struct reader *r, const struct piece *p, struct chunk *chunk)
{
	if (!chunker_take_piece(&r->chunker, p, chunk))
		return false;
	hand_out(r, chunk);
	return true;
}

struct read_counts reader_counts(const struct reader *r)
{
	struct read_counts counts = r->counts;
	counts.bytes_encoded = r->budget.encoded_bytes;
	return counts;
}

const struct troubles *reader_troubles(const struct reader *r)
{
	return &r->troubles;
}

void reader_close(struct reader *r)
{
	if (r == NULL)
		return;
	flow_destroy(r->flow);
	member_drop(r->member);
	while (r->level_count > 0)
		leave_level(r);
	free(r->levels);
	free(r->place);
	chunker_release(&r->chunker);
	troubles_release(&r->troubles);
	free(r);
}
