import * as fs from 'node:fs';
import * as path from 'node:path';
import { type ReferenceServer, type Script, startReferenceServer } from '../server/index.js';
import { dmlet, type Ended, withFolder } from './program.js';

export const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';
export const DEVINFO = 'urn:oma:mo:oma-dm-devinfo:1.2';
export const NAP = 'urn:oma:mo:oma-connmo-nap:1.0';
export const MMS = 'urn:oma:mo:oma-mms:1.3';
export const IMS = 'urn:oma:mo:ext-3gpp-ims:1.0';

/** What `dmlet inspect --json` prints. */
export interface State {
  tree: { uri: string; format: string; value: string | number | boolean | null }[];
  defaults: { moid: string; serverUri: string }[];
  accounts: { srvId: string; srvUri: string; perm: string[] }[];
  rights: { instance: string; srvId: string; rights: string }[];
  subscriptions: { srvId: string; clientUri: string; serverUri: string }[];
  alerts: { srvId: string; serverUri: string; alert: Record<string, unknown> }[];
  executions: { clientUri: string; srvId: string; serverUri: string }[];
  due: { work: string; subject: string; reason: string; within: number; asked: number }[];
  flash: {
    records: number;
    bytes: number;
    capacity: number;
    transactions: number;
    objects: { object: string; transaction: number }[];
  };
}

/** One element of a bootstrap's `MO`. */
export interface MoElement {
  ClientURI: string;
  MOData: Record<string, unknown>;
}

/** A DM Account. `more` goes into its root. */
export function account(srvId: string, srvUri: string, perm: string[], more: object = {}): MoElement {
  const Perm = Object.fromEntries(perm.map((MOID, index) => [`p${index}`, { MOID }]));
  return { ClientURI: `${ACCOUNT}/${srvId}/`, MOData: { DMAcc: { SrvID: srvId, SrvURI: srvUri, Perm, ...more } } };
}

export function devInfo(DevID: string): MoElement {
  return { ClientURI: `${DEVINFO}//`, MOData: { DevInfo: { DevID, Man: 'Somebody' } } };
}

/** A bootstrap of another maker than the demonstration's: one account that may manage everything here, one DEFAULT. */
export function bootstrapFor(origin: string): { MO: MoElement[]; CMD: string[][] } {
  return {
    CMD: [['DEFAULT', `${origin}/mms/[MCC]-[MNC]`, MMS]],
    MO: [devInfo('SN-77'), account('manager.test', `${origin}/dm`, [MMS, NAP, IMS, DEVINFO])],
  };
}

export const MMS_DOCUMENT = [{ ClientURI: `${MMS}//`, MOData: { MMS: { Addr: 'http://mmsc.test/', CrMode: 2 } } }];

export const NAP_DOCUMENT = [
  {
    ClientURI: `${NAP}//`,
    MOData: { NAP: { NapId: 'n', Addr: 'old.test', Obsolete: { Speed: 9600 }, IPv4: { Dyn: true, Metric: 1.5 } } },
  },
];

/** A device's folder, its bootstrap and the server that its bootstrap names. */
export interface Scene {
  server: ReferenceServer;
  folder: string;
  bootstrap: string;
  state: string;
  /** `dmlet run --json` with this bootstrap and state. */
  run(...more: string[]): Promise<Ended>;
  inspect(): Promise<State>;
}

/** @param bootstrap what the device is given; a string is written as it is. */
export async function withScene(
  script: Script,
  bootstrap: (origin: string) => unknown,
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  const server = await startReferenceServer({ script });
  try {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'bootstrap');
      const state = path.join(folder, 'state');
      writeBootstrap(file, bootstrap(server.origin));
      await act({
        server,
        folder,
        bootstrap: file,
        state,
        run: (...more) => dmlet('run', '--bootstrap', file, '--state', state, '--json', ...more),
        inspect: () => inspect(state),
      });
    });
  } finally {
    await server.close();
  }
}

export function writeBootstrap(file: string, content: unknown): void {
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** What `dmlet inspect --json` says. Fails where it says nothing. */
export async function inspect(state: string): Promise<State> {
  const { code, stdout, stderr } = await dmlet('inspect', '--state', state, '--json');
  if (code !== 0 || stderr !== '') throw new Error(`inspect: exit ${code}, ${stderr}`);
  return JSON.parse(stdout) as State;
}

/** The value of a leaf, undefined where there is no such leaf. */
export function leaf(state: State, uri: string): unknown {
  return state.tree.find((one) => one.uri === uri)?.value;
}

/** The kind of each session that a server saw, from its Package#1. */
export function sessionsSeen(server: ReferenceServer): string[] {
  const alerts = server.packages
    .filter((one) => one.number === 1)
    .map((one) => JSON.parse(one.text).Alert[0].AlertType);
  return alerts.map((alert: string) => alert.slice(alert.lastIndexOf(':') + 1));
}

/** The status codes of each Package#3 that a server saw. */
export function statusesSeen(server: ReferenceServer): number[][] {
  return server.packages
    .filter((one) => one.number === 3)
    .map((one) => JSON.parse(one.text).Status.map((status: { sc: number }) => status.sc));
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = await startReferenceServer();
  await server.close();
  return Number(new URL(server.origin).port);
}
