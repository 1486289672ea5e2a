import type { Clock } from './clock.js';
import type { Digests } from './digest.js';
import type { Flash } from './flash.js';
import type { HttpClient } from './http.js';
import type { Identity } from './identity.js';
import type { Log } from './log.js';
import type { Random } from './random.js';
import type { Text } from './text.js';
import type { Ui } from './ui.js';

/** Everything that the core needs of the world: one adapter a contract. */
export interface Platform {
  http: HttpClient;
  flash: Flash;
  clock: Clock;
  random: Random;
  digests: Digests;
  text: Text;
  identity: Identity;
  log?: Log;
  /** Without one the device shows nothing to its user: SHOW gets 501. */
  ui?: Ui;
}
