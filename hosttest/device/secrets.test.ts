import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, accountElement, bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { AUTH, BOX, SECRETS } from '../support/device-rights.js';

// PROTOCOL.md ACC-7, ACC-8, URI-25, DEF-5: no server sees a secret, whatever it asks.
const test = suite('secrets');

const OP = `${ACCOUNT}/operator/`;

const VAULT = 'urn:example:mo:vault:1.0';

/** An MO whose definition hides some nodes: one by name, one with all below it, unnamed ones, and one that is never read at all. */
const DEFINITIONS = [
  {
    moid: VAULT,
    ddf: '',
    nodes: [
      '. node RW *',
      'Pin chr W ?',
      'Box node - ?',
      'Box/v chr R ?',
      'Keys node R ?',
      'Keys/* node W *',
      'Keys/*/v chr R ?',
      'Open chr R ?',
    ],
  },
  { moid: 'urn:example:mo:dark:1.0', ddf: '', nodes: ['. node W *', 'v chr R ?'] },
];

const VAULTS = [
  {
    ClientURI: `${VAULT}/v/`,
    MOData: { Vault: { Pin: 'pin-s3cret', Box: { v: 'box-s3cret' }, Keys: { k: { v: 'k-s3cret' } }, Open: 'o' } },
  },
  { ClientURI: 'urn:example:mo:dark:1.0/d/', MOData: { Dark: { v: 'dark-s3cret' } } },
];

const HIDDEN_MOID = 'urn:example:mo:hidden:1.0';

async function deviceFor(stage: Stage): Promise<TestDevice> {
  const perm = [ACCOUNT, DEVINFO, VAULT, 'urn:example:mo:dark:1.0', HIDDEN_MOID];
  const more = { Name: 'Op', Auth: AUTH, Ext: { Maker: { TokenSecret: SECRETS.ext, SecretKey: SECRETS.ext, v: 1 } } };
  const second = accountElement({ miid: 'second', srvId: 'second', perm: [], more: { Auth: { Trsp: AUTH.Trsp } } });
  const bootstrap = bootstrapWith({ account: { perm, more }, mo: [second, ...VAULTS] });
  return stage.start({
    bootstrap,
    definitions: DEFINITIONS,
    limits: { reply: 32768, subscriptions: 16, settleTime: 1 },
  });
}

const EXACT = [
  `${OP}Perm`,
  `${OP}Perm/`,
  `${OP}Perm/1`,
  `${OP}Perm/1/MOID`,
  `${OP}Auth/Bootstrap/ClientSecretKey`,
  `${OP}Auth/Noti/Secret`,
  `${OP}Auth/Trsp/Secret`,
  `${OP}Ext/Maker/TokenSecret`,
  `${OP}Ext/Maker/SecretKey`,
  `${ACCOUNT}/oper%61tor/Auth/Trsp/%53ecret`,
  `${VAULT}/v/Pin`,
  `${VAULT}//Box`,
  `${VAULT}//Box/v`,
  `${VAULT}//Keys/k`,
  `${VAULT}//Keys/k/v`,
  'urn:example:mo:dark:1.0//',
  'urn:example:mo:dark:1.0//v',
];

/** Wildcards and x-names that stand for nothing but secrets. */
const WILD = [
  `${ACCOUNT}/*/Perm`,
  `${ACCOUNT}/*/Perm/*/MOID`,
  `${OP}Perm/*`,
  `${OP}Perm/(x)/MOID`,
  `${OP}(x)/1/MOID`,
  `${OP}Auth/*/Secret`,
  `${ACCOUNT}/(x)/Auth/(y)/Secret`,
  `${OP}Auth/Bootstrap/(x)?nv=(x)/none:1`,
  `${VAULT}/*/Pin`,
  `${VAULT}/*/Box/*`,
  `${VAULT}/*/Keys/*`,
  `${VAULT}/(x)/Keys/(y)/v`,
  'urn:example:mo:dark:1.0/*/',
  'urn:example:mo:dark:1.0/*/v',
];

