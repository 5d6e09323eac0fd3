/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lineup/sites.h"

#define START (INT64_C(1700000000) * NS_PER_S)

static void assert_text(struct str got, const char *wanted)
{
	assert_int_equal(got.len, strlen(wanted));
	assert_memory_equal(got.ptr, wanted, got.len);
}

static void test_a_folder_is_what_stands_before_the_file(void **state)
{
	(void)state;
	assert_text(site_folder(STR("b.tar!logs/fs1/switch.log")), "b.tar!logs/fs1");
	assert_text(site_folder(STR("fs1.tar!switch.log")), "fs1.tar");
	assert_int_equal(site_folder(STR("switch.log")).len, 0);
}

static void test_what_the_service_leaves_of_a_file_is_its_node_and_no_date(void **state)
{
	(void)state;
	assert_text(site_rest(STR("a/datanode-dn3.log.1.gz"), STR("datanode")), "dn3");
	assert_int_equal(site_rest(STR("a/datanode.log"), STR("datanode")).len, 0);
	assert_int_equal(site_rest(STR("a/datanode-2026-01-31.log"), STR("datanode")).len, 0);
	assert_int_equal(site_rest(STR("a/datanodes.log"), STR("datanode")).len, 0);
}

static void add(struct sites *s, uint32_t service, const char *name, int64_t second)
{
	struct site_name n = { .text = str_from(name), .is_host = true };
	n.hash = site_hash(n.text, n.is_host);
	sites_add(s, service, 1000 + service, &n, START + second * NS_PER_S);
}

static const struct site *site_of(const struct sites *s, uint32_t service, const char *name)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct site *x = &s->items[i];
		if (!x->dropped && x->service == service && strcmp(x->name, name) == 0)
			return x;
	}
	return NULL;
}

/* Lines of two hosts over three hours, the odd ones given to another worker. */
static void say_all(struct sites *even, struct sites *odd)
{
	for (int64_t i = 0; i < 3 * 3600; i++) {
		add(i % 2 ? odd : even, 0, "fs1", i);
		add(i % 2 ? odd : even, 0, "fs2", (i * 7919) % (3 * 3600));
	}
}

static void test_what_two_workers_counted_is_what_one_would_have(void **state)
{
	(void)state;
	struct sites one = { 0 }, a = { 0 }, b = { 0 };
	const uint32_t same[] = { 0 };
	say_all(&one, &one);
	say_all(&a, &b);
	sites_merge(&a, &b, same);
	sites_finish(&one);
	sites_finish(&a);
	for (int i = 0; i < 2; i++) {
		const struct site *x = site_of(&one, 0, i ? "fs2" : "fs1");
		const struct site *y = site_of(&a, 0, i ? "fs2" : "fs1");
		assert_int_equal(x->total, 3 * 3600);
		assert_int_equal(x->total, y->total);
		assert_int_equal(x->step, y->step);
		assert_int_equal(x->first_ns, y->first_ns);
		assert_int_equal(x->last_ns, y->last_ns);
		assert_int_equal(x->cells.count, y->cells.count);
		assert_memory_equal(
			x->cells.items, y->cells.items, x->cells.count * sizeof(*x->cells.items));
	}
	sites_release(&one);
	sites_release(&a);
	sites_release(&b);
}

static void test_of_too_many_sites_the_same_are_left_in_whatever_order(void **state)
{
	(void)state;
	struct sites up = { 0 }, down = { 0 };
	size_t kept = 0;
	char name[16];
	for (int i = 0; i < 9000; i++) {
		snprintf(name, sizeof(name), "host%d", i);
		add(&up, 0, name, i);
		snprintf(name, sizeof(name), "host%d", 8999 - i);
		add(&down, 0, name, 8999 - i);
	}
	for (int i = 0; i < 9000; i++) {
		snprintf(name, sizeof(name), "host%d", i);
		bool in_up = site_of(&up, 0, name) != NULL;
		assert_int_equal(in_up, site_of(&down, 0, name) != NULL);
		kept += in_up;
	}
	assert_in_range(kept, 1000, 2048);
	sites_release(&up);
	sites_release(&down);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_folder_is_what_stands_before_the_file),
		cmocka_unit_test(test_what_the_service_leaves_of_a_file_is_its_node_and_no_date),
		cmocka_unit_test(test_what_two_workers_counted_is_what_one_would_have),
		cmocka_unit_test(test_of_too_many_sites_the_same_are_left_in_whatever_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
