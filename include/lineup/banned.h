/* SPDX-License-Identifier: MIT */
/*
 * Turns calls that cannot be used safely into compile errors. Included last by every .c file of
 * the program (the build does it with -include after the system's headers are known).
 */
#ifndef LINEUP_BANNED_H
#define LINEUP_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A macro of the system's; poisoning says so otherwise. */
#undef alloca

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime asctime tmpnam mktemp alloca

#endif
