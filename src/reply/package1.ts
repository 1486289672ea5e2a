import type { Account, Accounts } from '../access/accounts.js';
import type { BodySource, BodyWriter } from '../bytes/body-writer.js';
import { NO_NODE } from '../tree/arena.js';
import type { TreeStore } from '../tree/tree-store.js';

/** The alert that comes first in Package#1 (PROTOCOL.md §8). */
export const ALERT_CLIENT_INITIATED = 'urn:oma:at:dm:2.0:ClientInitiatedMgmt';
export const ALERT_BOOTSTRAP_COMPLETE = 'urn:oma:at:dm:2.0:BootstrapComplete';

/** Package#1, which opens a session: `{"MOS":[…],"Alert":[…]}` (PROTOCOL.md §4). */
export class Package1 implements BodySource {
  private readonly tree: TreeStore;
  private readonly accounts: Accounts;
  private readonly account: Account;
  private readonly alert: string;
  private readonly withMos: boolean;
  private moids: string[];
  private at: number;

  /** @param withMos whether to list the MOIDs on the account's Perm list with their instances. */
  constructor(tree: TreeStore, accounts: Accounts, account: Account, alert: string, withMos: boolean) {
    this.tree = tree;
    this.accounts = accounts;
    this.account = account;
    this.alert = alert;
    this.withMos = withMos;
    this.moids = [];
    this.at = 0;
  }

  rewind(): void {
    this.moids = this.withMos ? this.accounts.permitted(this.account) : [];
    this.at = 0;
  }

  step(out: BodyWriter): boolean {
    const at = this.at;
    this.at += 1;
    if (at < this.moids.length) out.put((at === 0 ? '{"MOS":[' : ',') + this.entry(this.moids[at]));
    else if (at === this.moids.length)
      out.put(`${at === 0 ? '{' : '],'}"Alert":[{"AlertType":${JSON.stringify(this.alert)}}]}`);
    else return false;
    return true;
  }

  private entry(moid: string): string {
    const tree = this.tree;
    const miids: string[] = [];
    const type = tree.child(tree.root, moid);
    for (let at = tree.firstChild(type); type !== NO_NODE && at !== NO_NODE; at = tree.next(at))
      miids.push(tree.name(at));
    return `{"MOID":${JSON.stringify(moid)},"MIID":${JSON.stringify(miids)}}`;
  }
}
