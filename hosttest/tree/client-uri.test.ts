import { ClientUri, DEFAULT_LIMITS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { code } from '../support/thrown.js';

// PROTOCOL.md URI-1 to URI-3, URI-7 to URI-9, URI-12 to URI-19, URI-24: how a ClientURI is read.

const MOID = 'urn:oma:mo:moid:1.0';

/** What a component stands for, as `ClientUri.part` has it; all else is a letter. */
const NAME = 0;
const ANY = 1;
const ONLY = 2;
const X = 0x78;
const Y = 0x79;

function parse(uri: string): ClientUri {
  return new ClientUri(uri, DEFAULT_LIMITS);
}

/** What each component stands for. */
function partsOf(uri: ClientUri): number[] {
  return uri.names.map((_, i) => uri.part(i));
}

/** Conditions as `letter/rel/path:value`. */
function conditions(uri: string): string[] {
  return parse(uri).conditions.map(
    ({ letter, rel, value }) => `${String.fromCharCode(letter)}/${rel.join('/')}:${value}`,
  );
}

const SHAPES: [uri: string, names: string[], parts: number[]][] = [
  [`${MOID}/left/`, [MOID, 'left'], [NAME, NAME]],
  [`${MOID}//`, [MOID, ''], [NAME, ONLY]],
  [`${MOID}//CBT`, [MOID, '', 'CBT'], [NAME, ONLY, NAME]],
  [`${MOID}/*/Setting`, [MOID, '*', 'Setting'], [NAME, ANY, NAME]],
  [`${MOID}/(x)/`, [MOID, '(x)'], [NAME, X]],
  [`${MOID}/(x)/Data/(y)/Value`, [MOID, '(x)', 'Data', '(y)', 'Value'], [NAME, X, NAME, Y, NAME]],
  [`${MOID}/*/Data/*/Value`, [MOID, '*', 'Data', '*', 'Value'], [NAME, ANY, NAME, ANY, NAME]],
  [`${MOID}/m1/(x)`, [MOID, 'm1', '(x)'], [NAME, NAME, X]],
  [`${MOID}/m1/(x)/(X)`, [MOID, 'm1', '(x)', '(X)'], [NAME, NAME, X, 0x58]],
  [`${MOID}/m1/(1)/(xy)/()/(x`, [MOID, 'm1', '(1)', '(xy)', '()', '(x'], [NAME, NAME, NAME, NAME, NAME, NAME]],
  [`${MOID}/m1/**/a*`, [MOID, 'm1', '**', 'a*'], [NAME, NAME, NAME, NAME]],
];

for (const [uri, names, parts] of SHAPES) {
  test(`components of ${uri} [URI-1 URI-2 URI-3 URI-7 URI-8 URI-9 URI-13]`, () => {
    const parsed = parse(uri);
    assert.equal(parsed.names, names);
    assert.equal(partsOf(parsed), parts);
    assert.is(parsed.moid, names[0]);
    assert.is(parsed.miid, names[1]);
    assert.is(parsed.isRoot, names.length === 2);
    assert.is(
      parsed.isPlain,
      parts.every((part) => part === NAME || part === ONLY),
    );
    assert.equal(parsed.conditions, []);
    assert.is(parsed.validator, '');
  });
}

test('a trailing slash means nothing more [URI-12]', () => {
  for (const uri of [`${MOID}/m1/a`, `${MOID}/m1/a/b`, `${MOID}/*/(x)`]) {
    assert.equal(parse(`${uri}/`).names, parse(uri).names);
    assert.equal(partsOf(parse(`${uri}/`)), partsOf(parse(uri)));
  }
});

test('each component is percent-decoded after splitting [URI-19]', () => {
  assert.equal(parse('urn%3Aa/m%2F1/100%25/a%3Fb/caf%C3%A9/%F0%9F%98%80/').names, [
    'urn:a',
    'm/1',
    '100%',
    'a?b',
    'caf\u00e9',
    '\u{1f600}',
  ]);
  assert.equal(parse('moid/m1/caf\u00e9').names, ['moid', 'm1', 'caf\u00e9']);
  assert.equal(parse('moid/m1/a+b').names, ['moid', 'm1', 'a+b']);
});

test('what is percent-encoded is a name, whatever it decodes to [URI-19]', () => {
  const parsed = parse('moid/%2A/%28x)/(%78)/%28y%29/a%2Fb');
  assert.equal(parsed.names, ['moid', '*', '(x)', '(x)', '(y)', 'a/b']);
  assert.equal(partsOf(parsed), [NAME, NAME, NAME, NAME, NAME, NAME]);
  assert.ok(parsed.isPlain);
});

test('a path is decoded once', () => {
  assert.equal(parse('moid/m1/%252F').names, ['moid', 'm1', '%2F']);
});

test('one nv [URI-14 URI-15]', () => {
  assert.equal(conditions(`${MOID}/(x)/?nv=(x)/ID:Temperature`), ['x/ID:Temperature']);
});

test('several nv, of one letter and of different ones [URI-14 URI-16]', () => {
  assert.equal(conditions(`${MOID}/(x)/Data/(y)/Value?nv=(x)/ID:GPS&nv=(y)/Date:12.2&nv=(x)/Setting:0xA1`), [
    'x/ID:GPS',
    'y/Date:12.2',
    'x/Setting:0xA1',
  ]);
});

test('nv with a nested path [URI-15]', () => {
  assert.equal(conditions(`${MOID}/(x)/?nv=(x)/Data/1/Date:12.1`), ['x/Data/1/Date:12.1']);
});

test('the value of an nv begins behind the first colon, and ends at the next field', () => {
  assert.equal(conditions(`${MOID}/(x)/?nv=(x)/Addr:http://h.example:80/p?q=1&cv=2`), [
    'x/Addr:http://h.example:80/p?q=1',
  ]);
  assert.equal(conditions(`${MOID}/(x)/?nv=(x)/ID:`), ['x/ID:']);
});

test('path and value of an nv are percent-decoded [URI-15 URI-19]', () => {
  assert.equal(conditions(`${MOID}/(x)/?nv=(x)/urn%3Aa/b%2Fc:1%262%25%20caf%C3%A9`), ['x/urn:a/b/c:1&2% caf\u00e9']);
  assert.equal(parse(`${MOID}/(x)/?nv=(x)/b%2Fc:1`).conditions[0].rel, ['b/c']);
});

test('in an nv, * and x-names below the first component are names', () => {
  assert.equal(parse(`${MOID}/(x)/?nv=(x)/*/(y):1`).conditions[0].rel, ['*', '(y)']);
});

test('the query holds a validator [URI-14]', () => {
  assert.is(parse(`${MOID}/m1/?cv=686897696a`).validator, '686897696a');
  assert.is(parse(`${MOID}/m1/?cv=a%26b%25`).validator, 'a&b%');
  assert.is(parse(`${MOID}/m1/?cv=a=b`).validator, 'a=b');
  assert.is(parse(`${MOID}/m1/?cv=`).validator, '');
  const both = parse(`${MOID}/(x)/?cv=7&nv=(x)/ID:GPS`);
  assert.is(both.validator, '7');
  assert.is(both.conditions.length, 1);
});

test('unknown query fields are ignored [URI-18]', () => {
  for (const query of ['', '&', '&&', 'x=1', 'x', '=', 'nvx=(y)/a:b', 'NV=(y)/a:b', 'cvx=3', '%zz=%zz']) {
    const parsed = parse(`${MOID}/m1/a?${query}`);
    assert.equal(parsed.names, [MOID, 'm1', 'a'], query);
    assert.equal(parsed.conditions, [], query);
    assert.is(parsed.validator, '', query);
  }
  assert.is(parse(`${MOID}/m1/?a=1&cv=2&b=3`).validator, '2');
});

test('a slash in the query parts no components', () => {
  assert.equal(parse(`${MOID}/m1/a?x=b/c//d`).names, [MOID, 'm1', 'a']);
});

const BAD: [what: string, uris: string[]][] = [
  ['no MOID', ['', '/', '//', '/m1/', '//a', '?cv=1']],
  [
    'no MIID, or no slash behind it',
    ['moid', 'moid?cv=1', 'urn:oma:mo:moid:1.0', 'moid/', 'moid/m1', 'moid/?cv=1', 'moid/*'],
  ],
  ['a wildcard or x-name for the MOID', ['*/m1/', '(x)/m1/', '(x)//?nv=(x)/a:b']],
  ['an empty name in the path', ['moid//a//b', 'moid/m1//', 'moid/m1/a//', 'moid///', 'moid/m1//a']],
  ['a letter twice', ['moid/(x)/(x)', 'moid/(x)/a/(x)', 'moid/m1/(x)/(y)/(x)/']],
  [
    'percent-encoding that is none',
    ['moid/m1/%', 'moid/m1/%4', 'moid/m1/%zz', 'mo%id/m1/', 'moid/%/', 'moid/m1/?cv=%', 'moid/(x)/?nv=(x)/a%:b'],
  ],
  ['percent-encoded bytes that are not UTF-8', ['moid/m1/%C3', 'moid/m1/%FF', 'moid/m1/%ED%A0%80', 'moid/m1/%C0%80']],
  ['an nv without path', ['moid/(x)/?nv=', 'moid/(x)/?nv=(x)', 'moid/(x)/?nv=(x):b', 'moid/(x)/?nv=:b']],
  ['an nv without value', ['moid/(x)/?nv=(x)/a', 'moid/(x)/?nv=(x)/a/b', 'moid/(x)/?nv=(x)/']],
  ['an nv with an empty name', ['moid/(x)/?nv=(x)/:b', 'moid/(x)/?nv=(x)//a:b', 'moid/(x)/?nv=(x)/a/:b']],
  [
    'an nv that does not begin with an x-name',
    ['moid/(x)/?nv=a/b:c', 'moid/(x)/?nv=x/b:c', 'moid/*/?nv=*/b:c', 'moid/(x)/?nv=/b:c', 'moid/m1/?nv=(1)/b:c'],
  ],
  [
    'an nv whose letter is not in the path',
    ['moid/m1/?nv=(x)/a:b', 'moid/(x)/?nv=(y)/a:b', 'moid/(x)/?nv=(X)/a:b', 'moid/%28x)/?nv=(x)/a:b'],
  ],
];

for (const [what, uris] of BAD) {
  test(`refused: ${what}`, () => {
    for (const uri of uris) assert.throws(() => parse(uri), code('BAD_URI'), uri);
  });
}

test('of a path that is too deep for any node, no more names are kept than show that', () => {
  const depth = DEFAULT_LIMITS.depth;
  const kept = depth + 4;
  assert.is(parse(`moid/m1/${'a/'.repeat(depth)}`).names.length, depth + 2);
  for (const path of ['a/'.repeat(500), '%61/'.repeat(200), '*/'.repeat(500)]) {
    assert.is(parse(`moid/m1/${path}`).names.length, kept);
  }
  const rel = 'a/'.repeat(400);
  assert.is(parse(`moid/(x)/?nv=(x)/${rel}a:b`).conditions[0].rel.length, depth);
});

test('there are at most as many conditions as levels', () => {
  const query = (count: number) => `moid/(x)/?${Array(count).fill('nv=(x)/a:b').join('&')}`;
  assert.is(parse(query(DEFAULT_LIMITS.depth)).conditions.length, DEFAULT_LIMITS.depth);
  assert.throws(() => parse(query(DEFAULT_LIMITS.depth + 1)), code('BAD_URI'));
});

test.run();
