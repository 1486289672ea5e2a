/** A text in `\uXXXX` escapes. Strings of an engine are in UTF-16, or of whole code points, as on XS: the halves of a pair are told by neither. */
export function jsonEscapes(text: string): string {
  return Array.from(text, (character) => {
    const point = character.codePointAt(0) as number;
    return point < 0x10000 ? unit(point) : unit(0xd7c0 + (point >> 10)) + unit(0xdc00 | (point & 0x3ff));
  }).join('');
}

function unit(value: number): string {
  return `\\u${value.toString(16).padStart(4, '0')}`;
}
