// What Espruino's interpreter runs, of what a bundle may want. Each entry was tried on its build for Linux (version 2v29); what its list of
// features promises and that build does not do is not here.

/** Kinds of syntax tree nodes. */
export const NODES: readonly string[] = [
  'ArrayExpression',
  'ArrowFunctionExpression',
  'AssignmentExpression',
  'BinaryExpression',
  'BlockStatement',
  'BreakStatement',
  'CallExpression',
  'CatchClause',
  'ClassBody',
  'ClassDeclaration',
  'ClassExpression',
  'ConditionalExpression',
  'ContinueStatement',
  'DoWhileStatement',
  'EmptyStatement',
  'ExportNamedDeclaration',
  'ExpressionStatement',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'FunctionDeclaration',
  'FunctionExpression',
  'Identifier',
  'IfStatement',
  'Literal',
  'LogicalExpression',
  'MemberExpression',
  'MethodDefinition',
  'NewExpression',
  'ObjectExpression',
  'Program',
  'Property',
  'ReturnStatement',
  'SequenceExpression',
  'Super',
  'SwitchCase',
  'SwitchStatement',
  'TemplateElement',
  'TemplateLiteral',
  'ThisExpression',
  'ThrowStatement',
  'TryStatement',
  'UnaryExpression',
  'UpdateExpression',
  'VariableDeclaration',
  'VariableDeclarator',
  'WhileStatement',
];

/** Operators of one and two operands. */
export const OPERATORS: readonly string[] =
  '! ~ + - * / % & | ^ << >> >>> < <= > >= == != === !== && || in instanceof typeof void delete ++ --'.split(' ');

/** Operators of assignments. */
export const ASSIGNMENTS: readonly string[] = '= += -= *= /= %= &= |= ^= <<= >>= >>>='.split(' ');

/** Words that its parser takes as the name of a property, but not as that of a method. */
export const NO_METHODS: readonly string[] =
  'break case catch class const continue default delete do else false finally function if in instanceof let new null of return static super switch this throw true try typeof var void while'.split(
    ' ',
  );

/** Functions and objects that are there from the start. */
export const GLOBALS: readonly string[] = [
  'Array',
  'ArrayBuffer',
  'Date',
  'Error',
  'Infinity',
  'JSON',
  'Math',
  'NaN',
  'Number',
  'Object',
  'String',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'decodeURIComponent',
  'encodeURIComponent',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'undefined',
];

/** Members of those. */
export const STATICS: readonly string[] = [
  'Array.isArray',
  'Date.now',
  'Date.parse',
  'JSON.parse',
  'JSON.stringify',
  'Math.abs',
  'Math.ceil',
  'Math.floor',
  'Math.max',
  'Math.min',
  'Math.pow',
  'Math.random',
  'Math.round',
  'Math.sign',
  'Number.MAX_VALUE',
  'Object.assign',
  'Object.create',
  'Object.defineProperty',
  'Object.getPrototypeOf',
  'Object.keys',
  'Object.setPrototypeOf',
  'String.fromCharCode',
];

/** Members of strings, numbers, arrays, typed arrays, functions and errors; `lastIndexOf` of strings only. */
export const MEMBERS: readonly string[] =
  `apply bind buffer byteLength byteOffset call charAt charCodeAt concat constructor endsWith every fill filter find findIndex forEach
  hasOwnProperty includes join lastIndexOf length map match message padStart pop prototype push reduce repeat replace replaceAll reverse set shift
  slice some sort splice startsWith subarray substring toFixed toLowerCase toString toUpperCase trim unshift`.split(
    /\s+/,
  );

/**
 * What the core wants and Espruino has not, for a port to bring along in front of the bundle: a class to extend, since that which is there
 * cannot be called by `super`; `copyWithin`; a `split` that knows its second parameter; and an `indexOf` that finds whole texts only.
 */
export const PORT_BRINGS = { superclasses: ['Error'], members: ['copyWithin', 'indexOf', 'split'] };

/** Functions that have called their argument when they return: it may look at the variable of a loop, of which there is one for all rounds. */
export const CALL_AT_ONCE: readonly string[] = ['commitOrNote', 'every', 'filter', 'find', 'guard', 'map', 'some'];

/** Members of what a platform gives the core (src/hal/) that some object of the language has, too. */
export const PLATFORM: readonly string[] = ['keys'];
