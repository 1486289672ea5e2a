/** One change that somebody asked the device for. */
export interface Asked {
  /** The device said that it is done. */
  done(): void;
  /** The device said that it is not done. */
  refused(): void;
}

interface Entry {
  readonly key: string;
  readonly value: string;
  /** Operations of the store until it was acknowledged. */
  doneAt: number;
  isRefused: boolean;
}

/** What the device was asked for and what it acknowledged, so what may be found after a power cut. */
export class Promises {
  private readonly entries: Entry[] = [];

  /**
   * @param now operations of the store so far; undefined since the power cut: what is said then nobody hears.
   * @param initial the value of a key before everything.
   */
  constructor(
    private readonly now: () => number | undefined,
    private readonly initial: (key: string) => string,
  ) {}

  ask(key: string, value: string): Asked {
    if (this.now() === undefined) return { done() {}, refused() {} };
    const entry: Entry = { key, value, doneAt: Number.POSITIVE_INFINITY, isRefused: false };
    this.entries.push(entry);
    return {
      done: () => {
        entry.doneAt = this.now() ?? entry.doneAt;
      },
      refused: () => {
        entry.isRefused = this.now() !== undefined;
      },
    };
  }

  get keys(): string[] {
    return [...new Set(this.entries.map(({ key }) => key))];
  }

  /** How much was asked for so far. */
  get count(): number {
    return this.entries.length;
  }

  /** The keys that the device was asked to change since `count` was so, and did not say of that it has. */
  unanswered(count: number): string[] {
    const last = new Map(this.entries.slice(count).map((entry) => [entry.key, entry.doneAt]));
    return [...last].filter(([, doneAt]) => doneAt === Number.POSITIVE_INFINITY).map(([key]) => key);
  }

  /** The store had not written what came behind so many operations: what was acknowledged since then counts as never acknowledged. */
  forget(operations: number): void {
    for (const entry of this.entries) if (entry.doneAt > operations) entry.doneAt = Number.POSITIVE_INFINITY;
  }

  /** The values that a key may have. */
  allowed(key: string): string[] {
    let values = [this.initial(key)];
    for (const entry of this.entries) {
      if (entry.key !== key || entry.isRefused) continue;
      if (entry.doneAt === Number.POSITIVE_INFINITY) values.push(entry.value);
      else values = [entry.value];
    }
    return values;
  }
}
