import type { FlashResult } from 'dmlet';
import type { Cut } from './cut.js';
import { type Cost, CutStore, isCommitKey, PowerCut, type Traced } from './cut-store.js';
import { DOMAIN, Hangs, SECTOR, SectorLog, VALUE_HEAD } from './sector-log.js';

type Variant = Pick<Cut, 'how' | 'count'>;

/** A key that is no record's. */
const FILLER = 'filler';

/** Bytes of an entry before its value. */
function headOf(key: string): number {
  return DOMAIN.length + 1 + key.length + 1 + VALUE_HEAD;
}

/** `SectorLog` as a store. Each program and each erase is an operation, which may tear at every byte. */
export class SectorStore extends CutStore {
  readonly keySize = 31;
  readonly valueSize = 63;
  readonly capacity = SECTOR;
  private readonly log: SectorLog;

  constructor(bytes?: Uint8Array) {
    super();
    this.log = new SectorLog((operation) => this.run(operation), bytes);
  }

  /** Writes and removes something until the sector in use is this one, and has at most so much room. */
  wear(sector: number, bytes: number): void {
    const value = new Uint8Array(8);
    for (let i = 0; i < 2 * SECTOR; i += 1) {
      const { room } = this.log;
      if (room.sector === sector && room.bytes <= bytes) return;
      this.log.put(FILLER, value);
      this.log.remove(FILLER);
    }
  }

  restarted(): SectorStore {
    return new SectorStore(this.log.bytes);
  }

  cuts({ name, key, size }: Traced): Variant[] {
    const half = size >> 1;
    let inner = [1, half, size - 1];
    if (name.startsWith('erase') || name.startsWith('copy') || name.startsWith('reset')) inner = [half];
    if (name === 'append') inner = [1, DOMAIN.length + 1, headOf(key) - 1, headOf(key), half, size - 1];
    if (name === 'append' && isCommitKey(key)) inner = Array.from({ length: size - 1 }, (_, i) => i + 1);
    const torn = inner.filter((count, i) => count > 0 && count < size && inner.indexOf(count) === i);
    return [
      { how: 'before', count: 0 },
      { how: 'after', count: 0 },
      ...torn.map((count): Variant => ({ how: 'torn', count })),
    ];
  }

  cost({ name, key }: Traced, { how, count }: Cut): Cost {
    switch (name) {
      // What is left of an entry whose first bytes are zero is read as another entry, of any length.
      case 'zero':
        return how === 'torn' ? 'anything' : 'nothing';
      case 'zero head':
        return how === 'before' ? 'nothing' : 'anything';
      case 'zero tail':
        return how === 'after' ? 'nothing' : 'anything';
      // An entry that does not tell its length hides all that is appended later.
      case 'append':
        return how === 'torn' && count < headOf(key) ? 'anything' : 'nothing';
      // The first sector counts as soon as it is stamped, and is empty then.
      case 'stamp back':
        return how === 'after' ? 'anything' : 'nothing';
      case 'copy back':
        return 'anything';
      default:
        return 'nothing';
    }
  }

  protected put(key: string, bytes: Uint8Array): FlashResult {
    try {
      return this.log.put(key, bytes);
    } catch (thrown) {
      if (!(thrown instanceof Hangs)) throw thrown;
      this.isOff = true;
      throw new PowerCut('watchdog');
    }
  }

  protected drop(key: string): FlashResult {
    return this.log.remove(key);
  }

  protected visit(visit: (key: string) => void): void {
    this.log.keys(visit);
  }

  protected get(key: string, into: Uint8Array): number {
    const found = this.log.find(key);
    if (found === undefined) return -1;
    into.set(this.log.bytes.subarray(found.from, Math.min(found.to, found.from + into.length)));
    return found.to - found.from;
  }
}
