import type { Config } from '../../src/platform/moddable/settings.js';
import {
  FakeDecoder,
  FakeDigest,
  FakeEncoder,
  FakeResource,
  FakeTimers,
  fakeFromArrayBuffer,
  ListeningUdp,
} from './moddable-modules.js';
import { scriptedNetwork } from './moddable-scripted-net.js';
import { NvsStore } from './moddable-stores.js';

// A device that runs the firmware's modules, as `npm run build` leaves them, on fakes of the SDK's. Everything happens within one call, on Node as
// on the XS machine. Evaluated before the firmware, which finds what is defined here.

/** What a run begins with. */
export interface Given {
  readonly config: Config;
  /** Resources of the firmware, by name. */
  readonly resources: Readonly<Record<string, string>>;
  /** Content of flash. */
  readonly flash: readonly [key: string, bytes: readonly number[]][];
  /** Datagrams that come when nothing else happens any more. */
  readonly datagrams: readonly (readonly number[])[];
  /** Bodies by method and target: `GET /a`. Others are answered with 404. */
  readonly answers: Readonly<Record<string, readonly [type: string, body: string]>>;
}

/** What it came to. */
export interface Outcome {
  readonly traced: readonly string[];
  /** Method, target and host of each request. */
  readonly requests: readonly string[];
  readonly flash: Given['flash'];
}

/** Longer than anything takes that is not retried. */
const LONG = 20000;

declare const given: Given;

const { config, resources, flash, datagrams, answers } = given;
const traced: string[] = [];
const requests: string[] = [];
const values = new Map(flash.map(([key, bytes]) => [key, Uint8Array.from(bytes)]));
const timers = new FakeTimers();

function peer(request: string): string {
  const [, target, host] = /^(\S+ \S+) HTTP\/1\.1\r\nHost: (\S+)\r\n/.exec(request) ?? [];
  requests.push(`${target} ${host}`);
  const answer = answers[target];
  if (answer === undefined) return 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';
  const [type, body] = answer;
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

class NamedResource extends FakeResource {
  static exists(name: string): boolean {
    return resources[name] !== undefined;
  }

  constructor(name: string) {
    super(new FakeEncoder().encode(resources[name]));
  }
}

Object.assign(globalThis, {
  device: { network: scriptedNetwork(timers, peer) },
  // What the modules of the SDK export; a module that has no default export is an object here, too.
  sdk: {
    trace: (text: string) => traced.push(text),
    'mc/config': config,
    timer: timers,
    time: timers,
    crypt: FakeDigest,
    Resource: NamedResource,
    'text/encoder': FakeEncoder,
    'text/decoder': FakeDecoder,
    'embedded:storage/key-value': { open: () => new NvsStore(values) },
    'embedded:io/socket/udp': ListeningUdp,
  },
});

// On a device the engine has it.
if (!('fromArrayBuffer' in String)) Object.assign(String, { fromArrayBuffer: fakeFromArrayBuffer });

/** Runs the firmware: its main, then whatever follows from it. */
export function live(main: () => void): Outcome {
  main();
  timers.pass(LONG);
  for (const bytes of datagrams) {
    for (const socket of ListeningUdp.open) socket.receive(Uint8Array.from(bytes));
    timers.pass(LONG);
  }
  return { traced, requests, flash: [...values].map(([key, bytes]) => [key, Array.from(bytes)]) };
}
