import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { authorityEnd, isHttp, isSecure, originOf, resolveUrl } from '../../src/http/url.js';

// PROTOCOL.md HTTP-15 to HTTP-20: where a redirect leads, and whether that is the same server.

const BASE = 'https://h.example:8443/a/b/c?q=1/2';

const RESOLVED: readonly (readonly [what: string, reference: string, url: string])[] = [
  ['absolute', 'http://other.example/x?y', 'http://other.example/x?y'],
  ['absolute, scheme in capitals', 'HTTPS://Other.example/X', 'HTTPS://Other.example/X'],
  ['absolute without a path', 'http://other.example', 'http://other.example'],
  ['absolute with a fragment', 'http://other.example/x#frag', 'http://other.example/x'],
  ['scheme-relative', '//other.example/x', 'https://other.example/x'],
  ['scheme-relative with a fragment', '//other.example/x?y#z', 'https://other.example/x?y'],
  ['absolute path', '/x/y', 'https://h.example:8443/x/y'],
  ['absolute path with query and colon', '/x:y?z=http://w/', 'https://h.example:8443/x:y?z=http://w/'],
  ['the root', '/', 'https://h.example:8443/'],
  ['absolute path with a fragment', '/x#y', 'https://h.example:8443/x'],
  ['relative', 'x', 'https://h.example:8443/a/b/x'],
  ['relative with a slash', 'x/y/', 'https://h.example:8443/a/b/x/y/'],
  ['relative with query', 'x?y=z', 'https://h.example:8443/a/b/x?y=z'],
  ['relative with a fragment', 'x#y/z', 'https://h.example:8443/a/b/x'],
  ['relative with a colon behind a slash', './x:y', 'https://h.example:8443/a/b/./x:y'],
  ['query only', '?new=1', 'https://h.example:8443/a/b/c?new=1'],
  ['query only, with a slash', '?a/b', 'https://h.example:8443/a/b/c?a/b'],
  ['empty query', '?', 'https://h.example:8443/a/b/c?'],
  ['query with a fragment', '?new=1#f', 'https://h.example:8443/a/b/c?new=1'],
  ['fragment only', '#frag', 'https://h.example:8443/a/b/c?q=1/2'],
  ['empty', '', 'https://h.example:8443/a/b/c?q=1/2'],
];

for (const [what, reference, url] of RESOLVED) {
  test(`resolves ${what}: '${reference}'`, () => {
    assert.is(resolveUrl(BASE, reference), url);
    // RFC 3986 by an implementation that is not ours, which removes dot segments and writes hosts in small letters.
    const other = new URL(reference, BASE);
    other.hash = '';
    assert.is(new URL(url).href, other.href);
  });
}

test('resolves against a base without a path', () => {
  for (const base of ['http://h.example', 'http://h.example/', 'http://h.example?q=/x/', 'http://h.example/?q']) {
    assert.is(resolveUrl(base, 'x'), 'http://h.example/x', base);
    assert.is(resolveUrl(base, '/x'), 'http://h.example/x', base);
    assert.is(resolveUrl(base, '//o/x'), 'http://o/x', base);
  }
  assert.is(resolveUrl('http://h.example?q', '?r'), 'http://h.example?r');
});

test('a fragment of the base does not count', () => {
  const base = 'http://h.example/a/b?q#f/g?h';
  assert.is(resolveUrl(base, 'x'), 'http://h.example/a/x');
  assert.is(resolveUrl(base, '?x'), 'http://h.example/a/b?x');
  assert.is(resolveUrl('http://h.example/a/b#f/g', 'x'), 'http://h.example/a/x');
  assert.is(resolveUrl('http://h.example/a/b#f', '?x'), 'http://h.example/a/b?x');
  assert.is(resolveUrl('http://h.example#f', '/x'), 'http://h.example/x');
});

test('other schemes resolve to nothing', () => {
  for (const reference of [
    'ftp://h/x',
    'javascript:alert(1)',
    'data:,x',
    'file:///etc',
    'mailto:a@b',
    'urn:x:y',
    'http:x',
    'x:',
  ]) {
    assert.is(resolveUrl(BASE, reference), '', reference);
  }
});

test('the origin is scheme and authority, in small letters', () => {
  assert.is(originOf('HTTPS://Host.Example:8443/A/B?C'), 'https://host.example:8443');
  assert.is(originOf('http://h'), 'http://h');
  assert.is(originOf('http://h?x/y'), 'http://h');
  assert.is(originOf('http://h#x'), 'http://h');
  assert.is(originOf('http://[::1]:80/'), 'http://[::1]:80');
});

test('URLs of another scheme, host or port have another origin', () => {
  const origin = originOf('https://h.example/x');
  for (const url of [
    'http://h.example/x',
    'https://h.example.evil/x',
    'https://hh.example/x',
    'https://h.example:444/x',
    'https://h.example@evil.example/x',
    'https://evil.example/https://h.example/x',
    'https://evil.example?https://h.example/',
    'https://evil.example#@h.example/',
  ]) {
    assert.is.not(originOf(url), origin, url);
  }
  assert.is(originOf('HTTPS://H.EXAMPLE?y'), origin);
});

test('https is secure, in any case', () => {
  for (const url of ['https://h', 'HTTPS://h', 'hTTpS://h/']) assert.ok(isSecure(url), url);
  for (const url of ['http://h', 'httpss://h', 'http://https://', '', 'ahttps://h']) assert.not(isSecure(url), url);
});

test('what http and https URLs begin with', () => {
  for (const url of ['http://h', 'https://h', 'HTTP://h', 'hTTPs://h', 'http://', 'https://'])
    assert.ok(isHttp(url), url);
  for (const url of ['', 'http:/h', 'http:h', 'https:/h', 'httpx://h', ' http://h', 'ftp://h', '//h', 'urn:oma:mo']) {
    assert.not(isHttp(url), url);
  }
});

test('the place behind the authority', () => {
  for (const [url, rest] of [
    ['http://h/a', '/a'],
    ['http://h?a/b', '?a/b'],
    ['http://h#a/b', '#a/b'],
    ['http://h', ''],
    ['http:///a', '/a'],
    ['https://u:p@[::1]:8/a//b', '/a//b'],
  ]) {
    assert.is(url.slice(authorityEnd(url)), rest, url);
  }
});

test.run();
