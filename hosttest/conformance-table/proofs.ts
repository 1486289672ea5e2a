import type { Outcome } from '../test-files.js';
import type { Clause } from './clauses.js';

/** A test that names a clause. */
export interface Proof {
  /** Test file, without its endings. */
  readonly file: string;
  readonly passed: boolean;
}

/** A clause and the tests that name it. */
export interface ProvenClause extends Clause {
  readonly proofs: readonly Proof[];
}

/** What a run of the tests says of the clauses. */
export interface Conformance {
  readonly clauses: readonly ProvenClause[];
  /** Ids that tests name, and the reference does not have, with the title. */
  readonly unknown: readonly string[];
}

const AT_END = /(?: \[[A-Z0-9, -]+\])+$/;

/** The ids at the end of a test's title, in one pair of brackets or several. */
export function idsOf(title: string): string[] {
  return AT_END.exec(title)?.[0].match(/[A-Z0-9-]+/g) ?? [];
}

/** Puts tests and clauses together. @param outcomes what each test file came to, by its name. */
export function conformanceOf(clauses: readonly Clause[], outcomes: ReadonlyMap<string, Outcome>): Conformance {
  const proofs = new Map<string, Proof[]>(clauses.map(({ id }) => [id, []]));
  const unknown: string[] = [];
  for (const [name, { results }] of outcomes) {
    const file = name.replace(/\.test\.js$/, '');
    for (const { title, passed } of results) {
      for (const id of idsOf(title)) {
        const known = proofs.get(id);
        if (known === undefined) unknown.push(`${id}  ${file}: ${title}`);
        else known.push({ file, passed });
      }
    }
  }
  return { clauses: clauses.map((clause) => ({ ...clause, proofs: proofs.get(clause.id) ?? [] })), unknown };
}
