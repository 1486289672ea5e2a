import { permitted } from '../access/accounts.js';
import type { AccountGate } from '../access/gates.js';
import type { BodySource, BodyWriter } from '../bytes/body-writer.js';
import { NO_NODE } from '../tree/arena.js';
import type { TreeStore } from '../tree/tree-store.js';

/** The alert that comes first in Package#1 (PROTOCOL.md §8). */
export const ALERT_CLIENT_INITIATED = 'urn:oma:at:dm:2.0:ClientInitiatedMgmt';
export const ALERT_SERVER_INITIATED = 'urn:oma:at:dm:2.0:ServerInitiatedMgmt';
export const ALERT_BOOTSTRAP_COMPLETE = 'urn:oma:at:dm:2.0:BootstrapComplete';

/** What Package#1 says of the device's MOs. */
export interface MosSource {
  readonly tree: TreeStore;
  readonly definitions: { ddf(moid: string): string };
}

/** Package#1, which opens a session: `{"MOS":[…],"Alert":[…]}` (PROTOCOL.md §4). */
export class Package1 implements BodySource {
  private readonly source: MosSource;
  private readonly gate: AccountGate;
  private readonly alerts: readonly string[];
  private readonly withMos: boolean;
  private moids: string[];
  private at: number;

  /**
   * @param alerts as JSON, the session alert first.
   * @param withMos whether to list the MOIDs on the account's Perm list with those instances that it has rights on.
   */
  constructor(source: MosSource, gate: AccountGate, alerts: readonly string[], withMos: boolean) {
    this.source = source;
    this.gate = gate;
    this.alerts = alerts;
    this.withMos = withMos;
    this.moids = [];
    this.at = 0;
  }

  rewind(): void {
    this.moids = this.withMos ? permitted(this.source.tree, this.gate.account()) : [];
    this.at = 0;
  }

  step(out: BodyWriter): boolean {
    const at = this.at;
    this.at += 1;
    if (at < this.moids.length) out.put((at === 0 ? '{"MOS":[' : ',') + this.entry(this.moids[at]));
    else if (at === this.moids.length) out.put(`${at === 0 ? '{' : '],'}"Alert":[${this.alerts[0]}`);
    else if (at < this.moids.length + this.alerts.length) out.put(`,${this.alerts[at - this.moids.length]}`);
    else if (at === this.moids.length + this.alerts.length) out.put(']}');
    else return false;
    return true;
  }

  private entry(moid: string): string {
    const tree = this.source.tree;
    const miids: string[] = [];
    for (let at = tree.firstInstance(moid); at !== NO_NODE; at = tree.next(at)) {
      if (this.gate.has(at, '')) miids.push(tree.name(at));
    }
    const ddf = this.source.definitions.ddf(moid);
    return `{${ddf === '' ? '' : `"DDF":${JSON.stringify(ddf)},`}"MOID":${JSON.stringify(moid)},"MIID":${JSON.stringify(miids)}}`;
  }
}
