import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_NODE } from '../../src/tree/arena.js';
import { ClientUri } from '../../src/tree/client-uri.js';
import { Matches } from '../../src/tree/matches.js';
import type { Viewer } from '../../src/tree/mo-writer.js';
import { TreeStore } from '../../src/tree/tree-store.js';
import { limitsWith } from '../support/memory-device.js';
import { code } from '../support/thrown.js';
import { buildNode, type Plain } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';

// PROTOCOL.md URI-4 to URI-6, URI-10, URI-11, URI-13, URI-15, URI-16, URI-18 to URI-22, URI-25: what a ClientURI addresses.

const MOID = 'urn:oma:mo:moid:1.0';
const LIMITS = limitsWith({ tree: 65536 });

interface Instance {
  readonly moid: string;
  readonly miid: string;
  readonly root: Plain;
}

function data(date: string, value: number): Plain {
  return { Date: date, Value: value };
}

const LEFT: Instance = {
  moid: MOID,
  miid: 'left',
  root: { ID: 'GPS', Data: { 1: data('12.1', 100), 2: data('12.2', 200) }, Setting: '0xA1' },
};
const RIGHT: Instance = {
  moid: MOID,
  miid: 'right',
  root: { ID: 'Temperature', Data: { 1: data('12.1', 30), 2: data('12.2', 31) }, Setting: '0xB2' },
};

class Fixture {
  readonly tree = new TreeStore(utf8, LIMITS);
  readonly matches = new Matches(this.tree, LIMITS);
  readonly viewer: Viewer = {
    hides: (node) => this.tree.name(node) === 'Secret',
    hidesInstance: (instance) => this.tree.name(instance) === 'hidden',
  };

  constructor(...instances: Instance[]) {
    for (const { moid, miid, root } of instances) {
      this.tree.addInstance(moid, miid, buildNode(this.tree, 'Root', root));
    }
  }

  /** What a ClientURI addresses, in the order in which it comes; without the MOID where that is the usual one. */
  all(uri: string): string[] {
    const parsed = new ClientUri(uri, LIMITS);
    const found: string[] = [];
    this.matches.start(parsed, parsed.names.length, this.viewer);
    for (let node = this.matches.next(); node !== NO_NODE; node = this.matches.next()) {
      found.push(this.tree.uri(node).replace(`${MOID}/`, ''));
    }
    assert.is(this.matches.next(), NO_NODE, 'a walk that ended goes on');
    return found;
  }

  single(uri: string): string {
    return this.tree.uri(this.matches.single(new ClientUri(uri, LIMITS), this.viewer));
  }
}

const both = new Fixture(LEFT, RIGHT);

const ROWS: [uri: string, found: string[]][] = [
  [`${MOID}/left/`, ['left/']],
  [`${MOID}/(x)/?nv=(x)/ID:Temperature`, ['right/']],
  [`${MOID}/(x)/Data/1/Value?nv=(x)/ID:GPS`, ['left/Data/1/Value']],
  [`${MOID}/right/Data/(x)/Value?nv=(x)/Date:12.1`, ['right/Data/1/Value']],
  [`${MOID}/(x)/Data/(y)/Value?nv=(x)/ID:GPS&nv=(y)/Date:12.2`, ['left/Data/2/Value']],
  [`${MOID}/*/Setting`, ['left/Setting', 'right/Setting']],
  [`${MOID}/(x)/Data/*/Value?nv=(x)/ID:GPS`, ['left/Data/1/Value', 'left/Data/2/Value']],
  [`${MOID}/(x)/Data/*/Value?nv=(x)/ID:GPS&nv=(x)/Setting:0xB2`, []],
  [`${MOID}/*/Data/*/Value`, ['left/Data/1/Value', 'left/Data/2/Value', 'right/Data/1/Value', 'right/Data/2/Value']],
];

