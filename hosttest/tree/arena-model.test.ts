import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NodeId } from '../../src/tree/arena.js';
import { Lcg } from '../support/lcg.js';
import { OpenArena } from './open-arena.js';

const RECORD = 8;
/** The records that every arena has. */
const FIXED = 2 * RECORD;

function blockBytes(length: number): number {
  return 2 + length + (length & 1);
}

/** An arena and a plain model of it, on which the same is done. */
class Twin {
  readonly arena: OpenArena;
  readonly leaves = new Map<NodeId, Uint8Array>();
  refusals = 0;
  /** Records that were freed, and are not used again yet. */
  private freed = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.arena = new OpenArena(size);
  }

  get used(): number {
    let used = FIXED + RECORD * this.leaves.size;
    for (const value of this.leaves.values()) if (value.length > 0) used += blockBytes(value.length);
    return used;
  }

  /** Does something for which the arena, with all its records, would need `more` bytes. */
  attempt(more: number, change: () => void): boolean {
    const need = this.used + RECORD * this.freed + more;
    try {
      change();
    } catch (thrown) {
      assert.is((thrown as { code?: string }).code, 'TREE_FULL');
      assert.ok(need > (this.size & ~7), `refused, though ${need} of ${this.size} bytes were needed`);
      this.refusals += 1;
      return false;
    }
    return true;
  }

  allocate(): void {
    let id = 0;
    const more = this.freed > 0 ? 0 : RECORD;
    const isDone = this.attempt(more, () => {
      id = this.arena.record();
    });
    if (!isDone) return;
    assert.not(this.leaves.has(id), 'a record that is in use was given out');
    this.leaves.set(id, new Uint8Array(0));
    this.freed = Math.max(0, this.freed - 1);
  }

  append(id: NodeId, bytes: Uint8Array): void {
    const old = this.leaves.get(id) as Uint8Array;
    const length = old.length + bytes.length;
    if (this.attempt(blockBytes(length), () => this.arena.addBytes(id, bytes, 0, bytes.length))) {
      const value = new Uint8Array(length);
      value.set(old);
      value.set(bytes, old.length);
      this.leaves.set(id, value);
    }
  }

  drop(id: NodeId): void {
    this.arena.drop(id);
    this.leaves.set(id, new Uint8Array(0));
  }

  free(id: NodeId): void {
    this.arena.give(id);
    this.leaves.delete(id);
    this.freed += 1;
  }

  check(step: string): void {
    for (const [id, value] of this.leaves) assert.equal(this.arena.value(id), value, `${step}: leaf ${id}`);
    assert.is(this.arena.used, this.used, step);
  }
}

function run(size: number, seed: number, steps: number, longest: number): Twin {
  const random = new Lcg(seed);
  const twin = new Twin(size);
  for (let step = 0; step < steps; step += 1) {
    const ids = [...twin.leaves.keys()];
    const choice = random.below(10);
    if (choice < 2 || ids.length === 0) twin.allocate();
    else if (choice < 7) twin.append(random.pick(ids), random.bytes(1 + random.below(longest)));
    else if (choice < 8) twin.drop(random.pick(ids));
    else twin.free(random.pick(ids));
    twin.check(`seed ${seed} step ${step}`);
  }
  return twin;
}

for (const size of [64, 200, 512, 1500]) {
  test(`a random life keeps every value, and is refused only what does not fit: ${size} bytes`, () => {
    let refusals = 0;
    for (let seed = 1; seed <= 5; seed += 1) refusals += run(size, seed, 2000, size / 8).refusals;
    assert.ok(refusals > 100, `the arena was full ${refusals} times only`);
  });
}

test.run();
