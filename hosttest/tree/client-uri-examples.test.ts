import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_NODE } from '../../src/tree/arena.js';
import { ClientUri } from '../../src/tree/client-uri.js';
import { Matches } from '../../src/tree/matches.js';
import { DEVICE_VIEWER } from '../../src/tree/mo-writer.js';
import { TreeStore } from '../../src/tree/tree-store.js';
import { limitsWith } from '../support/memory-device.js';
import { code } from '../support/thrown.js';
import { buildNode, type Plain } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';

// The examples of PROTOCOL.md §5, as they stand there.

const METER = 'urn:example:mo:meter:1.0';

const LIMITS = limitsWith({});

function log(first: number, second: number): Plain {
  return { 1: { Day: '3.1', Count: first }, 2: { Day: '3.2', Count: second } };
}

const tree = new TreeStore(utf8, LIMITS);
const matches = new Matches(tree, LIMITS);
tree.addInstance(METER, 'hall', buildNode(tree, 'Meter', { Kind: 'Water', Zone: 'N7', Log: log(40, 55) }));
tree.addInstance(METER, 'yard', buildNode(tree, 'Meter', { Kind: 'Heat', Zone: 'S4', Log: log(7, 9) }));

/** What the path behind the MOID addresses, without the MOID. */
function addressed(path: string): string[] {
  const uri = new ClientUri(`${METER}/${path}`, LIMITS);
  const found: string[] = [];
  matches.start(uri, uri.names.length, DEVICE_VIEWER);
  for (let node = matches.next(); node !== NO_NODE; node = matches.next()) {
    found.push(tree.uri(node).slice(METER.length + 1));
  }
  return found;
}

const EXAMPLES: [id: string, path: string, found: string[]][] = [
  ['URI-EX-1', 'hall/', ['hall/']],
  ['URI-EX-3', '(x)/?nv=(x)/Kind:Heat', ['yard/']],
  ['URI-EX-4', '(x)/Log/1/Count?nv=(x)/Kind:Water', ['hall/Log/1/Count']],
  ['URI-EX-5', 'yard/Log/(x)/Count?nv=(x)/Day:3.1', ['yard/Log/1/Count']],
  ['URI-EX-6', '(x)/Log/(y)/Count?nv=(x)/Kind:Water&nv=(y)/Day:3.2', ['hall/Log/2/Count']],
  ['URI-EX-7', '*/Zone', ['hall/Zone', 'yard/Zone']],
  ['URI-EX-8', '(x)/Log/*/Count?nv=(x)/Kind:Water', ['hall/Log/1/Count', 'hall/Log/2/Count']],
  ['URI-EX-9', '(x)/Log/*/Count?nv=(x)/Kind:Water&nv=(x)/Zone:S4', []],
  ['URI-EX-10', '*/Log/*/Count', ['hall/Log/1/Count', 'hall/Log/2/Count', 'yard/Log/1/Count', 'yard/Log/2/Count']],
];

for (const [id, path, found] of EXAMPLES) {
  test(`${path} addresses ${found.join(' and ') || 'nothing'} [${id}]`, () => {
    assert.equal(addressed(path), found);
  });
}

test('/ cannot be resolved: two instances [URI-EX-2]', () => {
  assert.throws(() => addressed('/'), code('AMBIGUOUS'));
});

test.run();
