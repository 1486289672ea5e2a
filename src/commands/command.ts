import type { ErrorCode } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { type CommandCode, fitsForms, NAMES } from './catalog.js';

/** One command as it was read. A reader has one such record and fills it anew for every command. */
export class Command {
  /** A command as it was parsed natively, for who reads commands; judged when it is looked at. */
  parsed: unknown;
  /** The name and the parameters; of a command with a defect, those before it. */
  private elements!: string[];
  private fault!: ErrorCode | '';
  private readonly text: Text;
  private readonly limits: Limits;
  /** Elements that it may have. */
  private readonly most: number;
  /** The element under way. */
  private element!: string;
  /** Bytes that it and what follows may have. */
  private left!: number;

  constructor(text: Text, limits: Limits) {
    this.text = text;
    this.limits = limits;
    this.most = limits.parameters + 1;
    this.clear();
  }

  /** Begins a new command. */
  clear(): void {
    this.parsed = undefined;
    this.elements = [];
    this.fault = '';
    this.element = '';
    this.left = this.limits.command;
  }

  /** Adds bytes, whole characters, to the element under way; what does not fit marks the command `TOO_LONG`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    this.left -= to - from;
    if (this.left < 0) this.spoil('TOO_LONG');
    if (!this.fault) this.element += this.text.decode(bytes, from, to);
  }

  /** Ends the element under way: the first is the name, each other one a parameter. */
  endElement(): void {
    if (this.elements.length === this.most) this.spoil('TOO_LONG');
    if (this.fault) return;
    this.elements.push(this.element);
    this.element = '';
  }

  /** Marks the command, unless it is marked already; what follows is not kept. */
  spoil(fault: ErrorCode): void {
    if (!this.fault) this.fault = fault;
  }

  /** True where nothing came since `clear`. */
  get isEmpty(): boolean {
    return this.elements.length === 0 && !this.fault;
  }

  /** Why the command cannot be executed, whatever its name: `BAD_COMMAND`, `TOO_LONG`; '' where nothing is wrong with it. */
  get defect(): ErrorCode | '' {
    return this.list().length === 0 ? this.fault || 'BAD_COMMAND' : this.fault;
  }

  /** Which command; `Unknown` where the name is in no catalog. */
  get code(): CommandCode {
    return NAMES.indexOf(this.list()[0]);
  }

  /** Parameters, the name not counted; -1 where there is no name. Of a command with a defect, those before it. */
  get count(): number {
    return this.list().length - 1;
  }

  /** The name as it was sent. */
  name(): string {
    return this.parameter(-1);
  }

  /** Parameter `index`, from 0 to `count` - 1. */
  parameter(index: number): string {
    return this.list()[index + 1] || '';
  }

  /** All parameters. */
  parameters(): string[] {
    return this.list().slice(1);
  }

  /** True where the parameters have the number and the forms that the catalog says for `code`, which is known. */
  fitsCatalog(): boolean {
    return fitsForms(this.code, this.parameters());
  }

  /** The elements; those of a command that was parsed natively become what the scanner would have made of them. */
  private list(): string[] {
    const parsed = this.parsed;
    if (parsed === undefined) return this.elements;
    const isList = typeof parsed === 'object' && parsed !== null;
    const elements = isList ? (parsed as string[]) : [];
    const most = this.most;
    this.parsed = undefined;
    this.elements = elements;
    this.fault = isList ? '' : 'BAD_COMMAND';
    for (let i = 0; i < elements.length; i += 1) {
      const isString = typeof elements[i] === 'string';
      if (isString && i < most) continue;
      this.fault = isString ? 'TOO_LONG' : 'BAD_COMMAND';
      elements.splice(i);
    }
    return elements;
  }
}
