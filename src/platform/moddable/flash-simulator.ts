import Preference from 'preference';
import type { Flash } from '../../hal/flash.js';
import type { FlashDoors } from './counted-flash.js';
import { PreferenceFlash } from './preference-flash.js';

/** The module `dmlet/flash` of simulators that have preferences only. */
export function openFlash(doors: FlashDoors): Flash {
  return new PreferenceFlash(Preference, doors);
}