for (const [uri, found] of ROWS) {
  test(`${uri} resolves to ${found.join(' and ') || 'nothing'}`, () => {
    assert.equal(both.all(uri), found);
  });
}

test(`${MOID}// is not resolvable: two instances [URI-5]`, () => {
  assert.throws(() => both.all(`${MOID}//`), code('AMBIGUOUS'));
  assert.throws(() => both.all(`${MOID}//Setting`), code('AMBIGUOUS'));
  assert.throws(() => both.single(`${MOID}//`), code('AMBIGUOUS'));
});

test('the empty MIID is the only instance [URI-4]', () => {
  const one = new Fixture(LEFT, { moid: 'other', miid: 'o', root: {} });
  assert.equal(one.all(`${MOID}//`), ['left/']);
  assert.equal(one.all(`${MOID}//Data/(y)/Value?nv=(y)/Date:12.2`), ['left/Data/2/Value']);
  assert.is(one.single(`${MOID}//Setting`), `${MOID}/left/Setting`);
});

test('the empty MIID addresses nothing where there is no instance [URI-6]', () => {
  const none = new Fixture({ moid: 'other', miid: 'o', root: {} });
  assert.equal(none.all(`${MOID}//`), []);
  assert.equal(none.all(`${MOID}//Setting`), []);
  assert.throws(() => none.single(`${MOID}//`), code('NOT_FOUND'));
  assert.throws(() => new Fixture().single(`${MOID}//`), code('NOT_FOUND'));
});

test('an x-name at every place [URI-10]', () => {
  assert.equal(both.all(`${MOID}/(x)/`), ['left/', 'right/']);
  assert.equal(both.all(`${MOID}/left/(x)`), ['left/ID', 'left/Data', 'left/Setting']);
  assert.equal(both.all(`${MOID}/(x)/(y)?nv=(y)/1/Value:30`), ['right/Data']);
  assert.equal(both.all(`${MOID}/(x)/(y)/(z)/(w)?nv=(z)/Value:31`), ['right/Data/2/Date', 'right/Data/2/Value']);
  assert.equal(both.all(`${MOID}/left/Data/(x)?nv=(x)/Value:200`), ['left/Data/2']);
});

test('a wildcard at every place [URI-11]', () => {
  assert.equal(both.all(`${MOID}/*/`), ['left/', 'right/']);
  assert.equal(both.all(`${MOID}/right/*`), ['right/ID', 'right/Data', 'right/Setting']);
  assert.equal(both.all(`${MOID}/*/*/1`), ['left/Data/1', 'right/Data/1']);
  assert.equal(both.all(`${MOID}/left/*/*/*`), [
    'left/Data/1/Date',
    'left/Data/1/Value',
    'left/Data/2/Date',
    'left/Data/2/Value',
  ]);
  assert.equal(both.all(`${MOID}/*/*/*/*/*`), []);
});

test('conditions with a nested path [URI-15]', () => {
  assert.equal(both.all(`${MOID}/(x)/Setting?nv=(x)/Data/2/Value:31`), ['right/Setting']);
  assert.equal(both.all(`${MOID}/(x)/Setting?nv=(x)/Data/2/Date:12.2`), ['left/Setting', 'right/Setting']);
  assert.equal(both.all(`${MOID}/(x)/Setting?nv=(x)/Data/3/Value:31`), []);
  assert.equal(both.all(`${MOID}/(x)/Setting?nv=(x)/Data/2/Value/deeper:31`), []);
});

test('all conditions of a letter must hold [URI-16]', () => {
  assert.equal(both.all(`${MOID}/left/Data/(x)?nv=(x)/Date:12.2&nv=(x)/Value:200`), ['left/Data/2']);
  assert.equal(both.all(`${MOID}/left/Data/(x)?nv=(x)/Date:12.2&nv=(x)/Value:100`), []);
  assert.equal(both.all(`${MOID}/(x)/Data/(y)?nv=(y)/Date:12.1&nv=(x)/Setting:0xB2&nv=(y)/Value:30`), ['right/Data/1']);
});

