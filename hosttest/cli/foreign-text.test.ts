import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmlet, type Ended, eventsOf, linesOf, only } from './program.js';
import { bootstrapFor, type MoElement, NAP, withScene } from './samples.js';

/** Clears a terminal, colors it red; the second begins with the one-byte form of ESC [. */
const NASTY = 'A\u001b[2J\r\nB\u009b31mC\u0000\u007f';

/** What a server or a bootstrap sends must not reach the terminal as anything but text. */
function assertPlain({ stdout, stderr }: Ended): void {
  const control = [...stdout, ...stderr].find((char) => {
    const code = char.charCodeAt(0);
    return (code < 0x20 && char !== '\n') || (code >= 0x7f && code < 0xa0);
  });
  assert.is(control === undefined ? '' : JSON.stringify(control), '', stdout + stderr);
}

test('shows foreign commands as text', async () => {
  const CMD = [
    [NASTY, NASTY],
    ['GET', `${NAP}/${NASTY}/`],
    ['HGET', `{origin}/${NASTY}`],
    ['SHOW', 'x\ny'],
  ];
  await withScene({ sessions: [{ packages: [{ CMD }] }] }, bootstrapFor, async ({ bootstrap, state }) => {
    const ended = await dmlet('run', '--bootstrap', bootstrap, '--state', state);
    assert.is(ended.code, 0);
    assertPlain(ended);
    const lines = linesOf(ended.stdout).filter((line) => / (501|404|400) /.test(line));
    assert.is(lines.length, CMD.length, ended.stdout);
  });
});

test('keeps one event a line in JSON, whatever is in it', async () => {
  const CMD = [[NASTY, NASTY]];
  await withScene({ sessions: [{ packages: [{ CMD }] }] }, bootstrapFor, async ({ run }) => {
    const events = eventsOf((await run()).stdout);
    assert.equal(
      only(events, 'command').map(({ name, parameters }) => [name, ...(parameters as string[])]),
      [...CMD, ['END']],
    );
  });
});

test('shows foreign nodes as text', async () => {
  const nap: MoElement = { ClientURI: `${NAP}//`, MOData: { [NASTY]: { [NASTY]: NASTY, [`${NASTY}2`]: { x: 1 } } } };
  await withScene(
    {},
    () => ({ MO: [nap] }),
    async ({ bootstrap, state }) => {
      assertPlain(await dmlet('run', '--bootstrap', bootstrap, '--state', state));
      const ended = await dmlet('inspect', '--state', state);
      assertPlain(ended);
      const drawn = linesOf(ended.stdout).slice(0, linesOf(ended.stdout).indexOf('DEFAULT table'));
      // Title, MOID, MIID, root, leaf, node, leaf; MOID, MIID, root and leaf of DevInfo; the empty line.
      assert.is(drawn.length, 12, ended.stdout);
    },
  );
});

test('refuses a bad bootstrap in one line, whatever is in it', async () => {
  await withScene(
    {},
    () => ({ CMD: [[NASTY]] }),
    async ({ bootstrap, state }) => {
      const ended = await dmlet('run', '--bootstrap', bootstrap, '--state', state);
      assert.is(ended.code, 1);
      assertPlain(ended);
      assert.is(linesOf(ended.stderr).length, 1, ended.stderr);
      assert.match(ended.stderr, /^dmlet: BAD_BOOTSTRAP: /);
    },
  );
});

test.run();
