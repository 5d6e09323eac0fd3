/* SPDX-License-Identifier: MIT */
/*
 * What the taking apart of requests is cut into: one request at a time (requests.c), in blocks side
 * by side and then put together (requests_build.c). Each block's builder is used by one thread.
 */
#ifndef LINEUP_JUDGE_REQUESTS_PARTS_H
#define LINEUP_JUDGE_REQUESTS_PARTS_H

#include "src/judge/requests.h"

/* One line of a request while its runs are made. */
struct member_line {
	uint64_t span;
	uint32_t service;
	uint32_t event;
};

struct raw_gap {
	uint64_t edge;
	int64_t gap_ns;
	uint32_t event; /* of the second line */
};

/* Where the next of each kind goes, in the arrays that all blocks share. */
struct cursors {
	size_t run;
	size_t step;
	size_t call;
	size_t node;
	size_t gap;
};

/* Keys are collected first and numbered in their order when all are known. */
struct builder {
	struct requests *r;
	const struct scene *scene;
	uint64_t *steps; /* of all blocks, as are the next four */
	uint64_t *called;
	uint64_t *edges;     /* of each of the gaps */
	uint32_t *run_of;    /* of each event: its run */
	uint32_t *caller_of; /* of each run: the one that called it; NO_INDEX: none */
	struct cursors begin;
	struct cursors at;
	struct raw_gap *gaps; /* of one request */
	size_t gap_capacity;
	struct member_line *lines; /* of one request */
	size_t line_capacity;
};

/* Takes one request apart; its block's requests in order. */
void requests_take_apart(struct builder *, uint32_t request);

#endif
