import type { Text } from '../hal/text.js';
import { NO_NODE, type NodeId } from '../tree/arena.js';
import { MOID_ACCESS } from '../tree/standard-mos.js';
import type { Transaction } from '../tree/transaction.js';
import { Format, type TreeStore } from '../tree/tree-store.js';

/** What a server may do with an MO instance (PROTOCOL.md §13), as letters of `Rights`. */
export const READ = 'R';
export const WRITE = 'W';
export const EXECUTE = 'X';
export const DELEGATE = 'D';

const ALL = READ + WRITE + EXECUTE + DELEGATE;

const ROOT_NAME = 'DACMO';

/**
 * The Delegation Access Control MO: one entry an MO instance, with a list of servers and their rights. An instance without an entry came
 * with a bootstrap: it gives all rights to every account that may have its MOID.
 */
export class Rights {
  private readonly tree: TreeStore;
  private readonly text: Text;
  private readonly transaction: Transaction;

  constructor(tree: TreeStore, text: Text, transaction: Transaction) {
    this.tree = tree;
    this.text = text;
    this.transaction = transaction;
  }

  /** True where a server has a right on an instance; '' stands for any right. Its Perm list is judged elsewhere. */
  has(srvId: string, instance: NodeId, right: string): boolean {
    const entry = this.entryOf(instance);
    if (entry === NO_NODE) return true;
    const rule = this.ruleOf(entry, srvId);
    const rights = rule === NO_NODE ? '' : this.tree.childText(rule, 'Rights');
    return rights !== '' && rights.indexOf(right) >= 0;
  }

  /** True for an entry of this MO: a child of its root. */
  isEntry(node: NodeId): boolean {
    return !this.tree.isLeaf(node) && this.tree.parent(node) === this.root();
  }

  /** True where the rules of an entry hold nothing but rights, and name no server twice. */
  isSound(entry: NodeId): boolean {
    const tree = this.tree;
    for (let at = tree.firstChild(tree.child(entry, 'Acl')); at !== NO_NODE; at = tree.next(at)) {
      const rights = tree.childText(at, 'Rights');
      for (let i = 0; i < rights.length; i += 1) if (ALL.indexOf(rights.charAt(i)) < 0) return false;
      if (this.ruleOf(entry, tree.childText(at, 'SrvID')) !== at) return false;
    }
    return true;
  }

  /** The instance that an entry speaks of, `NO_NODE` where there is none such. */
  instanceOf(entry: NodeId): NodeId {
    return this.tree.instanceAt(this.tree.childText(entry, 'MO'));
  }

  /** The entry for an instance, `NO_NODE` where it has none. */
  entryOf(instance: NodeId): NodeId {
    const tree = this.tree;
    let entry = tree.firstChild(this.root());
    if (entry === NO_NODE) return entry;
    const address = tree.uri(instance);
    while (entry !== NO_NODE && tree.childText(entry, 'MO') !== address) entry = tree.next(entry);
    return entry;
  }

  /**
   * Makes the MO where it is not there, as a part of the transaction: servers write entries below its root.
   * @returns its root.
   * @throws DmError `TREE_FULL`
   */
  open(): NodeId {
    const known = this.root();
    if (known !== NO_NODE) return known;
    const root = this.tree.create(ROOT_NAME, Format.Interior);
    try {
      this.transaction.insertInstance(MOID_ACCESS, this.tree.unusedMiid(MOID_ACCESS, []), root);
    } catch (thrown) {
      this.tree.free(root);
      throw thrown;
    }
    return root;
  }

  /**
   * Makes an entry for a new instance, as a part of the transaction: its creator has all rights, alone.
   * @param srvId the server that created it; '' for an application on the device.
   * @throws DmError `TREE_FULL`
   */
  grant(instance: NodeId, srvId: string): void {
    const tree = this.tree;
    // One may be left of an earlier instance with this address, as where its record was damaged.
    this.forget(instance);
    const root = this.open();
    let number = 1;
    while (tree.child(root, String(number)) !== NO_NODE) number += 1;
    const entry = tree.create(String(number), Format.Interior);
    try {
      this.addLeaf(entry, 'MO', tree.uri(instance));
      const acl = this.add(entry, 'Acl');
      if (srvId !== '') {
        const rule = this.add(acl, '1');
        this.addLeaf(rule, 'SrvID', srvId);
        this.addLeaf(rule, 'Rights', ALL);
      }
    } catch (thrown) {
      tree.free(entry);
      throw thrown;
    }
    this.transaction.insert(root, entry);
  }

  /** Removes the entry of an instance that goes, as a part of the transaction. */
  forget(instance: NodeId): void {
    const entry = this.entryOf(instance);
    if (entry !== NO_NODE) this.transaction.remove(entry);
  }

  /** The rule for a server in an entry, `NO_NODE` where it has none. */
  private ruleOf(entry: NodeId, srvId: string): NodeId {
    const tree = this.tree;
    let rule = tree.firstChild(tree.child(entry, 'Acl'));
    while (rule !== NO_NODE && tree.childText(rule, 'SrvID') !== srvId) rule = tree.next(rule);
    return rule;
  }

  private root(): NodeId {
    return this.tree.firstRoot(MOID_ACCESS);
  }

  private add(parent: NodeId, name: string): NodeId {
    const node = this.tree.create(name, Format.Interior);
    this.tree.attach(parent, node);
    return node;
  }

  private addLeaf(parent: NodeId, name: string, text: string): void {
    this.tree.attach(parent, this.tree.createLeaf(name, Format.Chr, this.text.encode(text)));
  }
}
