/* SPDX-License-Identifier: MIT */
/*
 * The proof. Two lines of one masked form differ only where one has a digit and the other has a
 * digit, and within ids: words of lower-case hexadecimal digits, joined by dashes or alone, with
 * two letters and a digit at least among them, and with neither word byte nor dash around them
 * (more is asked of ids, which the proof does not need). Take a way in which a pattern matches the
 * first line, byte by byte. It matches the second line in the same way if each set of bytes that
 * meets a changed byte has the other byte too, and each zero-width test says the same; these ask
 * for word bytes and line ends, which do not change.
 *
 * Digits: every set must hold all ten of them or none. Bytes of ids: a set holds all hexadecimal
 * digits, or none, or it never meets an id, for one of two reasons. Sets side by side that match
 * word bytes only, and groups of such, match a piece of one word; if one of them must match a byte
 * that is no hexadecimal digit, the word is no part of an id. (A set of digits and marks, as
 * [0-9.], may end a word and begin the next: what tells of one says nothing of the other.) And if
 * such a piece is bounded on both sides by what is neither word nor dash, it is a whole word
 * hanging on no dash: then it is no id if it can have no digit, or at most one letter.
 *
 * Sets that the proof does not reach are given all digits, or all hexadecimal digits: then it does,
 * and the pattern matches more.
 */
#include "src/match/pattern_blind.h"

/* Ways through the choices of one sequence that are looked at; past that nothing is proven. */
#define WAYS_MAX 64

struct sets sets_make(void)
{
	struct sets s = { .digits = { { 0 } } };
	byte_set_add_range(&s.digits, '0', '9');
	s.hex = s.digits;
	byte_set_add_range(&s.hex, 'a', 'f');
	s.word = s.digits;
	byte_set_add_range(&s.word, 'a', 'z');
	byte_set_add_range(&s.word, 'A', 'Z');
	byte_set_add(&s.word, '_');
	s.word_or_dash = s.word;
	byte_set_add(&s.word_or_dash, '-');
	s.digits_and_marks = s.word_or_dash;
	byte_set_invert(&s.digits_and_marks);
	byte_set_join(&s.digits_and_marks, &s.digits);
	return s;
}

bool byte_set_is_within(const struct byte_set *set, const struct byte_set *whole)
{
	for (size_t i = 0; i < countof(set->words); i++)
		if ((set->words[i] & ~whole->words[i]) != 0)
			return false;
	return true;
}

bool byte_set_meets(const struct byte_set *a, const struct byte_set *b)
{
	for (size_t i = 0; i < countof(a->words); i++)
		if ((a->words[i] & b->words[i]) != 0)
			return true;
	return false;
}

static bool all_or_none(const struct byte_set *of, const struct byte_set *set)
{
	return byte_set_is_within(of, set) || !byte_set_meets(of, set);
}

const struct byte_set *node_set_of(const struct node *n)
{
	if (n->kind == NODE_SET)
		return &n->set;
	return n->kind == NODE_REPEAT && n->items[0]->kind == NODE_SET ? &n->items[0]->set : NULL;
}

static bool is_needed(const struct node *n)
{
	return n->kind == NODE_SET || n->min > 0;
}

/*
 * Does what item i matches begin (end) where a word begins (ends), one that hangs on no dash? Says
 * the neighbour before it (behind it, with step 1); what may be left out there is looked past.
 */
static bool is_bounded(const struct sets *s, const struct node *sequence, size_t i, int step)
{
	for (i += (size_t)step; i < sequence->count; i += (size_t)step) {
		struct node *n = sequence->items[i];
		const struct byte_set *set = node_set_of(n);
		if (n->kind == (step > 0 ? NODE_LINE_END : NODE_LINE_START))
			return true;
		if (set == NULL || byte_set_meets(set, &s->word_or_dash))
			return false;
		if (is_needed(n))
			return true;
	}
	return false;
}

/* What is known of all texts that a run of items matches. */
struct piece {
	bool sees_digits; /* some set has some digits and not all */
	bool sees_ids;	  /* some set has some hexadecimal digits and not all */
	bool no_id;	  /* there is a word byte that is no hexadecimal digit */
	bool no_digits;
	uint32_t letters; /* at most, of hexadecimal ones; 2 stands for more */
};

