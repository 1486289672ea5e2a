import { copyBytes } from '../bytes/text-buffer.js';
import type { ErrorCode } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { CATALOG, CommandCode, Form, formAt } from './catalog.js';

const HTTP = 'http';

/**
 * One command as it was read: the name's code and the parameters as slices of a scratch buffer. A reader has one such
 * record and fills it anew for every command; whoever needs a parameter longer than the call makes it a string.
 */
export class Command {
  /** Which command; `Unknown` where the name is in no catalog. */
  code!: CommandCode;
  /** Why the command cannot be executed, whatever its name: `BAD_COMMAND`, `TOO_LONG`; '' where nothing is wrong with it. */
  defect!: ErrorCode | '';
  /** Parameters, the name not counted. */
  count!: number;
  private readonly bytes: Uint8Array;
  private readonly ends: Uint16Array;
  private used!: number;
  private readonly text: Text;

  constructor(text: Text, limits: Limits) {
    this.text = text;
    this.bytes = new Uint8Array(limits.command);
    this.ends = new Uint16Array(limits.parameters + 2);
    this.clear();
  }

  /** Begins a new command. */
  clear(): void {
    this.code = CommandCode.Unknown;
    this.defect = '';
    this.count = -1;
    this.used = 0;
    this.ends[0] = 0;
  }

  /** Adds bytes to the element under way; what does not fit marks the command `TOO_LONG`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    if (!this.defect && this.used + (to - from) > this.bytes.length) this.defect = 'TOO_LONG';
    if (this.defect) return;
    copyBytes(bytes, from, to, this.bytes, this.used);
    this.used += to - from;
  }

  /** Ends the element under way: the first is the name, each other one a parameter. */
  endElement(): void {
    if (!this.defect && this.count + 2 === this.ends.length) this.defect = 'TOO_LONG';
    if (this.defect) return;
    this.count += 1;
    this.ends[this.count + 1] = this.used;
    if (this.count === 0) this.code = this.lookUp();
  }

  /** The name as it was sent. */
  name(): string {
    return this.code === CommandCode.Unknown ? this.slice(0) : CATALOG[this.code].name;
  }

  /** Parameter `index`, from 0 to `count` - 1, as a string. */
  parameter(index: number): string {
    return this.slice(index + 1);
  }

  /** All parameters, as strings. */
  parameters(): string[] {
    const all: string[] = [];
    for (let i = 0; i < this.count; i += 1) all.push(this.parameter(i));
    return all;
  }

  /** A ServerURI begins with `http://` or `https://`, in any case (PROTOCOL.md §3, [PD]). */
  isServerUri(index: number): boolean {
    const bytes = this.bytes;
    let at = this.ends[index];
    const end = this.ends[index + 1];
    for (let i = 0; i < HTTP.length; i += 1, at += 1) if ((bytes[at] | 0x20) !== HTTP.charCodeAt(i)) return false;
    if ((bytes[at] | 0x20) === 0x73) at += 1;
    return at + 3 <= end && bytes[at] === 0x3a && bytes[at + 1] === 0x2f && bytes[at + 2] === 0x2f;
  }

  /** True where the parameters have the number and the forms that the catalog says for `code`, which is known. */
  fitsCatalog(): boolean {
    const entry = CATALOG[this.code];
    if (this.count < entry.required) return false;
    for (let i = 0; i < this.count; i += 1) {
      const form = formAt(entry, i);
      if (form === Form.None || this.isServerUri(i + 1) !== (form === Form.ServerUri)) return false;
    }
    return true;
  }

  private slice(element: number): string {
    if (element > this.count) return '';
    return this.text.decode(this.bytes, this.ends[element], this.ends[element + 1]);
  }

  private lookUp(): CommandCode {
    for (let code = 0; code < CATALOG.length; code += 1) {
      const name = CATALOG[code].name;
      if (name.length !== this.used) continue;
      let i = 0;
      while (i < this.used && this.bytes[i] === name.charCodeAt(i)) i += 1;
      if (i === this.used) return code;
    }
    return CommandCode.Unknown;
  }
}
