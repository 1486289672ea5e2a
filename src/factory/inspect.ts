import * as fs from 'node:fs';
import { DmClient } from 'dmlet';
import { NodeFlash, nodePlatform } from 'dmlet/node';
import { HOST_LIMITS } from './run.js';
import { drawState, stateOf } from './state-view.js';
import { UsageError } from './usage-error.js';

/** `dmlet inspect`: shows what a device holds, and changes nothing. @throws UsageError */
export function inspect(options: { state: string; json?: boolean }): void {
  if (!fs.existsSync(options.state)) throw new UsageError(`--state ${options.state}: no such folder`);
  const flash = new NodeFlash(options.state, { readOnly: true });
  const client = new DmClient(nodePlatform(flash, {}), { limits: HOST_LIMITS });
  client.device.load();
  console.log(options.json === true ? JSON.stringify(stateOf(client, flash)) : drawState(client, flash));
}
