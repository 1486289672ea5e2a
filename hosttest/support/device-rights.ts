import * as assert from 'uvu/assert';
import { type AccountParts, accountElement, DEVINFO, devInfoElement, type MoElement } from './device-bootstrap.js';
import type { DeviceSetup, Stage, Status, TestDevice } from './device-fixture.js';

export const ACCESS = 'urn:oma:mo:oma-dm-dacmo:1.0';
export const SESSION = 'urn:oma:mo:oma-sessioninfomo:1.0';

/** An MO without a definition. */
export const BOX = 'urn:example:mo:box:1.0';

/** Values that no server may ever see. */
export const SECRETS = { noti: 'noti-s3cret', trsp: 'trsp-s3cret', key: 'key-s3cret', ext: 'ext-s3cret' };

/** What an account has beside SrvID, SrvURI and Perm, secrets included. */
export const AUTH = {
  Bootstrap: { ServerURI: 'https://boot.example/', SecMode: 1, ClientSecretKey: SECRETS.key },
  Noti: { Type: 'HMAC', Data: 'nd', Secret: SECRETS.noti },
  Trsp: { Data: 'user', Secret: SECRETS.trsp },
};

/** Rights by SrvID, as an entry of the access control MO. */
export function entry(mo: string, rights: Record<string, string>): Record<string, unknown> {
  const rules = Object.entries(rights).map(([SrvID, Rights], index) => [String(index + 1), { SrvID, Rights }]);
  return { MO: mo, Acl: Object.fromEntries(rules) };
}

/** The access control MO with these entries. */
export function accessElement(...entries: Record<string, unknown>[]): MoElement {
  const named = entries.map((one, index) => [String(index + 1), one]);
  return { ClientURI: `${ACCESS}//`, MOData: { DACMO: Object.fromEntries(named) } };
}

/** Instances `a` and `b` of `BOX`, or others. */
export function boxes(...miids: string[]): MoElement[] {
  return (miids.length > 0 ? miids : ['a', 'b']).map((miid) => ({
    ClientURI: `${BOX}/${miid}/`,
    MOData: { Box: { v: `in ${miid}`, Run: {} } },
  }));
}

/** A device with the accounts `one`, `two` …, which may manage the same MOs, and what else is given. */
export function severalAccounts(
  stage: Stage,
  { accounts = [{}, {}], mo = [], cmd = [], ...setup }: SeveralAccounts = {},
): Promise<TestDevice> {
  const elements = accounts.map((parts, index) => {
    const srvId = ['one', 'two', 'three'][index];
    return accountElement({ miid: srvId, srvId, perm: [BOX, ACCESS, DEVINFO], ...parts });
  });
  const bootstrap = { MO: [...elements, devInfoElement(), ...mo], CMD: cmd };
  return stage.start({ bootstrap, limits: { reply: 16384, settleTime: 1 }, ...setup });
}

export interface SeveralAccounts extends DeviceSetup {
  accounts?: AccountParts[];
  mo?: MoElement[];
  cmd?: string[][];
}

/** Runs commands in one session with a server. @returns the status of each. */
export async function runAs(device: TestDevice, srvId: string, ...commands: string[][]): Promise<Status[]> {
  const { code, replies } = await device.converse([{ CMD: commands }], srvId);
  assert.equal([code, replies.length], ['', 1], `a session with ${srvId}`);
  return replies[0];
}

/** As `runAs`. @returns the codes. */
export async function codesAs(device: TestDevice, srvId: string, ...commands: string[][]): Promise<number[]> {
  return (await runAs(device, srvId, ...commands)).map(({ sc }) => sc);
}

/** Stores `value` at a ClientURI, by HGET. @returns the code. */
export async function hgetAs(
  stage: Stage,
  device: TestDevice,
  srvId: string,
  clientUri: string,
  value: unknown,
): Promise<number> {
  const path = clientUri.split('?')[0].split('/').slice(2).filter(Boolean);
  const name = path[path.length - 1] ?? 'Box';
  stage.server.setResource('/hget', { document: [{ ClientURI: clientUri, MOData: { [name]: value } }], etag: null });
  const [code] = await codesAs(device, srvId, ['HGET', '{origin}/hget', clientUri]);
  return code;
}

/** Has a server write an entry of the access control MO. @returns the code. */
export function delegateAs(
  stage: Stage,
  device: TestDevice,
  srvId: string,
  name: string,
  value: unknown,
): Promise<number> {
  return hgetAs(stage, device, srvId, `${ACCESS}//${name}`, value);
}

/** What the server may do with the first instance of the address: the letters of its rights, as its commands find them. */
export async function rightsOf(stage: Stage, device: TestDevice, srvId: string, box: string): Promise<string> {
  device.client.onExecute(BOX, 'Run', () => 200);
  stage.server.setResource('/w', { document: { MOData: { w: 1 } }, etag: null });
  const codes = await codesAs(
    device,
    srvId,
    ['GET', `${box}v`],
    ['HGET', '{origin}/w', `${box}w`],
    ['EXEC', `${box}Run`],
  );
  assert.ok(
    codes.every((code) => code === 200 || code === 403),
    codes.join(' '),
  );
  return ['R', 'W', 'X'].filter((_, index) => codes[index] === 200).join('');
}
