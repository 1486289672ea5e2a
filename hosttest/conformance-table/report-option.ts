import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Options for Node with which tests tell what each came to. */
export const REPORT_TESTS: readonly string[] = [
  '--import',
  pathToFileURL(path.resolve(import.meta.dirname, 'report-tests.js')).href,
];
