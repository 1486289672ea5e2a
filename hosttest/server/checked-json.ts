import { isUtf8 } from 'node:buffer';
import { JsonSyntaxError, lineAndColumn, outlineJson } from './json-outline.js';
import { type SchemaCheck, schemaErrorLine } from './schema.js';

/** Deeper than any tree that a client of this protocol holds, and well within the stack of a schema check. */
const MAX_DEPTH = 64;

export interface CheckedJson {
  /** Undefined where the text is no JSON. */
  readonly value: unknown;
  /** What is wrong, on one line; undefined where nothing is. */
  readonly violation?: string;
}

/** @returns undefined where the bytes are not UTF-8. A byte order mark stays, since JSON has none. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** Reads the body of a client: UTF-8, JSON without repeated members, of a schema. */
export function readCheckedJson(bytes: Buffer, check: SchemaCheck): CheckedJson {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { value: undefined, violation: 'the body is not UTF-8' };
  try {
    const { depth, duplicate } = outlineJson(text);
    const value: unknown = JSON.parse(text);
    if (duplicate) return { value, violation: `the body has the member ${JSON.stringify(duplicate.key)} twice` };
    if (depth > MAX_DEPTH) return { value, violation: `the body is nested deeper than ${MAX_DEPTH} levels` };
    const error = check(value);
    return { value, violation: error && `the body breaks its schema: ${schemaErrorLine(error)}` };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return {
      value: undefined,
      violation: `the body is not JSON: ${lineAndColumn(text, error.offset)}: ${error.message}`,
    };
  }
}
