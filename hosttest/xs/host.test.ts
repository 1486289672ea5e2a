import * as assert from 'uvu/assert';
import { xsSuite } from './xs-suite.js';

const world = xsSuite('what the host offers to a program');

world('input is read piece by piece, and takes nothing of the pool', async (machine) => {
  const bytes = Buffer.alloc(1 << 20, 'x');
  bytes[bytes.length - 1] = 7;
  const program = `
    const part = new Uint8Array(536);
    let offset = 0, last = 0;
    for (let n = host.read(0, offset, part, 0, 536); n > 0; n = host.read(0, offset, part, 0, 536)) {
      offset += n;
      last = part[n - 1];
    }
    host.print(offset + ' ' + host.inputSize(0) + ' ' + last);
  `;
  const { exit, printed } = await machine.run({ program, inputs: [bytes], creation: { pool: 32768 } });
  assert.equal([exit, printed], ['ok', ['1048576 1048576 7']]);
});

world('text keeps NUL; bytes that are not UTF-8 throw; a lone surrogate becomes U+FFFD', async (machine) => {
  const program = `
    const bytes = new Uint8Array(host.encode('a\\0é😀\\ud800'));
    host.print(bytes.join());
    host.print(host.decode(bytes, 0, 8) === 'a\\0é😀' ? 'same' : 'other');
    for (const bad of [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      try { host.decode(new Uint8Array(bad), 0, bad.length); host.print('taken'); } catch (e) { host.print(e.message); }
    }
  `;
  const { printed } = await machine.run({ program });
  assert.equal(printed.slice(0, 2), ['97,0,195,169,240,159,152,128,239,191,189', 'same']);
  assert.equal(printed.slice(2), Array(5).fill('no UTF-8'));
});

world('timers run in order on a clock of their own', async (machine) => {
  const program = `
    const log = (text) => host.print(text + ' ' + host.uptime());
    host.after(86400000, () => log('tomorrow'));
    host.after(10, () => { log('first'); host.after(0, () => log('then')); Promise.resolve().then(() => log('promise')); });
    host.after(10, () => log('second'));
    host.cancel(host.after(10, () => log('never')));
    log('now');
  `;
  const { printed } = await machine.run({ program });
  assert.equal(printed, ['now 0', 'first 10', 'promise 10', 'second 10', 'then 10', 'tomorrow 86400000']);
});

world('flash and SHA-256', async (machine) => {
  const program = `
    const hex = (bytes) => Array.from(bytes).map((byte) => (256 + byte).toString(16).slice(1)).join('');
    const digest = host.sha256();
    const text = new Uint8Array(host.encode('abc'));
    host.sha256Update(digest, text, 0, 1);
    host.sha256Update(digest, text, 1, 3);
    host.print(hex(new Uint8Array(host.sha256Finish(digest))));
    host.flashWrite('one', text, 0, 2);
    host.flashWrite('two', text, 2, 3);
    host.flashWrite('one', text, 1, 3);
    host.flashRemove('two');
    host.flashKeys((key) => host.print(key));
    const into = new Uint8Array(2);
    host.print(host.flashRead('one', into) + ' ' + host.flashRead('two', into) + ' ' + into.join());
  `;
  const { printed } = await machine.run({ program });
  assert.equal(printed, ['ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'one', '2 -1 98,99']);
});

world('memory is measured at marks, by the byte', async (machine) => {
  const program = `
    host.gc(); host.mark('empty');
    const keep = new Uint8Array(1000);
    host.gc(); host.mark('full');
    keep[0] = host.keys();
  `;
  const { marks } = await machine.run({ program });
  const grown = (marks.get('full')?.chunks ?? 0) - (marks.get('empty')?.chunks ?? 0);
  assert.ok(grown >= 1000 && grown < 1040, `${grown}`);
});

world.run();
