import { storedState } from '../support/device-state.js';
import { Lcg } from '../support/lcg.js';
import { type Cut, isRefusal } from './cut.js';
import { type CutStore, isCommitKey, isLargeKey, type Traced } from './cut-store.js';
import { CutDevice } from './device.js';
import { broken, garbage } from './invariants.js';
import type { Scenario } from './scenarios/index.js';
import type { StoreKind } from './stores.js';
import { World } from './world.js';

/** What came of it: nothing lost; lost, and all works again after a new start; lost, and something does not. */
export type Outcome = 'kept' | 'recovered' | 'ruined';

/** A run without a cut: what the device does, and what it holds behind each commit. */
interface Reference {
  readonly trace: readonly Traced[];
  /** What the device holds behind so many commits. */
  readonly stateAfter: (commits: number) => string;
}

/** A device that is switched off, and the world around it. */
interface Off {
  readonly world: World;
  readonly store: CutStore;
  /** The last cut was one at which the store may lose anything. */
  readonly mayLose: boolean;
  /** It has. */
  readonly isLost: boolean;
}

/** Every how many-th first cut is followed by a second one. */
const SECOND_CUTS = 4;

/** One scenario on one kind of store, with every cut. */
export class Campaign {
  private readonly prepared: CutStore;
  private readonly initial: CutDevice;
  private readonly first: Reference;

  constructor(
    readonly kind: StoreKind,
    readonly scenario: Scenario,
  ) {
    const device = this.device(kind.make(), new World(() => ''));
    scenario.prepare?.(device, kind.bulk);
    kind.age?.(device.store);
    this.prepared = device.store.restarted();
    this.initial = this.loaded(this.prepared);
    this.first = this.complete(this.off()).reference;
  }

  /** Operations of the scenario where nothing goes wrong. */
  get operations(): number {
    return this.first.trace.length;
  }

  /** Every cut that is worth trying, and for some a second one. */
  *cuts(): Generator<Cut[]> {
    const lcg = new Lcg(1);
    let count = 0;
    for (const cut of this.cutsOf(this.first)) {
      yield [cut];
      count += 1;
      const isLost = this.prepared.cost(this.first.trace[cut.at - 1], cut) !== 'nothing';
      if (count % SECOND_CUTS !== 0 || isLost) continue;
      const seconds = this.secondCuts(cut);
      if (seconds.length > 0) yield [cut, lcg.pick(seconds)];
    }
  }

  /** Every record with a wrong bit in each of its fields, in its payload and in its checksum. */
  *rots(): Generator<Cut[]> {
    const records = this.prepared.rotting();
    for (let i = 0; i < records.length; i += 1) {
      const { size } = records[i];
      for (const count of new Set([0, 1, 2, 4, 8, size >> 1, size - 1])) yield [{ at: i + 1, how: 'rotten', count }];
    }
  }

  /** The cuts that can follow one, none where that one has failed. */
  private secondCuts(cut: Cut): Cut[] {
    try {
      return [...this.cutsOf(this.complete(this.play([cut])).reference)];
    } catch {
      return [];
    }
  }

  /**
   * Cuts the power, once or twice, and starts the device again until the scenario has come to its end.
   * @throws Error that says what is not as it must be.
   */
  run(cuts: readonly Cut[]): Outcome {
    return this.complete(cuts[0].how === 'rotten' ? this.rot(cuts[0]) : this.play(cuts)).outcome;
  }

  /** What the operation at a cut is. */
  describe([{ at, how }]: readonly Cut[]): string {
    if (how === 'rotten') return `stored ${this.prepared.rotting()[at - 1]?.key}`;
    const operation = this.first.trace[at - 1];
    return operation === undefined ? 'no operation' : `${operation.name} ${operation.key}`;
  }

  private *cutsOf({ trace }: Reference): Generator<Cut> {
    for (let i = 0; i < trace.length; i += 1) {
      for (const { how, count } of this.prepared.cuts(trace[i])) yield { at: i + 1, how, count };
    }
  }

  /** Runs the scenario with these cuts, and checks what each leaves. */
  private play(cuts: readonly Cut[]): Off {
    let off = this.off();
    for (let i = 0; i < cuts.length; i += 1) {
      const reference = i === 0 ? this.first : this.complete(this.play(cuts.slice(0, i))).reference;
      off = this.cutOnce(off, cuts[i], reference);
    }
    return off;
  }

  /** A record that rots is counted, and takes nothing with it but what it is a record of; a commit record nothing. */
  private rot({ at, count }: Cut): Off {
    const { key } = this.prepared.rotting()[at - 1];
    const store = this.prepared.restarted();
    store.rot(key, count);
    const found = this.loaded(store);
    const [before, after] = [this.initial, found].map(({ client }) => storedState(client).split('\n'));
    const lost = before.filter((line) => !after.includes(line));
    const note = found.log.lines.find((line) => line.endsWith('damaged records'));
    // A large value is looked at when it is read.
    const isTold = isLargeKey(key) ? lost.length === 1 : note === 'note FLASH_FAILED 1 damaged records';
    check(isTold, `nobody was told of ${key}`);
    check(lost.length <= (isCommitKey(key) ? 0 : 1), `lost with ${key}:\n${lost.join('\n')}`);
    return { world: this.newWorld(), store, mayLose: true, isLost: lost.length > 0 };
  }

