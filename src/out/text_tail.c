/* SPDX-License-Identifier: MIT */
#include "lineup/text_parts.h"

#include <stdlib.h>

#include "lineup/mem.h"
#include "lineup/title.h"

#define SERVICES_SHOWN	5
#define EVENTS_SHOWN	10
#define TEMPLATES_SHOWN 3
#define RULES_SHOWN	5
#define GROUPS_SHOWN	8
#define LIST_COLUMN	4

static size_t limited(const struct page *p, size_t count, size_t most)
{
	return p->verbose ? count : size_min(count, most);
}

static void put_more(struct page *p, size_t count, size_t shown)
{
	page_more(p, LIST_COLUMN, count - shown, "");
}

void text_services(struct text_report *r)
{
	const struct verdict *v = r->verdict;
	struct page *p = &r->page;
	size_t shown = limited(p, v->service_count, SERVICES_SHOWN);
	if (v->service_count == 0 || v->suspect_count == 0)
		return;
	page_heading(p, "SERVICES");
	page_printf(p, "  where it started, not where it was loudest\n");
	size_t widest = 0;
	for (size_t i = 0; i < shown; i++)
		widest = size_max(widest, v->services[i].name.len);
	widest = page_name_width(p, widest);
	for (size_t i = 0; i < shown; i++) {
		const struct ranked_service *s = &v->services[i];
		page_printf(p, "%2u  ", (unsigned)s->rank);
		page_name(p, s->name, widest);
		page_printf(p, "  score %6.1f  ", s->score);
		page_number(p, s->lines);
		page_printf(p, s->lines == 1 ? " line" : " lines");
		const char *comma = "; suspects ";
		for (size_t k = 0; k < s->suspect_count; k++) {
			if (s->suspects[k] > r->shown)
				continue;
			page_printf(p, "%s%u", comma, (unsigned)s->suspects[k]);
			comma = ", ";
		}
		page_end_line(p);
	}
	size_t documents = 0;
	for (size_t i = shown; i < v->service_count; i++)
		documents += names_document(v->services[i].name);
	put_more(p, v->service_count - documents, shown);
	if (documents > 0)
		page_printf(p,
			documents == 1 ? "    and %zu document, which is no log\n"
				       : "    and %zu documents, which are no logs\n",
			documents);
}

void text_timeline(struct text_report *r)
{
	const struct verdict *v = r->verdict;
	struct page *p = &r->page;
	size_t shown = limited(p, v->timeline_count, EVENTS_SHOWN);
	if (v->timeline_count == 0)
		return;
	page_heading(p, "TIMELINE");
	page_printf(p, "  UTC\n");
	size_t widest = 0;
	for (size_t i = 0; i < shown; i++)
		widest = size_max(widest, v->timeline[i].service.len);
	widest = page_name_width(p, widest);
	for (size_t i = 0; i < shown; i++) {
		const struct timeline_event *e = &v->timeline[i];
		page_spaces(p, 4);
		size_t column = 4 + page_time(p, e->time_ns);
		column += page_printf(p, "  ");
		column += page_name(p, e->service, widest);
		column += page_printf(p, "  %-8.*s  ", STR_ARG(e->event));
		size_t room = p->width > column + 10 ? p->width - column : 10;
		if (str_equal(e->event, STR("onset")) || str_equal(e->event, STR("change")))
			page_cut(p, e->text, room); /* the log's words, not the program's */
		else
			page_sentence_cut(p, e->text, room);
		page_end_line(p);
	}
	put_more(p, v->timeline_count, shown);
}

void text_unexplained(struct text_report *r)
{
	const struct verdict *v = r->verdict;
	struct page *p = &r->page;
	if (v->problem_lines == 0)
		return;
	page_heading(p, "UNEXPLAINED");
	uint64_t matched =
		v->matched_lines < v->problem_lines ? v->matched_lines : v->problem_lines;
	page_printf(p, "  ");
	page_number(p, v->problem_lines - matched);
	page_printf(p, " of ");
	page_number(p, v->problem_lines);
	page_printf(p, " problem line%s %s no rule (%.0f %%)\n", plural(v->problem_lines),
		v->problem_lines - matched == 1 ? "matches" : "match",
		100.0 * (double)(v->problem_lines - matched) / (double)v->problem_lines);
	size_t shown = limited(p, v->unexplained_count, TEMPLATES_SHOWN);
	size_t widest = 0;
	for (size_t i = 0; i < shown; i++)
		widest = size_max(widest, v->unexplained[i].service.len);
	widest = page_name_width(p, widest);
	for (size_t i = 0; i < shown; i++) {
		const struct unexplained_template *t = &v->unexplained[i];
		const char *failure = template_is_request(t->text) ? TITLE_OF_FAILURE : "";
		size_t column = page_printf(p, "    ") + strlen(failure);
		column += page_number_right(p, t->count, 7) + page_printf(p, "  ");
		column += page_name(p, t->service, widest) + page_printf(p, "  ");
		page_cut(p, template_message(t->text),
			p->width > column + 10 ? p->width - column : 10);
		page_printf(p, "%s\n", failure);
	}
	put_more(p, v->unexplained_count, shown);
}

