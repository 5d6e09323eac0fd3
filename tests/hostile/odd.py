#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files that are whole but odd: one thing behind another, padding, something else at the end.

usage: odd.py FOLDER      writes LINES-STATUS-NAME there: what `lineup lines` must make of each.
Status 3 stands where bytes are left that nobody reads: they must not stay unsaid."""
import bz2, gzip, lzma, os, random, shutil, struct, sys, tarfile, zipfile, zlib

from formats import Forward, make_ar, make_bgzf, make_cpio, make_tar, make_zip, run


def log(count):
    return b''.join(b'2026-03-01T10:00:%02dZ ERROR line %d\n' % (i % 60, i) for i in range(count))


ONE, TWO = log(3), log(2)
JUNK = b'\x93junk\xf1garbage\x01\x02' * 5
SKIPPED = struct.pack('<II', 0x184d2a53, 5) + b'abcde'
LZMA = {'format': lzma.FORMAT_ALONE}


def streams():
    def tool(command):
        return lambda data: run(command.split(), data)
    packers = [('gz', gzip.compress), ('bz2', bz2.compress), ('xz', lzma.compress), ('bgzf', make_bgzf),
               ('lzma', lambda data: lzma.compress(data, **LZMA))]
    packers += [(name, tool(command)) for name, command in (('zst', 'zstd -qc'), ('lz4', 'lz4 -qc'), ('legacy.lz4', 'lz4 -qlc'),
                                                            ('lz', 'lzip -c')) if shutil.which(command.split()[0])]
    padded = {'gz', 'bgzf', 'bz2', 'xz'}  # these may have zeros behind them
    for name, pack in packers:
        yield 5, 0, 'two.' + name, pack(ONE) + pack(TWO)
        yield 5, 0, 'empty-between.' + name, pack(ONE) + pack(b'') + pack(TWO)
        yield 0, 0, 'empty.' + name, pack(b'')
        yield 3, 3, 'junk-behind.' + name, pack(ONE) + JUNK
        yield 3, 3, 'text-behind.' + name, pack(ONE) + TWO
        yield 3, 3, 'a-byte-behind.' + name, pack(ONE) + b'x'
        yield 3, 3, 'second-cut.' + name, pack(ONE) + pack(TWO)[:7]
        yield 3, 0 if name in padded else 3, 'zeros-behind.' + name, pack(ONE) + bytes(8)
        yield 3, 3, 'zeros-and-junk.' + name, pack(ONE) + bytes(8) + JUNK
        if name in ('zst', 'lz4'):
            # So many that what follows them is not seen at the first look.
            for count in (6, 100, 1000):
                yield 3, 0, '%d-skippable.%s' % (count, name), SKIPPED * count + pack(ONE)
            yield 3, 0, 'large-skippable.' + name, struct.pack('<II', 0x184d2a5f, 99999) + bytes(99999) + pack(ONE)
            yield 0, 3, 'skippable-without-end.' + name, struct.pack('<II', 0x184d2a50, 0xffffffff) + pack(ONE)
            yield 5, 0, 'skippable.' + name, SKIPPED + pack(ONE) + SKIPPED + pack(TWO) + SKIPPED
            yield 3, 3, 'skippable-cut.' + name, pack(ONE) + SKIPPED[:-2]


def lzw():
    """compress(1): no length, no checksum; a cut shows where it parts a code in two."""
    if not shutil.which('compress'):
        return
    whole = run(['compress', '-fc'], ONE * 20)
    yield 60, 0, 'whole.Z', whole
    yield '*', 3, 'cut-in-a-code.Z', whole[:100]
    yield 60, 3, 'without-its-last-byte.Z', whole[:-1]
    yield 0, 0, 'head-alone.Z', whole[:3]
    yield 0, 3, 'half-a-code.Z', whole[:4]
    yield 20000, 0, 'long.Z', run(['compress', '-fc'], log(20000))


def stubs():
    # No more than what tells the format.
    yield 0, 3, 'ten-bytes.bz2', bz2.compress(ONE)[:10]
    yield 0, 3, 'six-bytes.xz', lzma.compress(ONE)[:6]
    yield 0, 3, 'four-bytes.zst', b'\x28\xb5\x2f\xfd'
    yield 0, 3, 'four-bytes.gz', gzip.compress(ONE)[:4]


def archives():
    a, b = [('a.log', ONE)], [('b.log', TWO)]
    for name, kind in (('ustar', tarfile.USTAR_FORMAT), ('pax', tarfile.PAX_FORMAT), ('gnu', tarfile.GNU_FORMAT)):
        one, two = make_tar(a, kind), make_tar(b, kind)
        yield 5, 0, 'two-%s.tar' % name, one + two
        yield 5, 0, 'two-%s.tar.gz' % name, gzip.compress(one) + gzip.compress(two)
        yield 3, 0, 'zeros-behind-%s.tar' % name, one + bytes(51200)
        yield 3, 3, 'junk-behind-%s.tar' % name, one + JUNK * 20
        yield 3, 3, 'text-behind-%s.tar' % name, one + TWO * 20
        yield 3, 3, 'bytes-behind-%s.tar' % name, one + b'abc'
        yield 3, 3, 'junk-behind-%s.tar.gz' % name, gzip.compress(one) + JUNK
    # As Unix had it before there was a magic: numbers with blanks before them.
    old = bytearray(make_tar(a, tarfile.USTAR_FORMAT))
    old[257:512] = bytes(255)
    old[148:156] = b' ' * 8
    old[148:156] = b'%6o\0 ' % sum(old[:512])
    yield 3, 0, 'no-magic.tar', bytes(old)
    for name, newc in (('newc', True), ('odc', False)):
        one, two = make_cpio(a, newc), make_cpio(b, newc)
        yield 5, 0, 'two-%s.cpio' % name, one + two
        yield 5, 0, 'two-%s.cpio.gz' % name, gzip.compress(one) + gzip.compress(two)
        yield 3, 3, 'junk-behind-%s.cpio' % name, one + JUNK * 20
        yield 3, 3, 'text-behind-%s.cpio' % name, one + TWO * 20
        yield 3, 3, 'packed-behind-%s.cpio' % name, one + gzip.compress(two)
    yield 3, 3, 'junk-behind.ar', make_ar(a) + JUNK * 20
    yield 0, 0, 'empty.ar', b'!<arch>\n'
    yield 0, 0, 'empty.cpio', make_cpio([], True)
    yield 0, 0, 'empty.tar', make_tar([], tarfile.USTAR_FORMAT)
    yield from zips(a, b)


def forward64(members, method):
    """Without its directory, and with lengths of 64 bits behind the data."""
    out = Forward()
    with zipfile.ZipFile(out, 'w', method) as archive:
        for name, data in members:
            with archive.open(name, 'w', force_zip64=True) as member:
                member.write(data)
    return out.data[:out.data.index(b'PK\1\2')]


def zips(a, b):
    both = [*a, *b]
    yield 5, 3, 'two.zip', make_zip(a, zipfile.ZIP_DEFLATED) + make_zip(b, zipfile.ZIP_DEFLATED)
    yield 3, 0, 'junk-behind.zip', make_zip(a, zipfile.ZIP_DEFLATED) + JUNK
    yield 3, 3, 'much-behind.zip', make_zip(a, zipfile.ZIP_DEFLATED) + JUNK * 2000
    yield 0, 0, 'empty.zip', make_zip([], zipfile.ZIP_DEFLATED)
    for name, method in (('stored', zipfile.ZIP_STORED), ('deflated', zipfile.ZIP_DEFLATED), ('bzip2', zipfile.ZIP_BZIP2)):
        whole = make_zip(both, method)
        directory = whole.index(b'PK\1\2')
        second = whole.index(b'PK\3\4', 4)
        yield 5, 3, 'no-directory-%s.zip' % name, whole[:directory]
        yield 5, 3, 'bytes-between-%s.zip' % name, whole[:second] + bytes(300) + whole[second:]
        # Of the first member no more can be said than that it is damaged; the second is there.
        lost = whole[:40] + whole[50:]
        yield '*', 3, 'bytes-lost-%s.zip' % name, lost
        forward = make_zip(both, method, True)
        directory = forward.index(b'PK\1\2')
        yield 5, 0, 'forward-%s.zip' % name, forward
        yield 5, 3, 'forward-no-directory-%s.zip' % name, forward[:directory]
        yield 5, 3, 'forward64-no-directory-%s.zip' % name, forward64(both, method)
        # What is left of the description is read as a part of stored data.
        yield 6 if method == zipfile.ZIP_STORED else 5, 3, 'forward-cut-%s.zip' % name, forward[:directory - 8]
        wrong = forward[:directory].replace(struct.pack('<I', zlib.crc32(TWO)), b'abcd')
        yield 5, 3, 'forward-wrong-checksum-%s.zip' % name, wrong
    # What looks like the end of an archive, in its comment: behind it something, or nothing.
    end = b'PK\5\6' + bytes(18)
    whole = make_zip(both, zipfile.ZIP_DEFLATED)
    yield 5, 0, 'end-in-comment.zip', whole[:-2] + struct.pack('<H', len(end) + 5) + end + b'hello'
    yield 5, 3, 'end-at-end-of-comment.zip', whole[:-2] + struct.pack('<H', len(end)) + end
    # The first of many says that it is a gigabyte; the others are there all the same.
    many = make_zip([('%d.log' % i, ONE) for i in range(20)], zipfile.ZIP_DEFLATED)
    at = many.index(b'PK\1\2') + 20
    yield 60, 0, 'packed-size-wrong.zip', many[:at] + struct.pack('<I', 1 << 30) + many[at + 4:]
    # Members of an archive in an archive are counted once, whatever is lost of the outer one.
    inner = make_zip(both, zipfile.ZIP_STORED)
    outer = make_zip([('inner.zip', inner), ('c.log', ONE)], zipfile.ZIP_STORED)
    yield 8, 0, 'nested.zip', outer
    yield 8, 3, 'nested-no-directory.zip', outer[:outer.rindex(b'PK\1\2')]


def texts():
    def wide(data, encoding):
        return data.decode().encode(encoding)
    yield 0, 0, 'empty.txt', b''
    yield 0, 0, 'one-nul.txt', b'\0'
    yield 0, 0, 'nuls.txt', bytes(100000)
    yield 3, 0, 'nuls-first.txt', bytes(100000) + ONE
    yield 4, 0, 'nuls-last.txt', ONE + bytes(5000)
    yield 6, 0, 'nuls-between.txt', ONE + bytes(5000) + b'\n' + TWO
    yield 3, 0, 'no-line-end.txt', ONE[:-1]
    yield 3, 0, 'crlf.txt', ONE.replace(b'\n', b'\r\n')
    yield 3, 0, 'utf8-mark.txt', b'\xef\xbb\xbf' + ONE
    yield 3, 0, 'latin1.txt', ONE.replace(b'line', b'\xe9\xe8\xfc')
    yield 3, 0, 'utf16le.txt', b'\xff\xfe' + wide(ONE, 'utf-16-le')
    yield 3, 0, 'utf16be.txt', b'\xfe\xff' + wide(ONE, 'utf-16-be')
    for order in ('le', 'be'):
        # As Windows writes it, and what a program that cut the file left of it.
        yield 3, 0, 'utf16%s-no-mark.txt' % order, wide(ONE, 'utf-16-' + order)
        foreign = ONE.replace(b'line', 'ошибка сервера \U0001f600 '.encode())
        yield 3, 0, 'utf16%s-foreign.txt' % order, '\ufeff'.encode('utf-16-' + order) + wide(foreign, 'utf-16-' + order)
        yield 3, 0, 'utf16%s-foreign-no-mark.txt' % order, wide(foreign, 'utf-16-' + order)
    numbers = random.Random(1)
    yield 0, 0, 'small-numbers.bin', b''.join(struct.pack('<H', numbers.randrange(300)) for _ in range(3000))
    yield 0, 0, 'samples.bin', b''.join(struct.pack('<h', int(numbers.gauss(0, 900))) for _ in range(3000))
    yield 4, 3, 'utf16-odd.txt', b'\xff\xfe' + wide(ONE, 'utf-16-le') + b'x'
    yield 4, 3, 'utf16-odd-no-mark.txt', wide(ONE, 'utf-16-le') + b'x'
    yield 4, 3, 'utf16-half-pair.txt', b'\xff\xfe' + wide(ONE, 'utf-16-le') + b'\x3d\xd8'
    yield 0, 3, 'utf32.txt', b'\xff\xfe\0\0' + wide(ONE, 'utf-32-le')
    # Its records are text, and are read as such.
    yield 8, 0, 'web-archive.warc', b'WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n' % len(ONE) + ONE + b'\r\n'


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    for lines, status, name, data in [*streams(), *lzw(), *stubs(), *archives(), *texts()]:
        with open(os.path.join(sys.argv[1], '%s-%d-%s' % (lines, status, name)), 'wb') as f:
            f.write(data)


if __name__ == '__main__':
    main()
