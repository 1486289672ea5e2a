import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_NODE, type NodeId, ROOT } from '../../src/tree/arena.js';
import { Format, TreeStore } from '../../src/tree/tree-store.js';
import { Lcg } from '../support/lcg.js';
import { limitsWith } from '../support/memory-device.js';
import { utf8 } from '../support/utf8.js';

/** A node as plain JavaScript has it. */
interface Model {
  readonly id: NodeId;
  readonly name: string;
  readonly format: Format;
  value: string;
  parent: Model | undefined;
  children: Model[];
}

const NAMES = ['ID', 'Data', 'Ext', 'a', 'b', 'Value', 'DevInfo', '\u00e9t\u00e9', 'with space', 'x/y'];

/** Leaf formats whose value is bytes. */
const TEXTS = [Format.Chr, Format.Int, Format.Bin];

class Twin {
  readonly tree: TreeStore;
  readonly top: Model;
  readonly detached: Model[] = [];
  refusals = 0;
  private readonly random: Lcg;
  private fresh = 0;

  constructor(seed: number, size: number) {
    this.random = new Lcg(seed);
    this.tree = new TreeStore(utf8, limitsWith({ tree: size, names: 24, nameBytes: 160, value: 60 }));
    this.top = { id: ROOT, name: '', format: Format.Interior, value: '', parent: undefined, children: [] };
  }

  step(): void {
    const random = this.random;
    switch (random.below(8)) {
      case 0:
      case 1:
        this.create(random.below(3) === 0);
        break;
      case 2:
        this.append();
        break;
      case 3:
      case 4:
        this.attach();
        break;
      case 5:
        this.replace();
        break;
      case 6:
        this.detach();
        break;
      default:
        this.free();
    }
  }

  check(step: string): void {
    this.compare(this.top, step);
    for (const node of this.detached) {
      assert.is(this.tree.parent(node.id), NO_NODE, step);
      assert.is(this.tree.next(node.id), NO_NODE, step);
      this.compare(node, step);
    }
  }

  /** Does a change that a full tree refuses; then nothing is different. */
  private attempt(change: () => void): boolean {
    const used = this.tree.used;
    try {
      change();
      return true;
    } catch (thrown) {
      assert.is((thrown as { code?: string }).code, 'TREE_FULL');
      assert.is(this.tree.used, used);
      this.refusals += 1;
      return false;
    }
  }

  private create(interior: boolean): void {
    const isNew = this.random.below(3) === 0;
    const name = isNew ? `new${this.fresh}` : this.random.pick(NAMES);
    const format = interior ? Format.Interior : this.random.pick(TEXTS);
    this.fresh += 1;
    this.attempt(() => {
      const id = this.tree.create(name, format);
      this.detached.push({ id, name, format, value: '', parent: undefined, children: [] });
    });
  }

  private append(): void {
    const leaves = this.nodes().filter((node) => node.format !== Format.Interior && node.value.length < 40);
    if (leaves.length === 0) return;
    const leaf = this.random.pick(leaves);
    const text = 'abcdefghijklmnopqrst'.slice(this.random.below(19));
    const bytes = utf8.encode(text);
    const change = () => this.tree.appendValue(leaf.id, bytes, 0, bytes.length);
    if (this.attempt(change)) leaf.value += text;
  }

  private attach(): void {
    if (this.detached.length === 0) return;
    const node = this.detached.splice(this.random.below(this.detached.length), 1)[0];
    const parents = this.nodes().filter((other) => other.format === Format.Interior && !isBelow(other, node));
    const parent = this.random.pick(parents);
    this.tree.attach(parent.id, node.id);
    parent.children.push(node);
    node.parent = parent;
  }

  private replace(): void {
    if (this.detached.length === 0) return;
    const fresh = this.random.pick(this.detached);
    const linked = this.nodes().filter((node) => node.parent !== undefined && !isBelow(node, fresh));
    if (linked.length === 0) return;
    const old = this.random.pick(linked);
    const parent = old.parent as Model;
    this.tree.replace(old.id, fresh.id);
    parent.children[parent.children.indexOf(old)] = fresh;
    fresh.parent = parent;
    old.parent = undefined;
    this.detached[this.detached.indexOf(fresh)] = old;
  }

  private detach(): void {
    const linked = this.nodes().filter((node) => node.parent !== undefined);
    if (linked.length === 0) return;
    const node = this.random.pick(linked);
    const parent = node.parent as Model;
    this.tree.detach(node.id);
    parent.children.splice(parent.children.indexOf(node), 1);
    node.parent = undefined;
    this.detached.push(node);
  }

  private free(): void {
    if (this.detached.length === 0) return;
    const node = this.detached.splice(this.random.below(this.detached.length), 1)[0];
    this.tree.free(node.id);
  }

  private nodes(): Model[] {
    const all: Model[] = [];
    const add = (node: Model): void => {
      all.push(node);
      node.children.forEach(add);
    };
    [this.top, ...this.detached].forEach(add);
    return all;
  }

  private compare(node: Model, step: string): void {
    const tree = this.tree;
    assert.is(tree.name(node.id), node.name, step);
    assert.is(tree.format(node.id), node.format, step);
    const children: NodeId[] = [];
    for (let at = tree.firstChild(node.id); at !== NO_NODE; at = tree.next(at)) children.push(at);
    assert.equal(
      children,
      node.children.map((child) => child.id),
      step,
    );
    if (node.format !== Format.Interior) assert.is(tree.valueText(node.id), node.value, step);
    for (const child of node.children) {
      assert.is(tree.parent(child.id), node.id, step);
      this.compare(child, step);
    }
  }
}

function isBelow(node: Model, top: Model): boolean {
  for (let at: Model | undefined = node; at !== undefined; at = at.parent) if (at === top) return true;
  return false;
}

for (const size of [200, 600, 1600]) {
  test(`a random life gives the same tree as plain objects: ${size} bytes`, () => {
    let refusals = 0;
    for (let seed = 1; seed <= 4; seed += 1) {
      const twin = new Twin(seed * 7919, size);
      for (let step = 0; step < 2500; step += 1) {
        twin.step();
        twin.check(`seed ${seed} step ${step}`);
      }
      refusals += twin.refusals;
    }
    assert.ok(refusals > 50, `the tree was full ${refusals} times only`);
  });
}

test('after all is freed the arena is empty', () => {
  const twin = new Twin(5, 900);
  const empty = twin.tree.used;
  for (let step = 0; step < 1500; step += 1) twin.step();
  assert.ok(twin.tree.used > empty);
  for (const node of [...twin.top.children]) {
    twin.tree.detach(node.id);
    twin.tree.free(node.id);
  }
  for (const node of twin.detached) twin.tree.free(node.id);
  assert.is(twin.tree.used, empty);
  assert.is(twin.tree.firstChild(ROOT), NO_NODE);
});

test.run();
