import * as fs from 'node:fs';
import { buildMachine, DEVICE } from '../machine.js';
import { compiledModules, coreBundle } from '../modules.js';

// Runs a program of yours on the machine: node dist/test/hosttest/xs/bench/program.js FILE [POOL]
// It may import 'dmlet', and what is compiled for the tests, as 'src/tree/arena.js' or 'hosttest/xs/device/client.js'.
// Global there is `host` (../device/host.ts): print, gc, used, mark, now, …

const [file, pool = `${1 << 20}`] = process.argv.slice(2);
const { machine, reason } = await buildMachine();
if (machine === undefined) throw new Error(reason);
const program = fs.readFileSync(file, 'utf8');
const imported = [...program.matchAll(/'((?:src|hosttest)\/[^']+)\.js'/g)].map(([, name]) => name);
const report = await machine.run({
  preload: { ...coreBundle(), ...compiledModules(...imported) },
  program,
  creation: { ...DEVICE, pool: Number(pool) },
});
for (const line of report.printed) console.log(line);
console.table(Object.fromEntries([...report.marks, ['end', report.end]]));
console.log(`${report.exit} ${report.detail}`);
