/* SPDX-License-Identifier: MIT */
/* The built-in patterns as compiled by the build, as read-only data; MATCHER_IMAGE is its file. */
	.section .rodata
	.balign 64
	.globl lineup_matcher_image
	.globl lineup_matcher_image_end
lineup_matcher_image:
	.incbin MATCHER_IMAGE
lineup_matcher_image_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
