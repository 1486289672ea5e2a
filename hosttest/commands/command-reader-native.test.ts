import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loggedReader } from '../support/command-log.js';
import { isDmError } from '../support/cuts.js';
import { utf8 } from '../support/utf8.js';

test('what is parsed natively can make no property name, and no deep nesting', () => {
  const parse = JSON.parse;
  let texts = 0;
  JSON.parse = (text: string) => {
    texts += 1;
    assert.not(text.includes('{'), text);
    assert.ok(text.split('[').length <= 19, text);
    return parse(text);
  };
  try {
    for (const odd of ['{"a":1}', '{}', '"{"', '['.repeat(300), '["x",'.repeat(60)]) {
      const { reader } = loggedReader();
      const bytes = utf8.encode(`{"CMD":[["END"],["END"],["GET",${odd}],["END"],["END"],["GET","`);
      try {
        reader.read(bytes, 0, bytes.length, true);
      } catch (thrown) {
        assert.ok(isDmError(thrown), String(thrown));
      }
    }
    const { reader, lines } = loggedReader();
    const bytes = utf8.encode(`{"CMD":[${'["END"],'.repeat(99)}["END"]]}`);
    reader.read(bytes, 0, bytes.length);
    assert.is(lines.length, 100);
  } finally {
    JSON.parse = parse;
  }
  assert.ok(texts > 5, `${texts} texts`);
});

test.run();
