import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PLATFORM_LIMITS as LIMITS_32K } from '../../src/platform/moddable/limits-32k.js';
import type { Settings } from '../../src/platform/moddable/settings.js';
import { ROOT } from '../xs/build.js';
import { DEVICE } from '../xs/machine.js';
import { FIRMWARE } from './moddable-firmware.js';

// The manifests say what `npm run build` leaves, for each platform. The SDK itself is not needed for that.

type Paths = string | readonly string[];

interface Part {
  readonly include?: Paths;
  readonly modules?: Readonly<Record<string, Paths>>;
  readonly data?: Readonly<Record<string, Paths>>;
  readonly preload?: readonly string[];
  readonly config?: { readonly dmlet?: Partial<Settings> };
  readonly creation?: { readonly static?: number; readonly stack: number };
  readonly error?: string;
}

interface Manifest extends Part {
  readonly build?: Readonly<Record<string, string>>;
  readonly platforms?: Readonly<Record<string, Part>>;
}

const LIBRARY = 'src/platform/moddable/manifest.json';
const FILES = ['manifest.json', LIBRARY, 'src/platform/moddable/example/manifest.json'];

const read = (file: string): Manifest => JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));
const list = (paths: Paths = []): readonly string[] => (typeof paths === 'string' ? [paths] : paths);

const library = read(LIBRARY);
const platforms = Object.entries(library.platforms ?? {}).filter(([, { error }]) => error === undefined);

/** Where a manifest's path leads to; undefined in the SDK. */
function resolved(file: string, source: string): string | undefined {
  const folder = path.join(ROOT, path.dirname(file));
  if (source.startsWith('$(MODDABLE)/')) return undefined;
  if (!source.startsWith('$(DMLET)/')) return path.join(folder, source);
  return path.join(ROOT, path.dirname(LIBRARY), library.build?.DMLET ?? '', source.slice('$(DMLET)/'.length));
}

for (const file of FILES) {
  const manifest = read(file);
  const parts: readonly Part[] = [manifest, ...Object.values(manifest.platforms ?? {})];

  test(`${file}: modules are there after a build, what is included and what is data as well`, () => {
    for (const { include, modules, data } of parts) {
      const sources = Object.values(modules ?? {}).flatMap(list);
      for (const source of sources) assert.ok(fs.existsSync(`${resolved(file, source)}.js`), source);
      for (const source of list(include)) {
        const at = resolved(file, source);
        assert.ok(at === undefined || fs.existsSync(at), source);
      }
      for (const source of Object.values(data ?? {}).flatMap(list)) {
        assert.ok(fs.existsSync(`${resolved(file, source)}.json`), source);
      }
    }
  });
}

test('the library has no main, nor any module without a prefix that another firmware could have', () => {
  for (const { modules } of [library, ...platforms.map(([, part]) => part)]) {
    for (const name of Object.keys(modules ?? {})) assert.match(name, /^dmlet(\/|$)/);
  }
});

test('the firmware is the library with a main and an application', () => {
  const { include, modules } = read('manifest.json');
  assert.ok(list(include).includes(`./${LIBRARY}`));
  assert.equal(Object.keys(modules ?? {}), ['main', 'application']);
});

test('every module that another imports is in the manifest, on each platform', () => {
  for (const [platform, { modules }] of platforms) {
    const names = { ...library.modules, ...modules };
    const wanted = Object.keys(FIRMWARE).filter((name) => name !== 'main' && name !== 'application');
    assert.equal(Object.keys(names).sort(), wanted.sort(), platform);
  }
});

test('what is preloaded is in the manifest, and needs no machine that runs: not the client, not the identity', () => {
  for (const [, { modules }] of platforms) {
    for (const name of library.preload ?? []) assert.ok({ ...library.modules, ...modules }[name] !== undefined, name);
  }
  assert.not(library.preload?.includes('dmlet'));
  assert.not(library.preload?.includes('dmlet/identity'));
});

test('the doors of every store are wide enough', () => {
  for (const [platform, { config }] of platforms) {
    const flash = { ...library.config?.dmlet?.flash, ...config?.dmlet?.flash } as Settings['flash'];
    assert.ok(flash.keySize >= 12 && flash.valueSize >= 32, platform);
  }
});

test('ESP8266 and Pico keep files in littlefs: what the SDK has for keys and values does not survive a power cut there', () => {
  for (const platform of ['esp', 'pico']) {
    const { include, modules } = library.platforms?.[platform] ?? {};
    assert.is(modules?.['dmlet/flash'], '$(DMLET)/flash-files');
    assert.ok(list(include).includes('$(MODDABLE)/modules/files/file/manifest_littlefs.json'));
  }
});

test('a platform without network is refused, and so is one that nobody knows', () => {
  assert.match(library.platforms?.nrf52.error ?? '', /no network/);
  assert.type(library.platforms?.['...'].error, 'string');
});

test('the ESP8266 gets the stack that was measured, and the bounds of 32 KB', () => {
  const { creation, modules } = library.platforms?.esp ?? {};
  assert.is(creation?.stack, DEVICE.stack);
  assert.ok((creation?.static ?? 0) >= DEVICE.pool);
  assert.is(modules?.['dmlet/limits'], '$(DMLET)/limits-32k');
  assert.ok((LIMITS_32K.tree ?? 0) > 0);
});

test('a chip with TLS has more stack than one without', () => {
  for (const platform of ['esp32', 'pico', 'zephyr']) {
    const { creation } = library.platforms?.[platform] ?? {};
    assert.ok((creation?.stack ?? 0) > DEVICE.stack, platform);
  }
});

test('the bundle that the manifest names is the one that the package exports', () => {
  const core = resolved(LIBRARY, String(library.modules?.['dmlet/core']));
  assert.is(`${core}.js`, path.join(ROOT, 'dist/dmlet.js'));
});

test.run();
