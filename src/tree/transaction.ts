import { BodyWriter } from '../bytes/body-writer.js';
import { asDmError } from '../errors.js';
import { type ObjectId, ObjectKind, type RecordStore } from '../flash/record-store.js';
import type { Text } from '../hal/text.js';
import { NO_NODE, type NodeId } from './arena.js';
import { MoWriter, type Visibility } from './mo-writer.js';
import type { TreeStore } from './tree-store.js';

/** Gets told what a committed transaction changed: the ClientURI of each subtree that is new, or is gone. */
export interface ChangeListener {
  changed(clientUri: string, removed: boolean): void;
}

/** One change in the tree: `fresh` came in the place of `old`; one of them may be `NO_NODE`. */
interface Step {
  readonly old: NodeId;
  readonly fresh: NodeId;
}

/** A small object of strings, stored as a JSON array. */
interface Fields {
  id: ObjectId;
  readonly kind: ObjectKind;
  readonly fields: readonly string[];
  readonly stored: (id: ObjectId) => void;
}

interface Dropped {
  readonly id: ObjectId;
  readonly gone: () => void;
}

const WINDOW = 64;

/**
 * One change of tree and flash that happens wholly or not at all. Between `begin` and `commit` the tree shows what was put in
 * already, so both come in one turn of the event loop. What is removed stays in the tree until `commit` has succeeded.
 */
export class Transaction implements Visibility {
  private readonly tree: TreeStore;
  private readonly records: RecordStore;
  private readonly text: Text;
  private readonly writer: MoWriter;
  private readonly body: BodyWriter;
  private readonly window: Uint8Array;
  private readonly listener: ChangeListener;
  private steps: Step[];
  private touched: NodeId[];
  private fields: Fields[];
  private dropped: Dropped[];

  constructor(tree: TreeStore, records: RecordStore, text: Text, listener: ChangeListener) {
    this.tree = tree;
    this.records = records;
    this.text = text;
    this.listener = listener;
    this.writer = new MoWriter(tree);
    this.body = new BodyWriter(text);
    this.window = new Uint8Array(WINDOW);
    this.steps = [];
    this.touched = [];
    this.fields = [];
    this.dropped = [];
  }

  /**
   * Puts the detached `fresh` in the place of `old`; where both are the same, nothing is changed or written.
   * @returns the node that is there now.
   */
  replace(old: NodeId, fresh: NodeId): NodeId {
    if (this.tree.equals(old, fresh)) {
      this.tree.free(fresh);
      return old;
    }
    this.add(old, fresh);
    this.tree.replace(old, fresh);
    return fresh;
  }

  /** Puts the detached `fresh` below `parent`. */
  insert(parent: NodeId, fresh: NodeId): void {
    this.tree.attach(parent, fresh);
    this.add(NO_NODE, fresh);
  }

  /**
   * Adds an instance whose MO root is the detached `fresh`.
   * @throws DmError `TREE_FULL`; then `fresh` still belongs to the caller.
   */
  insertInstance(moid: string, miid: string, fresh: NodeId): void {
    this.tree.addInstance(moid, miid, fresh);
    this.add(NO_NODE, fresh);
  }

  /** Removes a node and all below it; of an MO root the instance. */
  remove(node: NodeId): void {
    this.add(node, NO_NODE);
  }

  /** Stores a small object, new (`id` 0) or replacing what it holds; `stored` gets its number when it is durable. */
  put(id: ObjectId, kind: ObjectKind, fields: readonly string[], stored: (id: ObjectId) => void): void {
    this.fields.push({ id, kind, fields, stored });
  }

  /** New small objects of a kind that wait for `commit`. */
  pending(kind: ObjectKind): number {
    return this.fields.filter((entry) => entry.kind === kind && entry.id === 0).length;
  }

  /** Removes a small object; `gone` is called when that is durable. */
  drop(id: ObjectId, gone: () => void): void {
    this.dropped.push({ id, gone });
  }

  /** The generation in which an instance will last have been written when this is committed. */
  generationOf(instance: NodeId): number {
    if (this.touched.indexOf(instance) >= 0) return this.records.generation + 1;
    return this.records.generationOf(this.tree.objectOf(instance));
  }

  /**
   * Makes everything durable, then visible; where nothing is changed, nothing is written.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`; then tree and flash are as they were.
   */
  commit(): void {
    if (this.touched.length + this.fields.length + this.dropped.length > 0) {
      try {
        this.records.begin();
        this.writeAll();
        this.records.commit();
      } catch (thrown) {
        this.records.rollback();
        this.rollback();
        throw asDmError(thrown);
      }
    }
    this.settle();
  }