test('no condition holds on a secret, or on what lies below it [URI-25]', () => {
  const fixture = new Fixture({
    moid: MOID,
    miid: 'm',
    root: { Open: 'x', Secret: 'x', Deep: { Secret: { v: 'x' } } },
  });
  assert.equal(fixture.all(`${MOID}/(q)/?nv=(q)/Open:x`), ['m/']);
  for (const condition of ['(q)/Secret:x', '(q)/Deep/Secret/v:x', '(q)/Secret:']) {
    assert.equal(fixture.all(`${MOID}/(q)/?nv=${condition}`), [], condition);
  }
  assert.equal(fixture.all(`${MOID}/m/(q)?nv=(q)/Secret/v:x`), []);
});

test('wildcards and x-names stand for no instance that the viewer may not see, names do', () => {
  const fixture = new Fixture({ ...LEFT, miid: 'hidden' }, LEFT);
  assert.equal(fixture.all(`${MOID}/*/Setting`), ['left/Setting']);
  assert.equal(fixture.all(`${MOID}/(x)/Setting?nv=(x)/ID:GPS`), ['left/Setting']);
  assert.is(fixture.single(`${MOID}/*/`), `${MOID}/left/`);
  assert.equal(fixture.all(`${MOID}/hidden/Setting`), ['hidden/Setting']);
  assert.equal(new Fixture({ ...LEFT, miid: 'hidden' }).all(`${MOID}//Setting`), ['hidden/Setting']);
});

test('a condition on an interior node holds nowhere', () => {
  assert.equal(both.all(`${MOID}/(x)/?nv=(x)/Data:`), []);
  assert.equal(both.all(`${MOID}/(x)/?nv=(x)/Data/1:12.1`), []);
});

test('conditions compare the whole value, byte for byte [URI-15]', () => {
  for (const value of ['GP', 'GPSx', 'gps', '', 'GPS%20']) {
    assert.equal(both.all(`${MOID}/(x)/?nv=(x)/ID:${value}`), [], value);
  }
});

test('conditions on values of every kind', () => {
  const root = { b: true, c: false, d: null, e: '', f: -1.5, g: 'caf\u00e9 & more', h: 'true' };
  const fixture = new Fixture({ moid: MOID, miid: 'm', root });
  const holds = (condition: string) => fixture.all(`${MOID}/(x)/?nv=(x)/${condition}`).length === 1;
  assert.equal(
    ['b:true', 'b:1', 'c:false', 'c:', 'd:null', 'd:', 'e:', 'f:-1.5', 'g:caf%C3%A9%20%26%20more', 'h:true'].filter(
      holds,
    ),
    ['b:true', 'c:false', 'e:', 'f:-1.5', 'g:caf%C3%A9%20%26%20more', 'h:true'],
  );
});

test('a validator and unknown fields in the query do not select [URI-18]', () => {
  assert.equal(both.all(`${MOID}/left/Setting?cv=123&x=y`), ['left/Setting']);
  assert.equal(both.all(`${MOID}/(x)/?cv=1&nv=(x)/ID:GPS&z`), ['left/']);
});

test('names are decoded before they are compared, and * in a name is no wildcard [URI-19]', () => {
  const fixture = new Fixture({ moid: 'a b', miid: 'm/1', root: { '*': 1, '(x)': 2, '%': 3, plain: 4 } });
  assert.equal(fixture.all('a%20b/m%2F1/%2A'), ['a%20b/m%2F1/%2A']);
  assert.equal(fixture.all('a%20b/*/%28x)'), ['a%20b/m%2F1/%28x)']);
  assert.equal(fixture.all('a%20b/*/%25'), ['a%20b/m%2F1/%25']);
  assert.is(fixture.all('a%20b/*/*').length, 4);
  assert.is(fixture.single('a%20b/m%2F1/%28x)'), 'a%20b/m%2F1/%28x)');
});

