import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryDevice, type StoreOptions } from '../support/memory-device.js';
import { code } from '../support/thrown.js';
import { utf8 } from '../support/utf8.js';

// PROTOCOL.md MO-1, MO-2, MO-5 to MO-8, MO-10, MO-11: the form of an MO document, in chunks of any size.

const MOID = 'urn:oma:mo:moid:1.0';

/** Stores a document in a device of its own, which is returned. */
function stored(document: string, options: StoreOptions = {}): MemoryDevice {
  const device = new MemoryDevice();
  device.store(document, options);
  return device;
}

/** A document that is refused, and changes nothing. */
function refused(document: string, expected: string, options: StoreOptions = {}): void {
  const device = new MemoryDevice();
  device.store('{"ClientURI":"start//","MOData":{"Root":{"a":1}}}');
  const used = device.tree.used;
  const shown = device.show();
  assert.throws(() => device.store(document, options), code(expected), document);
  assert.equal(device.show(), shown, document);
  assert.is(device.tree.used, used, document);
  assert.ok(device.device.intake.isEmpty, document);
  device.store('{"ClientURI":"start//","MOData":{"Root":{"a":2}}}');
  assert.equal(device.show(), ['start/m1 Root{a int 2}'], document);
}

const RICH = ` [ {"DDF":"http://v.example/ddf","x":[1,{"MOData":{"y":[]}}],"ClientURI":"${MOID}//",
  "MOData":{"R\\u00f6\\u00f6t":{"chr":"a\\"b\\\\c\\/\\b\\f\\n\\r\\t\\u20ac\\ud83d\\ude00caf\u00e9 \u{1f600}","int":-12,
  "float":1.50e+3,"yes":true,"no":false,"nil":null,"empty":"","deep":{"er":{"leaf":"x"},"none":{}}}},"CV":"12"} ,
  {"MOData":{"B":{"l":"eaf"}},"ClientURI":"other\\u002f/"}] \n`;

const RICH_TREE = [
  `${MOID}/m1 R\u00f6\u00f6t{chr chr${JSON.stringify('a"b\\c/\b\f\n\r\t\u20ac\u{1f600}caf\u00e9 \u{1f600}')},int int -12,float float 1.50e+3,yes bool true,no bool false,nil null,empty chr"",deep{er{leaf chr"x"},none{}}}`,
  'other/m1 B{l chr"eaf"}',
];

test('a whole document [MO-2 MO-10 MO-11]', () => {
  assert.equal(stored(RICH).show(), RICH_TREE);
});

test('the same byte by byte, and in chunks of any size', () => {
  for (let size = 1; size <= 40; size += 1) assert.equal(stored(RICH, { chunks: [size] }).show(), RICH_TREE, `${size}`);
});

test('a CV that is a number, a literal or an empty string is none', () => {
  for (const cv of ['5', 'null', 'true', '""']) {
    for (const element of [
      `{"CV":${cv},"ClientURI":"a//","MOData":{"A":{"x":1}}}`,
      `{"ClientURI":"a//","MOData":{"A":{"x":1}},"CV":${cv}}`,
    ]) {
      for (let size = 1; size < 20; size += 1) {
        assert.equal(stored(`[${element},{"ClientURI":"b//","MOData":{"B":{}}}]`, { chunks: [size] }).show(), [
          'a/m1 A{x int 1}',
          'b/m1 B{}',
        ]);
      }
    }
  }
});

test('the same split at every place', () => {
  const length = utf8.encode(RICH).length;
  for (let at = 1; at < length; at += 1) {
    assert.equal(stored(RICH, { chunks: [at, length] }).show(), RICH_TREE, `split at ${at}`);
  }
});

test('cut at every place it is refused, and changes nothing', () => {
  const bytes = utf8.encode(RICH.trim());
  const device = new MemoryDevice();
  const used = device.tree.used;
  for (let length = 0; length < bytes.length; length += 1) {
    assert.throws(() => device.store(bytes.slice(0, length)), code('CUT_SHORT'), `${length} bytes`);
    assert.is(device.tree.used, used);
    assert.equal(device.show(), []);
  }
});

