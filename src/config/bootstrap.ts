import { Envelope, type EnvelopeUser } from '../bytes/envelope.js';
import type { JsonHandler } from '../bytes/json-scanner.js';
import { CommandCode } from '../commands/catalog.js';
import { Command } from '../commands/command.js';
import { CommandList } from '../commands/command-list.js';
import { TextCommands } from '../commands/text-commands.js';
import { asDmError, DmError } from '../errors.js';
import type { Resource } from '../hal/resource.js';
import { FACTORY } from './default-table.js';
import type { Device } from './device.js';
import { HGET_WORK, SESSION_WORK } from './due-work.js';
import { checkServerUri } from './server-uri.js';

const MEMBERS: readonly string[] = ['MO', 'CMD'];

const WINDOW = 256;

/** Where a bootstrap came from; stored, so never change. What came from elsewhere must not make the factory's look new. */
export const FROM_FACTORY = 'factory';
export const FROM_ELSEWHERE = 'received';

/** Parameters of a DEFAULT or an HGET. */
interface Pair {
  readonly serverUri: string;
  readonly second: string;
}

/**
 * Applies the factory bootstrap: `{"MO":[…],"CMD":[…]}`, or commands as text, one a line. All of it becomes durable by one write, or
 * none of it. Documents of any size; what they keep must fit the tree.
 *
 * Source: PROTOCOL.md §15.
 */
export class Bootstrap implements EnvelopeUser {
  private readonly device: Device;
  private readonly window: Uint8Array;
  private readonly list: CommandList;
  private readonly text: TextCommands;
  private defaults: Pair[];
  private hgets: Pair[];

  constructor(device: Device) {
    const command = new Command(device.platform.text, device.limits);
    this.device = device;
    this.window = new Uint8Array(WINDOW);
    this.list = new CommandList(device.scanner, command, (read) => this.onCommand(read));
    this.text = new TextCommands(command, (read) => this.onCommand(read));
    this.defaults = [];
    this.hgets = [];
  }

  /**
   * Applies a bootstrap, unless it is the one that was applied last of its origin, or of another.
   * @param from `FROM_FACTORY` or `FROM_ELSEWHERE`.
   * @returns true where it was applied now.
   * @throws DmError `BAD_BOOTSTRAP` with the cause and, where there is one, the offset; `FLASH_FULL`, `FLASH_FAILED`. Nothing is changed then.
   */
  apply(resource: Resource, from: string): boolean {
    const device = this.device;
    try {
      const hash = this.hash(resource);
      if (device.applied.find(hash) !== undefined) return false;
      device.intake.prepare(undefined, device.bootstrapGate, device.bootstrapNaming);
      this.read(resource);
      this.place();
      const before = device.applied.rows.filter((row) => row.fields[1] === from)[0];
      device.transaction.put(device.applied, before, [hash, from]);
      device.transaction.commit();
      return true;
    } catch (thrown) {
      device.transaction.rollback();
      device.intake.abort();
      const error = asDmError(thrown);
      if (error.code === 'FLASH_FAILED' || error.code === 'FLASH_FULL') throw error;
      throw new DmError('BAD_BOOTSTRAP', error.message, error.offset, error);
    }
  }

  openMember(name: string): JsonHandler {
    if (name !== 'MO') return this.list;
    this.device.intake.reset();
    return this.device.intake;
  }

  private hash(resource: Resource): string {
    const digest = this.device.platform.digests.sha256();
    this.each(resource, (length) => digest.update(this.window, 0, length));
    const bytes = digest.finish();
    let hex = '';
    for (let i = 0; i < bytes.length; i += 1) hex += (bytes[i] + 0x100).toString(16).slice(1);
    return hex;
  }

  private each(resource: Resource, visit: (length: number) => void): void {
    let offset = 0;
    for (;;) {
      const length = resource.read(offset, this.window);
      if (length === 0) return;
      visit(length);
      offset += length;
    }
  }

  /** Which form it has is told by its first byte that is no white space. */
  private read(resource: Resource): void {
    const device = this.device;
    device.scanner.reset(new Envelope(device.scanner, device.platform.text, MEMBERS, this));
    this.list.reset();
    this.text.reset();
    this.defaults = [];
    this.hgets = [];
    let isJson: boolean | undefined;
    this.each(resource, (length) => {
      if (isJson === undefined) isJson = beginsAsJson(this.window, length);
      if (isJson === false) this.text.read(this.window, 0, length);
      else device.scanner.scan(this.window, 0, length);
    });
    if (isJson === false) this.text.end();
    else device.scanner.end();
  }

  private onCommand(command: Command): boolean {
    if (command.defect) throw new DmError(command.defect, command.name());
    const isDefault = command.code === CommandCode.Default;
    if (!isDefault && command.code !== CommandCode.Hget) {
      throw new DmError('BAD_COMMAND', `${command.name()} has no place in a bootstrap`);
    }
    if (!command.fitsCatalog()) throw new DmError('BAD_COMMAND', command.name());
    const pair = { serverUri: command.parameter(0), second: command.parameter(1) };
    checkServerUri(pair.serverUri, this.device.allowPersonal, this.device.limits);
    if (isDefault) this.defaults = this.defaults.filter((other) => other.second !== pair.second);
    const list = isDefault ? this.defaults : this.hgets;
    if (list.length === this.device.limits.objects) throw new DmError('TABLE_FULL', command.name());
    list.push(pair);
    return true;
  }

  /** Puts everything into the transaction. Perm is judged now that all is there. */
  private place(): void {
    const device = this.device;
    const transaction = device.transaction;
    const uris = device.intake.isEmpty
      ? []
      : device.intake.place(transaction, (instance, validator) => device.validators.set(instance, validator));
    const fresh = this.placeAccounts(uris);
    const accounts = device.accounts.all().filter((account) => !transaction.hides(account.root));
    if (accounts.length > 0) device.rights.open();
    for (let i = 0; i < this.defaults.length; i += 1) {
      const moid = this.defaults[i].second;
      const permitted = accounts.some((account) => device.accounts.permits(account, moid));
      if (accounts.length > 0 && !permitted) throw new DmError('FORBIDDEN', moid);
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
    const all = device.accounts.all();
    const brought = all.filter((account) => uris.indexOf(device.tree.uri(account.root)) >= 0);
    const srvIds = brought.map((account) => account.srvId);
    const known: string[] = [];
    for (let i = 0; i < all.length; i += 1) {
      const account = all[i];
      const uri = device.tree.uri(account.root);
      const touched = uris.some((placed) => placed.slice(0, uri.length) === uri);
      if (!touched && srvIds.indexOf(account.srvId) >= 0) {
        device.transaction.remove(account.root);
        device.rights.forget(device.tree.instanceOf(account.root));
        continue;
      }
      if (touched && (account.srvId === '' || account.srvUri === '')) {
        throw new DmError('CONFLICT', 'DM Account without SrvID or SrvURI');
      }
      if (known.indexOf(account.srvId) >= 0) throw new DmError('CONFLICT', `two DM Accounts for ${account.srvId}`);
      known.push(account.srvId);
    }
    return srvIds;
  }
}

/** A byte order mark is no JSON either: it makes the text form fail at offset 0. */
function beginsAsJson(bytes: Uint8Array, length: number): boolean | undefined {
  for (let i = 0; i < length; i += 1) {
    const c = bytes[i];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return c === 0x7b;
  }
  return undefined;
}
