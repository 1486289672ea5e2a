import type { MoElement } from './device-bootstrap.js';
import { bootstrapWith, MMS, NAP } from './device-bootstrap.js';
import type { DeviceSetup, Stage, TestDevice } from './device-fixture.js';

/** What the objects of `reporting` hold at first. */
export const FIRST = { Name: 'first', Addr: { Host: 'a', Port: 1 } };

/** A device with an MMS object `m1` and two access points, whose changes settle at once. */
export function reporting(stage: Stage, setup: DeviceSetup = {}): Promise<TestDevice> {
  const mo: MoElement[] = [
    { ClientURI: `${MMS}/m1/`, MOData: { MMS: FIRST } },
    { ClientURI: `${NAP}/n1/`, MOData: { NAP: { NapId: 'one' } } },
    { ClientURI: `${NAP}/n2/`, MOData: { NAP: { NapId: 'two' } } },
  ];
  return stage.start({ bootstrap: bootstrapWith({ mo }), limits: { settleTime: 0 }, ...setup });
}

/** The reports that came whole, in order: path, and for each element what it is of, and its data. */
export function reports(stage: Stage): string[] {
  const whole = stage.server.requests.filter(({ method, body }) => method === 'PUT' && body.length > 0);
  return whole.map(({ path, body }) => `${path} ${show(body)}`);
}

/** The device after a restart, when all is done that this brings; what was before is forgotten. */
export async function restarted(stage: Stage, device: TestDevice, changes: DeviceSetup = {}): Promise<TestDevice> {
  device.close();
  stage.forget(device);
  const again = stage.device({ ...device.setup, flash: device.flash, ...changes });
  again.start();
  await again.idle();
  return again;
}

function show(body: Buffer): string {
  const elements = JSON.parse(body.toString()) as MoElement[];
  return elements.length === 0
    ? '[]'
    : elements.map(({ ClientURI, MOData }) => `${ClientURI} ${JSON.stringify(MOData)}`).join(' ');
}
