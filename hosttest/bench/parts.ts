import * as fs from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { table } from './table.js';

/** What one source file costs in the bundle. */
export interface Part {
  /** Path below `src/`. */
  readonly file: string;
  readonly bytes: number;
}

/** The bundle, byte by byte given to the files that it comes from; what no file stands for goes to the file before it. */
export function partsOf(bundle: string, map: SourceMap): Part[] {
  const parts = new Map<string, number>();
  let file = '';
  bundle.split('\n').forEach((line, row) => {
    for (let column = 0; column < line.length; column += 1) {
      const entry = map.findEntry(row, column);
      if ('originalSource' in entry) file = entry.originalSource.replace(/^.*\bsrc\//, '');
      parts.set(file, (parts.get(file) ?? 0) + Buffer.byteLength(line[column]));
    }
  });
  return [...parts].map(([name, bytes]) => ({ file: name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** The files below their folders, each of both the largest first. */
export function partsTable(parts: readonly Part[]): string {
  const folders = new Map<string, Part[]>();
  for (const part of parts) {
    const folder = part.file.includes('/') ? part.file.replace(/\/.*/, '/') : 'src/';
    folders.set(folder, [...(folders.get(folder) ?? []), part]);
  }
  const sum = (of: readonly Part[]): number => of.reduce((bytes, part) => bytes + part.bytes, 0);
  const whole = sum(parts);
  const row = (name: string, bytes: number): string[] => [
    name,
    String(bytes),
    `${((bytes / whole) * 100).toFixed(1)} %`,
  ];
  const sorted = [...folders].sort((a, b) => sum(b[1]) - sum(a[1]));
  return table([
    ['dist/dmlet.js, minified', 'bytes', ''],
    ...sorted.flatMap(([folder, files]) => [
      row(folder, sum(files)),
      ...files.map(({ file, bytes }) => row(`  ${file.replace(/^.*\//, '')}`, bytes)),
    ]),
    row('together', whole),
  ]);
}

/** The parts of the bundle as it was built. */
export function bundleParts(): Part[] {
  const bundle = fileURLToPath(import.meta.resolve('dmlet'));
  return partsOf(fs.readFileSync(bundle, 'utf8'), new SourceMap(JSON.parse(fs.readFileSync(`${bundle}.map`, 'utf8'))));
}
