import type { ResourceHandler } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, MMS, mmsDocument, NAP, napDocument } from '../support/device-bootstrap.js';
import { type Configuration, onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md JIT-18, SES-12: requests for configuration while a session runs.
const test = suite('just in time: beside a session');

const GET_ID = ['GET', `${DEVINFO}//DevID`];
const CMD = [['DEFAULT', '{origin}/jit', MMS]];

function answerWith(document: unknown, before: () => void): ResourceHandler {
  return (_, response) => {
    before();
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(document));
  };
}

/** A device with a DEFAULT for MMS; its configuration is at /jit. */
async function deviceFor(stage: Stage): Promise<TestDevice> {
  stage.server.setResource('/jit', { document: mmsDocument() });
  return stage.start({ bootstrap: bootstrapWith({ cmd: CMD }) });
}

test(
  'a request while a command fetches is served between that command and the next [JIT-18]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    let asked: Promise<Configuration> | undefined;
    stage.server.setResource(
      '/a',
      answerWith(napDocument(), () => {
        asked = device.configure(MMS);
      }),
    );
    stage.server.setResource('/b', { document: napDocument() });
    const origin = stage.server.origin;
    assert.equal(await device.codes(['HGET', `${origin}/a`], ['HGET', `${origin}/b`], GET_ID), [200, 200, 200]);
    assert.equal(stage.seen, ['#1', 'GET /a', 'GET /jit', 'GET /b', '#3 200 200 200']);
    assert.equal(await asked, { code: '', error: undefined, uris: [`${MMS}/m1/`] });
  }),
);

test(
  'a request that is made between two commands is served there, before the next one [JIT-18]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const told: string[] = [];
    const { log } = device;
    const command = log.command.bind(log);
    log.command = (source, name, parameters, status) => {
      command(source, name, parameters, status);
      told.push(name);
      if (told.length === 1) device.client.requestConfiguration(MMS, () => told.push('configured'));
    };
    assert.equal(await device.codes(GET_ID, ['DEFAULT', 'https://cfg.example/', NAP], GET_ID), [200, 200, 200]);
    assert.equal(told, ['GET', 'configured', 'DEFAULT', 'GET', 'END']);
    assert.equal(stage.seen, ['#1', 'GET /jit', '#3 200 200 200']);
  }),
);

test(
  'several requests are served one after the other, in the same gap',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    await device.codes(['DEFAULT', `${stage.server.origin}/jit2`, NAP]);
    stage.server.setResource('/jit2', { document: napDocument() });
    stage.forget(device);
    const asked: Promise<Configuration>[] = [];
    const document = [{ ClientURI: `${MMS}//`, MOData: { MMS: { Name: 'from the command' } } }];
    stage.server.setResource(
      '/a',
      answerWith(document, () => asked.push(device.configure(NAP), device.configure(MMS))),
    );
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/a`], GET_ID), [200, 200]);
    const answers = await Promise.all(asked);
    assert.equal(
      answers.map(({ code }) => code),
      ['', ''],
    );
    assert.equal(stage.seen.slice(0, 3), ['#1', 'GET /a', 'GET /jit2']);
    assert.equal(
      stage.seen.filter((line) => line.startsWith('GET')),
      ['GET /a', 'GET /jit2', 'GET /jit'],
    );
  }),
);

test(
  'a request that fails does not disturb the session',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    let asked: Promise<Configuration> | undefined;
    stage.server.setResource('/jit', { fault: { kind: 'close', after: -1 } });
    stage.server.setResource(
      '/a',
      answerWith(napDocument(), () => {
        asked = device.configure(MMS);
      }),
    );
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/a`], GET_ID), [200, 200]);
    assert.is((await asked)?.code, 'CUT_SHORT');
  }),
);

test(
  'a request that cannot even be made does not disturb the session',
  onStage(async (stage) => {
    stage.server.setResource('/a', { document: napDocument() });
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd: [['DEFAULT', '{origin}/[SwV]', MMS]] }) });
    let asked: Promise<Configuration> | undefined;
    stage.server.setResource(
      '/a',
      answerWith(napDocument(), () => {
        asked = device.configure(MMS);
      }),
    );
    assert.equal(await device.codes(['HGET', `${stage.server.origin}/a`], GET_ID), [200, 200]);
    assert.is((await asked)?.code, 'NO_VALUE');
  }),
);

test(
  'a request while the session waits for its server is served at the next gap',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { log } = device;
    let asked: Promise<Configuration> | undefined;
    log.package = (number) => {
      if (number === 1) asked = device.configure(MMS);
    };
    assert.equal(await device.codes(GET_ID, GET_ID), [200, 200]);
    assert.is((await asked)?.code, '');
    assert.equal(stage.seen, ['#1', 'GET /jit', '#3 200 200']);
  }),
);

test(
  'a request between two packages is served when the next one comes, also where that has no commands',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const { log } = device;
    let asked: Promise<Configuration> | undefined;
    log.package = (number) => {
      if (number === 3) asked = device.configure(MMS);
    };
    await device.converse([{ CMD: [] }]);
    assert.is((await asked)?.code, '');
    assert.equal(stage.seen, ['#1', '#3', 'GET /jit']);
  }),
);

test(
  'a request and a session asked for together: the configuration comes first',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const [error, { code }] = await Promise.all([device.session(), device.configure(MMS)]);
    assert.equal([error, code], [undefined, '']);
    assert.equal(stage.seen, ['GET /jit', '#1']);
  }),
);

test(
  'a DEFAULT of the session is used for a request behind it',
  onStage(async (stage) => {
    const device = await stage.start();
    let asked: Promise<Configuration> | undefined;
    stage.server.setResource('/jit', { document: mmsDocument() });
    stage.server.setResource(
      '/a',
      answerWith(napDocument(), () => {
        asked = device.configure(MMS);
      }),
    );
    const origin = stage.server.origin;
    assert.equal(
      await device.codes(['DEFAULT', `${origin}/jit`, MMS], ['HGET', `${origin}/a`], GET_ID),
      [200, 200, 200],
    );
    assert.is((await asked)?.code, '');
    assert.equal(stage.seen, ['#1', 'GET /a', 'GET /jit', '#3 200 200 200']);
  }),
);

test(
  'a callback may ask again, and open a session',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      device.client.requestConfiguration(MMS, () => {
        order.push('first');
        device.client.requestConfiguration(MMS, () => order.push('second'));
        device.client.openSession('', () => {
          order.push('session');
          resolve();
        });
      });
    });
    assert.equal(order, ['first', 'second', 'session']);
    assert.equal(stage.seen, ['GET /jit', 'GET /jit', '#1']);
  }),
);

test(
  'no package of the session tells of the request [JIT-14]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    stage.server.setResource(
      '/a',
      answerWith(napDocument(), () => void device.configure(MMS)),
    );
    await device.codes(['HGET', `${stage.server.origin}/a`], GET_ID);
    assert.not.match(JSON.stringify(stage.server.packages.map(({ text }) => text)), /mms|jit/);
    assert.is(stage.server.packages.length, 2);
  }),
);

test.run();
