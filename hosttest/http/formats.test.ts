import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Formats } from '../../src/http/formats.js';

// PROTOCOL.md HTTP-2, HTTP-38 to HTTP-40: which type a server takes.

const MO = 'application/vnd.oma.dm.mo+json';
const DMMO = 'application/dmmo+json';
const JSON_TYPE = 'application/json';
const URL = 'http://repo.example/up';

/** The type for a server that said this. */
function chosen(accept: string): string {
  const formats = new Formats();
  formats.remember(URL, accept);
  return formats.typeFor(URL);
}

test('a server that has said nothing gets the usual type [MO-22]', () => {
  assert.is(new Formats().typeFor(URL), MO);
  assert.is(chosen(''), MO);
});

test('one of ours that is named is taken, whatever its case and parameters [HTTP-2 HTTP-39]', () => {
  for (const [accept, expected] of [
    [MO, MO],
    [DMMO, DMMO],
    [JSON_TYPE, JSON_TYPE],
    ['Application/JSON', JSON_TYPE],
    [' application/json ; charset=utf-8 ', JSON_TYPE],
    [`text/plain, ${DMMO}, image/png`, DMMO],
    [`${JSON_TYPE},${MO}`, MO],
    ['*/*', MO],
    ['application/*', MO],
  ]) {
    assert.is(chosen(accept), expected, accept);
  }
});

test('the greatest weight wins, and the most specific range says a type’s weight [HTTP-39]', () => {
  for (const [accept, expected] of [
    [`${MO};q=0.5, ${JSON_TYPE}`, JSON_TYPE],
    [`${MO};q=0.5, ${JSON_TYPE};q=0.50`, MO],
    [`*/*;q=0.1, ${JSON_TYPE};Q=0.2`, JSON_TYPE],
    [`*/*, ${MO};q=0`, DMMO],
    [`${MO};q=0, */*, application/*;q=0.5`, DMMO],
    [`application/*;q=0.2, ${DMMO};q=0.1, ${MO};q=0.1`, JSON_TYPE],
    [`${JSON_TYPE};charset=utf-8;q=0.3, ${DMMO};q=0.2`, JSON_TYPE],
    [`${JSON_TYPE};q=nonsense, ${DMMO};q=0.001`, DMMO],
  ]) {
    assert.is(chosen(accept), expected, accept);
  }
});

test('none of ours: no type [HTTP-40]', () => {
  for (const accept of [
    'text/plain',
    'text/*',
    'application/xml, image/*',
    '*/*;q=0',
    `${MO};q=0, ${DMMO};q=0, ${JSON_TYPE};q=0.0`,
    ',',
    ';;;',
    'application/jsonx',
    'nonsense',
  ]) {
    assert.is(chosen(accept), '', accept);
  }
});

test('what a server said last counts, for its origin only [HTTP-38]', () => {
  const formats = new Formats();
  formats.remember('http://a.example/x?y', JSON_TYPE);
  formats.remember('http://a.example:8080/', 'text/plain');
  formats.remember('https://a.example/', DMMO);
  assert.equal(
    ['http://A.EXAMPLE/other', 'http://a.example:8080/z', 'https://a.example', 'http://b.example/'].map((url) =>
      formats.typeFor(url),
    ),
    [JSON_TYPE, '', DMMO, MO],
  );
  formats.remember('http://a.example/', '');
  assert.is(formats.typeFor('http://a.example/'), JSON_TYPE);
  formats.remember('http://a.example/', MO);
  assert.is(formats.typeFor('http://a.example/'), MO);
});

test('the server that spoke longest ago is forgotten first', () => {
  const formats = new Formats();
  for (const host of ['a', 'b', 'c', 'd', 'a', 'e']) formats.remember(`http://${host}/`, JSON_TYPE);
  assert.equal(
    ['a', 'b', 'c', 'd', 'e'].map((host) => formats.typeFor(`http://${host}/`)),
    [JSON_TYPE, MO, JSON_TYPE, JSON_TYPE, JSON_TYPE],
  );
});

test.run();
