import type { Limits } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryDevice, type StoreOptions } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md ST-413, HTTP-25 to HTTP-30: what does not fit is refused, and nothing of it stays.

const MOID = 'urn:oma:mo:moid:1.0';
const START = `{"ClientURI":"${MOID}//","MOData":{"Root":{"a":{"b":1},"c":"x"}}}`;
const SHOWN = [`${MOID}/m1 Root{a{b int 1},c chr"x"}`];

/** A device with one instance. */
function started(limits: Partial<Limits> = {}): MemoryDevice {
  const device = new MemoryDevice(limits);
  device.store(START);
  return device;
}

/** A document that `limits` do not let in; nothing is left of it, and the next one is stored. */
function refused(limits: Partial<Limits>, document: string, expected: string, options: StoreOptions = {}): void {
  for (const chunk of [1, 100000]) {
    const device = started(limits);
    const used = device.tree.used;
    const writes = device.flash.writes;
    assert.throws(() => device.store(document, { ...options, chunks: [chunk] }), code(expected));
    assert.equal(device.show(), SHOWN);
    assert.is(device.tree.used, used);
    assert.is(device.flash.writes, writes);
    device.store(`{"ClientURI":"${MOID}/m1/c","MOData":{"c":"y"}}`);
    assert.equal(device.show(), [SHOWN[0].replace('"x"', '"y"')]);
  }
}

function taken(limits: Partial<Limits>, document: string, options: StoreOptions = {}): string[] {
  const device = started(limits);
  device.store(document, options);
  const shown = device.show();
  assert.equal(device.restart().show(), shown);
  return shown;
}

/** `levels` nested objects around a value. */
function nested(levels: number, value: string): string {
  return `{"n":`.repeat(levels) + value + '}'.repeat(levels);
}

test('a value as long as the limit is taken, a longer one is not where there are no large ones [HTTP-26]', () => {
  const document = (text: string) => `{"ClientURI":"${MOID}//","MOData":{"Root":{"v":"${text}"}}}`;
  assert.equal(taken({ value: 20 }, document('x'.repeat(20))), [`${MOID}/m1 Root{v chr"${'x'.repeat(20)}"}`]);
  refused({ value: 20, largeValue: 20 }, document('x'.repeat(21)), 'TOO_LONG');
});

test('the limit of a value counts bytes of its UTF-8, not of its escapes', () => {
  const document = (text: string) => `{"ClientURI":"${MOID}//","MOData":{"Root":{"v":"${text}"}}}`;
  taken({ value: 20 }, document('\\u0041'.repeat(20)));
  refused({ value: 20, largeValue: 20 }, document('\\u0041'.repeat(21)), 'TOO_LONG');
  taken({ value: 20 }, document('\\u00e9'.repeat(10)));
  refused({ value: 20, largeValue: 20 }, document(`${'\u00e9'.repeat(10)}x`), 'TOO_LONG');
  taken({ value: 20 }, document('\\ud83d\\ude00'.repeat(5)));
  refused({ value: 20, largeValue: 20 }, document('\\ud83d\\ude00'.repeat(6)), 'TOO_LONG');
});

test('a value of 4 KB fits the default for memory [HTTP-27]', () => {
  taken({}, `{"ClientURI":"${MOID}//","MOData":{"Root":{"v":"${'\u20ac'.repeat(1365)}!"}}}`);
  refused(
    { largeValue: 0 },
    `{"ClientURI":"${MOID}//","MOData":{"Root":{"v":"${'\u20ac'.repeat(1365)}!!"}}}`,
    'TOO_LONG',
  );
});

test('a value that is skipped may have any length [HTTP-25]', () => {
  const long = 'x'.repeat(10000);
  assert.equal(taken({ value: 20 }, `{"DDF":"${long}","ClientURI":"${MOID}//","MOData":{"Root":{}},"CV":"${long}"}`), [
    `${MOID}/m1 Root{}`,
  ]);
  taken({ value: 20 }, `{"MOData":{"Root":{"x":"${long}","a":{"b":2}}}}`, { target: `${MOID}//a` });
});

