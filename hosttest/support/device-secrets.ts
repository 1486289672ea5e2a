import * as assert from 'uvu/assert';
import { ACCOUNT, accountElement, bootstrapWith, DEVINFO } from './device-bootstrap.js';
import type { Stage, TestDevice } from './device-fixture.js';
import { AUTH, SECRETS } from './device-rights.js';

/** The account of the session. */
export const OP = `${ACCOUNT}/operator/`;

/** An MO whose definition hides some nodes. */
export const VAULT = 'urn:example:mo:vault:1.0';

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

/** Its values that nobody may see end in `s3cret`. */
const VAULTS = [
  {
    ClientURI: `${VAULT}/v/`,
    MOData: { Vault: { Pin: 'pin-s3cret', Box: { v: 'box-s3cret' }, Keys: { k: { v: 'k-s3cret' } }, Open: 'o' } },
  },
  { ClientURI: 'urn:example:mo:dark:1.0/d/', MOData: { Dark: { v: 'dark-s3cret' } } },
];

/** On the Perm list, and nowhere else. */
export const HIDDEN_MOID = 'urn:example:mo:hidden:1.0';

/** A device with an account that has secrets, and with the application's own. */
export async function secretDevice(stage: Stage): Promise<TestDevice> {
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

/** Everything that the device has sent, in packages and to the repository. */
export function sent(stage: Stage): string {
  const packages = stage.server.packages.map(({ body }) => JSON.stringify(body));
  return [...packages, ...stage.server.requests.map(({ body }) => String(body))].join('\n');
}

/** No secret, and no MOID of a Perm list, has left the device. */
export function assertSilent(stage: Stage): void {
  const text = sent(stage);
  for (const secret of ['s3cret', HIDDEN_MOID, '"Perm"']) assert.not(text.includes(secret), `${secret} in ${text}`);
}
