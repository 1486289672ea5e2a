import * as fc from 'fast-check';
import { mostly, oddText } from './texts.js';

// JSON as texts, so that members can be doubled and texts written in every way.

const BLANKS = ['', '', '', '', '', '', ' ', '\n', '\t\r\n '];

const blank = fc.constantFrom(...BLANKS);

/** A text as a JSON string, with characters escaped that need not be. */
export function jsonString(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.nat(9)).map(([value, escaped]) => {
    const plain = JSON.stringify(value);
    if (escaped < 9) return plain;
    let all = '';
    for (let i = 0; i < value.length; i += 1) all += `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return `"${all}"`;
  });
}

export function jsonArray(items: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(items, { maxLength }), blank, blank)
    .map(([all, before, between]) => `[${before}${all.join(`${between},`)}${between}]`);
}

/** @param members each `"name":value`. */
export function jsonObject(members: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  return fc
    .tuple(members, blank, blank)
    .map(([all, before, between]) => `{${before}${all.join(`,${between}`)}${before}}`);
}

export function member(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(value, blank).map(([text, space]) => `${JSON.stringify(name)}:${space}${text}`);
}

const NO_JSON = ['"\\ud800"', '"\\x"', '01', '1.', 'nul', "'a'", '9'.repeat(400)];

/** Numbers, words and texts; now and then one that JSON does not have. */
export const scalar: fc.Arbitrary<string> = fc.oneof(
  { weight: 14, arbitrary: jsonString(oddText) },
  { weight: 14, arbitrary: fc.constantFrom('0', '-1', '1.5', '1e3', '2147483648', '-2147483648', '0.1E-7', '1e308') },
  { weight: 12, arbitrary: fc.constantFrom('null', 'true', 'false') },
  { weight: 3, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.constantFrom(...NO_JSON) },
);

/** Any JSON value, as deep as `depth` levels. */
export function anyJson(depth: number): fc.Arbitrary<string> {
  if (depth === 0) return scalar;
  const value = anyJson(depth - 1);
  const named = fc.tuple(jsonString(oddText), value).map(([name, text]) => `${name}:${text}`);
  return fc.oneof(
    { weight: 4, arbitrary: scalar },
    { weight: 4, arbitrary: jsonArray(value, 3) },
    { weight: 4, arbitrary: jsonObject(fc.array(named, { maxLength: 3 })) },
    { weight: 1, arbitrary: deep },
  );
}

/** Nested as deep as nobody can follow. */
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"CMD":', '{"":['), fc.integer({ min: 10, max: 300 }))
  .map(([opening, times]) => opening.repeat(times));

/** Whatever stands where something else is expected. */
export const misplaced = mostly(scalar, anyJson(2));

export function utf8Bytes(text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  return text.map((value) => new Uint8Array(Buffer.from(value)));
}
