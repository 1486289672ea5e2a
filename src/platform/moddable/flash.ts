import storage from 'embedded:storage/key-value';
import type { Flash } from '../../hal/flash.js';
import type { FlashDoors } from './counted-flash.js';
import { KeyValueFlash } from './key-value-flash.js';

/** The module `dmlet/flash` where the SDK has `embedded:storage/key-value`. @throws Error where the store cannot be opened. */
export function openFlash(doors: FlashDoors): Flash {
  return new KeyValueFlash(storage.open({ path: 'dmlet' }), doors);
}
