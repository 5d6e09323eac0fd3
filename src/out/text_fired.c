/* SPDX-License-Identifier: MIT */
#include "lineup/text_parts.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"

#define FIRED_SHOWN	      5
#define FIRED_BESIDE_SUSPECTS 3
#define FIX_LINES	      3

struct fired {
	const struct detection *detection;
	const struct rule *rule;
};

static int worst_first(const void *a, const void *b)
{
	const struct fired *x = a, *y = b;
	if (x->rule->severity != y->rule->severity)
		return x->rule->severity < y->rule->severity ? -1 : 1;
	if (x->detection->count != y->detection->count)
		return x->detection->count > y->detection->count ? -1 : 1;
	return str_compare(x->rule->id, y->rule->id);
}

static bool is_suspect(const struct text_report *r, const struct rule *rule)
{
	for (size_t i = 0; i < r->shown; i++) {
		const struct suspect *s = &r->verdict->suspects[i];
		if (str_equal(s->id, rule->id))
			return true;
		for (size_t k = 0; k < s->also_count; k++) {
			if (str_equal(s->also[k], rule->id))
				return true;
		}
	}
	return false;
}

static bool is_in_logs(const struct findings *f, const struct detection *d)
{
	for (size_t i = 0; i < d->service_count; i++) {
		if (!names_document(f->services[d->services[i]].name))
			return true;
	}
	return d->service_count == 0;
}

/* The earliest line that is kept of the rule, in whichever log; a document's only if it has no
 * other. */
static const struct evidence *first_evidence(const struct findings *f, const struct detection *d)
{
	const struct evidence *first = NULL;
	bool in_logs = is_in_logs(f, d);
	for (size_t i = 0; i < f->subject_count && f->subjects[i].kind == SUBJECT_RULE; i++) {
		const struct subject *s = &f->subjects[i];
		if (s->rule == d->rule && s->evidence_count > 0 &&
			!(in_logs && names_document(f->services[s->service].name)) &&
			(first == NULL || evidence_compare(&s->evidence[0], first) < 0))
			first = &s->evidence[0];
	}
	return first;
}

/* The first of its services that is no document, if one is. */
static uint32_t first_log(const struct findings *f, const struct detection *d)
{
	for (size_t i = 0; i < d->service_count; i++) {
		if (!names_document(f->services[d->services[i]].name))
			return d->services[i];
	}
	return d->service_count > 0 ? d->services[0] : UINT32_MAX;
}

static struct str service_of(const struct findings *f, const struct detection *d)
{
	uint32_t service = first_log(f, d);
	return service == UINT32_MAX ? STR("") : f->services[service].name;
}

static void put_place(struct text_report *r, const struct evidence *e)
{
	struct page *p = &r->page;
	page_style(p, STYLE_DIM);
	page_spaces(p, 14);
	size_t used = 14;
	if (r->places.len > 0 && str_starts(e->path, r->places)) {
		used += page_printf(p, "@");
		used += page_put(p, str_skip(e->path, r->places.len));
	} else {
		used += page_put(p, e->path);
	}
	used += page_printf(p, ":%llu", (unsigned long long)e->line);
	/* behind a long place the line begins anew: a stamp alone says nothing */
	if (used > p->width / 2) {
		page_end_line(p);
		page_spaces(p, 14);
		page_log_line(p, e->text, 14, 2);
	} else {
		page_printf(p, "  ");
		page_cut(p, str_trim(e->text), p->width - used - 2);
		page_end_line(p);
	}
	page_style(p, STYLE_PLAIN);
}

/* The rule with its service, which takes so many columns in all rows. */
static void put_fired(struct text_report *r, const struct fired *fired, size_t widest)
{
	struct page *p = &r->page;
	const struct findings *f = r->findings;
	const struct detection *d = fired->detection;
	size_t column = page_printf(p, "    %-8s  ", severity_name(fired->rule->severity));
	column += page_number_right(p, d->count, 7) + page_printf(p, "  ");
	column += page_name(p, service_of(f, d), widest) + page_printf(p, "  ");
	page_cut(p, fired->rule->title, p->width > column + 10 ? p->width - column : 10);
	page_end_line(p);
	/* who asked for a pattern wants to see where it was; beside suspects it is an aside */
	const struct evidence *e = r->shown > 0 && !p->verbose ? NULL : first_evidence(f, d);
	if (e != NULL)
		put_place(r, e);
	/* where nobody is suspected, these are all the answer there is */
	struct str fix = str_trim(fired->rule->advice.fix);
	if (r->shown == 0 && fix.len > 0 && fired->rule->severity <= SEVERITY_HIGH) {
		page_spaces(p, 14);
		page_wrapped(p, fix, 14 + page_printf(p, "Fix: "), 14, p->verbose ? 0 : FIX_LINES);
	}
}

static void put_list(struct text_report *r, const struct fired *all, size_t count)
{
	struct page *p = &r->page;
	size_t most = r->shown > 0 ? FIRED_BESIDE_SUSPECTS : FIRED_SHOWN;
	size_t shown = p->verbose ? count : size_min(count, most);
	size_t widest = 0;
	for (size_t i = 0; i < shown; i++)
		widest = size_max(widest, service_of(r->findings, all[i].detection).len);
	for (size_t i = 0; i < shown; i++)
		put_fired(r, &all[i], page_name_width(p, widest));
	page_more(p, 4, count - shown, "");
}

/*
 * Rules that matched and are no suspects: at home all day long, or nothing to compare them with.
 */
void text_fired(struct text_report *r)
{
	const struct findings *f = r->findings;
	struct page *p = &r->page;
	struct fired *all = mem_zalloc(f->detection_count, sizeof(*all));
	size_t count = 0, in_documents = 0;
	for (size_t i = 0; f->rules != NULL && i < f->detection_count; i++) {
		const struct rule *rule = &f->rules->rules[f->detections[i].rule];
		if (f->detections[i].count == 0 || rule->severity > SEVERITY_MEDIUM ||
			is_suspect(r, rule))
			continue;
		if (!is_in_logs(f, &f->detections[i]) && !p->verbose)
			in_documents++;
		else
			all[count++] = (struct fired){ &f->detections[i], rule };
	}
	if (count > 0) {
		qsort(all, count, sizeof(*all), worst_first);
		page_heading(p, "FIRED AS WELL");
		page_printf(p, "  rules that matched and do not stand out%s\n",
			r->shown > 0 && !p->verbose ? "; -v shows where" : "");
		put_list(r, all, count);
		if (in_documents > 0)
			page_printf(
				p, "    and %zu in documents only (-v shows them)\n", in_documents);
	}
	free(all);
}
