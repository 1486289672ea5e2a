import * as fs from 'node:fs';
import { CommandCode } from 'dmlet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { measureFlash } from './flash.js';
import { FLEET_MUST, judged, measureFleet } from './fleet.js';
import { expectedCommand, makePackage2 } from './package2.js';
import {
  clarinetReader,
  dmletReader,
  dmletTextReader,
  jsonParseReader,
  jsonParseStringReader,
  jsonparseReader,
  streamparserReader,
} from './package2-readers.js';
import { bundleParts, partsTable } from './parts.js';
import { textReport } from './report.js';
import { jsonReport, measureNode } from './results.js';
import { leafUris, NODES, type SampleNode, sampleTree } from './sample-tree.js';
import { measureSize } from './size.js';

const READERS = {
  dmletTextReader,
  jsonParseReader,
  jsonParseStringReader,
  clarinetReader,
  jsonparseReader,
  streamparserReader,
};

/** Enough to run all the code; the times are of no use. */
const QUICK = { rounds: 1, sample: 0.01, warmUp: 0 };

const RATIOS = ['clarinet', 'dmlet', 'dmletText', 'jsonParseString', 'jsonparse', 'streamparser'];

for (const [name, make] of Object.entries(READERS)) {
  test(`${name} finds every command and parameter, in one package after another`, () => {
    const found: string[][] = [];
    const read = make((command) => found.push(command));
    for (const commands of [50, 3, 500]) {
      found.length = 0;
      read(makePackage2(commands));
      assert.equal(
        found,
        Array.from({ length: commands }, (_, index) => expectedCommand(index)),
      );
    }
  });
}

test('dmletReader finds the same in its record', () => {
  let commands = 0;
  const read = dmletReader((command) => {
    assert.is(command.code, CommandCode.Hget);
    assert.is(command.count, 2);
    assert.equal([command.name(), ...command.parameters()], expectedCommand(commands));
    commands += 1;
    return true;
  });
  read(makePackage2(500));
  assert.is(commands, 500);
});

test('packages are of the size that the budgets say', () => {
  const { bytes, chunks } = makePackage2(50);
  assert.is(Math.round(bytes / 102.4) / 10, 3.5);
  assert.ok(chunks.slice(0, -1).every((chunk) => chunk.length === 536));
  assert.is(Buffer.concat(chunks).length, bytes);
});

test('the sample tree has 196 nodes, 144 different leaves, 40 names, and no two siblings of one name', () => {
  const names = new Set<string>();
  const count = (nodes: readonly SampleNode[]): number => {
    assert.is(new Set(nodes.map(({ name }) => name)).size, nodes.length);
    for (const { name } of nodes) names.add(name);
    return nodes.reduce((sum, { children }) => sum + count(children), nodes.length);
  };
  assert.is(count(sampleTree()), NODES);
  assert.is(names.size, 40);
  assert.ok([...names].every((name) => name.length >= 2 && name.length <= 9));
  assert.is(new Set(leafUris(sampleTree())).size, 144);
});

test('the fleet comes back the same way each time, evenly but for chance [HTTP-14]', () => {
  const results = measureFleet();
  assert.equal(measureFleet(), results);
  for (const result of results) {
    const { outage, until, tries, ratio, chance, policy } = result;
    assert.ok(until > 0 && until < outage && tries > 1, `${outage} s`);
    assert.ok(ratio >= chance && chance > 1 && policy > 1, `${outage} s`);
    assert.ok(policy < 2 && judged(result) < FLEET_MUST, `${outage} s: ${policy}, ${judged(result)}`);
    assert.is(judged(result), outage > 3600 ? policy : ratio);
  }
});

test('the parts of the bundle are files of the core, and together all of it', () => {
  const parts = bundleParts();
  for (const { file } of parts) assert.ok(fs.existsSync(`src/${file}`), file);
  assert.ok(parts.some(({ file, bytes }) => file === 'client.ts' && bytes > 1000));
  const whole = measureSize().minified;
  assert.is(parts.reduce((sum, { bytes }) => sum + bytes, 0) + 1, whole, 'all but the line end');
  assert.match(partsTable(parts), new RegExp(`together +${whole - 1} +100.0 %`));
});

test('flash is written no more than the budgets say', () => {
  const { unchanged, newDefault, replaced, records } = measureFlash();
  assert.equal([unchanged, newDefault], [0, 2]);
  assert.ok(records > 3 && replaced > records && replaced <= records + 2, `${replaced} for ${records}`);
});

test('the reports have the agreed shape, and figures in them', () => {
  const results = measureNode(QUICK);
  const report = jsonReport(results);
  assert.equal(Object.keys(report), ['reader', 'tree', 'mo', 'size', 'fleet', 'flash']);
  assert.equal(Object.keys(report.reader.node), ['b50', 'b500']);
  assert.equal(Object.keys(report.reader.node.b50).sort(), RATIOS);
  assert.equal(Object.keys(report.reader.node.b500).sort(), RATIOS);
  assert.equal(Object.keys(report.tree), ['bytesPerNode', 'lookupRatio']);
  assert.equal(Object.keys(report.size), ['minified']);
  const figures = [report.reader.node.b50, report.reader.node.b500, report.tree, report.size, report.fleet].flatMap(
    (figuresOf): number[] => Object.values(figuresOf),
  );
  for (const figure of figures) assert.ok(Number.isFinite(figure) && figure > 0);
  assert.match(textReport(results, new Date(0)), /1970-01-01 00:00 UTC/);
});

test.run();
