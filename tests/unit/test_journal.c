/* SPDX-License-Identifier: MIT */
/* systemd journals as lines: what an entry becomes, in every form of the file, and in broken ones.
 */
#include "tests/unit/reader_stage.h"

#include "tests/unit/journal_writer.h"

/* 2026-11-20T17:00:00Z */
#define START_US UINT64_C(1795194000000000)

/* Entries about a program and its numbered messages. */
static void put_entries(struct journal_writer *w, unsigned from, unsigned to)
{
	size_t host = journal_data(w, "_HOSTNAME=web1", PACK_NONE);
	size_t name = journal_data(w, "SYSLOG_IDENTIFIER=billing", PACK_NONE);
	for (unsigned i = from; i < to; i++) {
		char text[64];
		snprintf(text, sizeof(text), "MESSAGE=request %u", i);
		journal_item(w, host);
		journal_item(w, name);
		journal_field(w, text);
		journal_entry(w, START_US + i * 1000);
	}
}

static void assert_reads(struct bytes data, const char *text)
{
	struct result got = read_bytes(data, &read_limits_default);
	if (got.troubles > 0)
		fail_msg("%s", got.reason);
	struct result want = { .text = view(text) };
	assert_same_text("journal", &got, &want);
	result_free(&got);
}

static void test_an_entry_is_a_line_of_syslog(void **state)
{
	(void)state;
	for (unsigned compact = 0; compact < 2; compact++) {
		struct journal_writer w = journal_begin(compact, 4);
		journal_field(&w, "PRIORITY=3");
		journal_field(&w, "SYSLOG_FACILITY=4");
		journal_field(&w, "_HOSTNAME=web1");
		journal_field(&w, "SYSLOG_IDENTIFIER=sshd");
		journal_field(&w, "_COMM=other");
		journal_field(&w, "_PID=77");
		journal_field(&w, "MESSAGE=kex error");
		journal_field(&w, "MESSAGE=a second one is not shown");
		journal_entry(&w, START_US);
		journal_field(&w, "MESSAGE=bare");
		journal_entry(&w, START_US + 1500000);
		struct bytes data = journal_end(&w);
		assert_reads(data, "<35>2026-11-20T17:00:00Z web1 sshd[77]: kex error\n"
				   "<30>2026-11-20T17:00:01.500Z localhost unknown: bare\n");
		free(data.ptr);
	}
}

static void test_time_and_name_are_those_nearest_to_the_sender(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(false, 0);
	journal_field(&w, "_SOURCE_REALTIME_TIMESTAMP=1795194000250000");
	journal_field(&w, "CONTAINER_NAME=shop web");
	journal_field(&w, "SYSLOG_IDENTIFIER=0a1b2c3d4e5f");
	journal_field(&w, "SYSLOG_PID=9");
	journal_field(&w, "MESSAGE=up");
	journal_entry(&w, START_US + 1000000);
	journal_field(&w, "_COMM=cron");
	journal_field(&w, "_SOURCE_REALTIME_TIMESTAMP=never");
	journal_field(&w, "MESSAGE=job");
	journal_entry(&w, START_US + 2000000);
	struct bytes data = journal_end(&w);
	assert_reads(data, "<30>2026-11-20T17:00:00.250Z localhost shop_web[9]: up\n"
			   "<30>2026-11-20T17:00:02Z localhost cron: job\n");
	free(data.ptr);
}

static void test_lines_of_a_message_cannot_pass_as_entries(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(false, 0);
	journal_field(&w, "SYSLOG_IDENTIFIER=app");
	journal_field(&w, "MESSAGE=first\n\n<0>2026-11-20T17:00:00Z web1 kernel: forged\nlast\n");
	journal_entry(&w, START_US);
	journal_field(&w, "CODE_LINE=1");
	journal_entry(&w, START_US);
	struct bytes data = journal_end(&w);
	assert_reads(data, "<30>2026-11-20T17:00:00Z localhost app: first\n"
			   "    \n"
			   "    <0>2026-11-20T17:00:00Z web1 kernel: forged\n"
			   "    last\n");
	free(data.ptr);
}

static void test_packed_messages_are_unpacked(void **state)
{
	(void)state;
	static const enum journal_pack packs[] = { PACK_XZ, PACK_LZ4, PACK_ZSTD };
	char long_text[200000 + 16];
	size_t len = (size_t)snprintf(long_text, sizeof(long_text), "MESSAGE=");
	for (size_t i = len; i < sizeof(long_text) - 1; i++)
		long_text[i] = (char)('a' + i % 23);
	long_text[sizeof(long_text) - 1] = '\0';
	for (size_t i = 0; i < countof(packs); i++) {
		struct journal_writer w = journal_begin(i == 1, 15);
		journal_field(&w, "SYSLOG_IDENTIFIER=app");
		journal_item(&w, journal_data(&w, "COREDUMP=aaaaaaaaaaaaaaaaaaaaaa", packs[i]));
		journal_item(&w, journal_data(&w, long_text, packs[i]));
		journal_entry(&w, START_US);
		struct bytes data = journal_end(&w);
		struct result got = read_bytes(data, &read_limits_default);
		assert_int_equal(got.troubles, 0);
		static const char head[] = "<30>2026-11-20T17:00:00Z localhost app: ";
		size_t text_len = sizeof(long_text) - 1 - len;
		assert_int_equal(got.text.len, sizeof(head) - 1 + text_len + 1);
		assert_memory_equal(got.text.ptr, head, sizeof(head) - 1);
		assert_memory_equal(got.text.ptr + sizeof(head) - 1, long_text + len, text_len);
		result_free(&got);
		free(data.ptr);
	}
}

