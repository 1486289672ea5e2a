import { FlashResult } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bootstrapWith,
  DEVINFO,
  FOREIGN,
  IMS,
  MMS,
  mmsDocument,
  NAP,
  napDocument,
} from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md SES-11 to SES-13, SES-25 to SES-27, ST-1, PKG2-4 to PKG2-8: the commands of a package, one after the other.
const test = suite('session: commands');

const GET_ID = ['GET', `${DEVINFO}//DevID`];

test(
  'commands run one after the other: a fetch is finished before the next command begins [SES-11 SES-12]',
  onStage(async (stage) => {
    let running = 0;
    let most = 0;
    for (const name of ['mms', 'nap']) {
      const document = name === 'mms' ? mmsDocument() : napDocument();
      stage.server.setResource(`/${name}`, (_, response) => {
        running += 1;
        most = Math.max(most, running);
        response.setHeader('Content-Type', 'application/vnd.oma.dm.mo+json');
        setTimeout(() => {
          running -= 1;
          response.end(JSON.stringify(document));
        }, 5);
      });
    }
    const device = await stage.start();
    const origin = stage.server.origin;
    const replies = await device.run(
      ['HGET', `${origin}/mms`],
      ['GET', `${MMS}//Name`],
      ['HGET', `${origin}/nap`],
      ['HGET', `${origin}/mms`, `${MMS}//`],
      ['DELETE', `${NAP}//`],
    );
    assert.equal(
      replies.map(({ sc }) => sc),
      [200, 200, 200, 200, 200],
    );
    assert.is(most, 1);
    assert.equal(device.client.local.instances(NAP), []);
    const names = device.log.about('session').map((line) => line.split(' ')[1]);
    assert.equal(names, ['HGET', 'GET', 'HGET', 'HGET', 'DELETE', 'END']);
  }),
);

test(
  'at most two connections are open: the package and the fetch [SES-26]',
  onStage(async (stage) => {
    const open: number[] = [];
    stage.server.setResource('/mms', (_, response) => {
      open.push(stage.server.openSockets());
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(mmsDocument()));
    });
    const device = await stage.start();
    const fetches = Array.from({ length: 40 }, () => ['HGET', `${stage.server.origin}/mms`, `${MMS}//`]);
    await device.run(...fetches);
    assert.is(open.length, 40);
    assert.ok(Math.max(...open) <= 2, String(open));
  }),
);

test(
  'a package that fits the read-ahead is read out before its fetch begins [SES-27]',
  onStage(async (stage) => {
    let answered = 0;
    stage.server.setResource('/mms', (_, response) => {
      answered = stage.server.openSockets();
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(mmsDocument()));
    });
    const device = await stage.start();
    const { code } = await device.converse([
      { package: { CMD: [['HGET', '{origin}/mms'], GET_ID] }, fault: { kind: 'noreason' } },
    ]);
    assert.is(code, '');
    // The server closed the connection of the package behind its body; only the fetch's is left.
    assert.is(answered, 1);
  }),
);

test(
  'a package much longer than every buffer, with fetches in it',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start();
    const group = [
      ['HGET', `${stage.server.origin}/mms`, `${MMS}//`],
      ...Array.from({ length: 40 }, () => ['GET', `${NAP}//`]),
    ];
    const codes = await device.codes(...group, ...group, ...group);
    const expected = [200, ...Array.from({ length: 40 }, () => 404)];
    assert.equal(codes, [...expected, ...expected, ...expected]);
    assert.is(stage.server.requests.length, 3);
  }),
);

test(
  'the idle time of a package does not run while one of its commands fetches [SES-25]',
  onStage(async (stage) => {
    const filler = 'x'.repeat(4000);
    stage.server.setResource('/mms', { document: mmsDocument(), fault: { kind: 'delay', ms: 400 } });
    const device = await stage.start({ limits: { idleTime: 150 } });
    const text = JSON.stringify({ CMD: [['HGET', '{origin}/mms'], GET_ID], filler });
    const { code, statuses } = await device.converse([{ text }]);
    assert.equal([code, statuses], ['', [[200, 200]]]);
  }),
);

test(
  'a command whose package comes on too slowly begins all the same',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const device = await stage.start({ limits: { readAheadTime: 100, idleTime: 200 } });
    const text = JSON.stringify({ CMD: [['HGET', `${stage.server.origin}/mms`], GET_ID] });
    const { code } = await device.converse([{ text, fault: { kind: 'stall', after: text.indexOf('],[') + 1 } }]);
    // The rest of the package never came.
    assert.is(code, 'TIMEOUT');
    assert.equal(stage.seen, ['#1', 'GET /mms']);
    assert.equal(device.client.local.instances(MMS), ['m1']);
  }),
);

test(
  'a failing command does not stop those behind it, and each status is in its place [PKG3-2 ST-1]',
  onStage(async (stage) => {
    stage.server.setResource('/broken', { text: '[{' });
    const device = await stage.start();
    const codes = await device.codes(
      ['GET', `${FOREIGN}//`],
      ['DEFAULT', 'https://cfg.example/mms', MMS],
      ['HGET', `${stage.server.origin}/broken`],
      ['GET', `${MMS}//`],
      ['DELETE', `${DEVINFO}//`],
      ['NONSENSE', 'a', 'b'],
      ['GET'],
      ['DEFAULT', 'https://cfg.example/ims', IMS],
      GET_ID,
    );
    assert.equal(codes, [403, 200, 502, 404, 405, 501, 400, 200, 200]);
    assert.equal(
      device.client.device.defaults.rows.map(({ fields: [moid] }) => moid),
      [MMS, IMS],
    );
  }),
);

