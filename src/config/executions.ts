import { ERROR_STATUS, fail } from '../errors.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import type { Row } from '../tree/table.js';
import { targetPath } from '../tree/target.js';
import type { Device } from './device.js';

/** One EXEC that an application carries out. */
export interface Execution {
  /** The node that is executed. */
  readonly clientUri: string;
  /**
   * Reports the result to the server that asked, once; durable when it returns. It may come after a restart.
   * @param status a DM status.
   * @param data goes with it, instead of the status.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`, `TOO_LONG`; then nothing is reported, and it may be tried again.
   */
  finish(status: number, data?: string): void;
}

/**
 * Carries out EXEC on a node.
 * @returns a DM status, or undefined where the result comes later, by `execution.finish`.
 */
export type ExecutionHandler = (execution: Execution) => number | undefined;

/** AlertType of a result. */
const ALERT_RESULT = 'urn:dmlet:at:exec-result:1.0';

/** Fields of a row of `device.executions`. */
const enum Field {
  ClientUri = 0,
  SrvId,
  ServerUri,
}

interface Registered {
  readonly moid: string;
  readonly path: readonly string[];
  readonly handler: ExecutionHandler;
}

/** What EXEC does: the applications' handlers, and what they have begun and not finished (PROTOCOL.md §3, EXEC). */
export class Executions {
  private readonly device: Device;
  private readonly handlers: Registered[];

  constructor(device: Device) {
    this.device = device;
    this.handlers = [];
  }

  /** Registers a handler; of several for one node the last counts. @param path names below the MO root, joined by `/`; `*` stands for any. */
  register(moid: string, path: string, handler: ExecutionHandler): void {
    this.handlers.unshift({ moid, path: path === '' ? [] : path.split('/'), handler });
  }

  /** The handler for a node. */
  handlerOf(node: NodeId): ExecutionHandler | undefined {
    const tree = this.device.tree;
    const moid = tree.moidOf(node);
    const path = targetPath({ moid, node, parent: NO_NODE, name: '' }, tree);
    const entry = this.handlers.find(
      (one) =>
        one.moid === moid &&
        one.path.length === path.length &&
        one.path.every((name, i) => name === '*' || name === path[i]),
    );
    return entry?.handler;
  }

  /** What was begun and is not finished, oldest first. */
  pending(): Execution[] {
    return this.device.executions.rows.map((row) => this.execution(row));
  }

  /**
   * Executes a node and tells what it came to at once, if that is a status and known then.
   * @returns the handler's status; 202 where the result comes later, or has data: an alert carries it.
   * @throws DmError `TABLE_FULL`, before anything is executed; what flash came to.
   */
  run(handler: ExecutionHandler, clientUri: string, srvId: string): number {
    let early: { status: number; data: string | undefined } | undefined;
    let row: Row | undefined;
    this.checkRoom();
    const status = this.call(handler, {
      clientUri,
      finish: (result, data) => {
        if (row === undefined) early = { status: result, data };
        else this.finish(row, result, data);
      },
    });
    const result = status === undefined ? early : { status, data: undefined };
    if (result !== undefined && result.data === undefined) return checked(result.status);
    row = this.begin(clientUri, srvId, '');
    if (result !== undefined) this.finish(row, result.status, result.data);
    return ACCEPTED;
  }

  /**
   * Executes a node after its command was answered with 202: its result goes to `serverUri`, in a session of its own.
   * @throws DmError `TABLE_FULL`, `FLASH_FULL`, `FLASH_FAILED`.
   */
  runLater(handler: ExecutionHandler, clientUri: string, srvId: string, serverUri: string): number {
    const device = this.device;
    this.checkRoom();
    const execution = this.execution(this.begin(clientUri, srvId, serverUri));
    device.later(() => {
      const result = this.call(handler, execution);
      if (result !== undefined) execution.finish(result);
    });
    return ACCEPTED;
  }

  private checkRoom(): void {
    const device = this.device;
    if (device.executions.rows.length >= device.limits.executions) fail('TABLE_FULL', 'EXEC');
  }

  /** Whatever a handler throws is a failure of the device: no code of its own may tell the server something else. */
  private call(handler: ExecutionHandler, execution: Execution): number | undefined {
    try {
      return handler(execution);
    } catch (thrown) {
      this.device.note('INTERNAL', `EXEC: ${String(thrown)}`);
      return ERROR_STATUS.INTERNAL;
    }
  }

  private execution(row: Row): Execution {
    return {
      clientUri: row.fields[Field.ClientUri],
      finish: (status, data) => this.finish(row, status, data),
    };
  }

  private begin(clientUri: string, srvId: string, serverUri: string): Row {
    const device = this.device;
    return device.commit(() => device.transaction.put(device.executions, undefined, [clientUri, srvId, serverUri]));
  }

  private finish(row: Row, status: number, data: string | undefined): void {
    const device = this.device;
    if (device.executions.rows.indexOf(row) < 0) return;
    const alert = {
      type: ALERT_RESULT,
      source: row.fields[Field.ClientUri],
      dataType: data === undefined ? 'int' : 'chr',
      data: data === undefined ? String(checked(status)) : data,
    };
    device.commit(() => {
      device.transaction.drop(device.executions, row);
      device.alerts.add(alert, row.fields[Field.SrvId], row.fields[Field.ServerUri], true);
    });
    device.workIsDue();
  }
}

const ACCEPTED = 202;

/** A handler's status, 500 where it is none. */
function checked(status: number): number {
  return status >= 200 && status <= 599 && Math.floor(status) === status ? status : ERROR_STATUS.INTERNAL;
}