static const struct piece nothing = { .no_digits = true };

/* What piece_of_set says of one byte, or of the letter of which this is the small one. */
static struct piece piece_of_character(unsigned small)
{
	bool digit = small >= '0' && small <= '9', hex = small >= 'a' && small <= 'f';
	bool word = digit || ((small | 0x20) >= 'a' && (small | 0x20) <= 'z') || small == '_';
	return (struct piece){ .sees_digits = digit,
		.sees_ids = digit || hex,
		.no_id = word && !digit && !hex,
		.no_digits = !digit,
		.letters = hex };
}

static struct piece piece_of_set(const struct sets *s, const struct byte_set *set)
{
	bool letters =
		byte_set_meets(set, &s->hex) && !byte_set_is_within(set, &s->digits_and_marks);
	return (struct piece){ .sees_digits = !all_or_none(&s->digits, set),
		.sees_ids = !all_or_none(&s->hex, set),
		.no_id = byte_set_is_within(set, &s->word) && !byte_set_meets(set, &s->hex),
		.no_digits = !byte_set_meets(set, &s->digits),
		.letters = letters };
}

static void put_behind(struct piece *p, struct piece next)
{
	p->sees_digits |= next.sees_digits;
	p->sees_ids |= next.sees_ids;
	p->no_id |= next.no_id;
	p->no_digits &= next.no_digits;
	p->letters += next.letters;
}

static void put_beside(struct piece *p, struct piece other)
{
	p->sees_digits |= other.sees_digits;
	p->sees_ids |= other.sees_ids;
	p->no_id &= other.no_id;
	p->no_digits &= other.no_digits;
	p->letters = p->letters > other.letters ? p->letters : other.letters;
}

/* Of a node of sets, sequences, choices and repeats. */
static struct piece piece_of_node(const struct sets *s, const struct node *n)
{
	struct piece p = nothing;
	switch (n->kind) {
	case NODE_SET:
		return node_is_character(n) ? piece_of_character(node_small(n))
					    : piece_of_set(s, &n->set);
	case NODE_REPEAT:
		p = piece_of_node(s, n->items[0]);
		p.no_id &= n->min > 0;
		p.letters *= 2;
		return p;
	case NODE_CHOICE:
		p = piece_of_node(s, n->items[0]);
		for (size_t i = 1; i < n->count; i++)
			put_beside(&p, piece_of_node(s, n->items[i]));
		return p;
	default:
		for (size_t i = 0; i < n->count; i++)
			put_behind(&p, piece_of_node(s, n->items[i]));
		return p;
	}
}

static struct piece piece_of(
	const struct sets *s, const struct node *sequence, size_t from, size_t to)
{
	struct piece p = nothing;
	for (size_t i = from; i < to; i++)
		put_behind(&p, piece_of_node(s, sequence->items[i]));
	return p;
}

/* Matches it bytes of words alone? */
static bool is_of_word(const struct sets *s, const struct node *n)
{
	bool grouped = n->kind == NODE_SEQUENCE || n->kind == NODE_CHOICE || n->kind == NODE_REPEAT;
	if (n->kind == NODE_SET)
		return byte_set_is_within(&n->set, &s->word);
	for (size_t i = 0; i < n->count && grouped; i++)
		grouped = is_of_word(s, n->items[i]);
	return grouped || n->kind == NODE_EMPTY;
}

/*
 * Is every word that the run meets none of an id? Where it may hold a mark, a word may begin or
 * end: each stretch between such items has to have a byte that tells, and a mark's digits at the
 * end of the run may be of a word that goes on beyond it.
 */
static bool words_are_no_ids(
	const struct sets *s, const struct node *sequence, size_t from, size_t to)
{
	bool told = true; /* of the stretch so far; there is none */
	bool within = false;
	for (size_t i = from; i < to; i++) {
		const struct node *n = sequence->items[i];
		if (is_of_word(s, n)) {
			told = piece_of_node(s, n).no_id || (within && told);
			within = true;
			continue;
		}
		if (!told || (i == from && !is_bounded(s, sequence, i, -1)) ||
			(i + 1 == to && !is_bounded(s, sequence, i, 1)))
			return false;
		within = false;
	}
	return told;
}

