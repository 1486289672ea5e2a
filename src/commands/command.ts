import type { ErrorCode } from '../errors.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { type CommandCode, fitsForms, NAMES } from './catalog.js';

/** One command as it was read. A reader has one such record and fills it anew for every command. */
export class Command {
  /** For who reads commands: the name and the parameters, or what stands in their places. */
  elements!: unknown[];
  /** For who reads commands: what is wrong with it, but that elements are no strings. */
  fault!: ErrorCode | '';
  private readonly text: Text;
  private readonly limits: Limits;
  /** The element under way. */
  private element!: string;
  /** Bytes that it and what follows may have. */
  private left!: number;

  constructor(text: Text, limits: Limits) {
    this.text = text;
    this.limits = limits;
    this.clear();
  }

  /** Begins a new command. */
  clear(): void {
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
    if (this.elements.length > this.limits.parameters) this.spoil('TOO_LONG');
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
    const strings = this.strings();
    return this.fault || (strings.length === 0 ? 'BAD_COMMAND' : '');
  }

  /** Which command; `Unknown` where the name is in no catalog. */
  get code(): CommandCode {
    return NAMES.indexOf(this.name());
  }

  /** Parameters, the name not counted; -1 where there is no name. Of a command with a defect, those before it. */
  get count(): number {
    return this.strings().length - 1;
  }

  /** The name as it was sent. */
  name(): string {
    return this.parameter(-1);
  }

  /** Parameter `index`, from 0 to `count` - 1. */
  parameter(index: number): string {
    return this.strings()[index + 1] || '';
  }

  /** All parameters. */
  parameters(): string[] {
    return this.strings().slice(1);
  }

  /** True where the parameters have the number and the forms that the catalog says for `code`, which is known. */
  fitsCatalog(): boolean {
    return fitsForms(this.code, this.parameters());
  }

  /** The elements up to one that is no string. */
  private strings(): string[] {
    const elements = this.elements;
    let count = 0;
    while (typeof elements[count] === 'string') count += 1;
    if (count < elements.length) {
      this.spoil('BAD_COMMAND');
      elements.length = count;
    }
    return elements as string[];
  }
}
