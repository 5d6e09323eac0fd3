#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cuts and flips files of every format at random and compares the lines that lineup counts with
what other decoders (formats.py) still read of them.

usage: corrupt.py LINEUP [CASES [SEED [FORMAT...]]]   CASES of each format
CORRUPT_KEEP=FOLDER keeps bad ones there.

Every line has a stamp of its own, so a line that was counted twice shows. A case is
  crash   lineup died by a signal, a sanitizer spoke, or the exit status is none of its own
  hang    it took more than a minute
  silent  a line is missing, and there is no trouble with exit status 3
  twice   a line was counted more often than it stands in what the other decoders give. (What stands
          between a damage and the checksum that tells of it may hold a line more than once: packed
          text is made of references to what came before.)
  behind  the other decoder gives more lines than lineup, by more than stand in a step of its decoder
  unequal `scan` with two threads counts other lines than `lines`
"""
import json, os, random, re, shutil, subprocess, sys, tempfile

from formats import samples

LINES = 3000
STAMP = re.compile(rb'2026-03-\d\dT\d\d:\d\d:\d\d\.\d{5}[1-9]Z')
AT_START = re.compile(rb'(?m)^' + STAMP.pattern)
VERDICTS = ('crash', 'hang', 'silent', 'twice', 'behind', 'unequal')
# What a line that lost or won a byte may still be read as.
LOOSE = re.compile(rb'2026.?03.?(\d\d).?(\d\d).?(\d\d).?(\d\d).?(\d{5}[1-9])')
STATUSES = (0, 2, 3)


def make_log(number):
    r = random.Random(number)
    return b''.join(b'2026-03-%02dT10:%02d:%02d.%05d%dZ line of service%d %024x\n'
                    % (number + 1, i // 60, i % 60, r.randrange(100000), r.randrange(1, 10), number,
                       r.getrandbits(96)) for i in range(LINES))


def damage(r, data):
    """The damaged bytes; whether they only lack their end."""
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
    return bytes(data), kind == 0


def count(stamps, known=None):
    counts = {}
    for stamp in stamps:
        if known is None or stamp in known:
            counts[stamp] = counts.get(stamp, 0) + 1
    return counts


def run_lineup(*arguments):
    p = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900)
    if p.returncode not in STATUSES or b'anitizer' in p.stderr or b'untime error' in p.stderr:
        raise RuntimeError(p.stderr.decode('latin1')[-3000:])
    return p


def read_by_lineup(lineup, path):
    """The stamps of the lines, how often each; whether anything is said to be wrong; lines in all;
    those that `scan` counts."""
    p = run_lineup(lineup, 'lines', '--no-builtin', '--no-cache', path)
    lines = [json.loads(line) for line in p.stdout.splitlines()]
    stamps = [line['time'].encode() for line in lines if line['time_basis'] == 'stamp']
    scan = run_lineup(lineup, 'scan', '--no-builtin', '--no-cache', '-j2', '--format', 'json', '-e', 'service', path)
    counted = json.loads(scan.stdout)['inputs']['lines'] if scan.stdout else 0
    # A skipped member is said, but is no reason for status 3.
    return count(stamps), p.returncode != 0 or p.stderr != b'', len(lines), counted


def judge(lineup, path, data, cut, sample, known):
    """The verdict on one case ('' when all is well), lineup's lines, the others' lines."""
    with open(path, 'wb') as f:
        f.write(data)
    try:
        mine, said, lines, counted = read_by_lineup(lineup, path)
    except subprocess.TimeoutExpired:
        return 'hang', 0, 0
    except (RuntimeError, ValueError) as e:
        sys.stderr.write('%s\n' % e)
        return 'crash', 0, 0
    try:
        text, everything = sample.read(data)
    except subprocess.TimeoutExpired:
        text = everything = b''
    other = count(AT_START.findall(text), known)
    exactly = count(STAMP.findall(everything), known)
    loosely = count((b'2026-03-%sT%s:%s:%s.%sZ' % found for found in LOOSE.findall(everything)), known)
    anywhere = {stamp: max(exactly.get(stamp, 0), loosely.get(stamp, 0)) for stamp in known}
    mine = {stamp: n for stamp, n in mine.items() if stamp in known}
    missed = len(set(other) - set(mine))
    may_miss = LINES * 3 if cut and sample.endless else 0 if cut else sample.unchecked
    verdict = ''
    if not said and (missed or len(known) - len(mine) > may_miss):
        verdict = 'silent'
    elif sum(n > max(1, anywhere[stamp]) for stamp, n in mine.items()) > sample.noise:
        verdict = 'twice'
    elif missed > sample.step:
        verdict = 'behind'
    elif counted != lines:
        verdict = 'unequal'
    return verdict, len(mine), len(other)


def check_format(lineup, folder, sample, cases, seed):
    r = random.Random('%s %d' % (sample.name, seed))
    path = os.path.join(folder, 'case')
    with open(path, 'wb') as f:
        f.write(sample.data)
    known, said, lines, counted = read_by_lineup(lineup, path)
    other = count(AT_START.findall(sample.read(sample.data)[0]))
    if said or len(known) not in (LINES, 3 * LINES) or known != other or not lines == counted == len(known):
        raise SystemExit('%s: the good file gives %d lines, to others %d' % (sample.name, len(known), len(other)))
    counts = dict.fromkeys(VERDICTS, 0)
    mine = others = 0
    for case in range(cases):
        data, cut = damage(r, sample.data)
        verdict, n, m = judge(lineup, path, data, cut, sample, known)
        mine += n
        others += m
        if verdict:
            counts[verdict] += 1
            if os.environ.get('CORRUPT_KEEP'):
                shutil.copy(path, os.path.join(os.environ['CORRUPT_KEEP'], '%s-%s-%d' % (sample.name, verdict, case)))
    return [cases, *counts.values(), mine, others]


def main():
    lineup = os.path.abspath(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    formats = sys.argv[4:]
    total = bad = 0
    members = [('%s.log' % 'abc'[number], make_log(number)) for number in range(3)]
    with tempfile.TemporaryDirectory(prefix='lineup-corrupt-') as folder:
        print('%-12s%7s' % ('format', 'cases') + ''.join('%8s' % v for v in VERDICTS) + '     lines    others')
        for sample in samples(members, folder):
            if formats and sample.name not in formats:
                continue
            row = check_format(lineup, folder, sample, cases, seed)
            print('%-12s%7d' % (sample.name, row[0]) + ''.join('%8d' % n for n in row[1:-2]) +
                  '%10d%10d' % tuple(row[-2:]), flush=True)
            total += row[0]
            bad += sum(row[1:-2])
    print('%d cases of damage, %d bad' % (total, bad))
    return 1 if bad or not total else 0


if __name__ == '__main__':
    sys.exit(main())
