import { type ObjectId, ObjectKind, RecordStore } from '../../src/flash/record-store.js';
import { limitsWith } from '../support/memory-device.js';
import { type FlashDoors, type MemoryFlash, DOORS as REAL } from '../support/memory-flash.js';
import { utf8 } from '../support/utf8.js';

/** The doors of stores, and room for whatever a test puts there. */
export const DOORS: readonly FlashDoors[] = Object.values(REAL).map((doors) => ({ ...doors, capacity: 1 << 20 }));

/** Most objects that a store has here. */
export const OBJECTS = 48;

/** Bytes of a record that are no payload. */
export const OVERHEAD = 14;

/** What a test keeps in a store: text by number. */
export type Content = ReadonlyMap<ObjectId, string>;

export function open(flash: MemoryFlash, objects = OBJECTS): RecordStore {
  const store = new RecordStore(flash, utf8, limitsWith({ objects }));
  store.open();
  return store;
}

/** Payload of one record behind these doors. */
export function payload(doors: FlashDoors): number {
  return Math.min(doors.valueSize, limitsWith({}).record) - OVERHEAD;
}

/** Writes one object within a transaction, in pieces of `step` bytes. */
export function put(store: RecordStore, id: ObjectId, text: string, step = 1000, kind = ObjectKind.Default): ObjectId {
  const bytes = new TextEncoder().encode(text);
  const object = store.write(id, kind);
  for (let at = 0; at < bytes.length; at += step) store.putBytes(bytes, at, Math.min(at + step, bytes.length));
  store.finish();
  return object;
}

export function get(store: RecordStore, id: ObjectId): string {
  const bytes: number[] = [];
  store.read(id, (part, from, to) => {
    for (let i = from; i < to; i += 1) bytes.push(part[i]);
  });
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** All that a store holds. */
export function content(store: RecordStore): Content {
  const all = new Map<ObjectId, string>();
  for (let id = 1; id <= OBJECTS; id += 1) {
    if (store.kind(id) !== ObjectKind.Removed) all.set(id, get(store, id));
  }
  return all;
}

/** Text of a length, different for each mark. */
export function text(mark: string, length: number): string {
  return `${mark}0123456789abcdefghijklmnopqrstuvwxyz`.repeat(Math.ceil(length / 20) + 1).slice(0, length);
}

/** Whether the store keeps nothing but what it must: the records of its objects, and at most two commit records. */
export function recordsNeeded(store: RecordStore, doors: FlashDoors): number {
  let records = Math.min(store.generation, 2);
  for (const value of content(store).values()) records += Math.max(1, Math.ceil(value.length / payload(doors)));
  return records;
}
