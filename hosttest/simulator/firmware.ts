import * as fs from 'node:fs';
import * as path from 'node:path';

/** The repository. What is compiled here lies in dist/test/hosttest/simulator/. */
export const TOP = path.resolve(import.meta.dirname, '../../../..');

const FIRMWARE = path.join(TOP, 'hosttest/simulator/firmware');
const LIBRARY = path.join(TOP, 'src/platform/moddable/manifest.json');

/** Where everything that is built for the simulator goes. */
const BUILT = path.join(TOP, 'dist/simulator');

/** A firmware to build. */
export interface Firmware {
  readonly name: string;
  /** Modules beside those of the library, with the files they are from; without `.js`. */
  readonly modules: Record<string, string>;
  /** Manifests of the SDK beside that of the library. */
  readonly include?: readonly string[];
  readonly config: object;
  /** Resources by name, with the ending. */
  readonly data: Record<string, string | Uint8Array>;
}

/** A module of hosttest/simulator/firmware/. */
export function own(name: string): string {
  return path.join(FIRMWARE, name);
}

/**
 * Writes a firmware's manifest into a folder of its own, with empty flash beside it.
 * @returns the folder.
 */
export function writeFirmware({ name, modules, include = [], config, data }: Firmware): string {
  const folder = path.join(BUILT, name);
  const flash = path.join(folder, 'flash/');
  fs.rmSync(flash, { recursive: true, force: true });
  fs.mkdirSync(flash, { recursive: true });
  for (const [file, content] of Object.entries(data)) fs.writeFileSync(path.join(folder, file), content);
  const manifest = {
    include: ['$(MODDABLE)/examples/manifest_base.json', LIBRARY, ...include],
    modules,
    data: { '*': Object.keys(data).map((file) => `./${path.parse(file).name}`) },
    config: { ...config, file: { root: flash } },
  };
  fs.writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest, undefined, 2));
  return folder;
}
