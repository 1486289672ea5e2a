import { MOID_SESSION } from '../../src/tree/standard-mos.js';
import { readCheckedJson } from '../server/checked-json.js';
import { judgeMoData } from '../server/mo-check.js';
import { INITIATION_SCHEMA, MO_DATA_SCHEMA, RESPONSE_SCHEMA } from '../server/package-schema.js';
import { checkOf, type SchemaCheck } from '../server/schema.js';
import { bytesOf } from '../support/bytes.js';
import { durableState } from '../support/device-state.js';
import { type Life, WRONG } from './device/life.js';
import { runTrial, type Subject } from './device/subjects.js';
import { NodeGround, prepared } from './node-ground.js';

/** Steps of the event loop in which every case has ended. */
const MOST_STEPS = 200000;

/** Steps of timers that a client which was closed may still have, each of which does nothing. */
const REST_STEPS = 1000;

const SCHEMAS: Readonly<Record<string, SchemaCheck>> = {
  'application/vnd.oma.dm.initiation+json': checkOf(INITIATION_SCHEMA),
  'application/vnd.oma.dm.response+json': checkOf(RESPONSE_SCHEMA),
  'application/vnd.oma.dm.mo+json': checkOf(MO_DATA_SCHEMA),
};

/** What is wrong with what a client sent, if anything. */
function judgeSent([type, body]: readonly [string, string]): string[] {
  const check = SCHEMAS[type] as SchemaCheck | undefined;
  // What CONT and HPUT send elsewhere goes by other names, and is the same.
  if (check === undefined) return [];
  const { value, violation } = readCheckedJson(Buffer.from(body, 'latin1'), check);
  const wrong = violation ?? (Array.isArray(value) ? judgeMoData(value) : undefined);
  return wrong === undefined ? [] : [`${WRONG}${wrong}: ${body}`];
}

/** What a case came to on Node, one line an event. */
export function trialOnNode(subject: Subject, input: Uint8Array, pace: number): readonly string[] {
  const ground = new NodeGround();
  const wrong: string[] = [];
  let state = '';
  let used = 0;
  const look = ({ client, server }: Life, isRestarted: boolean): void => {
    // Session Information is not stored: where an application has removed it, a restart brings it back.
    const isWhole = client.local.instances(MOID_SESSION).length > 0;
    const found = [durableState(client), isWhole ? client.device.tree.used : 0] as const;
    wrong.push(...server.sent.flatMap(judgeSent));
    if (isRestarted && found[0] !== state)
      wrong.push(`${WRONG}state ${state}`, `${WRONG}after the restart ${found[0]}`);
    if (isRestarted && used > 0 && found[1] !== used)
      wrong.push(`${WRONG}${used} bytes of the tree in use, ${found[1]} after a restart`);
    [state, used] = found;
  };
  let lines: readonly string[] | undefined;
  runTrial(subject, { ground, input: bytesOf(input), pace, look }, (all) => {
    lines = all;
  });
  for (let steps = 0; lines === undefined; steps += 1) {
    if (steps > MOST_STEPS || !ground.loop.step()) return [`${WRONG}the client hangs after ${steps} steps`];
  }
  for (let steps = 0; steps < REST_STEPS && ground.loop.step(); steps += 1);
  for (const delay of ground.loop.broken) wrong.push(`${WRONG}a timer of ${delay} ms`);
  if (ground.loop.pending > 0) wrong.push(`${WRONG}${ground.loop.pending} timers are left`);
  return [...lines, ...wrong];
}

/** What is in the flash of a device that has its factory's bootstrap, and has told its servers so. */
export function preparedFlash(): readonly (readonly [string, Uint8Array])[] {
  if (prepared.size === 0) trialOnNode('notification', new Uint8Array(0), 0);
  return [...prepared];
}
