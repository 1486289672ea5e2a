/**
 * What is known of the MOs of one MOID (PROTOCOL.md §14). A MOID without definition is open: everything is allowed. The table is
 * read where it lies, line by line, and takes no memory of its own.
 */
export interface Definition {
  readonly moid: string;
  /** Where the DDF is, where anybody knows. */
  readonly ddf?: string;
  /**
   * One line a node, the MO root's first, each node right before those below it: `PATH FORMAT ACCESS OCCURRENCE [P]`, parted by one blank.
   * - PATH: names below the MO root, joined by `/`; `*` is an unnamed node, `.` the MO root. No name holds a blank or `/`.
   * - FORMAT: `node`, `chr`, `int`, `float`, `bool`, `bin`, `b64`, `null`, `xml`, `date`, `time`; `any`: a leaf or whatever subtree.
   * - ACCESS: letters of R, W and X, `-` for none. What a server may not write, it may neither bring, nor remove by leaving it out.
   * - OCCURRENCE: `1`, `?`, `*`, `+`, `N` such as 4 (ZeroOrN), `+N` (OneOrN). Of the MO root `1`, for one instance, or `*`.
   * - P: permanent. No server deletes the node, and it stays where a server's document leaves it out.
   */
  readonly nodes: readonly string[];
}

export const enum Field {
  Path = 0,
  Format = 1,
  Access = 2,
  Occurrence = 3,
  Permanent = 4,
}

/** FORMAT of a leaf or subtree that nothing is known of. */
export const ANY = 'any';

export function field(line: string, index: Field): string {
  return line.split(' ')[index];
}

/** What the PATHs of the nodes below the node of `line` begin with. */
export function pathBelow(line: string): string {
  const path = field(line, Field.Path);
  return path === '.' ? '' : `${path}/`;
}

/** The line of the node `name` below the node of `line`, '' where the definition has none, or `line` is ''. */
export function lineBelow(definition: Definition, line: string, name: string): string {
  if (field(line, Field.Format) === ANY) return line;
  const path = pathBelow(line);
  const exact = name.indexOf(' ') < 0 && name.indexOf('/') < 0 ? lineWith(definition, `${path + name} `) : '';
  return exact || lineWith(definition, `${path}* `);
}

/** The line of the node at the end of a path of names below the MO root, '' where the definition has none, or is none. */
export function lineAt(definition: Definition | undefined, path: readonly string[]): string {
  if (definition === undefined) return '';
  let line = definition.nodes[0];
  for (let i = 0; i < path.length && line !== ''; i += 1) line = lineBelow(definition, line, path[i]);
  return line;
}

/** The first line but the MO root's that begins so. */
function lineWith(definition: Definition, start: string): string {
  const nodes = definition.nodes;
  for (let i = 1; i < nodes.length; i += 1) if (nodes[i].startsWith(start)) return nodes[i];
  return '';
}

/** True where the node of `line` may do what `letter` says; one without a line may do everything. */
export function grants(line: string, letter: string): boolean {
  return line === '' || field(line, Field.Access).indexOf(letter) >= 0;
}

/** True where no server removes the node of `line`. */
export function isKept(line: string): boolean {
  return line !== '' && (field(line, Field.Permanent) === 'P' || !grants(line, 'W'));
}

/** True where a node of `line` must be there. */
export function isRequired(line: string): boolean {
  const occurrence = line && field(line, Field.Occurrence);
  return occurrence === '1' || occurrence.charAt(0) === '+';
}

/** True where `count` nodes of `line` are too many. */
export function isBeyond(line: string, count: number): boolean {
  const occurrence = field(line, Field.Occurrence);
  // `*` and `+` are no numbers, and nothing is above what is none; `+4` is 4.
  return count > Number(occurrence === '?' ? 1 : occurrence);
}