  /** Undoes what was put in. */
  rollback(): void {
    for (let i = this.steps.length - 1; i >= 0; i -= 1) {
      const old = this.steps[i].old;
      const fresh = this.steps[i].fresh;
      if (fresh === NO_NODE) continue;
      if (old !== NO_NODE) this.tree.replace(fresh, old);
      else this.unlink(fresh);
      this.tree.free(fresh);
    }
    this.clear();
  }

  /** Keeps what was put in without writing it: it came from flash. */
  forget(): void {
    this.clear();
  }

  hides(node: NodeId): boolean {
    for (let i = 0; i < this.steps.length; i += 1) {
      if (this.steps[i].old === node && this.steps[i].fresh === NO_NODE) return true;
    }
    return false;
  }

  private add(old: NodeId, fresh: NodeId): void {
    this.steps.push({ old, fresh });
    const instance = this.tree.instanceOf(old === NO_NODE ? fresh : old);
    if (this.touched.indexOf(instance) < 0) this.touched.push(instance);
  }

  private writeAll(): void {
    for (let i = 0; i < this.touched.length; i += 1) this.writeInstance(this.touched[i]);
    for (let i = 0; i < this.fields.length; i += 1) {
      const entry = this.fields[i];
      entry.id = this.records.write(entry.id, entry.kind);
      const bytes = this.text.encode(asciiJson(entry.fields));
      this.records.append(bytes, 0, bytes.length);
      this.records.finish();
    }
    for (let i = 0; i < this.dropped.length; i += 1) this.records.remove(this.dropped[i].id);
  }

  private writeInstance(instance: NodeId): void {
    const tree = this.tree;
    const root = tree.firstChild(instance);
    const object = tree.objectOf(instance);
    if (this.hides(root)) {
      if (object !== 0) this.records.remove(object);
      return;
    }
    tree.setObject(instance, this.records.write(object, ObjectKind.ManagementObject));
    this.writer.begin(root, tree.uri(root), this);
    this.body.begin(this.writer);
    let filled = 0;
    do {
      filled = this.body.fill(this.window, 0, WINDOW);
      this.records.append(this.window, 0, filled);
    } while (filled === WINDOW);
    this.records.finish();
  }

  /** The transaction is durable: frees what was replaced, takes out what was removed, and tells. */
  private settle(): void {
    const steps = this.steps;
    const fields = this.fields;
    const dropped = this.dropped;
    const told: { uri: string; removed: boolean }[] = [];
    for (let i = 0; i < steps.length; i += 1) {
      const old = steps[i].old;
      const fresh = steps[i].fresh;
      const removed = fresh === NO_NODE;
      const place = removed ? old : fresh;
      // What the transaction put in and replaced again was never there.
      if (this.tree.isAttached(place)) told.push({ uri: this.tree.uri(place), removed });
      if (removed) this.unlink(old);
      if (old !== NO_NODE) this.tree.free(old);
    }
    this.clear();
    for (let i = 0; i < fields.length; i += 1) fields[i].stored(fields[i].id);
    for (let i = 0; i < dropped.length; i += 1) dropped[i].gone();
    for (let i = 0; i < told.length; i += 1) this.listener.changed(told[i].uri, told[i].removed);
  }

  /** Detaches a node; with an MO root its instance goes too, and with a MOID's last instance the MOID. */
  private unlink(node: NodeId): void {
    const tree = this.tree;
    let empty = tree.parent(node);
    tree.detach(node);
    if (tree.depth(empty) > 0) return;
    while (empty !== tree.root && tree.firstChild(empty) === NO_NODE) {
      const above = tree.parent(empty);
      tree.detach(empty);
      tree.free(empty);
      empty = above;
    }
  }

  private clear(): void {
    this.steps = [];
    this.touched = [];
    this.fields = [];
    this.dropped = [];
  }
}

/** JSON in ASCII, so that no record ends within a character. */
function asciiJson(fields: readonly string[]): string {
  const json = JSON.stringify(fields);
  let out = '';
  for (let i = 0; i < json.length; i += 1) {
    const c = json.charCodeAt(i);
    out += c < 0x80 ? json.charAt(i) : `\\u${`000${c.toString(16)}`.slice(-4)}`;
  }
  return out;
}
