/* SPDX-License-Identifier: MIT */
#include "src/input/sniff.h"

#include "src/input/journal.h"
#include "src/input/journal_entries.h"
#include "src/input/journal_text.h"

/* So many NULs in a row are a hole (a crash, a truncated copy), not binary data. */
#define HOLE_BYTES 16

struct magic {
	size_t at;
	const char *bytes;
	size_t len;
	enum sniff_kind kind;
	const char *reason;
};

#define MAGIC(at, bytes, reason)                                                                   \
	{                                                                                          \
		(at), (bytes), sizeof(bytes) - 1, SNIFF_BINARY, (reason)                           \
	}
#define UNSUPPORTED(at, bytes, reason)                                                             \
	{                                                                                          \
		(at), (bytes), sizeof(bytes) - 1, SNIFF_UNSUPPORTED, (reason)                      \
	}

static const struct magic magics[] = {
	MAGIC(0, "ElfFile\0", "Windows event log (binary); export it as text or JSON"),
	MAGIC(0, "SQLite format 3\0", "SQLite database"),
	MAGIC(0, "\x89PNG\r\n\x1a\n", "PNG image"),
	MAGIC(0, "\xff\xd8\xff", "JPEG image"),
	MAGIC(0, "GIF87a", "GIF image"),
	MAGIC(0, "GIF89a", "GIF image"),
	MAGIC(8, "WEBPVP8", "WebP image"),
	MAGIC(0, "\x00\x00\x01\x00\x01\x00", "icon"),
	MAGIC(0, "%PDF-", "PDF document"),
	MAGIC(0, "\xca\xfe\xba\xbe\x00", "Java class or Mach-O file"),
	MAGIC(0, "\xfe\xed\xfa\xce", "Mach-O file"),
	MAGIC(0, "\xcf\xfa\xed\xfe", "Mach-O file"),
	MAGIC(0, "\xac\xed\x00\x05", "serialized Java objects"),
	MAGIC(0, "JAVA PROFILE 1.0.", "Java heap dump (binary)"),
	MAGIC(0, "FLR\0", "Java flight recording (binary); print it with jfr"),
	MAGIC(0, "\xa1\xb2\xc3\xd4\x00", "packet capture"),
	MAGIC(0, "\xd4\xc3\xb2\xa1", "packet capture"),
	MAGIC(0, "\x4d\x3c\xb2\xa1", "packet capture"),
	MAGIC(0, "\x0a\x0d\x0d\x0a", "packet capture (pcapng)"),
	MAGIC(0, "MDMP", "Windows memory dump"),
	MAGIC(0, "PAGEDU", "Windows memory dump"),
	MAGIC(0, "KDUMP   ", "kernel memory dump"),
	MAGIC(0,
		"\x00"
		"asm\x01",
		"WebAssembly module"),
	MAGIC(0, "RIFF", "audio, video or image file"),
	MAGIC(0, "OggS\0", "audio or video file"),
	MAGIC(0, "ID3\x03", "audio file"),
	MAGIC(0, "ID3\x04", "audio file"),
	MAGIC(4, "ftyp", "audio or video file"),
	MAGIC(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft compound document"),
	UNSUPPORTED(
		30, "[Content_Types].xml", "Office document, which is not read; save it as text"),
	UNSUPPORTED(30, "mimetypeapplication/vnd.oasis.opendocument",
		"Office document, which is not read; save it as text"),
	MAGIC(0, "wOFF\0", "font"),
	MAGIC(0, "wOF2\0", "font"),
	MAGIC(0, "\x00\x01\x00\x00\x00", "font"),
	MAGIC(0, "bplist00", "binary property list"),
	MAGIC(0, "PAR1", "Parquet file"),
	MAGIC(0, "Obj\x01", "Avro file"),
	MAGIC(0, "\xde\x12\x04\x95", "gettext catalogue"),
	MAGIC(0, "\x30\x82", "certificate or key (DER)"),
	UNSUPPORTED(0, "\x00\x00\xfe\xff", "UTF-32 text; recode it to UTF-8"),
	UNSUPPORTED(0, "\xff\xfe\x00\x00", "UTF-32 text; recode it to UTF-8"),
	UNSUPPORTED(0, "\x89LZO\0\r\n\x1a\n", "lzop data, which is not read; decompress it first"),
	UNSUPPORTED(
		0, "\xff\x06\x00\x00sNaPpY", "snappy data, which is not read; decompress it first"),
	UNSUPPORTED(0, "LRZI", "lrzip data, which is not read; decompress it first"),
	UNSUPPORTED(0, "\x1f\xa0", "SCO compress data, which is not read; decompress it first"),
	UNSUPPORTED(0, "\x1f\x1e", "pack data, which is not read; decompress it first"),
	UNSUPPORTED(0, "\xed\xab\xee\xdb", "RPM package, which is not read; unpack it first"),
	UNSUPPORTED(0,
		"\x01"
		"CD001",
		"ISO 9660 image, which is not read; unpack it first"),
	UNSUPPORTED(0, "hsqs", "squashfs image, which is not read; unpack it first"),
	UNSUPPORTED(0, "CLP\0", "CLP archive, which is not read; decompress it first"),
	UNSUPPORTED(0, "\xfd\x2f\xb5\x29", "CLP stream, which is not read; decompress it first"),
	UNSUPPORTED(0, "-----BEGIN PGP MESSAGE", "encrypted; give it decrypted"),
	UNSUPPORTED(0, "Salted__", "encrypted; give it decrypted"),
	UNSUPPORTED(0, "age-encryption.org/", "encrypted; give it decrypted"),
};

static bool elf(struct str head, struct sniffed *s)
{
	if (head.len < 20 || !str_starts(head, STR("\x7f"
						   "ELF")))
		return false;
	unsigned type = (unsigned char)head.ptr[head.ptr[5] == 2 ? 17 : 16];
	*s = (struct sniffed){ .kind = SNIFF_BINARY,
		.reason = type == 4 ? "core dump" : "program or library (ELF)" };
	return true;
}

static bool known_binary(struct str head, struct sniffed *s)
{
	if (elf(head, s))
		return true;
	for (size_t i = 0; i < countof(magics); i++) {
		const struct magic *m = &magics[i];
		if (str_starts(str_skip(head, m->at), str_of(m->bytes, m->len))) {
			*s = (struct sniffed){ .kind = m->kind, .reason = m->reason };
			return true;
		}
	}
	return false;
}

/* Length of the well-formed UTF-8 character at i, or 0. */
static size_t utf8_at(struct str s, size_t i)
{
	unsigned char c = (unsigned char)s.ptr[i];
	size_t len = c < 0x80		     ? 1
		     : c >= 0xc2 && c < 0xe0 ? 2
		     : c >= 0xe0 && c < 0xf0 ? 3
		     : c >= 0xf0 && c < 0xf5 ? 4
					     : 0;
	if (len == 0 || s.len - i < len)
		return 0;
	for (size_t k = 1; k < len; k++) {
		if (((unsigned char)s.ptr[i + k] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}

struct census {
	size_t considered; /* bytes outside holes */
	size_t control;	   /* that no text has: not tab, LF, CR, FF, BS, BEL, ESC */
	size_t upper;	   /* 0x80 to 0x9f that are not UTF-8 */
	size_t holes;	   /* bytes in them */
	size_t lines;
};

static bool is_text_control(unsigned char c)
{
	return (c >= 7 && c <= 13) || c == 27;
}

static struct census take_census(struct str head)
{
	struct census n = { 0 };
	size_t i = 0;
	while (i < head.len) {
		unsigned char c = (unsigned char)head.ptr[i];
		size_t run = 0;
		while (i + run < head.len && head.ptr[i + run] == '\0')
			run++;
		if (run >= HOLE_BYTES || (run > 0 && i + run == head.len && i > 0)) {
			n.holes += run;
			i += run;
			continue;
		}
		size_t len = size_max(utf8_at(head, i), 1);
		n.control += (c < 32 && !is_text_control(c)) || c == 127;
		n.upper += c >= 0x80 && c < 0xa0;
		n.lines += c == '\n';
		n.considered += len;
		i += len;
	}
	return n;
}

#define CLEAN_LINE_BYTES 16
#define CLEAN_LINES_MIN	 8

/*
 * Lines of text, among which something else was written: what a damaged disk left, or what a client
 * sent to a server that logs it as it is. Of other formats, few lines are whole text and long.
 */
static bool mostly_lines(struct str head)
{
	size_t clean = 0, others = 0;
	for (struct str rest = head; rest.ptr != NULL;) {
		struct str line = str_cut(&rest, '\n');
		bool text = rest.ptr != NULL;
		for (size_t i = 0; i < line.len && text; i++) {
			unsigned char c = (unsigned char)line.ptr[i];
			text = (c >= 32 && c != 127) || is_text_control(c);
		}
		clean += text && line.len >= CLEAN_LINE_BYTES;
		others += !text;
	}
	return clean >= CLEAN_LINES_MIN && clean > others;
}

/*
 * Text has next to no control bytes; of random bytes 11 in 100 are such, of machine code and
 * records of numbers many more. Bytes of 0x80 to 0x9f are letters in some old code pages, and 13
 * in 100 of random bytes: they count, but for less.
 */
static bool looks_binary(struct str head)
{
	struct census n = take_census(head);
	if (n.considered == 0)
		return true;
	if (mostly_lines(head))
		return false;
	if (n.control >= 2 && n.control * 100 > n.considered * 5)
		return true;
	if (n.control >= 2 && (n.control + n.upper) * 100 > n.considered * 20)
		return true;
	return n.holes * 2 > head.len && n.lines == 0 && n.control > 0;
}

/* Units of UTF-16 in one order of bytes, by what they say for text and against it. */
struct units {
	size_t ascii; /* as text has it */
	size_t zero_halves;
	size_t lines;
	bool broken; /* a unit that no text has: half a pair, a control, no character */
};

static struct units take_units(struct str head, bool big)
{
	struct units n = { 0 };
	bool open = false; /* behind the first half of a pair */
	for (size_t i = 0; i + 2 <= head.len; i += 2) {
		unsigned char high = (unsigned char)head.ptr[i + !big];
		unsigned char low = (unsigned char)head.ptr[i + big];
		n.zero_halves += high == 0;
		n.lines += high == 0 && low == '\n';
		n.ascii += high == 0 &&
			   ((low >= 32 && low < 127) || low == '\t' || low == '\n' || low == '\r');
		n.broken |= (high == 0 && low < 32 && !is_text_control(low)) ||
			    (high == 0xff && low >= 0xfe) || open != (high >= 0xdc && high <= 0xdf);
		open = high >= 0xd8 && high <= 0xdb;
	}
	return n;
}

#define UNMARKED_UNITS_MIN 8
#define FOREIGN_UNITS_MIN  32

/*
 * UTF-16 without a mark. Mostly ASCII, it may have its faults; text of other letters has a third of
 * that (stamps, levels, blanks), lines, and nothing that text has not: of random bytes every 32nd
 * unit is half a pair, and of small numbers many are controls.
 */
static const struct decoder_format *unmarked_utf16(struct str head)
{
	size_t count = head.len / 2;
	if (count < UNMARKED_UNITS_MIN)
		return NULL;
	for (int big = 0; big <= 1; big++) {
		struct units n = take_units(head, big);
		bool mostly_ascii = n.ascii * 10 >= count * 9 && n.zero_halves * 10 >= count * 9;
		bool foreign = count >= FOREIGN_UNITS_MIN && !n.broken && n.lines > 0 &&
			       n.ascii * 3 >= count;
		if (mostly_ascii || foreign)
			return big ? &decode_utf16be : &decode_utf16le;
	}
	return NULL;
}

/*
 * Nearly every log: no byte that any of the questions below is about. Sixteen at a time: a folder
 * may hold 100,000 small files.
 */
typedef uint8_t lanes __attribute__((vector_size(16)));

static bool plain_ascii(struct str s)
{
	lanes odd = { 0 };
	size_t i = 0;
	for (; s.len - i >= sizeof(lanes); i += sizeof(lanes)) {
		lanes v;
		memcpy(&v, s.ptr + i, sizeof(v));
		odd |= (lanes)(v < ' ') & (lanes)(v != '\n') & (lanes)(v != '\t') &
		       (lanes)(v != '\r');
		odd |= (lanes)(v >= 127);
	}
	uint64_t halves[2];
	memcpy(halves, &odd, sizeof(halves));
	if ((halves[0] | halves[1]) != 0)
		return false;
	for (; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') || c >= 127)
			return false;
	}
	return true;
}

static bool all_nul(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '\0')
			return false;
	}
	return true;
}

static struct sniffed text(struct str head, size_t mark_bytes)
{
	return (struct sniffed){
		.kind = SNIFF_TEXT, .lines = sniff_lines(head), .mark_bytes = mark_bytes
	};
}

static bool unicode_text(struct str head, struct sniffed *s)
{
	if (str_starts(head, STR("\xef\xbb\xbf"))) {
		*s = text(head, 3);
		return true;
	}
	const struct decoder_format *decoder = NULL;
	/* The mark before the magics: FF FE 00 00 would be UTF-32. */
	if (str_starts(head, STR("\xff\xfe")) && !str_starts(head, str_of("\xff\xfe\0\0", 4)))
		decoder = &decode_utf16le;
	else if (str_starts(head, STR("\xfe\xff")))
		decoder = &decode_utf16be;
	else
		decoder = unmarked_utf16(head);
	*s = (struct sniffed){ .kind = SNIFF_TEXT, .decoder = decoder };
	return decoder != NULL;
}

struct sniffed sniff(struct str head)
{
	struct sniffed s = { .kind = SNIFF_EMPTY };
	head = str_head(head, SNIFF_BYTES); /* what is said must not hang on the size of buffers */
	if (head.len == 0)
		return s;
	if (known_binary(head, &s))
		return s;
	if (journal_starts(head)) {
		s.kind = SNIFF_JOURNAL;
		return s;
	}
	s.decoder = decoder_find(head);
	if (s.decoder != NULL) {
		s.kind = SNIFF_ENCODED;
		return s;
	}
	s.container = container_find(head);
	if (s.container != CONTAINER_NONE) {
		s.kind = SNIFF_CONTAINER;
		return s;
	}
	/* An export of the journal has lengths in it, whose bytes are mostly NUL. */
	if (plain_ascii(head) || journal_is_text(head))
		return text(head, 0);
	if (unicode_text(head, &s))
		return s;
	if (all_nul(head))
		s.kind = SNIFF_NULS;
	else if (looks_binary(head))
		s = (struct sniffed){ .kind = SNIFF_BINARY, .reason = "binary data, no text" };
	else
		s = text(head, 0);
	return s;
}

struct flow *sniffed_text(const struct sniffed *s, struct flow *flow)
{
	if (s->kind == SNIFF_JOURNAL)
		return journal_open(flow);
	if (s->decoder != NULL)
		flow = decoder_open(s->decoder, flow, false);
	flow_take(flow, s->mark_bytes);
	if (s->lines != NULL)
		flow = decoder_open(s->lines, flow, false);
	return flow;
}
