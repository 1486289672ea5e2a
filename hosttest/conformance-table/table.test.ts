import * as fs from 'node:fs';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FOLDER, type TestResult } from '../test-files.js';
import { clausesOf } from './clauses.js';
import { conformanceOf, idsOf } from './proofs.js';
import { tableOf } from './table.js';

const MARKDOWN = `# A reference

- No sentence: it has no id.

## §1 First

- **[SES-1]** The \`client\` opens _every_ session. (DM2)
- **[SES-2]** A **server** may ask, and \`snake_case_names\` stay. (PD)

| id          | sc  | meaning         | source |
| ----------- | --- | --------------- | ------ |
| **[ST-200]** | 200 | Done (all of it). | CR     |

### §1.1 Second

- **[SES-3]** Last of all. (DM2)
`;

const CLAUSES = clausesOf(MARKDOWN);

/** The table for test files of these results, without colours. */
function table(results: Record<string, readonly TestResult[]>): string[] {
  const outcomes = Object.entries(results).map(
    ([file, list]) => [file, { passed: 0, failed: 0, output: '', results: list }] as const,
  );
  return tableOf(conformanceOf(CLAUSES, new Map(outcomes))).map(stripVTControlCharacters);
}

function passed(...titles: string[]): TestResult[] {
  return titles.map((title) => ({ title, passed: true }));
}

test('list items and table rows with an id are sentences', () => {
  assert.equal(CLAUSES, [
    { id: 'SES-1', section: '§1 First', sentence: 'The client opens every session.', source: 'DM2' },
    { id: 'SES-2', section: '§1 First', sentence: 'A server may ask, and snake_case_names stay.', source: 'PD' },
    { id: 'ST-200', section: '§1 First', sentence: '200: Done (all of it).', source: 'CR' },
    { id: 'SES-3', section: '§1.1 Second', sentence: 'Last of all.', source: 'DM2' },
  ]);
});

test('a sentence without a mark, a bad id and an id that comes twice are refused with their line', () => {
  for (const [line, expected] of [
    ['- **[SES-9]** No mark.', /line 17/],
    ['- **[SES-9]** No such mark. (XX)', /line 17/],
    ['- **[ses-9]** Small letters. (PD)', /line 17/],
    ['| **[SES-9]** | no mark |', /line 17/],
    ['- **[SES-1]** Again. (PD)', /line 17: SES-1 comes twice/],
  ] as const) {
    assert.throws(() => clausesOf(`${MARKDOWN}${line}\n`), expected, line);
  }
});

test('the reference itself can be read', () => {
  const text = fs.readFileSync(path.resolve(FOLDER, '../../../src/PROTOCOL.md'), 'utf8');
  const clauses = clausesOf(text);
  assert.is(clauses.length, text.match(/^(- |\| )\*\*\[/gm)?.length);
  assert.ok(clauses.length > 400);
});

test('ids stand in brackets at the end of a title', () => {
  assert.equal(idsOf('does this [SES-1]'), ['SES-1']);
  assert.equal(idsOf('`[MCC]` is replaced [PH-2 URI-EX-10 ST-HTTP]'), ['PH-2', 'URI-EX-10', 'ST-HTTP']);
  assert.equal(idsOf('several [PH-2, URI-3] [ST-HTTP]'), ['PH-2', 'URI-3', 'ST-HTTP']);
  assert.equal(idsOf('[IMSI] and [ICCID] are known'), []);
  assert.equal(idsOf('a title without'), []);
});

test('every clause with a test that passes: all is well', () => {
  const lines = table({
    'a/one.test.js': passed('x [SES-1 SES-3]', 'y [SES-1]', 'z'),
    'b.test.js': passed('x [SES-2 ST-200 SES-1]'),
  });
  assert.equal(lines.slice(0, 2), ['', '§1 First']);
  assert.match(lines[2], /^ok {3}SES-1 +The client opens every session\. +DM2 {2}a\/one \(2\), b$/);
  assert.match(lines[5], /^$/);
  assert.is(lines[6], '§1.1 Second');
  assert.equal(lines.slice(-2), ['4 clauses, 4 proved, 0 without a test, 0 failing', '4 passed, 0 failed']);
});

test('an id that no test names fails', () => {
  const lines = table({ 'a.test.js': passed('x [SES-1 SES-2 SES-3]') });
  assert.ok(
    lines.some((line) => /^none ST-200 .* CR$/.test(line)),
    lines.join('\n'),
  );
  assert.equal(lines.slice(-2), ['4 clauses, 3 proved, 1 without a test, 0 failing', '3 passed, 1 failed']);
});

test('an id that the reference does not have fails, and is shown with its title', () => {
  const lines = table({ 'a.test.js': passed('x [SES-1 SES-2 ST-200 SES-3 SES-99]', 'y [WORDS]') });
  assert.ok(lines.includes('FAIL SES-99  a: x [SES-1 SES-2 ST-200 SES-3 SES-99]'), lines.join('\n'));
  assert.ok(lines.includes('FAIL WORDS  a: y [WORDS]'));
  assert.equal(lines.slice(-2), ['4 clauses, 4 proved, 0 without a test, 0 failing', '4 passed, 2 failed']);
});

test('one test that fails is enough for its ids to fail', () => {
  const results = [...passed('x [SES-1 SES-2 ST-200 SES-3]'), { title: 'y [SES-1]', passed: false }];
  const lines = table({ 'a.test.js': results });
  assert.ok(
    lines.some((line) => line.startsWith('FAIL SES-1 ')),
    lines.join('\n'),
  );
  assert.equal(lines.slice(-2), ['4 clauses, 3 proved, 0 without a test, 1 failing', '3 passed, 1 failed']);
});

test('a long sentence is cut', () => {
  const [clause] = clausesOf(`- **[SES-1]** ${'a'.repeat(200)} (PD)`);
  const [line] = tableOf(conformanceOf([clause], new Map()));
  assert.match(stripVTControlCharacters(line), /^none SES-1 +a{71}… PD$/);
});

test.run();
