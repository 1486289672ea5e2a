import { asDmError } from '../errors.js';
import { ObjectKind, type RecordStore } from '../flash/record-store.js';
import { NO_NODE, type NodeId, ROOT } from './arena.js';
import { elementHead, Large, MoWriter, type Visibility } from './mo-writer.js';
import { MOID_SESSION } from './standard-mos.js';
import type { Row, Table } from './table.js';
import type { TreeStore } from './tree-store.js';

/** Gets told what a committed transaction changed: the ClientURI of each subtree that is new, or is gone. */
export interface ChangeListener {
  changed(clientUri: string, removed: boolean): void;
}

/** One change in the tree: `fresh` came in the place of `old`; one of them may be `NO_NODE`. */
interface Step {
  readonly old: NodeId;
  readonly fresh: NodeId;
  /** The instance to store, `NO_NODE` for none. */
  readonly instance: NodeId;
}

/** One change in a table: `fresh` came in the place of `old`; one of them may be undefined. */
interface RowStep {
  readonly table: Table;
  readonly old: Row | undefined;
  fresh: Row | undefined;
  /** The table's rows before. */
  readonly before: readonly Row[];
}

/**
 * One change of tree and flash that happens wholly or not at all. Between `begin` and `commit` the tree shows what was put in
 * already, so both come in one turn of the event loop. What is removed stays in the tree until `commit` has succeeded.
 */
export class Transaction implements Visibility {
  private readonly tree: TreeStore;
  private readonly records: RecordStore;
  private readonly listener: ChangeListener;
  private steps: Step[];
  private rowSteps: RowStep[];

