import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md SES-24, SES-28: what becomes of a package while one of its commands fetches.
const test = suite('held package');

const MO = 'application/vnd.oma.dm.mo+json';
const REQUEST = 'application/vnd.oma.dm.request+json';

/** More than all buffers between two sockets of one machine. */
const HUGE = 32 << 20;

/** A device whose server answers a Package#1 by `answer`, and a Package#3 with END. `replies` gets what it is sent. */
async function deviceFor(
  stage: Stage,
  limits: { readAheadTime?: number },
  answer: (response: ServerResponse) => void,
): Promise<{ device: TestDevice; replies: string[] }> {
  const replies: string[] = [];
  stage.server.setResource('/dm-server', (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('Content-Type', REQUEST);
      const isFirst = body.includes('ClientInitiatedMgmt');
      if (!isFirst) replies.push(body);
      if (isFirst) answer(response);
      else response.end('{"CMD":[["END"]]}');
    });
  });
  const device = await stage.start({
    bootstrap: bootstrapWith({ account: { srvUri: '{origin}/dm-server' } }),
    limits,
  });
  replies.length = 0;
  return { device, replies };
}

test(
  'while a command fetches, its package is held back, however much of it the server would send [SES-24]',
  onStage(async (stage) => {
    let isOut = false;
    let outBeforeEnd = true;
    const { device, replies } = await deviceFor(stage, {}, (response) => {
      const command = ['HGET', `${stage.server.origin}/mms`, `${MMS}//`];
      response.end(`{"CMD":[${JSON.stringify(command)}],"Note":"${'n'.repeat(HUGE)}"}`, () => {
        isOut = true;
      });
    });
    stage.server.setResource('/mms', (_, response) => {
      setTimeout(() => {
        outBeforeEnd = isOut;
        response.setHeader('Content-Type', MO).end(JSON.stringify(mmsDocument()));
      }, 300);
    });
    assert.is(await device.session(), undefined);
    assert.equal([outBeforeEnd, isOut], [false, true]);
    assert.equal(replies, ['{"Status":[{"sc":200}]}']);
  }),
);

test(
  'a command begins though the rest of its package stays away, and the rest is read when it comes [SES-28]',
  onStage(async (stage) => {
    let rest = (): void => {};
    const { device, replies } = await deviceFor(stage, { readAheadTime: 100 }, (response) => {
      response.write(`{"CMD":[["HGET","${stage.server.origin}/mms","${MMS}//"]`);
      rest = () => response.end(`,["GET","${DEVINFO}//Nothing"]]}`);
    });
    // The rest comes once the command has begun, and not before.
    stage.server.setResource('/mms', (_, response) => {
      rest();
      response.setHeader('Content-Type', MO).end(JSON.stringify(mmsDocument()));
    });
    assert.is(await device.session(), undefined);
    assert.equal(replies, ['{"Status":[{"sc":200},{"sc":404}]}']);
  }),
);

test.run();