test('with any byte made invalid it is refused or read, and never half read', () => {
  const bytes = utf8.encode(RICH);
  const device = new MemoryDevice();
  const used = device.tree.used;
  for (let i = 0; i < bytes.length; i += 1) {
    const damaged = bytes.slice();
    damaged[i] = 0xff;
    assert.throws(
      () => device.store(damaged),
      (thrown: unknown) => ['BAD_UTF8', 'BAD_JSON'].includes((thrown as { code: string }).code),
    );
    assert.is(device.tree.used, used, `byte ${i}`);
    assert.equal(device.show(), []);
  }
});

test('one bare object is an array of one [MO-5]', () => {
  const element = `{"ClientURI":"${MOID}//","MOData":{"Root":{"a":1}}}`;
  const expected = [`${MOID}/m1 Root{a int 1}`];
  assert.equal(stored(element).show(), expected);
  assert.equal(stored(`[${element}]`).show(), expected);
});

test('members come in any order, with unknown ones between them [MO-6 MO-7]', () => {
  const members = [
    `"ClientURI":"${MOID}//"`,
    '"MOData":{"Root":{"a":{"b":"c"}}}',
    '"DDF":"http://v.example/x.ddf"',
    '"?":[[],{"MOData":{"no":1}},"ClientURI"]',
  ];
  let orders = 0;
  for (let a = 0; a < 4; a += 1) {
    for (let b = 0; b < 4; b += 1) {
      for (let c = 0; c < 4; c += 1) {
        const d = 6 - a - b - c;
        if (a === b || b === c || a === c) continue;
        const document = `{${[a, b, c, d].map((i) => members[i]).join(',')}}`;
        assert.equal(stored(document).show(), [`${MOID}/m1 Root{a{b chr"c"}}`], document);
        orders += 1;
      }
    }
  }
  assert.is(orders, 24);
});

test('unknown members hold anything', () => {
  for (const value of [
    '1',
    '"x"',
    'null',
    '[]',
    '{}',
    '[[{"a":[{}]}]]',
    '{"MOData":{"a":1},"ClientURI":"b//"}',
    '-0.0e-0',
  ]) {
    assert.equal(
      stored(`{"x":${value},"ClientURI":"${MOID}//","y":${value},"MOData":{"Root":{}},"z":${value}}`).show(),
      [`${MOID}/m1 Root{}`],
      value,
    );
  }
});

test('members are told by their decoded names', () => {
  const document = `{"Client\\u0055RI":"${MOID}//","\\u004dOData":{"Root":{}}}`;
  assert.equal(stored(document).show(), [`${MOID}/m1 Root{}`]);
  refused(`{"clientURI":"${MOID}//","moData":{"Root":{}}}`, 'BAD_MO');
  refused(`{"ClientURI":"${MOID}//","MOData2":{"Root":{}}}`, 'BAD_MO');
});

test('several elements, each with its own place [MO-1]', () => {
  const device = new MemoryDevice();
  const uris = device.store(
    '[{"ClientURI":"a//","MOData":{"A":{"x":1}}},{"MOData":{"B":{}},"ClientURI":"b//"},{"ClientURI":"c//","MOData":{"C":{"z":null}}}]',
  );
  assert.equal(uris, ['a/m1/', 'b/m1/', 'c/m1/']);
  assert.equal(device.show(), ['a/m1 A{x int 1}', 'b/m1 B{}', 'c/m1 C{z null}']);
});

