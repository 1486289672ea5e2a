import * as fs from 'node:fs';
import * as path from 'node:path';
import { DmError, ERROR_STATUS, type ErrorCode } from 'dmlet';
import { ROOT } from '../xs/build.js';

/** Of each code, the comment above it. */
const ENTRY = /^ {2}\/\*\* (.+) \*\/\n {2}([A-Z0-9_]+): \d+,$/gm;

/** The table of errors in src/platform/moddable/README.md, as src/errors.ts has them. */
export function errorTable(): string {
  const source = fs.readFileSync(path.join(ROOT, 'src/errors.ts'), 'utf8');
  const entries = [...source.matchAll(ENTRY)].map(([, meaning, code]) => {
    const status = ERROR_STATUS[code as ErrorCode];
    const isTried = new DmError(code as ErrorCode).transient;
    return [`\`${code}\``, status === 0 ? '' : String(status), isTried ? 'yes' : '', meaning.replaceAll('|', '\\|')];
  });
  const rows = [['code', 'status', 'again', 'meaning'], ...entries];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: string[], fill: string): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column], fill)).join(' | ')} |`;
  return [line(rows[0], ' '), line(['', '', '', ''], '-'), ...entries.map((row) => line(row, ' '))].join('\n');
}
