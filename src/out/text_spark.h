/* SPDX-License-Identifier: MIT */
/* A suspect's lines over time as a row of small bars, and the axis that all such rows share. */
#ifndef LINEUP_OUT_TEXT_SPARK_H
#define LINEUP_OUT_TEXT_SPARK_H

#include "lineup/text_parts.h"

/* The bars and two blanks behind them; returns the columns taken, 0 where no line is dated. */
size_t text_spark(struct text_report *, const struct suspect *);

/* A line with the axis, heavy where the incident is; nothing where no line is dated. */
void text_axis(struct text_report *);

#endif
