import * as fc from 'fast-check';
import { mostly, oddText } from './texts.js';

const STATUS_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 204 x',
  'HTTP/1.1 404 No',
];
const ODD_LINES = [
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK',
  'HTTP/1.1 101 Switching',
  'HTTP/2 200',
  'HTTP/1.1 999 x',
  '',
];
const HEADERS = [
  'ETag: "1"',
  'X-A: b',
  'Connection: close',
  'Connection: keep-alive',
  'Location: /x',
  'Trailer: X',
  'Content-Length: 3',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Upgrade: x',
  ' folded',
];

const body = fc.string({ maxLength: 40 });

/** A body, and the header lines that say where it ends. */
const framed: fc.Arbitrary<readonly [readonly string[], string]> = fc.oneof(
  body.map((text) => [[`Content-Length: ${text.length}`], text] as const),
  body.map((text) => [[], text] as const),
  fc
    .tuple(body, fc.constantFrom(-1, 1, 5, 1e12))
    .map(([text, by]) => [[`Content-Length: ${text.length + by}`], text] as const),
  fc
    .tuple(
      fc.array(fc.string({ minLength: 1, maxLength: 9 }), { maxLength: 4 }),
      fc.constantFrom('', ';a=b'),
      fc.constantFrom('0\r\n\r\n', '0\r\nX: y\r\n\r\n', '', '0', 'zz\r\n'),
    )
    .map(([chunks, extension, end]) => {
      const all = chunks.map((text) => `${text.length.toString(16)}${extension}\r\n${text}\r\n`).join('');
      return [['Transfer-Encoding: chunked'], all + end] as const;
    }),
);

/** What a peer may answer, one character a byte. */
export const streamBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    mostly(fc.constantFrom(...STATUS_LINES), fc.oneof(fc.constantFrom(...ODD_LINES), oddText)),
    fc.array(mostly(fc.constantFrom(...HEADERS), oddText), { maxLength: 4 }),
    framed,
    fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'),
  )
  .map(
    ([status, more, [frame, text], end]) =>
      new Uint8Array(Buffer.from([status, ...more, ...frame, '', text].join(end), 'latin1')),
  );
