import type { ReceivedRequest } from 'dmlet/server';
import { bootstrapWith, DEVINFO, type MoElement } from './device-bootstrap.js';
import type { DeviceSetup, Stage, TestDevice } from './device-fixture.js';

/** An MO with two instances, as in the examples of PROTOCOL.md §5. */
export const SENSOR = 'urn:oma:mo:moid:1.0';

export const LEFT: MoElement = {
  ClientURI: `${SENSOR}/left/`,
  MOData: { Sensor: { ID: 'GPS', Data: { 1: { Value: 100 }, 2: { Value: 200 } }, Setting: '0xA1' } },
};
export const RIGHT: MoElement = {
  ClientURI: `${SENSOR}/right/`,
  MOData: { Sensor: { ID: 'Temperature', Data: { 1: { Value: 30 } }, Setting: '0xB2', None: {}, Null: null } },
};

/** A device that holds both. */
export function withSensors(stage: Stage, setup: DeviceSetup = {}): Promise<TestDevice> {
  return stage.start({
    bootstrap: bootstrapWith({ account: { perm: [SENSOR, DEVINFO] }, mo: [LEFT, RIGHT] }),
    ...setup,
  });
}

/** The elements of a document that was uploaded, without the validators, which another suite looks at. */
export function elementsOf(request: ReceivedRequest): MoElement[] {
  const elements = JSON.parse(request.body.toString()) as MoElement[];
  return elements.map(({ CV: _, ...element }) => element);
}
