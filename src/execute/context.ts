import type { AccountGate } from '../access/gates.js';
import type { Device } from '../config/device.js';
import type { Executions } from '../config/executions.js';
import type { Reports } from '../config/reports.js';
import type { Retriever } from '../config/retriever.js';
import type { Uploader } from '../config/uploader.js';

/** What commands work with. */
export interface Tools {
  readonly retriever: Retriever;
  readonly uploader: Uploader;
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
  /** Later packages of this session go to `url`. */
  continueAt(url: string): void;
  /** This package ends the session. */
  end(): void;
}
