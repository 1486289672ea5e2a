import * as fs from 'node:fs';
import * as path from 'node:path';
import { ROOT } from './build.js';

/** Source text by module name. A name that begins with `./` or `../` in an import is relative to the importing module's. */
export type Modules = Readonly<Record<string, string>>;

/** Where the sources are compiled to for the tests. */
const COMPILED = path.join(ROOT, 'dist/test');

const IMPORT = /^(?:import|export)\b[^;]*?'(\.[^']+)';/gm;

/** The core as it is flashed. */
export function coreBundle(): Modules {
  return { dmlet: fs.readFileSync(path.join(ROOT, 'dist/dmlet.js'), 'utf8') };
}

/**
 * Modules as they are compiled for the tests, with all that they import by a relative path.
 * @param entries source paths without ending: `src/index`, `hosttest/xs/device/client` …; these are the modules' names, too.
 */
export function compiledModules(...entries: string[]): Modules {
  const modules: Record<string, string> = {};
  const add = (name: string): void => {
    if (modules[name] !== undefined) return;
    const source = fs.readFileSync(path.join(COMPILED, name), 'utf8');
    modules[name] = source;
    for (const [, specifier] of source.matchAll(IMPORT)) add(path.posix.join(path.posix.dirname(name), specifier));
  };
  for (const entry of entries) add(`${entry}.js`);
  return modules;
}
