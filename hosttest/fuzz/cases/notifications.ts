import { encodeNotification } from 'dmlet/server';
import * as fc from 'fast-check';
import { DATA, OTHER_SERVER_ID, SECRET, SERVER_ID } from '../device/fixture.js';
import { oddText } from './texts.js';

const content = fc.record(
  {
    serverId: fc.oneof(fc.constantFrom(SERVER_ID, OTHER_SERVER_ID), oddText),
    connection: fc.nat(3),
    id: fc.oneof(fc.constantFrom(0, 1, 0xffff), fc.nat(0xffff)),
    secret: fc.constantFrom(Buffer.from(SECRET), Buffer.from('other'), Buffer.alloc(0)),
    timestamp: fc.constantFrom(0, 1700000000, 2 ** 32, Number.MAX_SAFE_INTEGER),
    wantsMos: fc.boolean(),
  },
  { requiredKeys: ['serverId'] },
);

export const notificationBytes: fc.Arbitrary<Uint8Array> = content.map((said) => {
  const length = Buffer.byteLength(said.serverId);
  const serverId = length < 1 || length > 270 ? SERVER_ID : said.serverId;
  return new Uint8Array(encodeNotification({ ...said, serverId, data: Buffer.from(DATA) }));
});
