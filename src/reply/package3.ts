import type { BodySource, BodyWriter } from '../bytes/body-writer.js';
import type { ReplyBuffer } from './reply-buffer.js';

const enum Place {
  Start,
  Statuses,
  End,
}

/** Package#3, which answers Package#2: `{"Status":[…],"Alert":[…]}` (PROTOCOL.md §4). */
export class Package3 implements BodySource {
  private readonly reply: ReplyBuffer;
  private readonly alerts: readonly string[];
  private place: Place;

  /** @param alerts as JSON. */
  constructor(reply: ReplyBuffer, alerts: readonly string[]) {
    this.reply = reply;
    this.alerts = alerts;
    this.place = Place.Start;
  }

  rewind(): void {
    this.reply.rewind();
    this.place = Place.Start;
  }

  step(out: BodyWriter): boolean {
    if (this.place === Place.Start) {
      out.put('{"Status":[');
      this.place = Place.Statuses;
      return true;
    }
    if (this.place === Place.End) return false;
    if (!this.reply.step(out)) {
      out.put(this.alerts.length === 0 ? ']}' : `],"Alert":[${this.alerts.join(',')}]}`);
      this.place = Place.End;
    }
    return true;
  }
}
