import type { Alert, LeafValue } from 'dmlet';
import type { Fail } from './failure.js';
import type { Line } from './markdown.js';
import type { PlayedDevice } from './played-device.js';
import type { DeviceLine } from './step.js';

/** Does something on the device. @throws Error where it fails, or comes to something else than the line says. */
type Act = (device: PlayedDevice, words: readonly string[]) => void;

/** What can be done. The groups of a pattern are the words of its action. */
const ACTS: readonly (readonly [RegExp, Act])[] = [
  [/^start$/, (device) => device.start()],
  [/^restart$/, (device) => device.restart()],
  [/^switch off$/, (device) => device.switchOff()],
  [/^open session(?: with (\S+))?$/, (device, [srvId = '']) => device.openSession(srvId)],
  [
    /^request (\S+?)(, urgent)?$/,
    (device, [moid, urgent]) => device.client.requestConfiguration(moid, device.configured(moid), urgent !== undefined),
  ],
  [/^configure what is missing$/, (device) => device.client.configureMissing(device.configured('what was missing'))],
  [
    /^read (\S+)(?: gives (.+))?$/,
    (device, [uri, expected]) => {
      const value = device.client.local.read(uri);
      if (expected !== undefined) mustBe(JSON.stringify(value), expected);
    },
  ],
  [/^write (\S+) (.+)$/, (device, [uri, value]) => device.client.local.write(uri, JSON.parse(value) as LeafValue)],
  [/^remove (\S+)$/, (device, [uri]) => device.client.local.remove(uri)],
  [
    /^create (\S+) (\S+) gives (\S+)$/,
    (device, [moid, root, uri]) => mustBe(device.client.local.create(moid, root), uri),
  ],
  [/^alert (.+)$/, (device, [alert]) => device.client.alert(JSON.parse(alert) as Alert)],
  [
    /^handle (\S+?)(?: (\S+))?: (\d{3}|later|throws)$/,
    (device, [moid, path = '', result]) =>
      device.client.onExecute(moid, path, ({ clientUri }) => {
        device.hears(`executes ${clientUri}`);
        if (result === 'throws') throw new Error('the handler failed');
        return result === 'later' ? undefined : Number(result);
      }),
  ],
  [
    /^finish (\S+) with (\d{3})(?: and (.+))?$/,
    (device, [uri, status, data]) => {
      const execution = device.client.executions().find(({ clientUri }) => clientUri === uri);
      if (execution === undefined) throw new Error(`${uri} is not being executed`);
      execution.finish(Number(status), data);
    },
  ],
  [
    /^executes nothing$/,
    (device) =>
      mustBe(
        device.client
          .executions()
          .map(({ clientUri }) => clientUri)
          .join(' '),
        '',
      ),
  ],
  [
    /^identity ((?:\w+=\S*\s*)+)$/,
    (device, [pairs]) => {
      for (const [, name, value] of pairs.matchAll(/(\w+)=(\S*)/g)) device.identity[name] = value;
      device.client.identityChanged();
    },
  ],
  [
    /^ignored (\d+) for (\S+)$/,
    (device, [count, code]) =>
      mustBe(String(device.client.ignored.find((one) => one.code === code)?.count ?? 0), count),
  ],
];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60000, h: 3600000 };

/** Reads one line of what happens on the device. */
export function readDeviceLine({ text, line }: Line, fail: Fail): DeviceLine {
  const [, heard] = /^hears (.+)$/.exec(text) ?? [];
  if (heard !== undefined) return { kind: 'hears', text: heard };
  const [, count, unit] = /^advance (\d+) (ms|s|min|h)$/.exec(text) ?? [];
  if (count !== undefined) return { kind: 'advance', milliseconds: Number(count) * UNITS[unit] };
  const [, said, refusal = ''] = /^(.*?)(?:, fails: ([A-Z_]+))?$/.exec(text) ?? [];
  if (ACTS.some(([pattern]) => pattern.test(said))) return { kind: 'act', text: said, refusal };
  return fail(line, `nothing that a device does: "${text}"`);
}

/** Does what a line says. @throws Error where it fails, or comes to something else. */
export function actOn(device: PlayedDevice, text: string): void {
  for (const [pattern, act] of ACTS) {
    const match = pattern.exec(text);
    if (match !== null) act(device, match.slice(1));
  }
}

function mustBe(actual: string, expected: string): void {
  if (actual !== expected) throw new Error(`expected ${expected || 'nothing'}, actual ${actual || 'nothing'}`);
}
