/* SPDX-License-Identifier: MIT */
#include "lineup/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lineup/mem.h"

void buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf)BUF_INIT(ceiling);
}

void buf_release(struct buf *b)
{
	free(b->ptr);
	b->ptr = NULL;
	b->len = b->capacity = 0;
}

bool buf_reserve(struct buf *b, size_t more)
{
	size_t need;
	if (__builtin_add_overflow(b->len, more, &need) || (b->ceiling != 0 && need > b->ceiling))
		return false;
	if (need <= b->capacity)
		return true;
	size_t capacity = size_max(need, size_max(256, b->capacity * 2));
	if (b->ceiling != 0)
		capacity = size_min(capacity, b->ceiling);
	b->ptr = mem_realloc(b->ptr, capacity, 1);
	b->capacity = capacity;
	return true;
}

bool buf_append(struct buf *b, struct str s)
{
	if (!buf_reserve(b, s.len))
		return false;
	if (s.len > 0)
		memcpy(b->ptr + b->len, s.ptr, s.len);
	b->len += s.len;
	return true;
}

bool buf_append_byte(struct buf *b, char byte)
{
	return buf_append(b, str_of(&byte, 1));
}

bool buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	/* One byte more than counted: vsnprintf writes its NUL. */
	bool fits = len >= 0 && buf_reserve(b, (size_t)len + 1);
	if (fits) {
		vsnprintf(b->ptr + b->len, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
	return fits;
}

int buf_read_file(struct buf *out, const char *path, size_t limit_bytes, struct error *err)
{
	FILE *file = fopen(path, "rbe");
	if (file == NULL)
		return error_errno(err, errno, "open '%s'", path);
	buf_init(out, limit_bytes + 1);
	int result = 0;
	while (result == 0) {
		if (!buf_reserve(out, 1)) {
			result = error_set(
				err, "read '%s': larger than %zu bytes", path, limit_bytes);
			break;
		}
		size_t got = fread(out->ptr + out->len, 1, out->capacity - out->len, file);
		out->len += got;
		if (got == 0)
			break;
	}
	if (result == 0 && ferror(file))
		result = error_errno(err, errno, "read '%s'", path);
	fclose(file);
	if (result < 0)
		buf_release(out);
	return result;
}
