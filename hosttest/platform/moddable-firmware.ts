import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Plugin, rollup } from 'rollup';
import { ROOT } from '../xs/build.js';
import type { Machine } from '../xs/machine.js';
import { testModules } from '../xs/test-modules.js';
import type { Given, Outcome } from './moddable-scenario.js';

/** Modules of the SDK that the firmware imports. All have a default export but `crypt`. */
const SDK = [
  'mc/config',
  'timer',
  'time',
  'crypt',
  'Resource',
  'text/encoder',
  'text/decoder',
  'embedded:storage/key-value',
  'embedded:io/socket/udp',
];

/** The firmware's own modules, by name: where the manifest has them, below `dist`. */
export type Firmware = Readonly<Record<string, string>>;

/** As the two manifests have it for the ESP32. */
export const FIRMWARE: Firmware = {
  main: 'moddable/main.js',
  application: 'moddable/example/mms-client.js',
  dmlet: 'moddable/index.js',
  'dmlet/core': 'dmlet.js',
  'dmlet/adapters': 'moddable/adapters.js',
  'dmlet/counted-flash': 'moddable/counted-flash.js',
  'dmlet/flash': 'moddable/flash.js',
  'dmlet/identity': 'moddable/identity.js',
  'dmlet/limits': 'moddable/limits.js',
};

/** Those that are preloaded. */
const PRELOADED = ['dmlet/core', 'dmlet/adapters', 'dmlet/counted-flash', 'dmlet/limits'];

/** Before a module of the firmware: the engine's own `trace` writes elsewhere, and cannot be replaced. */
const TRACE = 'const { trace } = globalThis.sdk;\n';

const SCENARIO = 'hosttest/platform/moddable-scenario.js';

const PROGRAM = `import 'given';
import { live } from '${SCENARIO}';
import main from 'main';
report(JSON.stringify(live(main)));
`;

/** The program and all that it imports, as source text by name. */
function modulesOf(given: Given, firmware: Firmware): Record<string, string> {
  const modules: Record<string, string> = { given: `globalThis.given = ${JSON.stringify(given)};` };
  for (const name of SDK) {
    const value = `globalThis.sdk[${JSON.stringify(name)}]`;
    modules[name] = name === 'crypt' ? `export const Digest = ${value};` : `export default ${value};`;
  }
  for (const [name, file] of Object.entries(firmware)) {
    const code = fs.readFileSync(path.join(ROOT, 'dist', file), 'utf8');
    modules[name] = PRELOADED.includes(name) ? code : `${TRACE}${code}`;
  }
  return modules;
}

/** Runs a firmware on Node. */
export async function runOnNode(given: Given, firmware = FIRMWARE): Promise<Outcome> {
  const modules = modulesOf(given, firmware);
  const byName: Plugin = {
    name: 'modules by name',
    resolveId(id, importer) {
      if (importer === undefined) return 'program';
      if (id === SCENARIO) return path.join(ROOT, 'dist/test', SCENARIO);
      const name = id.startsWith('./') && modules[importer] !== undefined ? `dmlet/${id.slice(2, -3)}` : id;
      return modules[name] === undefined ? null : name;
    },
    load: (id) => (id === 'program' ? PROGRAM : (modules[id] ?? null)),
  };
  const bundle = await rollup({ input: 'program', plugins: [byName], external: /^node:/, onwarn: () => {} });
  const { output } = await bundle.generate({ format: 'es' });
  const reports: string[] = [];
  Object.assign(globalThis, { report: (text: string) => reports.push(text) });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-firmware-'));
  try {
    const file = path.join(folder, 'program.mjs');
    fs.writeFileSync(file, output[0].code);
    await import(file);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  return JSON.parse(reports[0]);
}

/** Runs a firmware on the XS machine, its preloaded modules frozen. @throws Error with what ended the machine. */
export async function runOnXs(machine: Machine, given: Given, firmware = FIRMWARE): Promise<Outcome> {
  const [test] = (await testModules(['platform/moddable-scenario.js'])).values();
  const { dmlet: _core, ...preload } = test.preload as Record<string, string>;
  const modules: Record<string, string> = { ...test.modules };
  for (const [name, code] of Object.entries(modulesOf(given, firmware))) {
    // It is imported by its file's name, whose ending the SDK drops.
    const known = name === 'dmlet/counted-flash' ? `${name}.js` : name;
    if (PRELOADED.includes(name)) preload[known] = code;
    else modules[known] = code;
  }
  const program = PROGRAM.replace('report(', 'host.print(');
  const creation = {
    pool: 1 << 24,
    chunks: [1 << 16, 4096],
    slots: [4096, 1024],
    stack: 4096,
    keys: [1024, 64],
  } as const;
  const { exit, detail, printed } = await machine.run({ preload, modules, program, creation });
  if (exit !== 'ok') throw new Error(`${exit} ${detail} ${printed.join('\n')}`);
  return JSON.parse(printed[0]);
}
