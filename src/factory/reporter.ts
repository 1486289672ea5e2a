import type { DmClient, Log } from 'dmlet';
import type { FlashUse } from './flash-use.js';
import { leavesOf } from './leaves.js';
import { colors, printable } from './terminal.js';

/** One thing that happened. `event` names it; the other members belong to it. */
export interface DeviceEvent {
  event: string;
  [member: string]: unknown;
}

/** How a reporter tells what happens. */
export interface ReporterStyle {
  /** One JSON object a line; else a line for people. */
  json: boolean;
  /** For people: what was stored in one line a subtree, without its values, and flash in one line a chapter. */
  brief?: boolean;
}

/** Says what a device does, as it does it. */
export class Reporter implements Log {
  /** Number of events so far, by name. */
  readonly counts: Record<string, number> = {};
  /** Work that failed, and did not succeed later: why. */
  readonly failures = new Map<string, string>();
  private client: DmClient | undefined;
  /** Alerts that waited when the last package went out: each row's alert. */
  private waiting = new Map<object, string>();

  /** Flash operations of this chapter. */
  private flashed = { write: 0, remove: 0 };

  constructor(
    private readonly style: ReporterStyle,
    private readonly write: (line: string) => void,
  ) {}

  /** Tells whose tree the stored nodes are read from. */
  attach(client: DmClient): void {
    this.client = client;
  }

  /** Reports an event. @param text undefined where people need not hear of it. */
  report(event: DeviceEvent, text: string | undefined): void {
    this.counts[event.event] = (this.counts[event.event] ?? 0) + 1;
    if (this.style.json) this.write(JSON.stringify(event));
    else if (text !== undefined) this.write(text);
  }

  /** Ends a chapter: tells in brief what went to flash in it. */
  endChapter(): void {
    const { write, remove } = this.flashed;
    this.flashed = { write: 0, remove: 0 };
    if (this.style.json || !this.style.brief || write + remove === 0) return;
    this.write(colors.dim(`    ▪ flash: ${write} written, ${remove} removed`));
  }

  package(number: number, url: string, bytes: number): void {
    const arrow = number === 2 ? colors.magenta('◀──') : colors.blue('──▶');
    const direction = number === 2 ? 'in' : 'out';
    const names = ['', 'initiation', 'request', 'response'];
    this.report(
      { event: 'package', number, direction, url, bytes },
      `${arrow} ${colors.bold(`Package#${number}`)} ${names[number]}  ${colors.cyan(printable(url))}  ${bytes} bytes`,
    );
    this.followAlerts(number === 2);
  }

  command(source: string, name: string, parameters: string[], status: number): void {
    this.report(
      { event: 'command', source, name, parameters, status },
      `    ${colors.bold(printable(name).padEnd(8))} ${statusText(status)}  ${printable(parameters.join('  '))}`,
    );
  }

  exchange(method: string, url: string, status: number, bytes: number): void {
    this.report(
      { event: 'exchange', method, url, status, bytes },
      `    ${colors.blue('⇄')} ${method} ${colors.cyan(printable(url))}  HTTP ${status || 'no answer'}  ${bytes} bytes`,
    );
  }

  stored(clientUri: string): void {
    const client = this.client;
    if (client === undefined) return;
    const tree = client.device.tree;
    const node = client.device.find(clientUri);
    const leaves = leavesOf(client, node);
    const brief = this.style.brief === true && !tree.isLeaf(node);
    const line = (uri: string, value: string): string | undefined => (brief ? undefined : stored(uri, value));
    if (leaves.length === 0)
      this.report({ event: 'stored', uri: clientUri, format: tree.formatName(node) }, line(clientUri, ''));
    for (const leaf of leaves) this.report({ event: 'stored', ...leaf }, line(leaf.uri, JSON.stringify(leaf.value)));
    if (brief && !this.style.json) this.write(`${stored(clientUri, '')}  ${values(leaves.length)}`);
  }

