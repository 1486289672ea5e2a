import { DEFAULT_LIMITS, type Limits, type Platform } from 'dmlet';
import { bootstrapNaming } from '../../src/config/bootstrap.js';
import { Device } from '../../src/config/device.js';
import { ClientUri } from '../../src/tree/client-uri.js';
import { SERVER_NAMING, type WriteGate } from '../../src/tree/mo-intake.js';
import { DEVICE_VIEWER } from '../../src/tree/mo-writer.js';
import { MemoryFlash } from './memory-flash.js';
import { TestClock } from './test-clock.js';
import { showTree } from './tree-text.js';
import { utf8 } from './utf8.js';

/** Lets everything through. */
export const OPEN_GATE: WriteGate = { ...DEVICE_VIEWER, checkMoid() {}, checkWrite() {}, admit() {}, created() {} };

/** How a document is stored. */
export interface StoreOptions {
  /** Where all of it goes. */
  target?: string;
  /** Whether it is a bootstrap's, which may name instances that do not exist. */
  isBootstrap?: boolean;
  gate?: WriteGate;
  /** Sizes of the chunks in which it comes; the last one comes again and again. */
  chunks?: readonly number[];
}

/** The defaults with some changed. */
export function limitsWith(changes: Partial<Limits>): Limits {
  return { ...DEFAULT_LIMITS, ...changes };
}

/** A device without a network: tree, records and intake, over a flash in memory. */
export class MemoryDevice {
  readonly flash: MemoryFlash;
  readonly limits: Limits;
  readonly device: Device;
  /** What the listener was told: `+uri` or `-uri`. */
  readonly changes: string[] = [];
  /** What was logged. */
  readonly notes: string[] = [];
  readonly clock = new TestClock();
  /** How often it was said that work is due. */
  calls = 0;

  /** @param random what the source of randomness always says. */
  constructor(
    changes: Partial<Limits> = {},
    flash = new MemoryFlash(),
    readonly random = 0.5,
  ) {
    this.flash = flash;
    this.limits = limitsWith(changes);
    const platform = {
      flash,
      clock: this.clock,
      random: { next: () => random },
      identity: { value: () => '' },
      text: utf8,
      log: {
        note: (code: string, detail: string) => {
          this.notes.push(`${code} ${detail}`);
        },
      },
    };
    this.device = new Device(platform as unknown as Platform, this.limits, false, [], {
      changed: (uri, removed) => {
        this.changes.push((removed ? '-' : '+') + uri);
      },
      workIsDue: () => {
        this.calls += 1;
      },
    });
    this.device.load();
  }

  get tree(): Device['tree'] {
    return this.device.tree;
  }

  /** Stores a document as HGET or a bootstrap does. Returns the ClientURIs. */
  store(document: string | Uint8Array, options: StoreOptions = {}): string[] {
    const { intake, scanner, transaction } = this.device;
    const bytes = typeof document === 'string' ? utf8.encode(document) : document;
    const target = options.target === undefined ? undefined : new ClientUri(options.target, this.limits);
    const chunks = options.chunks ?? [bytes.length];
    const naming = options.isBootstrap ? bootstrapNaming(this.device) : SERVER_NAMING;
    intake.prepare(target, options.gate ?? OPEN_GATE, naming);
    scanner.reset(intake);
    try {
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        const size = Math.min(chunks[Math.min(i, chunks.length - 1)], bytes.length - at);
        // Each chunk in a buffer of its own, which is overwritten afterwards: nothing may be kept of it.
        const chunk = bytes.slice(at, at + size);
        scanner.scan(chunk, 0, size);
        chunk.fill(0x21);
        at += size;
      }
      scanner.end();
    } catch (thrown) {
      intake.abort();
      throw thrown;
    }
    // What fails from here on undoes itself.
    const uris = intake.place(transaction, (instance, validator) => this.device.validators.set(instance, validator));
    transaction.commit();
    return uris;
  }

  /** The whole tree as text. */
  show(): string[] {
    return showTree(this.tree);
  }

  /** The same flash after a restart. */
  restart(changes: Partial<Limits> = this.limits): MemoryDevice {
    return new MemoryDevice(changes, this.flash, this.random);
  }
}
