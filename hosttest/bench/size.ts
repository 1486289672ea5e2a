import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';

/** Bytes of the bundle. */
export interface SizeResult {
  readonly minified: number;
  readonly gzip: number;
}

/** Measures the firmware part of the bundle, as it is published. */
export function measureSize(): SizeResult {
  const bundle = fs.readFileSync(fileURLToPath(import.meta.resolve('dmlet')));
  return { minified: bundle.length, gzip: zlib.gzipSync(bundle, { level: 9 }).length };
}
