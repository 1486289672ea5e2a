import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT, bootstrapWith, DEVINFO } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { AUTH, BOX, SECRETS } from '../support/device-rights.js';
import { assertSilent, OP, secretDevice, sent, VAULT } from '../support/device-secrets.js';

// PROTOCOL.md ACC-7, ACC-8, URI-25, DEF-5: no server sees a secret, whatever it asks.
const test = suite('secrets');

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

test(
  'GET, HPUT, HPOST and SUB of a secret get 403, and send nothing [ACC-7] [ACC-8] [ACC-13] [DEF-5]',
  onStage(async (stage) => {
    const device = await secretDevice(stage);
    const { tree, validators } = device.client.device;
    for (const uri of EXACT) {
      const validator = validators.get(tree.instanceOf(device.client.device.find(uri)));
      assert.ok(validator !== '', uri);
      const commands = [
        ['GET', uri],
        ['GET', `${DEVINFO}//DevID`, uri],
        ['HPUT', '{origin}/put', uri],
        ['HPOST', '{origin}/post', uri],
        ['SUB', '{origin}/sub', uri],
        ['GET', `${uri}?cv=${validator}`],
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
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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

test(
  'EXEC and DELETE of a secret say no more than that it cannot be done [ACC-8]',
  onStage(async (stage) => {
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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
