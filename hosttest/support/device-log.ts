import type { Log } from 'dmlet';

/** Writes down what a device says, one short line an event. */
export class DeviceLog implements Log {
  readonly lines: string[] = [];

  package(number: number, url: string, bytes: number): void {
    this.lines.push(`package ${number} ${new URL(url).pathname} ${bytes}`);
  }

  command(source: string, name: string, parameters: string[], status: number): void {
    this.lines.push([source, name, ...parameters, status].join(' '));
  }

  exchange(method: string, url: string, status: number, bytes: number): void {
    this.lines.push(`exchange ${method} ${new URL(url).pathname} ${status} ${bytes}`);
  }

  stored(clientUri: string): void {
    this.lines.push(`stored ${clientUri}`);
  }

  removed(clientUri: string): void {
    this.lines.push(`removed ${clientUri}`);
  }

  finished(work: string, subject: string, code: string): void {
    this.lines.push(`finished ${work} ${subject} ${code || 'ok'}`);
  }

  note(code: string, detail: string): void {
    this.lines.push(`note ${code} ${detail}`);
  }

  /** The lines that begin with `start`. */
  about(start: string): string[] {
    return this.lines.filter((line) => line.startsWith(start));
  }
}
