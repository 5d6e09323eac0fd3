/* SPDX-License-Identifier: MIT */
/* The images of the built-in rules, and of what their examples tell of logs, as read-only data;
 * RULES_IMAGE and MODEL_IMAGE are their files. */
	.section .rodata
	.balign 16
	.globl lineup_rules_image
	.globl lineup_rules_image_end
lineup_rules_image:
	.incbin RULES_IMAGE
lineup_rules_image_end:
	.byte 0
	.balign 16
	.globl lineup_model_image
	.globl lineup_model_image_end
lineup_model_image:
	.incbin MODEL_IMAGE
lineup_model_image_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
