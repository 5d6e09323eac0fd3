/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "lineup/little_endian.h"
#include "src/input/container_parts.h"
#include "src/input/sniff.h"

void container_keep_tail(struct container *c, struct str view)
{
	if (view.len >= sizeof(c->tail)) {
		memcpy(c->tail, view.ptr + view.len - sizeof(c->tail), sizeof(c->tail));
		c->tail_len = sizeof(c->tail);
		return;
	}
	size_t keep = size_min(c->tail_len, sizeof(c->tail) - view.len);
	memmove(c->tail, c->tail + c->tail_len - keep, keep);
	if (view.len > 0)
		memcpy(c->tail + keep, view.ptr, view.len);
	c->tail_len = keep + view.len;
}

/* The end mark of a tar is a block of zeros; where a tar was cut between members it is missing. */
static bool tar_end_missing(const struct container *c)
{
	if (c->format != CONTAINER_TAR || flow_fault(c->upstream) != NULL)
		return false;
	for (size_t i = 0; i < c->tail_len; i++) {
		if (c->tail[i] != '\0')
			return true;
	}
	return c->tail_len < sizeof(c->tail);
}

/* Where the header begins that cannot be read, or how far it was read. */
static uint64_t place_of_trouble(const struct container *c)
{
	int64_t at = archive_read_header_position(c->archive);
	if (at < 0)
		at = archive_filter_bytes(c->archive, 0);
	return at < 0 ? c->upstream->taken : c->opened_at + (uint64_t)at;
}

enum container_event container_header_trouble(
	struct container *c, enum trouble_kind *kind, struct error *err)
{
	const struct flow *fault = flow_fault(c->upstream);
	*kind = fault != NULL ? fault->fault_kind : TROUBLE_DAMAGED;
	if (fault != NULL)
		error_set(err, "%s", fault->fault.text);
	else if (archive_read_has_encrypted_entries(c->archive) == 1) {
		*kind = TROUBLE_UNREADABLE;
		error_set(err, "encrypted; give it decrypted (%s)", container_why(c));
	} else
		error_set(err, "%s archive: %s (near byte %" PRIu64 ")",
			container_kinds[c->format].name, container_why(c), place_of_trouble(c));
	return CONTAINER_TROUBLE;
}

/* The longest header of the entry that ends a cpio, with its name and padding. */
#define CPIO_END_BYTES 128

/* libarchive looks for the next cpio header behind damage,
 * and forgets to say so at the last one. */
static bool cpio_passed_over_bytes(const struct container *c)
{
	return c->format == CONTAINER_CPIO &&
	       archive_filter_bytes(c->archive, 0) - archive_read_header_position(c->archive) >
		       CPIO_END_BYTES;
}

/* Where the archive ends in its upstream; false when that is not known. */
static bool find_end(struct container *c, uint64_t *end)
{
	if (c->format == CONTAINER_CPIO || c->format == CONTAINER_AR) {
		*end = c->opened_at + (uint64_t)archive_filter_bytes(c->archive, 0);
		return *end >= c->upstream->taken && *end - c->upstream->taken <= c->lent;
	}
	/* Its last part is a header whose place the first 32 bytes tell. */
	if (c->format != CONTAINER_7ZIP || !flow_seek(c->upstream, 0))
		return false;
	struct str head = flow_peek(c->upstream, 32);
	if (head.len < 32)
		return false;
	uint64_t size = little_endian(head.ptr + 20, 8);
	*end = 32 + little_endian(head.ptr + 12, 8);
	return !__builtin_add_overflow(*end, size, end) && *end <= c->upstream->size_bytes;
}

/*
 * libarchive leaves alone what stands behind an archive's end. Another cpio is read too, as the
 * kernel reads them; padding is nothing.
 */
static enum container_event look_behind(
	struct container *c, enum trouble_kind *kind, struct error *err)
{
	struct flow *f = c->upstream;
	uint64_t end;
	bool found = find_end(c, &end);
	/* To it, within what libarchive was lent, or anywhere where the flow can seek. */
	if (!found || !(c->format == CONTAINER_7ZIP ? flow_seek(f, end) : true))
		return CONTAINER_END;
	if (c->format != CONTAINER_7ZIP)
		flow_take(f, (size_t)(end - f->taken));
	c->lent = 0;
	while (flow_take_nuls(f) > 0)
		;
	struct str head = flow_peek(f, SNIFF_BYTES);
	if (flow_fault(f) != NULL)
		return container_header_trouble(c, kind, err);
	if (head.len == 0)
		return CONTAINER_END;
	*kind = TROUBLE_DAMAGED;
	if (c->format == CONTAINER_CPIO && container_find(head) == CONTAINER_CPIO) {
		archive_read_free(c->archive);
		c->archive = NULL;
		if (container_reopen(c, err) != 0)
			return CONTAINER_TROUBLE;
		c->over = c->ended = false;
		return CONTAINER_MEMBER;
	}
	error_set(err, "something else follows the %s archive at byte %" PRIu64 "; it was not read",
		container_kinds[c->format].name, f->taken);
	return CONTAINER_TROUBLE;
}

static enum container_event say_damaged(enum trouble_kind *kind)
{
	*kind = TROUBLE_DAMAGED;
	return CONTAINER_TROUBLE;
}

enum container_event container_at_end(
	struct container *c, enum trouble_kind *kind, struct error *err)
{
	bool told = c->ended;
	c->over = c->ended = true;
	const struct flow *fault = flow_fault(c->upstream);
	if (fault != NULL)
		return container_header_trouble(c, kind, err);
	if (c->zip != NULL) {
		if (zip_fault(c->zip) == NULL)
			return CONTAINER_END;
		error_set(err, "%s", zip_fault(c->zip));
		return say_damaged(kind);
	}
	if (!told && cpio_passed_over_bytes(c)) {
		c->over = false;
		error_set(err,
			"cpio archive: bytes before the end mark, at byte %" PRIu64
			", are no member: some may be missing",
			c->upstream->taken);
		return say_damaged(kind);
	}
	if (tar_end_missing(c)) {
		error_set(err,
			"tar archive ends at byte %" PRIu64
			" without its end mark: it may be cut off",
			c->upstream->taken);
		return say_damaged(kind);
	}
	return look_behind(c, kind, err);
}
