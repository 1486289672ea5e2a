import colors from 'picocolors';

export type Paint = (text: string) => string;

/** A cell, painted after it was padded: the codes of a colour take no room on the terminal. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

/** Columns as wide as their widest cell, the first to the left and all others to the right; the first row is the head. */
export function table(rows: readonly (readonly Cell[])[]): string {
  const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => textOf(row[column]).length)));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const padded = column === 0 ? textOf(cell).padEnd(widths[0]) : textOf(cell).padStart(widths[column]);
      return typeof cell === 'string' ? padded : cell.paint(padded);
    });
    return cells.join('  ').trimEnd();
  });
  return [colors.bold(lines[0]), ...lines.slice(1).map((line) => `  ${line}`)].join('\n');
}