/** What holds secrets among other things. */
const ABOVE = [
  OP,
  `${ACCOUNT}/*/`,
  `${ACCOUNT}/(x)/?nv=(x)/SrvID:dm.example`,
  `${OP}*`,
  `${OP}Auth`,
  `${OP}Auth/*`,
  `${OP}*/*`,
  `${OP}*/*/*`,
  `${OP}Ext`,
  `${OP}Ext/Maker`,
  `${VAULT}//`,
  `${VAULT}//*`,
  `${VAULT}//Keys`,
];

/** Everything that the device has sent, in packages and to the repository. */
function sent(stage: Stage): string {
  const packages = stage.server.packages.map(({ body }) => JSON.stringify(body));
  return [...packages, ...stage.server.requests.map(({ body }) => String(body))].join('\n');
}

/** No secret, and no MOID of a Perm list, has left the device. */
function assertSilent(stage: Stage): void {
  const text = sent(stage);
  for (const secret of ['s3cret', HIDDEN_MOID, '"Perm"']) assert.not(text.includes(secret), `${secret} in ${text}`);
}

test(
  'GET, HPUT, HPOST and SUB of a secret get 403, and send nothing [ACC-7] [ACC-8] [ACC-13] [DEF-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    for (const uri of EXACT) {
      const commands = [
        ['GET', uri],
        ['GET', `${DEVINFO}//DevID`, uri],
        ['HPUT', '{origin}/put', uri],
        ['HPOST', '{origin}/post', uri],
        ['SUB', '{origin}/sub', uri],
        ['GET', `${uri}?cv=g1`],
      ];
      assert.equal(
        await device.codes(...commands),
        commands.map(() => 403),
        uri,
      );
    }
    assert.equal(stage.server.requests, []);
    assertSilent(stage);
  }),
);

test(
  'wildcards and x-names find no secret: 404, and a report of SUB holds none [ACC-8] [ACC-12] [DEF-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    stage.server.setResource('/sub', (_request, response) => response.writeHead(204).end());
    for (const uri of WILD) {
      const commands = [
        ['GET', uri],
        ['HPUT', '{origin}/put', uri],
        ['HPOST', '{origin}/post', uri],
        ['SUB', '{origin}/sub', uri],
      ];
      assert.equal(await device.codes(...commands), [404, 404, 404, 200], uri);
      await device.codes(['UNSUB', uri]);
    }
    assertSilent(stage);
  }),
);

test(
  'what is above secrets is sent without them, by GET, HPUT, HPOST and SUB [ACC-8] [DEF-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    for (const uri of ABOVE) {
      const codes = await device.codes(
        ['GET', uri],
        ['HPUT', '{origin}/put', uri],
        ['HPOST', '{origin}/post', uri],
        ['SUB', '{origin}/sub', uri],
      );
      assert.equal(codes, [200, 200, 200, 200], uri);
    }
    stage.forget(device);
    for (const place of [`${OP}Name`, `${OP}Ext/Maker/v`, `${VAULT}//Open`])
      device.client.local.write(place, 'changed');
    await device.idle();
    assert.ok(stage.seen.filter((line) => line === 'PUT /sub').length > 6, stage.seen.join());
    assertSilent(stage);
  }),
);

test(
  'an account shows the rest of itself [ACC-2] [ACC-8]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const [reply] = await device.run(['GET', OP]);
    const account = {
      SrvID: 'dm.example',
      SrvURI: `${stage.server.origin}/dm`,
      Name: 'Op',
      Auth: {
        Bootstrap: { ServerURI: 'https://boot.example/', SecMode: 1 },
        Noti: { Type: 'HMAC', Data: 'nd' },
        Trsp: { Data: 'user' },
      },
      Ext: { Maker: { v: 1 } },
    };
    assert.equal(reply.Data?.[0].MOData, { DMAcc: account });
  }),
);

test(
  'a change of a secret is no news for a subscription [ACC-8] [CMD-SUB-10]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    assert.equal(
      await device.codes(['SUB', '{origin}/sub', OP], ['SUB', '{origin}/sub', `${ACCOUNT}/*/Auth`]),
      [200, 200],
    );
    stage.forget(device);
    device.client.local.write(`${OP}Auth/Trsp/Secret`, 'other');
    device.client.local.write(`${OP}Perm/3/MOID`, 'urn:other');
    await device.idle();
    assert.equal(stage.seen, []);
  }),
);

