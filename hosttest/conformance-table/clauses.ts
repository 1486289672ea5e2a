/** A sentence of the protocol reference. */
export interface Clause {
  readonly id: string;
  /** Heading of the section in which it stands. */
  readonly section: string;
  /** The sentence, or the cells of the table row, without its marks. */
  readonly sentence: string;
  /** Where it comes from: CR, DM2 or PD. */
  readonly source: string;
}

const ITEM = /^- \*\*\[([^\]]*)\]\*\* (.*) \((CR|DM2|PD)\)$/;
const ROW = /^\| \*\*\[([^\]]*)\]\*\* +\| (.*) \| (CR|DM2|PD) +\|$/;
const ID = /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$/;

/** What begins like a sentence with an id, whatever comes of it. */
const MARKED = /^(- |\| )\*\*\[/;

/**
 * The sentences of a protocol reference, in their order.
 * @throws Error for a line whose id or mark cannot be read, and for an id that comes twice.
 */
export function clausesOf(markdown: string): Clause[] {
  const clauses: Clause[] = [];
  const ids = new Set<string>();
  let section = '';
  for (const [index, line] of markdown.split('\n').entries()) {
    if (/^##+ /.test(line)) section = line.replace(/^#+ /, '');
    if (!MARKED.test(line)) continue;
    const [, id, text, source] = ITEM.exec(line) ?? ROW.exec(line) ?? [];
    if (id === undefined || !ID.test(id)) throw new Error(`line ${index + 1}: no id, or no mark: ${line}`);
    if (ids.has(id)) throw new Error(`line ${index + 1}: ${id} comes twice`);
    ids.add(id);
    clauses.push({ id, section, sentence: plain(text), source });
  }
  return clauses;
}

/** Without emphasis, code marks, and the columns' white space. */
function plain(text: string): string {
  return text
    .split(/ +\| +/)
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(': ')
    .replace(/`|\*\*/g, '')
    .replace(/(^| )_([^_]+)_/g, '$1$2');
}
