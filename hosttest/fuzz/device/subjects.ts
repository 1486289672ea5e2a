import { ClientUri } from 'dmlet';
import { type Bytes, inMemory } from '../../support/bytes.js';
import { Pace } from '../../support/pace.js';
import { FETCH } from './fixture.js';
import type { Ground } from './ground.js';
import { Life, textOf, usualBootstrap, WRONG } from './life.js';

/** What is done with the bytes of a case. */
export type Subject = 'package' | 'document' | 'bootstrap' | 'notification' | 'uri' | 'flash';

/** One case on one engine. */
export interface Trial {
  readonly ground: Ground;
  readonly input: Bytes;
  /** Seed of the sizes in which bytes come and go. */
  readonly pace: number;
  /** Told of a client that has done its work, and of its successor when it has started. */
  readonly look?: (life: Life, isRestarted: boolean) => void;
}

/**
 * Runs a case.
 * @param done gets what happened, one line an event. A line that begins with `WRONG` says what must never be.
 */
export function runTrial(subject: Subject, trial: Trial, done: (lines: readonly string[]) => void): void {
  const lines: string[] = [];
  trial.ground.wipe();
  SUBJECTS[subject](trial, lines, () => done(lines));
}

/** Characters of a key: no store holds a longer one. */
const MOST_KEY = 15;

type Run = (trial: Trial, lines: string[], done: () => void) => void;

const SUBJECTS: { readonly [S in Subject]: Run } = {
  package(trial, lines, done) {
    begin(trial, lines, (life) => {
      life.session([trial.input], () => life.configure(() => outlive(trial, life, usualBootstrap(trial.ground), done)));
    });
  },

  document(trial, lines, done) {
    begin(trial, lines, (life) => {
      life.session([trial.ground.text(FETCH)], () => outlive(trial, life, usualBootstrap(trial.ground), done));
    });
  },

  bootstrap(trial, lines, done) {
    const life = newLife(trial, lines);
    const outcome = life.start(trial.input);
    lines.push(`factory ${outcome}`);
    if (outcome === 'applied')
      life.client.whenIdle(() => outlive(trial, life, trial.input, () => receive(trial, lines, done)));
    else {
      if (outcome === 'known') lines.push(`${WRONG}a bootstrap that was never applied is known`);
      life.close();
      receive(trial, lines, done);
    }
  },

  notification(trial, lines, done) {
    begin(trial, lines, (life) => {
      for (let times = 0; times < 2; times += 1) {
        lines.push(`notified ${life.attempt(() => life.client.notify(inMemory(trial.input)))}`);
      }
      life.client.whenIdle(() => outlive(trial, life, usualBootstrap(trial.ground), done));
    });
  },

  uri(trial, lines, done) {
    begin(trial, lines, (life) => {
      const acts = useUri(trial, life);
      for (let i = 0; i < acts.length; i += 1) lines.push(`${i} ${life.attempt(acts[i])}`);
      // What the device knows of itself is written anew at each start: an application may have removed it.
      life.client.identityChanged();
      life.client.whenIdle(() => outlive(trial, life, usualBootstrap(trial.ground), done));
    });
  },

  flash(trial, lines, done) {
    plantImage(trial);
    const life = newLife(trial, lines);
    const outcome = life.start(usualBootstrap(trial.ground));
    lines.push(`start ${outcome}`);
    if (outcome === 'applied' || outcome === 'known') {
      life.client.whenIdle(() => {
        life.close();
        const next = newLife(trial, lines);
        const again = next.start(usualBootstrap(trial.ground));
        if (again !== 'known') lines.push(`${WRONG}second start ${again}`);
        // Only what is loaded from here on lies in the order in which it is stored.
        outlive(trial, next, usualBootstrap(trial.ground), done);
      });
      return;
    }
    life.close();
    done();
  },
};

function newLife(trial: Trial, lines: string[]): Life {
  return new Life(trial.ground, trial.input, new Pace(trial.pace), lines);
}

/** A device that has its factory's bootstrap, and has told its servers so. */
function begin(trial: Trial, lines: string[], begun: (life: Life) => void): void {
  const { ground } = trial;
  const bootstrap = usualBootstrap(ground);
  ground.wipe();
  ground.prepare(
    (made) => {
      const life = new Life(ground, trial.input, new Pace(0), []);
      const outcome = life.start(bootstrap);
      if (outcome !== 'applied') lines.push(`${WRONG}first start ${outcome}`);
      life.client.whenIdle(() => {
        life.close();
        made();
      });
    },
    () => {
      const life = newLife(trial, lines);
      const outcome = life.start(bootstrap);
      if (outcome !== 'known') lines.push(`${WRONG}start ${outcome}`);
      begun(life);
    },
  );
}

/** The same bytes as a bootstrap of another kind than the factory's. */
function receive(trial: Trial, lines: string[], done: () => void): void {
  begin(trial, lines, (life) => {
    const received = { read: (at: number, into: Uint8Array) => trial.input.copy(at, into, 0, into.length) };
    lines.push(`received ${life.attempt(() => (life.client.applyBootstrap(received) ? 'applied' : 'known'))}`);
    life.client.whenIdle(() => outlive(trial, life, usualBootstrap(trial.ground), done));
  });
}

/** All that an application can do with an address. */
function useUri(trial: Trial, life: Life): readonly (() => string)[] {
  const { local } = life.client;
  const { text } = trial.ground.platform(life.http);
  const uri = textOf(trial.input, text);
  return [
    () => {
      const { names, parts, validator, conditions } = new ClientUri(uri, life.client.device.limits);
      return [names.join('|'), parts.join(), validator, conditions.length].join(' ');
    },
    () => String(local.read(uri)),
    () => local.list(uri).join(),
    () => String(local.watch(uri, () => {}) !== undefined),
    () => String(local.write(uri, 'v')),
    () => String(local.read(uri)),
    () => local.create(uri, 'Root'),
    () => local.create('urn:example:mo:made:1.0', uri),
    () => local.instances(uri).join(),
    () => String(local.remove(uri)),
  ];
}

/** A restart must change nothing: what the server sees, and which bootstrap was applied. */
function outlive(trial: Trial, life: Life, bootstrap: Bytes, done: () => void): void {
  const { lines } = life;
  life.probe((before) => {
    if (trial.look !== undefined) trial.look(life, false);
    life.close();
    const next = newLife(trial, lines);
    const outcome = next.start(bootstrap);
    if (outcome !== 'known') lines.push(`${WRONG}restart ${outcome}`);
    if (trial.look !== undefined) trial.look(next, true);
    next.client.whenIdle(() => {
      next.probe((after) => {
        if (after !== before) lines.push(`${WRONG}before the restart ${before}`, `${WRONG}after it ${after}`);
        next.close();
        done();
      });
    });
  });
}

/** An image is a sequence of entries: length of the key, the key, length of the value (two bytes, little-endian), the value. */
function plantImage({ ground, input }: Trial): void {
  const bytes = inMemory(input);
  let at = 0;
  while (at < bytes.length) {
    const keyEnd = at + 1 + bytes[at];
    const valueEnd = keyEnd + 2 + (bytes[keyEnd] | (bytes[keyEnd + 1] << 8));
    if (!(valueEnd <= bytes.length)) return;
    let key = '';
    for (let i = at + 1; i < keyEnd; i += 1) key += String.fromCharCode(bytes[i]);
    if (key.length <= MOST_KEY) ground.plant(key, bytes.slice(keyEnd + 2, valueEnd));
    at = valueEnd;
  }
}
