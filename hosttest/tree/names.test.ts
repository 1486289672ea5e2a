import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Names } from '../../src/tree/names.js';
import { limitsWith } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

/** A table, and the indices that its user says are used. */
function table(names: number, nameBytes: number): { table: Names; used: number[]; sweeps: () => number } {
  const used: number[] = [];
  let sweeps = 0;
  const table = new Names(limitsWith({ names, nameBytes }), (marks) => {
    sweeps += 1;
    for (const index of used) marks[index] = 1;
  });
  return { table, used, sweeps: () => sweeps };
}

test('a name has one index, whenever it comes', () => {
  const { table: names } = table(10, 100);
  const first = names.add('DevID');
  const second = names.add('devid');
  assert.is.not(first, second);
  assert.is(names.add('DevID'), first);
  assert.is(names.at(first), 'DevID');
  assert.is(names.at(second), 'devid');
});

test('names of object members are ordinary names', () => {
  const { table: names } = table(10, 200);
  const all = ['__proto__', 'constructor', 'toString', 'length', '0'];
  const indices = all.map((name) => names.add(name));
  assert.is(new Set(indices).size, all.length);
  assert.equal(
    indices.map((index) => names.at(index)),
    all,
  );
});

test('a full table throws away names that are not used', () => {
  const { table: names, used, sweeps } = table(3, 100);
  const a = names.add('a');
  const b = names.add('b');
  const c = names.add('c');
  assert.is(sweeps(), 0);
  used.push(a, c);
  const d = names.add('d');
  assert.is(sweeps(), 1);
  assert.is(d, b);
  assert.equal([names.at(a), names.at(c), names.at(d)], ['a', 'c', 'd']);
});

test('a table full of names in use takes no more, and keeps those it has', () => {
  const { table: names, used } = table(3, 100);
  used.push(names.add('a'), names.add('b'), names.add('c'));
  assert.throws(() => names.add('d'), code('TREE_FULL'));
  assert.throws(() => names.add('d'), code('TREE_FULL'));
  assert.equal(
    used.map((index) => names.at(index)),
    ['a', 'b', 'c'],
  );
  assert.is(names.add('b'), used[1]);
});

test('the bytes of all names are bounded, and counted down when names go', () => {
  const { table: names, used } = table(100, 10);
  used.push(names.add('1234'));
  names.add('567890');
  used.push(names.add('56789'));
  assert.throws(() => names.add('xy'), code('TREE_FULL'));
  used.push(names.add('x'));
  assert.equal(
    used.map((index) => names.at(index)),
    ['1234', '56789', 'x'],
  );
});

test('a name longer than all names may be together is refused', () => {
  const { table: names } = table(100, 10);
  assert.throws(() => names.add('01234567890'), code('TREE_FULL'));
  assert.is(names.at(names.add('0123456789')), '0123456789');
});

test('the bytes of names are bytes of UTF-8', () => {
  const { table: names, used } = table(100, 12);
  used.push(names.add('\u20ac\u20ac\u20ac'));
  assert.throws(() => {
    used.push(names.add('\u20ac\u20ac'));
  }, code('TREE_FULL'));
  assert.is(names.at(names.add('\u20ac')), '\u20ac');
});

test('several gaps are filled before the table grows', () => {
  const { table: names, used } = table(4, 100);
  for (const name of ['a', 'b', 'c', 'd']) names.add(name);
  used.push(1);
  assert.equal(
    ['e', 'f', 'g'].map((name) => {
      const index = names.add(name);
      used.push(index);
      return index;
    }),
    [0, 2, 3],
  );
  assert.throws(() => names.add('h'), code('TREE_FULL'));
});

test.run();
