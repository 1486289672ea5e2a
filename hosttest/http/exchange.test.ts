import { HttpFailure, type Limits } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Header } from '../../src/http/exchange-user.js';
import { PlayedHttp } from '../support/played-http.js';

// PROTOCOL.md HTTP-25, HTTP-36, ST-408: how long an exchange may take, and what is left of it, with a clock that the test moves.

/** Each phase with its limit: what has happened by then, and what begins it anew. */
const PHASES: [
  what: string,
  limit: keyof Limits,
  begin: (http: PlayedHttp) => void,
  again?: (http: PlayedHttp) => void,
][] = [
  ['connecting', 'connectTime', () => {}],
  ['the header', 'headersTime', ({ last }) => last.listener.onWritable(0)],
  [
    'the header, while the body goes out',
    'headersTime',
    ({ last }) => last.listener.onWritable(1),
    ({ last }) => last.listener.onWritable(1),
  ],
  ['the body', 'idleTime', ({ last }) => last.listener.onResponse(200), ({ last }) => last.arrive(1)],
];

for (const [what, limit, begin, again] of PHASES) {
  test(`${what}: ${limit} ends it, and releases all [ST-408]`, () => {
    const http = new PlayedHttp({ [limit]: 1000 });
    http.send(again === undefined ? undefined : 10);
    if (what === 'the body') http.last.listener.onWritable(10);
    begin(http);
    for (let i = 0; again !== undefined && i < 5; i += 1) {
      http.clock.advance(999);
      again(http);
    }
    http.clock.advance(999);
    assert.is(http.last.isClosed, false);
    assert.is(http.told.includes('TIMEOUT'), false);
    http.clock.advance(1);
    assert.equal(http.told.slice(-1), ['TIMEOUT']);
    assert.equal([http.last.isClosed, http.exchange.isIdle, http.clock.pending], [true, true, 0]);
  });
}

test('the whole takes no longer than wholeTime, whatever comes in time [HTTP-25]', () => {
  const http = new PlayedHttp({ wholeTime: 1000 });
  http.send();
  http.clock.advance(100);
  http.last.listener.onWritable(0);
  http.clock.advance(100);
  http.last.listener.onResponse(200);
  for (let i = 0; i < 7; i += 1) {
    http.clock.advance(100);
    http.last.arrive(100);
  }
  http.clock.advance(99);
  assert.equal([http.told, http.taken], [['response 200'], 700]);
  http.clock.advance(1);
  assert.equal([http.told, http.clock.pending], [['response 200', 'TIMEOUT'], 0]);
});

test('redirects and a repetition share one wholeTime', () => {
  const http = new PlayedHttp({ wholeTime: 1000 });
  http.send();
  http.clock.advance(400);
  http.last.listener.onFailure(HttpFailure.Stale, '');
  http.clock.advance(400);
  http.last.listener.onHeader(Header.Location, '/other');
  http.last.listener.onResponse(307);
  http.clock.advance(199);
  assert.equal([http.told, http.requests.length], [[], 3]);
  http.clock.advance(1);
  assert.equal([http.told, http.clock.pending], [['TIMEOUT'], 0]);
});

test('a stale connection: once more, on a new one, and no third time [HTTP-36]', () => {
  const http = new PlayedHttp();
  http.send();
  http.last.listener.onFailure(HttpFailure.Stale, '');
  http.last.listener.onFailure(HttpFailure.Stale, '');
  assert.equal(
    http.requests.map(({ request }) => request.newConnection),
    [false, true],
  );
  assert.equal([http.told, http.exchange.isIdle, http.clock.pending], [['CUT_SHORT'], true, 0]);
});

test('a header longer than a URI is as none', () => {
  const http = new PlayedHttp({ uri: 300 });
  http.send();
  http.last.listener.onHeader(Header.ETag, 'e'.repeat(300));
  http.last.listener.onHeader(Header.ContentType, 't'.repeat(301));
  for (let i = 0; i < 2; i += 1) http.last.listener.onHeader(Header.OmadmAccept, 'a'.repeat(150));
  http.last.listener.onResponse(200);
  assert.equal(
    [Header.ETag, Header.ContentType, Header.OmadmAccept].map((at) => http.exchange.headers[at].length),
    [300, 0, 0],
  );
});

test('Retry-After counts with 429 and 503, and with no other status [HTTP-8]', () => {
  const asked = [400, 408, 413, 429, 500, 502, 503, 504].filter((status) => {
    const http = new PlayedHttp();
    http.send();
    http.last.listener.onHeader(Header.RetryAfter, '60');
    http.last.listener.onResponse(status);
    const { retryAfter } = http.exchange.refusal();
    assert.ok(retryAfter === 60 || retryAfter === -1, `${status}: ${retryAfter}`);
    return retryAfter === 60;
  });
  assert.equal(asked, [429, 503]);
});

const ENDS: [what: string, end: (http: PlayedHttp) => void, told: string[]][] = [
  ['a body that is whole', ({ last }) => last.listener.onEnd(), ['response 200', 'end']],
  [
    'a connection that closes',
    ({ last }) => last.listener.onFailure(HttpFailure.Closed, ''),
    ['response 200', 'CUT_SHORT'],
  ],
  [
    'bytes that are no HTTP',
    ({ last }) => last.listener.onFailure(HttpFailure.Protocol, ''),
    ['response 200', 'BAD_HTTP'],
  ],
  ['a user that has enough', ({ exchange }) => exchange.cancel(), ['response 200']],
];

for (const [what, end, told] of ENDS) {
  test(`${what} leaves no timer, and an exchange that is as new`, () => {
    const http = new PlayedHttp();
    for (let round = 1; round <= 2; round += 1) {
      http.told.length = 0;
      http.send();
      http.last.listener.onWritable(0);
      http.last.listener.onResponse(200);
      end(http);
      assert.equal([http.told, http.exchange.isIdle, http.clock.pending], [told, true, 0]);
    }
    assert.is(http.requests.length, 2);
  });
}

test('a request that the adapter throws at leaves nothing either', () => {
  const http = new PlayedHttp();
  http.requests.push = () => {
    throw new Error('of the platform');
  };
  http.send();
  assert.equal([http.told, http.exchange.isIdle, http.clock.pending], [['INTERNAL'], true, 0]);
});

test.run();
