import * as fs from 'node:fs';
import { DmClient } from 'dmlet';
import { NodeFlash, nodePlatform } from 'dmlet/node';
import { HOST_LIMITS } from './host-device.js';
import { Reporter } from './reporter.js';
import { stateOf } from './state.js';
import { drawState } from './state-view.js';
import { printError, printLine } from './terminal.js';
import { UsageError } from './usage-error.js';

/** How often a state in which something is damaged is looked at again. */
const TRIES = 9;

/** `dmlet inspect`: shows what a device holds, and changes nothing. @throws UsageError */
export function inspect(options: { state: string; json?: boolean }): void {
  if (!fs.existsSync(options.state)) throw new UsageError(`--state ${options.state}: no such folder`);
  if (!fs.statSync(options.state).isDirectory()) throw new UsageError(`--state ${options.state}: not a folder`);
  const { client, flash, notes } = load(options.state);
  for (const note of notes) printError(note);
  const text = options.json === true ? JSON.stringify(stateOf(client, flash)) : drawState(client, flash);
  // What waits for its next try would keep this process waiting too.
  client.close();
  printLine(text);
}

/** Loads a device. One that runs may take records away meanwhile, which then look damaged: that is tried again. */
function load(state: string): { client: DmClient; flash: NodeFlash; notes: readonly string[] } {
  for (let left = TRIES; ; left -= 1) {
    const notes: string[] = [];
    const log = new Reporter({ json: false }, (line) => notes.push(line));
    const flash = new NodeFlash(state, { readOnly: true });
    const client = new DmClient(nodePlatform(flash, {}, { log }), { limits: HOST_LIMITS });
    client.device.load();
    if (notes.length === 0 || left === 0) return { client, flash, notes };
    client.close();
  }
}