  /** Runs the scenario until the power goes, and checks what a device that is switched on again finds. */
  private cutOnce({ world, store }: Off, cut: Cut, reference: Reference): Off {
    const operation = reference.trace[cut.at - 1];
    if (operation === undefined) throw new Error(`there is no operation ${cut.at}`);
    const device = this.device(store.restarted(), world);
    device.store.cut = cut;
    const before = world.operationsBefore;
    try {
      this.scenario.act(device, this.kind.bulk);
    } catch (thrown) {
      // A flash that refuses may refuse the start.
      if (!device.store.isOff && !isRefusal(cut)) throw thrown;
    }
    if (!isRefusal(cut)) check(device.store.isOff, 'the power stayed');
    const next = device.store.restarted();
    const mayLose = store.cost(operation, cut) === 'anything';
    if (mayLose && this.isLost(next, reference, cut))
      return { world: this.newWorld(), store: next, mayLose, isLost: true };
    if (cut.how === 'late') world.promises.forget(before + cut.at - 1 - cut.count);
    if (isRefusal(cut)) world.hasRefused = true;
    const found = this.loaded(next);
    if (!isRefusal(cut)) {
      const states = expected(reference, cut);
      const state = storedState(found.client);
      check(states.includes(state), `neither before nor after:\n${state}\nbut\n${states.join('\nor\n')}`);
    }
    this.checkPromises(found, world);
    expect(broken(found.client, found.log.lines));
    return { world, store: next, mayLose, isLost: false };
  }

  /** Begins the scenario again, with power that stays, and checks what comes of it. */
  private complete({ world, store, mayLose, isLost }: Off): { outcome: Outcome; reference: Reference } {
    const device = this.device(store.restarted(), world);
    const copies = [device.store.restarted()];
    const trace: Traced[] = [];
    device.store.trace = trace;
    device.store.onCommit = () => copies.push(device.store.restarted());
    const asked = world.promises.count;
    try {
      this.scenario.act(device, this.kind.bulk);
      check(world.promises.unanswered(asked).length === 0, `not done: ${world.promises.unanswered(asked)}`);
      this.checkPromises(device, world);
      this.checkEnd(device);
    } catch (thrown) {
      if (!mayLose) throw thrown;
      return { outcome: 'ruined', reference: { trace, stateAfter: () => '' } };
    }
    const states: string[] = [];
    const stateAfter = (commits: number): string => {
      states[commits] ??= storedState(this.loaded(copies[commits]).client);
      return states[commits];
    };
    return { outcome: isLost ? 'recovered' : 'kept', reference: { trace, stateAfter } };
  }

  private checkEnd(device: CutDevice): void {
    expect([...device.http.broken, ...device.clock.broken].join());
    check(device.failures.length === 0, `a session failed: ${device.failures}`);
    check(device.client.dueCount === 0, `still due: ${device.client.device.due.rows.map(({ fields }) => fields)}`);
    expect(this.scenario.wrong?.(device) ?? '');
    expect(broken(device.client, device.log.lines));
    expect(garbage(this.loaded(device.store)));
    const [memory, flash] = [device, this.loaded(device.store)].map(({ client }) => storedState(client));
    check(memory === flash, `flash and memory differ:\n${flash}\nbut\n${memory}`);
  }

  private checkPromises(device: CutDevice, world: World): void {
    for (const key of world.promises.keys) {
      const found = this.scenario.look(device.client, world, key, this.kind.bulk);
      const allowed = world.promises.allowed(key);
      check(allowed.includes(found), `${key} is ${found}, not ${allowed.join(' or ')}`);
    }
  }

  private device(store: CutStore, world: World): CutDevice {
    return new CutDevice(store, world, this.scenario.limits);
  }

  /** A device that has loaded what is in a store, and has done nothing yet. */
  private loaded(store: CutStore): CutDevice {
    const device = this.device(store.restarted(), new World(() => ''));
    device.load();
    return device;
  }

  /** Whether a store that may lose anything has lost something. */
  private isLost(store: CutStore, reference: Reference, cut: Cut): boolean {
    try {
      return !expected(reference, cut).includes(storedState(this.loaded(store).client));
    } catch {
      return true;
    }
  }

  /** The device before everything. */
  private off(): Off {
    return { world: this.newWorld(), store: this.prepared, mayLose: false, isLost: false };
  }

  private newWorld(): World {
    const { initial, scenario } = this;
    return new World((key) => scenario.look(initial.client, initial.world, key, this.kind.bulk));
  }
}

/** What a device may hold after a cut. */
function expected({ trace, stateAfter }: Reference, { how, at, count }: Cut): string[] {
  const place = Math.max(0, at - 1 - (how === 'late' ? count : 0));
  const { commits } = trace[place];
  // A commit has begun where the store has touched its record, such as by erasing what was there.
  const touched = trace.slice(0, how === 'before' || how === 'late' ? place : place + 1);
  const hasBegun = touched.some((operation) => operation.commits === commits && isCommitKey(operation.key));
  return hasBegun ? [stateAfter(commits), stateAfter(commits + 1)] : [stateAfter(commits)];
}

function check(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

function expect(wrong: string): void {
  if (wrong !== '') throw new Error(wrong);
}
