#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cuts and flips files of every format at random and compares the lines that lineup counts with
what an independent decoder (the format's own program; bsdtar for archives) still reads of them.

usage: corrupt.py LINEUP [CASES [SEED]]      CASES of each format; CORRUPT_KEEP=FOLDER keeps bad ones

Every line has a stamp of its own, so a line that was counted twice shows. A case is
  crash   lineup died by a signal, a sanitizer spoke, or the exit status is none of its own
  hang    it took more than a minute
  silent  a line is missing, and there is no trouble with exit status 3
  twice   a line was counted more often than the other decoder gives it
  behind  the other decoder gives more lines than lineup by more than one block
"""
import json, os, random, re, shutil, subprocess, sys, tempfile

LINES = 3000
STAMP = re.compile(rb'2026-03-\d\dT\d\d:\d\d:\d\d\.\d{5}[1-9]Z')
AT_START = re.compile(rb'(?m)^' + STAMP.pattern)
VERDICTS = ('crash', 'hang', 'silent', 'twice', 'behind')
# A decoder may find the damage before or after it gives what stands in the same block: about 128 KB.
BLOCK_LINES = 1800
# Where nothing tells that bytes were changed, and where nothing even tells that the end is missing.
# A damage is at most 4 KB at a time.
UNCHECKED = dict.fromkeys(('tar', 'pax', 'gnutar', 'cpio', 'newc'), 120)
UNCHECKED.update(dict.fromkeys(('plain', 'compress', 'zstd', 'lzma', 'lz4-bare'), 3 * LINES))
STATUSES = (0, 2, 3)


def make_log(number):
    r = random.Random(number)
    return b''.join(b'2026-03-%02dT10:%02d:%02d.%05d%dZ line of service%d %024x\n'
                    % (number + 1, i // 60, i % 60, r.randrange(100000), r.randrange(1, 10), number,
                       r.getrandbits(96)) for i in range(LINES))


def run(command, data=None, cwd=None):
    return subprocess.run(command, input=data, cwd=cwd, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=60).stdout


STREAMS = (('gzip', 'gzip -nc', 'gzip -dc'), ('bzip2', 'bzip2 -1c', 'bzip2 -dc'), ('xz', 'xz -c', 'xz -dc'),
           ('xz-blocks', 'xz -c --block-size=16KiB', 'xz -dc'), ('lzma', 'xz --format=lzma -c', 'xz -dc'),
           ('zstd', 'zstd -qc --no-check', 'zstd -qdc'), ('zstd-check', 'zstd -qc --check', 'zstd -qdc'),
           ('lz4', 'lz4 -qc', 'lz4 -qdc'), ('lz4-bare', 'lz4 -qc --no-frame-crc', 'lz4 -qdc'), ('lz4-blocks', 'lz4 -qc -BX -B4', 'lz4 -qdc'),
           ('lzip', 'lzip -c', 'lzip -dc'), ('compress', 'compress -c', 'uncompress -c'))
ARCHIVES = (('tar', 'ustar'), ('pax', 'pax'), ('gnutar', 'gnutar'), ('cpio', 'cpio'), ('newc', 'newc'),
            ('zip', 'zip'), ('7z', '7zip'))


def samples(folder):
    """For each format: its name, the bytes of a good file, the command that reads them."""
    names = ['a.log', 'b.log', 'c.log']
    for number, name in enumerate(names):
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(make_log(number))
    one = make_log(0)
    untar = ['bsdtar', '-xOf', os.path.join(folder, 'case')]
    yield 'plain', one, ['cat']
    for name, make, read in STREAMS:
        if shutil.which(make.split()[0]):
            yield name, run(make.split(), one), read.split()
    if not shutil.which('bsdtar'):
        return
    for name, kind in ARCHIVES:
        data = run(['bsdtar', '-cf', '-', '--format=' + kind, *names], cwd=folder)
        yield name, data, untar
        if name == 'tar':
            yield 'tar.gz', run(['gzip', '-nc'], data), untar
            yield 'tar.xz', run(['xz', '-c', '-T1'], data), untar
    if shutil.which('zip'):
        run(['zip', '-q', '-0', 'stored.zip', *names], cwd=folder)
        with open(os.path.join(folder, 'stored.zip'), 'rb') as f:
            yield 'zip-stored', f.read(), untar


def damage(r, data):
    data = bytearray(data)
    kind = r.randrange(6)
    at = r.randrange(1, len(data))
    if kind == 0:
        # A tar that is cut within its first header is no tar to anyone.
        del data[max(at, 512):]
    elif kind <= 2:
        for _ in range(r.choice([1, 1, 2, 8])):
            data[r.randrange(len(data))] ^= 1 << r.randrange(8)
    elif kind == 3:
        end = min(len(data), at + r.choice([1, 16, 300, 4096]))
        data[at:end] = r.randbytes(end - at)
    elif kind == 4:
        del data[at:at + r.choice([1, 7, 512, 2000])]
    else:
        end = min(len(data), at + r.choice([1, 512, 3000]))
        data[at:end] = bytes(end - at)
    return bytes(data)


def count(stamps):
    counts = {}
    for stamp in stamps:
        counts[stamp] = counts.get(stamp, 0) + 1
    return counts


def read_by_lineup(lineup, path):
    """The stamps of the lines, how often each; whether anything is said to be wrong."""
    p = subprocess.run([lineup, 'lines', '--no-builtin', '--no-cache', path], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60)
    if p.returncode not in STATUSES or b'anitizer' in p.stderr or b'untime error' in p.stderr:
        raise RuntimeError(p.stderr.decode('latin1')[-3000:])
    lines = [json.loads(line) for line in p.stdout.splitlines()]
    stamps = [line['time'].encode() for line in lines if line['time_basis'] == 'stamp']
    # A skipped member is said, but is no reason for status 3.
    return count(stamps), p.returncode != 0 or p.stderr != b''


def judge(lineup, path, data, read, known, unchecked):
    """The verdict on one case ('' when all is well), lineup's lines, the other's lines."""
    with open(path, 'wb') as f:
        f.write(data)
    try:
        mine, said = read_by_lineup(lineup, path)
    except subprocess.TimeoutExpired:
        return 'hang', 0, 0
    except (RuntimeError, ValueError) as e:
        sys.stderr.write('%s\n' % e)
        return 'crash', 0, 0
    try:
        text = run(read, data)
    except subprocess.TimeoutExpired:
        text = b''
    other = count(AT_START.findall(text))
    anywhere = count(STAMP.findall(text))
    mine = {stamp: n for stamp, n in mine.items() if stamp in known}
    other = {stamp: n for stamp, n in other.items() if stamp in known}
    verdict = ''
    if not said and (set(other) - set(mine) or len(known) - len(mine) > unchecked):
        verdict = 'silent'
    elif any(n > max(1, anywhere.get(stamp, 0)) for stamp, n in mine.items()):
        verdict = 'twice'
    elif len(set(other) - set(mine)) > BLOCK_LINES:
        verdict = 'behind'
    return verdict, len(mine), len(other)


def check_format(lineup, folder, name, data, read, cases, seed):
    r = random.Random('%s %d' % (name, seed))
    path = os.path.join(folder, 'case')
    with open(path, 'wb') as f:
        f.write(data)
    known, said = read_by_lineup(lineup, path)
    if said or len(known) not in (LINES, 3 * LINES) or set(known.values()) != {1}:
        raise SystemExit('%s: the good file gives %d lines' % (name, len(known)))
    counts = dict.fromkeys(VERDICTS, 0)
    mine = others = 0
    for case in range(cases):
        verdict, n, m = judge(lineup, path, damage(r, data), read, known,
                              UNCHECKED.get(name, 0))
        mine += n
        others += m
        if verdict:
            counts[verdict] += 1
            if os.environ.get('CORRUPT_KEEP'):
                shutil.copy(path, os.path.join(os.environ['CORRUPT_KEEP'], '%s-%s-%d' % (name, verdict, case)))
    return [cases, *counts.values(), mine, others]


def main():
    lineup = os.path.abspath(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    total = bad = 0
    with tempfile.TemporaryDirectory(prefix='lineup-corrupt-') as folder:
        print('%-12s%7s' % ('format', 'cases') + ''.join('%8s' % v for v in VERDICTS) + '   lines  others')
        for name, data, read in samples(folder):
            row = check_format(lineup, folder, name, data, read, cases, seed)
            print('%-12s%7d' % (name, row[0]) + ''.join('%8d' % n for n in row[1:]), flush=True)
            total += row[0]
            bad += sum(row[1:-2])
    print('%d cases of damage, %d bad' % (total, bad))
    return 1 if bad or not total else 0


if __name__ == '__main__':
    sys.exit(main())
