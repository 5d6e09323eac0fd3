/* SPDX-License-Identifier: MIT */
/* Tables with a column of whole documents, which Kibana calls _source. Pure; any thread. */
#ifndef LINEUP_SOURCE_CSV_H
#define LINEUP_SOURCE_CSV_H

#include "lineup/str.h"

/* Is a text that begins so such a table? */
bool is_source_csv(struct str head);

#endif
