import type { Fault } from 'dmlet/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, IMS, MMS, mmsDocument, NAP, napDocument } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';

// PROTOCOL.md JIT-9, JIT-12 to JIT-17, JIT-26, JIT-29, PH-15, PH-21: the device itself needs configuration.
const test = suite('just in time');

const MMS_DEFAULT = ['DEFAULT', '{origin}/Settings/[MCC]/[MNC]/MMS', MMS];
const MMS_PATH = '/Settings/262/01/MMS';

function deviceFor(stage: Stage, ...cmd: string[][]): Promise<TestDevice> {
  return stage.start({ bootstrap: bootstrapWith({ cmd: cmd.length === 0 ? [MMS_DEFAULT] : cmd }) });
}

test(
  'an application asks, the device fetches, and no DM Server hears of it [CMD-DEFAULT-1 JIT-9 JIT-13 JIT-14 JIT-15]',
  onStage(async (stage) => {
    stage.server.setResource(MMS_PATH, { document: mmsDocument() });
    const device = await deviceFor(stage);
    assert.equal(await device.configure(MMS), { code: '', error: undefined, uris: [`${MMS}/m1/`] });
    assert.is(device.client.local.read(`${MMS}//Addr`), 'http://mmsc.example/');
    assert.equal(stage.seen, [`GET ${MMS_PATH}`]);
    assert.equal(device.log.about('finished'), [`finished configuration ${MMS} ok`]);
    await device.idle();
    assert.equal(stage.server.packages, []);
  }),
);

test(
  'the network camped on may be another one than the SIM\u2019s [PH-16]',
  onStage(async (stage) => {
    stage.server.setResource('/Settings/208/10/RCS', {
      document: [{ ClientURI: `${IMS}//`, MOData: { IMS: { A: 1 } } }],
    });
    const device = await deviceFor(stage, ['DEFAULT', '{origin}/Settings/[CMCC]/[CMNC]/RCS', IMS]);
    assert.equal((await device.configure(IMS)).uris, [`${IMS}/m1/`]);
  }),
);

test(
  'the request is the same as HGET\u2019s [JIT-12]',
  onStage(async (stage) => {
    stage.server.setResource('/doc', { document: mmsDocument() });
    const device = await deviceFor(stage, ['DEFAULT', '{origin}/doc', MMS]);
    await device.configure(MMS);
    await device.codes(['HGET', `${stage.server.origin}/doc`, `${MMS}//`]);
    const [first, second] = stage.server.requests;
    assert.equal([first.method, first.path, first.headers], [second.method, second.path, second.headers]);
  }),
);

test(
  'one document may bring several objects, and all their addresses are told [JIT-15 JIT-20]',
  onStage(async (stage) => {
    stage.server.setResource(MMS_PATH, {
      document: [...napDocument(), ...mmsDocument(), ...napDocument({ NapId: 'n2' })],
    });
    const device = await deviceFor(stage);
    assert.equal((await device.configure(MMS)).uris, [`${NAP}/m1/`, `${MMS}/m1/`, `${NAP}/m2/`]);
    assert.is(device.client.local.read(`${NAP}/m2/NapId`), 'n2');
  }),
);

test(
  'what is there is replaced',
  onStage(async (stage) => {
    stage.server.setResource(MMS_PATH, { document: mmsDocument({ Name: 'first', Old: 1 }) });
    const device = await deviceFor(stage);
    await device.configure(MMS);
    stage.server.setResource(MMS_PATH, { document: mmsDocument({ Name: 'second' }) });
    assert.equal((await device.configure(MMS)).uris, [`${MMS}/m1/`]);
    assert.equal(device.client.local.list(`${MMS}/m1/`), ['Name']);
    assert.is(device.client.local.read(`${MMS}/m1/Name`), 'second');
  }),
);

test(
  'requests for one MOID that overlap share one fetch; each gets its answer [JIT-17]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    let late: Promise<unknown> | undefined;
    stage.server.setResource(MMS_PATH, (_, response) => {
      late = device.configure(MMS);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(mmsDocument()));
    });
    const answers = await Promise.all([device.configure(MMS), device.configure(MMS)]);
    const expected = { code: '', error: undefined, uris: [`${MMS}/m1/`] };
    assert.equal([...answers, await late], [expected, expected, expected]);
    assert.equal(stage.seen, [`GET ${MMS_PATH}`]);
    await device.configure(MMS);
    assert.is(stage.server.requests.length, 2);
  }),
);

