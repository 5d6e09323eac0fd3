/* SPDX-License-Identifier: MIT */
/* Makes finders of texts and of bytes, and bytes of finders. */
#include "src/match/text_finder_parts.h"

#include <stdlib.h>

#include "lineup/mem.h"

/* Bits for each block, which are half a megabyte of cache at most and are met by chance rarely. */
#define BITS_PER_BLOCK_LOG2 6
#define BITS_LOG2_MIN	    12
#define BITS_LOG2_MAX	    21

/* Hashes by which blocks are counted, to tell which are shared. */
#define SHARES_LOG2 18

#define MAGIC UINT64_C(0x3172646e69667874)

static size_t up_to_word(size_t bytes)
{
	return (bytes + WORD_BYTES - 1) & ~(size_t)(WORD_BYTES - 1);
}

static size_t bits_bytes(const struct finder_head *h)
{
	return (size_t)1 << (h->bits_log2 - 3);
}

static size_t buckets_bytes(const struct finder_head *h)
{
	return up_to_word((((size_t)1 << h->buckets_log2) + 1) * sizeof(uint32_t));
}

/* Of all that stands before the texts' bytes. */
static size_t front_bytes(const struct finder_head *h)
{
	return sizeof(*h) + bits_bytes(h) + h->block_count * sizeof(struct finder_block) +
	       h->text_count * sizeof(struct stored_text) + buckets_bytes(h);
}

/* Finds the parts that follow the head. */
static void lay_out(struct text_finder *f)
{
	const struct finder_head *h = f->head;
	const char *at = (const char *)h + sizeof(*h);
	f->bits = (const uint64_t *)(const void *)at;
	at += bits_bytes(h);
	f->blocks = (const struct finder_block *)(const void *)at;
	f->texts = (const struct stored_text *)(const void *)(f->blocks + h->block_count);
	f->buckets = (const uint32_t *)(const void *)(f->texts + h->text_count);
	f->bytes = (const char *)h + front_bytes(h);
	f->text_bytes = (size_t)h->byte_count - front_bytes(h);
}

static unsigned log2_of(size_t n)
{
	unsigned log2 = 0;
	while ((size_t)1 << log2 < n)
		log2++;
	return log2;
}

static unsigned within(unsigned n, unsigned least, unsigned most)
{
	return n < least ? least : n > most ? most : n;
}

static struct str str_of_text(const struct finder_text *t)
{
	return str_of(t->bytes, t->len);
}

static uint64_t block_hash(const struct finder_text *t, size_t at)
{
	return hash_of(word_of(str_of_text(t), at));
}

static uint32_t *count_shares(const struct finder_text *texts, size_t count)
{
	uint32_t *shares = mem_zalloc((size_t)1 << SHARES_LOG2, sizeof(*shares));
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at + BLOCK_BYTES <= texts[i].len; at++)
			shares[block_hash(&texts[i], at) >> (64 - SHARES_LOG2)]++;
	return shares;
}

/* The first of the blocks side by side that the fewest texts share. */
static size_t best_window(const struct finder_text *t, const uint32_t *shares)
{
	size_t best = 0;
	uint64_t fewest = UINT64_MAX;
	for (size_t at = 0; at + WINDOW <= t->len; at++) {
		uint64_t sum = 0;
		for (size_t i = 0; i < STEP; i++)
			sum += shares[block_hash(t, at + i) >> (64 - SHARES_LOG2)];
		if (sum < fewest) {
			fewest = sum;
			best = at;
		}
	}
	return best;
}

static struct finder_block make_block(const struct finder_text *t, uint32_t text, size_t at)
{
	size_t len = size_min(t->len, WORD_BYTES);
	size_t from = size_min(at, t->len - len);
	unsigned short_bits = (unsigned)(8 * (WORD_BYTES - len));
	return (struct finder_block){
		.word = (word_of(str_of_text(t), from) | FOLD) << short_bits,
		.text = text,
		.before = (uint8_t)at,
		.back = (uint8_t)(at - from),
		.short_bits = (uint8_t)short_bits,
	};
}

/* Puts the blocks in order of their buckets, and says where each begins. */
static void fill_buckets(const struct text_finder *f, struct finder_block *blocks,
	uint32_t *buckets, const struct finder_block *made, const uint64_t *hashes)
{
	unsigned shift = 64 - f->head->buckets_log2;
	size_t bucket_count = (size_t)1 << f->head->buckets_log2;
	for (size_t i = 0; i < f->head->block_count; i++)
		buckets[hashes[i] >> shift]++;
	uint32_t sum = 0;
	for (size_t i = 0; i <= bucket_count; i++) {
		sum += buckets[i];
		buckets[i] = sum;
	}
	for (size_t i = f->head->block_count; i > 0; i--)
		blocks[--buckets[hashes[i - 1] >> shift]] = made[i - 1];
}

