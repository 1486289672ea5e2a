import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Xsbug, XsbugReader } from './xsbug.js';

// What a machine of the SDK says to its debugger, as version 8.2.3 said it: trace, memory, breaks.

const LOGIN = '<xsbug><login name="sim" value="XS 17.7.0 64-bit LE 16-bit ID" flags="e"/></xsbug>';
const INSTRUMENTS =
  '<xsbug><instruments><instrument name="Timers" value=" timers"/><instrument name="Chunk used" value=" / "/>' +
  '<instrument name="Chunk available" value=" bytes"/><instrument name="Slot used" value=" / "/>' +
  '<instrument name="Stack used" value=" / "/><instrument name="Keys used" value=" keys"/></instruments></xsbug>';

function read(...pieces: string[]): XsbugReader {
  const reader = new XsbugReader();
  for (const piece of pieces) reader.read(piece);
  return reader;
}

test('the trace is put together from what is logged, with its escapes', () => {
  const { trace } = read(
    '\r\n<xsbug><log>one &#34;two&#34; &lt;3&gt; &amp;&#10;</log></xsbug>\r\n\r\n<xsbug><log>a</log></xsbug>\r\n<xsbug><log>b&#10;</log></xsbug>',
  );
  assert.is(trace, 'one "two" <3> &\nab\n');
});

test('exceptions, which are told even where they are caught, are not in the trace', () => {
  const { trace } = read(
    '<xsbug><log path="/a.js" line="59"># Exception: throw!\n</log></xsbug><xsbug><log>b&#10;</log></xsbug>',
  );
  assert.is(trace, 'b\n');
});

test('memory is read by the names of the instruments', () => {
  const { samples } = read(LOGIN, INSTRUMENTS, '<xsbug><samples>4,29344,32768,48832,9376,16</samples></xsbug>');
  assert.equal(samples, [{ chunks: 29344, slots: 48832, stack: 9376, keys: 16 }]);
});

test('pieces may be cut anywhere', () => {
  const text = `${LOGIN}${INSTRUMENTS}<xsbug><log>x&#10;</log></xsbug><xsbug><samples>1,2,3,4,5,6</samples></xsbug>`;
  const whole = read(text);
  assert.is(whole.trace, 'x\n');
  for (let at = 1; at < text.length; at += 1) {
    const { trace, samples } = read(text.slice(0, at), text.slice(at));
    assert.equal({ trace, samples }, { trace: whole.trace, samples: whole.samples });
  }
});

test('a machine that has just connected, and one that stops, wait for an answer; else nobody does', () => {
  const reader = new XsbugReader();
  assert.is(reader.read(LOGIN), true);
  assert.is(reader.read('<xsbug><log>x</log></xsbug>'), false);
  assert.is(reader.read('<xsbug><break path="/a.js" line="1"># Break: debugger!\n</break></xsbug>'), true);
  assert.equal(reader.breaks, ['# Break: debugger!\n']);
});

test('machines that connect are let run, and lines are waited for', async () => {
  const xsbug = await Xsbug.open();
  const socket = connect(xsbug.port, '127.0.0.1');
  try {
    const later = xsbug.line('second', 5000);
    const answer = new Promise((resolve) => socket.setEncoding('utf8').once('data', resolve));
    socket.write(LOGIN);
    assert.is(await answer, '\r\n<go/>\r\n');
    socket.write('<xsbug><log>the first&#10;</log></xsbug><xsbug><log>the second&#10;</log></xsbug>');
    assert.is(await later, 'the second');
    assert.is(await xsbug.line('first', 5000), 'the first');
    const message = await xsbug.line('third', 1).catch((thrown: Error) => thrown.message);
    assert.is(message, 'no “third” in the trace within 1 ms:\nthe first\nthe second\n');
  } finally {
    socket.destroy();
    await xsbug.close();
  }
});

test.run();
