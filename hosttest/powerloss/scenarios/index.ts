import { alerts } from './alerts.js';
import { bootstrap } from './bootstrap.js';
import { justInTime } from './just-in-time.js';
import { largeLeaf } from './large-leaf.js';
import { largeMo } from './large-mo.js';
import { replacedDefault } from './replaced-default.js';
import type { Scenario } from './scenario.js';
import { session } from './session.js';
import { subscription } from './subscription.js';

export type { Scenario };

export const SCENARIOS: readonly Scenario[] = [
  bootstrap,
  session,
  justInTime,
  largeMo,
  largeLeaf,
  alerts,
  subscription,
  replacedDefault,
];