/** Conditions on secrets; VALUE is the guess. */
const ORACLES = [
  `${ACCOUNT}/(x)/SrvID?nv=(x)/Auth/Trsp/Secret:VALUE`,
  `${ACCOUNT}/(x)/?nv=(x)/Auth/Trsp/Secret:VALUE`,
  `${OP}(x)/Trsp/Data?nv=(x)/Trsp/Secret:VALUE`,
  `${OP}Auth/(x)/Data?nv=(x)/Secret:VALUE`,
  `${OP}Auth/(x)/Data?nv=(x)/Data:user&nv=(x)/Secret:VALUE`,
];

const VAULT_ORACLES: [string, string][] = [
  [`${VAULT}/(x)/Open?nv=(x)/Pin:VALUE`, 'pin-s3cret'],
  [`${VAULT}/(x)/Open?nv=(x)/Box/v:VALUE`, 'box-s3cret'],
  [`${VAULT}//(x)/v?nv=(x)/v:VALUE`, 'box-s3cret'],
  [`${VAULT}/(x)/Open?nv=(x)/Keys/k/v:VALUE`, 'k-s3cret'],
  [`${VAULT}//Keys/(x)/v?nv=(x)/v:VALUE`, 'k-s3cret'],
  ['urn:example:mo:dark:1.0/(x)/?nv=(x)/v:VALUE', 'dark-s3cret'],
  [`${ACCOUNT}/(x)/?nv=(x)/Perm/1/MOID:VALUE`, ACCOUNT],
  [`${OP}Perm/(x)/?nv=(x)/MOID:VALUE`, ACCOUNT],
  [`${OP}Perm/(x)/MOID?nv=(x)/MOID:VALUE`, ACCOUNT],
  [`${OP}(x)?nv=(x)/1/MOID:VALUE`, ACCOUNT],
];

test(
  'no command tells a right guess from a wrong one, by status, data or request [URI-25] [ACC-8] [DEF-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    device.client.onExecute(VAULT, '*', () => 200);
    stage.server.setResource('/x', { document: { MOData: { new: 1 } }, etag: null });
    const oracles = ORACLES.map((uri): [string, string] => [uri, SECRETS.trsp]).concat(VAULT_ORACLES);
    for (const [uri, value] of oracles) {
      const answers: string[] = [];
      for (const guess of [value, 'wrong']) {
        stage.forget(device);
        const asked = uri.replace('VALUE', encodeURIComponent(guess));
        const [path, query] = asked.split('?');
        const replies = await device.run(
          ['GET', asked],
          ['HPUT', '{origin}/put', asked],
          ['HPOST', '{origin}/put', asked],
          ['DELETE', asked],
          ['EXEC', asked],
          ['HGET', '{origin}/x', asked],
          ['HGET', '{origin}/x', `${path.replace(/\/$/, '')}/new?${query}`],
        );
        answers.push(JSON.stringify([replies, stage.seen]));
      }
      assert.is(answers[0], answers[1], uri);
      assert.ok(answers[0].startsWith('[[{"sc":404},{"sc":404},{"sc":404},{"sc":404}'), answers[0]);
    }
  }),
);

test(
  'a condition on what may be read holds as ever [URI-15] [URI-25]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const codes = await device.codes(
      ['GET', `${ACCOUNT}/(x)/SrvID?nv=(x)/Auth/Trsp/Data:user&nv=(x)/Name:Op`],
      ['GET', `${VAULT}/(x)/?nv=(x)/Open:o`],
    );
    assert.equal(codes, [200, 200]);
  }),
);

