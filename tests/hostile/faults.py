#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes every allocation, read, write, mmap and open of a small scan fail, each once, in turn.

usage: faults.py LINEUP SHIM [MOST]       at most MOST points of each kind, spread evenly; 0: all

Each run must end by itself and tell the truth. It ends with
  same      status 0 and the report of an undisturbed run, byte for byte
  said      status 3, and the report lists what could not be read
  refused   status 2, a message on standard error, no report or all of it, no file left behind
Everything else is bad: a signal, a minute without an end, another report that passes as whole.
"""
import json, os, shutil, subprocess, sys, tempfile

KINDS = ('alloc', 'read', 'write', 'mmap', 'open')


def make_logs(folder):
    logs = os.path.join(folder, 'logs')
    os.mkdir(logs)
    text = ''.join('2026-03-01T10:00:%02dZ ERROR line %d boom key=%d\n' % (i % 60, i, i * 7) for i in range(200))
    with open(os.path.join(logs, 'a.log'), 'w') as f:
        f.write(text)
    for command in ('gzip -nc logs/a.log >logs/b.log.gz', 'xz -c logs/a.log >logs/c.xz',
                    'zstd -qc logs/a.log >logs/d.zst', 'bzip2 -c logs/a.log >logs/e.bz2',
                    'lz4 -qc logs/a.log >logs/f.lz4', 'tar -cf logs/g.tar logs/a.log logs/b.log.gz',
                    'zip -q logs/h.zip logs/a.log', 'gzip -nc logs/h.zip >logs/i.zip.gz'):
        subprocess.run(command, shell=True, cwd=folder, stderr=subprocess.DEVNULL)
    # What a program that is not installed did not make is no part of the scan.
    for name in os.listdir(logs):
        if os.path.getsize(os.path.join(logs, name)) == 0:
            os.unlink(os.path.join(logs, name))


def scan(lineup, folder, fault):
    """Exit status (None: no end), standard error, the report or None, the files left behind."""
    out = os.path.join(folder, 'out')
    os.mkdir(out)
    env = dict(os.environ, LD_PRELOAD='./shim.so', FAULT=fault, FAULT_COUNT=os.path.join(folder, 'count'),
               LC_ALL='C', TZ='UTC', TMPDIR=folder)
    command = [lineup, 'scan', '--no-builtin', '-e', 'boom', '-e', '(?<=key=)7', '--format', 'json', '-j', '2',
               '--cache-dir', os.path.join(folder, 'cache-' + fault.replace(':', '-')),
               '-o', os.path.join(out, 'report'), 'logs']
    try:
        p = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=900)
        status, message = p.returncode, p.stderr
    except subprocess.TimeoutExpired:
        status, message = None, b''
    files = os.listdir(out)
    report = None
    if 'report' in files:
        with open(os.path.join(out, 'report'), 'rb') as f:
            report = f.read()
    for name in files:
        os.unlink(os.path.join(out, name))
    os.rmdir(out)
    return status, message, report, [name for name in files if name != 'report']


def verdict(good, status, message, report, left):
    if left:
        return 'bad: left %s behind' % left
    if status == 0:
        return 'same' if report == good else 'bad: another report with status 0'
    if status == 3 and report is not None:
        return 'said' if json.loads(report)['inputs']['troubles'] else 'bad: status 3 without a trouble'
    # Standard output may fail after the report was put in its place.
    if status == 2 and report in (None, good):
        return 'refused' if message else 'bad: no message'
    return 'bad: status %s, %s a report' % (status, 'with' if report is not None else 'without')


def main():
    lineup, shim = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    total = bad = 0
    with tempfile.TemporaryDirectory(prefix='lineup-faults-') as folder:
        make_logs(folder)
        # Beside the logs: a path with spaces would be two libraries to the loader.
        shutil.copy(shim, os.path.join(folder, 'shim.so'))
        status, message, good, _ = scan(lineup, folder, 'none:0')
        if status != 0 or not good:
            raise SystemExit('the undisturbed scan fails: %s' % message.decode())
        print('%-8s%8s%8s%8s%8s%8s%8s' % ('kind', 'points', 'tried', 'same', 'said', 'refused', 'bad'))
        for kind in KINDS:
            scan(lineup, folder, kind + ':0')
            with open(os.path.join(folder, 'count')) as f:
                points = int(f.read() or 0)
            if points == 0:
                print('%s: the scan makes no such call: nothing was tried' % kind)
                bad += 1
            tried = range(1, points + 1)
            if most and points > most:
                # and the last ones: those of the report
                tried = sorted({1 + i * points // most for i in range(most)} | set(range(points - 4, points + 1)))
            sums = {}
            for number in tried:
                result = verdict(good, *scan(lineup, folder, '%s:%d' % (kind, number)))
                sums[result] = sums.get(result, 0) + 1
                if result.startswith('bad'):
                    print('%s:%d %s' % (kind, number, result))
            n = sum(count for result, count in sums.items() if result.startswith('bad'))
            print('%-8s%8d%8d%8d%8d%8d%8d' % (kind, points, len(tried), sums.get('same', 0), sums.get('said', 0),
                                             sums.get('refused', 0), n), flush=True)
            total += len(tried)
            bad += n
    print('%d faults, %d bad' % (total, bad))
    return 1 if bad or not total else 0


if __name__ == '__main__':
    sys.exit(main())