test(
  'unknown members are skipped, whatever they hold, wherever they stand [PKG2-4 PKG2-7]',
  onStage(async (stage) => {
    const device = await stage.start();
    const junk = [
      '"a \\" ] } \\u00e9 \\ud83d\\ude00"',
      '-1.5e+300',
      '[[],{},[{"CMD":[["END"]]}]]',
      '{"CMD":[["END"]],"":null}',
      'false',
    ];
    for (const value of junk) {
      const text = `{"Before":${value},"CMD":[${JSON.stringify(GET_ID)}],"cmd":[["END"]],"CMDX":${value},"":${value}}`;
      const { code, statuses } = await device.converse([{ text }]);
      assert.equal([code, statuses], ['', [[200]]], value);
    }
  }),
);

test(
  'a member of any size is skipped [HTTP-25]',
  onStage(async (stage) => {
    const device = await stage.start();
    const text = `{"Note":"${'n'.repeat(300000)}","CMD":[${JSON.stringify(GET_ID)}],"More":[${'1,'.repeat(50000)}1]}`;
    const { code, statuses } = await device.converse([{ text }]);
    assert.equal([code, statuses], ['', [[200]]]);
  }),
);

test(
  'the commands of two CMD members run in their order [SES-13]',
  onStage(async (stage) => {
    const device = await stage.start();
    const first = [
      ['DEFAULT', 'https://cfg.example/', MMS],
      ['GET', `${NAP}//`],
    ];
    const text = `{"CMD":${JSON.stringify(first)},"X":1,"CMD":[],"CMD":[${JSON.stringify(GET_ID)}]}`;
    const { code, statuses } = await device.converse([{ text }]);
    assert.equal([code, statuses], ['', [[200, 404, 200]]]);
  }),
);

test(
  'white space and escapes anywhere [PKG2-5 PKG2-6]',
  onStage(async (stage) => {
    const device = await stage.start();
    const escaped = Array.from(`${DEVINFO}//DevID`, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
      '',
    );
    const text = ` \r\n\t{ "\\u0043MD" \n:\t[ [ "\\u0047ET" , "${escaped}" ] , \r\n ["\\u0045ND\\u0058"] ] } \n`;
    const { code, statuses } = await device.converse([{ text }]);
    assert.equal([code, statuses], ['', [[200, 501]]]);
  }),
);

test(
  'elements that are no commands get 400 in their place [CMD-1 PKG2-8 ST-400]',
  onStage(async (stage) => {
    const device = await stage.start();
    const elements = [
      '5',
      'null',
      'true',
      '"END"',
      '{"END":1}',
      '[]',
      '[5]',
      '["GET",5]',
      '["GET",["x"]]',
      '[["END"]]',
      '["END",null]',
    ];
    const text = `{"CMD":[${elements.join(',')},${JSON.stringify(GET_ID)}]}`;
    const { code, statuses } = await device.converse([{ text }]);
    assert.equal([code, statuses], ['', [[...elements.map(() => 400), 200]]]);
  }),
);

test(
  'a command longer than its limits gets 413, and the next one runs [ST-413]',
  onStage(async (stage) => {
    const device = await stage.start();
    const codes = await device.codes(
      ['GET', `${DEVINFO}//${'x'.repeat(5000)}`],
      ['GET', ...Array.from({ length: 30 }, () => `${DEVINFO}//DevID`)],
      ['X'.repeat(5000)],
      GET_ID,
    );
    assert.equal(codes, [413, 413, 413, 200]);
  }),
);

test(
  'many commands: the statuses of all of them',
  onStage(async (stage) => {
    const device = await stage.start({ bootstrap: bootstrapWith() });
    const commands = Array.from({ length: 3000 }, () => ['GET', `${NAP}//`]);
    assert.equal(await device.codes(...commands), Array(3000).fill(404));
  }),
);

test(
  'flash that fails a write: 500, nothing is changed, and the next command runs [ST-500]',
  onStage(async (stage) => {
    stage.server.setResource('/mms', { document: mmsDocument() });
    const flash = new MemoryFlash();
    const mo = [{ ClientURI: `${NAP}/a/`, MOData: { NAP: { Name: 'a' } } }];
    const device = await stage.start({ flash, bootstrap: bootstrapWith({ mo }) });
    const { state } = device;
    for (const command of [
      ['DEFAULT', 'https://cfg.example/', MMS],
      ['HGET', `${stage.server.origin}/mms`],
      ['HGET', `${stage.server.origin}/mms`, `${MMS}//`],
      ['DELETE', `${NAP}//Name`],
    ]) {
      flash.refusals.push(FlashResult.Failed);
      assert.equal(await device.codes(command, GET_ID), [500, 200], command.join(' '));
      assert.is(device.state, state, command.join(' '));
    }
  }),
);

test(
  'an alert in a Package#2 is none: it is skipped as any other member is [ALERT-4]',
  onStage(async (stage) => {
    const device = await stage.start();
    const Alert = [{ AlertType: 'urn:oma:at:dm:2.0:ServerInitiatedMgmt', Data: '1' }];
    const { code, statuses } = await device.converse([{ text: JSON.stringify({ Alert, CMD: [GET_ID] }) }]);
    assert.equal([code, statuses], ['', [[200]]]);
    assert.equal(stage.seen, ['#1', '#3 200']);
  }),
);

test.run();
