import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findings } from './findings.js';

// Each ban works: what Espruino does not run, or runs otherwise, is found; what is close to it and runs is not.

/** Sources that Espruino refuses or runs otherwise, with what is found in each. */
const REFUSED: [source: string, ...found: string[]][] = [
  ['const { a } = b0();function b0() {}', 'ObjectPattern', 'b0 is used before it is declared'],
  ['const [a] = [1];', 'ArrayPattern'],
  ['const f = (a = 2) => a;', 'AssignmentPattern'],
  ['const f = (...a) => a;', 'RestElement'],
  ['const a = [...[1]];', 'SpreadElement'],
  ['const a = { ...{ b: 1 } };', 'SpreadElement'],
  ['const k = "x", a = { [k]: 1 };', 'computed key'],
  ['const k = "x"; class A { [k]() {} }', 'computed key'],
  ['let a; const b = a?.c;', 'ChainExpression'],
  ['let a; const b = a ?? 3;', 'operator ??'],
  ['let a; a ||= 3;', 'operator ||='],
  ['const a = 2 ** 3;', 'operator **'],
  ['let a = 2; a **= 3;', 'operator **='],
  ['function* g() { yield 1; }', 'async function or generator', 'YieldExpression'],
  ['async function f() { await 1; }', 'async function or generator', 'AwaitExpression'],
  ['a: for (;;) for (;;) break a;', 'LabeledStatement'],
  ['class A { #b = 1; }', 'PropertyDefinition'],
  ['class A { static { } }', 'StaticBlock'],
  ['class A { of() {} }', 'method with the name of a keyword'],
  ['class A { delete() {} }', 'method with the name of a keyword'],
  ['const a = 1n;', 'BigInt'],
  ['const a = /b/;', 'regular expression'],
  ['const a = "\\u20ac";', 'character of more than 8 bits'],
  ['function F() { return new.target; }', 'MetaProperty'],
  ['const tag = (a) => a; tag`b`;', 'TaggedTemplateExpression'],
  ['export const a = 1;', 'export that is no list of names'],
  ['export { a } from "b";', 'export that is no list of names'],
  ['import a from "b";', 'ImportDeclaration', 'ImportDefaultSpecifier'],
  ['const a = [1]; a.length = 0;', 'an array’s length is constant'],
  ['f(); function f() {}', 'f is used before it is declared'],
  ['function f() { a = 1; var a; return a; }', 'a is used before it is declared'],
  ['const a = []; for (let i = 0; i < 3; i += 1) a.push(() => i);', 'function that keeps the loop’s i'],
  ['const a = []; for (const i of [1]) a.push(function () { return i; });', 'function that keeps the loop’s i'],
  [
    'class A { m() {} } class B extends A { m() { super.m(); } } class C extends B { constructor() { super(); } }',
    'super.m in a class that others extend',
  ],
  ['class A { m() {} } class B extends A { m() { [1].map(() => super.m()); } }', 'super within a function'],
  [
    'class A {} class B extends A { constructor() { super(); } } class C extends B {}',
    'no constructor in a class that extends B, which extends, too',
  ],
  ['const a = { A: class {} }; class B extends a.A {}', 'extends what is no name'],
  ['class A extends Array {}', 'extends Array'],
  ['const a = new Map();', 'no Map'],
  ['const a = Symbol("b");', 'no Symbol'],
  ['const a = new TextDecoder();', 'no TextDecoder'],
  ['const a = Promise.resolve(1);', 'no Promise', 'no Promise.resolve'],
  ['const a = Number.isInteger(1);', 'no Number.isInteger'],
  ['const a = Object.freeze({});', 'no Object.freeze'],
  ['const a = Math.imul(1, 2);', 'no Math.imul'],
  ['const a = Array.from([1]);', 'no Array.from'],
  ['const a = [1].at(0);', 'no member at'],
  ['const a = [1].flat();', 'no member flat'],
  ['const a = "b".codePointAt(0);', 'no member codePointAt'],
  ['const a = "b"["codePointAt"](0);', 'no member codePointAt'],
];

for (const [source, ...found] of REFUSED) {
  test(`refused: ${source}`, () => {
    assert.equal([...new Set(findings(source).map(({ what }) => what))].sort(), found.sort());
  });
}

/** Sources that Espruino runs as every engine does. */
const RUN = [
  'class A { constructor(x) { this.x = x; } get v() { return this.x; } static s() {} set() {} get() {} }',
  'class A { m() {} } class B extends A { constructor() { super(); } m() { return super.m(); } }',
  'class A {} class B extends A {} class C extends A { constructor() { super(); } } class D extends C { constructor() { super(); } }',
  'class A extends Error { constructor(m) { super(m); } }',
  'class A { constructor() { this.length = 0; this.at = 1; } m() { return this.at; } }',
  'const a = []; for (let i = 0; i < 3; i += 1) { const j = i; a.push(() => j); }',
  'const a = [1]; for (let i = 0; i < 3; i += 1) a.some((b) => b === i);',
  'const a = [1]; for (let i = 0; i < 3; i += 1) a.forEach((i) => a.indexOf(i));',
  'const f = () => g(); function g() {} f();',
  'const a = `b`; const b = a >= "b" ? a.slice(1) : void 0;',
  'try { throw 1; } catch { } finally { }',
  'switch (1) { case 1: break; default: }',
  'const a = new Uint16Array(4); a.copyWithin(0, 1, 2); a.set(a.subarray(1), 0);',
  'const a = 1; export { a as b };',
];

for (const source of RUN) {
  test(`run: ${source}`, () => {
    assert.equal(findings(source), []);
  });
}

test('a finding tells its place', () => {
  assert.equal(findings('const a = 1;\nconst b = 2 ** a;'), [{ at: 23, what: 'operator **' }]);
});

test.run();
