/** MOIDs that the suites use. */
export const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';
export const DEVINFO = 'urn:oma:mo:oma-dm-devinfo:1.2';
export const ACCESS = 'urn:oma:mo:oma-dm-dacmo:1.0';
export const MMS = 'urn:oma:mo:oma-mms:1.3';
export const NAP = 'urn:oma:mo:oma-connmo-nap:1.0';
export const IMS = 'urn:oma:mo:ext-3gpp-ims:1.0';
/** On nobody's Perm list, unless a test puts it there. */
export const FOREIGN = 'urn:example:mo:foreign:1.0';

export const DEV_ID = 'IMEI:490154203237518';
export const SRV_ID = 'dm.example';

/** An element of an MO document (PROTOCOL.md §7). */
export interface MoElement {
  ClientURI?: string;
  MOData?: unknown;
  [member: string]: unknown;
}

/** A bootstrap in its JSON form (PROTOCOL.md §15). */
export interface BootstrapDocument {
  MO?: MoElement[];
  CMD?: string[][];
}

/** What a DM Account holds in the suites. */
export interface AccountParts {
  miid?: string;
  srvId?: string;
  /** `{origin}/dm` by default. */
  srvUri?: string;
  perm?: readonly string[];
  /** Further members of the account. */
  more?: Record<string, unknown>;
}

const PERM: readonly string[] = [MMS, NAP, IMS, DEVINFO];

/** The element of a DM Account; `{origin}` in it stands for the server's. */
export function accountElement(parts: AccountParts = {}): MoElement {
  const { miid = 'operator', srvId = SRV_ID, srvUri = '{origin}/dm', perm = PERM, more = {} } = parts;
  const entries = perm.map((moid, index) => [String(index + 1), { MOID: moid }]);
  const account = { SrvID: srvId, SrvURI: srvUri, Perm: Object.fromEntries(entries), ...more };
  return { ClientURI: `${ACCOUNT}/${miid}/`, MOData: { DMAcc: account } };
}

/** The element of DevInfo. */
export function devInfoElement(leaves: Record<string, unknown> = { DevID: DEV_ID }): MoElement {
  return { ClientURI: `${DEVINFO}//`, MOData: { DevInfo: leaves } };
}

/** A bootstrap with one account, a DevID, and whatever else is given. */
export function bootstrapWith(
  more: { account?: AccountParts; mo?: MoElement[]; cmd?: string[][] } = {},
): BootstrapDocument {
  const { account = {}, mo = [], cmd = [] } = more;
  return { MO: [accountElement(account), devInfoElement(), ...mo], CMD: cmd };
}

/** A document with one MMS object. */
export function mmsDocument(
  leaves: Record<string, unknown> = { Name: 'MMS', Addr: 'http://mmsc.example/' },
): MoElement[] {
  return [{ ClientURI: `${MMS}//`, MOData: { MMS: leaves } }];
}

/** A document with one access point. */
export function napDocument(leaves: Record<string, unknown> = { NapId: 'n1', Addr: 'apn.example' }): MoElement[] {
  return [{ ClientURI: `${NAP}//`, MOData: { NAP: leaves } }];
}
