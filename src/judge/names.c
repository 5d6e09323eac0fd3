/* SPDX-License-Identifier: MIT */
#include "src/judge/names.h"

#include "lineup/parallel.h"
#include "lineup/service.h"
#include "lineup/table.h"
#include "src/judge/around.h"
#include "src/judge/instances.h"
#include "src/judge/name_place.h"
#include "src/judge/resolver.h"
#include "src/judge/stores.h"
#include "src/judge/waits.h"

/*
 * "call to stock-svc failed": a line that names another service of the scan speaks of that one. A
 * name of several parts, or with a digit in it, is taken wherever it stands as a word. A name that
 * may be a common word ("order") is taken only where a name is due: in an address, in brackets,
 * behind a word that leads to someone, before what someone does, or in the name of a class
 * ("StockClient"). A line that names several services is a list, and says nothing; and one that is
 * called says nothing against its callers by naming them. A caller is who speaks before and after
 * the other in requests: the order of first lines alone does not tell, since many services speak
 * once, when they are done. Where the line itself says that the name is its client's ("user=order",
 * "application_name=order-api", as servers put it before all that they say), it says nothing
 * against that one either. And a part of a longer name is none ("order.events-3", a queue).
 *
 * A process is often called without the kind that its service has in its name ("cart[812]: segfault
 * at", of cart-service): who says that one ended is asked for that, too.
 *
 * Who reports on others names them by their pods as well ("order-7d9f8b6c5-x2x4z"), and in each
 * line another one: then none of them is accused by all the lines, but that they are degraded, down
 * or not ready is no trouble of who says so.
 *
 * Unless the line says that nobody takes up what waits there ("queue mailer.events has 3000
 * messages ready", "group mailer lag 1200"): a queue or a group of readers is mostly called after
 * who reads it, who is seldom awake to say a word, and whose trouble it is; the broker only sees
 * it. There a name is taken wherever it stands, as a part of a queue's name too. Where a queue is
 * called after who fills it this is wrong, but no more so than to leave it to the broker.
 */
#define NAME_MAX_BYTES 64

/* How the class is called through which others are reached: "StockClient". */
static const char *const reaches[] = { "client", "stub", "proxy", "gateway", "adapter", "connector",
	"api", "service" };
static const char *const kinds[] = { "service", "svc", "server" };
static const char *const joined[] = { "service", "svc" };

/* How the names of queues end that are called after their readers: "mailer-queue". */
static const char *const queues[] = { "queue", "events", "jobs", "tasks", "messages", "inbox",
	"topic", "stream", "consumer", "consumers", "group", "workers" };

struct names {
	const struct scene *scene;
	struct table services;	     /* hash of the plain form -> index */
	struct table stems;	     /* the same without the kind: "stock" of "stock-svc" */
	struct table groups;	     /* of instances: "cart" of "cart-0" and "cart-1" */
	struct table lasts;	     /* "cart" of "shop_cart-7d9f/cart": the last part of a path */
	struct table folders;	     /* "cart" of "cart/server": what stands before a last part that
				      * says little */
	const struct around *around; /* of each two services; NULL: not known */
	uint32_t found;		     /* in this text */
	bool found_all;		     /* it was named without the number of an instance */
	bool several;		     /* this text names more than one */
	bool to_be_read; /* the line says that nobody takes up what waits for its reader, */
	bool overseen;	 /* or that a process ended */
};

