import { createSocket, type Socket } from 'node:dgram';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeNotification, type NotificationContent } from '../server/index.js';
import { dmlet, forEach, linesOf } from './program.js';

const test = suite<{ socket: Socket; to: string }>('notify');

test.before.each(async (context) => {
  context.socket = createSocket('udp4');
  await new Promise<void>((resolve) => context.socket.bind(0, '127.0.0.1', resolve));
  context.to = `127.0.0.1:${context.socket.address().port}`;
});

test.after.each(({ socket }) => void socket.close());

function arrival(socket: Socket): Promise<Uint8Array> {
  return new Promise((resolve) => socket.once('message', (bytes) => resolve(new Uint8Array(bytes))));
}

const CASES: [args: string[], content: NotificationContent][] = [
  [[], { serverId: 'dm.test' }],
  [['--id', '0', '--timestamp', '1'], { serverId: 'dm.test', id: 0, timestamp: 1 }],
  [['--timestamp', '4294967296'], { serverId: 'dm.test', timestamp: 4294967296 }],
  [['--mos', '--connection', '2', '--id', '65535'], { serverId: 'dm.test', wantsMos: true, connection: 2, id: 65535 }],
  [['--secret', 'sésame'], { serverId: 'dm.test', secret: Buffer.from('sésame') }],
  [['--secret', 's', '--data', 'd'], { serverId: 'dm.test', secret: Buffer.from('s'), data: Buffer.from('d') }],
];

test('sends what it is told to', async ({ socket, to }) => {
  for (const [args, content] of CASES) {
    const arrived = arrival(socket);
    const { code, stdout, stderr } = await dmlet('notify', '--to', to, '--server-id', 'dm.test', ...args);
    const expected = encodeNotification(content);
    assert.equal({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(await arrived, expected);
    assert.is(stdout, `──▶ Package#0 to ${to}  ${expected.length} bytes\n`);
  }
});

test('knows the time', async ({ socket, to }) => {
  const arrived = arrival(socket);
  const before = Math.floor(Date.now() / 1000);
  await dmlet('notify', '--to', to, '--server-id', 'x', '--timestamp', 'now');
  const bytes = Buffer.from(await arrived);
  const sent = bytes.readUInt32BE(bytes.length - 4);
  assert.ok(before <= sent && sent <= Math.floor(Date.now() / 1000), String(sent));
});

test('refuses what no notification can hold, and a place that is none', async ({ to }) => {
  const cases: [string[], RegExp][] = [
    [['--to', '127.0.0.1'], /--to/],
    [['--to', ':5'], /--to/],
    [['--to', '127.0.0.1:65536'], /--to/],
    [['--to', '127.0.0.1:0'], /./],
    [['--to', 'no-such-host..invalid:5'], /--to no-such-host\.\.invalid:5: /],
    [['--server-id', ''], /serverId/],
    [['--server-id', 'x'.repeat(271)], /serverId/],
    [['--id', '65536'], /--id/],
    [['--id', '-1'], /--id/],
    [['--connection', '4'], /--connection/],
    [['--timestamp', 'yesterday'], /--timestamp/],
    [['--data', 'd'], /--data .*--secret/],
  ];
  await forEach(cases, async ([args, about]) => {
    const { code, stdout, stderr } = await dmlet('notify', '--to', to, '--server-id', 'dm.test', ...args);
    assert.equal({ code, stdout, lines: linesOf(stderr).length }, { code: 2, stdout: '', lines: 1 }, stderr);
    assert.match(stderr, about);
  });
});

test.run();
