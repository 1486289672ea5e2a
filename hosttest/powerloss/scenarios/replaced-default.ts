import { MMS } from '../../support/device-bootstrap.js';
import { ORIGIN } from '../world.js';
import { defaultFor, type Scenario, SETTINGS, startAgain } from './scenario.js';

/** A DEFAULT set, and replaced twice. */
export const replacedDefault: Scenario = {
  name: 'default',
  prepare: (device) => startAgain(device, SETTINGS),
  act(device) {
    startAgain(device, SETTINGS);
    for (const name of ['a', 'b', 'c']) {
      const value = `${ORIGIN}/${name}`;
      device.session([{ words: ['DEFAULT', value, MMS], gives: { DEFAULT: value } }]);
    }
  },
  look: (client) => defaultFor(client, MMS),
};
