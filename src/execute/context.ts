import type { AccountGate } from '../access/gates.js';
import type { BodySource } from '../bytes/body-writer.js';
import type { Device } from '../config/device.js';
import type { Executions } from '../config/executions.js';
import type { Reports } from '../config/reports.js';
import type { DmError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';

/** What commands work with. */
export interface Tools {
  /** For Data Repositories; idle while no command is pending. */
  readonly repository: Exchange;
  readonly reports: Reports;
  readonly executions: Executions;
}

/** What a command needs of the session that it came in. */
export interface Context {
  readonly device: Device;
  readonly tools: Tools;
  /** Rights of the session's account. */
  readonly gate: AccountGate;
  /** Bytes that the command may add to Package#3. */
  room(): number;
  /** A command that was pending is finished. @param tail JSON members that go with its status where that is 200. */
  finished(error: DmError | undefined, tail: BodySource | undefined): void;
  /** Later packages of this session go to `url`. */
  continueAt(url: string): void;
  /** This package ends the session. */
  end(): void;
}
