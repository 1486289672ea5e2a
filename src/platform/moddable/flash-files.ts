import * as files from 'file';
import type { Flash } from '../../hal/flash.js';
import type { FlashDoors } from './counted-flash.js';
import { FileFlash } from './file-flash.js';

/** The module `dmlet/flash` where the SDK's own stores do not survive a power cut, and littlefs does. @throws Error where there is no file system. */
export function openFlash(doors: FlashDoors): Flash {
  return new FileFlash(files, doors);
}
