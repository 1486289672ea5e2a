import { ACCOUNT, DEV_ID, devInfoElement, MMS, NAP } from '../../support/device-bootstrap.js';
import { ORIGIN } from '../world.js';
import { account, bulky, defaultFor, factory, leaf, mms, NAME, NONE, type Scenario, together } from './scenario.js';

function text(mark: string, bulk: number): string {
  return bulky(mark, bulk >> 1);
}

function first(bulk: number): object {
  const document = factory(mms({ Name: 'first', Text: text('first', bulk) }));
  document.CMD.push(['DEFAULT', `${ORIGIN}/first`, MMS]);
  return document;
}

function second(bulk: number): object {
  return {
    MO: [
      account('/second'),
      mms({ Name: 'second', Text: text('second', bulk) }),
      devInfoElement({ DevID: DEV_ID, Man: 'Second' }),
    ],
    CMD: [
      ['DEFAULT', `${ORIGIN}/second`, MMS],
      ['HGET', `${ORIGIN}/hget`],
    ],
  };
}

/** The part of a URL that tells which bootstrap it came with. */
function mark(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** The factory's bootstrap on a new device, another one in its place, and what is due after each. */
export const bootstrap: Scenario = {
  name: 'bootstrap',
  act(device, bulk) {
    const { promises, resources } = device.world;
    resources.set('/hget', { document: [{ ClientURI: `${NAP}//`, MOData: { NAP: { Addr: 'apn' } } }] });
    const asked = promises.ask('bootstrap', 'first');
    if (device.start(first(bulk))) asked.done();
    else asked.refused();
    device.rest();
    const again = promises.ask('bootstrap', 'second');
    device.receive(second(bulk));
    again.done();
    device.rest();
  },
  look(client, _world, _key, bulk) {
    const server = leaf(client, `${ACCOUNT}/operator/SrvURI`);
    const name = leaf(client, NAME);
    const found = leaf(client, `${MMS}/m1/Text`);
    return together([
      mark(server).replace('dm', 'first'),
      name,
      found === NONE || found !== text(name, bulk) ? found : name,
      mark(defaultFor(client, MMS)),
    ]);
  },
  wrong({ client, world }) {
    if (client.local.instances(NAP).length === 0) return 'the HGET of the bootstrap is lost';
    return world.alerts.some((alert) => alert.includes('BootstrapComplete')) ? '' : 'no server heard of the bootstrap';
  },
};
