import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, DEV_ID, DEVINFO, FOREIGN, MMS, NAP } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md §5, CMD-GET-1, PKG3-3, ST-204, ACC-7, ACC-8, ACC-10, ACC-13: GET sends what it addresses in Package#3.
const test = suite('GET');

const LEFT = {
  ClientURI: 'urn:oma:mo:moid:1.0/left/',
  MOData: {
    Sensor: { ID: 'GPS', Data: { 1: { Date: '12.1', Value: 100 }, 2: { Date: '12.2', Value: 200 } }, Setting: '0xA1' },
  },
};
const RIGHT = {
  ClientURI: 'urn:oma:mo:moid:1.0/right/',
  MOData: {
    Sensor: {
      ID: 'Temperature',
      Data: { 1: { Date: '12.1', Value: 30 }, 2: { Date: '12.2', Value: 31 } },
      Setting: '0xB2',
    },
  },
};
const MOID = 'urn:oma:mo:moid:1.0';

function sensors(stage: Stage): Promise<TestDevice> {
  const account = { perm: [MOID, DEVINFO] };
  return stage.start({ bootstrap: bootstrapWith({ account, mo: [LEFT, RIGHT] }), limits: { reply: 16384 } });
}

/** The addresses that the data of one GET has, or its status. */
async function addresses(device: TestDevice, ...uris: string[]): Promise<string[] | number> {
  const [{ sc, Data }] = await device.run(['GET', ...uris]);
  return sc === 200 ? (Data ?? []).map(({ ClientURI }) => String(ClientURI)) : sc;
}

/** What the device calls the present state of an instance. */
function validatorOf(device: TestDevice, clientUri: string): string {
  const { tree, validators } = device.client.device;
  return validators.get(tree.instanceAt(clientUri));
}

test(
  'a leaf, an interior node, an instance: as MO data under its address [CMD-GET CMD-GET-1 MO-1 MO-3 MO-9 PKG3-3 URI-13]',
  onStage(async (stage) => {
    const device = await sensors(stage);
    const [leaf, node, root] = await device.run(
      ['GET', `${MOID}/left/ID`],
      ['GET', `${MOID}/left/Data/1`],
      ['GET', `${MOID}/right/`],
    );
    assert.equal(leaf, { sc: 200, Data: [{ ClientURI: `${MOID}/left/ID`, MOData: { ID: 'GPS' } }] });
    assert.equal(node.Data, [{ ClientURI: `${MOID}/left/Data/1`, MOData: { 1: { Date: '12.1', Value: 100 } } }]);
    // Of an MO root with its validator.
    assert.equal(root.Data, [{ ...RIGHT, CV: validatorOf(device, RIGHT.ClientURI) }]);
  }),
);

test(
  'every row of the table of addresses [ST-409 URI-5 URI-21]',
  onStage(async (stage) => {
    const device = await sensors(stage);
    const left = `${MOID}/left/`;
    const right = `${MOID}/right/`;
    for (const [path, expected] of [
      ['left/', [left]],
      ['/', 409],
      ['(x)/?nv=(x)/ID:Temperature', [right]],
      ['(x)/Data/1/Value?nv=(x)/ID:GPS', [`${left}Data/1/Value`]],
      ['right/Data/(x)/Value?nv=(x)/Date:12.1', [`${right}Data/1/Value`]],
      ['(x)/Data/(y)/Value?nv=(x)/ID:GPS&nv=(y)/Date:12.2', [`${left}Data/2/Value`]],
      ['*/Setting', [`${left}Setting`, `${right}Setting`]],
      ['(x)/Data/*/Value?nv=(x)/ID:GPS', [`${left}Data/1/Value`, `${left}Data/2/Value`]],
      ['(x)/Data/*/Value?nv=(x)/ID:GPS&nv=(x)/Setting:0xB2', 404],
      [
        '*/Data/*/Value',
        ['left/Data/1', 'left/Data/2', 'right/Data/1', 'right/Data/2'].map((at) => `${MOID}/${at}/Value`),
      ],
    ] as const) {
      assert.equal(await addresses(device, `${MOID}/${path}`), expected, path);
    }
  }),
);

test(
  'a trailing slash means nothing more, unknown fields of the query are ignored [URI-12 URI-18 URI-19]',
  onStage(async (stage) => {
    const device = await sensors(stage);
    for (const uri of [`${MOID}/left/ID`, `${MOID}/left/ID/`, `${MOID}/left/ID?x=1&&y`, `${MOID}/l%65ft/%49D`]) {
      assert.equal(await addresses(device, uri), [`${MOID}/left/ID`], uri);
    }
    assert.equal(await addresses(device, `${MOID}/left/`), [`${MOID}/left/`]);
    assert.is(await addresses(device, `${MOID}/left`), 400);
  }),
);

