/** Time and timers. */
export interface Clock {
  /** False while the wall clock was never set (a device that counts from 1970). */
  isSet(): boolean;
  /** Seconds since 1970-01-01 UTC; without meaning while `isSet()` is false. */
  now(): number;
  /** Milliseconds since some moment before the client was made; never steps back. */
  uptime(): number;
  /**
   * Calls `callback` once from the event loop, `delay` milliseconds from now or later.
   * @param delay 0 to 2,147,483,647.
   * @returns a handle for `cancel`.
   */
  after(delay: number, callback: () => void): unknown;
  /** Takes a timer back; one that has fired or was cancelled before is no fault. */
  cancel(timer: unknown): void;
}
