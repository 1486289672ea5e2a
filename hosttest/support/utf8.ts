import type { Text } from 'dmlet';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Strings to bytes and back by the platform's own coders: a byte sequence that is not UTF-8 throws, U+FEFF and U+0000 stay. */
export const utf8: Text = {
  encode: (text) => encoder.encode(text),
  decode: (bytes, from, to) => decoder.decode(bytes.subarray(from, to)),
};