test(
  'names compare byte for byte [URI-20 ST-404]',
  onStage(async (stage) => {
    const device = await sensors(stage);
    for (const uri of [
      `${MOID}/Left/ID`,
      `${MOID}/left/id`,
      `${MOID}/left/ID%20`,
      `${MOID}/left/(x)/Date`,
      `${MOID}/left/Data/3`,
    ]) {
      assert.is(await addresses(device, uri), 404, uri);
    }
  }),
);

test(
  'several addresses in one command: all of it, or the status of the first that fails',
  onStage(async (stage) => {
    const device = await sensors(stage);
    assert.equal(await addresses(device, `${MOID}/left/ID`, `${MOID}/*/Setting`, `${DEVINFO}//DevID`), [
      `${MOID}/left/ID`,
      `${MOID}/left/Setting`,
      `${MOID}/right/Setting`,
      `${DEVINFO}/m1/DevID`,
    ]);
    assert.is(await addresses(device, `${MOID}/left/ID`, `${MOID}/left/No`), 404);
    assert.is(await addresses(device, `${MOID}/left/ID`, `${FOREIGN}//`), 403);
    assert.is(await addresses(device, `${MOID}/left/ID`, 'nonsense'), 400);
    assert.is(await addresses(device, `${MOID}/left/ID`, `${MOID}//`), 409);
  }),
);

test(
  'what holds no data: 204; beside something that does: 200 [ST-204]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${NAP}/a/`, MOData: { NAP: { Empty: {}, Null: null, Text: '', Zero: 0, No: false } } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ mo }) });
    const paths = ['Empty', 'Null', 'Text', 'Zero', 'No', '*'];
    const codes = await device.codes(...paths.map((path) => ['GET', `${NAP}/a/${path}`]), [
      'GET',
      `${NAP}/a/Empty`,
      `${NAP}/a/Null`,
    ]);
    assert.equal(codes, [204, 204, 200, 200, 200, 200, 204]);
    const [reply] = await device.run(['GET', `${NAP}/a/`]);
    assert.equal(reply.Data, [{ ...mo[0], CV: validatorOf(device, mo[0].ClientURI) }]);
  }),
);

test(
  'leaves of every format come as they were stored [MO-13 MO-14 MO-15 MO-16 MO-18 PKG-4]',
  onStage(async (stage) => {
    const leaves = {
      chr: 'a "quoted" \\ \b\f\n\r\t\u0001 \u00e4 \u20ac \u{1f600} /',
      int: -2147483648,
      large: 2147483648,
      float: 1.5e-7,
      yes: true,
      no: false,
      none: null,
      empty: '',
      '': undefined,
    };
    const device = await stage.start({
      bootstrap: bootstrapWith({ mo: [{ ClientURI: `${NAP}/a/`, MOData: { NAP: leaves } }] }),
    });
    const [reply] = await device.run(['GET', `${NAP}/a/`]);
    assert.equal(reply.Data?.[0].MOData, JSON.parse(JSON.stringify({ NAP: leaves })));
  }),
);

test(
  'a MOID that is not on the Perm list: 403, whether it exists or not [ACC-5 ACC-10 ST-403]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${FOREIGN}/a/`, MOData: { X: { A: 1 } } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ mo }) });
    const uris = [
      `${FOREIGN}/a/`,
      `${FOREIGN}/a/A`,
      `${FOREIGN}/b/`,
      `${FOREIGN}/*/`,
      `${FOREIGN}//`,
      'urn:nobody:has/a/',
      `${ACCOUNT}//`,
    ];
    assert.equal(
      await device.codes(...uris.map((uri) => ['GET', uri])),
      uris.map(() => 403),
    );
  }),
);

const SECRETS = {
  Name: 'Operator',
  Auth: {
    Bootstrap: {
      ServerURI: 'https://b/',
      SecMode: 1,
      ClientPubKey: 'cpk',
      ServerPubKey: 'spk',
      ClientSecretKey: 'csk',
    },
    Noti: { Type: 'SHA256', Data: 'nonce', Secret: 'noti' },
    Trsp: { Data: 'user', Secret: 'trsp' },
  },
  Push: { Port: 5683 },
  Ext: { Vendor: { X: true }, PlainSecret: { Below: 'hidden' } },
};

/** A device whose server may look at accounts. */
function accounts(stage: Stage): Promise<TestDevice> {
  return stage.start({ bootstrap: bootstrapWith({ account: { perm: [ACCOUNT, MMS], more: SECRETS } }) });
}

