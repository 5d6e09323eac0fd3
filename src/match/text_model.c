/* SPDX-License-Identifier: MIT */
#include "lineup/text_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lineup/mem.h"

/*
 * Each character is told from the four before it, as far as these were met; what is not known of
 * four is taken from three, and so on (a Markov chain with interpolated back-off). Digits are one
 * character: numbers are everywhere, and one number is as rare as another.
 */
#define ORDER 5
#define SLOTS TEXT_MODEL_SLOTS
/* What was never seen is not known to be rarer: 2 to the power of -TEXT_MODEL_BITS_MAX. */
#define LEAST 0x1p-60

#define DIGIT_CHANCE 5.66 /* of 10: small digits are met more often */

/* So much weight has what the shorter context says, and so much is taken off what was met: once may
 * be chance, and is mostly the very pattern that asks. */
#define BACK_OFF 3.0
#define DISCOUNT 0.9

/* No number here is a NaN, of which fmin and fmax think. */
static double smaller(double a, double b)
{
	return a < b ? a : b;
}

static double greater(double a, double b)
{
	return a > b ? a : b;
}

static unsigned folded(char c)
{
	return c >= '0' && c <= '9' ? '0' : (unsigned char)c;
}

static size_t slot_of(uint64_t run, unsigned len)
{
	uint64_t key = run | (uint64_t)len << 56;
	return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - TEXT_MODEL_SLOTS_LOG2));
}

/* The last characters of a text, the newest lowest, and how many they are. */
struct run {
	uint64_t bytes;
	unsigned len;
};

static uint64_t last_of(uint64_t bytes, unsigned len)
{
	return bytes & ((UINT64_C(1) << (8 * len)) - 1);
}

static void run_add(struct run *r, char c)
{
	r->bytes = last_of(r->bytes << 8 | folded(c), ORDER);
	r->len += r->len < ORDER;
}

void text_model_reserve(struct text_model *m)
{
	if (m->counts == NULL)
		m->counts = mem_zalloc(SLOTS, sizeof(*m->counts));
}

void text_model_learn(struct text_model *m, struct str text, uint32_t weight)
{
	struct run run = { 0 };
	text_model_reserve(m);
	for (size_t i = 0; i < text.len; i++) {
		run_add(&run, text.ptr[i]);
		for (unsigned len = 1; len <= run.len; len++)
			m->counts[slot_of(last_of(run.bytes, len), len)] += weight;
	}
	m->total += (double)text.len * weight;
}

void text_model_join(struct text_model *m, const struct text_model *other)
{
	if (other->counts == NULL)
		return;
	text_model_reserve(m);
	for (size_t i = 0; i < SLOTS; i++)
		m->counts[i] += other->counts[i];
	m->total += other->total;
}

void text_model_release(struct text_model *m)
{
	free(m->counts);
	*m = (struct text_model){ 0 };
}

static struct run run_at(struct str text, size_t at)
{
	struct run r = { 0 };
	for (size_t i = at + 1 - size_min(at + 1, ORDER); i <= at; i++)
		run_add(&r, text.ptr[i]);
	return r;
}

/*
 * How probable the last character is behind nothing, behind the one character before it, and so on;
 * a digit, as the one that it is.
 */
static void chances_at(const struct text_model *m, struct run r, double by_context[ORDER])
{
	uint64_t last = last_of(r.bytes, 1);
	double share = last == '0' ? DIGIT_CHANCE : 1;
	double chance = (m->counts[slot_of(last, 1)] + 0.5) / (m->total + 128);
	unsigned len = 1;
	by_context[0] = smaller(chance, 1) / share;
	while (++len <= r.len) {
		double met = m->counts[slot_of(last_of(r.bytes >> 8, len - 1), len - 1)];
		if (met == 0)
			break;
		double together = m->counts[slot_of(last_of(r.bytes, len), len)];
		chance = (greater(together - DISCOUNT, 0) + BACK_OFF * chance) / (met + BACK_OFF);
		by_context[len - 1] = smaller(chance, 1) / share;
	}
	for (; len <= ORDER; len++)
		by_context[len - 1] = by_context[len - 2];
}

void text_memo_init(struct text_memo *memo, const struct text_model *model)
{
	memo->model = model;
	memset(memo->keys, 0, sizeof(memo->keys));
}

/* The same, told once of each run that is met again soon. */
static const double *chances_again(struct text_memo *memo, struct run r)
{
	uint64_t key = r.bytes | (uint64_t)r.len << 56;
	size_t slot = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - TEXT_MEMO_LOG2));
	if (memo->keys[slot] != key) {
		memo->keys[slot] = key;
		chances_at(memo->model, r, memo->chances[slot]);
	}
	return memo->chances[slot];
}

/* Of a character that so many known ones stand before. */
static double behind(const double by_context[ORDER], size_t known)
{
	return by_context[size_min(known, ORDER - 1)];
}

/* Of a text with one more character, from 1 for the empty one; stops where it is told no more. */
static double longer(double chance, double next)
{
	return chance > LEAST ? greater(LEAST, chance * next) : chance;
}

void text_model_chances(struct text_memo *memo, struct str text, double *chances, double *tails)
{
	double at[TEXT_MODEL_TAIL][ORDER]; /* of the last characters, by index */
	double chance = 1;
	struct run run = { 0 };
	for (size_t i = 0; i < text.len; i++) {
		double *here = at[i % TEXT_MODEL_TAIL];
		if (memo->model->counts == NULL) {
			chances[i] = tails[i] = LEAST;
			continue;
		}
		run_add(&run, text.ptr[i]);
		memcpy(here, chances_again(memo, run), sizeof(at[0]));
		chances[i] = chance = longer(chance, behind(here, i));
		if (i + 1 <= TEXT_MODEL_TAIL) {
			tails[i] = chance; /* the beginning is no longer than its tail */
			continue;
		}
		size_t from = i + 1 - TEXT_MODEL_TAIL;
		double tail = 1;
		for (size_t k = from; k <= i; k++)
			tail *= behind(at[k % TEXT_MODEL_TAIL], k - from);
		tails[i] = greater(tail, LEAST);
	}
}

size_t text_model_rare_end(struct text_memo *memo, struct str text, size_t least, double chance_max)
{
	double at[TEXT_MODEL_END_MAX][ORDER]; /* from the end */
	double known = 1;		      /* of those that four of the end stand before */
	size_t most = size_min(text.len, TEXT_MODEL_END_MAX);
	if (memo->model->counts == NULL)
		return size_min(least, most);
	for (size_t len = 1; len <= most; len++) {
		memcpy(at[len - 1], chances_again(memo, run_at(text, text.len - len)),
			sizeof(at[0]));
		if (len >= ORDER)
			known = longer(known, at[len - ORDER][ORDER - 1]);
		double chance = known;
		for (size_t i = 0; i < size_min(len, ORDER - 1); i++)
			chance = longer(chance, at[len - 1 - i][i]);
		if (len >= least && chance <= chance_max)
			return len;
	}
	return most;
}

double text_model_bits(const struct text_model *m, struct str text)
{
	double by_context[ORDER];
	double chance = m->counts == NULL ? LEAST : 1;
	for (size_t i = 0; i < text.len && chance > LEAST; i++) {
		chances_at(m, run_at(text, i), by_context);
		chance *= behind(by_context, i);
	}
	return smaller(-log2(chance), TEXT_MODEL_BITS_MAX);
}
