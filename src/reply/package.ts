import type { BodySource } from '../bytes/body-writer.js';

/** The alert that comes first in Package#1 (PROTOCOL.md §8). */
export const ALERT_CLIENT_INITIATED = 'urn:oma:at:dm:2.0:ClientInitiatedMgmt';
export const ALERT_SERVER_INITIATED = 'urn:oma:at:dm:2.0:ServerInitiatedMgmt';
export const ALERT_BOOTSTRAP_COMPLETE = 'urn:oma:at:dm:2.0:BootstrapComplete';

/** Package#1 and Package#3: `{"MOS":[…],"Alert":[…]}`, `{"Status":[…],"Alert":[…]}` (PROTOCOL.md §4). */
export class Package implements BodySource {
  private readonly member: string;
  private readonly elements: BodySource | undefined;
  private readonly alerts: readonly string[];
  /** The alert that comes next, -1 at the beginning. */
  private at: number;

  /**
   * @param member `MOS` or `Status`.
   * @param elements writes its elements, parted by commas; without, there is no such member.
   * @param alerts as JSON.
   */
  constructor(member: string, elements: BodySource | undefined, alerts: readonly string[]) {
    this.member = member;
    this.elements = elements;
    this.alerts = alerts;
    this.at = -1;
  }

  rewind(): void {
    if (this.elements !== undefined) this.elements.rewind();
    this.at = -1;
  }

  next(): string {
    const elements = this.elements;
    const alerts = this.alerts;
    if (this.at < 0) {
      this.at = 0;
      return elements === undefined ? '{' : `{"${this.member}":[`;
    }
    const element = this.at > 0 || elements === undefined ? '' : elements.next();
    if (element !== '') return element;
    const at = this.at;
    this.at += 1;
    if (at > alerts.length) return '';
    if (at === alerts.length) return at > 0 || elements !== undefined ? ']}' : '}';
    return (at > 0 ? ',' : elements === undefined ? '"Alert":[' : '],"Alert":[') + alerts[at];
  }
}
