import { createHash } from 'node:crypto';
import type { HttpClient, HttpListener, HttpRequest } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ModdableClock } from '../../src/platform/moddable/clock.js';
import { ModdableDigests } from '../../src/platform/moddable/digests.js';
import { LabHttp } from '../../src/platform/moddable/lab-http.js';
import { listenForNotifications } from '../../src/platform/moddable/notifications.js';
import { ModdableRandom } from '../../src/platform/moddable/random.js';
import { ModdableResource } from '../../src/platform/moddable/resource.js';
import { type Settings, settingsOf } from '../../src/platform/moddable/settings.js';
import { ModdableText } from '../../src/platform/moddable/text.js';
import { LogLevel, TraceLog } from '../../src/platform/moddable/trace-log.js';
import {
  FakeDecoder,
  FakeDigest,
  FakeEncoder,
  FakeResource,
  FakeTimers,
  fakeFromArrayBuffer,
  ListeningUdp,
} from './moddable-modules.js';

const DAY = 86400000;

const bytesOf = (text: string): Uint8Array => new FakeEncoder().encode(text);

test('uptime goes on where the counter wraps, even if nobody looks for months', () => {
  const timers = new FakeTimers();
  timers.ticks = 0x7ffffff0;
  const clock = new ModdableClock(timers, timers, Date);
  assert.is(clock.uptime(), 0);
  timers.pass(0x20);
  assert.is(clock.uptime(), 0x20);
  timers.pass(100 * DAY);
  assert.is(clock.uptime(), 0x20 + 100 * DAY);
});

test('uptime stands where the clock of a simulator is set back', () => {
  const time = { ticks: 1800000000000 };
  const clock = new ModdableClock(new FakeTimers(), time, Date);
  time.ticks += 500;
  assert.is(clock.uptime(), 500);
  time.ticks -= DAY;
  assert.is(clock.uptime(), 500);
  time.ticks += 250;
  assert.is(clock.uptime(), 750);
});

test('the wall clock is not set while it counts from 1970', () => {
  const wallClock = { now: () => 100 * DAY };
  const clock = new ModdableClock(new FakeTimers(), { ticks: 0 }, wallClock);
  assert.is(clock.isSet(), false);
  wallClock.now = () => 1800000000999;
  assert.is(clock.isSet(), true);
  assert.is(clock.now(), 1800000000);
});

test('a timer fires once; one that has fired or was cancelled is no fault', () => {
  const timers = new FakeTimers();
  const clock = new ModdableClock(timers, timers, Date);
  let fired = 0;
  const timer = clock.after(100, () => {
    fired += 1;
  });
  const other = clock.after(100, () => assert.unreachable());
  timers.pass(99);
  assert.is(fired, 0);
  clock.cancel(other);
  clock.cancel(other);
  timers.pass(1000);
  assert.is(fired, 1);
  clock.cancel(timer);
});

test('devices draw different numbers although their engines draw the same, and one device others after a restart', () => {
  const drawn = ['IMEI:1 0', 'IMEI:2 0', 'IMEI:1 7'].map((seed) => {
    const source = new ModdableRandom(() => 0.75, seed);
    return [source.next(), source.next(), source.next()];
  });
  const all = drawn.reduce((numbers, three) => numbers.concat(three), []);
  assert.is(new Set(all).size, 9);
  for (const number of all) assert.ok(number >= 0 && number < 1);
});

test('numbers are spread evenly', () => {
  const source = new ModdableRandom(Math.random, '');
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10000; i += 1) tenths[Math.floor(source.next() * 10)] += 1;
  for (const count of tenths) assert.ok(count > 800 && count < 1200, String(tenths));
});

test('a digest takes bytes in any pieces', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
  const digest = new ModdableDigests(FakeDigest).sha256();
  digest.update(bytes, 100, 163);
  digest.update(bytes, 163, 163);
  digest.update(bytes, 163, 900);
  const expected = createHash('sha256').update(bytes.subarray(100, 900)).digest();
  assert.equal(Array.from(digest.finish()), Array.from(expected));
});

const text = new ModdableText(new FakeEncoder(), new FakeDecoder(), fakeFromArrayBuffer);

const TEXTS = [
  '',
  'plain',
  'a\u0000b\u0000',
  '\u0000',
  'é',
  'aé€😀\u0000z',
  '\ufeffmark',
  '\u007f\u0080\u07ff\u0800\uffff',
];

test('text comes back as it went, NUL and byte order mark included', () => {
  for (const one of TEXTS) {
    const bytes = text.encode(one);
    assert.is(text.decode(bytes, 0, bytes.length), one);
  }
});

test('text is decoded from the middle of a view', () => {
  const bytes = bytesOf('xxaé\u0000byy').subarray(1);
  assert.is(text.decode(bytes, 1, bytes.length - 2), 'aé\u0000b');
  assert.is(text.decode(bytes, 1, 2), 'a');
});

