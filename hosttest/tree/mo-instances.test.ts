import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DmError } from '../../src/errors.js';
import { NO_NODE } from '../../src/tree/arena.js';
import type { WriteGate } from '../../src/tree/mo-intake.js';
import { targetInstance } from '../../src/tree/target.js';
import { MemoryDevice, OPEN_GATE, type StoreOptions } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md MO-26 to MO-29, MO-33, MO-34: the instances that a document makes and replaces.

function element(uri: string, value: number, name = 'R'): string {
  return `{"ClientURI":"${uri}","MOData":{"${name}":{"v":${value}}}}`;
}

/** A device with instances `a/m1`, `a/x` and `b/m1`. */
function started(): MemoryDevice {
  const device = new MemoryDevice();
  device.store(`[${element('a/m1/', 1)},${element('a/x/', 2)},${element('b/m1/', 3)}]`, { isBootstrap: true });
  assert.equal(device.show(), ['a/m1 R{v int 1}', 'a/x R{v int 2}', 'b/m1 R{v int 3}']);
  return device;
}

function refused(document: string, expected: string, options: StoreOptions = {}): void {
  const device = started();
  const used = device.tree.used;
  const shown = device.show();
  const { writes } = device.flash;
  assert.throws(() => device.store(document, options), code(expected), document);
  assert.equal(device.show(), shown, document);
  assert.is(device.tree.used, used, document);
  assert.is(device.flash.writes, writes, document);
}

test('MOID// without an instance makes one [MO-28 MO-29]', () => {
  const device = new MemoryDevice();
  assert.equal(device.store(element('a//', 1)), ['a/m1/']);
  assert.equal(device.show(), ['a/m1 R{v int 1}']);
});

test('MOID// with one instance replaces it', () => {
  const device = started();
  assert.equal(device.store(element('b//', 4)), ['b/m1/']);
  assert.equal(device.show(), ['a/m1 R{v int 1}', 'a/x R{v int 2}', 'b/m1 R{v int 4}']);
});

test('MOID// with several instances is refused', () => {
  refused(element('a//', 4), 'AMBIGUOUS');
  refused(`[${element('b//', 4)},${element('a//', 4)}]`, 'AMBIGUOUS');
  refused(element('a//v', 4, 'v'), 'AMBIGUOUS');
});

test('several MOID// without an instance make several [MO-28 MO-29]', () => {
  const device = new MemoryDevice();
  const document = `[${element('a//', 1)},${element('b//', 2)},${element('a//', 3)}]`;
  assert.equal(device.store(document), ['a/m1/', 'b/m1/', 'a/m2/']);
  assert.equal(device.show(), ['a/m1 R{v int 1}', 'a/m2 R{v int 3}', 'b/m1 R{v int 2}']);
});

test('a named instance that exists is replaced [MO-27]', () => {
  const device = started();
  assert.equal(device.store(element('a/x/', 9)), ['a/x/']);
  assert.equal(device.show(), ['a/m1 R{v int 1}', 'a/x R{v int 9}', 'b/m1 R{v int 3}']);
});

test('a replaced MO root keeps its name, unless a bootstrap changes it [MO-33]', () => {
  refused(element('a/x/', 9, 'Other'), 'BAD_MO');
  refused(element('b//', 9, 'Other'), 'BAD_MO');
  refused('{"MOData":{"Other":{}}}', 'BAD_MO', { target: 'a/x/' });
  const device = started();
  device.store(element('a/x/', 9, 'Other'), { isBootstrap: true });
  assert.equal(device.show()[1], 'a/x Other{v int 9}');
});

test('an MO root is an interior node [MO-33]', () => {
  for (const value of ['1', '"x"', 'true', 'null', '""']) {
    for (const isBootstrap of [false, true]) {
      refused(`{"ClientURI":"a/x/","MOData":{"R":${value}}}`, 'BAD_MO', { isBootstrap });
      refused(`{"MOData":{"R":${value}},"ClientURI":"new//"}`, 'BAD_MO', { isBootstrap });
    }
    refused(`{"MOData":{"R":${value}}}`, 'BAD_MO', { target: 'a/x/' });
  }
});

