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
 */
static const char *const names[] = { "dns", "coredns", "kube-dns", "kubedns", "skydns", "unbound",
	"named", "bind", "bind9", "dnsmasq", "resolver", "systemd-resolved", "nscd", "pdns",
	"pdns-recursor", "node-local-dns", "consul-dns" };
#define LEAST_LOST 2 /* services that do not find others */

static bool is_resolver(struct str service)
{
	struct str last = str_skip(service, (size_t)(str_rfind_byte(service, '/') + 1));
	for (size_t i = 0; i < countof(names); i++) {
		if (holds_word(last, str_from(names[i]), "_"))
			return true;
	}
	return false;
}

static size_t count_lost(const struct scene *s)
{
	bool *lost = mem_zalloc(s->service_count + 1, sizeof(*lost));
	size_t count = 0;
	for (size_t i = 0; i < s->subject_count; i++) {
		const struct scene_subject *subject = &s->subjects[i];
		if (subject->class >= CLASS_WARNING && !lost[subject->service] &&
			waits_for_name(subject)) {
			lost[subject->service] = true;
			count++;
		}
	}
	free(lost);
	return count;
}

uint32_t resolver_find(const struct scene *s)
{
	uint32_t found = NO_INDEX;
	for (uint32_t i = 0; i < s->findings->service_count; i++) {
		if (!is_resolver(s->findings->services[i].name))
			continue;
		if (found != NO_INDEX)
			return NO_INDEX;
		found = i;
	}
	return found != NO_INDEX && count_lost(s) >= LEAST_LOST ? found : NO_INDEX;
}
