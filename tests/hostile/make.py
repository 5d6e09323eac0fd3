#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile files that no ordinary program makes. usage: make.py WHAT FILE"""
import gzip, io, lzma, os, random, struct, subprocess, sys, tarfile, tempfile, zipfile, zlib

LINE = b'2026-03-01T10:00:00Z ERROR one\n'


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w') as t:
        for name, kind, data in members:
            info = tarfile.TarInfo('x')
            info.name = name
            info.type = kind
            info.size = len(data)
            info.linkname = '/etc/passwd' if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ''
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(members, **how):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, **how) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def specials():
    r = tarfile
    return tar([('link', r.SYMTYPE, b''), ('hard', r.LNKTYPE, b''), ('char', r.CHRTYPE, b''), ('block', r.BLKTYPE, b''),
                ('pipe', r.FIFOTYPE, b''), ('folder', r.DIRTYPE, b''), ('a.log', r.REGTYPE, LINE)])


def overlapping():
    """A zip whose directory names one member a thousand times."""
    data = zipped([('a.log', LINE * 1000)])
    end = data.rindex(b'PK\5\6')
    start = struct.unpack('<I', data[end + 16:end + 20])[0]
    entry = data[start:end]
    n = 1000
    return data[:start] + entry * n + struct.pack('<4s4H2IH', b'PK\5\6', 0, 0, n, n, len(entry) * n, start, 0)


def locked():
    """A zip whose first member is marked as encrypted, at both places."""
    data = bytearray(zipped([('a.log', LINE), ('b.log', LINE)]))
    data[6] |= 1
    data[data.index(b'PK\1\2') + 8] |= 1
    return bytes(data)


