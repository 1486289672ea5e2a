import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BodySource, BodyWriter } from '../../src/bytes/body-writer.js';
import { Package } from '../../src/reply/package.js';
import { ReplyBuffer } from '../../src/reply/reply-buffer.js';
import { TreeStore } from '../../src/tree/tree-store.js';
import { Lcg } from '../support/lcg.js';
import { limitsWith } from '../support/memory-device.js';
import { utf8 } from '../support/utf8.js';
import { written, writtenBytes } from '../support/written.js';

// PROTOCOL.md SES-18 to SES-21, PKG3-2: what Package#3 will say, in a buffer of any size.

/** Bytes of an entry without its content. */
const ENTRY = 24;

interface Status {
  sc: number;
  Data?: string;
}

function buffer(size: number): ReplyBuffer {
  const limits = limitsWith({ reply: size });
  return new ReplyBuffer(utf8, limits, new TreeStore(utf8, limits));
}

/** Writes a text in pieces. */
function value(...pieces: string[]): BodySource {
  let at = 0;
  return {
    rewind() {
      at = 0;
    },
    next() {
      at += 1;
      return at > pieces.length ? '' : pieces[at - 1];
    },
  };
}

/** Writes a member `Data`, `length` bytes in all. */
function tail(length: number): BodySource {
  return value(`,"Data":"${'x'.repeat(length - 10)}"`);
}

function result(sc: number, length: number): Status {
  return { sc, Data: 'x'.repeat(length - 10) };
}

function statuses(reply: ReplyBuffer): Status[] {
  return JSON.parse(written(new Package('Status', reply, []))).Status;
}

/** A session's way with the buffer: what is full gets 413, and so does a result that does not fit. */
class Replies {
  readonly reply: ReplyBuffer;
  readonly expected: Status[] = [];
  executed = 0;
  refused = 0;

  constructor(size: number) {
    this.reply = buffer(size);
  }

  command(sc: number, length: number): void {
    if (this.reply.isFull) this.status(413);
    else {
      this.executed += 1;
      if (length === 0) this.status(sc);
      else if (this.reply.result(sc, tail(length))) this.expected.push(result(sc, length));
      else {
        this.refused += 1;
        this.status(413);
      }
    }
  }

  private status(sc: number): void {
    this.reply.status(sc);
    this.expected.push({ sc });
  }
}

test('an empty package has no status', () => {
  assert.is(written(new Package('Status', buffer(100), [])), '{"Status":[]}');
});

test('statuses come in the order of the commands [PKG3-2]', () => {
  const reply = buffer(1000);
  const codes = [200, 404, 404, 200, 200, 200, 304, 65535, 0, 200];
  for (const sc of codes) reply.status(sc);
  assert.is(written(new Package('Status', reply, [])), `{"Status":[${codes.map((sc) => `{"sc":${sc}}`).join()}]}`);
});

test('results stand among the statuses', () => {
  const reply = buffer(1000);
  reply.status(200);
  assert.ok(reply.result(200, tail(30)));
  assert.ok(reply.result(202, tail(12)));
  reply.status(200);
  reply.status(200);
  assert.ok(reply.result(200, tail(11)));
  assert.equal(statuses(reply), [
    { sc: 200 },
    result(200, 30),
    result(202, 12),
    { sc: 200 },
    { sc: 200 },
    result(200, 11),
  ]);
});

test('a run of equal statuses takes the room of one [SES-19]', () => {
  const reply = buffer(120);
  reply.status(200);
  const { room } = reply;
  for (let i = 1; i < 5000; i += 1) reply.status(200);
  assert.is(reply.room, room);
  reply.status(404);
  assert.is(reply.room, room - ENTRY);
  const all = statuses(reply);
  assert.is(all.length, 5001);
  assert.ok(all.every((status, i) => status.sc === (i < 5000 ? 200 : 404)));
});

test('runs longer than 65,535 are counted', () => {
  const reply = buffer(120);
  for (let i = 0; i < 70000; i += 1) reply.status(413);
  reply.status(200);
  const all = statuses(reply);
  assert.is(all.length, 70001);
  assert.is(all[70000].sc, 200);
});

test('a result that does not fit is rolled back, at every size', () => {
  for (let length = 11; length < 120; length += 1) {
    const reply = buffer(180);
    reply.status(200);
    reply.status(200);
    const before = reply.room;
    if (reply.result(200, tail(length))) {
      assert.equal(statuses(reply), [{ sc: 200 }, { sc: 200 }, result(200, length)]);
    } else {
      assert.is(reply.room, before);
      reply.status(200);
      reply.status(413);
      assert.equal(statuses(reply), [{ sc: 200 }, { sc: 200 }, { sc: 200 }, { sc: 413 }], `${length}`);
    }
  }
});

test('a result of the room always fits, and one of two bytes more never does', () => {
  const states: ((reply: ReplyBuffer) => void)[] = [
    () => {},
    (reply) => reply.status(200),
    (reply) => assert.ok(reply.result(200, tail(20))),
    (reply) => {
      assert.ok(reply.result(200, tail(20)));
      reply.status(404);
    },
  ];
  states.forEach((prepare, i) => {
    for (let size = 200; size < 230; size += 1) {
      const fits = (more: number): boolean => {
        const reply = buffer(size);
        prepare(reply);
        return reply.result(200, tail(reply.room + more));
      };
      assert.ok(fits(0), `state ${i}, ${size} bytes, the room`);
      assert.not(fits(2), `state ${i}, ${size} bytes, more than the room`);
    }
  });
});