/* Is a run of items, [from, to) of the sequence, clear of ids? */
static bool is_clear_of_ids(
	const struct sets *s, const struct node *sequence, size_t from, size_t to)
{
	struct piece p = piece_of(s, sequence, from, to);
	return !p.sees_ids || words_are_no_ids(s, sequence, from, to) ||
	       ((p.no_digits || p.letters <= 1) && is_bounded(s, sequence, from, -1) &&
		       is_bounded(s, sequence, to - 1, 1));
}

/*
 * From item i on: the end of the piece of a word, or of digits and marks, that starts there; of
 * sets alone, or with groups that match nothing but bytes of words.
 */
static size_t piece_end(const struct sets *s, const struct node *sequence, size_t i, bool groups)
{
	for (; i < sequence->count; i++) {
		const struct node *n = sequence->items[i];
		const struct byte_set *set = node_set_of(sequence->items[i]);
		bool marked = set != NULL && byte_set_meets(set, &s->digits) &&
			      byte_set_is_within(set, &s->digits_and_marks);
		if (!marked && ((set == NULL && !groups) || !is_of_word(s, n)))
			break;
	}
	return i;
}

static bool piece_is_blind(const struct sets *s, const struct node *n, size_t from, size_t to)
{
	return to > from && !piece_of(s, n, from, to).sees_digits &&
	       is_clear_of_ids(s, n, from, to);
}

static bool sequence_is_blind(const struct sets *s, const struct node *n)
{
	for (size_t i = 0; i < n->count;) {
		size_t end = piece_end(s, n, i, true);
		if (!piece_is_blind(s, n, i, end)) {
			end = piece_end(s, n, i, false);
			if (end == i ? !tree_is_blind(s, n->items[end++])
				     : !piece_is_blind(s, n, i, end))
				return false;
		}
		i = end;
	}
	return true;
}

/* The sequence with one of the choices of item i in its place. */
static struct node *take_choice(struct arena *a, const struct node *n, size_t i, struct node *taken)
{
	struct node *way = node_new(a, NODE_SEQUENCE);
	for (size_t k = 0; k < n->count; k++) {
		struct node *item = k == i ? taken : n->items[k];
		for (size_t j = 0; item->kind == NODE_SEQUENCE && j < item->count; j++)
			node_add(a, way, item->items[j]);
		if (item->kind != NODE_SEQUENCE && item->kind != NODE_EMPTY)
			node_add(a, way, item);
	}
	return way;
}

/* Choices within a sequence are tried one by one in their place, where what bounds them is seen. */
static bool all_ways_are_blind(const struct sets *s, struct node *n, unsigned *budget)
{
	size_t i = 0;
	while (i < n->count && n->items[i]->kind != NODE_CHOICE)
		i++;
	if (i == n->count)
		return *budget > 0 && (--*budget, sequence_is_blind(s, n));
	struct node *choice = n->items[i];
	bool blind = true;
	for (size_t k = 0; k < choice->count && blind; k++) {
		struct arena arena = { 0 };
		blind = *budget > 0 &&
			all_ways_are_blind(s, take_choice(&arena, n, i, choice->items[k]), budget);
		arena_release(&arena);
	}
	return blind;
}

bool tree_is_blind(const struct sets *s, struct node *n)
{
	const struct byte_set *set = node_set_of(n);
	unsigned budget = WAYS_MAX;
	if (set != NULL)
		return all_or_none(&s->digits, set) && all_or_none(&s->hex, set);
	if (n->kind == NODE_SEQUENCE)
		return sequence_is_blind(s, n) || all_ways_are_blind(s, n, &budget);
	for (size_t i = 0; i < n->count; i++) {
		if (!tree_is_blind(s, n->items[i]))
			return false;
	}
	return true;
}

size_t piece_to_widen(
	const struct sets *s, const struct node *n, size_t i, const struct byte_set **by)
{
	size_t end = piece_end(s, n, i, true);
	*by = &s->digits;
	if (end > i && is_clear_of_ids(s, n, i, end))
		return end;
	end = piece_end(s, n, i, false);
	if (end > i && !is_clear_of_ids(s, n, i, end))
		*by = &s->hex;
	return end;
}
