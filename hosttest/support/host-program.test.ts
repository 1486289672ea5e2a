import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { minutes, wholeNumber } from './host-program.js';

function run(program: string, ...options: string[]): { status: number | null; stdout: string; stderr: string } {
  const file = path.join(import.meta.dirname, '..', program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...options], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'fuzz/main.js': ['--minutes', 'abc'],
  'fuzz/xs-main.js': ['--minutes', '0'],
  'soak/main.js': ['--seed', '1e3'],
  'powerloss/main.js': ['--cut', '17'],
};

for (const [program, wrong] of Object.entries(PROGRAMS)) {
  test(`${program} tells its options, and refuses wrong ones in one line`, () => {
    const help = run(program, '--help');
    assert.is(help.status, 0);
    for (const text of ['Usage: npm run ', wrong[0]]) assert.ok(help.stdout.includes(text), help.stdout);
    for (const options of [wrong, ['--no-such-thing'], ['more']]) {
      const { status, stdout, stderr } = run(program, ...options);
      assert.equal([status, stdout], [2, '']);
      assert.match(stderr, /^error: [^\n]+\n$/);
    }
  });
}

test('a cut is replayed on one store and in one scenario', () => {
  for (const options of [
    ['--cut', '3:before'],
    ['--store', 'nvs', '--scenario', 'sub', '--next', '3:before'],
  ])
    assert.is(run('powerloss/main.js', ...options).status, 2);
  const { status, stdout } = run('powerloss/main.js', '--store', 'nvs', '--scenario', 'default', '--cut', '3:before');
  assert.is(status, 0);
  assert.match(stdout, /: kept\n1 passed, 0 failed\n$/);
});

test('minutes are a number above 0, a seed is a whole number', () => {
  assert.equal([minutes('1'), minutes('0.5'), wholeNumber('7'), wholeNumber('-7')], [1, 0.5, 7, -7]);
  for (const text of ['', 'abc', '0', '0.0', '-1', '1e3', 'NaN', '1 ']) assert.throws(() => minutes(text), /above 0/);
  for (const text of ['', 'x', '1.5', '1e3']) assert.throws(() => wholeNumber(text), /whole number/);
});

test.run();
