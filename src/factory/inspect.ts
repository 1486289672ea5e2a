import * as fs from 'node:fs';
import { DmClient } from 'dmlet';
import { NodeFlash, nodePlatform } from 'dmlet/node';
import { HOST_LIMITS } from './host-device.js';
import { Reporter } from './reporter.js';
import { stateOf } from './state.js';
import { drawState } from './state-view.js';
import { printError, printLine } from './terminal.js';
import { UsageError } from './usage-error.js';

/** `dmlet inspect`: shows what a device holds, and changes nothing. @throws UsageError */
export function inspect(options: { state: string; json?: boolean }): void {
  if (!fs.existsSync(options.state)) throw new UsageError(`--state ${options.state}: no such folder`);
  if (!fs.statSync(options.state).isDirectory()) throw new UsageError(`--state ${options.state}: not a folder`);
  const flash = new NodeFlash(options.state, { readOnly: true });
  const client = new DmClient(nodePlatform(flash, {}, { log: new Reporter({ json: false }, printError) }), {
    limits: HOST_LIMITS,
  });
  client.device.load();
  const text = options.json === true ? JSON.stringify(stateOf(client, flash)) : drawState(client, flash);
  // What waits for its next try would keep this process waiting too.
  client.close();
  printLine(text);
}
