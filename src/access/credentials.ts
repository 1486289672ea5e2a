import type { Text } from '../hal/text.js';
import { base64 } from '../http/base64.js';
import { NO_NODE } from '../tree/arena.js';
import type { TreeStore } from '../tree/tree-store.js';
import { type Account, authOf } from './accounts.js';

/** The value of `Authorization` for an account's server, from its `Auth/Trsp`; '' where that holds no secret (PROTOCOL.md §12). */
export function basicCredentials(account: Account, tree: TreeStore, text: Text): string {
  const trsp = authOf(tree, account, 'Trsp');
  const secret = trsp === NO_NODE ? '' : tree.childText(trsp, 'Secret');
  return secret === '' ? '' : `Basic ${base64(text.encode(`${tree.childText(trsp, 'Data')}:${secret}`))}`;
}
