import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryDevice, type StoreOptions } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md MO-4, MO-7, MO-9, MO-12, MO-30, MO-32, URI-22, URI-23: where the data of a document goes.

const MOID = 'urn:oma:mo:moid:1.0';

const START = `{"ClientURI":"${MOID}//","MOData":{"Root":{"ID":"GPS","Data":{"d1":{"Date":"12.1","Value":100},"d2":{"Date":"12.2"}},"Set":"0xA1"}}}`;
const SHOWN = `${MOID}/m1 Root{ID chr"GPS",Data{d1{Date chr"12.1",Value int 100},d2{Date chr"12.2"}},Set chr"0xA1"}`;

function started(): MemoryDevice {
  const device = new MemoryDevice();
  device.store(START);
  assert.equal(device.show(), [SHOWN]);
  return device;
}

/** The forms in which a document can give data for an address: as HGET's target, and in the element before and behind the data. */
function forms(uri: string, data: string): [document: string, options: StoreOptions][] {
  return [
    [`{"MOData":${data}}`, { target: uri }],
    [`{"ClientURI":"${uri}","MOData":${data}}`, { target: uri }],
    [`{"MOData":${data},"ClientURI":"${uri}"}`, { target: uri }],
    [`{"ClientURI":"${uri}","MOData":${data}}`, {}],
    [`{"MOData":${data},"ClientURI":"${uri}"}`, {}],
  ];
}

/** Stores `data` at `uri` in every form, and compares the tree and the ClientURI. */
function gives(uri: string, data: string, shown: string, returned: string): void {
  const used: number[] = [];
  for (const [document, options] of forms(uri, data)) {
    const device = started();
    const uris = device.store(document, options);
    assert.equal(device.show(), [shown], `${document} ${options.target}`);
    assert.equal(uris, [returned], document);
    assert.equal(device.restart().show(), [shown], 'after a restart');
    used.push(device.tree.used);
  }
  assert.is(new Set(used).size, 1, 'memory is left over in some form');
}

function refused(uri: string, data: string, expected: string): void {
  for (const [document, options] of forms(uri, data)) {
    const device = started();
    const used = device.tree.used;
    assert.throws(() => device.store(document, options), code(expected), `${document} ${options.target}`);
    assert.equal(device.show(), [SHOWN], document);
    assert.is(device.tree.used, used, document);
  }
}

test('an MO root is replaced [MO-4 MO-7 MO-30]', () => {
  const shown = `${MOID}/m1 Root{New bool true}`;
  for (const uri of [`${MOID}/m1/`, `${MOID}//`, `${MOID}/*/`, `${MOID}/(x)/?nv=(x)/ID:GPS`]) {
    gives(uri, '{"Root":{"New":true}}', shown, `${MOID}/m1/`);
  }
});

test('a leaf is replaced [MO-4 MO-7]', () => {
  const shown = SHOWN.replace('100', '101');
  gives(`${MOID}/m1/Data/d1/Value`, '{"Value":101}', shown, `${MOID}/m1/Data/d1/Value`);
});

test('a leaf becomes one of another format, or an interior node', () => {
  gives(`${MOID}/m1/Set`, '{"Set":null}', SHOWN.replace('Set chr"0xA1"', 'Set null'), `${MOID}/m1/Set`);
  gives(`${MOID}/m1/Set`, '{"Set":{"a":1}}', SHOWN.replace('Set chr"0xA1"', 'Set{a int 1}'), `${MOID}/m1/Set`);
});

test('an interior node is replaced, at its place [MO-30]', () => {
  const shown = SHOWN.replace('d1{Date chr"12.1",Value int 100}', 'd1{Fresh{}}');
  gives(`${MOID}/m1/Data/d1`, '{"d1":{"Fresh":{}}}', shown, `${MOID}/m1/Data/d1`);
});

test('a node that does not exist is made, behind the others [URI-23]', () => {
  const shown = SHOWN.replace('"12.2"}}', '"12.2"},d3{Date chr"12.3"}}');
  gives(`${MOID}/m1/Data/d3`, '{"d3":{"Date":"12.3"}}', shown, `${MOID}/m1/Data/d3`);
  gives(`${MOID}//Data/d3/`, '{"d3":{"Date":"12.3"}}', shown, `${MOID}/m1/Data/d3`);
  gives(`${MOID}/(x)/Data/d3?nv=(x)/ID:GPS`, '{"d3":{"Date":"12.3"}}', shown, `${MOID}/m1/Data/d3`);
});

