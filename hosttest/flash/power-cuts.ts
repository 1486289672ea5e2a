import type { RecordStore } from '../../src/flash/record-store.js';
import type { FaultyFlash } from '../support/faulty-flash.js';
import { type Content, content, open, put, text } from './stored-objects.js';

/** Changes to one store, a transaction each; sizes in records. */
const SCRIPT: readonly ((store: RecordStore, room: number) => void)[] = [
  (store, room) => {
    put(store, 0, '');
    put(store, 0, text('a', 2 * room + 5));
    put(store, 0, text('b', room));
  },
  (store, room) => {
    put(store, 2, text('c', 7));
    put(store, 0, text('d', room + 1));
  },
  (store, room) => {
    store.remove(1);
    put(store, 3, text('e', 2 * room));
  },
  (store, room) => {
    put(store, 0, text('f', room + 9));
    store.remove(2);
    store.remove(4);
    put(store, 0, text('g', 3));
  },
  (store, room) => {
    for (const id of [1, 3, 5]) put(store, id, text(`h${id}`, room + id));
  },
];

/** What a run of the script came to. */
export interface Run {
  /** Content before the first transaction and after each that was acknowledged. */
  readonly states: readonly Content[];
  /** True where no power cut ended it. */
  readonly isComplete: boolean;
}

/** Runs the script until its end or a power cut. A transaction that is rolled back stands before each. */
export function run(flash: FaultyFlash, room: number): Run {
  const store = open(flash);
  const states = [content(store)];
  try {
    for (const change of SCRIPT) {
      store.begin();
      change(store, room);
      put(store, 0, text('never', room + 1));
      store.rollback();
      store.begin();
      change(store, room);
      store.commit();
      states.push(content(store));
    }
  } catch (thrown) {
    if (!flash.isOff) throw thrown;
    return { states, isComplete: false };
  }
  return { states, isComplete: true };
}

export function sameContent(a: Content, b: Content): boolean {
  return JSON.stringify([...a]) === JSON.stringify([...b]);
}

/** A transaction that changes whatever a store holds: a new object, and each third one replaced. */
export function changeSome(store: RecordStore, room: number): void {
  const ids = [...content(store).keys()];
  store.begin();
  put(store, 0, text('new', room + 2));
  for (const id of ids) if (id % 3 === 0) put(store, id, text(`later${id}`, 2 * room));
  store.commit();
}
