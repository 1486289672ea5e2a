import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCOUNT } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { SECRETS } from '../support/device-rights.js';
import { assertSilent, OP, secretDevice, VAULT } from '../support/device-secrets.js';

// PROTOCOL.md ACC-8, URI-25, CV-4: a server that guesses a secret does not learn whether it is right.
const test = suite('secrets guessed');

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
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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
    const device = await secretDevice(stage);
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

test.run();
