/* SPDX-License-Identifier: MIT */
#include "src/judge/resolver.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "src/judge/waits.h"
#include "lineup/words.h"

/*
 * "getaddrinfo failed" names the one that was looked for, who was never asked, and not the one that
 * was: the resolver. When it is in the scan, its name says so. One service alone that does not find
 * another may have a wrong name in its settings; when several do not, it is who should know the
 * names. Of several resolvers nobody can tell which.
 *
 * "the token is not yet valid" likewise: a clock is wrong, and neither he who reads the token nor
 * whoever he says it to can mend it. It is who keeps the clocks, provided that he complains of them
 * himself; else it may as well be the one that stamps.
 */
static const char *const resolvers[] = { "dns", "coredns", "kube-dns", "kubedns", "skydns",
	"unbound", "named", "bind", "bind9", "dnsmasq", "resolver", "systemd-resolved", "nscd",
	"pdns", "pdns-recursor", "node-local-dns", "consul-dns" };
static const char *const timekeepers[] = { "chronyd", "chrony", "ntpd", "ntp", "openntpd",
	"systemd-timesyncd", "timesyncd", "ptp4l", "phc2sys", "w32time" };
#define LEAST_LOST 2 /* services that do not find others, or the time */

static bool is_called(
	const struct scene *s, uint32_t service, const char *const *names, size_t count)
{
	struct str name = s->findings->services[service].name;
	struct str last = str_skip(name, (size_t)(str_rfind_byte(name, '/') + 1));
	return holds_any_word(last, names, count, "_");
}

/* How many services say this. */
static size_t count_lost(const struct scene *s, bool (*says)(const struct scene_subject *))
{
	bool *lost = mem_zalloc(s->service_count + 1, sizeof(*lost));
	size_t count = 0;
	for (size_t i = 0; i < s->subject_count; i++) {
		const struct scene_subject *subject = &s->subjects[i];
		if (subject->class >= CLASS_WARNING && !lost[subject->service] && says(subject)) {
			lost[subject->service] = true;
			count++;
		}
	}
	free(lost);
	return count;
}

/* The only service that is called like one of these. */
static uint32_t find_only(const struct scene *s, const char *const *names, size_t count)
{
	uint32_t found = NO_INDEX;
	for (uint32_t i = 0; i < s->findings->service_count; i++) {
		if (!is_called(s, i, names, count))
			continue;
		if (found != NO_INDEX)
			return NO_INDEX;
		found = i;
	}
	return found;
}

static bool complains(const struct scene *s, uint32_t service)
{
	for (size_t i = 0; i < s->subject_count; i++) {
		if (s->subjects[i].service == service && s->subjects[i].class >= CLASS_WARNING)
			return true;
	}
	return false;
}

bool resolver_is(const struct scene *s, uint32_t service)
{
	return service < s->findings->service_count &&
	       is_called(s, service, resolvers, countof(resolvers));
}

uint32_t resolver_only(const struct scene *s)
{
	return find_only(s, resolvers, countof(resolvers));
}

uint32_t resolver_find(const struct scene *s)
{
	uint32_t found = find_only(s, resolvers, countof(resolvers));
	return found != NO_INDEX && count_lost(s, waits_for_name) >= LEAST_LOST ? found : NO_INDEX;
}

uint32_t timekeeper_find(const struct scene *s)
{
	uint32_t found = find_only(s, timekeepers, countof(timekeepers));
	return found != NO_INDEX && complains(s, found) &&
			       count_lost(s, waits_for_clock) >= LEAST_LOST
		       ? found
		       : NO_INDEX;
}