test('of a document rooted at the MO root the part for the target is taken [MO-12]', () => {
  const rest = '"ID":"none","Other":{"d1":{"Value":1}},"Set":{"Data":1}';
  const data = `{"Root":{${rest},"Data":{"d0":[1,{"x":2}],"d1":{"Date":"13.1"},"d2":{"Date":"13.2"}}}}`;
  for (const [uri, change] of [
    [`${MOID}/m1/Data/d1`, ['d1{Date chr"12.1",Value int 100}', 'd1{Date chr"13.1"}']],
    [`${MOID}/m1/Data/d2/Date`, ['12.2', '13.2']],
    [`${MOID}/m1/Set`, ['Set chr"0xA1"', 'Set{Data int 1}']],
  ] as const) {
    // The array is in no part that is wanted; a document whose place comes late may not hold it.
    const late = data.replace('[1,{"x":2}]', '{}');
    const shown = SHOWN.replace(change[0], change[1]);
    for (const [document, options] of forms(uri, data)) {
      const device = started();
      const known = options.target !== undefined || document.startsWith('{"ClientURI"');
      assert.equal(device.store(known ? document : document.replace(data, late), options), [uri]);
      assert.equal(device.show(), [shown], document);
    }
  }
});

test('of a document rooted at the MO root the part for a new node is taken [MO-12]', () => {
  const data = '{"Root":{"ID":"none","Data":{"d1":{"Date":"13.1"},"d3":{"Value":7}}}}';
  const shown = SHOWN.replace('"12.2"}}', '"12.2"},d3{Value int 7}}');
  gives(`${MOID}/m1/Data/d3`, data, shown, `${MOID}/m1/Data/d3`);
});

test('a document rooted at the MO root without the part is refused [MO-12]', () => {
  for (const data of [
    '{"Root":{}}',
    '{"Root":{"ID":"x"}}',
    '{"Root":{"Data":{}}}',
    '{"Root":{"Data":{"d9":{}}}}',
    '{"Root":{"Data":"leaf"}}',
    '{"Root":{"Data":null}}',
    '{"Root":{"d1":{}}}',
    '{"Root":5}',
    '{"Root":null}',
    '{"Root":"text"}',
    '{"Root":{"Other":{"d1":{"Date":"x"}}}}',
  ]) {
    refused(`${MOID}/m1/Data/d1`, data, 'BAD_MO');
  }
});

test('a top member of another name is refused below the MO root [MO-9]', () => {
  for (const name of ['Other', 'Data', 'root', 'd2', 'D1', 'd1 ']) {
    refused(`${MOID}/m1/Data/d1`, `{"${name}":{"Date":"x"}}`, 'BAD_MO');
    refused(`${MOID}/m1/Data/d3`, `{"${name}":{"d1":{"Date":"x"},"d3":1}}`, 'BAD_MO');
  }
});

test('the wanted part twice is refused', () => {
  refused(`${MOID}/m1/Data/d1`, '{"Root":{"Data":{"d1":{},"d1":{}}}}', 'BAD_MO');
});

test('a place that cannot be is refused', () => {
  refused(`${MOID}/m1/None/d1`, '{"d1":{}}', 'NOT_FOUND');
  refused(`${MOID}/m9/`, '{"Root":{}}', 'NOT_FOUND');
  refused(`${MOID}/m9/Data`, '{"Data":{}}', 'NOT_FOUND');
  refused(`none/m1/`, '{"Root":{}}', 'NOT_FOUND');
  refused(`none//Data`, '{"Data":{}}', 'NOT_FOUND');
  refused(`none/*/`, '{"Root":{}}', 'NOT_FOUND');
  refused(`${MOID}/m1/Data/(x)?nv=(x)/Date:9.9`, '{"d1":{}}', 'NOT_FOUND');
  refused(`${MOID}/(x)/?nv=(x)/ID:None`, '{"Root":{}}', 'NOT_FOUND');
  refused(`${MOID}/m1/Data/*`, '{"d1":{}}', 'AMBIGUOUS');
  refused(`${MOID}/m1/ID/deeper`, '{"deeper":1}', 'NOT_ALLOWED');
});

test('an x-name picks the node that is replaced', () => {
  const shown = SHOWN.replace('d2{Date chr"12.2"}', 'd2{Date chr"new"}');
  gives(`${MOID}/m1/Data/(x)?nv=(x)/Date:12.2`, '{"d2":{"Date":"new"}}', shown, `${MOID}/m1/Data/d2`);
});

