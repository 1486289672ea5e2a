import { buildMachine } from '../machine.js';
import { compiledModules, coreBundle } from '../modules.js';
import { measureReader, timeReader } from './reader.js';
import { measureTree } from './tree.js';

const { machine, reason } = await buildMachine();

function table(title: string, rows: readonly object[]): void {
  console.log(`\n${title}`);
  console.table(rows);
}

/** One measurement that fails does not keep the others from their turn. */
async function attempt(title: string, measure: () => Promise<readonly object[]>): Promise<void> {
  try {
    table(title, await measure());
  } catch (error) {
    console.log(`\n${title}: ${String(error)}`);
  }
}

if (machine === undefined) {
  console.log(`The XS machine is left out: ${reason}.`);
  process.exitCode = 1;
} else {
  console.log(`XS, ${machine.bits} bits`);
  await attempt('Byte code of the bundle, and of each module as compiled for the tests', async () => [
    ...(await machine.compile(coreBundle())),
    ...(await machine.compile(compiledModules('src/index'))).sort((a, b) => b.code - a.code),
  ]);
  await attempt('Reading Package#2 over JSON.parse, microseconds', async () => [
    await timeReader(machine, 50),
    await timeReader(machine, 500),
  ]);
  await attempt('Memory of the reader', async () => [
    await measureReader(machine, 10),
    await measureReader(machine, 500),
    await measureReader(machine, 14000),
  ]);
  await attempt('ClientURI among 196 nodes over nested objects, microseconds', async () => [
    await measureTree(machine),
  ]);
}
