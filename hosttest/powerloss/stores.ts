import { DOORS, type FlashDoors } from '../support/memory-flash.js';
import type { CutStore } from './cut-store.js';
import { FileStore } from './file-store.js';
import { KeyStore } from './key-store.js';
import { LittlefsStore } from './littlefs-store.js';
import { SectorStore } from './sector-store.js';

/** A kind of store, by its name on the command line. */
export interface StoreKind {
  readonly name: string;
  /** What it stands for. */
  readonly what: string;
  /** Bytes of the text in a large MO on it. */
  readonly bulk: number;
  /** An empty one. */
  make(): CutStore;
  /** Makes one, whatever it holds, such as is in use for long. */
  age?(store: CutStore): void;
}

function keys(doors: FlashDoors, isAtomic = true, erasesFirst = false, unsynced = 0): () => CutStore {
  return () => new KeyStore({ doors, isAtomic, erasesFirst, unsynced });
}

/** Room for a few entries, so that the others cause a compaction. */
const LITTLE_ROOM = 400;

function sector(inUse: number): Pick<StoreKind, 'bulk' | 'make' | 'age'> {
  const age = (store: CutStore): void => (store as SectorStore).wear(inUse, LITTLE_ROOM);
  return { bulk: 200, make: () => new SectorStore(), age };
}

/** All that is modelled; README.md says what each was read in. */
export const STORES: readonly StoreKind[] = [
  {
    name: 'contract-nvs',
    what: 'the worst that hal/flash.ts allows, 15/4000',
    bulk: 3000,
    make: keys(DOORS.nvs, false),
  },
  { name: 'contract-esp8266', what: 'the same, 32/61', bulk: 700, make: keys(DOORS.esp8266, false) },
  { name: 'contract-4k', what: 'the same, 15/256, 4 KB in all', bulk: 500, make: keys(DOORS.small, false) },
  { name: 'nvs', what: 'ESP32, embedded:storage/key-value', bulk: 3000, make: keys(DOORS.nvs) },
  { name: 'nvs-preference', what: 'ESP32, preference', bulk: 3000, make: keys(DOORS.nvs, true, true) },
  { name: 'littlefs', what: "ESP8266, Pico: the firmware's files", bulk: 3000, make: () => new LittlefsStore() },
  { name: 'sector', what: 'ESP8266, Pico, nRF52, both modules; the first sector is full soon', ...sector(0) },
  { name: 'sector-back', what: 'the same; the second sector is full soon', ...sector(1) },
  { name: 'json-file', what: 'Linux simulator, preference', bulk: 3000, make: () => new FileStore() },
  {
    name: 'unsynced',
    what: 'a store that answers before it has written',
    bulk: 3000,
    make: keys(DOORS.nvs, true, false, 4),
  },
];
