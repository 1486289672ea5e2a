import { promised, type Scenario, SETTINGS, startAgain } from './scenario.js';

const TYPE = 'urn:example:low';

/** Alerts queued and delivered, one a session. An alert is safe while it waits, and when the server has it. */
export const alerts: Scenario = {
  name: 'alerts',
  prepare: (device) => startAgain(device, SETTINGS),
  act(device) {
    const { client, world } = device;
    startAgain(device, SETTINGS);
    world.attempts += 1;
    for (const n of [1, 2]) {
      const data = `${world.attempts}-${n}`;
      promised(world, data, 'safe', () => client.alert({ type: TYPE, data }));
      device.session();
    }
    device.rest();
  },
  look({ device }, world, data) {
    const waits = device.alerts.rows.some((row) => device.alerts.json(row).includes(`"${data}"`));
    return waits || world.alerts.includes(`${TYPE} ${data}`) ? 'safe' : 'lost';
  },
  wrong({ client, world }) {
    if (client.device.alerts.rows.length > 0) return 'alerts are still queued';
    const times = world.promises.keys.map((data) => world.alerts.filter((alert) => alert === `${TYPE} ${data}`).length);
    // A flash that refuses cannot forget what was delivered.
    return !world.hasRefused && Math.max(...times) > world.attempts ? `delivered ${times} times` : '';
  },
};