  removed(clientUri: string): void {
    this.report({ event: 'removed', uri: clientUri }, `    ${colors.red('−')} ${printable(clientUri)}`);
  }

  finished(work: string, subject: string, code: string, status: number): void {
    const isHttp = code === 'HTTP_STATUS';
    const why = isHttp ? `${code} ${status}` : code;
    if (code === '') this.failures.delete(`${work} ${subject}`);
    else this.failures.set(`${work} ${subject}`, why);
    const mark = code === '' ? colors.green('✔') : colors.red('✘');
    this.report(
      { event: 'finished', work, subject, code, ...(isHttp && { status }) },
      `${mark} ${work} ${printable(subject)} ${code === '' ? 'done' : colors.red(why)}`,
    );
  }

  note(code: string, detail: string): void {
    // The message of an error begins with its code.
    const text = detail.includes(`${code}: `) ? detail : `${code}: ${detail}`;
    this.report({ event: 'note', code, detail }, colors.dim(`    ${printable(text)}`));
  }

  /** A page was shown to the user. */
  shown(url: string): void {
    this.report({ event: 'show', url }, `    ${colors.green('▣')} shows ${colors.cyan(printable(url))}`);
  }

  /** A datagram came. @param code '' where it was accepted, else why it was ignored. */
  notified(from: string, bytes: number, code: string): void {
    this.report(
      { event: 'notification', from, bytes, code },
      `${colors.magenta('◀──')} ${colors.bold('Package#0')} from ${from}  ${bytes} bytes  ${code === '' ? colors.green('accepted') : colors.red(code)}`,
    );
  }

  /** An application executes a node. */
  executed(uri: string): void {
    this.report({ event: 'exec', uri }, `    ${colors.green('▶')} executes ${printable(uri)}`);
  }

  /** A flash operation that was carried out. */
  flash(operation: 'write' | 'remove', record: string, bytes: number): void {
    const text = operation === 'write' ? `write ${record}, ${bytes} bytes` : `remove ${record}`;
    const line = this.style.brief === true ? undefined : colors.dim(`    ▪ flash ${text}`);
    this.flashed[operation] += 1;
    this.report({ event: 'flash', operation, record, bytes }, line);
  }

  /** What all that came to in flash, if anything, and which objects were written most. */
  wear(use: FlashUse): void {
    const { transactions, writes, removals, objects } = use;
    if (writes + removals === 0) return;
    const text = `${writes} writes, ${removals} removals; ${transactions} transactions so far`;
    const written = objects.filter((one) => one.writes > 0).sort((a, b) => b.writes - a.writes);
    const lines = written.map((one) => `    ${String(one.writes).padStart(4)}  ${printable(one.object)}`);
    this.report({ event: 'wear', ...use }, [`${colors.bold('Flash')}  ${text}`, ...lines].join('\n'));
  }

  /** Tells which alerts a server has got: those that waited when the last package went out, and wait no more when its answer is there. */
  private followAlerts(isAnswer: boolean): void {
    const alerts = this.client?.device.alerts;
    if (alerts === undefined) return;
    if (!isAnswer) {
      this.waiting = new Map(alerts.rows.map((row) => [row, alerts.json(row)]));
      return;
    }
    for (const [row, json] of this.waiting) {
      if (alerts.rows.some((other) => other === row)) continue;
      const text = `    ${colors.yellow('⚑')} alert delivered ${printable(json)}`;
      this.report({ event: 'alert', alert: JSON.parse(json) as object }, text);
    }
    this.waiting.clear();
  }
}

/** How many values there are, in words. */
export function values(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

function stored(uri: string, value: string): string {
  return `    ${colors.green('+')} ${printable(uri)}${value === '' ? '' : ` = ${colors.green(printable(value))}`}`;
}

function statusText(status: number): string {
  return status < 300 || status === 304 ? colors.green(String(status)) : colors.red(String(status));
}
