/* SPDX-License-Identifier: MIT */
/* The image of the built-in rules as read-only data; RULES_IMAGE is its file. */
	.section .rodata
	.balign 16
	.globl lineup_rules_image
	.globl lineup_rules_image_end
lineup_rules_image:
	.incbin RULES_IMAGE
lineup_rules_image_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