test('what is not there is not found', () => {
  for (const uri of [
    `${MOID}/none/`,
    `${MOID}/left/None`,
    `${MOID}/left/ID/deeper`,
    'none/left/',
    'none//',
    'none/*/',
  ]) {
    assert.equal(both.all(uri), [], uri);
    assert.throws(() => both.single(uri), code('NOT_FOUND'), uri);
  }
});

test('one node is needed where several are addressed', () => {
  for (const uri of [`${MOID}/*/`, `${MOID}/(x)/Setting`, `${MOID}/left/Data/*`]) {
    assert.throws(() => both.single(uri), code('AMBIGUOUS'), uri);
  }
  assert.is(both.single(`${MOID}/(x)/Data/1/Value?nv=(x)/ID:GPS`), `${MOID}/left/Data/1/Value`);
  assert.is(new Fixture(RIGHT).single(`${MOID}/*/Setting`), `${MOID}/right/Setting`);
});

test('a walk of the first components only', () => {
  const uri = new ClientUri(`${MOID}/left/Data/9`, LIMITS);
  const data = both.matches.atMostOne(uri, 3, both.viewer);
  assert.is(both.tree.uri(data), `${MOID}/left/Data`);
  assert.is(both.matches.atMostOne(uri, 4, both.viewer), NO_NODE);
  assert.is(both.tree.uri(both.matches.atMostOne(uri, 2, both.viewer)), `${MOID}/left/`);
});

test('a walk that was given up does not disturb the next', () => {
  both.matches.start(new ClientUri(`${MOID}/*/Data/*/Value`, LIMITS), 5, both.viewer);
  both.matches.next();
  assert.equal(both.all(`${MOID}/left/`), ['left/']);
});

test('a condition compares the text of a value [URI-15]', () => {
  const holds = (value: Plain, text: string): boolean =>
    new Fixture({ moid: MOID, miid: 'm', root: { v: value } }).all(`${MOID}/(x)/?nv=(x)/v:${text}`).length === 1;
  for (const [value, same, others] of [
    ['caf\u00e9', 'caf\u00e9', ['cafe', 'caf', 'caf\u00e9s']],
    ['\u20ac\u{1f600}', '\u20ac\u{1f600}', ['\u20ac']],
    ['', '', ['x']],
    [100, '100', ['1e2', '100.0', '']],
    [true, 'true', ['false', '', '1']],
    [false, 'false', ['true', '']],
  ] as [Plain, string, string[]][]) {
    assert.ok(holds(value, same), same);
    for (const other of others) assert.not(holds(value, other), `${same} is not ${other}`);
  }
  for (const text of ['', 'null']) assert.not(holds(null, text), 'null has no text');
  assert.not(holds({}, ''), 'an interior node has no value');
});

test('paths as deep as the limit are found, deeper ones address nothing', () => {
  let root: Plain = { end: 1 };
  for (let depth = LIMITS.depth - 2; depth > 0; depth -= 1) root = { n: root };
  const fixture = new Fixture({ moid: MOID, miid: 'm', root });
  const deepest = `${'n/'.repeat(LIMITS.depth - 2)}end`;
  assert.equal(fixture.all(`${MOID}/m/${deepest}`), [`m/${deepest}`]);
  assert.equal(fixture.all(`${MOID}/*/${'*/'.repeat(LIMITS.depth - 2)}*`), [`m/${deepest}`]);
  for (const more of [1, 2, 3, 4, 5, 100]) {
    assert.equal(fixture.all(`${MOID}/m/${deepest}${'/x'.repeat(more)}`), [], `${more} too deep`);
    assert.equal(fixture.all(`${MOID}/*/${'*/'.repeat(LIMITS.depth - 1 + more)}`), [], `${more} too deep`);
  }
});

test.run();
