import { copyBytes } from '../bytes/text-buffer.js';
import { DmError } from '../errors.js';
import { type LargeValues, MOST_PARTS, MOST_VALUES, OVERLAP } from '../flash/large-values.js';
import type { Text } from '../hal/text.js';
import type { Limits } from '../limits.js';
import { type Arena, Meta, type NodeId, Word } from './arena.js';
import { Format } from './format.js';

/** What the block of a large leaf holds, each in two words. */
const enum Handle {
  Generation = 1,
  /** Bytes of the value. */
  Length = 3,
  /** Bytes from the beginning of one part to that of the next. */
  Stride = 5,
  /** All of it in bytes. While the value arrives, what no record holds yet is behind it. */
  Size = 12,
}

/**
 * Leaves, of which the large ones have their values in flash: their `Meta` holds the value's number, their block the rest of what is to
 * be known of it. Two leaves may share a value; it goes with the last of them. Functions beside the tree's classes: on XS each method more of a
 * class that others extend makes theirs slower.
 */
export interface LargeArena extends Arena {
  /** Where large values go; without, as while the tree is loaded, none arrive and none are removed. */
  largeValues?: LargeValues;
  readonly text: Text;
  readonly limits: Limits;
  format(node: NodeId): Format;
  /** The number of a large leaf's value. */
  objectOf(node: NodeId): number;
  isLarge(node: NodeId): boolean;
  valueLength(node: NodeId): number;
  sliceEnd(leaf: NodeId, from: number, length: number): number;
  valueSlice(leaf: NodeId, from: number, to: number): string;
}

/** Bytes of a large leaf's value. */
export function largeLength(tree: LargeArena, leaf: NodeId): number {
  return field(tree, leaf, Handle.Length);
}

/** Adds bytes to the value of a leaf that is large, or is now. @throws DmError as `TreeStore.receive`. */
export function receiveLarge(tree: LargeArena, leaf: NodeId, bytes: Uint8Array, from: number, to: number): void {
  const length = tree.valueLength(leaf) + to - from;
  if (length > tree.limits.largeValue || tree.largeValues === undefined) throw new DmError('TOO_LONG', 'value');
  if (!tree.isLarge(leaf)) spill(tree, tree.largeValues, leaf);
  const room = field(tree, leaf, Handle.Stride) + OVERLAP;
  for (let at = from; at < to; ) {
    let count = held(tree, leaf);
    if (count === room) {
      flush(tree, leaf, false);
      count = OVERLAP;
    }
    const end = Math.min(to, at + room - count);
    copyBytes(bytes, at, end, tree.bytes, tree.valueStart(leaf) + Handle.Size + count);
    setField(tree, leaf, Handle.Length, field(tree, leaf, Handle.Length) + end - at);
    at = end;
  }
}

/** The value of a large leaf is whole. @throws DmError `FLASH_FULL`, `FLASH_FAILED`. */
export function completeValue(tree: LargeArena, leaf: NodeId): void {
  flush(tree, leaf, true);
  const start = tree.valueStart(leaf);
  const handle = tree.bytes.slice(start, start + Handle.Size);
  tree.dropValue(leaf);
  tree.append(leaf, handle, 0, Handle.Size);
}

/** Finds byte `from` of a large leaf's value. @throws DmError `FLASH_FAILED` where the record is missing or damaged. */
export function seek(tree: LargeArena, leaf: NodeId, from: number): LargeValues {
  const values = tree.largeValues as LargeValues;
  const stride = field(tree, leaf, Handle.Stride);
  const last = lastPart(tree, leaf);
  const part = Math.min(Math.floor(from / stride), last);
  values.readPart(tree.objectOf(leaf), field(tree, leaf, Handle.Generation), part, stride);
  if (part === last) values.reach = field(tree, leaf, Handle.Length);
  return values;
}

/**
 * Copies a leaf's value from byte `from` on to the start of `into`.
 * @returns the count of bytes copied; 0 at or after the end.
 * @throws DmError `FLASH_FAILED`
 */
export function readValue(tree: LargeArena, leaf: NodeId, from: number, into: Uint8Array): number {
  const end = Math.min(tree.valueLength(leaf), from + into.length);
  let at = from;
  while (at < end) {
    let bytes = tree.bytes;
    let start = tree.valueStart(leaf);
    let to = end;
    if (tree.isLarge(leaf)) {
      const values = seek(tree, leaf, at);
      bytes = values.found;
      start = values.start;
      to = Math.min(to, values.reach);
    }
    copyBytes(bytes, start + at, start + to, into, at - from);
    at = to;
  }
  return at - from;
}

/** What stands for a large leaf's value in flash: JSON that no MO document may hold. FORMAT.md §6 defines it. */
export function reference(tree: LargeArena, leaf: NodeId): string {
  const fields = [tree.objectOf(leaf), tree.format(leaf) === Format.Bin ? 1 : 0];
  for (let at = Handle.Generation; at <= Handle.Stride; at += 2) fields.push(field(tree, leaf, at));
  return `["${fields.join(' ')}"]`;
}

