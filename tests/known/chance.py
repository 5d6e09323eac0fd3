#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Do the rules of products keep to what their products print?

usage: chance.py LINEUP SEED COUNT [LOG]

Puts COUNT lines together by chance, of the words that every program uses when it tells of a failure
or of its work: no product is in them, so none of its rules may fire. A rule that does reaches too
far, and would name the wrong product's cause in somebody's incident. The lines are written to LOG
where one is named. ANYBODY holds the rules that may fire, each with its reason."""
import random
import re
import subprocess
import sys
import tempfile

# A rule, or a whole pack with the stroke at its end, and why it may fire on these lines: what it is
# about is said with these very words by whoever says it, and by nobody who means something else.
ANYBODY = {
    'system-errors/': 'what errno and the resolver say, in whatever program',
    'exceptions/': 'classes of exceptions by their name, in whatever language',
    'deployments/': 'changes, whoever tells of them',
    'envoy/no-healthy-upstream': 'the whole body of its 503, which clients write into their own logs',
    'gitlab/artifacts': 'the last line of a job as the runner prints it, and nothing else on it',
    'go/context-canceled': "the text of Go's context.Canceled, behind whatever was being done",
    'go/panic-explicit': 'how a Go program ends, with any text behind it',
    'kernel/segfault-shell': 'the text of a signal, from whatever shell or program tells of it',
    'postgresql/deadlock': 'the error by which clients tell of it, behind their own words',
    'python/memory-error': "the class's name is Python's own",
    'python/programming-error': "the classes' names are Python's own",
    'time/forward-jump': 'the clock is of no product: whoever notices its step says it so',
    'tls/cert-expired': 'what is wrong with a certificate, from whatever library checks it',
    'tls/self-signed': 'what is wrong with a certificate, from whatever library checks it',
}

THINGS = '''account address agent alert alias allocation api application archive artifact asset attachment
attribute auction backend backlog backup balance bank barcode batch block body booking bridge broker bucket
budget buffer build bundle cache calendar callback campaign card carrier cart catalog certificate chain
channel charge check checkpoint child chunk claim class client clock cluster code collection collector
column command commit component config configuration connection connector consumer container content
context controller cookie copy core counter coupon cpu credential currency cursor customer daemon dashboard
data database dataset deadline delivery dependency deployment descriptor device digest directory discount
disk dispatcher document domain download driver edge election email endpoint engine entity entry
environment error event exchange executor expression extension export fan feature feed field file filter
firmware flag flow folder follower font form format frame function gateway generation grant group guest
handle handler handshake hash header heap heartbeat history hook host icon identity image import inbox
index ingest instance instruction interface inventory invoice item job journal key keyspace kernel label
lag layer layout leader lease ledger library license limit line link list listener load loader locale lock
log login loop machine mailbox manager manifest map mapping master matrix member memory message metadata
method metric migration mirror mode model module monitor mount namespace network node notification number
object offset operation operator option order outbox output owner packet page parameter parent parser
partition password patch path payload payment peer permission pipeline plan plugin pod pointer policy poll
pool port portal position power prefix price primary principal probe process processor producer profile
project promotion property protocol provider proxy publisher purchase query queue quota quorum range rate
reader receipt receiver record recovery redirect region registration registry release remote renderer
replica replication report repository request reservation resolver resource response result retention
retry revision role rollback root rotation route router row rule runner runtime sandbox scan schedule
scheduler schema scope script search secondary secret section segment sender sensor sequence server
service session setting shard share shell shipment signal signature site slice slot snapshot socket source
span stage standby state statement step stock storage store stream string subject subnet subscriber
subscription supervisor switch sync system table tag target task template tenant term test theme thread
threshold ticket timer timestamp title token tool topic trace traffic transaction transfer tree trigger
tunnel type unit update upgrade upload upstream user value variable vendor version view volume voucher
wallet watch watcher webhook window worker workflow workspace writer zone'''.split()
ACTS = '''accept access acknowledge acquire activate add allocate apply archive assign attach authenticate
authorize backup bind book boot build bundle calculate call cancel change check claim clean clear clone
close collect commit compact compile complete compute configure confirm connect consume convert copy
create debit decode decompress decrypt delete deliver deploy deserialize detach determine disable discover
dispatch download drain drop elect enable encode encrypt enqueue enter establish evaluate evict execute
expand expire export extend extract fence fetch find finish flush format forward free generate get grant
handle import index ingest init initialize insert install instantiate invoke issue join kill launch list
listen load locate lock look mark match merge migrate modify mount move negotiate notify obtain open
parse patch pause perform ping poll populate post prepare probe process promote provision publish pull
purge push put query queue read rebalance rebuild receive reclaim reconcile reconnect record recover
redeem reduce refresh register reindex reject release reload remove rename render renew repair replay
replicate report request reserve reset resize resolve restart restore resume retrieve return revoke
rotate route run save scale scan schedule seek select send serialize serve set ship shut sign skip split
spawn stage start stat stop store stream submit subscribe suspend switch sync synchronize take terminate
test translate trigger truncate unlock unmarshal unmount unpack unregister update upgrade upload use
validate verify wait wake watch wipe write'''.split()
DONE = '''accepted aborted acknowledged acquired added applied archived assigned attached blocked cancelled
changed checked closed committed compacted completed configured confirmed connected consumed corrupted created
deleted delayed delivered denied deployed detached detected dirty disabled disconnected discarded down
dropped elected empty enabled evicted exceeded exhausted expired failed fenced finished flushed forced
forbidden frozen full healthy idle ignored inactive inconsistent initialized interrupted invalid joined
killed late left limited loaded locked lost malformed merged missing mounted not-ready obsolete offline
online opened overdue overloaded paused pending promoted published queued quarantined ready rebalanced
received recovered refreshed refused rejected released reloaded removed renewed replaced replicated
requested reset restarted restored resumed retried revoked rolled-back rotated saturated saved scheduled
sent skipped slow stale started stopped stuck suspended synced terminated throttled truncated unavailable
unassigned unauthorized unhealthy unknown unmounted unreachable unresponsive updated uploaded validated
verified'''.split()
REASONS = '''timeout|timed out|timed out after {n} ms|timed out waiting for {o}|deadline exceeded|locked|is locked|
not found|{o} not found|no such {a}|permission denied|access denied|access is denied|forbidden|unauthorized|
not authorized|authentication failed|authorization failed|bad credentials|invalid credentials|wrong password|
connection reset|connection closed|connection lost|connection aborted|connection is closed|broken connection|
cannot connect|host unreachable|invalid state|illegal state|invalid {a}|illegal argument|bad argument|
invalid argument|invalid value|invalid format|invalid response|invalid signature|invalid token|invalid request|
already exists|{o} already exists|already in use|in use|address in use|busy|is busy|duplicate|duplicate key|
duplicate entry|conflict|version conflict|version mismatch|checksum mismatch|size mismatch|type mismatch|
{a} mismatch|key is missing|missing key|missing {a}|required {a} is missing|null|is null|null value|
null pointer|nil pointer|undefined|not defined|is not defined|unexpected end of input|unexpected token|
unexpected end of file|unexpected response|unexpected status {n}|unexpected {a}|unknown error|unknown {a}|
unknown reason|internal error|internal server error|server error|bad gateway|gateway timeout|bad request|
status {n}|status code {n}|HTTP 503|error code {n}|code {n}|exit code {n}|exit status {n}|signal {m}|
returned {n}|returned an error|returned no data|no response|no answer|no reply|no data|no rows|empty response|
empty result|out of range|out of bounds|index out of range|overflow|underflow|buffer overflow|out of memory|
not enough memory|memory limit exceeded|limit exceeded|limit reached|quota exceeded|rate limit exceeded|
too many requests|too many {a}s|too many open {a}s|too large|is too large|too long|too small|too old|too slow|
too late|no space left|disk full|disk is full|storage full|read only|read-only|is read only|not writable|
not readable|not supported|unsupported {a}|unsupported version|not implemented|not allowed|not permitted|
not ready|is not ready|not available|unavailable|temporarily unavailable|service unavailable|not initialized|
not connected|not running|not registered|not configured|not enabled|disabled|is disabled|is down|is offline|
is stopped|shutting down|is shutting down|shutdown in progress|going away|interrupted|cancelled|canceled|
context canceled|aborted|was aborted|rejected|was rejected|refused|denied|expired|has expired|is expired|
{a} expired|stale|is stale|corrupt|is corrupt|corrupted|corrupt {a}|data corruption|malformed|
malformed {a}|parse error|syntax error|syntax error near {q}|encoding error|decoding error|
serialization error|deserialization error|protocol error|handshake failed|handshake timeout|verification failed|
validation failed|{a} validation failed|constraint violation|foreign key violation|deadlock|deadlock detected|
lock timeout|lock wait timeout|lock not acquired|could not get lock|no leader|no quorum|quorum lost|not leader|
not the leader|not master|no master|leader changed|election failed|split brain|no primary|no healthy {a}|
no healthy {a}s|no available {a}|no free {a}s|no more {a}s|no {a}s available|no {a}s left|pool exhausted|
pool is empty|queue full|queue is full|buffer full|buffer is full|backpressure|circuit open|
circuit breaker is open|retries exhausted|retry limit reached|giving up|max retries exceeded|lag of {n} s|
behind by {n} {a}s|fell behind|out of sync|inconsistent state|does not exist|does not match|did not match|
do not match|is not valid|is invalid|is empty|is full|is missing|is required|must not be empty|must be unique|
must be positive|cannot be empty|cannot be null|cannot be read|cannot be opened|cannot be found|could not be read|
could not be opened|could not be loaded|was not found|has been removed|has been deleted|was deleted|was closed|
was killed|died|crashed|hung|stuck|frozen|blocked|starved|skipped|ignored|dropped|lost|failed|has failed|
failed with {n}|failed with error|operation failed|request failed|read failed|write failed|read error|write error|
i/o error|I/O error|disk error|network error|socket error|hardware error|fatal error|system error|device error|
unrecoverable error|general failure|assertion failed|segmentation fault|stack overflow|division by zero|
permission problem|insufficient permissions|insufficient privileges|insufficient {a}|insufficient funds|
insufficient resources|insufficient memory|resource temporarily unavailable|resource busy|resource exhausted|
no route|name not resolved|unknown host|certificate expired|certificate has expired|certificate is not trusted|
untrusted certificate|bad certificate|self-signed certificate|key not found|license expired|clock skew|
clock skew detected|time went backwards|no change|as expected|see log|see {a} log'''.replace('\n', '').split('|')
# One step up from a reason: a thing with its name, as it stands in the middle of a sentence.
NAMED = ['{a}', '{a}', 'the {a}', '{a} {n}', '{a} {q}', '{a} {i}', 'the {a} {b}', '{a} {b}', '{a} {b} {n}',
         "{a} '{i}'", '{a} "{i}"', '{a} {a}-{m}', '{a}_{b}', '{a}-{b}', '{a} id {n}', '{a}={i}', '{a}s', '{b} {a}s',
         '{n} {a}s', '{m} of {n} {a}s', 'all {a}s', 'this {a}', 'some {a}s', 'a {a}', 'one or more {a}s', '{a} {p}',
         '{a} /{b}/{i}', '{a} file {p}', '{a} on {h}', '{a} at {h}', '{a} {h}:{n}', '{a} for {b} {i}', '{a}[{m}]',
         '{a}/{b}', '{a}.{b}', '{b}#{m}', '{a}({n})', '{a} {b}-{i}', "{b}'s {a}", 'default {a}', 'local {a}',
         'remote {a}', 'new {a}', 'old {a}', 'current {a}', 'primary {a}', 'internal {a}', 'external {a}']
CANNOT = ['cannot', 'could not', 'failed to', 'unable to', 'Cannot', 'Could not', 'Failed to', 'Unable to', "can't",
          "couldn't", 'Error: cannot', 'error while trying to', 'unable to', 'did not', 'was not able to',
          'refusing to', 'will not', 'not able to', 'Failed to', 'failed to']
SENTENCES = ['{c} {v} {o}: {r}', '{c} {v} {o}: {r}', '{c} {v} {o}', '{c} {v} {o} ({r})', '{c} {v} {o}, {r}',
             '{c} {v} {o} because {r}', '{c} {v} {o} from {x}: {r}', '{c} {v} {o} to {x}: {r}', '{c} {v} {x} for {o}',
             '{c} {v} {o} in {x}: {r}', '{c} {v} {o} on {x}', '{c} {v} {o} with {x}: {r}', '{c} {v} to {o}: {r}',
             '{c} {v} and {w} {o}: {r}', '{c} {v}: {r}', '{O}: {r}', '{o}: {c} {v} {x}: {r}', '{o}: {r}', '{O} {r}',
             '{o} {r}', '{o}: {v} failed, {r}', '{V} of {o} failed: {r}', '{v} failed: {r}', '{V} failed for {o}: {r}',
             '{O} {v} failed', '{o} {v} error: {r}', 'error {g} {o}: {r}', 'Error {g} {o}: {r}', 'error {g} {o}',
             'Error: {r}', 'error: {r}', 'ERROR: {o} {r}', 'error in {o}: {r}', 'Error in {o}: {r}', '{r}: {o}',
             '{R}: {o}', '{R} for {o}', '{R} on {o}', '{R} while {g} {o}', '{R} in {o}', '{o} is {d}', '{O} is {d}',
             '{o} was {d}', '{o} has been {d}', '{o} {d}', '{O} {d}', '{O} {d}: {r}', '{o} {d} after {n} ms',
             '{o} not {d}', '{o} is not {d}', '{o} was not {d}: {r}', '{o} became {d}', '{o} got {d}, {r}',
             '{o} marked as {d}', '{o} changed from {d} to {e}', '{o} state is {d}', '{o} status: {d}',
             'no {a} {d}', 'no {a} for {o}', 'no {a} available for {o}', 'no {a} found in {o}', 'No {a} {d}',
             'not {d}: {o}', '{d} {o}', '{D} {o}', '{D} {o}: {r}', '{d} {o} after {m} attempts', '{n} {a}s {d}',
             '{g} {o} failed: {r}', '{G} {o}', '{G} {o} failed', '{G} {o} failed: {r}', '{G} {o} took {n} ms',
             '{G} {o} timed out', '{G} {o} to {x}', '{G} {o} from {x}', '{g} {o}', 'retrying to {v} {o}: {r}',
             'giving up on {o}: {r}', 'giving up {g} {o}', 'gave up {g} {o} after {m} attempts', 'stopped {g} {o}: {r}',
             'waiting for {o}', 'waiting for {o} to be {d}', 'Waiting for {o} to {v}', 'still waiting for {o}',
             'slow {o}', 'slow {a} {b}: {n} ms', 'unexpected {a} {b}', 'unexpected {a} in {o}', 'Unexpected {a}: {r}',
             'missing {a} {b}', 'missing {a} in {o}', 'Missing {a}: {i}', 'invalid {a}: {i}', 'invalid {a} in {o}',
             'Invalid {a} {b}', 'Invalid {a}: {r}', 'too many {a}s', 'too many {a}s in {o}', 'Too many {a} {b}s',
             'unknown {a}: {i}', 'Unknown {a} {q}', 'unknown {a} in {o}', 'bad {a}', 'bad {a} {b}: {r}', 'Bad {a}: {i}',
             'duplicate {a} {i}', 'duplicate {a} in {o}', 'stale {a} for {o}', 'lost {o}', 'lost {o}: {r}', 'Lost {a}',
             'exceeded {a} {b}', 'exceeded {a} limit of {n}', '{a} limit of {n} exceeded', '{a} {b} limit reached',
             '{a} {b} usage at {m}%', '{O} above {m}%', '{o} below {m}', '{o} is {n} {b}s behind', '{o} lags by {n}',
             'lag of {o}: {n}', '{o} returned {n}', '{o} returned {r}', '{o} responded with {r}', '{o} sent {r}',
             '{o} reported {r}', '{o} says: {r}', '{o} exited with code {m}', '{o} exited: {r}', '{o} terminated: {r}',
             '{o} died', '{o} crashed: {r}', '{o} panicked: {r}', 'fatal: {r}', 'FATAL: {r}', 'fatal error in {o}: {r}',
             'panic: {r}', 'critical: {o} {r}', 'CRITICAL {o}: {r}', 'warning: {o} {r}', 'Warning: {r}',
             'WARNING: {O} {r}',
             '{A}Error: {r}', '{A}Exception: {r}', '{A}{B}Exception: {c} {v} {o}', '{A}{B}Error: {o} {r}',
             '{A}{B}: {r}',
             '{a}: {b}: {r}', '{a}: {b}: {c} {v} {x}: {r}', '[{a}] {o}: {r}', '[{A}] {c} {v} {o}', '<{a}> {r}',
             '{a}({b}): {r}', '{a}.{b}: {r}', '{a}={n} {b}={m}', '{a}={i} {b}={d} error="{r}"', '{o} err={r}',
             'caused by: {r}', 'Caused by: {A}Exception: {r}', 'reason: {r}', 'cause={r} {a}={i}', '{a} error: {r}',
             '{a} error {n}', '{A} error: {o}', '{A} {b} error {n}: {r}', 'error {n}: {r}', 'error code {n}: {o}',
             'E{n}: {r}', '({n}) {r}', 'code={n} msg="{r}"', '{a} failure', '{A} {b} failure: {r}', '{o} failure: {r}',
             'failure {g} {o}', '{a} failed', '{A} {b} failed', '{o} failed to {v}', '{O} failed to {v} {x}: {r}',
             '{o} could not {v} {x}', '{o} cannot {v} {x}: {r}', '{o} refused to {v} {x}', '{o} refuses {x}',
             '{o} does not {v}', '{O} does not {v} {x}', '{o} must be {d}', '{o} should be {d}', '{o} needs to be {d}',
             '{o} has {n} {b}s', '{o} has no {b}', '{O} has no {b}s', '{o} has too many {b}s', '{o} without {b}',
             '{o} for {x} {d}', '{o} of {x} {d}', '{o} in {x} {d}', '{o} from {x} {d}', '{o} to {x} {d}',
             '{o} on {x} {r}',
             '{o} of {x} {r}', '{o} from {x}: {r}', '{o} to {x}: {r}', '{o} with {x}: {r}', '{o} by {x} {d}',
             '{x} {d} by {o}', '{o} and {x} {d}', '{v} {o}', '{V} {o}: {r}', '{V} {o} now', 'please {v} {o}',
             'trying to {v} {o}', 'try to {v} {o} again', 'will {v} {o} in {m} s', 'about to {v} {o}', '{d}: {r}',
             '{o} in state {d}', '{o} ({d}): {r}', '{o}, {x}: {r}', '{o} - {r}', '{o} -> {x}: {r}', '{o} => {d}',
             '{o} | {r}', 'last {a}: {r}', 'last error: {r}', 'previous {a} {r}', 'next {a} in {n} s',
             'health check of {o}: {r}', '{o} is unhealthy: {r}', '{o} is not responding', '{o} stopped responding',
             '{o} has stopped', '{o} took too long', '{o} took {n} ms', '{o} took longer than {n} ms to {v}',
             'could not be {d}: {o}', '{o} could not be {d}: {r}', '{o} cannot be {d}', '{o} will be {d}',
             '{o} is being {d}', 'only {m} {a}s {d}', '{m} {a}s are {d}', '{m} {a}s were {d} in {o}', '{r}']
LAYOUTS = ['{t} {s} ERROR {l}', '{t} {s} WARN {l}', '{t} {s} INFO {l}', '{t} ERROR [{s}] {l}', '{t} [{s}-worker-{m}] ERROR {l}',
           '{t} {s}[{n}]: {l}', '{y} {h} {s}[{n}]: {l}', '{y} {h} {s}: {l}', '{y} {h} {s}[{n}]: error: {l}',
           '{{"time":"{t}","level":"error","service":"{s}","msg":{j}}}',
           '{{"ts":"{t}","level":"warn","msg":{j},"n":{n}}}',
           'time="{t}" level=error msg={j} service={s}', 'ts={t} level=error caller=main.go:{n} msg="{s}" err={j}',
           '{t} ERROR {m} --- [{s}-{m}] com.example.{s}.Handler : {l}', '[{t}] [error] {l}', '[{t}] {s}.ERROR: {l}',
           'ERROR:{s}:{l}', 'E1120 10:00:00.{n}       1 {s}.go:{m}] {l}', '{t} E! [{s}] {l}', '{l}', 'Error: {l}',
           '[ERROR] {l}',
           '{t} | ERROR | {s} | {l}', '{t} {m} ERROR {s}.main [-] {l}', '<3>{s}: {l}', '{t} {h} {s} - - {l}']
NAMES = '''billing catalog claims ledger pricing profile shipping stock mailer reports loader importer portal
storefront checkout search-api orders'''.split()


def participle(verb):
    if verb.endswith('e') and not verb.endswith('ee'):
        return verb[:-1] + 'ing'
    if re.fullmatch(r'[^aeiou]*[aeiou][bdgmnpt]', verb):
        return verb + verb[-1] + 'ing'
    return verb + 'ing'


class Chance:
    """What stands for each letter in braces, drawn anew for each place."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.draw = {
            'a': self.thing, 'b': self.thing, 'A': lambda: self.thing().capitalize(),
            'B': lambda: self.thing().capitalize(), 'v': self.act, 'w': self.act,
            'V': lambda: self.act().capitalize(), 'g': lambda: participle(self.act()),
            'G': lambda: participle(self.act()).capitalize(), 'd': self.done, 'e': self.done,
            'D': lambda: self.done().capitalize(), 'c': lambda: self.rng.choice(CANNOT),
            'o': self.named, 'x': self.named, 'O': lambda: self.upper(self.named()), 'r': self.reason,
            'R': lambda: self.upper(self.reason()), 'n': lambda: str(self.rng.randrange(100, 9000)),
            'm': lambda: str(self.rng.randrange(1, 100)), 'i': self.identifier, 'q': lambda: '"%s"' % self.identifier(),
            'p': lambda: '/%s/%s.%s' % (self.thing(), self.thing(), self.rng.choice(['dat', 'cfg', 'tmp', 'bin'])),
            'h': lambda: '%s-%d' % (self.rng.choice(NAMES), self.rng.randrange(1, 9)),
            's': lambda: self.rng.choice(NAMES),
        }

    def thing(self):
        return self.rng.choice(THINGS)

    def act(self):
        return self.rng.choice(ACTS)

    def done(self):
        return self.rng.choice(DONE).replace('-', ' ')

    def identifier(self):
        return self.rng.choice(['%s-%d' % (self.thing(), self.rng.randrange(99)), '%08x' % self.rng.getrandbits(32),
                                str(self.rng.randrange(99999)), self.thing()])

    def named(self):
        return self.fill(self.rng.choice(NAMED))

    def reason(self):
        return self.fill(self.rng.choice(REASONS))

    @staticmethod
    def upper(text):
        return text[:1].upper() + text[1:]

    def fill(self, form):
        return re.sub(r'\{(\w)\}', lambda m: self.draw[m.group(1)](), form)

    def line(self, at):
        """A message in the layout of some logger, at that second of a day."""
        message = self.fill(self.rng.choice(SENTENCES))
        layout = self.rng.choice(LAYOUTS)
        clock = '%02d:%02d:%02d' % (at // 3600 % 24, at // 60 % 60, at % 60)
        return (layout.replace('{t}', '2026-03-01T%sZ' % clock).replace('{y}', 'Mar  1 ' + clock)
                .replace('{s}', self.rng.choice(NAMES)).replace('{h}', 'node-%d' % self.rng.randrange(9))
                .replace('{n}', str(self.rng.randrange(1000, 9000))).replace('{m}', str(self.rng.randrange(1, 40)))
                .replace('{{', '{').replace('}}', '}')
                .replace('{j}', '"%s"' % message.replace('"', '\\"')).replace('{l}', message))


def fired(lineup, path):
    """The rules that match each line, as far as any does: (number of the line, ids)."""
    told = subprocess.run([lineup, 'lines', '--no-progress', path], stdout=subprocess.PIPE, check=True, text=True)
    for number, line in enumerate(told.stdout.splitlines()):
        ids = re.search(r'"rules": \[(.+)\]\}$', line)
        if ids:
            yield number, re.findall(r'"([^"]+)"', ids.group(1))


def main():
    lineup, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    chance = Chance(seed)
    lines = [chance.line(i // 4) for i in range(count)]
    seen = {}
    with tempfile.TemporaryDirectory() as folder:
        path = sys.argv[4] if len(sys.argv) > 4 else folder + '/chance.log'
        with open(path, 'w', encoding='utf-8') as log:
            log.write('\n'.join(lines) + '\n')
        for number, ids in fired(lineup, path):
            for rule in ids:
                seen.setdefault(rule, []).append(lines[number])
    wide = sorted(r for r in seen if r not in ANYBODY and r[:r.index('/') + 1] not in ANYBODY)
    for rule in wide:
        print('%s fires on %d lines of no product, such as:\n    %s' % (rule, len(seen[rule]), seen[rule][0]))
    print('chance: %d lines of no product, %d rules of products fire' % (count, len(wide)))
    return 1 if wide else 0


if __name__ == '__main__':
    sys.exit(main())
