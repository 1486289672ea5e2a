import type { BodySource } from '../bytes/body-writer.js';
import type { DmError } from '../errors.js';

/** A command's status with JSON members that go with it in Package#3. */
export interface Result {
  readonly status: number;
  readonly tail: BodySource;
}

/** A command that does an exchange of its own. It is started when no more of its package can be read ahead. */
export interface Pending {
  /** Begins; `done` is called once, from the event loop. @throws DmError where it cannot begin. */
  start(done: (error: DmError | undefined, tail: BodySource | undefined) => void): void;
}

/** What a command came to: a status, a status with data, or nothing yet. */
export type Outcome = number | Result | Pending;

export function isPending(outcome: Result | Pending): outcome is Pending {
  return (outcome as Pending).start !== undefined;
}
