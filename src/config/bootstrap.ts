import { accountsOf, childrenOf, findAccount, permits } from '../access/accounts.js';
import { BootstrapGate } from '../access/gates.js';
import { forgetRights, openRights } from '../access/rights.js';
import { Envelope, type EnvelopeUser } from '../bytes/envelope.js';
import type { JsonHandler } from '../bytes/json-handler.js';
import { CommandCode } from '../commands/catalog.js';
import { Command } from '../commands/command.js';
import { CommandList } from '../commands/command-list.js';
import { TextCommands } from '../commands/text-commands.js';
import { asDmError, DmError, fail } from '../errors.js';
import type { Resource } from '../hal/resource.js';
import { base64 } from '../http/base64.js';
import { NO_NODE, type NodeId, ROOT } from '../tree/arena.js';
import type { Naming } from '../tree/mo-intake.js';
import { MOID_ACCESS, MOID_ACCOUNT } from '../tree/standard-mos.js';
import type { Row } from '../tree/table.js';
import { FACTORY } from './default-table.js';
import type { Device } from './device.js';
import { HGET_WORK, SESSION_WORK } from './due-work.js';
import { checkServerUri } from './server-uri.js';

const MEMBERS: readonly string[] = ['MO', 'CMD'];

const WINDOW = 256;

/** Where a bootstrap came from; stored, so never change. What came from elsewhere must not make the factory's look new. */
export const FROM_FACTORY = 'factory';
export const FROM_ELSEWHERE = 'received';

/** Fields of a row of `device.applied`. */
const enum Field {
  Hash = 0,
  From,
}

/** Parameters of a DEFAULT or an HGET. */
interface Pair {
  readonly serverUri: string;
  readonly second: string;
}

/**
 * Applies a bootstrap, `{"MO":[…],"CMD":[…]}` or commands as text, one a line, unless it is the one that was applied last of its origin, or
 * of another, and the device still has an account if it had any (PROTOCOL.md §15). All of it becomes durable by one write, or none of it. Documents of any size; what they keep must fit the tree.
 * @param from `FROM_FACTORY` or `FROM_ELSEWHERE`.
 * @returns true where it was applied now.
 * @throws DmError `BAD_BOOTSTRAP` with the cause and, where there is one, the offset; `FLASH_FULL`, `FLASH_FAILED`. Nothing is changed then.
 */
export function applyBootstrap(device: Device, resource: Resource, from: string): boolean {
  const applied = device.applied;
  let before: Row | undefined;
  try {
    const hash = hashOf(device, resource);
    for (let i = 0; i < applied.rows.length; i += 1) {
      const fields = device.fields(applied.rows[i].object, 2);
      // A device that had accounts and has none, as where flash has lost them, could never be reached again.
      if (fields[Field.Hash] === hash && (accountsOf(device).length > 0 || !device.has(MOID_ACCESS))) return false;
      if (fields[Field.From] === from) before = applied.rows[i];
    }
    const bootstrap = new Bootstrap(device);
    bootstrap.read(resource);
    bootstrap.place();
    device.transaction.put(applied, before, [hash, from]);
    device.transaction.commit();
    return true;
  } catch (thrown) {
    const error = asDmError(thrown);
    device.transaction.rollback();
    device.intake.abort();
    if (error.code === 'FLASH_FAILED' || error.code === 'FLASH_FULL') throw error;
    throw new DmError('BAD_BOOTSTRAP', error.message, error.offset, error);
  } finally {
    // Lets go of the bootstrap and its buffers.
    device.scanner.reset(device.intake);
  }
}

/**
 * A bootstrap names new instances. What its `MOID//` stands for, so that one applied after another finds its own again: an account is the
 * one with the same SrvID, the n-th element of another MOID its n-th instance.
 */
export function bootstrapNaming(device: Device): Naming {
  const tree = device.tree;
  // In the order of m1, m2, … m10: that of the tree depends on when each was written.
  const rank = (node: NodeId): string => String.fromCharCode(tree.name(node).length) + tree.name(node);
  return {
    mayName: true,
    choose: (moid, root, ordinal) => {
      if (moid === MOID_ACCOUNT) {
        const account = findAccount(device, tree.childText(root, 'SrvID'));
        return account === undefined ? NO_NODE : tree.instanceOf(account.root);
      }
      const instances = childrenOf(tree, tree.child(ROOT, moid)).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
      return instances[ordinal] || NO_NODE;
    },
  };
}

/** A bootstrap that is being applied. */
class Bootstrap implements EnvelopeUser {
  private readonly device: Device;
  private readonly command: Command;
  private defaults: Pair[];
  private readonly hgets: Pair[];

  constructor(device: Device) {
    this.device = device;
    this.command = new Command(device.platform.text, device.limits);
    this.defaults = [];
    this.hgets = [];
  }

