import { MMS } from '../../support/device-bootstrap.js';
import { ORIGIN } from '../world.js';
import { ADDR, factory, leaf, NAME, type Scenario, startAgain, together } from './scenario.js';

const FACTORY = factory();
FACTORY.CMD.push(['DEFAULT', `${ORIGIN}/jit`, MMS]);

/** A fetch that fails first, and one of other data. */
export const justInTime: Scenario = {
  name: 'jit',
  prepare: (device) => startAgain(device, FACTORY),
  act(device) {
    const { resources, promises } = device.world;
    startAgain(device, FACTORY);
    const fetch = (value: string, faults: number): void => {
      const document = [{ ClientURI: `${MMS}//`, MOData: { MMS: { Name: value, Addr: value } } }];
      resources.set('/jit', { document, etag: `"${value}"`, faults });
      for (let tries = 0; tries <= faults; tries += 1) {
        // One that fails is not refused: it is tried again by itself.
        const asked = promises.ask('MMS', value);
        if (device.configure(MMS) === '') asked.done();
      }
    };
    fetch('first', 1);
    fetch('second', 0);
    device.rest();
  },
  look: (client) => together([leaf(client, NAME), leaf(client, ADDR)]),
};
