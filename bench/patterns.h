/* SPDX-License-Identifier: MIT */
/*
 * Patterns for benchmarks, made from a seed: error messages as people write them, in the syntax
 * that every grep reads alike. No two are the same. One thread.
 */
#ifndef LINEUP_BENCH_PATTERNS_H
#define LINEUP_BENCH_PATTERNS_H

#include "lineup/buf.h"

/* Appends `count` patterns, one a line. */
void patterns_make(uint64_t seed, size_t count, struct buf *out);

#endif
