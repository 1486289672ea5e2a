import { encodeNotification, type NotificationContent } from 'dmlet/server';
import type { Fail } from './failure.js';
import { linesOf } from './forms.js';
import type { Block } from './markdown.js';

type Content = { -readonly [K in keyof NotificationContent]: NotificationContent[K] };

/**
 * The bytes of a Package#0 (PROTOCOL.md §9): written as hexadecimal digits, or as its options, one a line. A digest is written by what it
 * proves: `SHA256-DIGEST: secret "…" data "…"`.
 */
export function package0(block: Block, fail: Fail): Uint8Array {
  if (block.language === 'hex') return new Uint8Array(Buffer.from(block.text.replace(/\s+/g, ''), 'hex'));
  const content: Content = { serverId: '' };
  for (const { text, line } of linesOf(block)) {
    const [, name, value = ''] = /^([A-Z0-9-]+)(?:: (.*))?$/.exec(text) ?? [];
    switch (name) {
      case 'SERVER-ID':
        content.serverId = value;
        break;
      case 'PREFERRED-CON-TYPE':
        content.connection = Number(value);
        break;
      case 'NOTIFICATION-ID':
        content.id = Number(value);
        break;
      case 'SHA256-DIGEST': {
        const [, secret, data] =
          /^secret "(.*)" data "(.*)"$/.exec(value) ?? fail(line, 'secret "…" data "…" is needed');
        content.secret = new Uint8Array(Buffer.from(secret));
        content.data = new Uint8Array(Buffer.from(data));
        break;
      }
      case 'TIMESTAMP':
        content.timestamp = Number(value);
        break;
      case 'REQ-MOS':
        content.wantsMos = true;
        break;
      default:
        fail(line, `no option: "${text}"`);
    }
  }
  return encodeNotification(content);
}
