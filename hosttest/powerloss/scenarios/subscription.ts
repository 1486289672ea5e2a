import { MMS } from '../../support/device-bootstrap.js';
import { ORIGIN } from '../world.js';
import { leaf, NAME, promised, type Scenario, SETTINGS, startAgain } from './scenario.js';

const PLACE = `${MMS}/m1/`;

/** SUB, a change that is reported, UNSUB. */
export const subscription: Scenario = {
  name: 'sub',
  prepare: (device) => startAgain(device, SETTINGS),
  act(device) {
    const { client, world } = device;
    startAgain(device, SETTINGS);
    device.session([{ words: ['SUB', `${ORIGIN}/r`, PLACE], gives: { SUB: '1' } }]);
    world.attempts += 1;
    const value = `change ${world.attempts}`;
    promised(world, 'Name', value, () => client.local.write(NAME, value));
    device.rest();
    device.session([{ words: ['UNSUB', PLACE], gives: { SUB: '0' } }]);
    device.rest();
  },
  look: (client, _world, key) =>
    key === 'Name' ? leaf(client, NAME) : String(client.device.subscriptions.rows.length),
  wrong({ world }) {
    const last = world.reports.at(-1) ?? '';
    return last.includes(`"change ${world.attempts}"`) ? '' : `reported last: ${last}`;
  },
};
