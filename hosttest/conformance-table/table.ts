import { colors } from '../../src/factory/terminal.js';
import type { Conformance, Proof, ProvenClause } from './proofs.js';

/** Most characters of a sentence that a line shows. */
const SHORT = 72;

const ID_WIDTH = 13;

type Verdict = 'proved' | 'open' | 'failing';

function verdictOf({ proofs }: ProvenClause): Verdict {
  if (proofs.length === 0) return 'open';
  return proofs.every(({ passed }) => passed) ? 'proved' : 'failing';
}

const MARKS: Record<Verdict, string> = {
  proved: colors.green('ok  '),
  open: colors.yellow('none'),
  failing: colors.red('FAIL'),
};

function short(sentence: string): string {
  return sentence.length <= SHORT ? sentence : `${sentence.slice(0, SHORT - 1).trimEnd()}…`;
}

/** The files of the tests, with their number where there are several in one. */
function filesOf(proofs: readonly Proof[]): string {
  const counts = new Map<string, number>();
  for (const { file } of proofs) counts.set(file, (counts.get(file) ?? 0) + 1);
  return [...counts].map(([file, count]) => (count === 1 ? file : `${file} (${count})`)).join(', ');
}

function lineOf(clause: ProvenClause): string {
  const { id, sentence, source, proofs } = clause;
  const head = `${MARKS[verdictOf(clause)]} ${id.padEnd(ID_WIDTH)} ${short(sentence).padEnd(SHORT)} ${source}`;
  return proofs.length === 0 ? head : `${head}${' '.repeat(5 - source.length)}${colors.dim(filesOf(proofs))}`;
}

/** What was found, in lines for people; the last one says `N passed, N failed`. */
export function tableOf({ clauses, unknown }: Conformance): string[] {
  const lines: string[] = [];
  let section = '';
  for (const clause of clauses) {
    if (clause.section !== section) lines.push('', colors.bold(clause.section));
    section = clause.section;
    lines.push(lineOf(clause));
  }
  if (unknown.length > 0) lines.push('', colors.bold('Ids that the reference does not have'));
  for (const line of unknown) lines.push(`${colors.red('FAIL')} ${line}`);
  const count = (verdict: Verdict): number => clauses.filter((clause) => verdictOf(clause) === verdict).length;
  lines.push(
    '',
    `${clauses.length} clauses, ${count('proved')} proved, ${count('open')} without a test, ${count('failing')} failing`,
    `${count('proved')} passed, ${clauses.length - count('proved') + unknown.length} failed`,
  );
  return lines;
}