static void test_every_cut_gives_a_prefix_and_a_trouble(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(false, 0);
	put_entries(&w, 0, 12);
	struct bytes data = journal_end(&w);
	struct result want = read_bytes(data, &read_limits_default);
	assert_int_equal(want.lines, 12);
	size_t all = w.len;
	uint64_t lines = 0;
	for (size_t cut = 8; cut < all; cut++) {
		struct result got =
			read_bytes((struct bytes){ data.ptr, cut }, &read_limits_default);
		assert_int_equal(got.troubles, 1);
		assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
		assert_true(got.text.len <= want.text.len);
		assert_memory_equal(got.text.ptr, want.text.ptr, got.text.len);
		assert_true(got.lines >= lines && got.lines < 12);
		lines = got.lines;
		result_free(&got);
	}
	assert_int_equal(lines, 11);
	result_free(&want);
	free(data.ptr);
}

static void test_entries_behind_damage_are_read(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(true, 0);
	put_entries(&w, 0, 4);
	size_t broken = w.len;
	put_entries(&w, 4, 8);
	struct bytes data = journal_end(&w);
	/* The size of an object, which later entries refer to, leads nowhere. */
	memset(data.ptr + broken + 8, 0xff, 8);
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.lines, 8);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_DAMAGED);
	char place[64];
	snprintf(place, sizeof(place), "the first at byte %zu;", broken);
	assert_non_null(strstr(got.reason, place));
	result_free(&got);
	free(data.ptr);
}

static void test_flipped_bits_never_crash(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(false, 8);
	put_entries(&w, 0, 3);
	journal_item(&w, journal_data(&w, "MESSAGE=packed packed packed packed packed", PACK_ZSTD));
	journal_entry(&w, START_US);
	struct bytes data = journal_end(&w);
	for (size_t i = 8; i < w.len; i++) {
		for (unsigned bit = 0; bit < 8; bit += 3) {
			data.ptr[i] = (char)(data.ptr[i] ^ (1 << bit));
			struct result got = read_bytes(data, &read_limits_default);
			assert_true(got.lines <= 4);
			assert_true(got.troubles <= 1);
			result_free(&got);
			data.ptr[i] = (char)(data.ptr[i] ^ (1 << bit));
		}
	}
	free(data.ptr);
}

static void test_a_newer_kind_is_said_and_not_guessed(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(false, 32);
	put_entries(&w, 0, 3);
	struct bytes data = journal_end(&w);
	struct result got = read_bytes(data, &read_limits_default);
	assert_int_equal(got.lines, 0);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_UNREADABLE);
	assert_non_null(strstr(got.reason, "journalctl --file"));
	result_free(&got);
	free(data.ptr);
}

/* A message that all entries share gives far more than the file holds. */
static void test_limits_hold(void **state)
{
	(void)state;
	struct journal_writer w = journal_begin(true, 0);
	char *text = mem_alloc(100001);
	memset(text, 'x', 100000);
	memcpy(text, "MESSAGE=", 8);
	text[100000] = '\0';
	size_t message = journal_data(&w, text, PACK_NONE);
	free(text);
	for (unsigned i = 0; i < 8000; i++) {
		journal_item(&w, message);
		journal_entry(&w, START_US + i);
	}
	struct bytes data = journal_end(&w);
	struct read_limits limits = read_limits_default;
	limits.max_ratio = 100;
	struct result got = read_bytes(data, &limits);
	assert_int_equal(got.troubles, 1);
	assert_int_equal(got.first.kind, TROUBLE_LIMITED);
	assert_true(got.text.len < 200 * data.len);
	result_free(&got);
	free(data.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_entry_is_a_line_of_syslog),
		cmocka_unit_test(test_time_and_name_are_those_nearest_to_the_sender),
		cmocka_unit_test(test_lines_of_a_message_cannot_pass_as_entries),
		cmocka_unit_test(test_packed_messages_are_unpacked),
		cmocka_unit_test(test_every_cut_gives_a_prefix_and_a_trouble),
		cmocka_unit_test(test_entries_behind_damage_are_read),
		cmocka_unit_test(test_flipped_bits_never_crash),
		cmocka_unit_test(test_a_newer_kind_is_said_and_not_guessed),
		cmocka_unit_test(test_limits_hold),
	};
	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
