# SPDX-License-Identifier: MIT
"""Files of every format, and readers of them that share no code with lineup and its libraries'
archive code: they give what can still be read of a damaged file, as far as it can be read."""
import bz2, gzip, io, lzma, os, shutil, struct, subprocess, tarfile, zipfile, zlib


NOT_PACKED = ('plain', 'tar', 'pax', 'gnutar', 'cpio', 'newc', 'ar', 'zip-stored', 'zip-forward')


class Sample:
    """A good file, and how it is read: `read(data)` gives the texts of its members, and all bytes
    that any of its decoders gave, whether they belong to a member or not."""

    def __init__(self, name, data, read, unchecked=0, endless=False, step=60, noise=12):
        self.name, self.data, self.read = name, data, read
        self.step = step            # lines that a decoder may lose with the piece that breaks
        # What a decoder makes of changed bytes repeats earlier text, and decoders differ in how soon
        # they see that it is wrong; ISA-L gives some hundred bytes more than zlib.
        self.noise = 0 if name in NOT_PACKED else noise
        self.unchecked = unchecked  # lines that changed bytes may cost without anybody noticing
        self.endless = endless      # nothing tells where it ends


def run(command, data=b''):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=900).stdout


# --- streams: by little pieces, so that all is had that comes before an error

def feed(decoder, byte, out):
    if not hasattr(decoder, 'needs_input'):
        out.append(decoder.decompress(byte))
        return
    out.append(decoder.decompress(byte, 100))
    while not decoder.eof and not decoder.needs_input:
        out.append(decoder.decompress(b'', 100))


def unpack(create, starts, data):
    """One stream after the other, with zeros between them; up to the first error."""
    out = []
    at = 0
    while at < len(data) and data.startswith(starts, at):
        decoder = create()
        try:
            while not decoder.eof and at < len(data):
                feed(decoder, data[at:at + 1], out)
                at += 1
        except (zlib.error, OSError, EOFError, lzma.LZMAError):
            break
        while at < len(data) and data[at] == 0:
            at += 1
    return b''.join(out)


def ungzip(data):
    return unpack(lambda: zlib.decompressobj(31), b'\x1f\x8b', data)


def unbzip2(data):
    return unpack(bz2.BZ2Decompressor, b'BZh', data)


def unxz(data):
    return unpack(lzma.LZMADecompressor, b'\xfd7zXZ\0', data)


def unlzma(data):
    return unpack(lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE), b'', data)


def plain(data):
    return data


def program(command):
    return lambda data: run(command.split(), data)


# --- archives: generators of the members' data

def octal(field):
    try:
        return int(field.rstrip(b' \0') or b'0', 8)
    except ValueError:
        return 0


