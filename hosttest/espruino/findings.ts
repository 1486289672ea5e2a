import {
  type Function as AnyFunction,
  type AnyNode,
  type Class,
  type Identifier,
  type MemberExpression,
  parse,
} from 'acorn';
import { full, fullAncestor } from 'acorn-walk';
import {
  ASSIGNMENTS,
  CALL_AT_ONCE,
  GLOBALS,
  MEMBERS,
  NO_METHODS,
  NODES,
  OPERATORS,
  PLATFORM,
  PORT_BRINGS,
  STATICS,
} from './language.js';
import { declaredNames, languageMembers, nameOf, ownMembers } from './names.js';

/** One place where a bundle is more than Espruino runs. */
export interface Finding {
  /** Offset in the source. */
  readonly at: number;
  readonly what: string;
}

type Report = (node: AnyNode, what: string) => void;

function isFunction(node: AnyNode): node is AnyNode & AnyFunction {
  return /Function/.test(node.type);
}

function isClass(node: AnyNode): node is AnyNode & Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** Syntax that is refused, or that means something else. */
function checkSyntax(node: AnyNode, report: Report): void {
  if (!NODES.includes(node.type)) report(node, node.type);
  if (isFunction(node) && (node.async || node.generator)) report(node, 'async function or generator');
  switch (node.type) {
    case 'UnaryExpression':
    case 'UpdateExpression':
    case 'BinaryExpression':
    case 'LogicalExpression':
      if (!OPERATORS.includes(node.operator)) report(node, `operator ${node.operator}`);
      break;
    case 'AssignmentExpression':
      if (!ASSIGNMENTS.includes(node.operator)) report(node, `operator ${node.operator}`);
      if (node.left.type === 'MemberExpression' && node.left.object.type !== 'ThisExpression') {
        if (nameOf(node.left) === 'length') report(node, 'an array’s length is constant');
      }
      break;
    case 'Property':
      if (node.computed) report(node, 'computed key');
      break;
    case 'MethodDefinition':
      if (node.computed) report(node, 'computed key');
      else if (NO_METHODS.includes((node.key as Identifier).name)) report(node, 'method with the name of a keyword');
      break;
    case 'Literal':
      if (node.regex) report(node, 'regular expression');
      if (node.bigint) report(node, 'BigInt');
      if (typeof node.value === 'string' && [...node.value].some((character) => character > '\xff'))
        report(node, 'character of more than 8 bits');
      break;
    case 'ExportNamedDeclaration':
      if (node.declaration || node.source) report(node, 'export that is no list of names');
      break;
  }
}

/** Built-in objects, functions and members that are not there. */
function checkBuiltIns(
  node: AnyNode,
  isOwn: (member: string) => boolean,
  isGlobal: (name: string) => boolean,
  report: Report,
): void {
  if (node.type === 'Identifier') {
    if (isGlobal(node.name) && !GLOBALS.includes(node.name)) report(node, `no ${node.name}`);
  } else if (node.type === 'MemberExpression') {
    const name = nameOf(node);
    if (name === undefined) return;
    if (node.object.type === 'Identifier' && isGlobal(node.object.name)) {
      const member = `${node.object.name}.${name}`;
      if (!STATICS.includes(member) && name !== 'prototype') report(node, `no ${member}`);
    } else if (languageMembers.has(name) && !isOwn(name)) report(node, `no member ${name}`);
  }
}

/** `super` finds the parent of the object's own class, not that of the class in which it stands; and arrow functions do not know it. */
function checkSuper(member: MemberExpression, ancestors: AnyNode[], extended: Set<string>, report: Report): void {
  const within = ancestors.filter((node) => isFunction(node) || isClass(node));
  const method = within[within.length - 1];
  const owner = within[within.length - 2];
  if (method.type === 'ArrowFunctionExpression' || owner === undefined || !isClass(owner))
    report(member, 'super within a function');
  else if (owner.id && extended.has(owner.id.name))
    report(member, `super.${nameOf(member)} in a class that others extend`);
}

