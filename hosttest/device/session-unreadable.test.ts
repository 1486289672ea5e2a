import type { Fault, PackageScript } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVINFO, IMS, MMS, mmsDocument, NAP } from '../support/device-bootstrap.js';
import { onStage, orUncaught, type Stage } from '../support/device-fixture.js';

// PROTOCOL.md ST-6 to ST-9: what stands before the damage has run; one Package#3 says so, with one 400 behind it.
const test = suite('session: unreadable packages');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
/** Runs, fails with 404, runs. */
const COMMANDS = [
  ['DEFAULT', 'https://cfg.example/mms', MMS],
  ['GET', `${NAP}//`],
  ['DEFAULT', 'https://cfg.example/ims', IMS],
];
const TEXT = JSON.stringify({ CMD: COMMANDS });
const AFTER: PackageScript = { CMD: [GET_ID] };

/** Place behind the `count` first commands of TEXT. */
function behind(count: number): number {
  return `{"CMD":[${COMMANDS.slice(0, count)
    .map((command) => JSON.stringify(command))
    .join(',')}`.length;
}

/** The codes of the first Package#3, and how many DEFAULTs are set, for one damaged package. */
async function damage(stage: Stage, script: PackageScript): Promise<[number[], number]> {
  const device = await stage.start();
  const { code, statuses } = await device.converse([script, AFTER]);
  assert.equal([code, statuses[1], statuses.length], ['', [200], 2], JSON.stringify(script));
  return [statuses[0], device.client.device.defaults.rows.length];
}

test(
  'broken JSON: the commands before it have run [ST-6 ST-7 ST-8]',
  onStage(async (stage) => {
    for (const [count, statuses, defaults] of [
      [0, [400], 0],
      [1, [200, 400], 1],
      [2, [200, 404, 400], 1],
      [3, [200, 404, 200, 400], 2],
    ] as const) {
      const text = `${TEXT.slice(0, behind(count))}}${TEXT.slice(behind(count))}`;
      assert.equal(await damage(stage, { text }), [statuses, defaults], text);
    }
  }),
);

test(
  'one broken byte, at every place of the package [ST-6 ST-7 ST-8]',
  onStage(async (stage) => {
    const device = await stage.start();
    const packages = Array.from(TEXT, (_, at) => ({ text: TEXT, fault: { kind: 'broken' as const, at, byte: 1 } }));
    stage.server.setSessions(packages.map((script) => ({ packages: [script, AFTER] })));
    for (let at = 0; at < TEXT.length; at += 1) {
      stage.forget(device);
      assert.is(await device.session(), undefined, `byte ${at}`);
      const done = [1, 2, 3].filter((count) => behind(count) <= at).length;
      const expected = ['#3', ...[200, 404, 200].slice(0, done), 400].join(' ');
      assert.equal(stage.seen, ['#1', expected, '#3 200'], `byte ${at}`);
    }
  }),
);

test(
  'cut short at every place of the package [ST-6 ST-7 ST-8]',
  onStage(async (stage) => {
    const device = await stage.start();
    const ends = Array.from({ length: TEXT.length }, (_, at) => at);
    stage.server.setSessions(
      ends.map((at) => ({ packages: [{ text: TEXT, fault: { kind: 'truncated', at } }, AFTER] })),
    );
    for (const at of ends) {
      stage.forget(device);
      assert.is(await device.session(), undefined, `end at ${at}`);
      const done = [1, 2, 3].filter((count) => behind(count) <= at).length;
      const expected = ['#3', ...[200, 404, 200].slice(0, done), 400].join(' ');
      assert.equal(stage.seen, ['#1', expected, '#3 200'], `end at ${at}`);
    }
  }),
);

test(
  'the connection closes in the body, or the body is shorter than announced',
  onStage(async (stage) => {
    const faults: Fault[] = [
      { kind: 'close', after: behind(2) },
      { kind: 'close', after: TEXT.length - 1 },
      { kind: 'length', by: 5 },
      { kind: 'length', by: -2 },
      { kind: 'length', by: -3 },
    ];
    const expected = [
      [[200, 404, 400], 1],
      [[200, 404, 200, 400], 2],
      [[200, 404, 200, 400], 2],
      [[200, 404, 200, 400], 2],
      [[200, 404, 400], 1],
    ];
    for (const [index, fault] of faults.entries()) {
      assert.equal(await damage(stage, { text: TEXT, fault }), expected[index], JSON.stringify(fault));
    }
  }),
);

test(
  'well-formed JSON that is no package [ST-6 ST-8]',
  onStage(async (stage) => {
    const texts = [
      '',
      '{}',
      '[]',
      'null',
      '5',
      '"CMD"',
      '{"cmd":[]}',
      '{"CMD":5}',
      '{"CMD":{}}',
      '{"CMD":null}',
      '{"CMD":"END"}',
      '[["END"]]',
    ];
    for (const text of texts) assert.equal(await damage(stage, { text }), [[400], 0], text);
  }),
);

