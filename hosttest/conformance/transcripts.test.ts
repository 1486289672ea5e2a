import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { play } from './player.js';
import { readTranscript } from './transcript.js';

// README.md says how a transcript is written. Each is a test.
const ROOT = resolve(import.meta.dirname, '../../../..');
const FOLDER = join(ROOT, 'hosttest/conformance/transcripts');

const test = suite('transcripts');
const known = new Set(readFileSync(join(ROOT, 'src/PROTOCOL.md'), 'utf8').match(/(?<=\*\*\[)[A-Z0-9-]+(?=\])/g));
const titles = new Set<string>();

for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!file.endsWith('.md')) continue;
  const transcript = readTranscript(readFileSync(join(FOLDER, file), 'utf8'), file);
  const ids = transcript.proves.map(({ text }) => text);
  test(`${transcript.title} [${ids.join(', ')}]`, async () => {
    assert.not(titles.has(transcript.title), 'a title of its own');
    titles.add(transcript.title);
    const unknown = ids.filter((id) => !known.has(id));
    assert.equal(unknown, [], `${file}: ids of PROTOCOL.md`);
    await play(transcript);
  });
}

test.run();
