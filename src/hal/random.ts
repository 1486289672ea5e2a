/** Randomness for the retry policy's jitter; must differ between devices that start at the same moment. */
export interface Random {
  /** @returns a number from 0 (inclusive) to 1 (exclusive), uniform. */
  next(): number;
}
