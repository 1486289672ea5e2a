import type { AnyNode, MemberExpression, Pattern, Program } from 'acorn';
import { full } from 'acorn-walk';

/** Name of the member, undefined where it is worked out when the program runs. */
export function nameOf({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

function languageNames(): Set<string> {
  const names = new Set<string>();
  const objects: object[] = [
    Array,
    ArrayBuffer,
    DataView,
    Date,
    Error,
    Function,
    Number,
    Object,
    Promise,
    RegExp,
    String,
    Uint8Array,
  ]
    .map(({ prototype }) => prototype as object)
    .concat([Map, Set, Symbol, WeakMap].map(({ prototype }) => prototype as object));
  for (const object of objects) {
    for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      for (const name of Object.getOwnPropertyNames(at)) names.add(name);
    }
  }
  return names;
}

/** Every member that an object of the language has on this engine, which has far more than Espruino. */
export const languageMembers: ReadonlySet<string> = languageNames();

/** All names that are declared in a program, wherever, or in a part of it: what it uses beside them is from outside. */
export function declaredNames(program: AnyNode): Set<string> {
  const names = new Set<string>();
  const add = (pattern: Pattern | null | undefined): void => {
    if (!pattern) return;
    full(pattern, (node) => {
      if (node.type === 'Identifier') names.add(node.name);
    });
  };
  full(program, (node: AnyNode) => {
    if (node.type === 'VariableDeclarator') add(node.id);
    else if (node.type === 'CatchClause') add(node.param);
    else if ('params' in node) node.params.forEach(add);
    if ('id' in node && node.type !== 'VariableDeclarator') add(node.id);
  });
  return names;
}

/** All names of methods, fields and keys that a program makes itself: a use of one is no use of the language's of that name. */
export function ownMembers(program: Program): Set<string> {
  const names = new Set<string>();
  full(program, (node: AnyNode) => {
    if ((node.type === 'MethodDefinition' || node.type === 'Property') && node.key.type === 'Identifier')
      names.add(node.key.name);
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      const name = node.left.object.type === 'ThisExpression' ? nameOf(node.left) : undefined;
      if (name !== undefined) names.add(name);
    }
  });
  return names;
}
