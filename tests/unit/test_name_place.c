/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/judge/name_place.h"

/* Of the word between the brackets of "to {order}:8080", which are left out: what is asked. */
static bool ask(bool (*question)(struct str text, size_t from, size_t to), const char *marked)
{
	char text[128];
	size_t len = 0, from = 0, to = 0;
	for (const char *p = marked; *p != '\0'; p++) {
		if (*p == '{')
			from = len;
		else if (*p == '}')
			to = len;
		else
			text[len++] = *p;
	}
	return question(str_of(text, len), from, to);
}

static bool is_part(struct str text, size_t from, size_t to)
{
	(void)from;
	return name_place_is_part(text, to);
}

static bool is_client(struct str text, size_t from, size_t to)
{
	(void)to;
	return name_place_is_client(text, from);
}

static void test_a_hole_beside_a_word_cuts_it(void **state UNUSED)
{
	assert_true(ask(name_place_is_cut, "to {customs-}<*> now"));
	assert_true(ask(name_place_is_cut, "<*>{-customs}"));
	assert_true(ask(name_place_is_cut, "{customs}<*>"));
	assert_false(ask(name_place_is_cut, "<*> {customs} <*>"));
	assert_false(ask(name_place_is_cut, "{customs}"));
}

static void test_an_address_is_told_by_what_is_around_it(void **state UNUSED)
{
	assert_true(ask(name_place_is_address, "GET http://{order}/v1"));
	assert_true(ask(name_place_is_address, "to {order}:8080"));
	assert_true(ask(name_place_is_address, "to {order}.acme.internal:8080"));
	assert_true(ask(name_place_is_address, "to {order}.svc"));
	assert_true(ask(name_place_is_address, "shop@{order}"));
	assert_true(ask(name_place_is_address, "upstream ({order})"));
	assert_false(ask(name_place_is_address, "upstream ({order} is slow)"));
	assert_false(ask(name_place_is_address, "{order}: 8080"));
	assert_false(ask(name_place_is_address, "{order}:"));
}

static void test_a_dotted_name_is_another_one_unless_it_is_a_host(void **state UNUSED)
{
	assert_true(ask(is_part, "{order}.events-3"));
	assert_true(ask(is_part, "read {order}.yaml"));
	assert_false(ask(is_part, "to {order}.acme.internal"));
	assert_false(ask(is_part, "from {order}."));
	assert_false(ask(is_part, "from {order}"));
}

static void test_a_server_says_who_its_client_is(void **state UNUSED)
{
	assert_true(ask(is_client, "client={order}"));
	assert_true(ask(is_client, "Consumer_Group: \"{order}\""));
	assert_true(ask(is_client, "user=shop,db=shop,app={order}"));
	assert_true(ask(is_client, "shop@shopdb app={order}"));
	assert_false(ask(is_client, "app={order} restarts"));
	assert_false(ask(is_client, "client {order}"));
	assert_false(ask(is_client, "upstream={order}"));
}

static bool is_object(struct str text, size_t from, size_t to)
{
	(void)to;
	return name_place_is_object(text, from);
}

static void test_a_place_in_the_source_names_nobody(void **state UNUSED)
{
	assert_true(ask(name_place_is_code, "github.com/acme/{order-api}/pkg/list.go:101: failed"));
	assert_true(ask(name_place_is_code, "{order-api}/start.go:<*>"));
	assert_true(ask(name_place_is_code, "File \"/opt/{order-api}/main.py\", line 4"));
	assert_false(ask(name_place_is_code, "GET http://{order-api}/main.php failed"));
	assert_false(ask(name_place_is_code, "to {order-api}.svc.cluster.local/v1"));
	assert_false(ask(name_place_is_code, "to {order-api} failed"));
}

static void test_an_object_of_a_cluster_does_not_run(void **state UNUSED)
{
	assert_true(ask(is_object, "apply for rolebinding \"shop/{order}\" failed"));
	assert_true(ask(is_object, "serviceaccounts \"{order}\" is forbidden"));
	assert_false(ask(is_object, "apply for deployment \"shop/{order}\" failed"));
	assert_false(ask(is_object, "pod=\"shop/{order}\""));
	assert_false(ask(is_object, "{order} failed"));
}

static void test_a_number_is_of_what_its_word_names(void **state UNUSED)
{
	assert_false(ask(name_place_is_due, "working toward {version} 4.8.0"));
	assert_false(ask(name_place_is_due, "working toward {version} <*>.nightly-<*>"));
	assert_false(ask(name_place_is_due, "back from {order} 4711"));
	assert_true(ask(name_place_is_due, "call to {order} 503"));
	assert_true(ask(name_place_is_due, "connect to {order} 10.0.0.7 failed"));
	assert_true(ask(name_place_is_due, "call to {order} failed"));
}

static void test_a_file_is_called_after_nobody(void **state UNUSED)
{
	assert_false(ask(name_place_is_due, "/var/lib/shop/{order} not found"));
	assert_true(ask(name_place_is_due, "GET /shop/{order} failed"));
	assert_true(ask(name_place_is_due, "{order} not found"));
}

static void test_the_word_before_is_found_behind_spaces_and_quotes(void **state UNUSED)
{
	struct str text = STR("calls  \"stock-2\" \"order");
	assert_true(str_equal(name_place_before(text, text.len - 5), STR("stock-2")));
	assert_true(str_equal(name_place_before(text, 5), STR("calls")));
	assert_true(str_equal(name_place_before(text, 0), STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hole_beside_a_word_cuts_it),
		cmocka_unit_test(test_an_address_is_told_by_what_is_around_it),
		cmocka_unit_test(test_a_dotted_name_is_another_one_unless_it_is_a_host),
		cmocka_unit_test(test_a_server_says_who_its_client_is),
		cmocka_unit_test(test_a_place_in_the_source_names_nobody),
		cmocka_unit_test(test_an_object_of_a_cluster_does_not_run),
		cmocka_unit_test(test_a_number_is_of_what_its_word_names),
		cmocka_unit_test(test_a_file_is_called_after_nobody),
		cmocka_unit_test(test_the_word_before_is_found_behind_spaces_and_quotes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
