import type { Definition, Limits } from 'dmlet';

/** What every case's device begins with, and what its servers hold. */
export const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';
export const DEVINFO = 'urn:oma:mo:oma-dm-devinfo:1.2';
export const ACCESS = 'urn:oma:mo:oma-dm-dacmo:1.0';
export const FUMO = 'urn:oma:mo:oma-fumo:1.0';
export const MMS = 'urn:oma:mo:oma-mms:1.3';
export const NAP = 'urn:oma:mo:oma-connmo-nap:1.0';
export const METER = 'urn:example:mo:meter:1.0';

export const ORIGIN = 'http://dm.example';
export const SERVER_ID = 'dm.example';
export const OTHER_SERVER_ID = 'second';
export const SECRET = 'n0ti-secret';
export const DATA = 'nonce';
/** The node that an application executes. */
export const EXECUTED = 'Update';

/** Narrow ones, which cases meet often. */
export const LIMITS: Partial<Limits> = {
  tree: 4096,
  names: 96,
  objects: 28,
  record: 256,
  command: 1100,
  reply: 1024,
  readAhead: 300,
  writeWindow: 200,
};

/** Most bytes of a URI: the usual. */
export const MOST_URI = 1024;

const DEV_ID = 'IMEI:490154203237518';

export const DEFINITIONS: readonly Definition[] = [
  {
    moid: METER,
    ddf: 'https://maker.example/meter.xml',
    nodes: ['. node RW *', 'Id chr R 1 P', 'Rate float RW ?', 'Pin chr W ?', 'Log node RW ?', 'Log/* node RW 3'],
  },
];

/** Two accounts, DevInfo, and objects of a few kinds. */
export const BOOTSTRAP = JSON.stringify({
  MO: [
    {
      ClientURI: `${ACCOUNT}/op/`,
      MOData: {
        DMAcc: {
          SrvID: SERVER_ID,
          SrvURI: `${ORIGIN}/dm`,
          Perm: { 1: { MOID: MMS }, 2: { MOID: NAP }, 3: { MOID: FUMO }, 4: { MOID: METER }, 5: { MOID: ACCOUNT } },
          Auth: { Noti: { Type: 'SHA256', Secret: SECRET, Data: DATA } },
        },
      },
    },
    {
      ClientURI: `${ACCOUNT}/two/`,
      MOData: { DMAcc: { SrvID: OTHER_SERVER_ID, SrvURI: `${ORIGIN}/dm2`, Perm: { 1: { MOID: MMS } } } },
    },
    { ClientURI: `${DEVINFO}//`, MOData: { DevInfo: { DevID: DEV_ID, Man: 'Example' } } },
    { ClientURI: `${FUMO}/f/`, MOData: { FUMO: { [EXECUTED]: null, State: 10, Ext: { a: 'b' } } } },
    { ClientURI: `${MMS}/m/`, MOData: { MMS: { Name: 'old', To: { 1: { Id: 'x', On: true }, 2: { Id: 'y' } } } } },
    { ClientURI: `${METER}/t/`, MOData: { Meter: { Id: 'no-1', Rate: 1.5, Pin: '1234' } } },
  ],
  CMD: [['DEFAULT', `${ORIGIN}/nap?[MCC]`, NAP]],
});

/** Documents of the repository that are as they should be. */
export const DOCUMENTS: readonly (readonly [path: string, text: string])[] = [
  [
    '/good',
    JSON.stringify([{ ClientURI: `${MMS}//`, MOData: { MMS: { Name: 'new', Addr: 'http://mmsc.example/' } } }]),
  ],
  ['/nap', JSON.stringify([{ ClientURI: `${NAP}//`, CV: 'v1', MOData: { NAP: { NapId: 'n', Addr: 'apn.example' } } }])],
  ['/leaf', JSON.stringify([{ ClientURI: `${FUMO}/f/Ext/a`, MOData: { a: 'c' } }])],
];

/** A Package#2 that reads all that the server may see. Its answers are the same before a restart and after it. */
export const PROBE = JSON.stringify({
  CMD: [MMS, NAP, FUMO, METER, ACCOUNT, ACCESS, DEVINFO].map((moid) => ['GET', `${moid}/(x)/`]),
});

export const END = '{"CMD":[["END"]]}';

/** A Package#2 that fetches the document of the case, without a target and with some. */
export const FETCH = JSON.stringify({
  CMD: [
    ['HGET', `${ORIGIN}/case`],
    ['HGET', `${ORIGIN}/case`, `${MMS}//`],
    ['HGET', `${ORIGIN}/case`, `${NAP}/n1/`],
    ['HGET', `${ORIGIN}/case`, `${FUMO}/f/Ext/a`],
    ['HGET', `${ORIGIN}/case`, `${FUMO}/f/Ext/`],
    ['GET', `${MMS}/(x)/`],
  ],
});
