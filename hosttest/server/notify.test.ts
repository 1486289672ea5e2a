import { createSocket, type Socket } from 'node:dgram';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageHeaders, type Seen, send } from './loopback.js';
import { encodeNotification } from './notification.js';
import { answers, END, refuses } from './package-assertions.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';

interface Context {
  server: ReferenceServer;
  /** Where a device listens. */
  device: Socket;
  events: string[];
}

const test = suite<Context>('notify');

test.before.each(async (context) => {
  context.events = [];
  context.server = await startReferenceServer({ onEvent: (event) => context.events.push(JSON.stringify(event)) });
  context.device = createSocket('udp4');
  await new Promise<void>((resolve) => context.device.bind(0, '127.0.0.1', resolve));
});

test.after.each(async ({ server, device }) => {
  device.close();
  await server.close();
});

function initiatedBy(server: ReferenceServer, Data: unknown, MOS?: unknown[]): Promise<Seen> {
  const body = JSON.stringify({ MOS, Alert: [{ AlertType: 'urn:oma:at:dm:2.0:ServerInitiatedMgmt', Data }] });
  return send(`${server.origin}/dm`, { method: 'POST', headers: packageHeaders(1), body });
}

test('sends a notification, and tells so', async ({ server, device, events }) => {
  const arrived = new Promise<Buffer>((resolve) => device.once('message', resolve));
  const notification = { serverId: 'dm.test', id: 7, secret: Buffer.from('s'), wantsMos: true };
  const { port } = device.address();
  await server.notify('127.0.0.1', port, notification);
  const bytes = await arrived;
  assert.equal(new Uint8Array(bytes), encodeNotification(notification));
  const told = { type: 'notification', to: `127.0.0.1:${port}`, serverId: 'dm.test', bytes: bytes.length };
  assert.equal(events, [JSON.stringify(told)]);
});

test('wants MOS where the notification asked for it', async ({ server, device }) => {
  const { port } = device.address();
  await server.notify('127.0.0.1', port, { serverId: 'dm.test', id: 7, wantsMos: true });
  await server.notify('127.0.0.1', port, { serverId: 'dm.test', id: 8 });
  answers(await initiatedBy(server, '7', []), END);
  for (const other of [8, 9, undefined]) answers(await initiatedBy(server, other), END);
  assert.equal(server.violations, []);
  refuses(await initiatedBy(server, 7), server, 'MOS is missing, which the notification asked for');
});

test('takes the last notification of an id', async ({ server, device }) => {
  const { port } = device.address();
  await server.notify('127.0.0.1', port, { serverId: 'dm.test', id: 7, wantsMos: true });
  await server.notify('127.0.0.1', port, { serverId: 'dm.test', id: 7 });
  answers(await initiatedBy(server, 7), END);
});

test('refuses what no notification can hold', async ({ server, device }) => {
  const { port } = device.address();
  const error = await server
    .notify('127.0.0.1', port, { serverId: '', id: 7, wantsMos: true })
    .catch((thrown) => thrown);
  assert.instance(error, RangeError);
  answers(await initiatedBy(server, 7), END);
});

test.run();
