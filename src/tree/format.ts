/** Formats of nodes (PROTOCOL.md §7). Stored nowhere: what is in flash is JSON. */
export const enum Format {
  Interior = 0,
  Chr,
  Int,
  Float,
  False,
  True,
  Null,
  Bin,
  Xml,
  Date,
  Time,
}

/** Indexed by `Format`. */
export const FORMAT_NAMES: readonly string[] = [
  'node',
  'chr',
  'int',
  'float',
  'bool',
  'bool',
  'null',
  'bin',
  'xml',
  'date',
  'time',
];
