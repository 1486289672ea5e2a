/** A test on the code of what was thrown, for `assert.throws`. */
export function code(expected: string): (thrown: unknown) => boolean {
  return (thrown) => (thrown as { code?: string }).code === expected;
}