test(
  'secrets and the Perm list are left out of what is above them [ACC-2 ACC-7 ACC-8]',
  onStage(async (stage) => {
    const device = await accounts(stage);
    const [whole, auth, noti] = await device.run(
      ['GET', `${ACCOUNT}//`],
      ['GET', `${ACCOUNT}//Auth`],
      ['GET', `${ACCOUNT}//Auth/Noti`],
    );
    const visible = {
      Bootstrap: { ServerURI: 'https://b/', SecMode: 1, ClientPubKey: 'cpk', ServerPubKey: 'spk' },
      Noti: { Type: 'SHA256', Data: 'nonce' },
      Trsp: { Data: 'user' },
    };
    const { Push } = SECRETS;
    const account = {
      SrvID: 'dm.example',
      SrvURI: `${stage.server.origin}/dm`,
      Name: 'Operator',
      Auth: visible,
      Push,
      Ext: { Vendor: { X: true } },
    };
    assert.equal(whole.Data, [
      {
        ClientURI: `${ACCOUNT}/operator/`,
        CV: validatorOf(device, `${ACCOUNT}/operator/`),
        MOData: { DMAcc: account },
      },
    ]);
    assert.equal(auth.Data?.[0].MOData, { Auth: visible });
    assert.equal(noti.Data?.[0].MOData, { Noti: { Type: 'SHA256', Data: 'nonce' } });
    assert.not.match(JSON.stringify(stage.server.packages), /csk|"noti"|trsp|hidden/);
  }),
);

test(
  'the exact address of a secret, or of something below it: 403 [ACC-7 ACC-8]',
  onStage(async (stage) => {
    const device = await accounts(stage);
    const paths = [
      'Perm',
      'Perm/1',
      'Perm/1/MOID',
      'Auth/Noti/Secret',
      'Auth/Bootstrap/ClientSecretKey',
      'Ext/PlainSecret/Below',
    ];
    const both = paths.flatMap((path) => [`${ACCOUNT}//${path}`, `${ACCOUNT}/operator/${path}`]);
    assert.equal(
      await device.codes(...both.map((uri) => ['GET', uri])),
      both.map(() => 403),
    );
    assert.equal(await device.codes(['GET', `${ACCOUNT}//Name`, `${ACCOUNT}//Perm`]), [403]);
  }),
);

test(
  'wildcards leave secrets out [ACC-7 ACC-8]',
  onStage(async (stage) => {
    const device = await accounts(stage);
    assert.equal(await addresses(device, `${ACCOUNT}//Auth/*/*`), [
      `${ACCOUNT}/operator/Auth/Bootstrap/ServerURI`,
      `${ACCOUNT}/operator/Auth/Bootstrap/SecMode`,
      `${ACCOUNT}/operator/Auth/Bootstrap/ClientPubKey`,
      `${ACCOUNT}/operator/Auth/Bootstrap/ServerPubKey`,
      `${ACCOUNT}/operator/Auth/Noti/Type`,
      `${ACCOUNT}/operator/Auth/Noti/Data`,
      `${ACCOUNT}/operator/Auth/Trsp/Data`,
    ]);
    assert.is(await addresses(device, `${ACCOUNT}//Perm/*/MOID`), 404);
    assert.is(await addresses(device, `${ACCOUNT}/*/Auth/*/Secret`), 404);
  }),
);

test(
  'conditions do not tell a secret [URI-25]',
  onStage(async (stage) => {
    const device = await accounts(stage);
    const right = await addresses(device, `${ACCOUNT}/(x)/Name?nv=(x)/Auth/Noti/Secret:noti`);
    const wrong = await addresses(device, `${ACCOUNT}/(x)/Name?nv=(x)/Auth/Noti/Secret:guess`);
    assert.equal(right, wrong);
  }),
);

test(
  'a secret by that name in another object is none [ACC-7]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${NAP}/a/`, MOData: { NAP: { AuthSecret: 'wifi', Perm: 'x' } } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ mo }) });
    assert.equal((await device.run(['GET', `${NAP}/a/`]))[0].Data, [
      { ...mo[0], CV: validatorOf(device, mo[0].ClientURI) },
    ]);
  }),
);

test(
  'DevInfo is read like any other object',
  onStage(async (stage) => {
    const device = await stage.start({ identity: { Man: 'Maker', Lang: 'en' } });
    const [reply] = await device.run(['GET', `${DEVINFO}//`]);
    assert.equal(reply.Data?.[0].MOData, { DevInfo: { DevID: DEV_ID, Man: 'Maker', DmV: '2.0', Lang: 'en' } });
  }),
);

test.run();
