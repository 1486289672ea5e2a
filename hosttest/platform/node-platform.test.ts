import { nodePlatform } from 'dmlet/node';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryFlash } from '../support/memory-flash.js';

test('shows pages where there is something to show them with', () => {
  const shown: string[] = [];
  const { ui } = nodePlatform(new MemoryFlash(), {}, { show: (url) => shown.push(url) });
  ui?.show('https://portal.example/');
  assert.equal(shown, ['https://portal.example/']);
  assert.is(nodePlatform(new MemoryFlash(), {}).ui, undefined);
});

test('knows what it was told of itself', () => {
  const { identity } = nodePlatform(new MemoryFlash(), { Bearer: '2', Roaming: '1', MNC: '01' });
  const values = ['Bearer', 'Roaming', 'MNC', 'MCC', 'toString'].map((name) => identity.value(name));
  assert.equal(values, ['2', '1', '01', '', '']);
});

test.run();
