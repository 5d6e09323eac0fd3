/* SPDX-License-Identifier: MIT */
#include "src/reading/service_pattern.h"

#include <regex.h>
#include <stdlib.h>

#include "lineup/mem.h"

struct service_pattern {
	regex_t regex;
};

int service_pattern_create(struct service_pattern **out, struct str text, struct error *err)
{
	struct service_pattern *p = mem_zalloc(1, sizeof(*p));
	char *terminated = mem_strdup(text);
	int status = regcomp(&p->regex, terminated, REG_EXTENDED);
	free(terminated);
	if (status != 0) {
		char why[128];
		regerror(status, &p->regex, why, sizeof(why));
		free(p);
		return error_set(err, "--service '%.*s': %s", STR_ARG(text), why);
	}
	if (p->regex.re_nsub < 1) {
		service_pattern_destroy(p);
		return error_set(err, "--service '%.*s': no group (...) that names the service",
			STR_ARG(text));
	}
	*out = p;
	return 0;
}

void service_pattern_destroy(struct service_pattern *p)
{
	if (p == NULL)
		return;
	regfree(&p->regex);
	free(p);
}

bool service_pattern_match(const struct service_pattern *p, struct str text, struct str *group)
{
	regmatch_t m[2] = { { .rm_so = 0, .rm_eo = (regoff_t)text.len } };
	if (text.ptr == NULL || text.len > INT32_MAX ||
		regexec(&p->regex, text.ptr, 2, m, REG_STARTEND) != 0 || m[1].rm_so < 0 ||
		m[1].rm_eo <= m[1].rm_so)
		return false;
	*group = str_of(text.ptr + m[1].rm_so, (size_t)(m[1].rm_eo - m[1].rm_so));
	return true;
}
