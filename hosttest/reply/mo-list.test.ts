import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BodyWriter } from '../../src/bytes/body-writer.js';
import { MoList } from '../../src/reply/mo-list.js';
import type { NodeId } from '../../src/tree/arena.js';
import { isHidden, Large, DEVICE_VIEWER as OPEN, type Viewer } from '../../src/tree/mo-writer.js';
import { MemoryDevice } from '../support/memory-device.js';
import { buildNode, type Plain } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';
import { written, writtenBytes } from '../support/written.js';

// PROTOCOL.md MO-1, MO-2, ACC-7, ACC-8: MO data of several nodes, without secrets.

const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';

class Fixture {
  readonly device = new MemoryDevice().device;
  readonly tree = this.device.tree;
  readonly secrets: Viewer = { ...OPEN, hides: (node) => this.device.definitions.hides(node) };

  /** Adds an instance. Returns its MO root. */
  add(moid: string, miid: string, value: Plain): NodeId {
    const root = buildNode(this.tree, 'Root', value);
    this.tree.addInstance(moid, miid, root);
    return root;
  }

  list(nodes: readonly NodeId[], viewer: Viewer = OPEN): MoList {
    const uris = nodes.map((node) => this.device.clientUri(this.tree.uri(node)));
    return new MoList(this.device, uris, viewer, false, Large.Whole);
  }

  parse(nodes: readonly NodeId[], viewer: Viewer = OPEN): unknown {
    return JSON.parse(written(this.list(nodes, viewer)));
  }
}

test('no nodes are an empty array', () => {
  assert.is(written(new Fixture().list([])), '[]');
});

test('one node is an array of one [MO-1 MO-3]', () => {
  const fixture = new Fixture();
  const root = fixture.add('a', 'm1', { x: 1 });
  assert.is(written(fixture.list([root])), '[{"ClientURI":"a/m1/","MOData":{"Root":{"x":1}}}]');
});

test('several nodes, each with its ClientURI [MO-1 MO-3]', () => {
  const fixture = new Fixture();
  const first = fixture.add('a', 'm/1', { x: { y: 'text' }, z: null });
  const second = fixture.add('b', 'm2', {});
  const y = fixture.tree.child(fixture.tree.child(first, 'x'), 'y');
  assert.equal(fixture.parse([first, y, second]), [
    { ClientURI: 'a/m%2F1/', MOData: { Root: { x: { y: 'text' }, z: null } } },
    { ClientURI: 'a/m%2F1/x/y', MOData: { y: 'text' } },
    { ClientURI: 'b/m2/', MOData: { Root: {} } },
  ]);
});

test('windows of any size give the same bytes, which measure counts', () => {
  const fixture = new Fixture();
  const nodes = [
    fixture.add('a', 'm1', { x: 'caf\u00e9 "q"', y: { z: 'v'.repeat(300) } }),
    fixture.add('b', 'm1', {}),
    fixture.add('c', 'm1', 'leaf'),
  ];
  const list = fixture.list(nodes);
  const whole = writtenBytes(list);
  assert.is(new BodyWriter(utf8).measure(list), whole.length);
  for (let size = 1; size < whole.length + 2; size += 1) assert.equal(writtenBytes(list, size), whole, `${size}`);
});

test('secrets and the Perm list of an account are left out, without stray commas [ACC-7 ACC-8]', () => {
  const fixture = new Fixture();
  const account: Plain = {
    Perm: { p1: { MOID: 'a' } },
    SrvID: 'srv',
    Auth: {
      Bootstrap: { ClientSecretKey: 'k', SecMode: 1 },
      Noti: { Type: 'x', Secret: 's' },
      Trsp: { Data: 'd', Secret: 's' },
      Only: { Secret: 's' },
    },
    MySecret: 's',
  };
  const root = fixture.add(ACCOUNT, 'm1', account);
  const other = fixture.add('urn:other', 'm1', account);
  const shown = {
    SrvID: 'srv',
    Auth: { Bootstrap: { SecMode: 1 }, Noti: { Type: 'x' }, Trsp: { Data: 'd' }, Only: {} },
  };
  assert.equal(fixture.parse([root, other], fixture.secrets), [
    { ClientURI: `${ACCOUNT}/m1/`, MOData: { Root: shown } },
    { ClientURI: 'urn:other/m1/', MOData: { Root: account } },
  ]);
});

test('what lies below a secret is covered by it [ACC-7]', () => {
  const fixture = new Fixture();
  const { tree, secrets } = fixture;
  const root = fixture.add(ACCOUNT, 'm1', { Perm: { p1: { MOID: 'a' } }, Name: 'n', OtherSecret: 'x' });
  const other = fixture.add('urn:other', 'm1', { Perm: { p1: { MOID: 'a' } } });
  const perm = tree.child(root, 'Perm');
  const p1 = tree.child(perm, 'p1');
  for (const node of [perm, p1, tree.child(p1, 'MOID'), tree.child(root, 'OtherSecret')])
    assert.ok(isHidden(node, secrets, tree));
  for (const node of [root, tree.child(root, 'Name'), other, tree.child(other, 'Perm')])
    assert.not(isHidden(node, secrets, tree));
});

test.run();
