import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { elementHead, Large, MoWriter } from '../../src/tree/mo-writer.js';
import { Lcg } from '../support/lcg.js';
import { MemoryDevice } from '../support/memory-device.js';
import { written } from '../support/written.js';

const CHARACTERS = ['a', 'b', 'Z', '0', '"', '\\', '/', '\b', '\n', '\u0000', '\u001f', ' ', '\u007f', '\u0080'].concat(
  [
    '\u00e9',
    '\u07ff',
    '\u0800',
    '\u20ac',
    '\ud7ff',
    '\ue000',
    '\ufeff',
    '\uffff',
    '\u{10000}',
    '\u{1f600}',
    '\u{10ffff}',
  ],
);

const NUMBERS = [
  '0',
  '-0',
  '1',
  '-2147483648',
  '2147483648',
  '0.0',
  '1e3',
  '-1.25E-7',
  '123456789012345678901234567890',
];

/** Makes documents that differ in everything that is allowed. */
class Documents {
  private readonly random: Lcg;

  constructor(seed: number) {
    this.random = new Lcg(seed);
  }

  next(moid: string): string {
    return `${this.space()}{"ClientURI":"${moid}//",${this.space()}"MOData":{${this.quote('Root')}:${this.object(0)}}}`;
  }

  private space(): string {
    return this.random.pick(['', '', ' ', '\n\t', '\r\n  ']);
  }

  private text(length: number): string {
    let text = this.random.pick(CHARACTERS);
    for (let i = this.random.below(length); i > 0; i -= 1) text += this.random.pick(CHARACTERS);
    return text;
  }

  /** A string in any of the ways in which JSON can write it. */
  private quote(text: string): string {
    if (this.random.below(2) === 0) return JSON.stringify(text);
    let out = '';
    for (let i = 0; i < text.length; i += 1) out += `\\u${`000${text.charCodeAt(i).toString(16)}`.slice(-4)}`;
    return `"${out}"`;
  }

  private value(level: number): string {
    const random = this.random;
    switch (random.below(level < 5 ? 9 : 5)) {
      case 0:
        return this.quote(this.text(random.pick([1, 10, 200])));
      case 1:
        return '""';
      case 2:
        return random.pick(NUMBERS);
      case 3:
        return random.pick(['true', 'false']);
      case 4:
        return 'null';
      default:
        return this.object(level);
    }
  }

  private object(level: number): string {
    const names = new Set<string>();
    for (let i = this.random.below(5); i > 0; i -= 1) names.add(this.text(4));
    const members = [...names].map(
      (name) => `${this.quote(name)}${this.space()}:${this.space()}${this.value(level + 1)}`,
    );
    return `{${this.space()}${members.join(`${this.space()},`)}}`;
  }
}

const LIMITS = { tree: 131072, names: 2000, nameBytes: 50000, objects: 200 };

test('reader, writer, reader: the same tree, and the same data as JSON.parse', () => {
  const documents = new Documents(20160209);
  let nodes = 0;
  for (let i = 0; i < 150; i += 1) {
    const document = documents.next('m');
    const first = new MemoryDevice(LIMITS);
    first.store(document, { chunks: [1 + (i % 50)] });
    const { tree } = first;
    const writer = new MoWriter(tree, Large.Whole);
    writer.begin(tree.firstChild(tree.instance('m', 'm1')), elementHead('m//', '', ''));
    const out = written(writer, 1 + (i % 30));
    const expected = JSON.parse(document);
    assert.equal(JSON.parse(out), expected, document);
    const second = new MemoryDevice(LIMITS);
    second.store(out);
    assert.equal(second.show(), first.show());
    assert.is(second.tree.used, tree.used);
    nodes += tree.used;
  }
  assert.ok(nodes > 20000, 'the documents are hardly worth it');
});

test('a tree of many documents is the same after a restart', () => {
  const documents = new Documents(7);
  const device = new MemoryDevice(LIMITS);
  for (let i = 0; i < 60; i += 1) device.store(documents.next(`moid${i % 45}`));
  assert.is(device.show().length, 45);
  const again = device.restart();
  assert.equal(again.notes, []);
  assert.equal([...again.show()].sort(), [...device.show()].sort());
});

test('storing a document once more changes nothing and writes nothing', () => {
  const documents = new Documents(99);
  const device = new MemoryDevice(LIMITS);
  const all = [...Array(30).keys()].map((i) => documents.next(`moid${i}`));
  for (const document of all) device.store(document);
  const { writes, removals } = device.flash;
  const used = device.tree.used;
  const shown = device.show();
  device.changes.length = 0;
  for (const document of all) device.store(document);
  assert.equal(device.show(), shown);
  assert.is(device.tree.used, used);
  assert.equal([device.flash.writes, device.flash.removals], [writes, removals]);
  assert.equal(device.changes, []);
});

test.run();