def sparse():
    """As GNU tar writes it: a line, a hole of a megabyte, a line. The hole reads as NULs."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'a.log'), 'wb') as f:
            f.write(LINE)
            f.seek(1 << 20)
            f.write(b'\n' + LINE)
        return subprocess.run(['tar', '--sparse', '-cf', '-', 'a.log'], cwd=folder, stdout=subprocess.PIPE, check=True).stdout


def evil():
    """Lines with escapes, formulas, broken UTF-8, and names that a report might show."""
    texts = [b'\x1b]0;owned\x07\x1b[2J', b'=cmd|calc!A1', b'@SUM(1)', b'+1+1', b'-2', b'\xff\xfe\xc0\x80', b'</script><b>', b'"],{"',
             b'\xc2\x9b31m', b'\xe2\x80\xae', b'\0\1\2', b'\r\rx', b'\x7f', b'\t=1']
    return b''.join(b'2026-03-01T10:00:%02dZ %s EVIL %s service=%s\n' % (i, text, text, text) for i, text in enumerate(texts * 4))


def quine():
    """A gzip of itself, built as R. Cox tells in "Zip files all the way down": literals and repeats,
    each five bytes long, that print their own text; the checksum in them is that of the whole."""
    def literals(count):
        return struct.pack('<BHH', 0, 5 * count, 5 * count ^ 0xffff)

    def whole(crc, size):
        # 20 bytes again: in the fixed code two times 10 bytes from 20 back.
        bits = [0, 1, 0] + 2 * ([0, 0, 0, 1, 0, 0, 0] + [0, 1, 0, 0, 0] + [1, 1, 0]) + 7 * [0]
        again = bytes(sum(bit << i for i, bit in enumerate(bits[at:at + 8])) for at in range(0, 40, 8))
        none, one, four = literals(0), literals(1), literals(4)
        head = b'\x1f\x8b\x08\x08\0\0\0\0\0\xffself\0'
        tail = none + b'\3\0' + struct.pack('<II', crc, size)
        return b''.join((head, four, head, four, again, one, again, one, one, four, again, one, one, four, again, four, again,
                         four, again, four, again, four, again, none, none, four, again, none, none, four, again, tail, again, tail))

    # The checksum changes with each of its own bits, whatever the others are: 32 equations.
    size = len(whole(0, 0))
    base = zlib.crc32(whole(0, size))
    effects = [zlib.crc32(whole(1 << i, size)) ^ base ^ 1 << i for i in range(32)]
    rows = [(sum((effect >> bit & 1) << i for i, effect in enumerate(effects)), base >> bit & 1) for bit in range(32)]
    for column in range(32):
        pivot = next(i for i in range(column, 32) if rows[i][0] >> column & 1)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows = [(left ^ rows[column][0], right ^ rows[column][1]) if i != column and left >> column & 1 else (left, right)
                for i, (left, right) in enumerate(rows)]
    made = whole(sum(right << i for i, (_, right) in enumerate(rows)), size)
    assert gzip.decompress(made) == made
    return made


def bad_first_header():
    data = bytearray(tar([('a.log', b'0', LINE), ('b.log', b'0', LINE * 2)]))
    data[240] ^= 64
    return bytes(data)


def many_tiny(count):
    """A .tar.gz of so many members and one more; one header for all of them."""
    info = tarfile.TarInfo('a.log')
    info.size = len(LINE)
    member = info.tobuf(tarfile.USTAR_FORMAT) + LINE.ljust(512, b'\0')
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    packed = [packer.compress(member * 1000) for _ in range(count // 1000)]
    return b''.join(packed) + packer.compress(member + bytes(1024)) + packer.flush()


def deep(layers):
    data = LINE
    for _ in range(layers):
        data = gzip.compress(data, 1)
    return data


def explosions():
    """Patterns whose automata, programs or searches have no end that anyone would wait for."""
    return '\n'.join((
        '(((((a{0,50}){0,50}){0,50}){0,50}){0,50})b', 'x.{0,30000}y', '[a-z]{1,5000}z', r'(\w{1,300}\s){1,300}q',
        '(?:a?){3000}a{3000}', '|'.join('w%dx%d' % (i * 7919 % 100003, i) for i in range(30000)), '(a)' * 30000,
        ''.join('(?<n%d>a)' % i for i in range(5000)), '(?<=a{1,200})b(?!x+y)', r'(\((?:[^()]|(?1))*\))z',
        r'(*LIMIT_MATCH=4000000000)(a+)+\1b', r'\X{1,1000}z', '((a|b|ab|ba|aab|bba){1,40}){1,40}c', '.*foo.*bar.*baz.*qux' * 30,
        '(' * 5000 + 'a' + ')' * 5000, 'a{65535}', '[^x]{1,1000}[^y]{1,1000}[^z]{1,1000}k',
        '(?<a>x(?<b>y(?<c>z{1,500}){1,500}){1,500})(?&a)(?&b)(?&a)', '(?(DEFINE)(?<q>(?&q)?a))(?&q)z', 'ERROR', '')).encode()


def listed_once(count):
    """Members that stand there twice, and in a directory that does not fit them once: whoever looks
    for the second of each passes over the whole directory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(LINE) + packer.flush()
    names = [b'%06d.log' % i for i in range(count)]
    members = b''.join(struct.pack('<4s5H3I2H', b'PK\3\4', 20, 8, 8, 0, 0x5c61, 0, 0, 0, len(name), 0) + name + body for name in names)
    directory = b''.join(struct.pack('<4s6H3I5H2I', b'PK\1\2', 20, 20, 8, 8, 0, 0x5c61, zlib.crc32(LINE), len(body), len(LINE),
                                     len(name), 0, 0, 0, 0, 0, 0) + name for name in names)
    return members * 2 + directory + struct.pack('<4s4H2IH', b'PK\5\6', 0, 0, count, count, len(directory), len(members) * 2 + 999, 0)


def bomb(levels=5, each=16):
    """As 42.zip: archives of archives; 16^5 MB in all."""
    data = zipped([('0.log', b'0' * (1 << 20))])
    for level in range(levels):
        data = zipped([('%d-%d.zip' % (level, i), data) for i in range(each)])
    return data


