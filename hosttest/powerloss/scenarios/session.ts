import { MMS, NAP } from '../../support/device-bootstrap.js';
import { ORIGIN, type Said } from '../world.js';
import { ADDR, defaultFor, leaf, mms, NAME, NONE, promised, type Scenario, SETTINGS, startAgain } from './scenario.js';

/** Commands of every kind that stores something. @param begun how many executions there will be. */
function packages(begun: number): Said[][] {
  return [
    [
      { words: ['DEFAULT', `${ORIGIN}/a`, MMS], gives: { DEFAULT: `${ORIGIN}/a` } },
      { words: ['HGET', `${ORIGIN}/mms`, `${MMS}/m1/`], gives: { Name: 'new', Addr: 'new' } },
      { words: ['HGET', `${ORIGIN}/nap`, `${NAP}//`], gives: { NAP: 'apn' } },
      { words: ['SUB', `${ORIGIN}/r`, `${MMS}/m1/`], gives: { SUB: '1' } },
      { words: ['EXEC', NAME], gives: { EXEC: String(begun) } },
    ],
    [
      { words: ['UNSUB', `${MMS}/m1/`], gives: { SUB: '0' } },
      { words: ['DELETE', `${NAP}//`], gives: { NAP: NONE } },
      { words: ['DELETE', ADDR], gives: { Addr: NONE } },
      { words: ['DEFAULT', `${ORIGIN}/b`, MMS], gives: { DEFAULT: `${ORIGIN}/b` } },
    ],
  ];
}

/** A session with every command that stores something, and the results of what it executes. */
export const session: Scenario = {
  name: 'session',
  prepare: (device) => startAgain(device, SETTINGS),
  act(device) {
    const { client, world } = device;
    const finishAll = (): void => {
      const executions = client.executions();
      executions.forEach((execution, i) => {
        promised(world, 'EXEC', String(executions.length - 1 - i), () => execution.finish(200));
      });
    };
    world.resources.set('/mms', { document: [mms({ Name: 'new', Addr: 'new' })] });
    world.resources.set('/nap', { document: [{ ClientURI: `${NAP}//`, MOData: { NAP: { Addr: 'apn' } } }] });
    client.onExecute(MMS, '*', () => undefined);
    startAgain(device, SETTINGS);
    finishAll();
    device.session(...packages(client.executions().length + 1));
    finishAll();
    device.rest();
  },
  look(client, _world, key) {
    switch (key) {
      case 'DEFAULT':
        return defaultFor(client, MMS);
      case 'Name':
        return leaf(client, NAME);
      case 'Addr':
        return leaf(client, ADDR);
      case 'NAP':
        return leaf(client, `${NAP}//Addr`);
      case 'SUB':
        return String(client.device.subscriptions.rows.length);
      default:
        return String(client.executions().length);
    }
  },
  wrong: ({ world }) => (world.alerts.some((alert) => alert.includes('exec-result')) ? '' : 'the result is lost'),
};
