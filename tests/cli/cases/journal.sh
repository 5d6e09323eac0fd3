# SPDX-License-Identifier: MIT
# A systemd journal stands for its entries: as a file, in an archive, and what is left of a cut one.
python3 - <<'PYTHON'
import struct

def journal(messages):
    """As systemd lays it out, without what only searching needs."""
    out = bytearray(b'LPKSHHRH' + bytes(256))
    struct.pack_into('<Q', out, 88, len(out))

    def add(kind, body):
        at = len(out)
        out.extend(struct.pack('<BB6xQ', kind, 0, 16 + len(body)) + body)
        out.extend(bytes(-len(out) % 8))
        struct.pack_into('<Q', out, 136, at)
        return at

    for number, (priority, name, message) in enumerate(messages):
        fields = [b'PRIORITY=%d' % priority, b'_HOSTNAME=web1', b'SYSLOG_IDENTIFIER=' + name, b'_PID=7', b'MESSAGE=' + message]
        items = [add(1, bytes(48) + field) for field in fields]
        time_us = 1772359200000000 + number * 30000000
        add(3, struct.pack('<QQQ16xQ', number + 1, time_us, number, 0) + b''.join(struct.pack('<QQ', at, 0) for at in items))
    return bytes(out)

calm = [(6, b'billing', b'paid order %d' % i) for i in range(20)]
bad = [(3, b'billing', b'connection pool exhausted (pool_active=50 of 50)'), (2, b'kernel', b'Out of memory: Killed process 4711 (java)\ndetails')]
data = journal(calm + bad)
open('system.journal', 'wb').write(data + bytes(4096))
open('cut.journal', 'wb').write(data[:len(data) // 2])
PYTHON
status lineup scan system.journal | sed -n '/^Read/p; /system.journal:/,+1p; /^status/p'
lineup lines system.journal | sed -n '1p; 21,23p'
tar czf logs.tgz system.journal
lineup scan --format json logs.tgz | json "[d['inputs']['lines'], [s['name'] for s in d['services']]]"
status lineup scan cut.journal | sed -n '/^Read/p; /^NOT READ/,$p'