test('a name as long as the limit is taken, a longer one is not [HTTP-26 HTTP-29]', () => {
  const documents = (name: string) => [
    `{"ClientURI":"${MOID}//","MOData":{"Root":{"${name}":1}}}`,
    `{"ClientURI":"other//","MOData":{"${name}":{"x":1}}}`,
    `{"ClientURI":"${MOID}//","MOData":{"Root":{"x":{"${name}":{}}}}}`,
  ];
  for (const document of documents('n'.repeat(30))) taken({ name: 30 }, document);
  for (const document of documents('n'.repeat(31))) refused({ name: 30 }, document, 'TOO_LONG');
  for (const document of documents('\u20ac'.repeat(10))) taken({ name: 30 }, document);
  for (const document of documents(`${'\\u20ac'.repeat(10)}n`)) refused({ name: 30 }, document, 'TOO_LONG');
  for (const document of documents('n'.repeat(255))) taken({}, document);
  for (const document of documents('n'.repeat(256))) refused({}, document, 'TOO_LONG');
});

test('a name that is skipped may have any length [HTTP-25]', () => {
  const long = 'n'.repeat(10000);
  taken({}, `{"${long}":1,"ClientURI":"${MOID}//","MOData":{"Root":{}},"${long}${long}":{"${long}":1}}`);
  taken({}, `{"MOData":{"Root":{"${long}":{},"a":{"b":2}}}}`, { target: `${MOID}//a` });
});

test('a ClientURI longer than the limit is refused', () => {
  const limits = { uri: 40 };
  const document = (uri: string) => `{"ClientURI":"${uri}","MOData":{"Root":{}}}`;
  taken(limits, document(`${MOID}/m1/?x=${'y'.repeat(40 - MOID.length - 7)}`));
  refused(limits, document(`${MOID}/m1/?x=${'y'.repeat(41 - MOID.length - 7)}`), 'TOO_LONG');
});

test('an instance is refused, or survives a restart, however long its address is', () => {
  let stored = 0;
  for (const unit of ['m', '\u00e9', '%2F', ' ']) {
    for (const times of [10, 80, 200, 255, 256, 330, 340, 500, 990]) {
      const uri = `o/${unit.repeat(times)}/`;
      const device = started();
      try {
        device.store(`{"ClientURI":"${uri}","MOData":{"R":{"v":1}}}`, { isBootstrap: true });
        stored += 1;
      } catch (thrown) {
        assert.is((thrown as { code?: string }).code, 'TOO_LONG', uri);
      }
      assert.equal(device.restart().show(), device.show(), `${times} of '${unit}'`);
    }
  }
  assert.ok(stored > 7);
});

test('nodes as deep as the limit are taken, deeper ones are not [HTTP-26 HTTP-30]', () => {
  for (const depth of [1, 2, 5, 16]) {
    const limits = { depth };
    for (const value of ['1', '{}', '"x"', 'null']) {
      if (depth === 1 && value !== '{}') continue;
      const device = new MemoryDevice(limits);
      device.store(`{"ClientURI":"m//","MOData":${nested(depth, value)}}`);
      assert.is(device.show().length, 1);
      assert.equal(device.restart().show(), device.show());
      for (const more of [1, 2, 3]) {
        const other = new MemoryDevice(limits);
        const used = other.tree.used;
        const change = () => other.store(`{"ClientURI":"m//","MOData":${nested(depth + more, value)}}`);
        assert.throws(change, code('TOO_DEEP'), `depth ${depth} + ${more}`);
        assert.equal(other.show(), []);
        assert.is(other.tree.used, used);
      }
    }
  }
});

