import { type Flash, FlashResult } from 'dmlet';
import { fromBase36 } from '../../src/flash/record.js';
import { type Cut, isRefusal } from './cut.js';

/** Thrown at a power cut, and by all that the program tries after it. */
export class PowerCut extends Error {}

/** One operation on what keeps its content without power. */
export interface Operation {
  /** As the store's own source would say it. */
  readonly name: string;
  /** The key at hand, '' where the operation concerns several. */
  readonly key: string;
  /** Bytes that it changes one after the other; 0 where it cannot tear. */
  readonly size: number;
  /** Does all of it. */
  readonly perform: () => FlashResult;
  /** Does what a cut leaves of it; `count` as `Cut` says. */
  readonly leave?: (how: Cut['how'], count: number) => void;
}

/** An operation as it is remembered. */
export interface Traced {
  readonly name: string;
  readonly key: string;
  readonly size: number;
  /** Commit records that were written whole before it. */
  readonly commits: number;
}

/** What a store promises of a cut. */
export type Cost = 'nothing' | 'anything';

export function isCommitKey(key: string): boolean {
  return key === 'c0' || key === 'c1';
}

/** True for the key of a part of a large value. */
export function isLargeKey(key: string): boolean {
  return key.length === 12 && fromBase36(key, 0, 3) > 0x1000;
}

/** A store whose power goes, or that fails, at one operation on its medium. */
export abstract class CutStore implements Flash {
  abstract readonly keySize: number;
  abstract readonly valueSize: number;
  abstract readonly capacity: number;
  /** Operations since the device was switched on. */
  operations = 0;
  /** Commit records written whole since then. */
  commits = 0;
  cut: Cut | undefined;
  /** True since the power cut: nothing that the program does now has an effect. */
  isOff = false;
  /** The operations, where somebody wants to know. */
  trace: Traced[] | undefined;
  /** Called behind each commit. */
  onCommit: () => void = () => {};

  /** The same content behind a power that is back. */
  abstract restarted(): CutStore;

  /** The cuts worth trying at an operation. */
  abstract cuts(operation: Traced): Pick<Cut, 'how' | 'count'>[];

  /** The records that can rot, in the order of keys. */
  rotting(): { key: string; size: number }[] {
    return [];
  }

  /** Flips bit 4 of a byte of one of them. */
  rot(_key: string, _at: number): void {}

  /** What a cut may cost: `anything` where the store loses values that it was not asked to change. */
  abstract cost(operation: Traced, cut: Cut): Cost;

  protected abstract put(key: string, bytes: Uint8Array): FlashResult;
  protected abstract drop(key: string): FlashResult;
  protected abstract visit(visit: (key: string) => void): void;
  protected abstract get(key: string, into: Uint8Array): number;

  keys(visit: (key: string) => void): void {
    this.expectPower();
    this.visit(visit);
  }

  read(key: string, into: Uint8Array): number {
    this.expectPower();
    return this.get(key, into);
  }

  write(key: string, bytes: Uint8Array, from: number, to: number): FlashResult {
    this.expectPower();
    const result = this.put(key, bytes.slice(from, to));
    if (result === FlashResult.Ok && isCommitKey(key)) {
      this.commits += 1;
      this.onCommit();
    }
    return result;
  }

  remove(key: string): FlashResult {
    this.expectPower();
    return this.drop(key);
  }

  /** Does an operation, or what the cut leaves of it. */
  protected run(operation: Operation): FlashResult {
    const { name, key, size, perform, leave } = operation;
    this.operations += 1;
    this.trace?.push({ name, key, size, commits: this.commits });
    const cut = this.cut;
    if (cut === undefined || this.operations < cut.at) return perform();
    if (isRefusal(cut)) {
      if (cut.how === 'full') return name === 'write' ? FlashResult.Full : perform();
      return cut.how === 'worn' || this.operations === cut.at ? FlashResult.Failed : perform();
    }
    this.isOff = true;
    if (cut.how === 'after') perform();
    else if (cut.how !== 'before') leave?.(cut.how, cut.count);
    throw new PowerCut(name);
  }

  private expectPower(): void {
    if (this.isOff) throw new PowerCut('long ago');
  }
}
