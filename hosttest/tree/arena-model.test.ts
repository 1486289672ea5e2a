import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Arena, type NodeId } from '../../src/tree/arena.js';
import { Lcg } from '../support/lcg.js';

const RECORD = 8;
const LOST = 2;

function blockBytes(length: number): number {
  return 4 + length + (length & 1);
}

/** An arena and a plain model of it, on which the same is done. */
class Twin {
  readonly arena: Arena;
  readonly leaves = new Map<NodeId, Uint8Array>();
  refusals = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.arena = new Arena(size);
  }

  get used(): number {
    let used = RECORD * (this.leaves.size + 1);
    for (const value of this.leaves.values()) if (value.length > 0) used += blockBytes(value.length);
    return used;
  }

  /** Does something for which the arena, with all its records, would need `more` bytes. */
  attempt(more: number, change: () => void): boolean {
    const freeRecords = this.arena.bound - this.leaves.size - 1;
    const need = this.used + RECORD * freeRecords + more + LOST;
    try {
      change();
    } catch (thrown) {
      assert.is((thrown as { code?: string }).code, 'TREE_FULL');
      assert.ok(need > this.size, `refused, though ${need} of ${this.size} bytes were needed`);
      this.refusals += 1;
      return false;
    }
    return true;
  }

  allocate(): void {
    let id = 0;
    const isReused = this.arena.bound > this.leaves.size + 1;
    if (
      this.attempt(isReused ? 0 : RECORD, () => {
        id = this.arena.allocate();
      })
    ) {
      assert.not(this.leaves.has(id), 'a record that is in use was given out');
      this.arena.setFormat(id, 1);
      this.leaves.set(id, new Uint8Array(0));
    }
  }

  append(id: NodeId, bytes: Uint8Array): void {
    const old = this.leaves.get(id) as Uint8Array;
    const length = old.length + bytes.length;
    if (this.attempt(blockBytes(length), () => this.arena.append(id, bytes, 0, bytes.length))) {
      const value = new Uint8Array(length);
      value.set(old);
      value.set(bytes, old.length);
      this.leaves.set(id, value);
    }
  }

  drop(id: NodeId): void {
    this.arena.dropBlock(id);
    this.leaves.set(id, new Uint8Array(0));
  }

  free(id: NodeId): void {
    this.arena.free(id, true);
    this.leaves.delete(id);
  }

  check(step: string): void {
    for (const [id, value] of this.leaves) {
      const start = this.arena.blockStart(id);
      assert.is(this.arena.blockLength(id), value.length, step);
      for (let i = 0; i < value.length; i += 1) {
        if (this.arena.buffer[start + i] !== value[i]) assert.unreachable(`${step}: leaf ${id} byte ${i}`);
      }
    }
    for (let id = 1; id < this.arena.bound; id += 1) assert.is(this.arena.isUsed(id), this.leaves.has(id), step);
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
