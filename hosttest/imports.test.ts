import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FOLDER } from './test-files.js';

// Imports run one way, and there are no circles: the rules of .dependency-cruiser.cjs hold, and each of them finds what it forbids.

const TOP = path.resolve(FOLDER, '../../..');
const CRUISER = path.join(TOP, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const CONFIG = path.join(TOP, '.dependency-cruiser.cjs');

/** Names of the rules that the sources in a folder break, each once. */
function broken(folder: string, ...sources: string[]): string[] {
  const args = [CRUISER, '--config', CONFIG, '--output-type', 'json', ...sources];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.is(stderr, '');
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}

/** The same for a folder with these files alone. */
function brokenBy(files: Record<string, string>): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dmlet-imports-'));
  try {
    fs.writeFileSync(`${folder}/tsconfig.json`, '{}');
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    return broken(folder, 'src', 'hosttest');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const PLAIN = 'export const x = 1;\n';

function importing(module: string): string {
  return `import { x } from '${module}';\nexport const y = x;\n`;
}

test('no import of this repository breaks a rule', () => {
  assert.equal(broken(TOP, 'src', 'hosttest'), []);
});

test('an import downwards breaks none', () => {
  const files = { 'src/tree/a.ts': importing('../bytes/b.js'), 'src/bytes/b.ts': PLAIN, 'hosttest/t.ts': PLAIN };
  assert.equal(brokenBy(files), []);
});

test('an import upwards, a circle, a module of Node in the core, the core in a platform are found', () => {
  const files = {
    'src/bytes/up.ts': importing('../tree/a.js'),
    'src/tree/a.ts': PLAIN,
    'src/http/one.ts': "import { two } from './two.js';\nexport const one: number = two;\n",
    'src/http/two.ts': "import { one } from './one.js';\nexport const two: number = one;\n",
    'src/flash/fs.ts': "import * as fs from 'node:fs';\nexport const y = fs;\n",
    'src/platform/node/core.ts': importing('../../tree/a.js'),
    'src/factory/inside.ts': importing('../tree/a.js'),
    'hosttest/t.ts': PLAIN,
  };
  assert.equal(brokenBy(files), [
    'core-has-no-dependency',
    'host-programs-use-published-modules',
    'no-circles',
    'nothing-above-src/bytes',
    'platform-imports-contracts-only',
  ]);
});

test.run();
