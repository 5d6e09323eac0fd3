/* SPDX-License-Identifier: MIT */
#include "src/judge/names.h"

#include "lineup/mem.h"
#include "lineup/table.h"

/*
 * "call to stock-svc failed": a line that names another service of the scan speaks of that one. A
 * name of several parts, or with a digit in it, is taken wherever it stands as a word. A name that
 * may be a common word ("order") is taken only where a name is due: in an address, behind a word
 * that leads to someone, before what someone does, or in the name of a class ("StockClient"). A
 * line that names several services is a list, and says nothing; and one that is called says nothing
 * against its callers by naming them.
 */
#define NAME_MAX_BYTES 64

static const char *const leads[] = { "to", "from", "calling", "upstream", "backend", "service",
	"host", "peer", "with", "dependency", "contact", "reach" };
static const char *const does[] = { "did", "does", "answered", "returned", "responded", "replied",
	"is", "was", "has", "not", "failed", "refused", "timed", "unavailable", "unreachable",
	"timeout", "service", "call", "request", "connection" };

/* How the class is called through which others are reached. */
static const char *const reaches[] = { "client", "stub", "proxy", "gateway", "adapter", "connector",
	"api", "service" };
static const char *const kinds[] = { "service", "svc", "server" };

struct names {
	const struct scene *scene;
	struct table services; /* hash of the plain form -> index */
	struct table stems;    /* the same without the kind: "stock" of "stock-svc" */
	const bool *calls; /* of each two services: the first calls the second; NULL: not known */
	uint32_t found;
	bool several;
};

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* Lower case, one '-' for all that separates; 0: too long, or nothing in it. */
static size_t plain_form(struct str name, char out[NAME_MAX_BYTES])
{
	size_t n = 0;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool separates = !is_name_byte(c) || c == '-' || c == '_';
		if (separates && (n == 0 || out[n - 1] == '-'))
			continue;
		if (n == NAME_MAX_BYTES)
			return 0;
		out[n++] = separates ? '-' : c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	return n;
}

static bool is_plain_word(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		if (c == '-' || c == '_' || (c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal_nocase(word, str_from(list[i])))
			return true;
	}
	return false;
}

/* The word that ends before `at`, but for one space or quote. */
static struct str word_before(struct str text, size_t at)
{
	while (at > 0 &&
		(text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '"' || text.ptr[at - 1] == '\''))
		at--;
	size_t from = at;
	while (from > 0 && is_name_byte(text.ptr[from - 1]))
		from--;
	return str_of(text.ptr + from, at - from);
}

static struct str word_after(struct str text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '"' ||
					text.ptr[at] == '\'' || text.ptr[at] == ':'))
		at++;
	size_t to = at;
	while (to < text.len && is_name_byte(text.ptr[to]))
		to++;
	return str_of(text.ptr + at, to - at);
}

static bool is_address(struct str text, size_t from, size_t to)
{
	struct str before = str_head(text, from), after = str_skip(text, to);
	if (str_ends(before, STR("://")) || str_ends(before, STR("@")) ||
		str_starts(after, STR(".svc")))
		return true;
	return after.len > 1 && after.ptr[0] == ':' && after.ptr[1] >= '0' && after.ptr[1] <= '9';
}

static struct str without_last(struct str plain, const char *const *list, size_t count)
{
	ptrdiff_t dash = str_rfind_byte(plain, '-');
	return dash > 0 && is_one_of(str_skip(plain, (size_t)dash + 1), list, count)
		       ? str_head(plain, (size_t)dash)
		       : plain;
}

/* "StockClient" as "stock-client"; 0: it is no such word. */
static size_t class_form(struct str word, char out[NAME_MAX_BYTES])
{
	size_t n = 0, parts = 0;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		bool upper = c >= 'A' && c <= 'Z';
		if (n + 2 > NAME_MAX_BYTES || c == '-' || c == '_')
			return 0;
		if (upper && i > 0)
			out[n++] = '-';
		parts += upper && i > 0;
		out[n++] = upper ? (char)(c + ('a' - 'A')) : c;
	}
	return parts > 0 ? n : 0;
}