  /** Which form it has is told by its first byte that is no white space. */
  read(resource: Resource): void {
    const device = this.device;
    const scanner = device.scanner;
    const text = new TextCommands(this.command, (command) => this.onCommand(command));
    const window = new Uint8Array(WINDOW);
    let isJson: boolean | undefined;
    device.intake.prepare(undefined, new BootstrapGate(device), bootstrapNaming(device));
    scanner.reset(new Envelope(scanner, device.platform.text, MEMBERS, this));
    for (let at = 0, length = resource.read(0, window); length > 0; length = resource.read(at, window)) {
      if (isJson === undefined) isJson = beginsAsJson(window, length);
      if (isJson === false) text.read(window, 0, length);
      else scanner.scan(window, 0, length);
      at += length;
    }
    if (isJson === false) text.end();
    else scanner.end();
  }

  openMember(name: string): JsonHandler {
    const device = this.device;
    if (name !== 'MO') return new CommandList(device.scanner, this.command, (command) => this.onCommand(command));
    device.intake.reset();
    return device.intake;
  }

  private onCommand(command: Command): boolean {
    const isDefault = command.code === CommandCode.Default;
    if (command.defect) fail(command.defect, command.name());
    if (!(isDefault || command.code === CommandCode.Hget) || !command.fitsCatalog())
      fail('BAD_COMMAND', command.name());
    const pair = { serverUri: command.parameter(0), second: command.parameter(1) };
    checkServerUri(pair.serverUri, this.device.allowPersonal, this.device.limits);
    if (isDefault) this.defaults = this.defaults.filter((other) => other.second !== pair.second);
    const list = isDefault ? this.defaults : this.hgets;
    if (list.length === this.device.limits.objects) fail('TABLE_FULL', command.name());
    list.push(pair);
    return true;
  }

  /** Puts everything into the transaction. Perm is judged now that all is there. */
  place(): void {
    const device = this.device;
    const intake = device.intake;
    const uris = intake.isEmpty
      ? []
      : intake.place(device.transaction, (instance, validator) => device.validators.set(instance, validator));
    const fresh = this.placeAccounts(uris);
    const accounts = accountsOf(device);
    if (accounts.length > 0) openRights(device);
    this.resetRights(uris);
    device.alerts.dropOrphans();
    for (let i = 0; i < this.defaults.length; i += 1) {
      const moid = this.defaults[i].second;
      const permitted = accounts.some((account) => permits(device.tree, account, moid));
      if (accounts.length > 0 && !permitted) fail('FORBIDDEN', moid);
      device.setDefault(moid, this.defaults[i].serverUri, FACTORY);
    }
    for (let i = 0; i < this.hgets.length; i += 1) {
      if (this.hgets[i].second !== '') device.clientUri(this.hgets[i].second);
      device.due.add(HGET_WORK, this.hgets[i].serverUri, this.hgets[i].second);
    }
    for (let i = 0; i < fresh.length; i += 1) device.due.add(SESSION_WORK, fresh[i], '');
  }

  /**
   * Removes accounts that the bootstrap brings anew under another MIID, and checks what it touched.
   * @returns the SrvIDs of the accounts that it brings.
   */
  private placeAccounts(uris: readonly string[]): string[] {
    const device = this.device;
    const tree = device.tree;
    const all = accountsOf(device);
    const brought = all.filter((account) => uris.indexOf(tree.uri(account.root)) >= 0).map((account) => account.srvId);
    const known: string[] = [];
    for (let i = 0; i < all.length; i += 1) {
      const srvId = all[i].srvId;
      const uri = tree.uri(all[i].root);
      const touched = uris.some((placed) => placed.slice(0, uri.length) === uri);
      if (!touched && brought.indexOf(srvId) >= 0) device.remove(all[i].root);
      else {
        const isWhole = !touched || (srvId !== '' && all[i].srvUri !== '');
        if (!isWhole || known.indexOf(srvId) >= 0) fail('CONFLICT', `DM Account ${srvId}`);
        known.push(srvId);
      }
    }
    return brought;
  }

  /** What a bootstrap brings as a whole has the rights of a bootstrapped instance, whoever made it before, unless the bootstrap says others. */
  private resetRights(uris: readonly string[]): void {
    const device = this.device;
    if (uris.some((uri) => uri.indexOf(`${MOID_ACCESS}/`) === 0)) return;
    for (let i = 0; i < uris.length; i += 1) {
      const instance = device.tree.instanceAt(uris[i]);
      if (instance !== NO_NODE) forgetRights(device, instance);
    }
  }
}

/** SHA-256 in base64. */
function hashOf(device: Device, resource: Resource): string {
  const digest = device.platform.digests.sha256();
  const window = new Uint8Array(WINDOW);
  for (let at = 0, length = resource.read(0, window); length > 0; length = resource.read(at, window)) {
    digest.update(window, 0, length);
    at += length;
  }
  return base64(digest.finish());
}

/** A byte order mark is no JSON either: it makes the text form fail at offset 0. */
function beginsAsJson(bytes: Uint8Array, length: number): boolean | undefined {
  for (let i = 0; i < length; i += 1) if (bytes[i] > 0x20) return bytes[i] === 0x7b;
  return undefined;
}
