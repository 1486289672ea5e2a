import { MMS } from '../../support/device-bootstrap.js';
import { ORIGIN } from '../world.js';
import { bulky, factory, leaf, mms, NAME, type Scenario, startAgain } from './scenario.js';

function settings(bulk: number): object {
  return factory(mms({ Name: 'old', Text: bulky('old', bulk) }));
}

/** A large MO replaced twice. */
export const largeMo: Scenario = {
  name: 'large-mo',
  prepare: (device, bulk) => startAgain(device, settings(bulk)),
  act(device, bulk) {
    startAgain(device, settings(bulk));
    for (const name of ['one', 'two']) {
      device.world.resources.set(`/${name}`, { document: [mms({ Name: name, Text: bulky(name, bulk) })] });
      device.session([{ words: ['HGET', `${ORIGIN}/${name}`, `${MMS}/m1/`], gives: { MMS: name } }]);
    }
  },
  look(client, _world, _key, bulk) {
    const name = leaf(client, NAME);
    return leaf(client, `${MMS}/m1/Text`) === bulky(name, bulk) ? name : `mixed: ${name}`;
  },
};
