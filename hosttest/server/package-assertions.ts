import * as assert from 'uvu/assert';
import type { Seen } from './loopback.js';
import type { ReferenceServer } from './reference-server.js';

export const REQUEST_TYPE = 'application/vnd.oma.dm.request+json';

export const END = { CMD: [['END']] };

/** A Package#2 of one command, whose status has no more to say than its code. */
export const remove = (name: string) => ({ CMD: [['DELETE', `urn:${name}//`]] });

/** Asserts that this is a proper Package#2. */
export function answers(seen: Seen, value: unknown): void {
  assert.is(seen.status, 200);
  assert.is(seen.headers['content-type'], REQUEST_TYPE);
  assert.equal(JSON.parse(seen.body.toString()), value);
}

/** Asserts that the last package was the first to be refused, for this reason alone. */
export function refuses(seen: Seen, server: ReferenceServer, text: string): void {
  assert.is(seen.status, 400);
  assert.match(String(seen.headers['content-type']), 'text/plain');
  assert.is(seen.body.toString(), text);
  const last = server.packages[server.packages.length - 1];
  assert.equal(last.violations, [text]);
  assert.equal(server.violations, [`Package#${last.number} to ${last.path}: ${text}`]);
}