test('a lone surrogate becomes U+FFFD, a pair stays', () => {
  const cases = [
    ['a\ud800b', 'a\ufffdb'],
    ['\udfff', '\ufffd'],
    ['\ud83d\ude00\ud83d', '\ud83d\ude00\ufffd'],
    ['\ud7ff\ue000', '\ud7ff\ue000'],
  ];
  for (const [given, expected] of cases) assert.equal(Array.from(text.encode(given)), Array.from(bytesOf(expected)));
});

test('what is not UTF-8 throws', () => {
  for (const bytes of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x61, 0, 0xff]]) {
    assert.throws(() => text.decode(Uint8Array.from(bytes), 0, bytes.length));
  }
});

test('a resource is read piece by piece, and ends', () => {
  const resource = new ModdableResource(new FakeResource(bytesOf('0123456789')));
  const into = new Uint8Array(4).fill(0x21);
  const pieces = [0, 4, 8, 10, 11, 1000].map((offset) => {
    const count = resource.read(offset, into);
    return String.fromCharCode(...into.subarray(0, count));
  });
  assert.equal(pieces, ['0123', '4567', '89', '', '', '']);
});

test('every datagram goes to the client, also those that came before it looked', () => {
  const got: string[] = [];
  const socket = listenForNotifications(ListeningUdp, 4000, (bytes) => got.push(String.fromCharCode(...bytes)));
  ListeningUdp.open[0].receive(bytesOf('one'), bytesOf('two'));
  ListeningUdp.open[0].receive(bytesOf(''));
  assert.equal(got, ['one', 'two', '']);
  assert.throws(() => listenForNotifications(ListeningUdp, 4000, () => {}));
  socket.close();
});

test('in a laboratory every request goes to one server, otherwise as it was', () => {
  const urls: string[] = [];
  let last: HttpRequest | undefined;
  const http: HttpClient = {
    request(request) {
      last = request;
      urls.push(request.url);
      return { write: () => {}, read: () => 0, close: () => {} };
    },
  };
  const lab = new LabHttp(http, 'http://192.0.2.1:8462');
  const listener = {} as HttpListener;
  const rest = { method: 'PUT', headers: ['a', 'b'], bodyLength: 7, newConnection: true, wanted: ['etag'] };
  for (const end of ['/a/b?c=//d#e', '?q', '', '/'])
    lab.request({ ...rest, url: `https://dm.example:99${end}` }, listener);
  assert.equal(urls, [
    'http://192.0.2.1:8462/a/b?c=//d#e',
    'http://192.0.2.1:8462?q',
    'http://192.0.2.1:8462',
    'http://192.0.2.1:8462/',
  ]);
  assert.equal(last, { ...rest, url: 'http://192.0.2.1:8462/' });
});

test('the log tells of finished work, and at its higher level of everything', () => {
  const told = (level: LogLevel): string[] => {
    const lines: string[] = [];
    const log = new TraceLog((line) => lines.push(line), level);
    log.package(1, 'http://a/', 10);
    log.command('session', 'HGET', ['http://b/', 'x'], 200);
    log.exchange('GET', 'http://b/', 200, 5);
    log.stored('urn:x//');
    log.removed('urn:y//');
    log.finished('session', 'srv', '', 0);
    log.finished('hget', 'http://b/', 'TIMEOUT', 408);
    log.note('REPEATED', 'Package#0');
    return lines;
  };
  const work = [
    'dmlet: finished session srv ok\n',
    'dmlet: finished hget http://b/ TIMEOUT 408\n',
    'dmlet: note REPEATED Package#0\n',
  ];
  assert.equal(told(LogLevel.Work), work);
  assert.equal(told(LogLevel.All), [
    'dmlet: package 1 http://a/ 10 bytes\n',
    'dmlet: command session HGET http://b/ x 200\n',
    'dmlet: exchange GET http://b/ 200 5 bytes\n',
    'dmlet: stored urn:x//\n',
    'dmlet: removed urn:y//\n',
    ...work,
  ]);
});

test('a command line says other than the manifest, in strings', () => {
  const flash = { keySize: 15, valueSize: 4000, capacity: 0, overhead: 0 };
  const dmlet: Settings = { bootstrap: 'b', server: '', log: 1, port: 0, limits: {}, identity: {}, flash };
  assert.equal(settingsOf({ dmlet }), dmlet);
  const said = { 'dmlet.server': 'http://lab', 'dmlet.log': '2', 'dmlet.port': '4000' };
  assert.equal(settingsOf({ dmlet, ...said }), { ...dmlet, server: 'http://lab', log: 2, port: 4000 });
});

test.run();