static void store_texts(
	const struct finder_text *texts, size_t count, struct stored_text *stored, char *bytes)
{
	uint32_t at = 0;
	for (size_t i = 0; i < count; i++) {
		const struct finder_text *t = &texts[i];
		stored[i] = (struct stored_text){ at, t->id, (uint32_t)t->len, t->caseless };
		for (size_t k = 0; k < t->len; k++) {
			char c = t->bytes[k];
			bool great = c >= 'A' && c <= 'Z' && t->caseless;
			bytes[at++] = great ? (char)(c | 0x20) : c;
		}
	}
}

static void make_blocks(
	const struct finder_text *texts, size_t count, struct finder_block *made, uint64_t *hashes)
{
	uint32_t *shares = count_shares(texts, count);
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		size_t window = best_window(&texts[i], shares);
		for (size_t k = 0; k < STEP; k++, n++) {
			made[n] = make_block(&texts[i], (uint32_t)i, window + k);
			hashes[n] = block_hash(&texts[i], window + k);
		}
	}
	free(shares);
}

static struct text_finder *make_empty(const struct finder_text *texts, size_t count)
{
	struct text_finder *f = mem_zalloc(1, sizeof(*f));
	unsigned blocks_log2 = log2_of(count * STEP + 1);
	struct finder_head head = { .magic = MAGIC,
		.text_count = (uint32_t)count,
		.block_count = (uint32_t)(count * STEP),
		.bits_log2 =
			within(blocks_log2 + BITS_PER_BLOCK_LOG2, BITS_LOG2_MIN, BITS_LOG2_MAX),
		.buckets_log2 = blocks_log2 + 1 };
	head.byte_count = front_bytes(&head);
	for (size_t i = 0; i < count; i++)
		head.byte_count += texts[i].len;
	f->head = mem_zalloc(1, (size_t)head.byte_count);
	*f->head = head;
	lay_out(f);
	return f;
}

struct text_finder *text_finder_create(const struct finder_text *texts, size_t count)
{
	struct text_finder *f = make_empty(texts, count);
	size_t block_count = f->head->block_count;
	struct finder_block *made = mem_zalloc(block_count, sizeof(*made));
	uint64_t *hashes = mem_zalloc(block_count, sizeof(*hashes));
	uint64_t *bits = (uint64_t *)f->bits;
	make_blocks(texts, count, made, hashes);
	for (size_t i = 0; i < block_count; i++) {
		uint64_t bit = hashes[i] >> (64 - f->head->bits_log2);
		bits[bit >> 6] |= UINT64_C(1) << (bit & 63);
	}
	fill_buckets(f, (struct finder_block *)f->blocks, (uint32_t *)f->buckets, made, hashes);
	store_texts(texts, count, (struct stored_text *)f->texts, (char *)f->bytes);
	free(hashes);
	free(made);
	return f;
}

void text_finder_destroy(struct text_finder *f)
{
	if (f == NULL)
		return;
	free(f->head);
	free(f);
}

struct str text_finder_bytes(const struct text_finder *f)
{
	return str_of((const char *)f->head, (size_t)f->head->byte_count);
}

static bool is_sound(const struct text_finder *f)
{
	const struct finder_head *h = f->head;
	size_t bucket_count = (size_t)1 << h->buckets_log2;
	bool sound = f->buckets[0] == 0 && f->buckets[bucket_count] == h->block_count;
	for (size_t i = 0; i < bucket_count && sound; i++)
		sound = f->buckets[i] <= f->buckets[i + 1];
	for (size_t i = 0; i < h->text_count && sound; i++)
		sound = f->texts[i].at <= f->text_bytes &&
			f->texts[i].len <= f->text_bytes - f->texts[i].at;
	for (size_t i = 0; i < h->block_count && sound; i++)
		sound = f->blocks[i].text < h->text_count && f->blocks[i].short_bits < 64;
	return sound;
}

struct text_finder *text_finder_load(struct str bytes)
{
	struct finder_head head;
	if (bytes.len < sizeof(head))
		return NULL;
	memcpy(&head, bytes.ptr, sizeof(head));
	if (head.magic != MAGIC || head.byte_count != bytes.len || head.bits_log2 < BITS_LOG2_MIN ||
		head.bits_log2 > BITS_LOG2_MAX || head.buckets_log2 < 1 || head.buckets_log2 > 32)
		return NULL;
	if (front_bytes(&head) > bytes.len)
		return NULL;
	struct text_finder *f = mem_zalloc(1, sizeof(*f));
	f->head = mem_alloc(bytes.len);
	memcpy(f->head, bytes.ptr, bytes.len);
	lay_out(f);
	if (is_sound(f))
		return f;
	text_finder_destroy(f);
	return NULL;
}
