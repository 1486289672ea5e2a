import { MMS, type MoElement } from '../../support/device-bootstrap.js';
import { wholeText } from '../../support/tree-text.js';
import { ORIGIN } from '../world.js';
import { bulky, factory, leaf, mms, NAME, NONE, type Scenario, startAgain } from './scenario.js';

/** Bytes of a value that lies in memory. */
const SHORT = 100;

function settings(name: string, bulk: number): MoElement {
  return mms({ Name: name, Text: bulky(name, name === 'two' ? SHORT : bulk), Behind: name });
}

/** A leaf that lies in flash alone comes with the bootstrap, is replaced, brought again as it is, and replaced by one in memory. */
export const largeLeaf: Scenario = {
  name: 'large-leaf',
  limits: { value: SHORT },
  prepare: (device, bulk) => startAgain(device, factory(settings('old', bulk))),
  act(device, bulk) {
    startAgain(device, factory(settings('old', bulk)));
    for (const name of ['one', 'one', 'two', 'three']) {
      device.world.resources.set(`/${name}`, { document: [settings(name, bulk)] });
      device.session([{ words: ['HGET', `${ORIGIN}/${name}`, `${MMS}/m1/`], gives: { MMS: name } }]);
    }
  },
  look(client, _world, _key, bulk) {
    const name = leaf(client, NAME);
    if (name === NONE) return NONE;
    const text = wholeText(client.device.tree, client.device.find(`${MMS}/m1/Text`));
    return text === bulky(name, name === 'two' ? SHORT : bulk) ? name : `mixed: ${name}`;
  },
};