WHAT = {
    'specials.tar': specials,
    'names.tar': lambda: tar([('/etc/abs.log', b'0', LINE), ('../../up.log', b'0', LINE), ('a\x1b[31m\n.log', b'0', LINE)]),
    'double.tar': lambda: tar([('a.log', b'0', LINE), ('a.log', b'0', LINE + LINE)]),
    'double.zip': lambda: zipped([('a.log', LINE), ('b.log', LINE)]).replace(b'b.log', b'a.log'),
    'locked.zip': locked,
    'sparse.tar': sparse,
    'evil.log': evil,
    'empty.tar': lambda: tar([('a.log', b'0', b''), ('b.log', b'0', LINE)]),
    'wrong_size.tar': lambda: tar([('a.log', b'0', LINE), ('b.log', b'0', LINE)]).replace(b'00000000037', b'00000077777', 1),
    'overlapping.zip': overlapping,
    'bomb.zip': bomb,
    'zeros.gz': lambda: gzip.compress(bytes(40 << 20), 1),
    'even.gz': lambda: gzip.compress(LINE * (100 << 20 >> 5), 1),
    'tiny.tar': lambda: tar([('%d.log' % i, b'0', LINE) for i in range(20000)]),
    'window.zst': lambda: b'\x28\xb5\x2f\xfd\x00\xf8' + b'\x49\x00\x00' + LINE[:9],
    'quine.gz': quine,
    'first_header.tar': bad_first_header,
    'a_million.tar.gz': lambda: many_tiny(1000000),
    'names.zip': lambda: zipped([('%06d.log' % i, LINE) for i in range(50000)]),
    'listed_once.zip': lambda: listed_once(60000),
    'deep.gz': lambda: deep(1000),
    # A name is read whole, as long as the header says.
    'long_name.cpio': lambda: b'070701' + b'%08x' * 13 % (1, 0o100644, 0, 0, 1, 0, 9, 0, 0, 0, 0, 4000000000, 0) + LINE,
    'dictionary.xz': lambda: lzma.compress(LINE * 300000, filters=[{'id': lzma.FILTER_LZMA2, 'dict_size': 64 << 20}]),
    'explosions.txt': explosions,
    'rules_capture.yaml': lambda: b'pack: slow\nrules:\n'
        b"  - {id: slow/capture, title: t, severity: low, match: '(?<n>(a|aa)+)[0-9]? (?!c)[a-z]'}\n"
        b"  - {id: slow/good, title: t, severity: low, match: 'ERROR (?<what>\\w+)'}\n",
    'bad_crc.gz': lambda: gzip.compress(LINE * 3)[:-8] + b'\0' * 8,
    'bad_member.zip': lambda: bad_member(),
    'rules_alias.yaml': lambda: b'a: &a [x,x,x,x,x,x,x,x,x]\n' + b''.join(
        b'%c: &%c [%s]\n' % (98 + i, 98 + i, b','.join([b'*%c' % (97 + i)] * 9)) for i in range(9)) + b'rules: *j\n',
    'rules_deep.yaml': lambda: b'rules: ' + b'[' * 100000,
    'rules_jq.yaml': lambda: b''.join(
        b"---\nrules:\n  - cre: {id: jq/%s, title: t, severity: 2}\n    rule: {set: {event: {source: x}, match: [{jq: '%s'}]}}\n" % pair
        for pair in ((b'endless', b'range(infinite) | select(. < 0)'), (b'good', b'.level == "error"'), (b'own', b'def f: f; f'))),
    'rules_many.yaml': lambda: b'pack: many\nrules:\n' + b''.join(b'  - {id: many/r%d, title: t, severity: low, match: "(bad%d"}\n' % (i, i) for i in range(3000)),
}


def bad_member():
    data = bytearray(zipped([('a.log', LINE * 50 + random.Random(1).randbytes(3000).hex().encode()), ('b.log', LINE)]))
    at = data.index(b'a.log') + 200
    data[at:at + 40] = bytes(40)
    return bytes(data)


def main():
    with open(sys.argv[2], 'wb') as f:
        f.write(WHAT[sys.argv[1]]())


if __name__ == '__main__':
    main()
