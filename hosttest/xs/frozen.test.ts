import * as assert from 'uvu/assert';
import { endOf, xsSuite } from './xs-suite.js';

const frozen = xsSuite('what is preloaded is frozen');

const STATE = `
  export const list = [1];
  export const record = { inner: { value: 1 } };
  export const bytes = new Uint8Array(4);
  export const map = new Map();
  export class Counter { static count = 0; }
  let variable = 1;
  export function change() { variable = 2; }
`;

for (const write of [
  'list.push(2)',
  'list[0] = 2',
  'record.more = 2',
  'record.inner.value = 2',
  'bytes[0] = 1',
  'map.set(1, 1)',
  'Counter.count++',
  'Counter.prototype.more = 1',
  'change()',
  'Array.prototype.more = 1',
]) {
  frozen(`${write} throws`, async (machine) => {
    const program = `import { list, record, bytes, map, Counter, change } from 'state'; ${write};`;
    assert.match(await endOf(machine, program, { state: STATE }), /^exception TypeError/);
    assert.is(
      (await machine.run({ program, modules: { state: STATE } })).exit,
      write.startsWith('Array') ? 'exception' : 'ok',
    );
  });
}

frozen('the objects, arrays and variables for which a device reserves RAM are counted', async (machine) => {
  const { root } = await machine.run({ program: '', preload: { state: STATE } });
  const constant = await machine.run({
    program: '',
    preload: { constant: 'export const a = 1; export class B { c() {} }' },
  });
  assert.is((root?.mutable ?? 0) - (constant.root?.mutable ?? 0), 4);
});

frozen.run();
