import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mediaType, READ_MO_TYPES, TYPE_MO, TYPE_REQUEST } from '../../src/http/media-type.js';

// PROTOCOL.md PKG-6, PKG-7, MO-23: media types as they are received.

test('parameters are left off, and letters made small [PKG-6 PKG-7]', () => {
  for (const header of [
    TYPE_REQUEST,
    `${TYPE_REQUEST}; charset=utf-8`,
    `${TYPE_REQUEST};charset="UTF-8";x=y`,
    `  ${TYPE_REQUEST}  ; charset=utf-8`,
    TYPE_REQUEST.toUpperCase(),
    `Application/vnd.OMA.dm.Request+JSON;Charset=UTF-8`,
    `${TYPE_REQUEST};`,
  ]) {
    assert.is(mediaType(header), TYPE_REQUEST, header);
  }
});

test('a missing type is none', () => {
  for (const header of ['', '  ', ';', ' ; charset=utf-8']) assert.is(mediaType(header), '', `'${header}'`);
});

test('other types stay others', () => {
  assert.is(mediaType('text/html; charset=utf-8'), 'text/html');
  assert.is(mediaType(`${TYPE_REQUEST}x`), `${TYPE_REQUEST}x`);
  assert.is(mediaType(`a;${TYPE_REQUEST}`), 'a');
});

test('three types of MO documents are read [MO-23]', () => {
  assert.equal([...READ_MO_TYPES].sort(), ['application/dmmo+json', 'application/json', TYPE_MO]);
});

test.run();
