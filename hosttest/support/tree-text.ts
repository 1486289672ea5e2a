import { Format, NO_NODE, type NodeId, ROOT, type TreeStore } from 'dmlet';
import { utf8 } from './utf8.js';

/** What a test builds a subtree from: an object is an interior node, all else a leaf. */
export type Plain = string | number | boolean | null | { readonly [name: string]: Plain };

/** The value of a leaf, a large one too, as text. @throws DmError `FLASH_FAILED` */
export function wholeText(tree: TreeStore, leaf: NodeId): string {
  let text = '';
  for (let from = 0; from < tree.valueLength(leaf); ) {
    const to = tree.sliceEnd(leaf, from, 1000);
    text += tree.valueSlice(leaf, from, to);
    from = to;
  }
  return text;
}

/** A subtree as one line: `Data{Date chr"12.1",Value int 100,Ext{}}`. Order, names, formats and values all show. */
export function showNode(tree: TreeStore, node: NodeId): string {
  const name = tree.name(node);
  if (!tree.isLeaf(node)) {
    const children: string[] = [];
    for (let at = tree.firstChild(node); at !== NO_NODE; at = tree.next(at)) children.push(showNode(tree, at));
    return `${name}{${children.join(',')}}`;
  }
  const format = tree.formatName(node);
  if (format === 'null') return `${name} null`;
  if (format === 'int' || format === 'float' || format === 'bool') return `${name} ${format} ${tree.valueText(node)}`;
  return `${name} ${format}${JSON.stringify(wholeText(tree, node))}`;
}

/**
 * The MO of Session Information. Every device has an instance of it that says what is so now, and is never stored: tests that look at
 * all of the tree leave it out.
 */
export const SESSION_INFORMATION = 'urn:oma:mo:oma-sessioninfomo:1.0';

/** All instances but that of Session Information, one a line: `moid/miid Root{…}`. */
export function showTree(tree: TreeStore): string[] {
  const lines: string[] = [];
  for (let type = tree.firstChild(ROOT); type !== NO_NODE; type = tree.next(type)) {
    if (tree.name(type) === SESSION_INFORMATION) continue;
    for (let instance = tree.firstChild(type); instance !== NO_NODE; instance = tree.next(instance)) {
      const root = tree.firstChild(instance);
      lines.push(`${tree.name(type)}/${tree.name(instance)} ${showNode(tree, root)}`);
    }
  }
  return lines;
}

function formatOf(value: Plain): Format {
  switch (typeof value) {
    case 'string':
      return Format.Chr;
    case 'number':
      return value % 1 === 0 ? Format.Int : Format.Float;
    case 'boolean':
      return value ? Format.True : Format.False;
    default:
      return value === null ? Format.Null : Format.Interior;
  }
}

/** Makes a detached subtree. */
export function buildNode(tree: TreeStore, name: string, value: Plain): NodeId {
  const node = tree.create(name, formatOf(value));
  if (typeof value === 'string' || typeof value === 'number') {
    const bytes = utf8.encode(String(value));
    if (bytes.length > 0) tree.appendValue(node, bytes, 0, bytes.length);
  } else if (typeof value === 'object' && value !== null) {
    for (const child of Object.keys(value)) tree.attach(node, buildNode(tree, child, value[child]));
  }
  return node;
}
