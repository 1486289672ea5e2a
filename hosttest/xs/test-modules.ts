import * as fs from 'node:fs';
import * as path from 'node:path';
import { type OutputChunk, type Plugin, rollup } from 'rollup';
import { ROOT } from './build.js';
import { coreBundle, type Modules } from './modules.js';

/** Where the sources are compiled to for the tests. */
const COMPILED = path.join(ROOT, 'dist/test');
const GLOBALS = 'hosttest/xs/device/globals.js';

const NODE = path.join(COMPILED, 'hosttest/xs/node');
const UVU = path.join(ROOT, 'node_modules/uvu');

/** What tests import: the runner of tests as it is, and in place of Node and of its platform what the machine can do of it. */
const MODULES: Readonly<Record<string, string>> = {
  uvu: path.join(UVU, 'dist/index.mjs'),
  'uvu/assert': path.join(UVU, 'assert/index.mjs'),
  'uvu/diff': path.join(UVU, 'diff/index.mjs'),
  kleur: path.join(UVU, 'node_modules/kleur/index.mjs'),
  dequal: path.join(ROOT, 'node_modules/dequal/dist/index.mjs'),
  diff: path.join(ROOT, 'node_modules/diff/lib/index.mjs'),
  'dmlet/node': path.join(NODE, 'dmlet-node.js'),
  'dmlet/server': path.join(COMPILED, 'hosttest/server/index.js'),
  ajv: path.join(NODE, 'ajv.js'),
  clarinet: path.join(ROOT, 'node_modules/clarinet/clarinet.js'),
  jsonparse: path.join(ROOT, 'node_modules/jsonparse/jsonparse.js'),
  '@streamparser/json': path.join(ROOT, 'node_modules/@streamparser/json/dist/mjs/index.js'),
  'node:buffer': path.join(NODE, 'buffer.js'),
  'node:crypto': path.join(NODE, 'crypto.js'),
  'node:http': path.join(NODE, 'http.js'),
  'node:https': path.join(NODE, 'http.js'),
  'node:dgram': path.join(NODE, 'absent.js'),
  'node:fs': path.join(NODE, 'absent.js'),
  'node:net': path.join(NODE, 'net.js'),
  'node:tls': path.join(NODE, 'absent.js'),
  'node:path': path.join(NODE, 'absent.js'),
};

/** Those that are no ES modules. */
const COMMON_JS = [MODULES.clarinet, MODULES.jsonparse];

/** The modules of a test file, by where the machine has them. */
export interface TestModules {
  /** In flash, frozen: the core as it is flashed, and those of its inner modules that the file tests by themselves. */
  readonly preload: Modules;
  readonly modules: Modules;
}

/**
 * Finds what a test file imports as Node does. The core stays an import of the file that is flashed, byte by byte. What that does not export is
 * tested as it is compiled for the tests: the same source, in a module of its own with its imports, as under Node.
 */
const asNodeDoes: Plugin = {
  name: 'as Node does',
  resolveId(id) {
    if (id === 'dmlet') return { id, external: true };
    if (id.startsWith('.') || path.isAbsolute(id)) return null;
    return MODULES[id] ?? null;
  },
  load(id) {
    if (!COMMON_JS.includes(id)) return null;
    return `const module = { exports: {} }, exports = module.exports;\n${fs.readFileSync(id, 'utf8')}\nexport default module.exports;`;
  },
};

/** Test files, as paths below the compiled `hosttest`, each with all that it imports. */
export async function testModules(files: readonly string[]): Promise<Map<string, TestModules>> {
  const inputs = files.map((file) => path.join(COMPILED, 'hosttest', file));
  const bundle = await rollup({
    input: [...inputs, path.join(COMPILED, GLOBALS)],
    plugins: [asNodeDoes],
    treeshake: false,
    onwarn: () => {},
  });
  const { output } = await bundle.generate({
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: COMPILED,
    sanitizeFileName: (name) => name.replaceAll('\0', ''),
  });
  const chunks = new Map(output.filter((item) => item.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const globals = closureOf([GLOBALS], chunks);
  return new Map(
    files.map((file) => {
      const all = closureOf([`hosttest/${file}`], chunks);
      const preload: Record<string, string> = { ...globals, ...coreBundle() };
      const modules: Record<string, string> = {};
      for (const [name, code] of Object.entries(all)) {
        if (name.startsWith('src/')) preload[name] = code;
        else if (preload[name] === undefined) modules[name] = code;
      }
      return [file, { preload, modules }];
    }),
  );
}

function closureOf(names: readonly string[], chunks: ReadonlyMap<string, OutputChunk>): Modules {
  const modules: Record<string, string> = {};
  const add = (name: string): void => {
    const chunk = chunks.get(name);
    if (chunk === undefined || modules[name] !== undefined) return;
    modules[name] = chunk.code;
    chunk.imports.forEach(add);
  };
  names.forEach(add);
  return modules;
}
