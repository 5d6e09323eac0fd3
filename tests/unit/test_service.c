/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lineup/service.h"

static void assert_place_under(const char *top, const char *place, const char *expected)
{
	struct buf out = BUF_INIT(4096);
	service_of_place(str_from(place), strlen(top), &out);
	buf_append_byte(&out, '\0');
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
}

static void assert_place(const char *place, const char *expected)
{
	assert_place_under("", place, expected);
}

static void test_of_a_suffix_alone_no_name_is_left(void **state)
{
	(void)state;
	struct buf out = BUF_INIT(0);
	assert_int_equal(service_of_place(STR("-log"), 0, &out), SERVICE_UNKNOWN);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void test_pods_are_named_by_their_workload(void **state)
{
	(void)state;
	assert_place("x/var/log/pods/"
		     "shop_cart-7d9f8b6c54-x2x4z_0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/cart/0.log",
		"cart");
	assert_place("x/var/log/containers/cart-7d9f8b6c54-x2x4z_shop_server-"
		     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.log",
		"cart");
	assert_place("b.tar!namespaces/shop/pods/stock-db-0/db/db/logs/current.log", "stock-db");
	assert_place("b.tar!namespaces/shop/pods/fluent-bit-k9x2q/fluent-bit/fluent-bit/logs/"
		     "previous.log",
		"fluent-bit");
	assert_place("dump/shop/cart-7d9f8b6c54-x2x4z/server.log", "cart");
	assert_place("namespaces/shop/pods/cart-7d9f8b6c54-x2x4z/server/server/logs/current.log",
		"cart");
	assert_place("namespaces/kube-dns/pods/dns-default-2pf64/kube-rbac-proxy/kube-rbac-proxy/"
		     "logs/current.log",
		"dns-default/kube-rbac-proxy");
	assert_place("namespaces/kube-system/pods/kube-scheduler-ip-10-0-1-2.example.internal/"
		     "kube-scheduler/kube-scheduler/logs/current.log",
		"kube-scheduler");
	assert_place(
		"namespaces/platform-etcd/pods/etcd-node-master-2/etcdctl/etcdctl/logs/current.log",
		"etcd/etcdctl");
	assert_place("namespaces/jobs/pods/nightly-28394820-x5k2p/nightly/nightly/logs/current.log",
		"nightly");
}

static void test_files_are_named_without_rotation_and_compression(void **state)
{
	(void)state;
	assert_place("logs/gateway.log", "gateway");
	assert_place("logs/gateway.log.3.gz", "gateway");
	assert_place("logs/gateway-20250101.log", "gateway");
	assert_place("logs/gateway.2025-01-01.log.zst", "gateway");
	assert_place("logs/gateway-2025-01-01T10-00-00.123.log.gz", "gateway");
	assert_place("x.tar.zst!day/gateway.log.gz!gateway.log", "gateway");
	assert_place("http2.log", "http2");
	/* The folder's name behind a dash is that of the host. */
	assert_place("web1/nginx-web1.log", "nginx");
	assert_place("SHOP1/alert_SHOP1.log", "SHOP1");
	assert_place("s3-sync.log.1", "s3-sync");
}

static void test_names_that_say_little_take_their_folder(void **state)
{
	(void)state;
	assert_place("sos/var/log/cinder/api.log", "cinder/api");
	assert_place("sos/var/log/neutron/l3-agent.log", "neutron/l3-agent");
	assert_place("sos/var/log/nova/nova-compute.log", "nova-compute");
	assert_place("sos/var/log/nginx/error.log.1", "nginx");
	assert_place("sos/var/log/httpd/ssl_access_log-20250101", "httpd");
	assert_place("x/tomcat/logs/current.log", "tomcat");
	/* Three machines' logs of one program are not one service. */
	assert_place("x/node1/system.log", "node1/system");
	assert_place("x/node1/var/log/cassandra/system.log", "cassandra/system");
	assert_place("/var/log/system.log", "system");
	assert_place("x/node1/auth.log", "auth"); /* the service of that name, or of all */
	/* The folder that all of a host was collected in tells of the host. */
	assert_place("x/nginx/sosreport-h1-2031/error.log", "nginx");
	assert_place("x/nginx/must-gather.local.1/error.log", "nginx");
}

static void test_the_host_behind_a_name_is_cut_where_it_ends(void **state)
{
	(void)state;
	assert_place("x/node1/cart-daemon-node1.log", "cart-daemon");
	assert_place("x/node1/cart-daemon-node1.example.org.log", "cart-daemon");
	assert_place("x/node1/cart-daemon-node12.log", "cart-daemon-node12");
}

static void test_the_folder_that_holds_everything_is_no_part_of_a_name(void **state)
{
	(void)state;
	assert_place("x/today/web.log", "today/web");
	assert_place_under("x/today", "x/today/web.log", "web");
	assert_place_under("x/logs/today/", "x/logs/today/web.log", "web");
	assert_place_under("x/logs/today", "x/logs/today/cart.log", "cart");
	assert_place_under("x/today", "x/today/app.log", "app");
	assert_place_under("x/today", "x/today/system.log", "system");
	assert_place_under("x/today", "x/today/cinder/api.log", "cinder/api");
	assert_place_under("x/today", "x/today/cinder/logs/api.log", "cinder/api");
	/* a name that says nothing has no other */
	assert_place_under("x/nginx", "x/nginx/error.log", "nginx");
	/* an archive is called by the folder that it was made of */
	assert_place("case-day.tar.gz!case-day/web.log", "web");
	assert_place("case-day.tar.gz!cinder/web.log", "cinder/web");
	assert_place("cinder/cinder/web.log", "cinder/web");
	assert_place("cinder-day/cinder/web.log", "cinder/web");
}

static void test_syslog_heads_name_the_program(void **state)
{
	(void)state;
	struct syslog_head head;
	assert_true(service_syslog_head(STR(" alpha sshd[17]: no"), 0, false, &head));
	assert_true(str_equal(head.program, STR("sshd")));
	assert_true(str_equal(head.host, STR("alpha")));
	assert_int_equal(head.message_at, 16);
	assert_true(service_syslog_head(STR(" alpha /USR/SBIN/CRON[9]: x"), 0, false, &head));
	assert_true(str_equal(head.program, STR("CRON")));
	assert_true(service_syslog_head(STR(" alpha gdm(pam_unix)[9]: x"), 0, false, &head));
	assert_true(str_equal(head.program, STR("gdm")));
	assert_true(service_syslog_head(STR(" alpha kernel: x"), 0, false, &head));
	assert_true(str_equal(head.program, STR("kernel")));
	assert_true(service_syslog_head(STR(" worker.pl: done"), 0, false, &head));
	assert_true(str_equal(head.program, STR("worker.pl")));
	assert_true(service_syslog_head(STR(" alpha daemon.warn init: x"), 0, false, &head));
	assert_true(str_equal(head.program, STR("init")));
	assert_int_equal(head.level, LEVEL_WARNING);
	assert_true(service_syslog_head(STR(" alpha err tmm[7]: x"), 0, false, &head));
	assert_true(str_equal(head.program, STR("tmm")));
	assert_int_equal(head.level, LEVEL_ERROR);
	assert_true(service_syslog_head(STR(" alpha rotate: ALERT no [1]"), 0, false, &head));
	assert_int_equal(head.level, LEVEL_NONE);
	assert_true(service_syslog_head(STR(" info vpxd[7] [x] y"), 0, true, &head));
	assert_true(str_equal(head.program, STR("vpxd")));
	assert_false(service_syslog_head(STR(" SW1 SHELL/5/LOGIN: x"), 0, false, &head));
	assert_false(service_syslog_head(STR(" INFO main: started"), 0, true, &head));
	assert_false(service_syslog_head(STR(" START RequestId: x"), 0, true, &head));
	assert_true(service_syslog5424_head(STR(" alpha app 17 - - hello"), 0, &head));
	assert_true(str_equal(head.program, STR("app")));
}

static void test_prefixes_of_compose_and_kubectl_are_taken_off(void **state)
{
	(void)state;
	struct line_wrapping w;
	assert_true(service_unwrap(STR("shop-cart-1  | hello"), &w));
	assert_true(str_equal(w.service, STR("shop-cart")));
	assert_int_equal(w.payload_at, 15);
	assert_true(service_unwrap(STR("[pod/cart-7d9f8b6c54-x2x4z/server] hello"), &w));
	assert_true(str_equal(w.service, STR("cart")));
	assert_true(service_unwrap(STR("cart-7d9f8b6c54-x2x4z server hello"), &w));
	assert_true(str_equal(w.service, STR("cart")));
	assert_int_equal(w.payload_at, 29);
	assert_false(service_unwrap(STR("cart-is-not-a-pods-name hello there"), &w));
	assert_true(service_unwrap(STR("[cart-7d9f8b6c54-x2x4z] | hello"), &w));
	assert_true(str_equal(w.service, STR("cart")));
	assert_false(service_unwrap(STR("INFO | hello"), &w));
	assert_false(service_unwrap(STR("a plain line | with a bar"), &w));
}

static void test_places_of_known_tools_read_as_the_table_says(void **state)
{
	(void)state;
	char line[1024];
	size_t rows = 0;
	FILE *table = fopen("tests/golden/places.tsv", "r");
	assert_non_null(table);
	while (fgets(line, sizeof(line), table) != NULL) {
		char *tab = strchr(line, '\t');
		if (line[0] == '#')
			continue;
		assert_non_null(tab);
		*tab = '\0';
		tab[strcspn(tab + 1, "\n") + 1] = '\0';
		assert_place(line, tab + 1);
		rows++;
	}
	fclose(table);
	assert_true(rows >= 220);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_a_suffix_alone_no_name_is_left),
		cmocka_unit_test(test_pods_are_named_by_their_workload),
		cmocka_unit_test(test_files_are_named_without_rotation_and_compression),
		cmocka_unit_test(test_names_that_say_little_take_their_folder),
		cmocka_unit_test(test_the_host_behind_a_name_is_cut_where_it_ends),
		cmocka_unit_test(test_the_folder_that_holds_everything_is_no_part_of_a_name),
		cmocka_unit_test(test_places_of_known_tools_read_as_the_table_says),
		cmocka_unit_test(test_syslog_heads_name_the_program),
		cmocka_unit_test(test_prefixes_of_compose_and_kubectl_are_taken_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
