import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MOID_ACCESS as ACCESS,
  MOID_ACCOUNT as ACCOUNT,
  MOID_DEVINFO as DEVINFO,
  MOID_SESSION as SESSION,
} from '../../src/tree/standard-mos.js';
import { DefinedTree } from '../support/defined-tree.js';
import { code } from '../support/thrown.js';
import type { Plain } from '../support/tree-text.js';

// PROTOCOL.md §13 and §14: the definitions of the standard MOs.

const notAllowed = code('NOT_ALLOWED');
const conflict = code('CONFLICT');

const AUTH = {
  Bootstrap: {
    ServerURI: 'https://b.example/',
    SecMode: 1,
    ClientPubKey: 'p',
    ServerPubKey: 'p',
    ClientSecretKey: 's',
  },
  Noti: { Type: 't', Data: 'd', Secret: 's' },
  Trsp: { Data: 'd', Secret: 's' },
};

const FULL = {
  SrvID: 'dm.example',
  SrvURI: 'https://dm.example/dm',
  Name: 'Example',
  Perm: { 1: { MOID: 'urn:oma:mo:oma-mms:1.3' } },
  Auth: AUTH,
  Push: { any: { thing: 1 } },
  Ext: { Maker: { Secret: 's', OtherSecretKey: 's', v: 'x' } },
};

const ENTRY = { MO: 'urn:a/m1/', Acl: { 1: { SrvID: 'dm.example', Rights: 'RW' } } };

function filled(moid: string, value: Plain): DefinedTree {
  const tree = new DefinedTree(['v chr RW ?']);
  tree.add(value, moid);
  return tree;
}

test('a DM Account has its nodes, and SrvID and SrvURI of them must be there [STD-2] [ACC-2] [ACC-3] [ACC-4]', () => {
  const tree = new DefinedTree(['v chr RW ?']);
  const store = (value: Plain) => tree.admit('', value, { moid: ACCOUNT, trusted: true });
  store(FULL);
  const { SrvID, SrvURI } = FULL;
  store({ SrvID, SrvURI });
  store({ SrvID, SrvURI, Perm: {}, Auth: { Bootstrap: {}, Noti: {}, Trsp: {} } });
  for (const value of [{}, { SrvID }, { SrvURI }, { SrvID, SrvURI: 1 }, { SrvID, SrvURI, Other: 'x' }] as Plain[])
    assert.throws(() => store(value), conflict, JSON.stringify(value));
});

test('a server writes no Perm and no Auth/Bootstrap [ACC-6] [ACC-9] [ST-405]', () => {
  const tree = filled(ACCOUNT, FULL);
  const { SrvID, SrvURI } = FULL;
  const documents: [string, Plain][] = [
    ['', FULL],
    ['', { SrvID, SrvURI, Perm: {} }],
    ['', { SrvID, SrvURI, Auth: { Bootstrap: {} } }],
    ['Perm', {}],
    ['Perm/1', { MOID: 'x' }],
    ['Perm/2', { MOID: 'x' }],
    ['Perm/1/MOID', 'x'],
    ['Auth', AUTH],
    ['Auth/Bootstrap', {}],
    ['Auth/Bootstrap/SecMode', 1],
  ];
  for (const [path, value] of documents)
    assert.throws(() => tree.admit(path, value, { moid: ACCOUNT }), notAllowed, path);
  for (const path of [
    'Perm',
    'Perm/1',
    'Perm/1/MOID',
    'Auth',
    'Auth/Bootstrap',
    'Auth/Bootstrap/ServerURI',
    'SrvID',
    'SrvURI',
  ])
    assert.throws(() => tree.definitions.checkDelete(tree.at(path, ACCOUNT)), notAllowed, path);
  for (const path of ['', 'Name', 'Auth/Noti', 'Auth/Trsp/Secret', 'Push', 'Ext', 'Ext/Maker'])
    tree.definitions.checkDelete(tree.at(path, ACCOUNT));
});

test('Perm and Auth/Bootstrap stay when a server writes the account [ACC-6] [ACC-9] [MO-31]', () => {
  const tree = filled(ACCOUNT, { ...FULL, Auth: { Bootstrap: { SecMode: 1 }, Trsp: { Secret: 's' } } });
  const { SrvID, SrvURI } = FULL;
  const head = 'R{SrvID chr"dm.example",SrvURI chr"https://dm.example/dm"';
  const perm = 'Perm{1{MOID chr"urn:oma:mo:oma-mms:1.3"}}';
  const store = (value: Plain) => tree.admit('', value, { moid: ACCOUNT });
  assert.is(store({ SrvID, SrvURI }), `${head},${perm},Auth{Bootstrap{SecMode int 1},Trsp{Secret chr"s"}}}`);
  const auth = 'Auth{Noti{Type chr"t"},Bootstrap{SecMode int 1}}';
  assert.is(store({ SrvID, SrvURI, Auth: { Noti: { Type: 't' } } }), `${head},${auth},${perm}}`);
  assert.is(tree.admit('Auth', {}, { moid: ACCOUNT }), 'Auth{Bootstrap{SecMode int 1}}');
});