const NO_MO: [what: string, documents: string[]][] = [
  ['no element [MO-1]', ['[]', '[ ]']],
  ['no object [MO-1]', ['1', '"x"', 'null', 'true', '[1]', '["x"]', '[null]', '[[]]', '[[{}]]']],
  ['no MOData [MO-2]', ['{}', '[{}]', `{"ClientURI":"${MOID}//"}`, `[{"ClientURI":"${MOID}//","DDF":"x"}]`]],
  ['an empty MOData [MO-8]', [`{"ClientURI":"${MOID}//","MOData":{}}`, `{"MOData":{},"ClientURI":"${MOID}//"}`]],
  ['no ClientURI [MO-2]', ['{"MOData":{"Root":{}}}', `[{"ClientURI":"a//","MOData":{"A":{}}},{"MOData":{"B":{}}}]`]],
  [
    'a ClientURI that is no string',
    ['1', 'null', '[]', '{}', 'true'].map((value) => `{"ClientURI":${value},"MOData":{"Root":{}}}`),
  ],
  [
    'MOData that is no object',
    ['1', 'null', '[]', '"x"', 'false', '[{"Root":{}}]'].map((value) => `{"ClientURI":"${MOID}//","MOData":${value}}`),
  ],
  [
    'two top members [MO-8]',
    [`{"ClientURI":"${MOID}//","MOData":{"A":{},"B":{}}}`, `{"ClientURI":"${MOID}//","MOData":{"A":{},"A":{}}}`],
  ],
  ['two MOData', [`{"ClientURI":"${MOID}//","MOData":{"A":{}},"MOData":{"A":{}}}`]],
  ['a CV that is no scalar', [`{"CV":{},"ClientURI":"${MOID}//","MOData":{"A":{}}}`, `{"CV":["x"],"MOData":{"A":{}}}`]],
  [
    'an array in MOData',
    [
      `{"ClientURI":"${MOID}//","MOData":{"A":[]}}`,
      `{"ClientURI":"${MOID}//","MOData":{"A":{"b":[1]}}}`,
      `{"ClientURI":"${MOID}//","MOData":{"A":{"b":1,"c":{"d":[{}]}}}}`,
    ],
  ],
  [
    'an empty name',
    [
      `{"ClientURI":"${MOID}//","MOData":{"":{}}}`,
      `{"ClientURI":"${MOID}//","MOData":{"A":{"":1}}}`,
      `{"ClientURI":"${MOID}//","MOData":{"A":{"b":{"":{}}}}}`,
    ],
  ],
  [
    'a name that comes twice',
    [
      `{"ClientURI":"${MOID}//","MOData":{"A":{"b":1,"b":1}}}`,
      `{"ClientURI":"${MOID}//","MOData":{"A":{"b":{},"c":1,"b":2}}}`,
      `{"ClientURI":"${MOID}//","MOData":{"A":{"b":{"x":1,"y":{},"\\u0078":1}}}}`,
    ],
  ],
];

for (const [what, documents] of NO_MO) {
  test(`refused as no MO data: ${what}`, () => {
    for (const document of documents) {
      refused(document, 'BAD_MO');
      refused(document, 'BAD_MO', { chunks: [1] });
    }
  });
}

test('the same name at different places is no duplicate', () => {
  const document = `{"ClientURI":"${MOID}//","MOData":{"a":{"a":{"a":1},"b":{"a":2}}}}`;
  assert.equal(stored(document).show(), [`${MOID}/m1 a{a{a int 1},b{a int 2}}`]);
});

test('a ClientURI that does not parse is refused, before and behind the data', () => {
  for (const uri of ['x', '/m1/', `${MOID}/m1/%`, `${MOID}/(x)/(x)`, `${MOID}/m1//`]) {
    refused(`{"ClientURI":"${uri}","MOData":{"Root":{}}}`, 'BAD_MO');
    refused(`{"MOData":{"Root":{}},"ClientURI":"${uri}"}`, 'BAD_MO');
    refused(`{"MOData":{"Root":{}},"ClientURI":"${uri}"}`, 'BAD_MO', { target: `${MOID}//` });
  }
  refused('{"ClientURI":"","MOData":{"Root":{}}}', 'BAD_MO');
});

test('an error has the place of the byte at which it was found', () => {
  const head = `{"ClientURI":"${MOID}//","MOData":{"A":`;
  const device = new MemoryDevice();
  const offsets = [1, 7, 1000].map((size) => {
    try {
      device.store(`${head}[]}}`, { chunks: [size] });
    } catch (thrown) {
      return (thrown as { offset: number }).offset;
    }
    return -1;
  });
  assert.equal(offsets, [head.length, head.length, head.length]);
});

test('matter behind the document is refused', () => {
  refused(`{"ClientURI":"${MOID}//","MOData":{"Root":{}}} x`, 'BAD_JSON');
  refused(`[{"ClientURI":"${MOID}//","MOData":{"Root":{}}}][]`, 'BAD_JSON');
});

test.run();
