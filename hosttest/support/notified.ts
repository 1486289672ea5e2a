import type { DmClient } from 'dmlet';
import { encodeNotification, type NotificationContent } from 'dmlet/server';
import { type BootstrapDocument, bootstrapWith, SRV_ID } from './device-bootstrap.js';

export const SECRET = 'n0ti \u00e4';
export const DATA = 'nonce';

/** A bootstrap whose account has `Auth/Noti`. */
export function withNoti(
  noti: Record<string, unknown> = { Type: 'SHA256', Secret: SECRET, Data: DATA },
): BootstrapDocument {
  return bootstrapWith({ account: { more: { Auth: { Noti: noti } } } });
}

/** A notification of the usual server without a digest. */
export function unsigned(content: Partial<NotificationContent> = {}): Uint8Array {
  return encodeNotification({ serverId: SRV_ID, ...content });
}

/** The same with the digest of `withNoti`. */
export function signed(content: Partial<NotificationContent> = {}): Uint8Array {
  return unsigned({ secret: Buffer.from(SECRET), data: Buffer.from(DATA), ...content });
}

/** Why notifications were ignored, as text. */
export function ignored(client: DmClient): string[] {
  return client.ignored.map(({ code, count }) => `${code} ${count}`);
}