test('secrets and Perm of a DM Account are hidden, also those that no definition has [ACC-7] [ACC-8]', () => {
  const tree = filled(ACCOUNT, FULL);
  const secrets = ['Perm', 'Auth/Bootstrap/ClientSecretKey', 'Auth/Noti/Secret', 'Auth/Trsp/Secret'];
  for (const path of secrets.concat(['Ext/Maker/Secret', 'Ext/Maker/OtherSecretKey']))
    assert.ok(tree.definitions.hides(tree.at(path, ACCOUNT)), path);
  for (const path of ['Perm/1', 'Perm/1/MOID']) assert.ok(tree.covers(tree.at(path, ACCOUNT)), path);
  const open = [
    '',
    'SrvID',
    'Auth',
    'Auth/Bootstrap',
    'Auth/Bootstrap/SecMode',
    'Auth/Noti/Data',
    'Push/any',
    'Ext/Maker/v',
  ];
  for (const path of open) assert.not(tree.covers(tree.at(path, ACCOUNT)), path);
});

test('DevInfo is for reading only, and stays [STD-1] [STD-5] [STD-6] [STD-7] [STD-9] [ST-405]', () => {
  const leaves = ['DevID', 'Man', 'Mod', 'DmV', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV', 'Bearer'];
  const value: Plain = { ...Object.fromEntries(leaves.map((name) => [name, 'x'])), Ext: { v: 1 } };
  const tree = filled(DEVINFO, value);
  tree.admit('', value, { moid: DEVINFO, trusted: true });
  tree.admit('', { DevID: 'x' }, { moid: DEVINFO, trusted: true });
  for (const path of ['', 'Ext', 'Ext/v', ...leaves]) {
    const node = tree.at(path, DEVINFO);
    assert.not(tree.covers(node));
    assert.throws(() => tree.definitions.checkDelete(node), notAllowed, path);
    assert.throws(() => tree.admit(path, path === '' ? {} : 'y', { moid: DEVINFO }), notAllowed, path);
  }
  assert.throws(() => tree.admit('', { Other: 'x' }, { moid: DEVINFO, trusted: true }), conflict);
  assert.throws(() => tree.admitInstance(value, { moid: DEVINFO, trusted: true }), conflict);
});

test('Session Information is for reading only, and stays [STD-4] [STD-10] [STD-11] [ST-405]', () => {
  const tree = filled(SESSION, { CBT: 1, ROAMING: 0 });
  tree.admit('', { CBT: 2, ROAMING: 1 }, { moid: SESSION, trusted: true });
  assert.throws(() => tree.admit('', { CBT: '2' }, { moid: SESSION, trusted: true }), conflict);
  for (const path of ['', 'CBT', 'ROAMING']) {
    assert.not(tree.covers(tree.at(path, SESSION)));
    assert.throws(() => tree.definitions.checkDelete(tree.at(path, SESSION)), notAllowed, path);
    assert.throws(() => tree.admit(path, path === '' ? {} : 1, { moid: SESSION }), notAllowed, path);
  }
});

test('of the access control MO a server writes entries, whole and well-formed [STD-3] [ACC-19]', () => {
  const tree = filled(ACCESS, { 1: ENTRY });
  const moid = ACCESS;
  assert.throws(() => tree.admit('', { 1: ENTRY }, { moid }), notAllowed);
  for (const path of ['', '1', '1/MO'])
    assert.throws(() => tree.definitions.checkDelete(tree.at(path, ACCESS)), notAllowed, path);
  assert.is(tree.admit('1', { MO: 'urn:b/m1/' }, { moid }), '1{MO chr"urn:b/m1/"}');
  assert.is(tree.admit('1', { Acl: {} }, { moid }), '1{Acl{},MO chr"urn:a/m1/"}');
  tree.admit('2', ENTRY, { moid });
  for (const value of [
    {},
    { Acl: {} },
    { MO: 1 },
    { ...ENTRY, x: 1 },
    { MO: 'urn:b/m1/', Acl: { 1: { SrvID: 'x' } } },
  ] as Plain[])
    assert.throws(() => tree.admit('2', value, { moid }), conflict, JSON.stringify(value));
});

test.run();
