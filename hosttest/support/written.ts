import { type BodySource, BodyWriter } from '../../src/bytes/body-writer.js';
import { utf8 } from './utf8.js';

/** No body of a test is longer, and none has more pieces. */
const MOST = 1000000;

/** What a source writes through windows of a size, as bytes. A source that never ends fails. */
export function writtenBytes(source: BodySource, windowSize = 512): Uint8Array {
  const body = new BodyWriter(utf8);
  let steps = 0;
  const bounded: BodySource = {
    rewind: () => source.rewind(),
    next() {
      steps += 1;
      if (steps > MOST) throw new Error('the source does not end');
      return source.next();
    },
  };
  const bytes: number[] = [];
  // Bytes around the window show what is written beside it.
  const window = new Uint8Array(windowSize + 2);
  body.begin(bounded);
  for (;;) {
    window.fill(0xee);
    const end = body.fill(window, 1, windowSize + 1);
    if (end < 1 || end > windowSize + 1 || window[0] !== 0xee || window[windowSize + 1] !== 0xee) {
      throw new Error('wrote beside the window');
    }
    for (let i = 1; i < end; i += 1) bytes.push(window[i]);
    if (bytes.length > MOST) throw new Error('the source does not end');
    if (end < windowSize + 1) break;
  }
  return Uint8Array.from(bytes);
}

/** What a source writes, as text. */
export function written(source: BodySource, windowSize = 512): string {
  const bytes = writtenBytes(source, windowSize);
  return utf8.decode(bytes, 0, bytes.length);
}