test('with a target, elements of other MOIDs are passed over [MO-32]', () => {
  const own = `{"ClientURI":"${MOID}//","MOData":{"Root":{"own":1}}}`;
  const foreign = '{"ClientURI":"other//","MOData":{"Big":{"x":["not even MO data"]}}}';
  for (const document of [`[${foreign},${own}]`, `[${own},${foreign}]`, `[${foreign},${own},${foreign}]`]) {
    const device = started();
    assert.equal(device.store(document, { target: `${MOID}//` }), [`${MOID}/m1/`]);
    assert.equal(device.show(), [`${MOID}/m1 Root{own int 1}`]);
  }
  const device = started();
  assert.throws(() => device.store(`[${foreign}]`, { target: `${MOID}//` }), code('BAD_MO'));
  assert.equal(device.show(), [SHOWN]);
});

test('elements of other MOIDs are passed over too when their ClientURI comes behind their data [MO-32]', () => {
  const foreign = '{"MOData":{"Big":{"x":1}},"ClientURI":"other//"}';
  for (const [target, own, shown] of [
    [`${MOID}//`, '{"MOData":{"Root":{"own":1}}}', `${MOID}/m1 Root{own int 1}`],
    [`${MOID}/m1/Set`, '{"MOData":{"Set":"new"}}', SHOWN.replace('0xA1', 'new')],
  ]) {
    const device = started();
    const used = device.tree.used;
    device.store(`[${foreign},${own}]`, { target });
    assert.equal(device.show(), [shown], target);
    assert.ok(device.tree.used <= used, 'nothing is left of the foreign element');
  }
});

test('what is passed over may be named as the MO root, or as the target', () => {
  const own = '{"MOData":{"Set":"new"}}';
  for (const data of ['{"Root":{"z":1}}', '{"Root":"leaf"}', '{"Root":{"Set":"other"}}', '{"Set":{"deep":1}}']) {
    for (const foreign of [`{"MOData":${data},"ClientURI":"other//"}`, `{"ClientURI":"other//","MOData":${data}}`]) {
      for (const document of [`[${foreign},${own}]`, `[${own},${foreign}]`]) {
        const device = started();
        device.store(document, { target: `${MOID}/m1/Set` });
        assert.equal(device.show(), [SHOWN.replace('0xA1', 'new')], document);
      }
    }
  }
});

test('one element that fits nowhere refuses the whole document', () => {
  const good = `{"ClientURI":"${MOID}//Set","MOData":{"Set":"new"}}`;
  for (const bad of [
    `{"ClientURI":"${MOID}//ID","MOData":{"Other":1}}`,
    `{"MOData":{"Other":1},"ClientURI":"${MOID}//ID"}`,
    `{"ClientURI":"${MOID}//ID","MOData":{"Root":{"Other":1}}}`,
    `{"MOData":{"Root":{"Other":1}},"ClientURI":"${MOID}//ID"}`,
  ]) {
    for (const document of [`[${good},${bad}]`, `[${bad},${good}]`]) {
      const device = started();
      const used = device.tree.used;
      assert.throws(() => device.store(document), code('BAD_MO'), document);
      assert.equal(device.show(), [SHOWN], document);
      assert.is(device.tree.used, used, document);
    }
  }
});

test('with a target, several elements are refused [MO-34]', () => {
  for (const document of [
    '[{"MOData":{"Root":{}}},{"MOData":{"Root":{}}}]',
    `[{"ClientURI":"${MOID}//","MOData":{"Root":{}}},{"MOData":{"Root":{}}}]`,
    `[{"MOData":{"Root":{}}},{"MOData":{"Root":{}},"ClientURI":"${MOID}//"}]`,
  ]) {
    const device = started();
    const used = device.tree.used;
    assert.throws(() => device.store(document, { target: `${MOID}//` }), code('CONFLICT'), document);
    assert.equal(device.show(), [SHOWN]);
    assert.is(device.tree.used, used);
  }
});

test('a target without an instance gets a new one [MO-28 URI-6]', () => {
  const device = new MemoryDevice();
  assert.equal(device.store('{"MOData":{"Root":{"a":1}}}', { target: `${MOID}//` }), [`${MOID}/m1/`]);
  assert.equal(device.show(), [`${MOID}/m1 Root{a int 1}`]);
});

test.run();