def untar(data):
    at = 0
    while at + 512 <= len(data):
        head = data[at:at + 512]
        total = sum(head[:148]) + sum(head[156:]) + 8 * 32
        if not any(head) or octal(head[148:156]) != total or head[257:262] != b'ustar':
            at += 512
            continue
        size = octal(head[124:136])
        if head[156:157] in b'0\0':
            yield data[at + 512:at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


def uncpio(data):
    at = 0
    while True:
        at = data.find(b'0707', at)
        head = data[at:at + 110]
        if at < 0 or len(head) < 76:
            return
        try:
            if head[4:6] == b'07':
                start, size, pad = at + 76 + int(head[59:65], 8), int(head[65:76], 8), 1
                mode = int(head[18:24], 8)
            else:
                start, size, pad = at + 110 + int(head[94:102], 16), int(head[54:62], 16), 4
                mode = int(head[14:22], 16)
        except ValueError:
            at += 1
            continue
        start = (start + pad - 1) // pad * pad
        if head[4:6] not in (b'07', b'01') or mode & 0o170000 != 0o100000:
            at += 1
            continue
        yield data[start:start + size]
        at = max(at + 1, (start + size + pad - 1) // pad * pad)


def unar(data):
    at = 8
    while True:
        at = data.find(b'`\n', at)
        if at < 58:
            return
        size = data[at - 10:at].strip()
        if size.isdigit():
            yield data[at + 2:at + 2 + int(size)]
        at += 2


def inflate(data):
    decoder = zlib.decompressobj(-15)
    out = []
    try:
        for at in range(len(data)):
            out.append(decoder.decompress(data[at:at + 1]))
            if decoder.eof:
                break
    except zlib.error:
        pass
    return b''.join(out)


def unzip(data):
    """By the local headers; the directory says nothing that a member needs."""
    at = 0
    while True:
        at = data.find(b'PK\3\4', at)
        if at < 0 or at + 30 > len(data):
            return
        method, packed, name, extra = struct.unpack('<8xH8xI4xHH', data[at:at + 30])
        start = at + 30 + name + extra
        if method == 8:
            yield inflate(data[start:])
        elif method == 12:
            yield unbzip2(data[start:])
        elif method == 0:
            end = start + packed if packed else data.find(b'PK\7\x08', start)
            yield data[start:end if end >= 0 else len(data)]
        at += 4


def both(stream, members=None):
    """The reader of an archive in a stream, or of a stream alone."""
    def read(data):
        text = stream(data)
        if members is None:
            return text, text
        texts = b'\n'.join(members(text))
        return texts, text + texts
    return read


# --- makers

def make_tar(members, kind):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=kind) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            # What is no whole second makes an extended header.
            info.size, info.mtime = len(data), 1772300000.5 if kind == tarfile.PAX_FORMAT else 1772300000
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make_cpio(members, newc):
    out = b''
    for inode, (name, data) in enumerate([*members, ('TRAILER!!!', b'')], 1):
        name = name.encode() + b'\0'
        mode = 0o100644 if data else 0
        if newc:
            head = b'070701' + b''.join(b'%08x' % n for n in (
                inode, mode, 0, 0, 1, 1772300000, len(data), 0, 0, 0, 0, len(name), 0)) + name
            out += head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)
        else:
            out += b'070707' + b''.join(b'%06o' % n for n in (0, inode, mode, 0, 0, 1, 0)) + \
                b'%011o%06o%011o' % (1772300000, len(name), len(data)) + name + data
    return out + bytes(-len(out) % 512)


def make_ar(members):
    return b'!<arch>\n' + b''.join(b'%-16s%-12d%-6d%-6d%-8o%-10d`\n' % (
        name.encode() + b'/', 1772300000, 0, 0, 0o100644, len(data)) + data + b'\n' * (len(data) % 2) for name, data in members)


class Forward(io.RawIOBase):
    """A file that cannot go back, so that sizes stand behind the data."""

    def __init__(self):
        self.data = b''

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def make_zip(members, method, streamed=False):
    out = Forward() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0)), data, method)
    return out.data if streamed else out.getvalue()


def make_bgzf(data):
    """Blocks of gzip that say their sizes, and an empty one at the end."""
    out = b''
    for block in [data[i:i + 20000] for i in range(0, len(data), 20000)] + [b'']:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = packer.compress(block) + packer.flush()
        out += struct.pack('<4BI2B3HH', 31, 139, 8, 4, 0, 0, 255, 6, 0x4342, 2, len(body) + 25) + body + \
            struct.pack('<2I', zlib.crc32(block), len(block))
    return out


def pieces(data, command):
    step = len(data) // 4
    return b''.join(run(command.split(), data[i:i + step]) for i in range(0, len(data), step))


