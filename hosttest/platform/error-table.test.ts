import * as fs from 'node:fs';
import * as path from 'node:path';
import { ERROR_STATUS } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from '../xs/build.js';
import { errorTable } from './error-table.js';

test('the README of the firmware explains every error code, as the source has them', () => {
  const table = errorTable();
  for (const code of Object.keys(ERROR_STATUS)) assert.ok(table.includes(`| \`${code}\` `), code);
  const readme = fs.readFileSync(path.join(ROOT, 'src/platform/moddable/README.md'), 'utf8');
  assert.ok(readme.includes(`\n${table}\n`), `src/platform/moddable/README.md lacks this:\n${table}`);
});

test.run();