test(
  'a validator tells nothing: a secret address with any cv gets 403, and one above it 304 or the data without secrets [ACC-8] [CV-4]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const cv = String((await device.run(['GET', OP]))[0].Data?.[0].CV);
    const codes = await device.codes(
      ['GET', `${OP}Auth/Trsp/Secret?cv=${cv}`],
      ['GET', `${OP}Auth/*/Secret?cv=${cv}`],
      ['GET', `${ACCOUNT}/(x)/?cv=${cv}&nv=(x)/Auth/Trsp/Secret:${SECRETS.trsp}`],
      ['GET', `${OP}?cv=${cv}`],
    );
    assert.equal(codes, [403, 404, 404, 304]);
    assertSilent(stage);
  }),
);

test(
  'EXEC and DELETE of a secret say no more than that it cannot be done [ACC-8]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    device.client.onExecute(ACCOUNT, '*', () => 200);
    device.client.onExecute(ACCOUNT, '*/*', () => 200);
    const codes = await device.codes(
      ['EXEC', `${OP}Perm`],
      ['EXEC', `${OP}Perm/1`],
      ['EXEC', `${OP}Auth/Bootstrap`],
      ['DELETE', `${OP}Perm`],
      ['DELETE', `${OP}Perm/1`],
      ['DELETE', `${OP}Perm/1/MOID`],
      ['DELETE', `${OP}Auth/Bootstrap/ClientSecretKey`],
    );
    assert.equal(codes, [405, 405, 405, 405, 405, 405, 405]);
    assertSilent(stage);
  }),
);

test(
  'Package#1 tells no secret: MOS has MIIDs, and those of the own Perm list only [ACC-8] [PKG1-6]',
  onStage(async (stage) => {
    const device = stage.device({ bootstrap: bootstrapWith({ account: { more: { Auth: AUTH } } }) });
    device.start();
    await device.idle();
    const [first] = stage.server.packages;
    assert.is(first.number, 1);
    assert.ok(JSON.stringify(first.body).includes('MOS'));
    for (const secret of Object.values(SECRETS)) assert.not(sent(stage).includes(secret));
    assert.not(sent(stage).includes(ACCOUNT));
  }),
);

test(
  'a secret is no value of a placeholder, and none stands in the log [ACC-8]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const commands = [
      ['HPUT', '{origin}/[Secret]', OP],
      ['HGET', '{origin}/[Auth/Trsp/Secret]'],
      ...EXACT.map((uri) => ['GET', uri]),
    ];
    const codes = await device.codes(...commands);
    assert.equal(codes.slice(0, 2), [400, 400]);
    assert.not(device.log.lines.join('\n').includes('s3cret'));
  }),
);

test(
  'a server writes secrets without reading them [ACC-8] [ACC-25]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    stage.server.setResource('/secret', { document: { MOData: { Secret: 'n3w' } } });
    stage.server.setResource('/trsp', { document: { MOData: { Trsp: { Data: 'u', Secret: 'n3wer' } } } });
    const replies = await device.run(
      ['HGET', '{origin}/secret', `${OP}Auth/Noti/Secret`],
      ['HGET', '{origin}/trsp', `${OP}Auth/Trsp`],
      ['GET', `${OP}Auth/Trsp`, `${OP}Auth/Noti`],
    );
    assert.equal(
      replies.map(({ sc }) => sc),
      [200, 200, 200],
    );
    assert.not(sent(stage).includes('n3w'));
    const { local } = device.client;
    assert.equal([local.read(`${OP}Auth/Noti/Secret`), local.read(`${OP}Auth/Trsp/Secret`)], ['n3w', 'n3wer']);
  }),
);

test(
  'nodes of such names in other MOs are none of these secrets [ACC-7] [MO-20]',
  onStage(async (stage) => {
    const mo = [{ ClientURI: `${BOX}/a/`, MOData: { Box: { Perm: 'p', Secret: 's', ClientSecretKey: 'k' } } }];
    const device = await stage.start({ bootstrap: bootstrapWith({ account: { perm: [BOX] }, mo }) });
    const replies = await device.run(['GET', `${BOX}//`], ['GET', `${BOX}//Secret`]);
    assert.equal(replies[0].Data?.[0].MOData, mo[0].MOData);
    assert.is(replies[1].sc, 200);
  }),
);

test.run();
