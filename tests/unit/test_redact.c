/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lineup/redact.h"

static void expect(struct redactor *r, struct str in, struct str out)
{
	struct str got = redact(r, in);
	if (!str_equal(got, out))
		fail_msg("got '%.*s', not '%.*s'", STR_ARG(got), STR_ARG(out));
}

#define FIRST(in, out)                                                                             \
	do {                                                                                       \
		struct redactor r_ = { 0 };                                                        \
		expect(&r_, STR(in), STR(out));                                                    \
		redactor_release(&r_);                                                             \
	} while (0)

static void test_values_of_secret_keys_go_and_the_keys_stay(void **state UNUSED)
{
	FIRST("login password=hunter2 ok", "login password=<secret:1> ok");
	FIRST("DB_PASSWORD: hunter2, next", "DB_PASSWORD: <secret:1>, next");
	FIRST("{\"api_key\": \"abc def\", \"n\": 1}", "{\"api_key\": \"<secret:1>\", \"n\": 1}");
	FIRST("{\\\"token\\\":\\\"abc\\\"}", "{\\\"token\\\":\\\"<secret:1>\\\"}");
	FIRST("url?access_token=abc&x=1", "url?access_token=<secret:1>&x=1");
	FIRST("Authorization: Bearer abc.def", "Authorization: Bearer <secret:1>");
	FIRST("{\"password\"=>\"hunter2\", :token => \"abc\"}",
		"{\"password\"=>\"<secret:1>\", :token => \"<secret:2>\"}");
	FIRST("password=>", "password=>");
}

static void test_elements_that_hold_a_secret_stay_without_it(void **state UNUSED)
{
	FIRST("<user>app</user><password>hunter 2</password>",
		"<user>app</user><password><secret:1></password>");
	FIRST("<wsse:Password>cut", "<wsse:Password><secret:1>");
	FIRST("<password></password> a>b passwd>b", "<password></password> a>b passwd>b");
}

static void test_values_behind_options_go(void **state UNUSED)
{
	FIRST("run --password hunter2 -v", "run --password <secret:1> -v");
	FIRST("run --auth-token abc", "run --auth-token <secret:1>");
	FIRST("curl -u app:hunter2 https://x", "curl -u app:<secret:1> https://x");
	FIRST("CREATE USER a IDENTIFIED BY 'hunter 2';",
		"CREATE USER a IDENTIFIED BY '<secret:1>';");
	FIRST("identified by 'cut", "identified by '<secret:1>");
	FIRST("GET /?password%3Dabc&sig=def", "GET /?password%3D<secret:1>&sig=<secret:2>");
	FIRST("sort -u a b --password", "sort -u a b --password");
	FIRST("use --password --verbose", "use --password --verbose");
	FIRST("the token was wrong", "the token was wrong");
	FIRST("100%3d design=x", "100%3d design=x");
}

static void test_words_that_only_look_alike_stay(void **state UNUSED)
{
	FIRST("token_count=12 bypass=yes", "token_count=12 bypass=yes");
	FIRST("password authentication failed for user app",
		"password authentication failed for user app");
	FIRST("error: no such host", "error: no such host");
	FIRST("12:30:45 GET /", "12:30:45 GET /");
}