def streams(one):
    yield Sample('plain', one, both(plain), len(one), True)
    yield Sample('gzip', gzip.compress(one), both(ungzip))
    half = one.index(b'\n', len(one) // 2) + 1
    yield Sample('gzips', gzip.compress(one[:half]) + gzip.compress(one[half:]), both(ungzip))
    yield Sample('bgzf', make_bgzf(one), both(ungzip))
    yield Sample('bzip2', bz2.compress(one, 1), both(unbzip2))
    yield Sample('bzip2s', bz2.compress(one[:half]) + bz2.compress(one[half:]), both(unbzip2))
    yield Sample('xz', lzma.compress(one), both(unxz))
    yield Sample('xzs', lzma.compress(one[:half]) + bytes(8) + lzma.compress(one[half:]), both(unxz))
    # Without a checksum a changed byte may become other text.
    yield Sample('lzma', lzma.compress(one, lzma.FORMAT_ALONE), both(unlzma), len(one))
    for name, pack, unpacker, unchecked, endless in (
            ('xz-blocks', 'xz -c --block-size=16KiB', None, 0, False),
            ('zstd', 'zstd -qc --no-check', 'zstd -qdc', len(one), False),
            ('zstd-check', 'zstd -qc --check', 'zstd -qdc', 0, False),
            ('lz4', 'lz4 -qc', 'lz4 -qdc', 0, False),
            ('lz4-bare', 'lz4 -qc --no-frame-crc', 'lz4 -qdc', len(one), False),
            ('lz4-blocks', 'lz4 -qc -BX -B4', 'lz4 -qdc', 0, False),
            ('lz4-legacy', 'lz4 -qlc', 'lz4 -qdc', len(one), True),
            ('lzip', 'lzip -c', 'lzip -dc', 0, False),
            ('compress', 'compress -c', 'uncompress -c', len(one), True)):
        if shutil.which(pack.split()[0]):
            yield Sample(name, run(pack.split(), one), both(program(unpacker) if unpacker else unxz), unchecked, endless)
            if name == 'zstd-check':
                yield Sample('zstds', pieces(one, pack), both(program(unpacker)))


def archives(members, folder):
    tar = make_tar(members, tarfile.USTAR_FORMAT)
    yield Sample('tar', tar, both(plain, untar), 120)
    # libarchive gives up at a broken header behind an extended one, and at some places in newc: that
    # is said, but it costs the rest.
    yield Sample('pax', make_tar(members, tarfile.PAX_FORMAT), both(plain, untar), 120, step=9000)
    yield Sample('gnutar', make_tar(members, tarfile.GNU_FORMAT), both(plain, untar), 120)
    yield Sample('tar.gz', gzip.compress(tar), both(ungzip, untar))
    yield Sample('tar.bz2', bz2.compress(tar, 1), both(unbzip2, untar))
    yield Sample('tar.xz', lzma.compress(tar), both(unxz, untar))
    if shutil.which('zstd'):
        yield Sample('tar.zst', run(['zstd', '-qc', '--check'], tar), both(program('zstd -qdc'), untar))
    yield Sample('gz-in-tar', make_tar([(name, gzip.compress(data)) for name, data in members], tarfile.USTAR_FORMAT),
                 both(plain, lambda data: (ungzip(member) for member in untar(data))))
    yield Sample('cpio', make_cpio(members, False), both(plain, uncpio), 120)
    yield Sample('newc', make_cpio(members, True), both(plain, uncpio), 120, step=9000)
    yield Sample('zip', make_zip(members, zipfile.ZIP_DEFLATED), both(plain, unzip))
    yield Sample('zip-stored', make_zip(members, zipfile.ZIP_STORED), both(plain, unzip))
    yield Sample('zip-bzip2', make_zip(members, zipfile.ZIP_BZIP2), both(plain, unzip))
    yield Sample('zip-stream', make_zip(members, zipfile.ZIP_DEFLATED, True), both(plain, unzip))
    yield Sample('zip-forward', make_zip(members, zipfile.ZIP_STORED, True), both(plain, unzip))
    # Where a header is not at its place the library looks no further: that is said, but it costs the rest.
    yield Sample('ar', make_ar(members), both(plain, unar), 120, step=9000)
    yield from more_archives(members, folder)


def more_archives(members, folder):
    """What only other programs make and read: bsdtar has lineup's library, 7zz has none of it."""
    for name, data in members:
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(data)
    names = [name for name, _ in members]
    path = os.path.join(folder, 'case')
    readers = {'7z': [['7zz', 'e', '-so', '-bd', '-y', '-psecret', path], ['bsdtar', '-xOf', path]],
               'xar': [['bsdtar', '-xOf', path]]}
    for name, kind in (('7z', '7zip'), ('xar', 'xar')):
        if not all(shutil.which(reader[0]) for reader in readers[name]):
            continue

        def read(_data, programs=tuple(readers[name])):
            # bsdtar fills with NULs what it takes for a hole between members.
            texts = [run(reader).replace(b'\0', b'\n') for reader in programs]
            return max(texts, key=len), b'\n'.join(texts)

        made = subprocess.run(['bsdtar', '-cf', '-', '--format=' + kind, *names], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        # The library gives the data in pieces of 64 KB, and drops the one that breaks; bsdtar, the
        # only other reader of xar, drops more, so that nobody knows what was repeated in them.
        yield Sample(name, made.stdout, read, step=940, noise=94)


def samples(members, folder):
    yield from streams(members[0][1])
    yield from archives(members, folder)
