import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, type Ended, linesOf, start, withFolder } from './program.js';

// `dmlet device` with a program in mcconfig's place, which prints what it was given; and without what it needs.

const SDK = 'https://github.com/Moddable-OpenSource/moddable/blob/public/documentation/';

/** Where the package's manifest is. */
const MANIFEST = path.resolve(import.meta.dirname, '../../../../manifest.json');

/** A folder like the SDK's, its tools in `bin`. */
function makeSdk(folder: string, mcconfig: string): Record<string, string> {
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.mkdirSync(path.join(folder, 'examples'));
  fs.writeFileSync(path.join(folder, 'examples/manifest_base.json'), '{}');
  fs.writeFileSync(path.join(bin, 'mcconfig'), `#!/bin/sh\n${mcconfig}\n`, { mode: 0o755 });
  return { MODDABLE: folder, PATH: `${bin}:${process.env.PATH}` };
}

const PRINTS = 'for each in "$@"; do echo "[$each]"; done';

async function run(env: Record<string, string>, ...options: string[]): Promise<Ended> {
  return await start(['device', ...options], { env }).ended;
}

/** One line on stderr that names what is missing and where to read about it; exit code 2. */
function assertMissing({ code, stdout, stderr }: Ended, what: string, page: string): void {
  assert.is(code, 2);
  assert.is(stdout, '');
  assert.is(linesOf(stderr).length, 1);
  assert.ok(stderr.startsWith(`dmlet: ${what}`), stderr);
  assert.ok(stderr.includes(`${SDK}${page}`), stderr);
}

test('mcconfig gets all options as they are, -m, and the manifest of the package', async () => {
  await withFolder(async (folder) => {
    const options = ['-d', '-p', 'esp', '-t', 'build', 'ssid=two words', 'dmlet.server=http://192.0.2.1:8462'];
    const { code, stdout, stderr } = await run(makeSdk(folder, PRINTS), ...options);
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(
      linesOf(stdout),
      ['-m', ...options, MANIFEST].map((option) => `[${option}]`),
    );
  });
});

test('the manifest of the package is there', () => {
  assert.ok(fs.existsSync(MANIFEST));
});

test('ends as mcconfig does', async () => {
  await withFolder(async (folder) => {
    const { code, stdout, stderr } = await run(makeSdk(folder, 'echo "### Error" >&2; exit 3'));
    assert.equal({ code, stdout, stderr }, { code: 3, stdout: '', stderr: '### Error\n' });
  });
});

test('says that MODDABLE is not set', async () => {
  assertMissing(await dmlet('device', '-p', 'esp32'), 'MODDABLE is not set', 'Moddable%20SDK');
});

test('says that MODDABLE is no SDK', async () => {
  assertMissing(await run({ MODDABLE: '/no/such' }, '-p', 'esp32'), 'MODDABLE is /no/such', 'Moddable%20SDK');
});

test('says that mcconfig is not on PATH', async () => {
  await withFolder(async (folder) => {
    const { MODDABLE } = makeSdk(folder, PRINTS);
    assertMissing(await run({ MODDABLE, PATH: '/no/such' }), 'mcconfig is not on PATH', 'Moddable%20SDK');
  });
});

for (const [platform, variable] of [
  ['esp32', 'IDF_PATH'],
  ['esp32/moddable_two', 'IDF_PATH'],
  ['esp32:/my/device', 'IDF_PATH'],
  ['zephyr/esp32', 'ZEPHYR_BASE'],
]) {
  test(`says that ${variable} is not set for ${platform}, and runs where it is`, async () => {
    await withFolder(async (folder) => {
      const env = makeSdk(folder, PRINTS);
      assertMissing(
        await run(env, '-p', platform),
        `${variable} is not set`,
        `devices/${platform.split(/[/:]/)[0]}.md`,
      );
      const { code } = await run({ ...env, [variable]: '/tools' }, '-p', platform);
      assert.is(code, 0);
    });
  });
}

test.run();