static uint64_t *class_of(const struct names *n, struct str word)
{
	char text[NAME_MAX_BYTES];
	size_t len = class_form(word, text);
	struct str plain = str_of(text, len);
	struct str rest = without_last(plain, reaches, countof(reaches));
	if (len == 0 || rest.len == len)
		return NULL;
	uint64_t *known = table_get(&n->services, str_hash(rest));
	return known != NULL ? known : table_get(&n->stems, str_hash(rest));
}

static void take_word(struct names *n, struct str text, size_t from, size_t to, uint32_t own)
{
	char plain[NAME_MAX_BYTES];
	struct str word = str_of(text.ptr + from, to - from);
	size_t len = plain_form(word, plain);
	uint64_t *known = len < 2 ? NULL : table_get(&n->services, str_hash(str_of(plain, len)));
	if (known != NULL && is_plain_word(word) && !is_address(text, from, to) &&
		!is_one_of(word_before(text, from), leads, countof(leads)) &&
		!is_one_of(word_after(text, to), does, countof(does)))
		return;
	if (known == NULL)
		known = class_of(n, word);
	if (known == NULL || *known == own || *known == NO_INDEX)
		return;
	uint32_t service = (uint32_t)*known;
	n->several |= n->found != NO_INDEX && n->found != service;
	n->found = service;
}

static void read_text(struct names *n, struct str text, uint32_t own)
{
	for (size_t at = 0; at < text.len;) {
		size_t from = at;
		while (at < text.len && is_name_byte(text.ptr[at]))
			at++;
		if (at > from)
			take_word(n, text, from, at, own);
		else
			at++;
	}
}

/* Is the one that is named known to be only the caller of the one that speaks? */
static bool is_caller(const struct names *n, uint32_t speaker, uint32_t named)
{
	size_t count = n->scene->service_count;
	return n->calls != NULL && n->calls[named * count + speaker] &&
	       !n->calls[speaker * count + named];
}

static uint32_t named_by(struct names *n, const struct scene_subject *s)
{
	const struct subject *of = s->subject != NULL ? s->subject : s->base;
	n->found = NO_INDEX;
	n->several = false;
	read_text(n, of->template_text, s->service);
	/* what was masked in the template may still be a name in its lines */
	for (size_t i = 0; s->class >= CLASS_WARNING && i < of->evidence_count; i++)
		read_text(n, of->evidence[i].text, s->service);
	if (n->found == NO_INDEX || n->several || is_caller(n, s->service, n->found))
		return NO_INDEX;
	return n->found;
}

/* Dense, so only for as many services as a person could draw. */
#define CALLS_MAX_SERVICES 1024

static const bool *calls_between(struct scene *s, const struct requests *r)
{
	size_t count = s->service_count;
	if (r->call_count == 0 || count > CALLS_MAX_SERVICES)
		return NULL;
	bool *calls = arena_alloc(&s->arena, count * count, sizeof(*calls));
	for (size_t i = 0; i < r->call_count; i++)
		calls[s->subjects[r->calls[i].a].service * count +
			s->subjects[r->calls[i].b].service] = true;
	return calls;
}

void names_find(struct scene *s, const struct requests *r)
{
	struct names n = { .scene = s, .calls = calls_between(s, r) };
	char plain[NAME_MAX_BYTES];
	for (uint32_t i = 0; i < s->findings->service_count; i++) {
		size_t len = plain_form(s->findings->services[i].name, plain);
		struct str stem = without_last(str_of(plain, len), kinds, countof(kinds));
		if (len > 1)
			*table_put(&n.services, str_hash(str_of(plain, len))) = i;
		if (stem.len > 1) {
			uint64_t *at = table_get(&n.stems, str_hash(stem));
			*table_put(&n.stems, str_hash(stem)) = at == NULL ? i : NO_INDEX;
		}
	}
	for (size_t i = 0; i < s->subject_count; i++) {
		struct scene_subject *subject = &s->subjects[i];
		subject->named = NO_INDEX;
		if (subject->subject != NULL || subject->base != NULL)
			subject->named = named_by(&n, subject);
	}
	table_release(&n.services);
	table_release(&n.stems);
}
