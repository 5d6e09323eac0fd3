# SPDX-License-Identifier: MIT
# `make help` lists the targets. A profile (release, debug, asan, tsan, coverage) is a folder of build/.

PROFILE ?= release
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD := build/$(PROFILE)
PREFIX ?= /usr/local
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

PACKAGES := libhs libzstd libarchive libisal liblzma liblz4 yaml-0.1 libpcre2-8 jansson libxxhash
# These have no pkg-config file on Debian.
PLAIN_LIBS := -lbz2 -ljq -lm

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wundef -Wpointer-arith
ifeq ($(CI),true)
WARNINGS += -Werror
endif

OPT_release := -O3 -g -fno-plt
OPT_debug := -O0 -g3
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
OPT_coverage := -O0 -g --coverage
OPT := $(OPT_$(PROFILE))

CPPFLAGS += -D_GNU_SOURCE -D_FORTIFY_SOURCE=$(if $(filter release,$(PROFILE)),2,0) -Iinclude -I. \
	-DLINEUP_DATADIR='"$(PREFIX)/share/lineup"'
CFLAGS_ALL = -std=gnu11 $(OPT) $(WARNINGS) -fopenmp -fstack-protector-strong \
	$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null) $(CFLAGS)
LIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) $(PLAIN_LIBS)
LDFLAGS_ALL = $(OPT) -fopenmp -Wl,-z,relro,-z,now $(LDFLAGS)

SOURCES := $(sort $(wildcard src/*/*.c))
MAIN := src/run/main.c
OBJECTS := $(patsubst src/%.c,$(BUILD)/%.o,$(filter-out $(MAIN),$(SOURCES)))
MAIN_OBJECT := $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard $(MAIN)))
ARCHIVE := $(BUILD)/liblineup.a
PROGRAM := $(BUILD)/lineup
PACKS := $(sort $(wildcard patterns/*.yaml))
PACKC := $(BUILD)/packc
RULES_IMAGE := $(BUILD)/rules.image
RULES_OBJECT := $(BUILD)/rules_image.o
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all
all: $(PROGRAM)

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	@[ $(V) = 1 ] || echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(ARCHIVE): $(OBJECTS)
	@[ $(V) = 1 ] || echo "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# The packs are read at build time and linked in, so that the program finds its rules anywhere.
$(PACKC): tools/packc.c $(ARCHIVE)
	@[ $(V) = 1 ] || echo "  LINK  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -o $@ $< $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS)

$(RULES_IMAGE): $(PACKC) $(PACKS) $(wildcard patterns)
	@[ $(V) = 1 ] || echo "  RULES $@"
	$(Q)$(PACKC) $@ $(PACKS)

$(RULES_OBJECT): tools/rules_image.S $(RULES_IMAGE)
	$(Q)$(CC) -DRULES_IMAGE='"$(RULES_IMAGE)"' -c -o $@ $<

$(PROGRAM): $(MAIN_OBJECT) $(RULES_OBJECT) $(ARCHIVE)
	@[ $(V) = 1 ] || echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/unit/%: tests/unit/%.c $(RULES_OBJECT) $(ARCHIVE)
	@mkdir -p $(@D)
	@[ $(V) = 1 ] || echo "  TEST  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -o $@ $< $(RULES_OBJECT) $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS) -lcmocka

.PHONY: unit
unit: $(UNIT_TESTS)
	@set -e; for t in $(UNIT_TESTS); do echo "== $$t"; $$t; done

.PHONY: clean
clean:
	rm -rf build

-include $(wildcard $(BUILD)/*/*.d)
