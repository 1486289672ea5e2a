import { fail } from '../errors.js';
import type { ObjectId, ObjectKind, RecordStore } from '../flash/record-store.js';
import type { Text } from '../hal/text.js';

/** One entry of a table: strings, whose meaning the table's owner knows by their places. Never changed, only replaced. */
export interface Row {
  /** Its flash object, 0 until it is durable. */
  object: ObjectId;
  fields: readonly string[];
}

/**
 * Small objects of one kind, each an array of strings in a flash object of its own. `Transaction.put` and `Transaction.drop` change it.
 */
export class Table {
  readonly kind: ObjectKind;
  /** How many of each row's fields stay in memory once they are durable; the rest is read from flash. */
  readonly kept: number;
  /** Oldest first. Not to be changed. */
  rows: readonly Row[];

  /** @param kept fields that stay in memory. */
  constructor(kind: ObjectKind, kept: number) {
    this.kind = kind;
    this.kept = kept;
    this.rows = [];
  }

  /** The row whose first field, and second and third where they are given, are these. */
  find(first: string, second?: string, third?: string): this['rows'][number] | undefined {
    return this.rows.find(
      (row) =>
        row.fields[0] === first &&
        (second === undefined || row.fields[1] === second) &&
        (third === undefined || row.fields[2] === third),
    );
  }

  /** Puts `fresh` in the place of `old`; either may be undefined. */
  exchange(old: Row | undefined, fresh: Row | undefined): void {
    const rows = this.rows.slice();
    const at = old === undefined ? rows.length : rows.indexOf(old);
    if (fresh === undefined) rows.splice(at, 1);
    else rows[at] = fresh;
    this.rows = rows;
  }

  /** Takes a row as it was stored. */
  load(object: ObjectId, fields: readonly string[]): void {
    this.exchange(undefined, { object, fields: fields.slice(0, this.kept) });
  }
}

/**
 * A row as it is stored: a JSON array of strings.
 * @throws DmError `FLASH_FAILED` where it is something else, or has fewer than `count`.
 */
export function readRow(records: RecordStore, text: Text, id: ObjectId, count: number): string[] {
  let json = '';
  records.read(id, (bytes, from, to) => {
    json += text.decode(bytes, from, to);
  });
  // What is between the strings tells: JSON.parse of an object takes property names for good, and that of deep arrays the stack.
  const between = json.split('\\\\').join('').split('\\"').join('').split('"');
  const last = between.length - 1;
  const isRow = between.every((piece, i) => i % 2 > 0 || piece === (i === 0 ? '[' : i === last ? ']' : ','));
  const fields = isRow ? (JSON.parse(json) as string[]) : [];
  if (fields.length < Math.max(1, count)) fail('FLASH_FAILED', `object ${id} has ${fields.length} fields`);
  return fields;
}
