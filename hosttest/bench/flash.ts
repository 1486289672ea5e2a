import { Campaign } from '../powerloss/campaign.js';
import { CutDevice } from '../powerloss/device.js';
import { KeyStore } from '../powerloss/key-store.js';
import { tryAll } from '../powerloss/results.js';
import { SCENARIOS } from '../powerloss/scenarios/index.js';
import { bulky, mms, SETTINGS, startAgain } from '../powerloss/scenarios/scenario.js';
import { STORES } from '../powerloss/stores.js';
import { ORIGIN, World } from '../powerloss/world.js';
import { MMS } from '../support/device-bootstrap.js';
import { DOORS } from '../support/memory-flash.js';

/** Writes to flash, commit records among them. */
export interface FlashResult {
  /** Of a session that changes nothing, with a GET, a DEFAULT and an HGET. */
  readonly unchanged: number;
  /** Of one new DEFAULT. */
  readonly newDefault: number;
  /** Of an MO instance that is replaced, and how many of them are its own records. */
  readonly replaced: number;
  readonly records: number;
}

/** What came of power cuts, one at each operation on flash of each scenario. */
export interface PowerCutResult {
  readonly store: string;
  readonly runs: number;
  /** Runs in which something was lost or half done. */
  readonly failed: number;
}

/** The stores that lose nothing at a cut and that an ESP32 has; `npm run test:powerloss` tries all. */
const CUT_STORES = ['contract-nvs', 'nvs', 'nvs-preference'];

/** Bytes of the text in the instance that is replaced: several records. */
const BULK = 3000;

/** Counts the writes of a whole client, at its store. */
export function measureFlash(): FlashResult {
  const world = new World(() => '');
  const device = new CutDevice(
    new KeyStore({ doors: DOORS.nvs, isAtomic: true, erasesFirst: false, unsynced: 0 }),
    world,
  );
  const { client, store } = device;
  const place = `${MMS}/m1/`;
  const get = ['GET', place];
  const set = ['DEFAULT', `${ORIGIN}/jit`, MMS];
  const fetch = ['HGET', `${ORIGIN}/mms`, place];
  const writesOf = (...words: string[][]): number => {
    store.trace = [];
    device.session(words.map((one) => ({ words: one })));
    device.rest();
    if (device.failures.length > 0) throw new Error(device.failures.join());
    return store.trace.filter(({ name }) => name === 'write').length;
  };
  const hold = (text: string): void => {
    world.resources.set('/mms', { document: [mms({ Name: text, Text: bulky(text, BULK) })] });
  };
  startAgain(device, SETTINGS);
  const newDefault = writesOf(set);
  hold('one');
  writesOf(fetch);
  const { records, tree } = client.device;
  const object = tree.objectOf(tree.instanceAt(place));
  const before = records.writesOf(object);
  hold('two');
  const replaced = writesOf(fetch);
  return { unchanged: writesOf(get, set, fetch), newDefault, replaced, records: records.writesOf(object) - before };
}

/** Runs the power-cut proof on the stores of an ESP32. */
export function measurePowerCuts(): PowerCutResult[] {
  return STORES.filter(({ name }) => CUT_STORES.includes(name)).map((kind) => {
    const all = SCENARIOS.map((scenario) => tryAll(new Campaign(kind, scenario), () => {}));
    const sum = (of: (result: (typeof all)[number]) => number): number => all.reduce((so, one) => so + of(one), 0);
    return { store: kind.name, runs: sum(({ cuts }) => cuts), failed: sum(({ failed }) => failed) };
  });
}
