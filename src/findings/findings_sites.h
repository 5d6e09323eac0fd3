/* SPDX-License-Identifier: MIT */
/*
 * The sites of services that have several, from the joined tally to the findings, with names short
 * enough to be said. One thread, while the findings are built.
 */
#ifndef LINEUP_FINDINGS_SITES_H
#define LINEUP_FINDINGS_SITES_H

#include "lineup/findings.h"

/* service_order: of each service of the tally its place in the findings. */
void findings_build_sites(
	struct findings *, const struct tally *, const uint32_t *service_order);

/* The index of the service's site of this name; UINT32_MAX: no such one, or it is its only one. */
uint32_t findings_site_of(const struct findings *, uint32_t service, uint64_t name_hash);

#endif