static void test_tokens_are_known_by_their_shape(void **state UNUSED)
{
	FIRST("key AKIAABCDEFGHIJKLMNOP used", "key <secret:1> used");
	FIRST("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "jwt <secret:1>");
	FIRST("sent Bearer abcdefghijklmnop", "sent Bearer <secret:1>");
	FIRST("-----BEGIN RSA PRIVATE KEY----- MIIE", "<secret:1>");
}

static void test_a_token_is_as_long_as_its_issuer_makes_it(void **state UNUSED)
{
	static const struct {
		const char *prefix;
		size_t least;
	} shapes[] = { { "AKIA", 20 }, { "AIza", 35 }, { "ghp_", 30 }, { "gho_", 30 },
		{ "ghs_", 30 }, { "ghu_", 30 }, { "github_pat_", 40 }, { "glpat-", 20 },
		{ "xoxb-", 20 }, { "sk_live_", 20 }, { "sk-", 30 }, { "npm_", 30 }, { "hvs.", 24 },
		{ "sha256~", 30 } };
	for (size_t i = 0; i < countof(shapes); i++) {
		char token[64];
		memset(token, '7', sizeof(token));
		memcpy(token, shapes[i].prefix, strlen(shapes[i].prefix));
		struct redactor r = { 0 };
		struct str shorter = str_of(token, shapes[i].least - 1);
		expect(&r, shorter, shorter);
		expect(&r, str_of(token, shapes[i].least), STR("<secret:1>"));
		redactor_release(&r);
	}
}

static void test_credentials_in_urls_go(void **state UNUSED)
{
	FIRST("postgres://app:pw@db.example:5432/x", "postgres://<secret:1>@db.example:5432/x");
	FIRST("https://example.org/@home", "https://example.org/@home");
}

static void test_private_addresses_go_and_public_ones_stay(void **state UNUSED)
{
	FIRST("from 10.0.0.1:99", "from <secret:1>:99");
	FIRST("172.16.0.1 172.32.0.1", "<secret:1> 172.32.0.1");
	FIRST("172.15.0.1 172.31.0.1", "172.15.0.1 <secret:1>");
	FIRST("192.168.1.1.", "<secret:1>.");
	FIRST("8.8.8.8 127.0.0.1", "8.8.8.8 127.0.0.1");
	FIRST("version 10.0.0.1.2", "version 10.0.0.1.2");
	FIRST("on fe80::1 and 2001:db8::1", "on <secret:1> and 2001:db8::1");
}

static void test_mail_addresses_go(void **state UNUSED)
{
	FIRST("mail to jane.doe+x@example.org.", "mail to <secret:1>.");
	FIRST("user@host", "user@host");
}

static void test_the_same_secret_has_the_same_number(void **state UNUSED)
{
	struct redactor r = { 0 };
	expect(&r, STR("10.0.0.1 to 10.0.0.2"), STR("<secret:1> to <secret:2>"));
	expect(&r, STR("back to 10.0.0.1"), STR("back to <secret:1>"));
	redactor_release(&r);
}

static void test_without_a_redactor_nothing_changes(void **state UNUSED)
{
	expect(NULL, STR("password=x"), STR("password=x"));
}

static void test_any_bytes_can_be_redacted(void **state UNUSED)
{
	struct redactor r = { 0 };
	static const char pieces[] = "=:\"'\\@/. 1af0eyJBp-\xff\0";
	uint64_t seed = 7;
	char text[64];
	for (int round = 0; round < 20000; round++) {
		size_t len = 0;
		for (; len < sizeof(text) && (seed >> 40) % 50 != 0; len++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			text[len] = pieces[(seed >> 33) % (sizeof(pieces) - 1)];
		}
		assert_non_null(redact(&r, str_of(text, len)).ptr);
		seed++;
	}
	redactor_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_of_secret_keys_go_and_the_keys_stay),
		cmocka_unit_test(test_elements_that_hold_a_secret_stay_without_it),
		cmocka_unit_test(test_values_behind_options_go),
		cmocka_unit_test(test_words_that_only_look_alike_stay),
		cmocka_unit_test(test_tokens_are_known_by_their_shape),
		cmocka_unit_test(test_a_token_is_as_long_as_its_issuer_makes_it),
		cmocka_unit_test(test_credentials_in_urls_go),
		cmocka_unit_test(test_private_addresses_go_and_public_ones_stay),
		cmocka_unit_test(test_mail_addresses_go),
		cmocka_unit_test(test_the_same_secret_has_the_same_number),
		cmocka_unit_test(test_without_a_redactor_nothing_changes),
		cmocka_unit_test(test_any_bytes_can_be_redacted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
