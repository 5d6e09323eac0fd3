/* SPDX-License-Identifier: MIT */
#include "lineup/pattern_tree.h"

#define WORD(byte, n) ((byte) / 64 == (n) ? UINT64_C(1) << ((byte) % 64) : 0)

#define BYTE(byte)                                                                                 \
	{                                                                                          \
		.kind = NODE_SET,                                                                  \
		.set = { { WORD(byte, 0), WORD(byte, 1), WORD(byte, 2), WORD(byte, 3) } },         \
	}

#define LETTER(n)                                                                                  \
	{                                                                                          \
		.kind = NODE_SET, .set = { { 0, WORD('A' + (n), 1) | WORD('a' + (n), 1) } },       \
	}

#define BYTES4(n)   BYTE(n), BYTE((n) + 1), BYTE((n) + 2), BYTE((n) + 3)
#define BYTES16(n)  BYTES4(n), BYTES4((n) + 4), BYTES4((n) + 8), BYTES4((n) + 12)
#define BYTES64(n)  BYTES16(n), BYTES16((n) + 16), BYTES16((n) + 32), BYTES16((n) + 48)
#define LETTERS4(n) LETTER(n), LETTER((n) + 1), LETTER((n) + 2), LETTER((n) + 3)

const struct node node_characters[NODE_CHARACTERS] = { BYTES64(0), BYTES64(64), BYTES64(128),
	BYTES64(192), LETTERS4(0), LETTERS4(4), LETTERS4(8), LETTERS4(12), LETTERS4(16),
	LETTERS4(20), LETTER(24), LETTER(25) };
