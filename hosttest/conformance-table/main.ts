import * as fs from 'node:fs';
import * as path from 'node:path';
import { colors, printLine } from '../../src/factory/terminal.js';
import { FOLDER, type Outcome, runFiles, testFiles } from '../test-files.js';
import { clausesOf } from './clauses.js';
import { conformanceOf } from './proofs.js';
import { REPORT_TESTS } from './report-option.js';
import { tableOf } from './table.js';

// `npm run conformance`: runs all tests, and prints each clause of the protocol reference with those that name it.

const REFERENCE = path.resolve(FOLDER, '../../../src/PROTOCOL.md');

const clauses = clausesOf(fs.readFileSync(REFERENCE, 'utf8'));
const outcomes = new Map<string, Outcome>();
let broken = 0;

await runFiles(
  testFiles([]),
  (file, outcome) => {
    outcomes.set(file, outcome);
    if (outcome.failed === 0) return;
    broken += 1;
    printLine(`${colors.red('FAIL')} ${file}\n${outcome.output}`);
  },
  REPORT_TESTS,
);

const inOrder = new Map([...outcomes].sort(([one], [other]) => (one < other ? -1 : 1)));
const conformance = conformanceOf(clauses, inOrder);
const isWhole = conformance.unknown.length === 0 && conformance.clauses.every(({ proofs }) => proofs.length > 0);
for (const line of tableOf(conformance)) printLine(line);
process.exitCode = isWhole && broken === 0 ? 0 : 1;