test('the depth of a part is counted from the MO root', () => {
  const limits = { depth: 5 };
  const at = (uri: string, levels: number): [string, StoreOptions] => [
    `{"MOData":${nested(levels, '1').replace('"n"', '"b"')}}`,
    { target: `${MOID}/m1/${uri}` },
  ];
  taken(limits, ...at('a/b', 3));
  refused(limits, at('a/b', 4)[0], 'TOO_DEEP', at('a/b', 4)[1]);
  taken(limits, ...at('b', 4));
  refused(limits, at('b', 5)[0], 'TOO_DEEP', at('b', 5)[1]);
});

test('matter that is skipped may nest as deep as any JSON input', () => {
  const limits = { jsonDepth: 12 };
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  taken(limits, `{"x":${deep(11)},"ClientURI":"${MOID}//","MOData":{"Root":{}}}`);
  refused(limits, `{"x":${deep(12)},"ClientURI":"${MOID}//","MOData":{"Root":{}}}`, 'TOO_DEEP');
});

const FILLING = `[{"ClientURI":"other//","MOData":{"Fresh":{"n1":"0123456789","n2":{"n3":12345,"n4":"${'x'.repeat(
  100,
)}"}}}},{"MOData":{"Root":{"n5":"y","n6":{}}},"ClientURI":"${MOID}//"}]`;

test('a tree that gets full anywhere in a document is as it was', () => {
  const need = started();
  need.store(FILLING);
  let full = 0;
  let whole = 0;
  for (let tree = started().tree.used + 16; tree < 600; tree += 2) {
    let device: MemoryDevice;
    try {
      device = started({ tree });
    } catch {
      continue;
    }
    const used = device.tree.used;
    try {
      device.store(FILLING, { chunks: [16] });
      assert.equal(device.show(), need.show());
      whole += 1;
    } catch (thrown) {
      assert.is((thrown as { code?: string }).code, 'TREE_FULL', `${tree} bytes: ${thrown}`);
      assert.equal(device.show(), SHOWN, `${tree} bytes`);
      assert.is(device.tree.used, used, `${tree} bytes`);
      assert.is(device.restart().show().length, 1);
      full += 1;
    }
  }
  assert.ok(full > 50 && whole > 20, `${full} full, ${whole} whole`);
});

test('a table of names that gets full anywhere in a document leaves the tree as it was', () => {
  let full = 0;
  // MOID, MIID and four names of the first document are there, and the five of Session Information.
  for (let names = 11; names < 24; names += 1) {
    const device = started({ names });
    const used = device.tree.used;
    try {
      device.store(FILLING);
      assert.is(names, 19);
      break;
    } catch (thrown) {
      assert.is((thrown as { code?: string }).code, 'TREE_FULL');
      assert.equal(device.show(), SHOWN);
      assert.is(device.tree.used, used);
      full += 1;
    }
  }
  assert.is(full, 8);
});

test('of a document whose place is known only the wanted part takes memory', () => {
  let members = '';
  for (let i = 0; i < 2000; i += 1) members += `"skipped${i}":{"x":"${'y'.repeat(50)}"},`;
  const data = `{"Root":{${members}"a":{"b":2}}}`;
  const limits = { tree: 512 };
  const shown = [SHOWN[0].replace('int 1', 'int 2')];
  assert.equal(taken(limits, `{"MOData":${data}}`, { target: `${MOID}//a` }), shown);
  assert.equal(taken(limits, `{"ClientURI":"${MOID}//a","MOData":${data}}`), shown);
  refused(limits, `{"MOData":${data},"ClientURI":"${MOID}//a"}`, 'TREE_FULL');
});

test('refused documents, one after another, cost no memory', () => {
  const device = started({ tree: 700 });
  const used = device.tree.used;
  for (let i = 0; i < 300; i += 1) {
    const document = `[{"ClientURI":"o${i}//","MOData":{"r${i}":{"a":"${'x'.repeat(i)}","b":${i % 2 ? '[]' : '{"":1}'}}}}]`;
    assert.throws(() => device.store(document), code('BAD_MO'), String(i));
    assert.is(device.tree.used, used);
  }
  assert.equal(device.show(), SHOWN);
});

test.run();