test('a buffer of any size gives a valid package, whatever comes [SES-18]', () => {
  let executed = 0;
  let refused = 0;
  for (let size = 2 * ENTRY; size < 460; size += 3) {
    for (let seed = 0; seed < 12; seed += 1) {
      const random = new Lcg(size * 100 + seed);
      const replies = new Replies(size);
      for (let i = 0; i < 40; i += 1) {
        const length = random.below(3) === 0 ? 11 + random.below(size) : 0;
        replies.command(random.pick([200, 200, 404, 413, 500]), length);
      }
      assert.equal(statuses(replies.reply), replies.expected, `${size} bytes, seed ${seed}`);
      executed += replies.executed;
      refused += replies.refused;
    }
  }
  assert.ok(executed > 5000 && refused > 500, `${executed} executed, ${refused} refused`);
});

test('a full buffer takes thousands of 413 more', () => {
  for (let size = 2 * ENTRY; size < 280; size += 1) {
    const replies = new Replies(size);
    for (let i = 0; i < 20; i += 1) replies.command(i % 2 ? 200 : 404, 0);
    assert.ok(replies.reply.isFull);
    for (let i = 0; i < 3000; i += 1) replies.command(200, 0);
    assert.equal(statuses(replies.reply), replies.expected, `${size} bytes`);
  }
});

test('one 400 more always fits, for a package that cannot be read to its end', () => {
  for (let size = 3 * ENTRY; size < 300; size += 1) {
    for (let commands = 0; commands < 20; commands += 1) {
      const replies = new Replies(size);
      for (let i = 0; i < commands; i += 1) replies.command(i % 2 ? 200 : 404, 0);
      replies.reply.status(400);
      const all = [...replies.expected, { sc: 400 }];
      assert.equal(statuses(replies.reply), all, `${size} bytes, ${commands} commands`);
    }
  }
});

test('a buffer of the usual size holds its 413 and its 400, however many commands came', () => {
  for (let commands = 40; commands < 90; commands += 1) {
    const replies = new Replies(limitsWith({}).reply);
    for (let i = 0; i < commands; i += 1) replies.command(i % 2 ? 200 : 404, 0);
    replies.reply.status(400);
    assert.equal(statuses(replies.reply), [...replies.expected, { sc: 400 }], `${commands} commands`);
  }
});

test('a buffer that is full stays full until it is reset', () => {
  const replies = new Replies(150);
  while (!replies.reply.isFull) replies.command(replies.executed % 2 ? 200 : 404, 0);
  for (let i = 0; i < 100; i += 1) {
    replies.command(200, 20);
    assert.ok(replies.reply.isFull);
  }
  replies.reply.reset();
  assert.not(replies.reply.isFull);
  assert.is(written(new Package('Status', replies.reply, [])), '{"Status":[]}');
});

test('windows of any size give the same bytes, again and again', () => {
  const reply = buffer(400);
  reply.status(200);
  assert.ok(reply.result(200, tail(40)));
  reply.status(404);
  reply.status(404);
  const source = new Package('Status', reply, []);
  const whole = writtenBytes(source);
  for (let size = 1; size < whole.length + 2; size += 1) assert.equal(writtenBytes(source, size), whole, `${size}`);
  assert.is(new BodyWriter(utf8).measure(source), whole.length);
  assert.equal(writtenBytes(source), whole);
});

test('after a reset nothing of the package before is left', () => {
  const reply = buffer(300);
  for (let round = 0; round < 5; round += 1) {
    reply.reset();
    const sc = 200 + round;
    reply.status(sc);
    assert.ok(reply.result(sc, tail(20 + round)));
    reply.status(sc);
    assert.equal(statuses(reply), [{ sc }, result(sc, 20 + round), { sc }]);
  }
});

test('a value is taken piece by piece, its far characters whole', () => {
  const reply = buffer(300);
  const source = value(',"Data":"caf\u00e9 ', '\u20ac', ' \u{1f600}"');
  source.next();
  assert.ok(reply.result(200, source));
  assert.equal(statuses(reply), [{ sc: 200, Data: 'caf\u00e9 \u20ac \u{1f600}' }]);
});

test('the bytes of all pieces count, and what lies between long ones', () => {
  const reply = buffer(400);
  const { room } = reply;
  const long = 'x'.repeat(130);
  assert.not(reply.result(200, value(',"Data":"', '\u20ac'.repeat(120), '"')));
  assert.not(reply.result(200, value(`,"Data":"${long}`, long, `${'x'.repeat(20)}"`)));
  assert.is(reply.room, room);
  assert.ok(reply.result(200, value(',"Data":"', ...Array(230).fill('x'), '"')));
});

test('behind an END statuses take no more than the buffer', () => {
  const reply = buffer(300);
  for (let i = 0; i < 1000; i += 1) reply.status(i);
  assert.ok(statuses(reply).length <= 300 / ENTRY);
});

test.run();