test(
  'requests for several MOIDs are served one after the other, in their order',
  onStage(async (stage) => {
    let running = 0;
    for (const [path, document] of [
      ['/mms', mmsDocument()],
      ['/nap', napDocument()],
    ] as const) {
      stage.server.setResource(path, (_, response) => {
        running += 1;
        assert.is(running, 1);
        response.setHeader('Content-Type', 'application/json');
        setTimeout(() => {
          running -= 1;
          response.end(JSON.stringify(document));
        }, 3);
      });
    }
    const device = await deviceFor(stage, ['DEFAULT', '{origin}/mms', MMS], ['DEFAULT', '{origin}/nap', NAP]);
    const answers = await Promise.all([device.configure(NAP), device.configure(MMS)]);
    assert.equal(
      answers.map(({ uris }) => uris),
      [[`${NAP}/m1/`], [`${MMS}/m1/`]],
    );
    assert.equal(stage.seen, ['GET /nap', 'GET /mms']);
  }),
);

test(
  'a MOID without DEFAULT fails at once, and nothing is sent [JIT-16 ST-5]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    let answered = false;
    const answer = device.configure(NAP).then((result) => {
      answered = true;
      return result;
    });
    assert.is(answered, false);
    const { code, error, uris } = await answer;
    assert.equal([code, error?.status, uris], ['NO_DEFAULT', 0, []]);
    assert.match(String(error?.message), NAP);
    assert.equal(stage.seen, []);
  }),
);

test(
  'a placeholder without a value now is an error that says which; later the request succeeds [PH-18 PH-21]',
  onStage(async (stage) => {
    stage.server.setResource(MMS_PATH, { document: mmsDocument() });
    const device = await deviceFor(stage);
    device.identity.MNC = '';
    const { code, error, uris } = await device.configure(MMS);
    assert.equal([code, uris, error?.transient], ['NO_VALUE', [], true]);
    assert.match(String(error?.message), /MNC/);
    assert.equal(stage.seen, []);
    device.identity.MNC = '01';
    assert.is((await device.configure(MMS)).code, '');
  }),
);

test(
  'a placeholder that is unknown by now is an error too: what was allowed once is not allowed any more [PH-21]',
  onStage(async (stage) => {
    const bootstrap = bootstrapWith({ cmd: [['DEFAULT', '{origin}/[IMSI]', MMS]] });
    const device = await stage.start({ bootstrap, allowPersonal: true, identity: { IMSI: '26201' } });
    const again = await stage.restart(device, { allowPersonal: false });
    const { code, uris } = await again.configure(MMS);
    assert.equal([code, uris], ['UNKNOWN_PLACEHOLDER', []]);
    assert.equal(stage.seen, []);
  }),
);

test(
  'MNC keeps its zeros and its digits [PH-15]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    for (const MNC of ['01', '001', '10', '410', '000']) {
      stage.server.setResource(`/Settings/262/${MNC}/MMS`, { document: mmsDocument({ Name: MNC }) });
      device.identity.MNC = MNC;
      await device.configure(MMS);
      assert.is(device.client.local.read(`${MMS}//Name`), MNC);
    }
  }),
);

test(
  'a document without an object of that MOID is NOT_PROVIDED, and refused as a whole [JIT-29]',
  onStage(async (stage) => {
    stage.server.setResource(MMS_PATH, { document: napDocument() });
    const device = await deviceFor(stage);
    const { state } = device;
    assert.equal(await device.configure(MMS).then(({ code, uris }) => [code, uris]), ['NOT_PROVIDED', []]);
    assert.is(device.state, state);
    // The MOID is compared as a whole.
    stage.server.setResource(MMS_PATH, { document: [{ ClientURI: `${MMS}0//`, MOData: { MMS: { A: 1 } } }] });
    assert.is((await device.configure(MMS)).code, 'FORBIDDEN');
    assert.is(device.state, state);
  }),
);