/** Where a class has no constructor, that of its parent is called once more, with what the parent gives to its own parent. */
function checkConstructor(owner: Class, parentOf: Map<string, string>, report: (what: string) => void): void {
  const has = owner.body.body.some((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  const parent = owner.superClass?.type === 'Identifier' ? owner.superClass.name : '';
  if (!has && parentOf.has(parent)) report(`no constructor in a class that extends ${parent}, which extends, too`);
}

/** Nothing is hoisted: what a function's own statements name must stand above them. */
function checkOrder(
  uses: { node: Identifier; within: AnyNode }[],
  declared: Identifier,
  within: AnyNode,
  report: Report,
): void {
  for (const { node, within: place } of uses) {
    if (place === within && node.name === declared.name && node.start < declared.start)
      report(node, `${node.name} is used before it is declared`);
  }
}

/** A loop has one variable for all its rounds. */
function checkLoop(loop: AnyNode, report: Report): void {
  const first =
    loop.type === 'ForStatement'
      ? loop.init
      : loop.type === 'ForInStatement' || loop.type === 'ForOfStatement'
        ? loop.left
        : null;
  if (first?.type !== 'VariableDeclaration') return;
  const variables = first.declarations.map(({ id }) => (id as Identifier).name);
  fullAncestor(loop, (node, _, ancestors) => {
    if (!isFunction(node)) return;
    const call = ancestors[ancestors.length - 2];
    const called =
      call?.type === 'CallExpression' && call.callee.type === 'MemberExpression' ? nameOf(call.callee) : '';
    if (CALL_AT_ONCE.includes(called ?? '')) return;
    const inner = declaredNames(node);
    const outer = variables.filter((name) => !inner.has(name));
    full(node, (use) => {
      if (use.type === 'Identifier' && outer.includes(use.name))
        report(node, `function that keeps the loop’s ${use.name}`);
    });
  });
}

/** Where a module leaves what Espruino’s interpreter runs, in the order of the source; none where it stays within. */
export function findings(source: string): Finding[] {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const found: Finding[] = [];
  const report: Report = (node, what) => found.push({ at: node.start, what });
  const declared = declaredNames(program);
  const own = ownMembers(program);
  const isOwn = (member: string) =>
    [MEMBERS, PLATFORM, PORT_BRINGS.members].some((names) => names.includes(member)) || own.has(member);
  const isGlobal = (name: string) => !declared.has(name);
  const extended = new Set<string>();
  /** Of each class that extends one. */
  const parentOf = new Map<string, string>();
  const uses: { node: Identifier; within: AnyNode }[] = [];
  const hoisted: { id: Identifier; within: AnyNode }[] = [];

  fullAncestor(program, (node, _, ancestors) => {
    const parents = ancestors.slice(0, -1);
    const within = [...parents].reverse().find(isFunction) ?? program;
    if (isClass(node) && node.superClass) {
      const { superClass } = node;
      if (superClass.type !== 'Identifier') report(superClass, 'extends what is no name');
      else if (isGlobal(superClass.name) && !PORT_BRINGS.superclasses.includes(superClass.name))
        report(superClass, `extends ${superClass.name}`);
      else extended.add(superClass.name);
      if (node.id && superClass.type === 'Identifier') parentOf.set(node.id.name, superClass.name);
    }
    if (node.type === 'Identifier') uses.push({ node, within });
    if (node.type === 'FunctionDeclaration' && node.id) hoisted.push({ id: node.id, within });
    if (node.type === 'VariableDeclaration' && node.kind === 'var')
      for (const { id } of node.declarations) hoisted.push({ id: id as Identifier, within });
  });
  for (const { id, within } of hoisted) checkOrder(uses, id, within, report);
  fullAncestor(program, (node, _, ancestors) => {
    checkSyntax(node, report);
    checkBuiltIns(node, isOwn, isGlobal, report);
    checkLoop(node, report);
    if (isClass(node)) checkConstructor(node, parentOf, (what) => report(node, what));
    if (node.type === 'MemberExpression' && node.object.type === 'Super')
      checkSuper(node, ancestors.slice(0, -1), extended, report);
  });
  return found.sort((a, b) => a.at - b.at);
}