test(
  'a byte order mark, bytes that are no UTF-8 and matter behind the package make it unreadable [PKG-4]',
  onStage(async (stage) => {
    assert.equal(await damage(stage, { text: `\ufeff${TEXT}` }), [[400], 0]);
    assert.equal(await damage(stage, { text: `${TEXT}x` }), [[200, 404, 200, 400], 2]);
    assert.equal(await damage(stage, { text: `${TEXT}{}` }), [[200, 404, 200, 400], 2]);
    const fault = { kind: 'broken' as const, at: TEXT.indexOf('cfg'), byte: 0xff };
    assert.equal(await damage(stage, { text: TEXT, fault }), [[400], 0]);
  }),
);

test(
  'nesting beyond the limit makes a package unreadable, even in a member that is skipped',
  onStage(async (stage) => {
    const text = `${TEXT.slice(0, -1)},"Extra":${'['.repeat(200)}${']'.repeat(200)}}`;
    assert.equal(await damage(stage, { text }), [[200, 404, 200, 400], 2]);
  }),
);

test(
  'a fetch before the damage is done first',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start();
    const text = JSON.stringify({ CMD: [['HGET', '{origin}/mms'], GET_ID] });
    const { statuses } = await device.converse([{ text: text.slice(0, -1) }]);
    assert.equal(statuses, [[200, 200, 400]]);
    assert.equal(stage.seen, ['#1', 'GET /mms', '#3 200 200 400']);
    assert.equal(device.client.local.instances(MMS), ['m1']);
  }),
);

test(
  'a fetch before the place at which the connection closed is done too',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start();
    const command = ['HGET', `${stage.server.origin}/mms`];
    const text = JSON.stringify({ CMD: [command, GET_ID, GET_ID] });
    const { code, statuses } = await device.converse([{ text, fault: { kind: 'close', after: text.length - 10 } }]);
    assert.equal([code, statuses], ['', [[200, 200, 400]]]);
    assert.equal(device.client.local.instances(MMS), ['m1']);
  }),
);

test(
  'a second unreadable package in a row ends the session with BAD_PACKAGE [ST-9]',
  onStage(async (stage) => {
    const device = await stage.start();
    const { code, error, statuses } = await device.converse([{ text: '{' }, { text: '{"CMD":[["GET"],' }, AFTER]);
    assert.equal([code, statuses], ['BAD_PACKAGE', [[400]]]);
    assert.is((error?.cause as { code: string } | undefined)?.code, 'CUT_SHORT');
    assert.equal(stage.seen, ['#1', '#3 400']);
    assert.is(await device.session(), undefined);
  }),
);

test(
  'commands of the second unreadable package have run, too',
  onStage(async (stage) => {
    const device = await stage.start();
    const { code } = await device.converse([{ text: '{' }, { text: TEXT.slice(0, -1) }]);
    assert.is(code, 'BAD_PACKAGE');
    assert.is(device.client.device.defaults.rows.length, 2);
  }),
);

test(
  'unreadable packages that do not follow one another are answered each',
  onStage(async (stage) => {
    const device = await stage.start();
    const { code } = await device.converse([{ text: '{' }, AFTER, { text: '[' }, AFTER, { text: '{"CMD"' }, AFTER]);
    assert.is(code, '');
    assert.equal(stage.seen, ['#1', '#3 400', '#3 200', '#3 400', '#3 200', '#3 400', '#3 200']);
  }),
);

test(
  'a package that is damaged behind a full reply buffer is answered, for every size of the buffer',
  onStage(async (stage) => {
    const commands = Array.from({ length: 24 }, (_, index) => [index % 2 === 0 ? 'NONSENSE' : 'GET']);
    const text = JSON.stringify({ CMD: commands }).slice(0, -1);
    for (let reply = 72; reply < 72 + 7; reply += 1) {
      const device = await stage.start({ limits: { reply }, encodings: 20000 });
      const { code, statuses } = await orUncaught(device.converse([{ text }]));
      assert.is(code, '', `reply buffer of ${reply}`);
      const [codes] = statuses;
      assert.is(codes.length, 25);
      assert.is(codes[24], 400);
      assert.is(codes[23], 413);
      const answered = codes.indexOf(413);
      assert.equal(
        codes.slice(0, answered),
        commands.slice(0, answered).map(([name]) => (name === 'GET' ? 400 : 501)),
      );
      assert.ok(codes.slice(answered, 24).every((status) => status === 413));
    }
  }),
);

test.run();
