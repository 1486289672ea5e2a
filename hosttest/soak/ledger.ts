import type { DmClient } from 'dmlet';
import type { ReferenceServer } from 'dmlet/server';

/** Something that is kept by a number that only grows: a place in the tree, a DEFAULT. */
interface Account {
  /** The highest number that the server was told is stored. */
  acknowledged: number;
  /** The highest that may be. */
  tried: number;
}

/** What servers and applications were told is done, against what a device has. */
export class Ledger {
  /** What was lost, one line each. */
  readonly lost: string[] = [];
  private readonly accounts = new Map<string, Account>();
  private readonly raised = new Set<string>();

  /** @returns the next number for `what`. */
  next(what: string): number {
    const account = this.account(what);
    account.tried += 1;
    return account.tried;
  }

  acknowledge(what: string, value: number): void {
    const account = this.account(what);
    account.acknowledged = Math.max(account.acknowledged, value);
  }

  /** Compares with what a device has, told by `read` as a number. */
  compare(read: (what: string) => number): void {
    for (const [what, { acknowledged, tried }] of this.accounts) {
      const found = read(what);
      if (!(found >= acknowledged && found <= tried))
        this.lost.push(`${what}: ${found}, acknowledged ${acknowledged}, tried ${tried}`);
    }
  }

  /** An alert is on the client's queue. */
  raise(client: DmClient, data: string): void {
    try {
      client.alert({ type: 'urn:example:at:soak:1.0', data });
      this.raised.add(data);
    } catch (thrown) {
      // A queue that is full, or flash that has no power, is told to the application.
      if ((thrown as Error).name !== 'DmError') throw thrown;
    }
  }

  /** Takes the alerts that a server has off the list. */
  deliver({ packages }: ReferenceServer): void {
    for (const { body } of packages) {
      for (const { Data } of (body as { Alert?: { Data?: string }[] }).Alert ?? []) this.raised.delete(String(Data));
    }
  }

  /** Alerts that no server has had. */
  get undelivered(): readonly string[] {
    return [...this.raised];
  }

  private account(what: string): Account {
    let account = this.accounts.get(what);
    if (account === undefined) {
      account = { acknowledged: 0, tried: 0 };
      this.accounts.set(what, account);
    }
    return account;
  }
}
