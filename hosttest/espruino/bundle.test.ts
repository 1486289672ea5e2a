import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FOLDER } from '../test-files.js';
import { findings } from './findings.js';

// The core stays within what Espruino's interpreter runs, so that a port stays possible.

test('the core bundle is nothing but what Espruino runs', () => {
  const source = fs.readFileSync(path.resolve(FOLDER, '../../dmlet.js'), 'utf8');
  assert.equal(
    findings(source).map(({ at, what }) => `${what}: ${source.slice(Math.max(0, at - 40), at + 80)}`),
    [],
  );
});

test.run();