/** Makes a leaf that is empty a large one. @param text of a `reference`, without what is around it. @throws DmError `BAD_MO` for anything else. */
export function refer(tree: LargeArena, leaf: NodeId, text: string): void {
  const fields = text.split(' ').map(Number);
  const isSound = fields[0] > 0 && fields[0] <= MOST_VALUES && fields[4] >= 1 && fields[3] / fields[4] < MOST_PARTS;
  if (!isSound) throw new DmError('BAD_MO', text);
  makeLarge(tree, leaf, fields[0], fields[2], fields[3], fields[4], Handle.Size);
  if (fields[1] > 0) tree.words[leaf + Word.Meta] += Format.Bin - Format.Chr;
}

/** True where a leaf has this value. */
export function refersTo(tree: LargeArena, number: number, generation: number): boolean {
  for (let id = tree.low; id < tree.words.length; id += Word.Count) {
    const isIt = tree.isLarge(id) && tree.objectOf(id) === number;
    if (isIt && field(tree, id, Handle.Generation) === generation) return true;
  }
  return false;
}

/** True where the values of two leaves of one length are the same. One that cannot be read is like no other. */
export function sameValue(tree: LargeArena, a: NodeId, b: NodeId): boolean {
  const length = tree.valueLength(a);
  try {
    for (let from = 0; from < length; ) {
      const to = Math.min(tree.sliceEnd(a, from, length), tree.sliceEnd(b, from, length));
      if (tree.valueSlice(a, from, to) !== tree.valueSlice(b, from, to)) return false;
      from = to;
    }
  } catch (_thrown) {
    return false;
  }
  return true;
}

/** A leaf is about to be released: a large value goes with the last leaf that has it. */
export function releaseValue(tree: LargeArena, leaf: NodeId): void {
  const number = tree.objectOf(leaf);
  const generation = field(tree, leaf, Handle.Generation);
  tree.words[leaf + Word.Meta] = 0;
  if (tree.largeValues !== undefined && !refersTo(tree, number, generation))
    tree.largeValues.removeValue(number, generation, lastPart(tree, leaf) + 1);
}

/** What has arrived of a leaf is too long for memory: it goes on in flash. */
function spill(tree: LargeArena, values: LargeValues, leaf: NodeId): void {
  const stride = values.stride;
  const start = tree.valueStart(leaf);
  const arrived = tree.bytes.slice(start, start + tree.blockLength(leaf));
  const generation = values.beginValue();
  let number = 1;
  while (refersTo(tree, number, generation)) number += 1;
  if (number > MOST_VALUES) throw new DmError('TREE_FULL', 'large values');
  tree.dropValue(leaf);
  makeLarge(tree, leaf, number, generation, 0, stride, Handle.Size + stride + OVERLAP);
  receiveLarge(tree, leaf, arrived, 0, arrived.length);
}

/** @param size of the leaf's block. */
function makeLarge(
  tree: LargeArena,
  leaf: NodeId,
  number: number,
  generation: number,
  length: number,
  stride: number,
  size: number,
): void {
  tree.append(leaf, new Uint8Array(size), 0, size);
  tree.words[leaf + Word.Meta] |= number << Meta.ObjectShift;
  setField(tree, leaf, Handle.Generation, generation);
  setField(tree, leaf, Handle.Length, length);
  setField(tree, leaf, Handle.Stride, stride);
}

/** Writes the part that is under way. */
function flush(tree: LargeArena, leaf: NodeId, last: boolean): void {
  const from = tree.valueStart(leaf) + Handle.Size;
  const to = from + held(tree, leaf);
  const generation = field(tree, leaf, Handle.Generation);
  const part = lastPart(tree, leaf);
  (tree.largeValues as LargeValues).writePart(tree.objectOf(leaf), generation, part, last, tree.bytes, from, to);
  tree.bytes.copyWithin(from, to - OVERLAP, to);
}

/** The last part that a large leaf's value has so far; it may be longer than others by what these have in common with the next. */
function lastPart(tree: LargeArena, leaf: NodeId): number {
  return Math.max(1, Math.ceil((field(tree, leaf, Handle.Length) - OVERLAP) / field(tree, leaf, Handle.Stride))) - 1;
}

/** Bytes of the part under way. */
function held(tree: LargeArena, leaf: NodeId): number {
  return field(tree, leaf, Handle.Length) - lastPart(tree, leaf) * field(tree, leaf, Handle.Stride);
}

function field(tree: LargeArena, leaf: NodeId, at: number): number {
  const place = tree.words[leaf + Word.Content] + at;
  return tree.words[place] + tree.words[place + 1] * 0x10000;
}

function setField(tree: LargeArena, leaf: NodeId, at: number, value: number): void {
  const place = tree.words[leaf + Word.Content] + at;
  tree.words[place] = value;
  tree.words[place + 1] = value >>> 16;
}
