import type { DmClient, Limits } from 'dmlet';
import { accountElement, devInfoElement, MMS, type MoElement, NAP } from '../../support/device-bootstrap.js';
import type { CutDevice } from '../device.js';
import { ORIGIN, type World } from '../world.js';

/** What a device does while its power may go. It is begun anew after each cut, until it comes to its end. */
export interface Scenario {
  readonly name: string;
  /** Bounds of its device that are not the usual ones. */
  readonly limits?: Partial<Limits>;
  /** What was done to the device before, with power that stays. @param bulk bytes of the text in a large MO. */
  prepare?(device: CutDevice, bulk: number): void;
  /** Does it, and tells `world.promises` what it asks for and what the device acknowledges. */
  act(device: CutDevice, bulk: number): void;
  /** The value of a key of the promises, as it is found; one that no promise names where something is half done. */
  look(client: DmClient, world: World, key: string, bulk: number): string;
  /** What is wrong where the scenario has come to its end, '' for nothing. */
  wrong?(device: CutDevice): string;
}

/** The factory bootstrap of most scenarios. */
export function factory(...mo: MoElement[]): { MO: MoElement[]; CMD: string[][] } {
  return { MO: [account(), devInfoElement({ Man: 'Maker' }), ...mo], CMD: [] };
}

export function account(path = '/dm'): MoElement {
  return accountElement({ srvUri: ORIGIN + path, perm: [MMS, NAP] });
}

export function mms(leaves: Record<string, unknown>): MoElement {
  return { ClientURI: `${MMS}/m1/`, MOData: { MMS: leaves } };
}

/** Text of a length, different for each mark. */
export function bulky(mark: string, length: number): string {
  return `${mark}0123456789abcdefghijklmnopqrstuvwxyz`.repeat(Math.ceil(length / 37)).slice(0, length);
}

/** The value of a leaf, `none` where it is not there. */
export function leaf(client: DmClient, clientUri: string): string {
  try {
    return String(client.local.read(clientUri));
  } catch {
    return NONE;
  }
}

/** The ServerURI of a DEFAULT, `none` where there is none. */
export function defaultFor(client: DmClient, moid: string): string {
  return client.device.defaults.find(moid)?.fields[1] ?? NONE;
}

/** Starts a device that has been bootstrapped before. */
export function startAgain(device: CutDevice, bootstrap: object): void {
  device.start(bootstrap);
  device.rest();
}

/** Settings with which most scenarios begin. */
export const SETTINGS = factory(mms({ Name: 'old', Addr: 'old' }));

export const NAME = `${MMS}/m1/Name`;
export const ADDR = `${MMS}/m1/Addr`;
export const NONE = 'none';

/** The values of several leaves as one, where they belong together. */
export function together(values: readonly string[]): string {
  return values.every((value) => value === values[0]) ? values[0] : `mixed: ${values.join(', ')}`;
}

/** Does something that is durable when it returns, and refused when it throws. */
export function promised(world: World, key: string, value: string, act: () => void): void {
  const asked = world.promises.ask(key, value);
  try {
    act();
    asked.done();
  } catch {
    asked.refused();
  }
}
