import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LocalAccess } from '../../src/config/local-access.js';
import type { LeafValue } from '../../src/tree/tree-store.js';
import { MemoryDevice } from '../support/memory-device.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';

const START = 'm/m1 R{a{b int 1},s chr"x"}';

class Fixture {
  readonly memory = new MemoryDevice();
  readonly local: LocalAccess;

  constructor() {
    this.memory.store('{"ClientURI":"m//","MOData":{"R":{"a":{"b":1},"s":"x"}}}');
    this.local = new LocalAccess(this.memory.device);
  }

  /** What is in the tree; after a restart the same must be there, and readable. */
  show(): string {
    const [line] = this.memory.show();
    const again = this.memory.restart();
    assert.equal(again.notes, []);
    assert.equal(again.show(), [line], 'after a restart');
    return line;
  }

  /** A write that is refused, and changes nothing. */
  refused(clientUri: string, value: LeafValue, expected: string): void {
    const { flash, tree } = this.memory;
    const before = [tree.used, flash.writes];
    assert.throws(() => this.local.write(clientUri, value), code(expected), clientUri.slice(0, 60));
    assert.equal([tree.used, flash.writes], before);
    assert.is(this.show(), START);
  }
}

const VALUES: LeafValue[] = [
  '',
  'text',
  'caf\u00e9 \u20ac \u{1f600} \u0000 " \\ \n',
  'v'.repeat(3000),
  0,
  -1,
  2147483647,
  2147483648,
  -2147483648,
  -2147483649,
  0.1,
  -1.5e-7,
  1e21,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  Number.MAX_SAFE_INTEGER,
  true,
  false,
  null,
];

for (const value of VALUES) {
  test(`writes ${typeof value} ${String(value).slice(0, 30)}, and reads it after a restart`, () => {
    const fixture = new Fixture();
    fixture.local.write('m//s', value);
    fixture.local.write('m//a/fresh', value);
    assert.is(fixture.local.read('m/m1/s'), value);
    assert.is(fixture.local.read('m/m1/a/fresh'), value);
    fixture.show();
  });
}

test('an equal value is not written again', () => {
  const fixture = new Fixture();
  const { writes } = fixture.memory.flash;
  fixture.local.write('m//s', 'x');
  fixture.local.write('m//a/b', 1);
  assert.is(fixture.memory.flash.writes, writes);
  assert.is(fixture.show(), START);
});

test('a name as long as the limit can be written, a longer one not', () => {
  for (const unit of ['n', '\u20ac']) {
    const fixture = new Fixture();
    const name = unit.repeat(255 / utf8.encode(unit).length);
    fixture.refused(`m//${name}n`, 1, 'TOO_LONG');
    fixture.local.write(`m//${name}`, 1);
    assert.is(fixture.show(), START.replace(/\}$/, `,${name} int 1}`));
  }
});

test('a value longer than the limit is not written', () => {
  new Fixture().refused('m//s', 'v'.repeat(0x100001), 'TOO_LONG');
  new Fixture().refused('m//fresh', '\u20ac'.repeat(0x55556), 'TOO_LONG');
});

test('a leaf as deep as the limit can be written, a deeper one not', () => {
  const { memory, local } = new Fixture();
  const { depth } = memory.limits;
  // The MO root is at 1, so a path of this many names ends at the limit.
  const names = 'n/'.repeat(depth - 2);
  memory.store(`{"ClientURI":"m//n","MOData":${'{"n":'.repeat(depth - 2)}{}${'}'.repeat(depth - 2)}}`);
  local.write(`m//${names}leaf`, 'x');
  memory.store(`{"ClientURI":"m//${names}deep","MOData":{"deep":{}}}`);
  const shown = memory.show();
  assert.equal(memory.restart().show(), shown);
  assert.throws(() => local.write(`m//${names}deep/deeper`, 'x'), code('TOO_DEEP'));
  assert.equal(memory.show(), shown);
  assert.equal(memory.restart().show(), shown);
});

test('a name that is no Unicode is refused, and the next write works', () => {
  const fixture = new Fixture();
  for (const name of ['\ud800', 'a\udc00b', '\udc00\ud800']) fixture.refused(`m//${name}`, 1, 'BAD_URI');
  fixture.local.write('m//s', 'y');
  assert.is(fixture.show(), START.replace('"x"', '"y"'));
});

test('what cannot be written', () => {
  const fixture = new Fixture();
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    fixture.refused('m//s', value, 'BAD_ARGUMENT');
  }
  fixture.refused('m//', 'x', 'NOT_ALLOWED');
  fixture.refused('m//a', 'x', 'NOT_ALLOWED');
  fixture.refused('m//s/t', 'x', 'NOT_ALLOWED');
  fixture.refused('m//none/t', 'x', 'NOT_FOUND');
  fixture.refused('none//t', 'x', 'NOT_FOUND');
  fixture.refused('none//', 'x', 'NOT_ALLOWED');
  fixture.refused('m//*', 'x', 'AMBIGUOUS');
  fixture.refused('m//(x)?nv=(x)/b:2', 'x', 'NOT_FOUND');
  fixture.refused('m', 'x', 'BAD_URI');
});

test('a tree that is full refuses the write, and is as it was', () => {
  const fixture = new Fixture();
  const filler = 'f'.repeat(2000);
  let i = 0;
  const fill = (): void => {
    for (; ; i += 1) fixture.local.write(`m//fill${i}`, filler);
  };
  assert.throws(fill, code('TREE_FULL'));
  const { used } = fixture.memory.tree;
  const shown = fixture.show();
  assert.throws(() => fixture.local.write('m//s', filler), code('TREE_FULL'));
  assert.throws(() => fixture.local.write('m//other', filler), code('TREE_FULL'));
  assert.is(fixture.memory.tree.used, used);
  assert.is(fixture.show(), shown);
});

test.run();