  constructor(tree: TreeStore, records: RecordStore, listener: ChangeListener) {
    this.tree = tree;
    this.records = records;
    this.listener = listener;
    this.steps = [];
    this.rowSteps = [];
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
    this.tree.replace(old, fresh);
    this.add(old, fresh);
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

  /**
   * Puts a row into a table, new (`old` undefined) or in the place of `old`; where that is durable and has the same fields, nothing is changed or written.
   * @returns the row that is there now.
   */
  put(table: Table, old: Row | undefined, fields: readonly string[]): Row {
    if (old !== undefined && old.object !== 0 && sameFields(old.fields, fields)) return old;
    const fresh = { object: old === undefined ? 0 : old.object, fields };
    this.swap(table, old, fresh);
    return fresh;
  }

  /** Takes a row out of a table. */
  drop(table: Table, row: Row): void {
    this.swap(table, row, undefined);
  }

  /** The generation in which an instance will last have been written when this is committed. */
  generationOf(instance: NodeId): number {
    if (this.firstStep(instance) >= 0) return this.records.generation + 1;
    return this.records.generationOf(this.tree.objectOf(instance));
  }

  /**
   * Makes everything durable, then visible; where nothing is changed, nothing is written.
   * @throws DmError `FLASH_FULL`, `FLASH_FAILED`; then tree and flash are as they were.
   */
  commit(): void {
    const steps = this.steps;
    if (steps.some((step) => step.instance !== NO_NODE) || this.rowSteps.length > 0) {
      try {
        this.records.begin();
        for (let i = 0; i < steps.length; i += 1) {
          const instance = steps[i].instance;
          if (instance !== NO_NODE && this.firstStep(instance) === i) this.writeInstance(instance);
        }
        for (let i = 0; i < this.rowSteps.length; i += 1) this.writeRow(this.rowSteps[i]);
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
    for (let i = this.rowSteps.length - 1; i >= 0; i -= 1) {
      this.rowSteps[i].table.rows = this.rowSteps[i].before;
    }
    this.forget();
  }

  /** Keeps what was put in without writing it: it came from flash. */
  forget(): void {
    this.steps = [];
    this.rowSteps = [];
  }

  hides(node: NodeId): boolean {
    return this.steps.some((step) => step.old === node && step.fresh === NO_NODE);
  }

  private add(old: NodeId, fresh: NodeId): void {
    const node = fresh === NO_NODE ? old : fresh;
    // Session Information says what is so now: it is never stored.
    const isVolatile = this.tree.moidOf(node) === MOID_SESSION;
    this.steps.push({ old, fresh, instance: isVolatile ? NO_NODE : this.tree.instanceOf(node) });
  }

  /** Index of the first step that changes an instance, -1 for none. */
  private firstStep(instance: NodeId): number {
    for (let i = 0; i < this.steps.length; i += 1) if (this.steps[i].instance === instance) return i;
    return -1;
  }

  private swap(table: Table, old: Row | undefined, fresh: Row | undefined): void {
    const before = table.rows;
    table.exchange(old, fresh);
    for (let i = 0; old !== undefined && i < this.rowSteps.length; i += 1) {
      if (this.rowSteps[i].fresh === old) {
        this.rowSteps[i].fresh = fresh;
        return;
      }
    }
    this.rowSteps.push({ table, old, fresh, before });
  }

  private writeRow(step: RowStep): void {
    const fresh = step.fresh;
    if (fresh !== undefined) {
      fresh.object = this.records.write(fresh.object, step.table.kind);
      this.records.put(asciiJson(fresh.fields));
      this.records.finish();
    } else if (step.old !== undefined && step.old.object !== 0) this.records.remove(step.old.object);
  }

  private writeInstance(instance: NodeId): void {
    const tree = this.tree;
    const records = this.records;
    const root = tree.firstChild(instance);
    const object = tree.objectOf(instance);
    if (!this.hides(root)) {
      tree.setObject(instance, records.write(object, ObjectKind.ManagementObject));
      const writer = new MoWriter(tree, Large.Reference);
      writer.begin(root, elementHead(tree.uri(root), '', ''), this);
      for (let piece = writer.next(); piece !== ''; piece = writer.next()) records.put(piece);
      records.finish();
    } else if (object !== 0) records.remove(object);
  }

  /** The transaction is durable: frees what was replaced, takes out what was removed, and tells. */
  private settle(): void {
    const tree = this.tree;
    const steps = this.steps;
    const rowSteps = this.rowSteps;
    const uris: string[] = [];
    for (let i = 0; i < steps.length; i += 1) {
      const old = steps[i].old;
      const fresh = steps[i].fresh;
      const place = fresh === NO_NODE ? old : fresh;
      // What the transaction put in and replaced again was never there.
      uris.push(tree.depth(place) > 0 ? tree.uri(place) : '');
      if (fresh === NO_NODE) this.unlink(old);
      if (old !== NO_NODE) tree.free(old);
    }
    this.forget();
    for (let i = 0; i < rowSteps.length; i += 1) {
      const row = rowSteps[i].fresh;
      if (row !== undefined) row.fields = row.fields.slice(0, rowSteps[i].table.kept);
    }
    for (let i = 0; i < uris.length; i += 1) {
      if (uris[i] !== '') this.listener.changed(uris[i], steps[i].fresh === NO_NODE);
    }
  }

  /** Detaches a node; with an MO root its instance goes too, and with a MOID's last instance the MOID. */
  private unlink(node: NodeId): void {
    const tree = this.tree;
    let empty = tree.parent(node);
    tree.detach(node);
    if (tree.depth(empty) > 0) return;
    while (empty > ROOT && tree.firstChild(empty) === NO_NODE) {
      const above = tree.parent(empty);
      tree.detach(empty);
      tree.free(empty);
      empty = above;
    }
  }
}

function sameFields(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((field, i) => field === b[i]);
}

/** JSON in ASCII, so that no record ends within a character. */
function asciiJson(fields: readonly string[]): string {
  const json = JSON.stringify(fields);
  let out = '';
  let from = 0;
  for (let i = 0; i < json.length; i += 1) {
    const c = json.charCodeAt(i);
    if (c < 0x80) continue;
    // Where strings are UTF-8, as on XS, a code above U+FFFF comes whole and not as the two halves of its pair.
    const code = c > 0xffff ? escaped(0xd7c0 + (c >> 10)) + escaped(0xdc00 | (c & 0x3ff)) : escaped(c);
    out += json.slice(from, i) + code;
    from = i + 1;
  }
  return out + json.slice(from);
}

function escaped(unit: number): string {
  return `\\u${`000${unit.toString(16)}`.slice(-4)}`;
}
