import * as assert from 'uvu/assert';
import { ESP32 } from './machine.js';
import { compiledModules, coreBundle } from './modules.js';
import { endOf, xsSuite } from './xs-suite.js';

const shape = xsSuite('a machine like a device');

shape('has slots of 16 bytes where the compiler builds for 32 bits', async (machine) => {
  const { root } = await machine.run({ program: '' });
  assert.is(root?.slotSize, machine.bits / 2);
});

shape('needs 12 KB for an empty program, and 5 KB with a heap of 64 slots', async (machine) => {
  if (machine.bits !== 32) return;
  const usual = await machine.smallestPool({ program: '' });
  assert.ok(usual >= 12288 && usual <= 12600, `${usual}`);
  const small = await machine.smallestPool({ program: '', creation: { slots: [64, 64] } });
  assert.ok(small >= 5120 && small <= 5400, `${small}`);
});

shape('keeps byte code and constant strings of all modules out of RAM', async (machine) => {
  const long = 'x'.repeat(5000);
  const functions = Array.from({ length: 100 }, (_, i) => `f${i}(a) { return a + ${i} + '${long.slice(0, 50)}'; }`);
  const module = `export class Big { ${functions.join('\n')} }; export const text = '${long}';`;
  const program = "import { Big, text } from 'big'; host.print(text.slice(0, 1) + typeof new Big().f99);";
  const preloaded = await machine.run({ program, preload: { big: module } });
  assert.equal(preloaded.printed, ['xfunction']);
  const without = await machine.run({ program: "host.print('x' + 'function');" });
  const cost = (preloaded.end?.slots ?? 0) * 16 + (preloaded.end?.chunks ?? 0) - (without.end?.slots ?? 0) * 16;
  assert.ok(cost < 1000, `${cost} bytes`);
  const inFlash = await machine.run({ program, modules: { big: module } });
  assert.ok((inFlash.end?.chunks ?? 0) < 1000, 'a module that is not preloaded has its byte code in flash too');
});

shape('keeps what was preloaded through collections', async (machine) => {
  const preload = {
    words: "export const words = ['al' + 'pha', 'be' + 'ta']; export const big = { ['k' + 1]: 12n ** 20n };",
  };
  const program = `
    import { words, big } from 'words';
    let all = '';
    for (let i = 0; i < 2000; i++) { all = words[i & 1] + i; if (i % 100 === 0) host.gc(); }
    host.print(all + words.join() + Object.keys(big)[0] + big.k1);
  `;
  const { exit, detail, printed } = await machine.run({ program, preload });
  assert.equal([exit, detail], ['ok', '']);
  assert.equal(printed, ['beta1999alpha,betak13833759992447475122176']);
});

shape.run();

const ends = xsSuite('how a run ends');

ends('an exception of the program, of a callback and of a promise is reported', async (machine) => {
  assert.is(await endOf(machine, "throw new RangeError('far')"), 'exception RangeError: far');
  assert.is(await endOf(machine, "host.after(5, () => { throw new Error('late'); })"), 'exception Error: late');
  assert.is(await endOf(machine, "Promise.reject(new Error('alone'))"), 'rejection Error: alone');
});

ends('memory full', async (machine) => {
  assert.is(await endOf(machine, 'const all = []; for (;;) all.push({});'), 'abort memory full');
  assert.is(await endOf(machine, 'new Uint8Array(40000)'), 'abort memory full');
  const { exit, detail } = await machine.run({ program: '', creation: { pool: 4096 } });
  assert.equal([exit, detail], ['abort', 'memory full'], 'the machine itself does not fit');
});

ends('JSON.parse of some 220 nested arrays overflows the stack; fewer do not', async (machine) => {
  const parse = async (depth: number): Promise<string> => {
    const program = `JSON.parse('['.repeat(${depth}) + ']'.repeat(${depth}))`;
    const { exit, detail } = await machine.run({ program, creation: { pool: 65536 } });
    return `${exit} ${detail}`.trim();
  };
  assert.is(await parse(230), 'abort stack overflow');
  assert.is(await parse(200), 'ok');
  assert.is(await endOf(machine, '(function again() { again(); })()'), 'abort stack overflow');
});

ends('a table of names that is full', async (machine) => {
  const names = (count: number): string => `const all = {}; for (let i = 0; i < ${count}; i++) all['name' + i] = i;`;
  assert.is(await endOf(machine, names(33)), 'abort no more keys');
  const { exit, end } = await machine.run({ program: names(32) });
  assert.equal([exit, end?.keys, end?.keysFree], ['ok', 32, 0]);
  const grows = await machine.run({ program: names(33), creation: { keys: [32, 32] } });
  assert.equal([grows.exit, grows.end?.keys], ['ok', 33]);
});

ends('names in the sources take no entry of that table', async (machine) => {
  const names = Array.from({ length: 60 }, (_, i) => `all.name${i} = ${i};`).join('');
  const { exit, end } = await machine.run({ program: `const all = {}; ${names}` });
  assert.equal([exit, end?.keys], ['ok', 0]);
});

ends('a syntax error of any module', async (machine) => {
  assert.match(await endOf(machine, 'const a = ;'), /^syntax program: /);
  assert.match(await endOf(machine, '', { broken: 'class {' }), /^syntax broken: /);
});

ends('a module that is not there, and an exception while preloading', async (machine) => {
  assert.match(await endOf(machine, "import 'nowhere';"), /^exception ReferenceError: .*nowhere/);
  const report = await machine.run({ program: '', preload: { bad: "throw new Error('early');" } });
  assert.equal([report.exit, report.detail, report.inPreload], ['exception', 'Error: early', true]);
});

ends('a program that does not end', async (machine) => {
  const { exit } = await machine.run({ program: 'for (;;);', timeout: 300 });
  assert.is(exit, 'timeout');
});

ends.run();

const core = xsSuite('the core on the machine');

core('is preloaded as a whole, and its byte code is measured', async (machine) => {
  const { exit, detail, end } = await machine.run({
    program: "import 'dmlet';",
    preload: coreBundle(),
    creation: ESP32,
  });
  assert.equal([exit, detail, end?.keys], ['ok', '', 0]);
  const [size] = await machine.compile(coreBundle());
  assert.ok(size.code > 10000);
});

core('reads a hostile package without an abort, and takes no name from it', async (machine) => {
  const preload = { ...coreBundle(), ...compiledModules('hosttest/xs/device/reader-bench') };
  const module = "'hosttest/xs/device/reader-bench.js'";
  const program = `
    import { readOnce } from ${module};
    try { readOnce(0); host.print('read'); } catch (error) { host.print(error.code); }
  `;
  const names = Array.from({ length: 500 }, (_, i) => `"n${i}":{"m${i}":${i}}`);
  const packages: Record<string, string> = {
    [`{"CMD":[],${names.join()}}`]: 'read',
    [`{"CMD":${'['.repeat(1000)}`]: 'TOO_DEEP',
    [`{"CMD":[${'["GET",'.repeat(1000)}`]: 'TOO_DEEP',
    '{"CMD":[["GET","\u0000': 'BAD_JSON',
  };
  for (const [text, outcome] of Object.entries(packages)) {
    const { exit, printed, end } = await machine.run({
      preload,
      program,
      inputs: [Buffer.from(text)],
      creation: ESP32,
    });
    assert.equal([exit, printed, end?.keys], ['ok', [outcome], 0], text.slice(0, 40));
  }
});

core.run();
