/** What the person at the keyboard got wrong: one line, and exit code 2. */
export class UsageError extends Error {}