test("a bootstrap's MOID// is the only instance, or by their order one of several [BOOT-24]", () => {
  const device = new MemoryDevice();
  const isBootstrap = true;
  const named = ['a/m10/', 'a/m2/', 'a/m1/', 'b/x/'];
  device.store(`[${named.map((uri, i) => element(uri, i)).join()}]`, { isBootstrap });
  const document = `[${['a//', 'b//', 'a//', 'c//', 'a//'].map((uri, i) => element(uri, 10 + i)).join()}]`;
  const uris = ['a/m1/', 'b/x/', 'a/m2/', 'c/m1/', 'a/m10/'];
  assert.equal(device.store(document, { isBootstrap }), uris);
  const shown = ['a/m1 R{v int 10}', 'a/m10 R{v int 14}', 'a/m2 R{v int 12}', 'b/x R{v int 11}', 'c/m1 R{v int 13}'];
  assert.equal(device.show().sort(), shown);
  const { writes } = device.flash;
  for (const again of [device, device.restart()]) {
    assert.equal(again.store(document, { isBootstrap }), uris);
    assert.equal(again.show().sort(), shown, 'once more changes nothing');
  }
  assert.is(device.flash.writes, writes);
});

test("a bootstrap's accounts are told by their SrvID [BOOT-24]", () => {
  const account = (uri: string, srvId: string, name: string) =>
    `{"ClientURI":"urn:oma:mo:oma-dm-dmacc:1.2/${uri}/","MOData":{"Acc":{"SrvID":"${srvId}","Name":"${name}"}}}`;
  const device = new MemoryDevice();
  const isBootstrap = true;
  device.store(`[${account('', 'one', 'a')},${account('x', 'two', 'b')}]`, { isBootstrap });
  device.store(`[${account('', 'two', 'c')},${account('', 'three', 'd')},${account('', 'one', 'e')}]`, { isBootstrap });
  assert.equal(
    device.show().map((line) => line.replace('urn:oma:mo:oma-dm-dmacc:1.2/', '')),
    ['m1 Acc{SrvID chr"one",Name chr"e"}', 'x Acc{SrvID chr"two",Name chr"c"}', 'm2 Acc{SrvID chr"three",Name chr"d"}'],
  );
});

test('a named instance that does not exist is refused to servers [CMD-HGET-9]', () => {
  refused(element('a/new/', 9), 'NOT_FOUND');
  refused(element('c/m1/', 9), 'NOT_FOUND');
  refused(`[${element('b//', 9)},${element('a/new/', 9)}]`, 'NOT_FOUND');
  refused('{"MOData":{"R":{}}}', 'NOT_FOUND', { target: 'a/new/' });
});

test('a bootstrap names new instances [BOOT-9 CMD-HGET-9]', () => {
  const device = started();
  assert.equal(device.store(`[${element('a/new/', 5)},${element('c/a%2Fb/', 6)}]`, { isBootstrap: true }), [
    'a/new/',
    'c/a%2Fb/',
  ]);
  assert.equal(device.show(), [
    'a/m1 R{v int 1}',
    'a/x R{v int 2}',
    'a/new R{v int 5}',
    'b/m1 R{v int 3}',
    'c/a/b R{v int 6}',
  ]);
  assert.equal(device.restart().show().length, 5);
});

test('a bootstrap names no new instance by a wildcard or an x-name', () => {
  refused(element('c/*/', 1), 'NOT_FOUND', { isBootstrap: true });
  refused(element('c/(x)/', 1), 'NOT_FOUND', { isBootstrap: true });
});

