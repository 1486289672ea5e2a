import type { BodySource } from '../bytes/body-writer.js';

/** A command's status with JSON members that go with it in Package#3. */
export interface Result {
  readonly status: number;
  readonly tail: BodySource;
}

/**
 * Begins a command that does an exchange of its own, when no more of its package can be read ahead; `Context.finished` is called once.
 * @throws DmError where it cannot begin.
 */
export type Pending = () => void;

/** What a command came to: a status, a status with data, or nothing yet. */
export type Outcome = number | Result | Pending;
