/* SPDX-License-Identifier: MIT */
#include "lineup/parallel.h"

void parallel_each(
	unsigned threads, size_t count, void (*work)(void *context, size_t index), void *context)
{
	unsigned team = (unsigned)size_min(threads, count);
	if (team <= 1) { /* the runtime of OpenMP is not even started */
		for (size_t i = 0; i < count; i++)
			work(context, i);
		return;
	}
#pragma omp parallel for num_threads(team) schedule(dynamic, 1) default(none)                      \
	shared(count, work, context)
	for (size_t i = 0; i < count; i++)
		work(context, i);
}
