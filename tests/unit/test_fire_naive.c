/* SPDX-License-Identifier: MIT */
/* Random rules fire on random logs as the plainest way of finding it says. */
#include "tests/unit/fire_stage.h"

struct naive {
	const struct rule *rule;
	const struct log *log;
	const struct rule_set *set;
	bool used[64][LINES_MAX];     /* by slot */
	bool given_up[64][LINES_MAX]; /* by term of a sequence */
};

static bool hits(const struct naive *n, uint32_t term, size_t line)
{
	return strchr(n->log->lines[line].terms, n->set->terms[term].text.ptr[0]) != NULL;
}

/* The oldest line a term can take, given what the terms before it took; the log is sorted. */
static bool naive_take(const struct naive *n, size_t term, const size_t *taken, size_t *out)
{
	const struct line *lines = n->log->lines;
	bool ordered = n->rule->form == RULE_SEQUENCE;
	uint32_t slot = fire_slot(n->rule, n->rule->terms[term]);
	for (size_t i = 0; i < n->log->count; i++) {
		bool good = hits(n, n->rule->terms[term], i) && !n->used[slot][i] &&
			    !n->given_up[ordered ? term : 0][i];
		for (size_t k = 0; k < term && good; k++) {
			bool same_term = n->rule->terms[k] == n->rule->terms[term];
			good = !(taken[k] == i && (ordered || same_term));
		}
		if (ordered && term > 0)
			good = good && lines[i].time_ns >= lines[taken[term - 1]].time_ns;
		if (good) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* A place of the match: which term, and the line it took; of one line, by slot. */
struct place {
	size_t line;
	size_t term;
	uint32_t slot;
};

static int compare_placed(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

static bool naive_negated(const struct naive *n, const struct place *ordered, size_t *anchor_out)
{
	const struct line *lines = n->log->lines;
	size_t count = n->rule->term_count;
	for (size_t i = 0; i < n->rule->negative_count; i++) {
		const struct rule_negative *negative = &n->rule->negatives[i];
		size_t anchor = negative->anchor - 1;
		int64_t start = lines[ordered[anchor].line].time_ns + negative->slide_ns;
		int64_t length = negative->window_ns;
		if (!negative->absolute)
			length += lines[ordered[count - 1].line].time_ns -
				  lines[ordered[0].line].time_ns;
		if (length < 0)
			length = 0;
		for (size_t k = 0; k < n->log->count; k++) {
			if (hits(n, negative->term, k) && lines[k].time_ns >= start &&
				lines[k].time_ns <= start + length) {
				*anchor_out = anchor;
				return true;
			}
		}
	}
	return false;
}

static void naive_give_up(struct naive *n, struct place place)
{
	if (n->rule->form == RULE_SEQUENCE)
		n->given_up[place.term][place.line] = true;
	else
		n->used[fire_slot(n->rule, n->rule->terms[place.term])][place.line] = true;
}

struct span {
	int64_t first_ns;
	int64_t last_ns;
};

static int compare_spans(const void *left, const void *right)
{
	const struct span *a = left;
	const struct span *b = right;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	return (a->last_ns > b->last_ns) - (a->last_ns < b->last_ns);
}

static size_t naive_run(struct naive *n, struct span *spans)
{
	size_t taken[64];
	struct place ordered[64];
	size_t fire_count = 0;
	size_t term_count = n->rule->term_count;
	for (;;) {
		for (size_t i = 0; i < term_count; i++) {
			if (!naive_take(n, i, taken, &taken[i])) {
				qsort(spans, fire_count, sizeof(*spans), compare_spans);
				return fire_count;
			}
			ordered[i] = (struct place){ taken[i], i,
				fire_slot(n->rule, n->rule->terms[i]) };
		}
		if (n->rule->form == RULE_SET)
			qsort(ordered, term_count, sizeof(*ordered), compare_placed);
		int64_t first = n->log->lines[ordered[0].line].time_ns;
		int64_t last = n->log->lines[ordered[term_count - 1].line].time_ns;
		size_t anchor = 0;
		if ((n->rule->window_ns > 0 && last - first > n->rule->window_ns) ||
			naive_negated(n, ordered, &anchor)) {
			naive_give_up(n, ordered[anchor]);
			continue;
		}
		spans[fire_count++] = (struct span){ first, last };
		for (size_t i = 0; i < term_count; i++)
			n->used[fire_slot(n->rule, n->rule->terms[i])][taken[i]] = true;
	}
}

static void test_it_fires_as_brute_force_says(void **state)
{
	(void)state;
	static struct log log;
	static struct naive naive;
	static struct span spans[LINES_MAX];
	static struct span got[LINES_MAX];
	size_t fires_seen = 0;
	for (uint32_t round = 0; round < 5000; round++) {
		char condition[1024];
		struct rule_set set = { 0 };
		struct fires fires;
		random_state = round * 77777u + 1;
		random_condition(condition, sizeof(condition));
		read_rule(&set, condition);
		random_log(&log, 1 + random_below(40));
		memset(&naive, 0, sizeof(naive));
		naive.rule = &set.rules[0];
		naive.log = &log;
		naive.set = &set;
		size_t expected = naive_run(&naive, spans);
		run_log(&set, &log, &fires);
		bool same = fires.count == expected;
		for (size_t i = 0; i < expected && same; i++)
			got[i] = (struct span){ fires.items[i].first_ns, fires.items[i].last_ns };
		if (same && expected > 0) {
			qsort(got, expected, sizeof(*got), compare_spans);
			same = memcmp(got, spans, expected * sizeof(*got)) == 0;
		}
		if (!same)
			fail_msg("round %u {%s}: %zu fires, %zu by brute force", round, condition,
				fires.count, expected);
		fires_seen += expected;
		fires_release(&fires);
		rule_set_release(&set);
	}
	assert_true(fires_seen > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_fires_as_brute_force_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