/** Faults, and the codes that the application gets. */
const FAULTS: [Fault, string, number][] = [
  [{ kind: 'close', after: -1 }, 'CUT_SHORT', 502],
  [{ kind: 'close', after: 9 }, 'CUT_SHORT', 502],
  [{ kind: 'length', by: 9 }, 'CUT_SHORT', 502],
  [{ kind: 'status', status: 204 }, 'BAD_MO', 502],
  [{ kind: 'status', status: 404 }, 'HTTP_STATUS', 404],
  [{ kind: 'status', status: 429, retryAfter: 30 }, 'HTTP_STATUS', 429],
  [{ kind: 'status', status: 500 }, 'HTTP_STATUS', 500],
  [{ kind: 'redirect', status: 302, to: '/Settings/262/01/MMS' }, 'HTTP_STATUS', 302],
  [{ kind: 'type', type: 'text/plain' }, 'BAD_TYPE', 415],
  [{ kind: 'broken', at: 12 }, 'BAD_JSON', 502],
  [{ kind: 'broken', at: 4, byte: 0xc0 }, 'BAD_UTF8', 502],
  [{ kind: 'truncated', at: 40 }, 'CUT_SHORT', 502],
  [{ kind: 'garbage', text: 'no HTTP\r\n' }, 'BAD_HTTP', 502],
  [{ kind: 'headers', count: 99, size: 999 }, 'BAD_HTTP', 502],
  [{ kind: 'stall', after: 9 }, 'TIMEOUT', 408],
];

/** A device's state but for the next try of the fetch. */
function withoutRetry(state: string): string {
  return state.replace(`["due","jit","${MMS}",""]\n`, '').replace(/^due: \d$/m, '');
}

for (const [fault, code, status] of FAULTS) {
  test(
    `${JSON.stringify(fault)}: ${code}, and the last good configuration stays [JIT-15 JIT-26]`,
    onStage(async (stage) => {
      const idleTime = fault.kind === 'stall' ? 200 : 60000;
      stage.server.setResource(MMS_PATH, { document: mmsDocument({ Name: 'good' }), etag: null });
      const device = await stage.start({
        bootstrap: bootstrapWith({ cmd: [MMS_DEFAULT] }),
        limits: { idleTime },
        random: 0.99,
      });
      await device.configure(MMS);
      const before = withoutRetry(device.state);
      stage.server.setResource(MMS_PATH, { document: mmsDocument({ Name: 'bad' }), etag: null, fault });
      const { code: actual, error, uris } = await device.configure(MMS);
      assert.equal([actual, error?.status, uris], [code, status, []]);
      assert.is(withoutRetry(device.state), before);
      assert.is(device.client.dueCount, error?.transient ? 1 : 0, 'a next try');
      assert.equal(stage.server.packages, []);
      assert.is((await stage.restart(device)).durable, device.durable);
    }),
  );
}

test(
  'the time that the server asks to wait is told',
  onStage(async (stage) => {
    for (const [retryAfter, expected] of [
      ['120', 120],
      ['0', 0],
      ['soon', -1],
    ] as const) {
      const device = await deviceFor(stage);
      stage.server.setResource(MMS_PATH, { fault: { kind: 'status', status: 503, retryAfter } });
      assert.is((await device.configure(MMS)).error?.retryAfter, expected);
    }
  }),
);

test(
  'a callback that throws disturbs nobody',
  onStage(async (stage) => {
    stage.server.setResource(MMS_PATH, { document: mmsDocument() });
    const device = await deviceFor(stage);
    device.client.requestConfiguration(MMS, () => {
      throw new Error('application');
    });
    assert.is((await device.configure(MMS)).code, '');
    assert.is(await device.session(), undefined);
    assert.equal(device.log.about('note'), ['note INTERNAL callback: Error: application']);
  }),
);

test(
  'more MOIDs than may wait at once: BUSY, for the one too many only',
  onStage(async (stage) => {
    stage.server.setResource('/a', { document: mmsDocument() });
    const cmd = [MMS, NAP, IMS].map((moid) => ['DEFAULT', '{origin}/a', moid]);
    const device = await stage.start({ bootstrap: bootstrapWith({ cmd }), limits: { requests: 2 } });
    const codes = await Promise.all(
      [MMS, NAP, IMS, MMS].map((moid) => device.configure(moid).then(({ code }) => code)),
    );
    assert.equal(codes, ['', 'NOT_PROVIDED', 'BUSY', '']);
  }),
);

test(
  'nothing is fetched unless somebody asks [JIT-11]',
  onStage(async (stage) => {
    const device = await deviceFor(stage);
    await device.codes(['DEFAULT', `${stage.server.origin}/new`, NAP], ['GET', `${DEVINFO}//DevID`]);
    await device.idle();
    assert.equal(stage.server.requests, []);
  }),
);

test.run();
