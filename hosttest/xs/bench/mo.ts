import { type SampleNode, sampleTree } from '../../bench/sample-tree.js';
import { buildMachine, type Creation } from '../machine.js';
import { compiledModules, coreBundle } from '../modules.js';

const { machine, reason } = await buildMachine();
if (machine === undefined) throw new Error(reason);
const creation: Creation = { pool: 1 << 20, chunks: [1 << 18, 512], slots: [16384, 64], stack: 1024, keys: [256, 0] };
const preload = { ...coreBundle(), ...compiledModules('hosttest/xs/device/mo-bench') };
type N = { [n: string]: N | string };
const plain = (nodes: readonly SampleNode[]): N =>
  Object.fromEntries(nodes.map(({ name, value, children }) => [name, children.length ? plain(children) : value]));
const doc = { ClientURI: 'urn:oma:mo:oma-fumo:1.0/m1/', MOData: { FUMO: plain(sampleTree()) } };
const pretty = JSON.stringify([doc], null, 2);
const long = {
  ClientURI: 'urn:oma:mo:oma-fumo:1.0/m1/',
  MOData: { FUMO: { a: 'x'.repeat(4000), b: { c: 'y'.repeat(300) } } },
};
const accent = JSON.stringify([doc]).replaceAll('value-', 'välue-');
for (const [name, text] of [
  ['compact', JSON.stringify([doc])],
  ['pretty', pretty],
  ['accents', accent],
  ['long', JSON.stringify([long])],
]) {
  const report = await machine.run({
    preload,
    program: `import { race } from 'hosttest/xs/device/mo-bench.js'; race(15, 4, ${process.argv[2] ?? 512});`,
    creation,
    inputs: [new TextEncoder().encode(text)],
  });
  if (report.exit !== 'ok') console.log(report.exit, report.detail);
  const rows = report.printed.slice(0, -1).map((l) => l.split(' ').map(Number));
  const med = [0, 1, 2, 3, 4].map((k) => rows.map((r) => r[k]).sort((a, b) => a - b)[rows.length >> 1]);
  const ratio = (a: number, b: number) => (med[a] / med[b]).toFixed(1);
  console.log(
    name,
    'us:',
    med.join(' '),
    'read/parse',
    ratio(0, 2),
    'write/stringify',
    ratio(1, 3),
    'bytes',
    report.printed.at(-1),
  );
}