/* Lower case, one '-' for all that separates; 0: too long, or nothing in it. */
static size_t plain_form(struct str name, char out[NAME_MAX_BYTES])
{
	size_t n = 0;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool separates = !name_place_is_byte(c) || c == '-' || c == '_';
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

static struct str without_last(struct str plain, const char *const *list, size_t count)
{
	ptrdiff_t dash = str_rfind_byte(plain, '-');
	return dash > 0 && is_one_of(str_skip(plain, (size_t)dash + 1), list, count)
		       ? str_head(plain, (size_t)dash)
		       : plain;
}

/* "stock" of "stock-svc" and of "stocksvc". */
static struct str stem_of(struct str plain)
{
	struct str stem = without_last(plain, kinds, countof(kinds));
	for (size_t i = 0; i < countof(joined) && stem.len == plain.len; i++) {
		struct str kind = str_from(joined[i]);
		if (plain.len > kind.len + 1 && str_ends(plain, kind))
			stem = str_head(plain, plain.len - kind.len);
	}
	return stem;
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

/* "cart[812]:", in a line or in its template. */
static bool is_process(struct str text, size_t to)
{
	return to + 1 < text.len && text.ptr[to] == '[' &&
	       (is_digit(text.ptr[to + 1]) || text.ptr[to + 1] == '<');
}

/* Is a name due here? */
static bool is_due(const struct names *n, struct str text, size_t from, size_t to)
{
	return (n->overseen && is_process(text, to)) || name_place_is_due(text, from, to);
}

static uint64_t *by_pod(const struct names *n, struct str word)
{
	char plain[NAME_MAX_BYTES];
	struct str workload = service_workload(word, STR_NONE, STR_NONE);
	size_t len = workload.len < word.len ? plain_form(workload, plain) : 0;
	return len > 1 ? table_get(&n->services, str_hash(str_of(plain, len))) : NULL;
}

static void take_word(struct names *n, struct str text, size_t from, size_t to, uint32_t own)
{
	char plain[NAME_MAX_BYTES];
	struct str word = str_of(text.ptr + from, to - from);
	size_t len = plain_form(word, plain);
	if (n->to_be_read)
		len = without_last(str_of(plain, len), queues, countof(queues)).len;
	uint64_t hash = str_hash(str_of(plain, len));
	uint64_t *known = len < 2 ? NULL : table_get(&n->services, hash);
	if (known == NULL && len > 1)
		known = table_get(&n->lasts, hash);
	if (known == NULL && len > 1)
		known = table_get(&n->folders, hash);
	bool all = known == NULL && len > 1;
	if (all)
		known = table_get(&n->groups, hash);
	if (all && known == NULL && n->overseen) {
		known = table_get(&n->stems, hash);
		all = false;
	}
	if (known != NULL && is_plain_word(word) && !n->to_be_read && !is_due(n, text, from, to))
		return;
	if (known == NULL)
		known = class_of(n, word);
	if (known == NULL && n->overseen)
		known = by_pod(n, word);
	if (known == NULL || *known == NO_INDEX ||
		instances_same(n->scene, (uint32_t)*known, own) ||
		(!n->to_be_read && name_place_is_client(text, from)) ||
		name_place_is_object(text, from))
		return;
	uint32_t service = (uint32_t)*known;
	n->several |= n->found != NO_INDEX && n->found != service;
	n->found = service;
	n->found_all = all;
}

static void read_text(struct names *n, struct str text, uint32_t own)
{
	for (size_t at = 0; at < text.len;) {
		size_t from = at;
		while (at < text.len && name_place_is_byte(text.ptr[at]))
			at++;
		if (at > from &&
			(name_place_is_cut(text, from, at) || name_place_is_code(text, from, at)))
			continue;
		if (at > from)
			take_word(n, text, from, at, own);
		else
			at++;
	}
}

/* Whom the lines name, each of them one: the same, or now this one and now that. */
struct named {
	uint32_t service; /* NO_INDEX: none */
	bool all;	  /* its instances */
	bool differs;
	bool several; /* in one line, or over all of them */
};

static void name_in(struct names *n, struct str text, uint32_t own, struct named *of)
{
	n->found = NO_INDEX;
	n->several = n->found_all = false;
	read_text(n, text, own);
	of->several |= n->several;
	if (n->found == NO_INDEX)
		return;
	of->differs |= of->service != NO_INDEX && of->service != n->found;
	of->service = n->found;
	of->all = n->found_all;
}

static struct named named_by(struct names *n, const struct scene_subject *s)
{
	const struct subject *of = s->subject != NULL ? s->subject : s->base;
	struct named named = { .service = NO_INDEX };
	n->overseen = waits_oversees(s);
	n->to_be_read = s->class >= CLASS_WARNING && waits_to_be_read(s);
	name_in(n, of->template_text, s->service, &named);
	/* what was masked in the template may still be a name in its lines */
	for (size_t i = 0; s->class >= CLASS_WARNING && i < of->evidence_count; i++)
		name_in(n, of->evidence[i].text, s->service, &named);
	if (named.differs || named.several ||
		(named.service != NO_INDEX && !n->to_be_read &&
			around_is_caller(n->scene, n->around, s->service, named.service)))
		named.service = NO_INDEX;
	return named;
}

/*
 * The last part of a path names the service where it is the only one of that name: of a folder that
 * has the same name in it ("shop_cart-7d9f/cart"), else it may be no more than a part
 * ("neutron/server").
 */
static void add_last(struct names *n, uint32_t service)
{
	char plain[NAME_MAX_BYTES];
	struct str name = n->scene->findings->services[service].name;
	ptrdiff_t slash = str_rfind_byte(name, '/');
	if (slash < 0)
		return;
	struct str last = str_skip(name, (size_t)slash + 1);
	size_t len = plain_form(last, plain);
	if (len < 2 || str_find(str_head(name, (size_t)slash), last) < 0)
		return;
	uint64_t hash = str_hash(str_of(plain, len)), *at = table_get(&n->lasts, hash);
	*table_put(&n->lasts, hash) = at == NULL ? service : NO_INDEX;
}

/*
 * "cart/server", "node1/system": a file's name that says little got its folder in front, and others
 * call the service by the folder alone. Where several have the folder it names none of them.
 */
static void add_folder(struct names *n, uint32_t service)
{
	char plain[NAME_MAX_BYTES];
	size_t len =
		plain_form(service_called_as(n->scene->findings->services[service].name), plain);
	uint64_t hash = str_hash(str_of(plain, len)), *at = table_get(&n->folders, hash);
	if (len > 1)
		*table_put(&n->folders, hash) = at == NULL ? service : NO_INDEX;
}

static void add_group_name(struct names *n, struct str name, uint32_t first)
{
	uint64_t hash = str_hash(name);
	if (table_get(&n->groups, hash) == NULL)
		*table_put(&n->groups, hash) = first;
}

/*
 * Those of instances, whose first one stands for all. The only one there is has a number all the
 * same (a pod of a set, "cart-0"), and others call it without. Where two services are called alike
 * but for their numbers and are no instances of each other, the first keeps the name.
 */
static void add_group(struct names *n, uint32_t service)
{
	char plain[NAME_MAX_BYTES];
	size_t len = plain_form(instances_stem(n->scene->findings->services[service].name), plain);
	struct str stem = str_of(plain, len), kind = without_last(stem, kinds, countof(kinds));
	uint32_t first = n->scene->instances[service].first;
	if (len < 2)
		return;
	add_group_name(n, stem, first);
	if (kind.len < len && table_get(&n->stems, str_hash(kind)) == NULL)
		add_group_name(n, kind, first);
}

/* The names of all, and some subjects: each block has its own of what is being looked for. */
#define SUBJECTS_A_BLOCK 64

struct naming {
	struct scene *scene;
	const struct names *names;
	uint32_t resolver, timekeeper;
	struct stores stores;
};

/* It names nobody, but the kind of store that failed it. */
static void take_store(
	const struct naming *w, struct named *named, const struct scene_subject *subject)
{
	named->service = stores_named(&w->stores, subject);
	named->all = named->service != NO_INDEX &&
		     instances_next(w->scene, named->service) != named->service;
}

static void name_subject(const struct naming *w, struct names *n, struct scene_subject *subject)
{
	struct named named = { .service = NO_INDEX };
	bool resolves = resolver_is(w->scene, subject->service);
	subject->named = NO_INDEX; /* while it is asked what it waits for */
	if (!resolves && waits_for_name(subject))
		named.service = w->resolver;
	else if (!resolves && waits_for_clock(subject))
		named.service = subject->service == w->timekeeper ? NO_INDEX : w->timekeeper;
	else if (!resolves && (subject->subject != NULL || subject->base != NULL))
		named = named_by(n, subject);
	if (named.service == NO_INDEX && !resolves && !waits_for_name(subject))
		take_store(w, &named, subject);
	subject->named = named.service;
	subject->named_all = named.service != NO_INDEX && named.all;
	bool reports = named.differs && !named.several && waits_reports(subject);
	subject->waits = subject->class >= CLASS_WARNING && subject->service != w->resolver &&
			 (waits_for_another(subject) || (subject->named == NO_INDEX && reports));
	subject->in_line = subject->class >= CLASS_WARNING && waits_in_line(subject);
}

static void name_block(void *context, size_t block)
{
	const struct naming *w = context;
	struct names n = *w->names;
	size_t first = block * SUBJECTS_A_BLOCK;
	size_t end = size_min(first + SUBJECTS_A_BLOCK, w->scene->subject_count);
	for (size_t i = first; i < end; i++)
		name_subject(w, &n, &w->scene->subjects[i]);
}

void names_find(struct scene *s, const struct requests *r)
{
	struct names n = { .scene = s, .around = around_find(s, r) };
	char plain[NAME_MAX_BYTES];
	for (uint32_t i = 0; i < s->findings->service_count; i++) {
		size_t len = plain_form(s->findings->services[i].name, plain);
		struct str stem = stem_of(str_of(plain, len));
		if (len > 1)
			*table_put(&n.services, str_hash(str_of(plain, len))) = i;
		if (stem.len > 1) {
			uint64_t *at = table_get(&n.stems, str_hash(stem));
			*table_put(&n.stems, str_hash(stem)) = at == NULL ? i : NO_INDEX;
		}
		add_last(&n, i);
		add_folder(&n, i);
		add_group(&n, i);
	}
	struct naming w = { s, &n, resolver_find(s), timekeeper_find(s), { 0 } };
	stores_find(&w.stores, s);
	size_t blocks = (s->subject_count + SUBJECTS_A_BLOCK - 1) / SUBJECTS_A_BLOCK;
	parallel_each(s->settings->jobs, blocks, name_block, &w);
	table_release(&n.services);
	table_release(&n.stems);
	table_release(&n.groups);
	table_release(&n.lasts);
	table_release(&n.folders);
}