test('two elements for one place are refused [MO-34]', () => {
  refused(`[${element('a/x/', 1)},${element('a/x/', 2)}]`, 'CONFLICT');
  refused(`[${element('b//', 1)},${element('b/m1/', 2)}]`, 'CONFLICT');
  refused(`[${element('b//', 1)},${element('b/(q)/?nv=(q)/v:3', 2)}]`, 'CONFLICT');
  refused(`[{"ClientURI":"b//v","MOData":{"v":1}},{"ClientURI":"b/m1/v","MOData":{"v":2}}]`, 'CONFLICT');
  refused(`[{"ClientURI":"b//w","MOData":{"w":1}},{"ClientURI":"b/m1/w","MOData":{"w":2}}]`, 'CONFLICT');
  refused(`[${element('c/n/', 1)},${element('c/n/', 2)}]`, 'CONFLICT', { isBootstrap: true });
});

test('an element below another one is refused [MO-34]', () => {
  const leaf = '{"ClientURI":"b//v","MOData":{"v":1}}';
  const fresh = '{"ClientURI":"b//w","MOData":{"w":1}}';
  for (const other of [leaf, fresh]) {
    refused(`[${element('b//', 1)},${other}]`, 'CONFLICT');
    refused(`[${other},${element('b//', 1)}]`, 'CONFLICT');
  }
});

test('elements side by side in one instance are both stored', () => {
  const device = started();
  const document = '[{"ClientURI":"b//v","MOData":{"v":{"z":1}}},{"ClientURI":"b//w","MOData":{"w":2}}]';
  assert.equal(device.store(document), ['b/m1/v', 'b/m1/w']);
  assert.equal(device.show()[2], 'b/m1 R{v{z int 1},w int 2}');
  const below = '[{"ClientURI":"b//v/z","MOData":{"z":3}},{"ClientURI":"b//v/y","MOData":{"y":4}}]';
  device.store(below);
  assert.equal(device.show()[2], 'b/m1 R{v{z int 3,y int 4},w int 2}');
  assert.equal(device.restart().show(), device.show());
});

test('an instance that the client names never gets a name that the document gives to another [TERM-6]', () => {
  for (const document of [
    `[${element('c//', 1)},${element('c/m1/', 2)}]`,
    `[${element('c/m1/', 2)},${element('c//', 1)}]`,
    `[${element('c//', 1)},${element('c//', 3)},${element('c/m2/', 2)},${element('c/m1/', 4)}]`,
  ]) {
    const device = new MemoryDevice();
    const uris = device.store(document, { isBootstrap: true });
    assert.is(new Set(uris).size, uris.length, `${document} became ${uris.join(' ')}`);
    assert.ok(device.show().includes(document.includes('m2') ? 'c/m2 R{v int 2}' : 'c/m1 R{v int 2}'), document);
  }
});

test('the gate is asked about every element, before anything is stored', () => {
  const asked: string[] = [];
  const device = started();
  const { tree } = device;
  const gate: WriteGate = {
    ...OPEN_GATE,
    checkMoid(moid) {
      asked.push(moid);
    },
    checkWrite(target) {
      const instance = targetInstance(target, tree);
      asked.push(`${target.moid} ${instance === NO_NODE ? 'new' : tree.name(instance)}`);
      assert.equal(device.show().length, 3);
    },
  };
  device.store(`[${element('a/x/', 1)},${element('c//', 2)},{"ClientURI":"b//w","MOData":{"w":1}}]`, { gate });
  assert.equal(asked, ['a', 'a x', 'c', 'c new', 'b', 'b m1']);
});

test('what the gate refuses refuses the whole document', () => {
  const refuse = (moid: string): void => {
    if (moid === 'b') throw new DmError('FORBIDDEN', moid);
  };
  const gates: WriteGate[] = [
    { ...OPEN_GATE, checkMoid: refuse },
    { ...OPEN_GATE, checkWrite: (target) => refuse(target.moid) },
    { ...OPEN_GATE, admit: (target) => refuse(target.moid) },
  ];
  for (const gate of gates) {
    refused(`[${element('a/x/', 1)},${element('b//', 2)}]`, 'FORBIDDEN', { gate });
    refused(`[${element('b//', 2)},${element('a/x/', 1)}]`, 'FORBIDDEN', { gate });
  }
});

test.run();
