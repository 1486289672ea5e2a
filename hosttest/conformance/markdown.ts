/** A line of text and where it stands. */
export interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A fenced code block. */
export interface Block {
  /** What stands behind the opening fence. */
  readonly language: string;
  readonly text: string;
  /** Place of the first line of `text`. */
  readonly line: number;
}

/** A heading, and what stands under it up to the next one. */
export interface Section {
  /** How many `#`. */
  readonly level: number;
  readonly title: string;
  readonly line: number;
  /** Text, each paragraph in one piece. */
  readonly paragraphs: Line[];
  /** List items. */
  readonly items: Line[];
  /** Table rows, cell by cell; the first is the head. */
  readonly rows: { readonly cells: string[]; readonly line: number }[];
  readonly blocks: Block[];
}

const HEADING = /^(#{1,6}) +(.*?)\s*$/;
const FENCE = /^(`{3,})(.*)$/;
const ITEM = /^[-*] +(.*)$/;
const ROW = /^\|(.*)\|\s*$/;
const RULE = /^[\s|:-]+$/;

/** Cuts a Markdown text into its sections; the few forms that transcripts use. What stands before the first heading is left out. */
export function sectionsOf(markdown: string): Section[] {
  const sections: Section[] = [];
  const lines = markdown.split(/\r?\n/);
  let isParagraph = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    const heading = HEADING.exec(lines[at]);
    const section = sections.at(-1);
    const wasParagraph = isParagraph;
    isParagraph = false;
    if (heading !== null) {
      const [, marks, title] = heading;
      const empty = { paragraphs: [], items: [], rows: [], blocks: [] };
      sections.push({ level: marks.length, title: plain(title), line, ...empty });
      continue;
    }
    if (section === undefined) continue;
    const fence = FENCE.exec(lines[at]);
    const row = ROW.exec(lines[at]);
    const item = ITEM.exec(lines[at]);
    if (fence !== null) {
      const end = lines.indexOf(fence[1], at + 1);
      const last = end < 0 ? lines.length : end;
      section.blocks.push({ language: fence[2].trim(), text: lines.slice(at + 1, last).join('\n'), line: line + 1 });
      at = last;
    } else if (row !== null) {
      if (!RULE.test(lines[at])) section.rows.push({ cells: row[1].split('|').map(plain), line });
    } else if (item !== null) {
      section.items.push({ text: plain(item[1]), line });
    } else if (lines[at].trim() !== '') {
      isParagraph = true;
      const before = wasParagraph ? section.paragraphs.pop() : undefined;
      const text = [before?.text, lines[at].trim()].filter((part) => part !== undefined).join(' ');
      section.paragraphs.push({ text, line: before?.line ?? line });
    }
  }
  return sections;
}

/** Without the marks of code. */
function plain(text: string): string {
  return text.replaceAll('`', '').trim();
}
