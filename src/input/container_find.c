/* SPDX-License-Identifier: MIT */
#include "src/input/container_parts.h"

static uint64_t octal(const char *p, size_t len)
{
	uint64_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (p[i] >= '0' && p[i] <= '7')
			n = n * 8 + (uint64_t)(p[i] - '0');
		else if (p[i] != ' ')
			break;
	}
	return n;
}

bool container_is_tar_header(struct str head)
{
	if (head.len < TAR_BLOCK_BYTES || head.ptr[0] == '\0')
		return false;
	int64_t sum = 0;
	int64_t signed_sum = 0;
	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++) {
		bool in_field = i >= 148 && i < 156;
		sum += in_field ? ' ' : (unsigned char)head.ptr[i];
		signed_sum += in_field ? ' ' : (signed char)head.ptr[i];
	}
	int64_t want = (int64_t)octal(head.ptr + 148, 8);
	return want != 0 && (want == sum || want == signed_sum);
}

/* A checksum alone finds the old format, which has no magic; the magic alone, damaged headers. */
static bool is_tar(struct str head)
{
	if (head.len < TAR_BLOCK_BYTES || head.ptr[0] == '\0')
		return false;
	return container_is_tar_header(head) || str_starts(str_skip(head, 257), STR("ustar"));
}

/* The magic alone could be a date: 070701 12:00:00. Digits fill the header. */
static bool is_cpio(struct str head)
{
	bool hex = str_starts(head, STR("070701")) || str_starts(head, STR("070702"));
	if (!hex && !str_starts(head, STR("070707")))
		return false;
	size_t len = hex ? 110 : 76;
	if (head.len < len)
		return false;
	for (size_t i = 6; i < len; i++) {
		char c = head.ptr[i];
		bool digit = c >= '0' && c <= (hex ? '9' : '7');
		if (!digit && !(hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))))
			return false;
	}
	return true;
}

static bool is_lha(struct str head)
{
	return head.len >= 22 && head.ptr[2] == '-' && head.ptr[3] == 'l' &&
	       (head.ptr[4] == 'h' || head.ptr[4] == 'z') && head.ptr[6] == '-' &&
	       head.ptr[20] <= 3;
}

enum container_format container_find(struct str head)
{
	static const struct {
		const char *magic;
		size_t len;
		enum container_format format;
	} magics[] = {
		{ "PK\3\4", 4, CONTAINER_ZIP },
		{ "PK\5\6", 4, CONTAINER_ZIP },
		{ "PK\7\10PK", 6, CONTAINER_ZIP },
		{ "7z\xbc\xaf\x27\x1c", 6, CONTAINER_7ZIP },
		{ "\xc7\x71", 2, CONTAINER_CPIO },
		{ "\x71\xc7", 2, CONTAINER_CPIO },
		{ "!<arch>\n", 8, CONTAINER_AR },
		{ "Rar!\x1a\7\0", 7, CONTAINER_RAR },
		{ "Rar!\x1a\7\1", 7, CONTAINER_RAR5 },
		{ "MSCF\0\0\0\0", 8, CONTAINER_CAB },
		{ "xar!", 4, CONTAINER_XAR },
	};
	for (size_t i = 0; i < countof(magics); i++) {
		if (str_starts(head, str_of(magics[i].magic, magics[i].len)))
			return magics[i].format;
	}
	if (is_cpio(head))
		return CONTAINER_CPIO;
	if (is_tar(head))
		return CONTAINER_TAR;
	if (is_lha(head))
		return CONTAINER_LHA;
	return CONTAINER_NONE;
}