void text_rejected_rules(struct text_report *r)
{
	const struct rule_set *rules = r->findings->rules;
	struct page *p = &r->page;
	size_t count = 0;
	for (size_t i = 0; rules != NULL && i < rules->complaint_count; i++)
		count += rules->complaints[i].rejected;
	if (count == 0)
		return;
	page_heading(p, "RULES NOT USED");
	page_end_line(p);
	size_t shown = limited(p, count, RULES_SHOWN);
	size_t left = shown;
	for (size_t i = 0; i < rules->complaint_count && left > 0; i++) {
		const struct rule_complaint *c = &rules->complaints[i];
		if (!c->rejected)
			continue;
		left--;
		size_t column = 4;
		page_spaces(p, 4);
		column += page_put(p, c->place.path);
		if (c->place.line > 0)
			column += page_printf(p, ":%u", (unsigned)c->place.line);
		if (c->place.column > 0)
			column += page_printf(p, ":%u", (unsigned)c->place.column);
		column += page_printf(p, ": ");
		if (c->rule_id.len > 0) {
			column += page_put(p, c->rule_id);
			column += page_printf(p, ": ");
		}
		page_wrapped(p, c->reason, column, 8, p->verbose ? 0 : 2);
	}
	put_more(p, count, shown);
}

/* Troubles of one kind and reason; the first of them stands for all. */
struct group {
	const struct trouble *first;
	uint64_t count;
};

static int by_weight(const void *a, const void *b)
{
	const struct group *x = a;
	const struct group *y = b;
	/* What ends with a loss comes before what was no log anyway. */
	bool x_loss = x->first->kind != TROUBLE_SKIPPED;
	bool y_loss = y->first->kind != TROUBLE_SKIPPED;
	if (x_loss != y_loss)
		return x_loss ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	int order = str_compare(x->first->path, y->first->path);
	return order != 0 ? order : str_compare(x->first->reason, y->first->reason);
}

static size_t group_troubles(const struct troubles *t, struct group *groups)
{
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++) {
		size_t g = 0;
		while (g < count &&
			(groups[g].first->kind != t->items[i].kind ||
				!str_equal(groups[g].first->reason, t->items[i].reason)))
			g++;
		if (g == count)
			groups[count++] = (struct group){ &t->items[i], 0 };
		groups[g].count++;
	}
	qsort(groups, count, sizeof(*groups), by_weight);
	return count;
}

static void put_group(struct page *p, const struct group *g)
{
	page_printf(p, "    %-10s  ", trouble_kind_name(g->first->kind));
	if (g->count > 1) {
		page_number(p, g->count);
		page_printf(p, " times: ");
	}
	page_put(p, g->first->reason);
	page_end_line(p);
	if (g->first->path.len == 0)
		return; /* the sum of those that are not listed */
	page_spaces(p, 16);
	page_style(p, STYLE_DIM);
	page_cut(p, g->first->path, p->width - 24);
	if (g->count > 1)
		page_printf(p, " ...");
	page_style(p, STYLE_PLAIN);
	page_end_line(p);
}

void text_troubles(struct text_report *r)
{
	const struct troubles *t = &r->findings->troubles;
	struct page *p = &r->page;
	if (t->count == 0)
		return;
	page_heading(p, "NOT READ");
	page_end_line(p);
	struct group *groups = mem_zalloc(t->count, sizeof(*groups));
	if (p->verbose) {
		for (size_t i = 0; i < t->count; i++)
			put_group(p, &(struct group){ &t->items[i], 1 });
	} else {
		size_t count = group_troubles(t, groups);
		size_t shown = size_min(count, GROUPS_SHOWN);
		for (size_t i = 0; i < shown; i++)
			put_group(p, &groups[i]);
		put_more(p, count, shown);
	}
	free(groups);
}
