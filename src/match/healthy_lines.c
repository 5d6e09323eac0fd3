/* SPDX-License-Identifier: MIT */
#include "lineup/rules_check.h"

/*
 * What systems write when nothing is wrong, with the words on which loose patterns stumble: error
 * counts of zero, names of things that sound like trouble, plain client errors, retries that work.
 */
const char *const healthy_lines[] = {
	"192.0.2.7 - - [20/Nov/2026:09:14:02 +0000] \"GET /index.html HTTP/1.1\" 200 5123 \"-\" "
	"\"Mozilla/5.0\"",
	"192.0.2.9 - - [20/Nov/2026:09:14:03 +0000] \"GET /favicon.ico HTTP/1.1\" 404 153 \"-\" "
	"\"curl/8.5.0\"",
	"192.0.2.9 - - [20/Nov/2026:09:14:03 +0000] \"POST /login HTTP/1.1\" 401 88 \"-\" "
	"\"okhttp/4.12\"",
	"192.0.2.9 - - [20/Nov/2026:09:14:05 +0000] \"GET /errors/500.html HTTP/1.1\" 304 0",
	"2026-11-20T09:14:02.114Z INFO  [main] o.e.shop.Application - Started Application in 4.502 "
	"seconds",
	"2026-11-20 09:14:02,114 INFO  worker-3: processed 5023 records, 0 errors, 0 failed, 12 "
	"skipped",
	"2026-11-20 09:14:02,114 DEBUG pool: connection 12 returned, active=3 idle=7 max=50",
	"2026-11-20 09:14:03 INFO  cache: loaded core-site.xml and ssl.properties from /etc/app",
	"2026-11-20 09:14:03 INFO  timeout set to 30s, retry limit 3, memory limit 2048 MB",
	"2026-11-20 09:14:03 INFO  no errors found in configuration",
	"2026-11-20 09:14:03 INFO  error handler registered for /api",
	"2026-11-20 09:14:04 INFO  attempt 2 succeeded after 120 ms",
	"2026-11-20 09:14:04 INFO  connection to db-1:5432 established",
	"2026-11-20 09:14:04 INFO  health check passed: status=UP disk=41% memory=63%",
	"2026-11-20 09:14:04 INFO  user 5023 logged in from 192.0.2.7 port 40112",
	"2026-11-20 09:14:04 INFO  migration 20261120_add_index finished in 502 ms",
	"{\"time\":\"2026-11-20T09:14:02Z\",\"level\":\"info\",\"msg\":\"request "
	"completed\",\"status\":200,\"duration_ms\":12,\"error\":null}",
	"{\"ts\":1795166042.1,\"level\":\"info\",\"logger\":\"controller\",\"msg\":\"Reconciled\","
	"\"name\":\"web\",\"namespace\":\"default\"}",
	"time=\"2026-11-20T09:14:02Z\" level=info msg=\"container started\" id=5aa5b0c401d2 "
	"err=\"<nil>\"",
	"ts=2026-11-20T09:14:02.114Z caller=main.go:503 level=info msg=\"Server is ready to "
	"receive web requests.\"",
	"I1120 09:14:02.114000       1 leaderelection.go:258] successfully acquired lease "
	"kube-system/scheduler",
	"I1120 09:14:02.114000       1 reflector.go:401] Watch close - *v1.Pod total 14 items "
	"received",
	"Nov 20 09:14:02 web-1 systemd[1]: Started Session 401 of user deploy.",
	"Nov 20 09:14:02 web-1 systemd[1]: logrotate.service: Deactivated successfully.",
	"Nov 20 09:14:02 web-1 systemd[1]: Reloading configuration.",
	"Nov 20 09:14:02 web-1 CRON[5023]: (root) CMD (/usr/local/bin/backup --quiet)",
	"Nov 20 09:14:02 web-1 sshd[5023]: Accepted publickey for deploy from 192.0.2.7 port 40112 "
	"ssh2: ED25519 SHA256:abc",
	"Nov 20 09:14:02 web-1 sshd[5023]: pam_unix(sshd:session): session opened for user "
	"deploy(uid=1000) by (uid=0)",
	"Nov 20 09:14:02 web-1 kernel: [    1.502000] ACPI: Core revision 20230628",
	"Nov 20 09:14:02 web-1 kernel: [    2.401000] EXT4-fs (sda1): mounted filesystem with "
	"ordered data mode. Quota mode: none.",
	"Nov 20 09:14:02 web-1 kernel: [    0.503000] Memory: 16303416K/16776700K available "
	"(20480K kernel code)",
	"Nov 20 09:14:02 web-1 dhclient[503]: DHCPACK of 192.0.2.20 from 192.0.2.1",
	"Nov 20 09:14:02 web-1 chronyd[401]: Selected source 192.0.2.123 (ntp.example.org)",
	"Nov 20 09:14:02 web-1 rsyslogd: [origin software=\"rsyslogd\" swVersion=\"8.2312.0\"] "
	"start",
	"Nov 20 09:14:02 mail postfix/smtp[5023]: 4D0F1: to=<a@example.org>, "
	"relay=mx.example.org[192.0.2.25]:25, status=sent (250 2.0.0 OK)",
	"2026-11-20 09:14:02.114 UTC [5023] LOG:  checkpoint complete: wrote 401 buffers (2.4%); 0 "
	"WAL file(s) added",
	"2026-11-20 09:14:02.114 UTC [5023] LOG:  connection authorized: user=app database=app SSL "
	"enabled",
	"2026-11-20T09:14:02.114000Z 0 [Note] [MY-010051] [Server] Event Scheduler: scheduler "
	"thread started with id 5",
	"5023:M 20 Nov 2026 09:14:02.114 * Background saving terminated with success",
	"5023:M 20 Nov 2026 09:14:02.114 * DB saved on disk",
	"[2026-11-20T09:14:02,114][INFO ][o.e.c.r.a.AllocationService] [node-1] Cluster health "
	"status changed from [YELLOW] to [GREEN]",
	"[2026-11-20 09:14:02,114] INFO [GroupCoordinator 0]: Stabilized group orders generation "
	"502 (kafka.coordinator.group)",
	"2026-11-20 09:14:02.114 [info] <0.503.0> accepting AMQP connection <0.503.0> "
	"(192.0.2.7:40112 -> 192.0.2.8:5672)",
	"2026/11/20 09:14:02 [notice] 1#1: start worker processes",
	"[2026-11-20T09:14:02.114Z] \"GET /healthz HTTP/1.1\" 200 - via_upstream - \"-\" 0 2 1 0 "
	"\"-\" \"kube-probe/1.29\"",
	"[0.503s][info][gc] GC(12) Pause Young (Normal) (G1 Evacuation Pause) 512M->128M(2048M) "
	"4.011ms",
	"20-Nov-2026 09:14:02.114 INFO [main] org.apache.catalina.startup.Catalina.start Server "
	"startup in [4502] milliseconds",
	"[20/Nov/2026 09:14:02] \"GET /admin/ HTTP/1.1\" 302 0",
	"[2026-11-20 09:14:02 +0000] [503] [INFO] Booting worker with pid: 503",
	"npm notice created a lockfile as package-lock.json. You should commit this file.",
	"Compiled successfully in 5023 ms",
	"Tests run: 502, Failures: 0, Errors: 0, Skipped: 3",
	"Successfully assigned default/web-5aa5b to node-1",
	"Pulling image \"registry.example.org/web:1.40.1\"",
	"level=info component=scheduler msg=\"job finished\" job=report duration=401ms failed=0",
	"[INFO] --- maven-compiler-plugin:3.11.0:compile (default-compile) @ shop ---",
	"11/20/2026 09:14:02 Information 7036 Service Control Manager The Windows Update service "
	"entered the running state.",
	"Query_time: 0.000401  Lock_time: 0.000012 Rows_sent: 1  Rows_examined: 1",
	"",
	"    at org.example.shop.Order.total(Order.java:401)",
	"========================================",
};

const size_t healthy_line_count = countof(healthy_lines);
