# SPDX-License-Identifier: MIT
# `make help` lists the targets. A profile (release, debug, asan, tsan, coverage) is a folder of build/.

PROFILE ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD := build/$(PROFILE)
PREFIX ?= /usr/local
DESTDIR ?=
SEED ?= 1
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = @[ $(V) = 1 ] || echo "  $(1)"

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

PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
CPPFLAGS += $(if $(filter asan tsan coverage,$(PROFILE)),-DLINEUP_INSTRUMENTED) -D_GNU_SOURCE -D_FORTIFY_SOURCE=$(if $(filter release,$(PROFILE)),2,0) -Iinclude -I.
CFLAGS_ALL = -std=gnu11 $(OPT) $(WARNINGS) -pthread -fstack-protector-strong $(PACKAGE_CFLAGS) $(CFLAGS)
LIBS = $(PACKAGE_LIBS) $(PLAIN_LIBS)
LDFLAGS_ALL = $(OPT) -pthread -Wl,-z,relro,-z,now $(LDFLAGS)

FAULTS := $(BUILD)/faults.so
SOURCES := $(sort $(wildcard src/*.c src/*/*.c))
# Of the program alone; all else is in the archive that tests and tools are linked with.
MAIN := src/main.c src/run/allocator.c
LIBRARIES_SOURCE := $(BUILD)/libraries.c
OBJECTS := $(patsubst src/%.c,$(BUILD)/%.o,$(filter-out $(MAIN),$(SOURCES))) $(BUILD)/libraries.o
MAIN_OBJECT := $(patsubst src/%.c,$(BUILD)/%.o,$(MAIN))
ARCHIVE := $(BUILD)/liblineup.a
PROGRAM := $(BUILD)/lineup
PACKS := $(sort $(wildcard patterns/*.yaml))
PACKC := $(BUILD)/packc
RULES_IMAGE := $(BUILD)/rules.image
MODEL_IMAGE := $(BUILD)/model.image
RULES_OBJECT := $(BUILD)/rules_image.o
MATCHERC := $(BUILD)/matcherc
MATCHER_IMAGE := $(BUILD)/matcher.image
MATCHER_OBJECT := $(BUILD)/matcher_image.o
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_REPLAYS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
CORPUS := $(BUILD)/bench/corpus
BENCH := $(BUILD)/bench/bench
C_FILES := $(sort $(wildcard src/*.c src/*/*.c include/lineup/*.h tests/*/*.c tests/*/*.h bench/*.c bench/*.h tools/*.c))

.PHONY: all
all: $(PROGRAM)

# Object files hold what the compiler was told, so they are made anew when that changes. It is made
# before all else: what is missing is said here, and not by the first file that cannot be compiled.
$(BUILD)/flags: FORCE
	@command -v $(firstword $(CC)) >/dev/null && pkg-config --exists $(PACKAGES) || { \
		echo "the compiler, pkg-config or a library is missing: see 'make deps'" >&2; exit 1; }
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS_ALL)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(CFLAGS_ALL)' >$@
.PHONY: FORCE
FORCE:

$(BUILD)/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC    $<)
	$(Q)$(CC) $(CPPFLAGS) -include include/lineup/banned.h $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(LIBRARIES_SOURCE): tools/libraries.sh Makefile
	@mkdir -p $(@D)
	$(Q)tools/libraries.sh $(PACKAGES) >$@.part && mv $@.part $@

$(BUILD)/libraries.o: $(LIBRARIES_SOURCE) $(BUILD)/flags
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -c -o $@ $<

.PHONY: archive
archive: $(ARCHIVE)

$(ARCHIVE): $(OBJECTS)
	$(call say,AR    $@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# The packs are read at build time and linked in, so that the program finds its rules anywhere.
$(PACKC): tools/packc.c $(ARCHIVE)
	$(call say,LINK  $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -o $@ $< $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS)

$(RULES_IMAGE): $(PACKC) $(PACKS) $(wildcard patterns)
	$(call say,RULES $@)
	$(Q)$(PACKC) $@ $(MODEL_IMAGE) $(PACKS)

$(RULES_OBJECT): tools/rules_image.S $(RULES_IMAGE)
	$(Q)$(CC) -DRULES_IMAGE='"$(RULES_IMAGE)"' -DMODEL_IMAGE='"$(MODEL_IMAGE)"' -c -o $@ $<

# The built-in patterns are compiled here too, for this library and kind of processor, so that the
# first start is as fast as any. Elsewhere the program sees that and compiles them itself.
$(MATCHERC): tools/matcherc.c $(RULES_OBJECT) $(ARCHIVE)
	$(call say,LINK  $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -o $@ $< $(RULES_OBJECT) $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS)

$(MATCHER_IMAGE): $(MATCHERC)
	$(call say,MATCH $@)
	$(Q)rm -rf $@.cache && $(MATCHERC) $@.cache && mv $@.cache/patterns-* $@ && rm -rf $@.cache

$(MATCHER_OBJECT): tools/matcher_image.S $(MATCHER_IMAGE)
	$(Q)$(CC) -DMATCHER_IMAGE='"$(MATCHER_IMAGE)"' -c -o $@ $<

$(PROGRAM): $(MAIN_OBJECT) $(RULES_OBJECT) $(MATCHER_OBJECT) $(ARCHIVE)
	$(call say,LINK  $@)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/unit/%: tests/unit/%.c $(RULES_OBJECT) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,TEST  $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -o $@ $< $(RULES_OBJECT) $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS) -lcmocka

# The fuzz targets over their seeds, without a fuzzer.
$(BUILD)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c tests/fuzz/fuzz.h $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,TEST  $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -o $@ $(filter %.c,$^) $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS)

$(FAULTS): tests/hostile/faults.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 $(WARNINGS) -shared -fPIC -o $@ $<

$(CORPUS): bench/corpus.c bench/story.c bench/story_day.c bench/story_lines.c bench/patterns.c $(wildcard bench/*.h) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LINK  $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -o $@ $(filter %.c,$^) $(ARCHIVE) $(LDFLAGS_ALL) $(LIBS)

$(BENCH): bench/bench.c bench/stages.c bench/reading_cost.c bench/floor.c bench/bench.h $(RULES_OBJECT) $(MATCHER_OBJECT) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LINK  $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -o $@ $(filter %.c %.o,$^) $(ARCHIVE) -Wl,--wrap=line_read_form $(LDFLAGS_ALL) $(LIBS)

##@ Using it

.PHONY: deps
deps: ## install what this machine lacks to build and test (Debian)
	@tools/deps.sh

.PHONY: demo
demo: deps ## make the logs of an incident from a seed (SEED=1) and scan them
	@$(MAKE) --no-print-directory demo-run

.PHONY: demo-run
demo-run: $(PROGRAM) $(CORPUS)
	@rm -rf $(BUILD)/demo && mkdir -p $(BUILD)/demo
	@$(CORPUS) demo $(SEED) $(BUILD)/demo >$(BUILD)/demo.truth
	@echo "logs of seven days are in $(BUILD)/demo; now: lineup scan $(BUILD)/demo"
	@echo
	@$(PROGRAM) scan $(BUILD)/demo; status=$$?; [ $$status = 0 ] || [ $$status = 3 ]

.PHONY: install
install: $(PROGRAM) ## install under $(DESTDIR)$(PREFIX)
	install -Dm755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/lineup
	install -Dm644 src/man/lineup.1 $(DESTDIR)$(PREFIX)/share/man/man1/lineup.1
	install -Dm644 src/completions/lineup.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/lineup
	install -Dm644 src/completions/lineup.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_lineup
	install -Dm644 src/completions/lineup.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lineup.fish

##@ Testing it

.PHONY: test
test: deps ## build and run all tests
	@$(MAKE) --no-print-directory test-run

.PHONY: test-run
test-run: $(PROGRAM) $(UNIT_TESTS) $(FUZZ_REPLAYS) $(CORPUS) $(FAULTS)
	@tests/run.sh $(BUILD)

.PHONY: unit
unit: $(UNIT_TESTS) $(FUZZ_REPLAYS) ## the unit tests alone
	@tests/run.sh $(BUILD) unit

.PHONY: cli
cli: $(PROGRAM) $(CORPUS) ## the tests of the command line alone
	@tests/run.sh $(BUILD) cli

.PHONY: hostile
hostile: $(PROGRAM) $(FAULTS) ## the tests with hostile and broken input alone
	@tests/run.sh $(BUILD) hostile

STORIES ?= 1 2 3 4 5 6 7 8 9 10
VOLUME ?= 100
.PHONY: story
story: $(PROGRAM) $(CORPUS) ## does the report tell the story of the imagined shops of these STORIES (seeds)?
	@tests/story/run.sh $(PROGRAM) $(CORPUS) $(VOLUME) $(STORIES)

SYSTEMS ?= 57
.PHONY: systems
systems: $(PROGRAM) ## is the culprit first in so many incidents of imagined systems?
	@python3 -B tests/story/systems.py $(PROGRAM) 1 $(SYSTEMS)
	@python3 -B tests/story/landscapes.py $(PROGRAM) 1 $(SYSTEMS)
	@python3 -B tests/story/estates.py $(PROGRAM) 1 $(SYSTEMS)
	@python3 -B tests/story/shops.py $(PROGRAM) 1 $(SYSTEMS)
	@python3 -B tests/story/rhythms.py $(PROGRAM) 1 20

CASES ?= 200
.PHONY: corrupt
corrupt: $(PROGRAM) ## cut and flip CASES files of every format, and compare with other decoders
	@tests/hostile/corrupt.py $(PROGRAM) $(CASES) $(SEED)

.PHONY: faults
faults: $(PROGRAM) $(FAULTS) ## make every allocation, read, write, mmap and open of a scan fail in turn
	@tests/hostile/faults.py $(PROGRAM) $(FAULTS)

.PHONY: asan
asan: ## all tests with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory PROFILE=asan test-run

.PHONY: asan-unit
asan-unit: ## the unit tests and fuzz targets alone, with these sanitizers
	@$(MAKE) --no-print-directory PROFILE=asan unit

.PHONY: tsan
tsan: ## all tests with the thread sanitizer (clang)
	@TSAN_OPTIONS="ignore_noninstrumented_modules=1 $$TSAN_OPTIONS" \
		$(MAKE) --no-print-directory PROFILE=tsan CC=clang test-run

.PHONY: valgrind
valgrind: ## the unit tests under valgrind
	@$(MAKE) --no-print-directory PROFILE=debug valgrind-run

.PHONY: valgrind-run
valgrind-run: $(UNIT_TESTS) $(FUZZ_REPLAYS)
	@RUNNER='valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite' \
		tests/run.sh $(BUILD) unit

FUZZ_SECONDS ?= 60
.PHONY: fuzz
fuzz: $(FUZZERS) ## fuzz every parser of bytes for FUZZ_SECONDS each (clang)
	@for f in $(FUZZERS); do mkdir -p build/corpus/$${f##*/}; echo "== $$f"; \
		$$f -max_total_time=$(FUZZ_SECONDS) -timeout=20 -malloc_limit_mb=65536 build/corpus/$${f##*/} $$(ls -d tests/fuzz/$${f##*/} 2>/dev/null) || exit 1; done

.PHONY: fuzz-objects
fuzz-objects:
	@$(MAKE) --no-print-directory PROFILE=asan CC=clang CFLAGS=-fsanitize=fuzzer-no-link BUILD=build/fuzz-objects archive

build/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h fuzz-objects
	@mkdir -p $(@D)
	$(call say,FUZZ  $@)
	$(Q)clang $(CPPFLAGS) -std=gnu11 $(OPT_asan) -fsanitize=fuzzer -pthread $(PACKAGE_CFLAGS) -o $@ $< build/fuzz-objects/liblineup.a $(LIBS)

.PHONY: coverage
coverage: ## run all tests and print how much of every file they reach
	@$(MAKE) --no-print-directory PROFILE=coverage test-run
	@tools/coverage.sh build/coverage

BENCH_SIZE ?= 256M
BENCH_ROUNDS ?= 5
BENCH_DATA := $(BUILD)/bench/data-$(SEED)-$(BENCH_SIZE)
BENCH_JSON ?= $(BUILD)/bench/bench.json
.PHONY: bench
bench: bench-build ## every stage and whole scans beside their floor: a table, and JSON in BENCH_JSON
	@bench/data.sh $(CORPUS) $(SEED) $(BENCH_SIZE) $(BENCH_DATA)
	@$(BENCH) -r $(BENCH_ROUNDS) -o $(BENCH_JSON) -p $(BENCH_DATA)/500 -p $(BENCH_DATA)/2000 -p $(BENCH_DATA)/10000 \
		$(PROGRAM) $(BENCH_DATA) $(BENCH_DATA)/app.log
	@echo "rows for machines: $(BENCH_JSON)"

.PHONY: bench-build
bench-build: $(PROGRAM) $(CORPUS) $(BENCH)

##@ Keeping it

.PHONY: check
check: $(PROGRAM) ## layers, headers, licences, banned calls; man page and completions against the options
	@tools/check.sh $(PROGRAM) '$(CC)' '$(CPPFLAGS)'

.PHONY: fmt
fmt: ## lay out the C files
	clang-format -i $(C_FILES)

.PHONY: fmt-check
fmt-check: ## are the C files laid out?
	@clang-format --dry-run -Werror $(C_FILES)

.PHONY: tidy
tidy: ## clang-tidy, as .clang-tidy asks
	clang-tidy --quiet $(SOURCES) -- -std=gnu11 $(CPPFLAGS) -include include/lineup/banned.h -pthread $(PACKAGE_CFLAGS)

compile_commands.json: $(SOURCES) Makefile ## for editors
	@tools/compile_commands.sh '$(CC) $(CPPFLAGS) $(CFLAGS_ALL)' $(SOURCES) >$@

.PHONY: readme
readme: demo-run ## put the demo's report, as it is now, into README.md
	@tools/readme.sh $(PROGRAM) $(BUILD)

.PHONY: clean
clean: ## remove build/
	rm -rf build

.PHONY: help
help: ## this list
	@awk -F ': .*## |## *' '/^##@/ { print "\n" substr($$0, 5) ":" } /^[a-z_.-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' Makefile

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d)
