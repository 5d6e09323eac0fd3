/* SPDX-License-Identifier: MIT */
#include "src/match/matcher_payload.h"

#include "lineup/parallel.h"

/* Each part with its length in front. */
static bool take_part(struct str *bytes, struct str *part)
{
	uint64_t len;
	if (bytes->len < sizeof(len))
		return false;
	memcpy(&len, bytes->ptr, sizeof(len));
	*bytes = str_skip(*bytes, sizeof(len));
	if (len > bytes->len)
		return false;
	*part = str_head(*bytes, (size_t)len);
	*bytes = str_skip(*bytes, (size_t)len);
	return true;
}

bool matcher_payload_parse(struct str bytes, struct matcher_payload *p)
{
	if (!take_part(&bytes, &p->plans))
		return false;
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++) {
		if (!take_part(&bytes, &p->databases[i]))
			return false;
	}
	return bytes.len == 0;
}

/* Milliseconds each: side by side. */
struct loading {
	const struct matcher_payload *payload;
	struct pattern_database **databases;
};

static void load_database(void *context, size_t i)
{
	const struct loading *l = context;
	struct error ignored;
	struct str bytes = l->payload->databases[i];
	if (bytes.len == 0 || pattern_database_load(&l->databases[i], bytes, &ignored) != 0)
		l->databases[i] = NULL;
}

bool matcher_payload_load(const struct matcher_payload *p, unsigned threads,
	struct pattern_database *databases[PAYLOAD_DATABASES])
{
	struct loading l = { p, databases };
	bool good = true;
	parallel_each(threads, PAYLOAD_DATABASES, load_database, &l);
	for (size_t i = 0; i < PAYLOAD_DATABASES; i++)
		good = good && (databases[i] != NULL || p->databases[i].len == 0);
	for (size_t i = 0; i < PAYLOAD_DATABASES && !good; i++) {
		pattern_database_destroy(databases[i]);
		databases[i] = NULL;
	}
	return good;
}

static bool put_length(struct buf *out, uint64_t len)
{
	return buf_append(out, str_of((const char *)&len, sizeof(len)));
}

bool matcher_payload_write(struct buf *out, struct str plans,
	const struct pattern_database *const databases[PAYLOAD_DATABASES])
{
	struct error ignored;
	bool good = put_length(out, plans.len) && buf_append(out, plans);
	for (size_t i = 0; i < PAYLOAD_DATABASES && good; i++) {
		size_t at = out->len;
		good = put_length(out, 0) &&
		       (databases[i] == NULL ||
			       pattern_database_save(databases[i], out, &ignored) == 0);
		uint64_t len = out->len - at - sizeof(len);
		if (good)
			memcpy(out->ptr + at, &len, sizeof(len));
	}
	return good;
}
